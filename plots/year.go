package plots

import (
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Year shows how much recovery a year brings: the chance that the year's
// recovery time, summed over its incidents, exceeds a given length.
type Year struct {
	Frame
	Series []YearSeries
}

// YearSeries is one design. Exceed may begin below 1: a year without an
// incident is likely.
type YearSeries struct {
	Design    string
	Exceed    []Point     // s in a year against P(sum > s); may be nil
	Simulated []Estimated // may be nil
	P95       float64     // s: 19 years in 20 bring less; 0: not said
	Note      string
}

// Save writes the chart.
func (y Year) Save(w io.Writer, f Format) error { return save(w, f, y) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (y Year) Caption() string { return caption(y) }

// AltText says what the chart shows, with its numbers.
func (y Year) AltText() string {
	var s strings.Builder
	s.WriteString(opening(y.Frame, "Chance that a year's total recovery time exceeds a given length"))
	for i, q := range y.Series {
		words := "no data"
		if pts := q.path(); len(pts) > 0 {
			words = fmt.Sprintf("%s of the years bring more than %s", Percent(pts[0].Y), Duration(pts[0].X))
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, q.Design), sentence(words, q.remark()))
	}
	return s.String()
}

func (q YearSeries) path() []Point {
	return keyedCurve{theory: q.Exceed, simulated: q.Simulated}.path()
}

func (q YearSeries) remark() string {
	if q.P95 > 0 {
		return remarks("P95 "+Duration(q.P95), q.Note)
	}
	return q.Note
}

func (y Year) names() []string {
	return mapped(y.Series, func(q YearSeries) string { return q.Design })
}

func (y Year) check() error {
	if len(y.Series) == 0 {
		return ErrEmpty
	}
	var err error
	for i, q := range y.Series {
		at := fmt.Sprintf("Series[%d]", i)
		err = firstError(err, checkCurve(at+".Exceed", q.Exceed, 0, 1), checkEstimates(at+".Simulated", q.Simulated, 0, 1),
			checkNumber(at+".P95", q.P95, 0, math.Inf(1)))
	}
	return err
}

func (y Year) arrange(sh *sheet) content {
	k := keyedCurves{sheet: sh, yTitle: "probability that a year brings more"}
	var times, shares []float64
	for i, q := range y.Series {
		k.add(i, q.Design, q.remark(), q.Exceed, q.Simulated)
		for _, p := range q.path() {
			if p.Y > 0.002 {
				times = append(times, p.X)
			}
			shares = append(shares, p.Y)
		}
	}
	axis := Axis{Title: "recovery time in a year", Quantity: Time}
	k.x = func(length vg.Length) (scale, string) {
		lo, hi, _ := axis.span(times...)
		return axis.scale(math.Min(lo, 0), hi, sh.across(length))
	}
	k.y = func(r room) scale {
		_, hi, _ := Axis{}.span(append(shares, 0)...)
		return shareScale(0, math.Min(1, 1.05*hi), r)
	}
	return k.content()
}
