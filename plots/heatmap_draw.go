package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

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
	if math.IsInf(v, 1) {
		return sh.neverColour()
	}
	lo, hi, _ := h.valueRange()
	return sh.shade(h.share(v, lo, hi))
}

// drawKey draws the bar of colours with its ticks.
func (h HeatMap) drawKey(sh *sheet, area vg.Rectangle) {
	title := ellipsize(sh.small, sh.prose(h.Value.Title), area.Size().X*0.4)
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
		r.Max.X = bar.Min.X + bar.Size().X*vg.Length(i+1)/steps
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
			sh.fillRect(h.colour(sh, v), vg.Rectangle{Min: p.pt(xEdges[j], yEdges[i]), Max: p.pt(xEdges[j+1], yEdges[i+1])})
		}
	}
	var o obstacles
	for _, m := range h.Current {
		at := p.pt(m.X, m.Y)
		o.boxes = append(o.boxes, grow(vg.Rectangle{Min: at, Max: at}, 3*sh.stroke))
	}
	h.drawMarks(p, &o)
	h.drawContours(p, &o)
	p.xAxis()
	for _, t := range p.y.ticks {
		sh.write(sh.tick, sh.muted, vg.Point{X: p.area.Min.X - 0.5*sh.gap, Y: p.py(t.Value)}, midRight, t.Label)
	}
	sh.write(sh.small, sh.muted, vg.Point{X: area.Min.X, Y: area.Max.Y - sh.small.Font.Size}, fromLeft, yTitle)
	sh.write(sh.small, sh.muted, vg.Point{X: p.area.Min.X, Y: area.Min.Y + 0.2*sh.gap}, fromLeft, xTitle)
}

// axes makes room for the axes around the cells; few columns or rows have their
// ticks at the centres.
func (h HeatMap) axes(p *panel) (xTitle, yTitle string) {
	area := p.area
	p.area.Max.Y -= p.axisTitleHeight()
	p.area.Min.Y += p.xAxisHeight() + p.axisTitleHeight()
	x, y := h.X, h.Y
	x.Title, y.Title = p.prose(x.Title), p.prose(y.Title)
	xs, ys := cellEdges(h.Xs, x.Log), cellEdges(h.Ys, y.Log)
	p.y, yTitle = y.scale(ys[0], ys[len(ys)-1], p.upright(p.area.Size().Y))
	p.area.Min.X += p.yAxisWidth(p.y)
	p.x, xTitle = x.scale(xs[0], xs[len(xs)-1], p.across(p.area.Size().X))
	_, right := xOverhang(p.tick, p.x, p.area.Size().X)
	p.area.Max.X -= max(right, 0)
	p.x, xTitle = x.scale(xs[0], xs[len(xs)-1], p.across(p.area.Size().X))
	return ellipsize(p.small, xTitle, p.area.Size().X), ellipsize(p.small, yTitle, area.Size().X)
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

// drawContours draws the lines and sets their labels where nothing stands.
func (h HeatMap) drawContours(p *panel, o *obstacles) {
	for _, c := range h.Contours {
		var longest []vg.Point
		for _, line := range contour(h.Xs, h.Ys, h.Values, c.Level, h.Value.Log) {
			pts := mapped(line, func(q Point) vg.Point { return p.pt(q.X, q.Y) })
			p.strokeIn(p.area, p.line(p.ground, 2.2*p.stroke), pts...)
			p.strokeIn(p.area, p.line(p.alarm, 1.2*p.stroke), pts...)
			if len(pts) > len(longest) {
				longest = pts
			}
		}
		if longest == nil {
			continue
		}
		text := oneLine(c.Label)
		if text == "" || !hasGlyphs(text) {
			text = h.Value.Quantity.format(c.Level)
		}
		text = ellipsize(p.small, text, p.area.Size().X*0.4)
		if r, ok := p.onLine(text, longest, o); ok {
			p.plate(r, p.alarm, text)
			o.boxes = append(o.boxes, grow(r, 0.3*p.gap))
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
