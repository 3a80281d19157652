package plots

import (
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Comparison sets the designs against the objective, a row each: a line from P5
// to P99 of the drain time with a ring at P50 and a dot at P99, which is
// coloured by whether it meets the objective.
type Comparison struct {
	Frame
	Objective  float64 // s; 0: none
	Confidence float64 // P(T <= Objective) that is asked for; 0: none
	Rows       []ComparisonRow
}

// ComparisonRow is one design. Quantiles are in seconds and in order; +Inf is
// never.
type ComparisonRow struct {
	Design       string
	P5, P50, P99 float64
	P99Lo, P99Hi float64 // interval of a simulated P99; both 0: none
	Meets        bool    // whether it meets the objective
	Undecided    bool    // the interval straddles the objective: it may or may not
	Empty        bool    // no quantiles are known
	Note         string  // instead of the P99 at the right, as "never drains"
}

// Save writes the chart.
func (c Comparison) Save(w io.Writer, f Format) error { return save(w, f, c) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (c Comparison) Caption() string { return caption(c) }

// AltText says what the chart shows, with its numbers.
func (c Comparison) AltText() string {
	var s strings.Builder
	s.WriteString(opening(c.Frame, "Drain times of the designs"+Drain{Objective: c.Objective, Confidence: c.Confidence}.aim()))
	for i, r := range c.Rows {
		words := "no data"
		if !r.Empty {
			words = fmt.Sprintf("P5 %s, P50 %s, P99 %s", Duration(r.P5), Duration(r.P50), Duration(r.P99))
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, r.Design), sentence(words, r.verdict(c.Objective), r.Note))
	}
	return s.String()
}

func (r ComparisonRow) verdict(objective float64) string {
	switch {
	case objective <= 0 || r.Empty:
		return ""
	case r.Undecided:
		return "may or may not meet the objective"
	case r.Meets:
		return "meets the objective"
	}
	return "misses the objective"
}

func (c Comparison) names() []string {
	return mapped(c.Rows, func(r ComparisonRow) string { return r.Design })
}

func (c Comparison) check() error {
	if len(c.Rows) == 0 {
		return ErrEmpty
	}
	err := firstError(checkNumber("Objective", c.Objective, 0, math.MaxFloat64), checkNumber("Confidence", c.Confidence, 0, 1))
	for i, r := range c.Rows {
		at := fmt.Sprintf("Rows[%d]", i)
		if r.Empty {
			continue
		}
		err = firstError(err, checkNumber(at+".P5", r.P5, 0, math.MaxFloat64), checkNumber(at+".P50", r.P50, r.P5, math.Inf(1)),
			checkNumber(at+".P99", r.P99, r.P50, math.Inf(1)))
		if r.P99Lo != 0 || r.P99Hi != 0 {
			err = firstError(err, checkNumber(at+".P99Lo", r.P99Lo, 0, r.P99), checkNumber(at+".P99Hi", r.P99Hi, r.P99, math.Inf(1)))
		}
	}
	return err
}

func (c Comparison) arrange(sh *sheet) content {
	rows := rowChart{sheet: sh, xTitle: "time since the incident began"}
	lo, hi, _ := Axis{}.span(c.values()...)
	rows.x = func(length vg.Length) (scale, string) {
		if lo > 0 && hi > 25*lo {
			return logTimeScale(lo/1.2, hi*1.2, sh.across(length)), rows.xTitle + ", logarithmic"
		}
		low, high := Axis{}.fromZero(lo, hi)
		sc, unit := timeScale(low, high, length, sh.tick, false)
		return sc, rows.xTitle + " (" + unit + ")"
	}
	if c.Objective > 0 {
		rows.tags = sh.tags(Drain{Objective: c.Objective, Confidence: c.Confidence}.markers())
	}
	for i, r := range c.Rows {
		value := "P99 " + Duration(r.P99)
		if r.Empty {
			value = "no data"
		}
		if r.Note != "" {
			value = r.Note
		}
		rows.add(i, r.Design, value, func(p *panel, y vg.Length) { r.draw(p, y, c.Objective) })
	}
	return rows.content(c.legend(sh))
}

func (c Comparison) legend(sh *sheet) legend {
	l := legend{
		{"P5 to P99", lineSign(sh.line(sh.muted, 2*sh.stroke))},
		{"P50", func(sh *sheet, r vg.Rectangle) { sh.ring(sh.muted, middleOf(r), 1.7*sh.stroke) }},
	}
	if c.Objective <= 0 {
		return append(l, legendItem{"P99", func(sh *sheet, r vg.Rectangle) { sh.dot(sh.accent, middleOf(r), 2*sh.stroke) }})
	}
	l = append(l,
		legendItem{"P99, meets the objective", func(sh *sheet, r vg.Rectangle) { sh.dot(sh.good, middleOf(r), 2*sh.stroke) }},
		legendItem{"misses it", func(sh *sheet, r vg.Rectangle) { sh.diamond(sh.alarm, middleOf(r), 2.4*sh.stroke) }})
	for _, r := range c.Rows {
		if r.Undecided && !r.Empty {
			return append(l, legendItem{"undecided", func(sh *sheet, r vg.Rectangle) { sh.dot(sh.muted, middleOf(r), 2*sh.stroke) }})
		}
	}
	return l
}

// values are the times that the axis has to hold.
func (c Comparison) values() []float64 {
	var vs []float64
	for _, r := range c.Rows {
		if !r.Empty {
			vs = append(vs, r.P5, r.P50, r.P99)
			if r.P99Hi <= 3*r.P99 {
				vs = append(vs, r.P99Hi, math.Max(r.P99Lo, r.P5))
			}
		}
	}
	if c.Objective > 0 {
		vs = append(vs, c.Objective)
	}
	return vs
}

// draw draws the design's marks at height y.
func (r ComparisonRow) draw(p *panel, y vg.Length, objective float64) {
	if r.Empty {
		return
	}
	at := func(v float64) vg.Point {
		return vg.Point{X: p.area.Min.X + vg.Length(math.Min(math.Max(p.x.at(v), 0), 1))*p.area.Size().X, Y: y}
	}
	colour := p.good
	switch {
	case objective <= 0:
		colour = p.accent
	case r.Undecided:
		colour = p.muted
	case !r.Meets:
		colour = p.alarm
	}
	p.rule(p.line(mix(colour, p.ground, 0.45), 2*p.stroke), at(r.P5), at(r.P99))
	if r.P99Hi > 0 {
		p.rule(p.line(colour, p.thin), at(r.P99Lo), at(r.P99Hi))
	}
	if !math.IsInf(r.P50, 1) {
		p.ring(p.ink, at(r.P50), 1.7*p.stroke)
	}
	switch {
	case math.IsInf(r.P99, 1):
		p.arrow(colour, at(r.P99), 2.4*p.stroke)
	case objective > 0 && !r.Meets && !r.Undecided:
		p.diamond(colour, at(r.P99), 2.4*p.stroke)
	default:
		p.dot(colour, at(r.P99), 2*p.stroke)
	}
}
