package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// swatch draws the sign of a legend entry into a small rectangle.
type swatch func(sh *sheet, r vg.Rectangle)

// legendItem is one entry of the row of keys below the title.
type legendItem struct {
	text string
	sign swatch
}

// legend flows its items over as many rows as the width asks for.
type legend []legendItem

// place calls at with each item, the text that fits and its left baseline
// corner, counted from the top left of the legend, and returns the height.
func (l legend) place(sh *sheet, width vg.Length, at func(legendItem, string, vg.Point)) vg.Length {
	if len(l) == 0 {
		return 0
	}
	row := sh.small.Font.Size * 1.45
	x, y := vg.Length(0), -row
	for _, item := range l {
		text := ellipsize(sh.small, item.text, width-sh.signWidth())
		w := sh.signWidth() + sh.small.Width(text)
		if x > 0 && x+w > width {
			x, y = 0, y-row
		}
		at(item, text, vg.Point{X: x, Y: y})
		x += w + 1.4*sh.gap
	}
	return -y + 0.5*sh.gap
}

// signWidth is the room of a sign with the space after it.
func (s *style) signWidth() vg.Length { return 2.3 * s.gap }

func (l legend) height(sh *sheet, width vg.Length) vg.Length {
	return l.place(sh, width, func(legendItem, string, vg.Point) {})
}

// draw sets the legend below topLeft.
func (l legend) draw(sh *sheet, topLeft vg.Point, width vg.Length) {
	l.place(sh, width, func(item legendItem, text string, off vg.Point) {
		p := topLeft.Add(off)
		h := sh.small.Font.Size * capHeight
		item.sign(sh, vg.Rectangle{Min: p, Max: p.Add(vg.Point{X: 1.8 * sh.gap, Y: h})})
		sh.write(sh.small, sh.muted, p.Add(vg.Point{X: sh.signWidth()}), fromLeft, text)
	})
}

// lineSign is a short horizontal line.
func lineSign(sty draw.LineStyle) swatch {
	return func(sh *sheet, r vg.Rectangle) {
		y := (r.Min.Y + r.Max.Y) / 2
		sh.rule(sty, vg.Point{X: r.Min.X, Y: y}, vg.Point{X: r.Max.X, Y: y})
	}
}

// areaSign is a filled box.
func areaSign(c color.Color) swatch {
	return func(sh *sheet, r vg.Rectangle) { sh.fillRect(c, r) }
}

// pointSign is a dot with its bar.
func pointSign(c color.Color) swatch {
	return func(sh *sheet, r vg.Rectangle) {
		mid := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
		reach := r.Size().Y * 0.8
		sh.rule(sh.line(c, sh.thin), mid.Sub(vg.Point{Y: reach}), mid.Add(vg.Point{Y: reach}))
		sh.dot(c, mid, 1.4*sh.stroke)
	}
}
