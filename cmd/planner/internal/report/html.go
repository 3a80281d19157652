package report

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

// HTML writes the pack as one page that needs nothing else: charts and style
// are in it, there is no script, and its policy forbids any request.
func (p *Pack) HTML(w io.Writer) error {
	if err := page.ExecuteTemplate(w, "report.html.tmpl", p.document()); err != nil {
		return fmt.Errorf("writing HTML: %w", err)
	}
	return nil
}

var page = template.Must(template.New("").Funcs(template.FuncMap{
	"style":  style,
	"source": func(svg []byte) template.URL { return template.URL(dataURL(svg)) },
	"srcset": func(svg []byte) template.Srcset { return template.Srcset(dataURL(svg)) },
}).ParseFS(templates, "templates/*.html.tmpl"))

// dataURL holds a chart drawn here, in which all that users wrote is escaped.
func dataURL(svg []byte) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
}

func style() (template.CSS, error) {
	sheet, err := templates.ReadFile("templates/report.css")
	if err != nil {
		return "", fmt.Errorf("reading the style: %w", err)
	}
	return template.CSS(sheet), nil
}
