package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// Backlog shows the requests in the lane over time, one panel a design (1 to
// 12 read well): the median and the middle 50, 90 and 99 % of the outcomes,
// the mean-field path as a line, and when overload ends, the lane has drained
// and the objective falls due. The time axis ends when the last panel settles.
type Backlog struct {
	Frame
	TimeTitle string // what times count from, "time since the incident began" if empty
	Panels    []BacklogPanel
}

// BacklogPanel is the backlog of one design. A panel without Times is drawn as
// its Note.
type BacklogPanel struct {
	Design   string    // name, the first line of the panel's title
	Finding  string    // the rest of it, as "99 % drained by 3 h 10 min"
	Times    []float64 // s, not decreasing
	Median   []float64 // requests in the lane at Times; may be nil
	Bands    []Band    // at Times, any number
	Fluid    []Point   // s against requests; may be nil
	Measured []Point   // s against requests, as they were; may be nil
	Markers  []Marker
	Note     string // a remark, as "never drains: 12/s into 10/s"
}

// Save writes the chart.
func (b Backlog) Save(w io.Writer, f Format) error { return save(w, f, b) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (b Backlog) Caption() string { return caption(b) }

// AltText says what the chart shows, with its numbers.
func (b Backlog) AltText() string {
	var s strings.Builder
	s.WriteString(opening(b.Frame, "Requests in the lane over time"))
	for i, p := range b.Panels {
		fmt.Fprintf(&s, " %s: ", spoken(i, p.Design))
		if p.empty() {
			s.WriteString(sentence(p.Finding, p.Note, "no data"))
			continue
		}
		s.WriteString(sentence(p.Finding, p.Note, p.peak(), p.measuredPeak(), markerWords(p.Markers)))
	}
	return s.String()
}

// peak says when the median backlog is highest.
func (p BacklogPanel) peak() string {
	if len(p.Median) == 0 {
		return ""
	}
	i := argMax(p.Median)
	requests := Count(p.Median[i]) + " requests"
	if p.Median[i] == 1 {
		requests = "1 request"
	}
	return fmt.Sprintf("the median backlog peaks at %s after %s", requests, Duration(p.Times[i]))
}

// measuredPeak says when the measured backlog was highest.
func (p BacklogPanel) measuredPeak() string {
	if len(p.Measured) == 0 {
		return ""
	}
	q := p.Measured[argMax(mapped(p.Measured, func(q Point) float64 { return q.Y }))]
	return fmt.Sprintf("the measured one at %s after %s", Count(q.Y), Duration(q.X))
}

func (p BacklogPanel) empty() bool { return len(p.Times)+len(p.Fluid)+len(p.Measured) == 0 }

func (b Backlog) names() []string {
	return mapped(b.Panels, func(p BacklogPanel) string { return p.Design })
}

func (b Backlog) check() error {
	if len(b.Panels) == 0 {
		return ErrEmpty
	}
	for i, p := range b.Panels {
		if err := p.check(fmt.Sprintf("Panels[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (p BacklogPanel) check(at string) error {
	n := len(p.Times)
	err := firstError(checkTimes(at+".Times", p.Times), checkSeries(at+".Median", p.Median, n),
		checkCurve(at+".Fluid", p.Fluid, 0, math.MaxFloat64), checkCurve(at+".Measured", p.Measured, 0, math.MaxFloat64), checkMarkers(at+".Markers", p.Markers))
	for k, b := range p.Bands {
		if err == nil {
			err = b.check(fmt.Sprintf("%s.Bands[%d]", at, k), n)
		}
	}
	return err
}

func (b Band) check(at string, n int) error {
	if len(b.Lo) != n {
		return &LengthError{at + ".Lo", len(b.Lo), n}
	}
	if len(b.Hi) != n {
		return &LengthError{at + ".Hi", len(b.Hi), n}
	}
	return firstError(checkNumber(at+".Share", b.Share, 0, 1),
		checkSeries(at+".Lo", b.Lo, n), checkSeries(at+".Hi", b.Hi, n))
}

func (b Backlog) arrange(sh *sheet) content {
	cells := make([]timePanel, len(b.Panels))
	for i, p := range b.Panels {
		cells[i] = p.cell(sh)
	}
	g := arrangePanels(sh, cells, titles{time: b.TimeTitle, value: "requests in the lane"}, false)
	return content{legend: b.legend(sh), height: g.height(), draw: g.drawIn}
}

// legend explains the bands that any panel has.
func (b Backlog) legend(sh *sheet) legend {
	var l legend
	var shares []float64
	median, fluid := false, false
	for _, p := range b.Panels {
		median = median || len(p.Median) > 0
		fluid = fluid || len(p.Fluid) > 0
		for _, b := range p.Bands {
			if !slices.Contains(shares, b.Share) {
				shares = append(shares, b.Share)
			}
		}
	}
	if median {
		l = append(l, legendItem{"median", lineSign(sh.line(sh.accent, sh.stroke))})
	}
	slices.Sort(shares)
	for i, share := range shares {
		text := Percent(share)
		if i == len(shares)-1 {
			text += " of outcomes"
		}
		l = append(l, legendItem{text, areaSign(sh.bandColour(share))})
	}
	if fluid {
		l = append(l, legendItem{"mean-field path", lineSign(sh.fluidLine())})
	}
	if slices.ContainsFunc(b.Panels, func(p BacklogPanel) bool { return len(p.Measured) > 0 }) {
		l = append(l, legendItem{"measured", lineSign(sh.measuredLine())})
	}
	return l
}

// cell turns the panel into one of the grid.
func (p BacklogPanel) cell(sh *sheet) timePanel {
	c := timePanel{design: p.Design, finding: p.Finding, note: p.Note, markers: p.Markers, empty: p.empty()}
	series := [][]float64{p.Median}
	for _, b := range p.Bands {
		series = append(series, b.Hi)
	}
	fluid := mapped(p.Fluid, func(q Point) float64 { return q.Y })
	measured := mapped(p.Measured, func(q Point) float64 { return q.Y })
	for _, s := range append(series, fluid, measured) {
		c.top = math.Max(c.top, largestFinite(s))
	}
	c.settled = true
	for _, s := range series {
		reach, settled := settling(p.Times, s, c.top)
		c.reach, c.settled = math.Max(c.reach, reach), c.settled && settled
	}
	reach, settled := settling(mapped(p.Fluid, func(q Point) float64 { return q.X }), fluid, c.top)
	c.reach, c.settled = math.Max(c.reach, reach), c.settled && settled
	reach, settled = settling(mapped(p.Measured, func(q Point) float64 { return q.X }), measured, c.top)
	c.reach, c.settled = math.Max(c.reach, reach), c.settled && settled
	c.draw = func(pn *panel) { p.draw(sh, pn) }
	return c
}

func (p BacklogPanel) draw(sh *sheet, pn *panel) {
	bands := slices.Clone(p.Bands)
	slices.SortStableFunc(bands, func(a, b Band) int { return compare(b.Share, a.Share) })
	for _, b := range bands {
		pn.band(sh.bandColour(b.Share), p.Times, b.Lo, b.Hi)
	}
	if len(p.Median) > 0 {
		pn.curve(sh.line(sh.accent, sh.stroke), zip(p.Times, p.Median))
	}
	pn.curve(sh.fluidLine(), p.Fluid)
	pn.curve(sh.measuredLine(), p.Measured)
}

// bandColour is paler the more outcomes a band holds.
func (s *style) bandColour(share float64) color.RGBA {
	return mix(s.accent, s.ground, 0.38+0.45*share*share)
}

func (s *style) measuredLine() draw.LineStyle { return s.line(s.alarm, 1.5*s.thin) }

func (s *style) fluidLine() draw.LineStyle { return s.line(s.ink, s.thin, 4*s.thin, 2.5*s.thin) }
