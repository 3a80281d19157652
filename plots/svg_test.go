package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestSVG reads every hostile chart's SVG as XML: it is well formed, names and
// describes itself, and states the width of each text.
func TestSVG(t *testing.T) {
	for name, build := range hostile {
		if middling(name) || strings.Contains(name, "million") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var raw bytes.Buffer
			c := build(frames()["plain"])
			if err := save(&raw, SVG, c); err != nil {
				t.Fatal(err)
			}
			var title, desc string
			d := xml.NewDecoder(&raw)
			for {
				token, err := d.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				start, ok := token.(xml.StartElement)
				if !ok {
					continue
				}
				switch start.Name.Local {
				case "title":
					err = d.DecodeElement(&title, &start)
				case "desc":
					err = d.DecodeElement(&desc, &start)
				case "script":
					t.Error("a script came out of a name")
				case "text":
					if start.Attr[0].Name.Local != "textLength" {
						t.Errorf("a text without its width: %v", start.Attr)
					}
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if title != "One finding" || desc != c.AltText() {
				t.Errorf("title %q, description %q, want %q", title, desc, c.AltText())
			}
		})
	}
}
