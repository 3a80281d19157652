package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a data area with its two axes.
type panel struct {
	*sheet
	area vg.Rectangle
	x, y scale
}

func (p *panel) px(v float64) vg.Length {
	return p.area.Min.X + vg.Length(p.x.at(v))*p.area.Size().X
}

func (p *panel) py(v float64) vg.Length {
	return p.area.Min.Y + vg.Length(p.y.at(v))*p.area.Size().Y
}

func (p *panel) pt(x, y float64) vg.Point { return vg.Point{X: p.px(x), Y: p.py(y)} }

// axes draws grid lines, tick labels and the base line.
func (p *panel) axes() {
	p.yAxis()
	p.xAxis()
}

func (p *panel) yAxis() {
	for _, t := range p.y.ticks {
		y := p.py(t.Value)
		p.rule(p.line(p.grid, p.hair), vg.Point{X: p.area.Min.X, Y: y}, vg.Point{X: p.area.Max.X, Y: y})
		p.write(p.tick, p.muted, vg.Point{X: p.area.Min.X - 0.5*p.gap, Y: y}, midRight, t.Label)
	}
}

func (p *panel) xAxis() {
	p.baseline()
	for _, t := range p.x.ticks {
		x := p.px(t.Value)
		p.rule(p.line(p.muted, p.hair), vg.Point{X: x, Y: p.area.Min.Y}, vg.Point{X: x, Y: p.area.Min.Y - 0.35*p.gap})
		p.write(p.tick, p.muted, vg.Point{X: x, Y: p.area.Min.Y - 0.7*p.gap}, topCentred, t.Label)
	}
}

// verticals draws light grid lines at the ticks of the x axis.
func (p *panel) verticals() {
	for _, t := range p.x.ticks {
		x := p.px(t.Value)
		p.rule(p.line(p.grid, p.hair), vg.Point{X: x, Y: p.area.Min.Y}, vg.Point{X: x, Y: p.area.Max.Y})
	}
}

func (p *panel) baseline() {
	p.rule(p.line(p.muted, 1.3*p.hair), p.area.Min, vg.Point{X: p.area.Max.X, Y: p.area.Min.Y})
}

// xAxisHeight is the room below a data area for tick labels.
func (s *style) xAxisHeight() vg.Length { return 0.7*s.gap + s.tick.Font.Size }

// yAxisWidth is the room left of a data area for the labels of scales.
func (s *style) yAxisWidth(scales ...scale) vg.Length {
	var w vg.Length
	for _, sc := range scales {
		for _, t := range sc.ticks {
			w = max(w, s.tick.Width(t.Label))
		}
	}
	return w + 0.5*s.gap
}

// xOverhang is how far the outermost labels of an x axis reach beyond it.
func xOverhang(f font.Face, sc scale, length vg.Length) (left, right vg.Length) {
	for _, t := range sc.ticks {
		half := f.Width(t.Label) / 2
		at := vg.Length(sc.at(t.Value)) * length
		left, right = max(left, half-at), max(right, at+half-length)
	}
	return left, right
}

// curve draws a line through the points; a single one is a dot.
func (p *panel) curve(sty draw.LineStyle, pts []Point) {
	pts = decimate(pts, p.columns(), p.px)
	line := make([]vg.Point, len(pts))
	for i, q := range pts {
		line[i] = p.pt(q.X, q.Y)
	}
	if len(line) == 1 && p.y.holds(pts[0].Y) {
		p.dot(sty.Color, line[0], 1.3*p.stroke)
		return
	}
	p.strokeIn(p.area, sty, line...)
}

// band fills the area between two series over the same xs.
func (p *panel) band(c color.Color, xs, lo, hi []float64) {
	xs, lo, hi = envelope(xs, lo, hi, p.columns(), p.px)
	n := len(xs)
	pts := make([]vg.Point, 2*n)
	for i := range xs {
		pts[i], pts[2*n-1-i] = p.pt(xs[i], hi[i]), p.pt(xs[i], lo[i])
	}
	if n == 1 {
		p.strokeIn(p.area, p.line(c, 3*p.stroke), pts...)
		return
	}
	p.fillIn(p.area, c, pts)
}

// errorBar draws a simulated point with its interval.
func (p *panel) errorBar(c color.Color, e Estimated) {
	if !p.x.holds(e.X) || !p.y.holds(e.Y) && e.Hi < p.y.min {
		return
	}
	lo, hi := p.pt(e.X, math.Max(e.Lo, p.y.min)), p.pt(e.X, math.Min(e.Hi, p.y.max))
	radius := 1.2 * p.stroke
	if hi.Y-lo.Y > 2.4*radius { // else the dot covers it
		cap, sty := vg.Point{X: radius}, p.line(c, p.thin)
		p.rule(sty, lo, hi)
		p.rule(sty, lo.Sub(cap), lo.Add(cap))
		p.rule(sty, hi.Sub(cap), hi.Add(cap))
	}
	if p.y.holds(e.Y) {
		p.dot(c, p.pt(e.X, e.Y), radius)
	}
}

// columns is how many columns of the eye's resolution the panel is wide.
func (p *panel) columns() int { return max(1, int(p.area.Size().X/columnWidth)) }

// grow is r with a rim, so that lines along its edge keep their width.
func grow(r vg.Rectangle, by vg.Length) vg.Rectangle {
	d := vg.Point{X: by, Y: by}
	return vg.Rectangle{Min: r.Min.Sub(d), Max: r.Max.Add(d)}
}
