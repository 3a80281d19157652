package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// seam is how far a cell reaches under the next, in points: without it the
// ground would show through between them.
const seam = 0.5

// share is where a value stands between the ends of the colours, 0 to 1.
func (h HeatMap) share(v, lo, hi float64) float64 {
	if lo >= hi {
		return 0.5
	}
	if h.Value.Log {
		return math.Log(math.Max(v, lo)/lo) / math.Log(hi/lo)
	}
	return (v - lo) / (hi - lo)
}

// colour is the colour of a cell.
func (h HeatMap) colour(sh *sheet, v float64) color.RGBA {
	lo, hi, _ := h.valueRange()
	return sh.shade(h.share(v, lo, hi))
}

// drawKey draws the bar of colours with its ticks.
func (h HeatMap) drawKey(sh *sheet, area vg.Rectangle) {
	title := sh.fit(sh.small, sh.prose(h.Value.Title), area.Size().X*0.4)
	base := vg.Point{X: area.Min.X, Y: area.Max.Y - sh.small.Font.Size}
	sh.write(sh.small, sh.muted, base, fromLeft, title)
	bar := vg.Rectangle{Max: vg.Point{X: area.Max.X - 2*sh.gap, Y: base.Y + sh.small.Font.Size*capHeight}}
	bar.Min = vg.Point{X: area.Min.X + sh.small.Width(title) + 2*sh.gap, Y: base.Y}
	lo, hi, ok := h.valueRange()
	if !ok || lo >= hi {
		sh.fillRect(h.colour(sh, lo), bar)
		return
	}
	const steps = 120
	for i := range steps {
		r := bar
		r.Min.X = bar.Min.X + bar.Size().X*vg.Length(i)/steps
		r.Max.X = min(bar.Min.X+bar.Size().X*vg.Length(i+1)/steps+seam, bar.Max.X)
		sh.fillRect(sh.shade((float64(i)+0.5)/steps), r)
	}
	scale := Axis{Quantity: h.Value.Quantity, Log: h.Value.Log}
	sc, _ := scale.scale(lo, hi, room{bar.Size().X, sh.small, false})
	for _, t := range sc.ticks {
		x := bar.Min.X + vg.Length(sc.at(t.Value))*bar.Size().X
		sh.rule(sh.line(sh.muted, sh.hair), vg.Point{X: x, Y: bar.Min.Y}, vg.Point{X: x, Y: bar.Min.Y - 0.3*sh.gap})
		label := t.Label
		if !h.Value.Log && h.Value.Quantity == Time {
			label += " " + unitOf(hi).name
		}
		half := sh.small.Width(label) / 2
		x = min(max(x, area.Min.X+half), area.Max.X-half)
		sh.write(sh.small, sh.muted, vg.Point{X: x, Y: bar.Min.Y - 0.5*sh.gap}, topCentred, label)
	}
}

// draw draws cells, contours and marks with their axes.
func (h HeatMap) draw(sh *sheet, area vg.Rectangle) {
	p := &panel{sheet: sh, area: area}
	xTitle, yTitle := h.axes(p)
	xEdges, yEdges := cellEdges(h.Xs, h.X.Log), cellEdges(h.Ys, h.Y.Log)
	for i, row := range h.Values {
		for j, v := range row {
			cell := vg.Rectangle{Min: p.pt(xEdges[j], yEdges[i]), Max: p.pt(xEdges[j+1], yEdges[i+1])}
			if math.IsInf(v, 1) {
				sh.crossed(cell)
				continue
			}
			cell.Max.X = min(cell.Max.X+seam, p.area.Max.X)
			cell.Max.Y = min(cell.Max.Y+seam, p.area.Max.Y)
			sh.fillRect(h.colour(sh, v), cell)
		}
	}
	var o obstacles
	for _, m := range h.Current {
		at := p.pt(m.X, m.Y)
		o.boxes = append(o.boxes, grow(vg.Rectangle{Min: at, Max: at}, 3*sh.stroke))
	}
	lines := h.drawContours(p)
	for _, l := range lines {
		o.lines = append(o.lines, l.all...)
	}
	h.drawMarks(p, &o)
	o.lines = nil // contours' labels stand on them
	h.labelContours(p, lines, &o)
	p.xAxis()
	for _, t := range p.y.ticks {
		sh.write(sh.tick, sh.muted, vg.Point{X: p.area.Min.X - 0.5*sh.gap, Y: p.py(t.Value)}, midRight, t.Label)
	}
	sh.write(sh.small, sh.muted, vg.Point{X: area.Min.X, Y: area.Max.Y - sh.small.Font.Size}, fromLeft, yTitle)
	sh.write(sh.small, sh.muted, vg.Point{X: p.area.Min.X, Y: area.Min.Y + 0.2*sh.gap}, fromLeft, xTitle)
}

// axes makes room for the axes around the cells; whole centres get the ticks if
// they are few.
func (h HeatMap) axes(p *panel) (xTitle, yTitle string) {
	area := p.area
	p.area.Max.Y -= p.axisTitleHeight()
	p.area.Min.Y += p.xAxisHeight() + p.axisTitleHeight()
	x, y := h.X, h.Y
	x.Title, y.Title = p.prose(x.Title), p.prose(y.Title)
	xs, ys := cellEdges(h.Xs, x.Log), cellEdges(h.Ys, y.Log)
	p.y, yTitle = y.scale(ys[0], ys[len(ys)-1], p.upright(p.area.Size().Y))
	p.y.atCentres(y, h.Ys, p.upright(p.area.Size().Y))
	p.area.Min.X += p.yAxisWidth(p.y)
	p.x, _ = x.scale(xs[0], xs[len(xs)-1], p.across(p.area.Size().X))
	_, right := xOverhang(p.tick, p.x, p.area.Size().X)
	p.area.Max.X -= max(right, 0)
	p.x, xTitle = x.scale(xs[0], xs[len(xs)-1], p.across(p.area.Size().X))
	p.x.atCentres(x, h.Xs, p.across(p.area.Size().X))
	return p.fit(p.small, xTitle, p.area.Size().X), p.fit(p.small, yTitle, area.Size().X)
}

// atCentres puts the ticks at the centres where these are plain whole numbers
// and few enough.
func (s *scale) atCentres(a Axis, centres []float64, r room) {
	if a.Quantity != Number {
		return
	}
	var ticks []plot.Tick
	widest := ""
	for _, c := range centres {
		if c != math.Round(c) || math.Abs(c) > 1e6 {
			return
		}
		ticks = append(ticks, plot.Tick{Value: c, Label: Count(c)})
		if len(Count(c)) > len(widest) {
			widest = Count(c)
		}
	}
	if !s.log && evenly(centres) && len(ticks) <= r.most(widest) {
		s.ticks = ticks
	}
}

// evenly tells whether whole numbers are the same distance apart.
func evenly(vs []float64) bool {
	for i := 2; i < len(vs); i++ {
		if vs[i]-vs[i-1] != vs[1]-vs[0] {
			return false
		}
	}
	return true
}

// plate sets a text on a piece of the ground, so that it can be read on any
// colour.
func (sh *sheet) plate(r vg.Rectangle, c color.RGBA, text string) {
	sh.fillRect(sh.ground, grow(r, 0.2*sh.gap))
	sh.write(sh.small, sh.readable(c), vg.Point{X: r.Min.X, Y: (r.Min.Y + r.Max.Y) / 2}, midLeft, text)
}

// drawMarks marks the current designs.
func (h HeatMap) drawMarks(p *panel, o *obstacles) {
	for i, m := range h.Current {
		if !p.x.holds(m.X) || !p.y.holds(m.Y) {
			p.note(spoken(i, m.Label) + " is outside the chart.")
			continue
		}
		at := p.pt(m.X, m.Y)
		p.DrawGlyphNoClip(draw.GlyphStyle{Color: p.ground, Radius: 2.6 * p.stroke, Shape: draw.CircleGlyph{}}, at)
		p.DrawGlyphNoClip(draw.GlyphStyle{Color: p.ink, Radius: 2 * p.stroke, Shape: draw.CircleGlyph{}}, at)
		text := p.name(p.small, i, m.Label, p.area.Size().X*0.4)
		l := directLabel{text: text, line: []vg.Point{at}}
		near := *o
		near.boxes = nil
		for k, b := range o.boxes {
			if k != i {
				near.boxes = append(near.boxes, b)
			}
		}
		if r, ok := p.place(l, &near, p.area); ok {
			p.plate(r, p.ink, text)
			o.boxes = append(o.boxes, grow(r, 0.3*p.gap))
		} else {
			p.note(text + " is marked without its name.")
		}
	}
}

// bordered is what contours are drawn over, so that they reach the outer edges
// of the outermost cells. With a whole-number axis each cell has its value from
// edge to edge, so that a contour runs between the cells that are above its level
// and those that are not, never through either.
func (h HeatMap) bordered() (xs, ys []float64, values [][]float64) {
	whole := h.X.Whole || h.Y.Whole
	xs, at := h.X.crossings(h.Xs, whole)
	for _, row := range h.Values {
		values = append(values, h.across(row, at, whole))
	}
	ys, at = h.Y.crossings(h.Ys, whole)
	full := make([][]float64, len(ys))
	column := make([]float64, len(values))
	for j := range xs {
		for i := range values {
			column[i] = values[i][j]
		}
		for i, v := range h.across(column, at, whole) {
			full[i] = append(full[i], v)
		}
	}
	return xs, ys, full
}

// crossings are where contours know values along an axis, and the cells these
// belong to: both edges of each cell where these are whole, otherwise the centres
// and the outermost edges.
func (a Axis) crossings(centres []float64, whole bool) (where []float64, cell []int) {
	edges, n := cellEdges(centres, a.Log), len(centres)
	if whole {
		for i := range centres {
			where, cell = append(where, edges[i], edges[i+1]), append(cell, i, i)
		}
		return where, cell
	}
	where, cell = append(where, edges[0]), append(cell, 0)
	for i, c := range centres {
		where, cell = append(where, c), append(cell, i)
	}
	return append(where, edges[n]), append(cell, n-1)
}

// across are the values of the cells at the crossings; where these are not whole, at
// the outer edges it is half a step on from the last two.
func (h HeatMap) across(values []float64, cell []int, whole bool) []float64 {
	out := mapped(cell, func(i int) float64 { return values[i] })
	if n := len(values); !whole {
		out[0] = h.beyond(values[0], values[min(1, n-1)])
		out[len(out)-1] = h.beyond(values[n-1], values[max(0, n-2)])
	}
	return out
}

// beyond continues from the value of the inner cell over that of the outer one
// by half a step, on the scale of the colours.
func (h HeatMap) beyond(outer, inner float64) float64 {
	if math.IsInf(outer, 1) || math.IsInf(inner, 1) {
		return outer
	}
	if h.Value.Log && outer > 0 && inner > 0 {
		return outer * math.Sqrt(outer/inner)
	}
	return math.Max(0, outer+(outer-inner)/2)
}

// contourLine is a contour drawn: all its pieces and the one with the most
// points.
type contourLine struct {
	Contour
	all     [][]vg.Point
	longest []vg.Point
}

// drawContours draws the lines.
func (h HeatMap) drawContours(p *panel) []contourLine {
	xs, ys, values := h.bordered()
	var lines []contourLine
	for _, c := range h.Contours {
		l := contourLine{Contour: c}
		for _, line := range contour(xs, ys, values, c.Level, h.Value.Log) {
			pts := mapped(line, func(q Point) vg.Point { return p.pt(q.X, q.Y) })
			p.strokeIn(p.area, p.line(p.ground, 2.2*p.stroke), pts...)
			p.strokeIn(p.area, p.line(p.alarm, 1.2*p.stroke), pts...)
			l.all = append(l.all, pts)
			if len(pts) > len(l.longest) {
				l.longest = pts
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// labelContours sets the labels over their lines, where nothing else stands.
func (h HeatMap) labelContours(p *panel, lines []contourLine, o *obstacles) {
	for _, c := range lines {
		if c.longest == nil {
			continue
		}
		text := oneLine(c.Label)
		if text == "" || !hasGlyphs(text) {
			text = h.Value.Quantity.format(c.Level)
		}
		text = p.fit(p.small, text, p.area.Size().X*0.4)
		if r, ok := p.onLine(text, c.longest, o); ok {
			p.plate(r, p.alarm, text)
			o.boxes = append(o.boxes, grow(r, 0.3*p.gap))
		} else {
			p.note("The contour of " + text + " is drawn without its label.")
		}
	}
}

// onLine finds a place for a text over its line.
func (p *panel) onLine(text string, line []vg.Point, o *obstacles) (vg.Rectangle, bool) {
	half := vg.Point{X: p.small.Width(text) / 2, Y: p.small.Font.Size / 2}
	for _, at := range spots(line) {
		r := vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)}
		inside := r.Min.X >= p.area.Min.X && r.Max.X <= p.area.Max.X && r.Min.Y >= p.area.Min.Y && r.Max.Y <= p.area.Max.Y
		if inside && !o.blocks(grow(r, 0.2*p.gap)) {
			return r, true
		}
	}
	return vg.Rectangle{}, false
}
