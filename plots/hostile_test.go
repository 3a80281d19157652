package plots

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
)

// Names and titles that break layouts.
var (
	longWords = "a lane for every zone, with twice the servers, a token bucket in front of the relaunches and urgent-first order"
	oneWord   = strings.Repeat("servers", 30)
	cjk       = "設計三：每區一條車道"
	markup    = `<script>alert("x")</script> & **bold** _x_ | y`
)

// hostileNames are n names: long, empty, equal, undrawable.
func hostileNames(n int) []string {
	pool := []string{"A", longWords, cjk, oneWord, "", markup, longWords, "שרת", "e\u0301tat", "line\nbreak\ttab", "名\u200b", "D1"}
	names := make([]string, n)
	for i := range names {
		names[i] = pool[i%len(pool)]
	}
	return names
}

// frames are the surroundings to try each chart in.
func frames() map[string]Frame {
	return map[string]Frame{
		"bare":  {},
		"plain": {Title: "One finding", Subtitle: "and what is drawn", Footer: "scenario, seed 1"},
		"long": {Title: strings.Repeat(longWords+" ", 3), Subtitle: oneWord + " " + longWords, Footer: strings.Repeat(longWords, 5),
			Theme: Theme{Mode: Dark}},
		"slide": {Title: cjk + ": " + longWords, Footer: oneWord, Theme: Theme{Medium: Slide}},
	}
}

// middling tells that a chart differs from its neighbours only in the number of
// names, for tests that draw: twelve will do there.
func middling(name string) bool {
	i := strings.LastIndex(name, " of ")
	return i >= 0 && len(name) == i+5 && name[i+4] != 'L'
}

// hostile are the charts to try, by name; each file of a chart adds its own.
var hostile = map[string]func(Frame) chart{}

// TestNothingIsClippedOrOverlaps lays out every hostile chart in every frame and
// holds each text's measured rectangle against the page and the other texts.
func TestNothingIsClippedOrOverlaps(t *testing.T) {
	for name, build := range hostile {
		for frame, f := range frames() {
			t.Run(name+"/"+frame, func(t *testing.T) {
				c := build(f)
				if err := c.check(); err != nil {
					t.Fatal(err)
				}
				p := compose(c)
				p.drawOn(new(recorder.Canvas))
				page := vg.Rectangle{Max: vg.Point{X: p.width, Y: p.height}}
				for i, a := range p.placed {
					if a.Min.X < 1 || a.Min.Y < 1 || a.Max.X > page.Max.X-1 || a.Max.Y > page.Max.Y-1 {
						t.Errorf("%q is clipped: %v on %v", a.text, a.Rectangle, page.Max)
					}
					for _, b := range p.placed[:i] {
						if overlap(a.Rectangle, b.Rectangle) {
							t.Errorf("%q at %v overlaps %q at %v", a.text, a.Rectangle, b.text, b.Rectangle)
						}
					}
					if !hasGlyphs(a.text) {
						t.Errorf("%q has no glyphs", a.text)
					}
				}
				if p.height > 3*p.width || p.height < p.width/6 {
					t.Errorf("page is %v high and %v wide", p.height, p.width)
				}
			})
		}
	}
}

func overlap(a, b vg.Rectangle) bool {
	const slack = 0.2 // points
	return a.Min.X < b.Max.X-slack && b.Min.X < a.Max.X-slack && a.Min.Y < b.Max.Y-slack && b.Min.Y < a.Max.Y-slack
}

// TestBorderStaysBlank renders every hostile chart and looks for ink on the
// outermost dots, where anything that is clipped would leave some.
func TestBorderStaysBlank(t *testing.T) {
	for name, build := range hostile {
		if middling(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f := frames()["long"]
			var raw bytes.Buffer
			if err := save(&raw, PNG, build(f)); err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(&raw)
			if err != nil {
				t.Fatal(err)
			}
			ground, b := newStyle(f.Theme).ground, img.Bounds()
			const rim = 8
			blank := func(x, y int) {
				if toRGBA(img.At(x, y)) != ground {
					t.Fatalf("ink at %d,%d of %v", x, y, b.Max)
				}
			}
			for i := range rim {
				for x := range b.Dx() {
					blank(x, i)
					blank(x, b.Dy()-1-i)
				}
				for y := range b.Dy() {
					blank(i, y)
					blank(b.Dx()-1-i, y)
				}
			}
		})
	}
}

// TestFormats writes every hostile chart in all formats, twice: the bytes are
// the same, and no clock is in them.
func TestFormats(t *testing.T) {
	for name, build := range hostile {
		for _, f := range []Format{PNG, SVG, PDF} {
			if middling(name) || strings.Contains(name, "million") && f != SVG {
				continue // the points are thinned before the format matters
			}
			t.Run(name+"."+string(f), func(t *testing.T) {
				var a, b bytes.Buffer
				if err := firstError(save(&a, f, build(frames()["plain"])), save(&b, f, build(frames()["plain"]))); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(a.Bytes(), b.Bytes()) {
					t.Error("two renderings differ")
				}
				if a.Len() > 2<<20 {
					t.Errorf("%d bytes", a.Len())
				}
			})
		}
	}
}

// TestWords looks at the alternative text and the caption of every hostile
// chart: something is said, nothing is NaN, and undrawable names are spelt out.
func TestWords(t *testing.T) {
	for name, build := range hostile {
		t.Run(name, func(t *testing.T) {
			c := build(frames()["plain"])
			alt := c.AltText()
			if !strings.HasPrefix(alt, "One finding. ") || strings.Contains(alt, "NaN") || strings.Contains(alt, "%!") || strings.ContainsAny(alt, "\n\t") {
				t.Errorf("alt text %q", alt)
			}
			for _, n := range c.names() {
				if n == cjk && !strings.Contains(caption(c), cjk) {
					t.Errorf("caption %q lacks %q", caption(c), cjk)
				}
			}
		})
	}
}

// nanCase is a chart with one bad value and the field that the error names.
type nanCase struct {
	field string
	chart chart
}

// refused are charts that must not be drawn; each file of a chart adds its own.
var refused []nanCase

// TestBadValuesAreRefused checks that errors are typed and name the field.
func TestBadValuesAreRefused(t *testing.T) {
	for i, c := range refused {
		t.Run(fmt.Sprintf("%T%d", c.chart, i), func(t *testing.T) {
			err := save(new(bytes.Buffer), PNG, c.chart)
			var value *ValueError
			var length *LengthError
			switch {
			case c.field == "" && !errors.Is(err, ErrEmpty):
				t.Errorf("got %v, want %v", err, ErrEmpty)
			case c.field == "":
			case errors.As(err, &value):
				if value.Field != c.field {
					t.Errorf("error names %s, want %s", value.Field, c.field)
				}
			case errors.As(err, &length):
				if length.Field != c.field {
					t.Errorf("error names %s, want %s", length.Field, c.field)
				}
			default:
				t.Errorf("got %v, want an error about %s", err, c.field)
			}
			if caption(c.chart) != "" {
				t.Error("a chart that cannot be drawn has a caption")
			}
		})
	}
}

func TestUnknownFormat(t *testing.T) {
	var want *FormatError
	if err := (Backlog{}).Save(new(bytes.Buffer), "gif"); !errors.As(err, &want) || want.Format != "gif" {
		t.Errorf("got %v", err)
	}
}

// ramp is n values from 0 up to top.
func ramp(n int, top float64) []float64 {
	vs := make([]float64, n)
	for i := range vs {
		vs[i] = top * float64(i) / math.Max(1, float64(n-1))
	}
	return vs
}

// flat is n times v.
func flat(n int, v float64) []float64 {
	vs := make([]float64, n)
	for i := range vs {
		vs[i] = v
	}
	return vs
}

var inf, nan = math.Inf(1), math.NaN()
