package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// timePanel is one of several like charts over time, before it has a place.
type timePanel struct {
	design, finding, note string
	markers               []Marker
	empty                 bool
	reach                 float64 // s: until when something happens
	settled               bool    // the series end low: nothing comes after reach
	top                   float64 // the largest finite value
	draw                  func(*panel)
}

// panels lays timePanels out in a grid with a common time axis.
type panels struct {
	*sheet
	cells             []timePanel
	timeTitle, yTitle string

	yInTime bool // the vertical axis is a time too

	columns    int
	width      vg.Length // of a data area
	dataHeight vg.Length
	left       vg.Length // room for the labels of the vertical axes
	x          scale
	xTitle     string
	ys         []scale
	heads      []panelHead
}

// panelHead is what stands above a data area.
type panelHead struct {
	name, finding, note []string
	inside              []string // instead of the data
	flags               []flag
}

// titles of the axes; times count from the incident unless said otherwise.
type titles struct{ time, value string }

// arrangePanels measures the grid.
func arrangePanels(sh *sheet, cells []timePanel, t titles, yInTime bool) *panels {
	g := &panels{sheet: sh, cells: cells, timeTitle: cmp.Or(t.time, "time since the incident began"), yTitle: t.value, yInTime: yInTime}
	g.columns, g.dataHeight = 3, 9.5*sh.gap
	switch n := len(cells); {
	case n == 1:
		g.columns, g.dataHeight = 1, 20*sh.gap
	case n <= 6:
		g.columns, g.dataHeight = 2, 12*sh.gap
	}
	g.verticals()
	g.horizontals()
	for i, c := range cells {
		g.heads = append(g.heads, g.head(i, c))
	}
	return g
}

// mostFiner is how many times finer than that of the largest a panel's scale may
// be: what is smaller yet is noise beside it, and is to look so.
const mostFiner = 50

// verticals chooses the vertical scales: a common one unless the panels differ
// so much that the smaller ones could not be read.
func (g *panels) verticals() {
	var most float64
	least := math.Inf(1)
	for _, c := range g.cells {
		if !c.empty {
			most, least = math.Max(most, c.top), math.Min(least, c.top)
		}
	}
	own := len(g.cells) > 1 && most > 8*math.Max(least, 1e-300)
	if own {
		g.yTitle += ", scales differ"
	}
	unit := ""
	for _, c := range g.cells {
		top := most
		if own && !c.empty {
			top = math.Max(c.top, most/mostFiner)
		}
		sc, name := g.vertical(top*1.04, most)
		g.ys, unit = append(g.ys, sc), name
	}
	if g.yInTime {
		g.yTitle += " (" + unit + ")"
	}
	g.left = g.yAxisWidth(g.ys...)
}

func (g *panels) vertical(top, most float64) (scale, string) {
	if g.yInTime {
		return timeScaleIn(unitOf(most), 0, top, room{g.dataHeight, g.tick, true})
	}
	return countScale(0, top, room{g.dataHeight, g.tick, true}), ""
}

// horizontals chooses the common time axis.
func (g *panels) horizontals() {
	gutter := 2 * g.gap
	cell := (g.inner() - vg.Length(g.columns-1)*gutter) / vg.Length(g.columns)
	g.width = cell - g.left
	hi := g.until()
	for range 2 { // the labels of the ends need room that depends on them
		var unit string
		g.x, unit = timeScale(0, hi, g.width, g.tick, false)
		g.xTitle = g.timeTitle + " (" + unit + ")"
		_, over := xOverhang(g.tick, g.x, g.width)
		g.width = cell - g.left - max(over, 0.3*g.gap)
	}
}

// until is the end of the time axis: a little after the last thing that happens
// in a panel that settles. What does not settle is shown for a while longer.
func (g *panels) until() float64 {
	var settled, all float64
	for _, c := range g.cells {
		all = math.Max(all, c.reach)
		if c.settled {
			settled = math.Max(settled, c.reach)
		}
		for _, m := range c.markers {
			if !math.IsInf(m.At, 1) && (c.empty || m.At <= 4*c.reach) {
				settled = math.Max(settled, m.At)
			}
		}
	}
	if settled > 0 && (all > 2.5*settled || all < settled) {
		all = 2.5 * settled
		if slices.IndexFunc(g.cells, func(c timePanel) bool { return !c.empty && !c.settled }) < 0 {
			all = settled
		}
	}
	return all * 1.03
}

func (g *panels) head(i int, c timePanel) panelHead {
	w := g.width + g.left
	h := panelHead{
		name:    g.nameLines(g.strong, i, c.design, w, 2),
		finding: g.paragraph(g.label, c.finding, w, 4),
		note:    g.paragraph(g.small, c.note, w, 3),
		flags:   g.flags(g.tags(c.markers), g.x, g.width),
	}
	if c.empty { // the remark stands where the data would
		h.inside, h.note = g.paragraph(g.label, c.note, 0.9*g.width, 4), nil
		h.flags = nil
	}
	if c.empty && len(h.inside) == 0 {
		h.inside = []string{"no data"}
	}
	return h
}

// textHeight is the height of a head's lines.
func (g *panels) textHeight(h panelHead) vg.Length {
	return linesHeight(g.strong, len(h.name)) + linesHeight(g.label, len(h.finding)) + linesHeight(g.small, len(h.note))
}

// rowHeads are the heights that the texts and the strips of flags take in a row.
func (g *panels) rowHeads(row int) (text, strip vg.Length) {
	for i := row * g.columns; i < min((row+1)*g.columns, len(g.cells)); i++ {
		text = max(text, g.textHeight(g.heads[i]))
		strip = max(strip, g.stripHeight(g.heads[i].flags))
	}
	return text, strip
}

func (g *panels) rows() int { return (len(g.cells) + g.columns - 1) / g.columns }

// rowHeight is the height of a row without the space below it.
func (g *panels) rowHeight(row int) vg.Length {
	text, strip := g.rowHeads(row)
	return text + g.axisTitleHeight() + strip + g.dataHeight + g.xAxisHeight()
}

func (s *style) axisTitleHeight() vg.Length { return s.small.Font.Size * 1.75 }

func (g *panels) height() vg.Length {
	h := g.axisTitleHeight()
	for row := range g.rows() {
		h += g.rowHeight(row) + g.between()
	}
	return h - g.between()
}

func (g *panels) between() vg.Length { return 1.6 * g.gap }

// drawIn draws the grid from the top of area down.
func (g *panels) drawIn(area vg.Rectangle) {
	top := area.Max.Y
	pitch := (g.inner() + 2*g.gap) / vg.Length(g.columns)
	for row := range g.rows() {
		for i := row * g.columns; i < min((row+1)*g.columns, len(g.cells)); i++ {
			g.drawCell(i, vg.Point{X: area.Min.X + vg.Length(i%g.columns)*pitch, Y: top}, row)
		}
		top -= g.rowHeight(row) + g.between()
	}
	at := vg.Point{X: area.Min.X + g.left, Y: area.Min.Y + 0.2*g.gap}
	g.write(g.small, g.muted, at, fromLeft, g.xTitle)
}

func (g *panels) drawCell(i int, corner vg.Point, row int) {
	c, h := g.cells[i], g.heads[i]
	text, strip := g.rowHeads(row)
	at := corner
	at.Y = g.writeLines(g.strong, g.ink, at, h.name)
	at.Y = g.writeLines(g.label, g.ink, at, h.finding)
	g.writeLines(g.small, g.readable(g.alarm), at, h.note)
	at.Y = corner.Y - text
	if i%g.columns == 0 {
		title := g.fit(g.small, g.yTitle, g.width+g.left)
		g.write(g.small, g.muted, at.Sub(vg.Point{Y: g.small.Font.Size}), fromLeft, title)
	}
	bottom := at.Y - g.axisTitleHeight() - strip - g.dataHeight
	p := &panel{sheet: g.sheet, x: g.x, y: g.ys[i], area: vg.Rectangle{
		Min: vg.Point{X: corner.X + g.left, Y: bottom},
		Max: vg.Point{X: corner.X + g.left + g.width, Y: bottom + g.dataHeight},
	}}
	if c.empty {
		p.drawEmpty(h.inside)
		return
	}
	p.yAxis()
	c.draw(p)
	p.xAxis()
	p.drawFlags(h.flags)
}

// drawEmpty says in a panel without data what there is to say.
func (p *panel) drawEmpty(lines []string) {
	p.xAxis()
	at := middleOf(p.area)
	at.Y += linesHeight(p.label, len(lines)-1) / 2
	for _, l := range lines {
		p.write(p.label, p.muted, at, midCentred, l)
		at.Y -= linesHeight(p.label, 1)
	}
}
