package plots

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// ZoneBreaches shows the breaches of the objective that a year brings by the
// number of zones the region is spread over.
type ZoneBreaches struct {
	Frame
	Budget  float64 // breaches a year that are allowed; 0: none
	Current int     // the zones there are; 0: not marked
	Series  []ZoneSeries
}

// ZoneSeries is one design: Breaches[i] a year with Zones[i].
type ZoneSeries struct {
	Design   string
	Zones    []int // increasing, 1 or more
	Breaches []float64
	Note     string
}

// Save writes the chart.
func (z ZoneBreaches) Save(w io.Writer, f Format) error { return save(w, f, z) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (z ZoneBreaches) Caption() string { return caption(z) }

// AltText says what the chart shows, with its numbers.
func (z ZoneBreaches) AltText() string {
	var s strings.Builder
	s.WriteString(opening(z.Frame, "Breaches of the objective in a year, by the number of zones"))
	for i, q := range z.Series {
		var words []string
		for k, n := range q.Zones {
			if k < len(q.Breaches) {
				words = append(words, fmt.Sprintf("%s with %d zones", significant(q.Breaches[k]), n))
			}
		}
		if len(words) == 0 {
			words = []string{"no data"}
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, q.Design), sentence(strings.Join(words, ", "), q.Note))
	}
	return s.String()
}

func (z ZoneBreaches) names() []string {
	return mapped(z.Series, func(q ZoneSeries) string { return q.Design })
}

func (z ZoneBreaches) check() error {
	if len(z.Series) == 0 {
		return ErrEmpty
	}
	err := firstError(checkNumber("Budget", z.Budget, 0, math.MaxFloat64), checkNumber("Current", float64(z.Current), 0, 1e6))
	for i, q := range z.Series {
		at := fmt.Sprintf("Series[%d]", i)
		if len(q.Zones) != len(q.Breaches) {
			return firstError(err, &LengthError{at + ".Breaches", len(q.Breaches), len(q.Zones)})
		}
		before := 0.0
		for k, n := range q.Zones {
			err = firstError(err, checkNumber(fmt.Sprintf("%s.Zones[%d]", at, k), float64(n), before+1, 1e6))
			before = float64(n)
		}
		err = firstError(err, checkAll(at+".Breaches", q.Breaches, 0, math.MaxFloat64))
	}
	return err
}

func (z ZoneBreaches) arrange(sh *sheet) content {
	k := keyedCurves{sheet: sh, exactDots: true}
	lo, hi := math.Inf(1), 0.0
	values := []float64{z.Budget}
	for i, q := range z.Series {
		var line []Point
		for j, n := range q.Zones {
			line = append(line, Point{float64(n), q.Breaches[j]})
			lo, hi = math.Min(lo, float64(n)), math.Max(hi, float64(n))
		}
		values = append(values, q.Breaches...)
		k.add(i, q.Design, remarks(q.Note, z.beneath(i)), line, nil)
	}
	y := z.axis(values)
	k.yTitle = y.Title
	k.x = func(length vg.Length) (scale, string) { return wholeScale(lo, hi, length, sh), "zones" }
	k.y = func(r room) scale {
		low, high, _ := y.span(values...)
		low, high = y.fromZero(low, high)
		if y.Log {
			low, high = low/1.4, high*1.2
		} else {
			low = 0
		}
		sc, _ := y.scale(low, high, r)
		return sc
	}
	if z.Budget > 0 {
		k.level = &level{z.Budget, "budget " + significant(z.Budget) + " a year"}
	}
	if z.Current > 0 {
		text := fmt.Sprintf("now %d zones", z.Current)
		k.tags = []tag{{sh.line(sh.muted, sh.thin, 3*sh.thin, 2*sh.thin), text, text, float64(z.Current)}}
	}
	return k.content()
}

// beneath names the design whose line lies upon the i-th and hides it.
func (z ZoneBreaches) beneath(i int) string {
	for j := len(z.Series) - 1; j > i; j-- {
		if a, b := z.Series[i], z.Series[j]; slices.Equal(a.Zones, b.Zones) && slices.Equal(a.Breaches, b.Breaches) {
			return "the same line as " + spoken(j, b.Design)
		}
	}
	return ""
}

// axis is logarithmic where the breaches differ by more than a factor of 30.
func (z ZoneBreaches) axis(values []float64) Axis {
	a := Axis{Title: "breaches a year"}
	lo, hi, ok := Axis{Log: true}.span(values...)
	if ok && hi > 30*lo {
		a.Log, a.Title = true, "breaches a year, logarithmic"
	}
	return a
}

// wholeScale has a tick at each whole number, or as many as fit.
func wholeScale(lo, hi float64, length vg.Length, sh *sheet) scale {
	if lo > hi {
		lo, hi = 1, 2
	}
	sc := scale{min: lo - 0.3, max: hi + 0.3}
	step := 1.0
	for (hi-lo)/step+1 > float64(sh.across(length).most(Count(hi))) {
		step *= 2
	}
	for v := lo; v <= hi; v += step {
		sc.ticks = append(sc.ticks, plot.Tick{Value: v, Label: Count(v)})
	}
	return sc
}
