package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ring draws a circle filled with the ground.
func (sh *sheet) ring(c color.Color, pt vg.Point, radius vg.Length) {
	sh.DrawGlyphNoClip(draw.GlyphStyle{Color: c, Radius: radius, Shape: draw.CircleGlyph{}}, pt)
	sh.DrawGlyphNoClip(draw.GlyphStyle{Color: sh.ground, Radius: radius - sh.thin, Shape: draw.CircleGlyph{}}, pt)
}

// diamond draws a square on its corner, with a rim of the ground: what misses
// differs from what meets in shape too.
func (sh *sheet) diamond(c color.Color, pt vg.Point, radius vg.Length) {
	sh.FillPolygon(sh.ground, diamondAt(pt, radius+1.4*sh.hair))
	sh.FillPolygon(c, diamondAt(pt, radius))
}

func diamondAt(pt vg.Point, r vg.Length) []vg.Point {
	return []vg.Point{pt.Add(vg.Point{X: r}), pt.Add(vg.Point{Y: r}), pt.Sub(vg.Point{X: r}), pt.Sub(vg.Point{Y: r})}
}

// arrow draws a head that points right: the value is beyond the axis.
func (sh *sheet) arrow(c color.Color, tip vg.Point, size vg.Length) {
	sh.FillPolygon(c, []vg.Point{tip, tip.Add(vg.Point{X: -1.6 * size, Y: size}), tip.Add(vg.Point{X: -1.6 * size, Y: -size})})
}

// middleOf is the centre of r.
func middleOf(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}
