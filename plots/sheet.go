package plots

import (
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sheet is the page a chart is drawn on. All text goes through it, so that it
// knows where each piece stands and what could not be written in full.
type sheet struct {
	draw.Canvas
	*style
	outlines bool           // fill glyphs as paths
	keys     map[string]int // names that get a key, by their place in the chart
	notes    []string       // the caption
	placed   []placed
	err      error // the first failure to set a text
}

// placed is a text and the rectangle it covers, baseline to capitals.
type placed struct {
	vg.Rectangle
	text string
}

// anchor is the point of a text that stands at a given place.
type anchor struct{ x, y float64 } // 0: left or baseline, 1: right or top

// Anchors by the side of the text that is held.
var (
	fromLeft   = anchor{0, 0}
	midLeft    = anchor{0, 0.5}
	midCentred = anchor{0.5, 0.5}
	midRight   = anchor{1, 0.5}
	topCentred = anchor{0.5, 1}
)

// extent is the rectangle that txt covers when set at pt.
func extent(f font.Face, pt vg.Point, a anchor, txt string) vg.Rectangle {
	w, h := f.Width(txt), f.Font.Size*capHeight
	at := vg.Point{X: pt.X - vg.Length(a.x)*w, Y: pt.Y - vg.Length(a.y)*h}
	return vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: w, Y: h})}
}

// write sets one line of text.
func (sh *sheet) write(f font.Face, c color.Color, pt vg.Point, a anchor, txt string) {
	if txt == "" {
		return
	}
	r := extent(f, pt, a, txt)
	sh.placed = append(sh.placed, placed{r, txt})
	sh.SetColor(c)
	if !sh.outlines {
		sh.FillString(f, r.Min, txt)
		return
	}
	path, err := outline(f, r.Min, txt)
	if err != nil && sh.err == nil {
		sh.err = err
	}
	if len(path) > 0 {
		sh.Fill(path)
	}
}

// writeLines sets lines downwards; pt is the top left corner of the first. It
// returns the y below the last.
func (sh *sheet) writeLines(f font.Face, c color.Color, pt vg.Point, lines []string) vg.Length {
	for _, l := range lines {
		sh.write(f, c, pt.Sub(vg.Point{Y: f.Font.Size * capHeight}), fromLeft, l)
		pt.Y -= f.Font.Size * lineHeight
	}
	return pt.Y
}

// linesHeight is the height that writeLines takes for n lines.
func linesHeight(f font.Face, n int) vg.Length { return vg.Length(n) * f.Font.Size * lineHeight }

// strokeIn draws a line, clipped to area.
func (sh *sheet) strokeIn(area vg.Rectangle, sty draw.LineStyle, pts ...vg.Point) {
	c := draw.Canvas{Canvas: sh.Canvas.Canvas, Rectangle: area}
	for _, line := range c.ClipLinesXY(pts) {
		for len(line) > longestStroke {
			c.StrokeLines(sty, line[:longestStroke])
			line = line[longestStroke-1:]
		}
		c.StrokeLines(sty, line)
	}
}

// longestStroke is how many points are stroked at once: the rasteriser's time
// grows with the square of the crossings of a row.
const longestStroke = 200

// rule draws a straight line.
func (sh *sheet) rule(sty draw.LineStyle, from, to vg.Point) {
	sh.StrokeLine2(sty, from.X, from.Y, to.X, to.Y)
}

// fillIn fills a polygon, clipped to area.
func (sh *sheet) fillIn(area vg.Rectangle, c color.Color, pts []vg.Point) {
	clip := draw.Canvas{Canvas: sh.Canvas.Canvas, Rectangle: area}
	sh.FillPolygon(c, clip.ClipPolygonXY(pts))
}

// fillRect fills a rectangle.
func (sh *sheet) fillRect(c color.Color, r vg.Rectangle) {
	sh.SetColor(c)
	sh.Fill(r.Path())
}

// dot draws a filled circle with a rim of the ground, so that it stands out
// from lines below it.
func (sh *sheet) dot(c color.Color, pt vg.Point, radius vg.Length) {
	sh.DrawGlyphNoClip(draw.GlyphStyle{Color: sh.ground, Radius: radius + sh.hair, Shape: draw.CircleGlyph{}}, pt)
	sh.DrawGlyphNoClip(draw.GlyphStyle{Color: c, Radius: radius, Shape: draw.CircleGlyph{}}, pt)
}

// note adds a line to the caption, once.
func (sh *sheet) note(line string) {
	if !slices.Contains(sh.notes, line) {
		sh.notes = append(sh.notes, line)
	}
}

// prose makes a caller's text fit to be set: one line, names that have a key
// replaced by it, and an empty box for other runes without a glyph. What is
// lost stands in the caption.
func (sh *sheet) prose(txt string) string {
	txt = oneLine(txt)
	if hasGlyphs(txt) {
		return txt
	}
	out := txt
	for _, name := range sh.undrawable() {
		out = strings.ReplaceAll(out, name, key(sh.keys[name]))
	}
	if hasGlyphs(out) {
		return out
	}
	sh.note(txt)
	return strings.Map(func(r rune) rune {
		if hasGlyph(r) {
			return r
		}
		return '□'
	}, out)
}

// fit shortens a text to one line of the given width; what is cut stands in the
// caption.
func (sh *sheet) fit(f font.Face, txt string, width vg.Length) string {
	set := ellipsize(f, txt, width)
	if set != txt {
		sh.note(txt)
	}
	return set
}

// paragraph wraps a caller's text to width; what is cut stands in the caption.
func (sh *sheet) paragraph(f font.Face, txt string, width vg.Length, maxLines int) []string {
	set := sh.prose(txt)
	lines, whole := wrap(f, set, width, maxLines)
	if !whole {
		sh.note(oneLine(txt))
	}
	return lines
}

// canvasOver is a canvas to clip with, not to draw on.
func canvasOver(area vg.Rectangle) *draw.Canvas { return &draw.Canvas{Rectangle: area} }
