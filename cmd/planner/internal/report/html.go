package report

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
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
	"keys":   keys,
	"words":  words,
	"bound":  bound,
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

// words are a command's, with the spaces between them: a line may end at a
// space, but not within --replications.
func words(command string) []string {
	var all []string
	for i, w := range strings.Split(command, " ") {
		if i > 0 {
			all = append(all, " ")
		}
		all = append(all, w)
	}
	return all
}

// segment is what a line holds whole of a key such as
// streams.relaunches.mean_delay.
var segment = regexp.MustCompile(`[^._]+[._]*|[._]+`)

func keys(code string) []string {
	var all []string
	for _, w := range words(code) {
		all = append(all, segment.FindAllString(w, -1)...)
	}
	return all
}

// quantity is a number with its unit, of which a time may have two.
var quantity = regexp.MustCompile(`\d (?:%|ms|s|min|h|d)(?: \d+ (?:s|min|h))?(?:[^\pL\d]|$)`)

// bound keeps numbers with their units in one line.
func bound(text string) string {
	return quantity.ReplaceAllStringFunc(text, func(q string) string {
		inside := strings.TrimRight(q, " ")
		return strings.ReplaceAll(inside, " ", "\u00a0") + q[len(inside):]
	})
}
