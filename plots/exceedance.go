package plots

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// Exceedance shows P(T > t), the chance that a lane is still draining after t,
// on a logarithmic scale, where the rare long drains can be told apart. The
// objective and its risk budget are marked: a design passes that crosses the
// budget to the left of the objective. A simulated 0 is drawn as its bar alone,
// up from the lower edge.
type Exceedance struct {
	Frame
	Objective float64 // s; 0: none
	Budget    float64 // P(T > Objective) that is allowed; 0: none
	Interval  float64 // confidence of the bars; 0: 0.95
	Series    []ExceedanceSeries
}

// ExceedanceSeries is the tail of one design's drain time.
type ExceedanceSeries struct {
	Design      string
	Theory      []Point     // s against P(T > s); may be nil
	Simulated   []Estimated // s against P(T > s); may be nil; 13 of them are drawn
	Never       bool
	Note        string
	Approximate bool   // as in DrainSeries
	Said        string // likewise
}

// Save writes the chart.
func (e Exceedance) Save(w io.Writer, f Format) error { return save(w, f, e) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (e Exceedance) Caption() string { return caption(e) }

// AltText says what the chart shows, with its numbers.
func (e Exceedance) AltText() string {
	var s strings.Builder
	what := "Probability of still draining, by time, on a logarithmic scale"
	if e.Objective > 0 && e.Budget > 0 {
		what += fmt.Sprintf("; at most %s is allowed after %s", Percent(e.Budget), Duration(e.Objective))
	}
	s.WriteString(opening(e.Frame, what))
	for i, q := range e.Series {
		words := "no data"
		switch pts := q.drain().points(); {
		case q.Never:
			words = "never drains"
		case q.Said != "":
			words = q.Said
		case len(pts) > 0 && e.Objective > 0:
			words = q.late(pts, e.Objective) + " still draining at the objective"
		case len(pts) > 0:
			words = fmt.Sprintf("%s still draining after %s", Percent(pts[len(pts)-1].Y), Duration(pts[len(pts)-1].X))
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, q.Design), sentence(words, q.Note))
	}
	return s.String()
}

// late is the chance of still draining at a time, in words: the curve says it
// between its ends, bounds it by its first point before them and by its last
// one, or by the interval of a simulated share, beyond.
func (q ExceedanceSeries) late(pts []Point, at float64) string {
	first, last := pts[0], pts[len(pts)-1]
	switch {
	case at < first.X && first.Y < 1:
		return "at least " + Percent(first.Y)
	case at < first.X:
		return "100 %"
	case at < last.X:
		return Percent(valueAt(pts, at))
	case len(q.Theory) == 0 || q.Approximate && len(q.Simulated) > 0:
		return "at most " + Percent(q.Simulated[len(q.Simulated)-1].Hi)
	case at > last.X && last.Y > 0:
		return "at most " + Percent(last.Y)
	case last.Y == 0:
		return "next to none"
	}
	return Percent(last.Y)
}

// drain is the series as the distribution function's chart has it.
func (q ExceedanceSeries) drain() DrainSeries {
	return DrainSeries(q)
}

func (e Exceedance) names() []string {
	return mapped(e.Series, func(q ExceedanceSeries) string { return q.Design })
}

func (e Exceedance) check() error {
	if len(e.Series) == 0 {
		return ErrEmpty
	}
	if err := firstError(checkNumber("Objective", e.Objective, 0, math.MaxFloat64),
		checkNumber("Budget", e.Budget, 0, 1), checkNumber("Interval", e.Interval, 0, 1)); err != nil {
		return err
	}
	for i, q := range e.Series {
		at := fmt.Sprintf("Series[%d]", i)
		if err := firstError(checkCurve(at+".Theory", q.Theory, 0, 1),
			checkEstimates(at+".Simulated", q.Simulated, 0, 1)); err != nil {
			return err
		}
	}
	return nil
}

func (e Exceedance) arrange(sh *sheet) content {
	k := keyedCurves{sheet: sh, yTitle: "probability of still draining, logarithmic", interval: e.Interval}
	k.x = drainAxis(sh, e.span)
	k.y = func(r room) scale { return logScale(e.floor(), 1, r, oneIn) }
	if e.Objective > 0 {
		k.tags = []tag{{sh.line(sh.alarm, 1.2*sh.thin), "objective " + Duration(e.Objective), Duration(e.Objective), e.Objective}}
	}
	if e.Objective > 0 && e.Budget > 0 {
		k.target = &Point{e.Objective, e.Budget}
		k.guides = legend{{"risk budget " + Percent(e.Budget), lineSign(sh.targetLine())}}
	}
	for i, q := range e.Series {
		k.add(i, q.Design, q.drain().remark(), q.Theory, q.Simulated)
		k.approximate(q.Approximate)
	}
	return k.content()
}

// floor is the lower end of the axis: two decades below the budget, or down to
// what the simulation has seen, whichever is lower, within 1e-12 to 1e-3.
func (e Exceedance) floor() float64 {
	least := 1e-3
	if e.Budget > 0 {
		least = math.Min(least, e.Budget/100)
	}
	for _, q := range e.Series {
		for _, p := range q.Simulated {
			if p.Y > 0 {
				least = math.Min(least, p.Y)
			}
		}
	}
	return math.Pow(10, math.Floor(math.Log10(math.Max(least, 1e-12))+1e-9))
}

// span is the range of times where the curves are between 0.999 and the floor.
func (e Exceedance) span() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	include := func(t float64) { lo, hi = math.Min(lo, t), math.Max(hi, t) }
	floor := e.floor()
	for _, q := range e.Series {
		pts := q.drain().points()
		for i, p := range pts {
			if i == len(pts)-1 || pts[i+1].Y < 0.999 {
				include(p.X)
			}
			if p.Y <= floor {
				break
			}
		}
	}
	if e.Objective > 0 {
		include(e.Objective)
	}
	if math.IsInf(lo, 1) {
		return 0, 1
	}
	return lo, hi
}

// oneIn writes a probability of a logarithmic axis: "1 in 100".
func oneIn(p float64) string {
	if p >= 0.999 {
		return "always"
	}
	if p < 1e-9 { // a letter would do no more
		return "1 in " + odds(p)
	}
	return "1 in " + Count(1/p)
}
