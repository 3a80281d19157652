package plots

import (
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// QQ holds simulation against theory, quantile by quantile, one panel a design:
// where both agree the points lie on the diagonal within their bars.
type QQ struct {
	Frame
	Interval float64 // confidence of the bars; 0: 0.95
	Panels   []QQPanel
	// Differences draws simulation minus theory in place of the simulation:
	// narrow intervals then show, and agreement is a level line at 0.
	Differences bool
	// Measured says that the pairs are of data against a fitted law, in place
	// of simulation against theory; What then names the quantity.
	Measured bool
	What     string // as "service time"; "": drain time
}

// QQPanel is one design. X of a pair is the quantile by theory, Y the simulated
// one with its interval, in s; 25 pairs are drawn.
type QQPanel struct {
	Design  string
	Finding string
	Pairs   []Estimated
}

// Save writes the chart.
func (q QQ) Save(w io.Writer, f Format) error { return save(w, f, q) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (q QQ) Caption() string { return caption(q) }

// AltText says what the chart shows, with its numbers.
func (q QQ) AltText() string {
	var s strings.Builder
	w := q.words()
	s.WriteString(opening(q.Frame, "Quantiles of the "+w.what+", "+w.y+" against "+w.x))
	for i, p := range q.Panels {
		words := "no data"
		if len(p.Pairs) > 0 {
			inside, worst := p.agreement()
			words = fmt.Sprintf("%s lies within %d of %d intervals, the largest difference is %s", w.x, inside, len(p.Pairs), Percent(worst))
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, p.Design), sentence(p.Finding, words))
	}
	return s.String()
}

// qqWords name the quantity and what stands on either axis.
type qqWords struct{ what, x, y, equal, point string }

func (q QQ) words() qqWords {
	w := qqWords{"drain time", "theory", "simulated", "theory and simulation equal", "simulated quantile"}
	if q.Measured {
		w = qqWords{"drain time", "the fitted law", "measured", "law and data equal", "measured quantile"}
	}
	if q.What != "" {
		w.what = oneLine(q.What)
	}
	return w
}

// agreement counts the intervals that hold the theory's quantile and gives the
// largest relative difference.
func (p QQPanel) agreement() (inside int, worst float64) {
	for _, e := range p.Pairs {
		if e.Lo <= e.X && e.X <= e.Hi {
			inside++
		}
		if e.X > 0 {
			worst = math.Max(worst, math.Abs(e.Y/e.X-1))
		}
	}
	return inside, worst
}

func (q QQ) names() []string {
	return mapped(q.Panels, func(p QQPanel) string { return p.Design })
}

func (q QQ) check() error {
	if len(q.Panels) == 0 {
		return ErrEmpty
	}
	err := checkNumber("Interval", q.Interval, 0, 1)
	for i, p := range q.Panels {
		err = firstError(err, checkEstimates(fmt.Sprintf("Panels[%d].Pairs", i), p.Pairs, 0, math.MaxFloat64))
	}
	return err
}

// qqGrid is the panels in their columns.
type qqGrid struct {
	*sheet
	cells   []QQPanel
	columns int
	width   vg.Length // of a cell
	names   [][]string
	finding [][]string

	differences bool
	words       qqWords
}

func (q QQ) arrange(sh *sheet) content {
	g := &qqGrid{sheet: sh, cells: q.Panels, columns: min(len(q.Panels), 3), differences: q.Differences, words: q.words()}
	g.width = (sh.inner() - vg.Length(g.columns-1)*2*sh.gap) / vg.Length(g.columns)
	if g.columns == 1 {
		g.width = 0.6 * sh.inner()
	}
	for i, p := range q.Panels {
		g.names = append(g.names, sh.nameLines(sh.strong, i, p.Design, g.width, 2))
		g.finding = append(g.finding, sh.paragraph(sh.label, p.Finding, g.width, 3))
	}
	var height vg.Length
	for row := range g.rows() {
		height += g.rowHeight(row)
	}
	confidence := 0.95
	if q.Interval > 0 {
		confidence = q.Interval
	}
	l := legend{
		{g.words.equal, lineSign(sh.line(sh.muted, sh.thin))},
		{g.words.point + " with " + Percent(confidence) + " interval", pointSign(sh.accent)},
	}
	return content{legend: l, height: height, draw: g.draw}
}

func (g *qqGrid) rows() int { return (len(g.cells) + g.columns - 1) / g.columns }

// headHeight is the height of the titles in a row.
func (g *qqGrid) headHeight(row int) vg.Length {
	var h vg.Length
	for i := row * g.columns; i < min((row+1)*g.columns, len(g.cells)); i++ {
		h = max(h, linesHeight(g.strong, len(g.names[i]))+linesHeight(g.label, len(g.finding[i])))
	}
	return h
}

func (g *qqGrid) rowHeight(row int) vg.Length {
	return g.headHeight(row) + 2*g.axisTitleHeight() + 0.85*g.width + g.xAxisHeight() + g.gap
}

func (g *qqGrid) draw(area vg.Rectangle) {
	top := area.Max.Y
	for row := range g.rows() {
		for i := row * g.columns; i < min((row+1)*g.columns, len(g.cells)); i++ {
			x := area.Min.X + vg.Length(i%g.columns)*(g.width+2*g.gap)
			at := vg.Point{X: x, Y: top}
			at.Y = g.writeLines(g.strong, g.ink, at, g.names[i])
			g.writeLines(g.label, g.ink, at, g.finding[i])
			g.panel(g.cells[i], vg.Rectangle{
				Min: vg.Point{X: x, Y: top - g.rowHeight(row) + g.gap},
				Max: vg.Point{X: x + g.width, Y: top - g.headHeight(row)},
			})
		}
		top -= g.rowHeight(row)
	}
}

// panel draws one design, simulation against theory.
func (g *qqGrid) panel(c QQPanel, area vg.Rectangle) {
	p := &panel{sheet: g.sheet, area: area}
	p.area.Max.Y -= g.axisTitleHeight()
	p.area.Min.Y += g.xAxisHeight() + g.axisTitleHeight()
	var shown []Estimated
	for _, i := range every(len(c.Pairs), 25) {
		shown = append(shown, c.Pairs[i])
	}
	if len(shown) == 0 {
		g.write(g.label, g.muted, middleOf(p.area), midCentred, "no data")
		return
	}
	yTitle, xTitle := g.scales(p, shown)
	p.axes()
	along := []vg.Point{p.pt(p.x.min, p.x.min), p.pt(p.x.max, p.x.max)}
	if g.differences {
		along = []vg.Point{p.pt(p.x.min, 0), p.pt(p.x.max, 0)}
	}
	p.strokeIn(p.area, p.line(p.muted, p.thin), along...)
	for _, e := range shown {
		p.errorBar(p.accent, g.drawn(e))
	}
	g.write(g.small, g.muted, vg.Point{X: area.Min.X, Y: area.Max.Y - g.small.Font.Size}, fromLeft, g.fit(g.small, yTitle, g.width))
	g.write(g.small, g.muted, vg.Point{X: p.area.Min.X, Y: area.Min.Y + 0.2*g.gap}, fromLeft,
		g.fit(g.small, xTitle, p.area.Size().X))
}

// drawn is a pair as it stands in the panel.
func (g *qqGrid) drawn(e Estimated) Estimated {
	if g.differences {
		e.Y, e.Lo, e.Hi = e.Y-e.X, e.Lo-e.X, e.Hi-e.X
	}
	return e
}

// qqFlat is how far differences reach that are all 0, beside quantiles of that
// size.
func qqFlat(quantile float64) float64 {
	if quantile > 0 {
		return 0.01 * quantile
	}
	return 1
}

// scales sets the axes: the same on both, or the differences around 0 upright.
func (g *qqGrid) scales(p *panel, shown []Estimated) (yTitle, xTitle string) {
	lo, hi, least, most := math.Inf(1), 0.0, math.Inf(1), math.Inf(-1)
	for _, e := range shown {
		d := g.drawn(e)
		lo, hi = math.Min(lo, e.X), math.Max(hi, e.X)
		least, most = math.Min(least, d.Lo), math.Max(most, d.Hi)
	}
	if !g.differences {
		lo, hi = math.Min(lo, least), math.Max(hi, most)
	}
	lo, hi = widen(lo, hi)
	pad := 0.05 * (hi - lo)
	lo, hi = math.Max(0, lo-pad), hi+pad
	unit := ""
	if g.differences {
		if least, most = math.Min(least, 0), math.Max(most, 0); least == most {
			least, most = -qqFlat(hi), qqFlat(hi)
		}
		pad = 0.08 * (most - least)
		p.y, unit = timeScale(least-pad, most+pad, p.area.Size().Y, g.tick, true)
		yTitle = g.words.y + " minus " + g.words.x + " (" + unit + ")"
	} else {
		p.y, unit = timeScale(lo, hi, p.area.Size().Y, g.tick, true)
		yTitle = g.words.y + " (" + unit + ")"
	}
	p.area.Min.X += g.yAxisWidth(p.y)
	p.x, _ = timeScale(lo, hi, p.area.Size().X, g.tick, false)
	_, right := xOverhang(g.tick, p.x, p.area.Size().X)
	p.area.Max.X -= max(right, 0)
	p.x, unit = timeScale(lo, hi, p.area.Size().X, g.tick, false)
	return yTitle, g.words.x + " (" + unit + ")"
}
