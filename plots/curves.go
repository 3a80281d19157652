package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// keyedCurves are several curves in one panel, with points of simulation, each
// named beside its line where there is room for all, else in a column to the
// right, in the order in which they stand there.
type keyedCurves struct {
	*sheet
	x      func(length vg.Length) (scale, string) // the axis and its title
	y      func(room) scale
	yTitle string
	tags   []tag
	target *Point    // the objective as a point on the plane
	level  *level    // the objective as a level right across
	strip  vg.Length // height of the rows of tags
	guides legend    // entries of the legend besides theory and simulation

	backdrop  func(*panel) // drawn before the curves; nil: nothing
	exactDots bool         // a dot at each point of a line, which is exact only there
	interval  float64      // confidence of the bars; 0: 0.95
	curves    []keyedCurve
}

// level is a horizontal line that the legend explains.
type level struct {
	y    float64
	text string
}

// keyedCurve is one of them.
type keyedCurve struct {
	index        int
	name, remark string
	theory       []Point
	simulated    []Estimated
	approximate  bool // the theory is, beside a simulation
}

// MostSimulated is how many points with bars leave the line below them visible.
const MostSimulated = 13

func (k *keyedCurves) add(i int, name, remark string, theory []Point, simulated []Estimated) {
	c := keyedCurve{index: i, name: name, remark: oneLine(remark), theory: theory}
	for _, j := range every(len(simulated), MostSimulated) {
		c.simulated = append(c.simulated, simulated[j])
	}
	k.curves = append(k.curves, c)
}

// approximate says of the curve added last whether its theory is approximate.
func (k *keyedCurves) approximate(is bool) {
	c := &k.curves[len(k.curves)-1]
	c.approximate = is && len(c.theory) > 0 && len(c.simulated) > 0
}

func (c keyedCurve) empty() bool { return len(c.theory)+len(c.simulated) == 0 }

// path is the curve as points for the eye to follow.
func (c keyedCurve) path() []Point {
	if len(c.theory) > 0 {
		return c.theory
	}
	return mapped(c.simulated, func(e Estimated) Point { return Point{e.X, e.Y} })
}

// content measures the chart.
func (k *keyedCurves) content() content {
	data := max(22*k.gap, k.columnHeight())
	k.measure(0, data)
	if p, _ := k.panelIn(k.trial(data), 0); !k.allDirect(p) {
		k.measure(k.columnWidth()+k.gap, data)
	}
	height := k.axisTitleHeight() + k.strip + data + k.below()
	return content{legend: k.legend(), height: height, draw: k.draw}
}

// trial is an area with the given height of data, to measure in.
func (k *keyedCurves) trial(data vg.Length) vg.Rectangle {
	return vg.Rectangle{Max: vg.Point{X: k.inner(), Y: k.axisTitleHeight() + k.strip + data + k.below()}}
}

// measure finds the height of the strip beside a column of the given width.
func (k *keyedCurves) measure(column, data vg.Length) {
	p, _ := k.panelIn(k.trial(data), column)
	k.strip = k.stripHeight(k.flags(k.tags, p.x, p.area.Size().X))
}

// allDirect tells whether all names have room beside their curves.
func (k *keyedCurves) allDirect(p *panel) bool {
	_, _, ok := k.direct(p)
	return ok
}

// below is the height of the horizontal axis with its title.
func (k *keyedCurves) below() vg.Length { return k.xAxisHeight() + k.axisTitleHeight() }

// legend explains lines and points where there are both.
func (k *keyedCurves) legend() legend {
	var l legend
	theory, approximate, simulated := false, false, false
	for _, c := range k.curves {
		theory, simulated = theory || len(c.theory) > 0 && !c.approximate, simulated || len(c.simulated) > 0
		approximate = approximate || c.approximate
	}
	if theory && simulated {
		l = append(l, legendItem{"theory", lineSign(k.line(k.muted, k.stroke))})
	}
	if approximate {
		l = append(l, legendItem{"approximate theory, where the simulation decides", lineSign(k.approximately(k.muted))})
	}
	if simulated {
		confidence := 0.95
		if k.interval > 0 {
			confidence = k.interval
		}
		l = append(l, legendItem{"simulation, with " + Percent(confidence) + " intervals", pointSign(k.muted)})
	}
	if k.level != nil {
		l = append(l, legendItem{k.level.text, lineSign(k.line(k.alarm, 1.2*k.thin))})
	}
	return append(l, k.guides...)
}

// panelIn is the data area with axes within area, leaving column free to the
// right.
func (k *keyedCurves) panelIn(area vg.Rectangle, column vg.Length) (p *panel, xTitle string) {
	p = &panel{sheet: k.sheet, area: area}
	p.area.Max.Y -= k.axisTitleHeight() + k.strip
	p.area.Min.Y += k.below()
	p.y = k.y(room{p.area.Size().Y, k.tick, true})
	p.area.Min.X += k.yAxisWidth(p.y)
	p.area.Max.X -= column
	p.x, _ = k.x(p.area.Size().X)
	left, right := xOverhang(k.tick, p.x, p.area.Size().X)
	p.area.Max.X -= max(right-column, 0)
	p.area.Min.X += max(left-(p.area.Min.X-area.Min.X), 0)
	p.x, xTitle = k.x(p.area.Size().X)
	return p, xTitle
}

func (k *keyedCurves) draw(area vg.Rectangle) {
	p, xTitle := k.panelIn(area, 0)
	labels, boxes, direct := k.direct(p)
	if !direct {
		p, xTitle = k.panelIn(area, k.columnWidth()+k.gap)
	}
	k.write(k.small, k.muted, vg.Point{X: area.Min.X, Y: area.Max.Y - k.small.Font.Size}, fromLeft,
		k.fit(k.small, k.yTitle, area.Size().X))
	p.yAxis()
	if k.backdrop != nil {
		k.backdrop(p)
	}
	k.drawGuides(p)
	p.drawFlags(k.flags(k.tags, p.x, p.area.Size().X))
	for _, c := range k.curves {
		p.keyed(c)
		if k.exactDots {
			p.dots(c)
		}
	}
	p.xAxis()
	k.write(k.small, k.muted, vg.Point{X: p.area.Min.X, Y: area.Min.Y + 0.2*k.gap}, fromLeft, xTitle)
	if !direct {
		k.drawColumn(vg.Point{X: p.area.Max.X + k.gap, Y: p.area.Max.Y})
		return
	}
	for i, l := range labels {
		at := vg.Point{X: boxes[i].Min.X, Y: (boxes[i].Min.Y + boxes[i].Max.Y) / 2}
		k.write(k.small, k.readable(l.colour), at, midLeft, l.text)
	}
}

// keyed draws one curve in its colour.
func (p *panel) keyed(c keyedCurve) {
	colour, dashes := p.category(c.index)
	switch {
	case c.approximate:
		p.curve(p.approximately(colour), c.theory)
	case len(c.theory) > 0:
		p.curve(p.line(colour, p.stroke, dashes...), c.theory)
	}
	for _, e := range c.simulated {
		p.errorBar(colour, e)
	}
}

// dots marks the points of a line.
func (p *panel) dots(c keyedCurve) {
	colour, _ := p.category(c.index)
	for _, q := range c.theory {
		if p.x.holds(q.X) && p.y.holds(q.Y) {
			p.dot(colour, p.pt(q.X, q.Y), 1.4*p.stroke)
		}
	}
}

// drawGuides marks what the curves are held against.
func (k *keyedCurves) drawGuides(p *panel) {
	if k.level != nil && p.y.holds(k.level.y) {
		y := p.py(k.level.y)
		p.rule(k.line(k.alarm, 1.2*k.thin), vg.Point{X: p.area.Min.X, Y: y}, vg.Point{X: p.area.Max.X, Y: y})
	}
	k.drawTarget(p)
}

// drawTarget marks the level that is asked for, up to the objective.
func (k *keyedCurves) drawTarget(p *panel) {
	if k.target == nil || !p.x.holds(k.target.X) || !p.y.holds(k.target.Y) {
		return
	}
	at := p.pt(k.target.X, k.target.Y)
	p.rule(k.targetLine(), vg.Point{X: p.area.Min.X, Y: at.Y}, at)
}

// approximately is the line of a theory that does not decide.
func (s *style) approximately(ink color.Color) draw.LineStyle {
	return s.line(mix(color.RGBAModel.Convert(ink).(color.RGBA), s.ground, 0.4), 1.2*s.thin)
}

func (s *style) targetLine() draw.LineStyle { return s.line(s.alarm, s.thin, 3*s.thin, 2*s.thin) }

// direct tries to set each name beside its curve.
func (k *keyedCurves) direct(p *panel) (labels []directLabel, boxes []vg.Rectangle, ok bool) {
	var o obstacles
	if k.target != nil {
		at := p.pt(k.target.X, k.target.Y)
		o.lines = append(o.lines, []vg.Point{{X: p.area.Min.X, Y: at.Y}, at})
	}
	upright := func(v float64) {
		o.lines = append(o.lines, []vg.Point{{X: p.px(v), Y: p.area.Min.Y}, {X: p.px(v), Y: p.area.Max.Y}})
	}
	for _, t := range k.tags {
		upright(t.at)
	}
	if k.level != nil {
		y := p.py(k.level.y)
		o.lines = append(o.lines, []vg.Point{{X: p.area.Min.X, Y: y}, {X: p.area.Max.X, Y: y}})
	}
	for _, c := range k.curves {
		if c.empty() || len(k.curves) > 6 {
			return nil, nil, false
		}
		text, _ := wrap(k.small, k.directText(c), p.area.Size().X*0.45, 1)
		if len(text) == 0 || text[0] != k.directText(c) {
			return nil, nil, false
		}
		colour, _ := k.category(c.index)
		labels = append(labels, directLabel{text[0], colour, p.visible(c)})
		for _, e := range c.simulated {
			o.lines = append(o.lines, []vg.Point{p.pt(e.X, max(e.Lo, p.y.min)), p.pt(e.X, e.Hi)})
		}
	}
	boxes, ok = k.placeLabels(labels, o, p.area)
	return labels, boxes, ok
}

// directText is the name with its remark, or nothing if a key would be needed.
func (k *keyedCurves) directText(c keyedCurve) string {
	name := oneLine(c.name)
	if name == "" || !hasGlyphs(name+c.remark) {
		return ""
	}
	if c.remark != "" {
		name += ": " + c.remark
	}
	return name
}

// visible is the part of a curve within the panel, thinned.
func (p *panel) visible(c keyedCurve) []vg.Point {
	var line []vg.Point
	for _, q := range decimate(c.path(), 100, p.px) {
		if p.x.holds(q.X) {
			line = append(line, p.pt(q.X, q.Y))
		}
	}
	clipped := canvasOver(p.area).ClipLinesXY(line)
	var longest []vg.Point
	for _, l := range clipped {
		if len(l) > len(longest) {
			longest = l
		}
	}
	return longest
}

// columnWidth is the width of the column of names.
func (s *style) columnWidth() vg.Length { return s.inner() * 0.3 }

// columnEntry is a name and its remark in lines.
type columnEntry struct {
	name, remark []string
	index        int
	empty        bool
}

// column lists the curves.
func (k *keyedCurves) column() []columnEntry {
	var entries []columnEntry
	for _, c := range k.curves {
		w := k.columnWidth() - 2*k.gap
		entries = append(entries, columnEntry{
			name:   k.nameLines(k.small, c.index, c.name, w, 2),
			remark: k.paragraph(k.small, c.remark, w, 2),
			index:  c.index, empty: c.empty(),
		})
	}
	return entries
}

func (k *keyedCurves) columnHeight() vg.Length {
	var h vg.Length
	notes := k.notes
	for _, e := range k.column() {
		h += linesHeight(k.small, len(e.name)+len(e.remark)) + 0.5*k.gap
	}
	k.notes = notes // whether names are cut shows only when the column is drawn
	return h
}

func (k *keyedCurves) drawColumn(at vg.Point) {
	for _, e := range k.column() {
		colour, dashes := k.category(e.index)
		ink := color.Color(k.ink)
		y := at.Y - k.small.Font.Size*capHeight/2
		if e.empty {
			ink = k.muted
		} else {
			k.rule(k.line(colour, k.stroke, dashes...), vg.Point{X: at.X, Y: y}, vg.Point{X: at.X + 1.5*k.gap, Y: y})
		}
		at.Y = k.writeLines(k.small, ink, at.Add(vg.Point{X: 2 * k.gap}), e.name)
		at.Y = k.writeLines(k.small, k.muted, vg.Point{X: at.X + 2*k.gap, Y: at.Y}, e.remark)
		at.Y -= 0.5 * k.gap
	}
}
