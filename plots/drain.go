package plots

import (
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Drain shows the distribution function of the drain time of each design,
// theory as a line, simulation as points with bars, and the objective. The time
// axis is logarithmic where the designs differ by more than a factor of 25.
type Drain struct {
	Frame
	Objective  float64 // s; 0: none
	Confidence float64 // P(T <= Objective) that is asked for; 0: none
	Interval   float64 // confidence of the bars; 0: 0.95
	Series     []DrainSeries
}

// DrainSeries is the law of one design's drain time.
type DrainSeries struct {
	Design      string
	Theory      []Point     // s against P(T <= s), both not decreasing; may be nil
	Simulated   []Estimated // s against P(T <= s); may be nil; 13 of them are drawn
	Never       bool        // the lane cannot drain: only noted
	Note        string      // a remark beside the name, as "P99 3 h 10 min"
	Approximate bool        // the theory is: the simulation, where there is any, is what counts, and the line is drawn thin
	Said        string      // what the alt text says of it, where that is known better than the points show; may be empty
}

// Estimated is a simulated point with its interval.
type Estimated struct{ X, Y, Lo, Hi float64 }

// Save writes the chart.
func (d Drain) Save(w io.Writer, f Format) error { return save(w, f, d) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (d Drain) Caption() string { return caption(d) }

// AltText says what the chart shows, with its numbers.
func (d Drain) AltText() string {
	var s strings.Builder
	s.WriteString(opening(d.Frame, "Probability that the lane has drained, by time"+d.aim()))
	for i, q := range d.Series {
		fmt.Fprintf(&s, " %s: %s", spoken(i, q.Design), sentence(q.words(d.Objective), q.Note))
	}
	return s.String()
}

// aim says what the objective is.
func (d Drain) aim() string {
	if d.Objective <= 0 {
		return ""
	}
	if d.Confidence <= 0 {
		return "; the objective is " + Duration(d.Objective)
	}
	return fmt.Sprintf("; the objective is %s within %s", Percent(d.Confidence), Duration(d.Objective))
}

// words gives the median, P99 and the chance of meeting the objective.
func (q DrainSeries) words(objective float64) string {
	if q.Never {
		return "never drains"
	}
	if q.Said != "" {
		return q.Said
	}
	pts := q.points()
	if len(pts) == 0 {
		return "no data"
	}
	s := "half drained by " + reaches(pts, 0.5)
	if pts[len(pts)-1].Y >= 0.99 && q.Note == "" { // which says what the curve only comes near to
		s += ", 99 % by " + reaches(pts, 0.99)
	}
	if objective > 0 {
		bound := ""
		if objective > pts[len(pts)-1].X && pts[len(pts)-1].Y < 1 {
			bound = "at least "
		}
		s += fmt.Sprintf(", %s%s within the objective", bound, Percent(valueAt(pts, objective)))
	}
	return s
}

// points is the theory, or the simulation where there is none or the theory is
// approximate.
func (q DrainSeries) points() []Point {
	if len(q.Theory) > 0 && (!q.Approximate || len(q.Simulated) == 0) {
		return q.Theory
	}
	return mapped(q.Simulated, func(e Estimated) Point { return Point{e.X, e.Y} })
}

// reaches is when a distribution function reaches p, in words.
func reaches(pts []Point, p float64) string {
	for i, q := range pts {
		if q.Y < p {
			continue
		}
		if i == 0 || q.Y == pts[i-1].Y {
			return Duration(q.X)
		}
		before := pts[i-1]
		return Duration(before.X + (q.X-before.X)*(p-before.Y)/(q.Y-before.Y))
	}
	return "a time not shown"
}

// valueAt is the distribution function at x, linear between its points.
func valueAt(pts []Point, x float64) float64 {
	var before Point
	for i, q := range pts {
		if q.X > x {
			if i == 0 {
				return 0
			}
			return before.Y + (q.Y-before.Y)*(x-before.X)/(q.X-before.X)
		}
		before = q
	}
	return before.Y
}

func (d Drain) names() []string {
	return mapped(d.Series, func(q DrainSeries) string { return q.Design })
}

func (d Drain) check() error {
	if len(d.Series) == 0 {
		return ErrEmpty
	}
	if err := firstError(checkNumber("Objective", d.Objective, 0, math.MaxFloat64),
		checkNumber("Confidence", d.Confidence, 0, 1), checkNumber("Interval", d.Interval, 0, 1)); err != nil {
		return err
	}
	for i, q := range d.Series {
		at := fmt.Sprintf("Series[%d]", i)
		if err := firstError(checkCurve(at+".Theory", q.Theory, 0, 1),
			checkEstimates(at+".Simulated", q.Simulated, 0, 1)); err != nil {
			return err
		}
	}
	return nil
}

func (d Drain) arrange(sh *sheet) content {
	k := keyedCurves{sheet: sh, tags: sh.tags(d.markers()), yTitle: "probability of having drained", interval: d.Interval}
	k.x = drainAxis(sh, d.span)
	k.y = func(r room) scale { return shareScale(0, 1, r) }
	for i, q := range d.Series {
		k.add(i, q.Design, q.remark(), q.Theory, q.Simulated)
		k.approximate(q.Approximate)
	}
	if d.Objective > 0 && d.Confidence > 0 {
		k.target = &Point{d.Objective, d.Confidence}
	}
	return k.content()
}

// drainAxis is a time axis over the span: from 0 if that is near, logarithmic
// if the ends are far apart.
func drainAxis(sh *sheet, span func() (lo, hi float64)) func(vg.Length) (scale, string) {
	return func(length vg.Length) (scale, string) {
		title := "time since the incident began"
		lo, hi := span()
		if lo > 0 && hi > 25*lo {
			return logTimeScale(lo/1.15, hi*1.15, sh.across(length)), title + ", logarithmic"
		}
		if lo < 0.4*hi {
			lo = 0
		}
		lo, hi = widen(lo, hi)
		pad := 0.04 * (hi - lo)
		if lo > 0 {
			lo = math.Max(0, lo-pad)
		}
		x, unit := timeScale(lo, hi+pad, length, sh.tick, false)
		return x, title + " (" + unit + ")"
	}
}

// remark is the note, or what has to be said for want of a curve.
func (q DrainSeries) remark() string {
	switch {
	case q.Note != "":
		return q.Note
	case q.Never:
		return "never drains"
	case len(q.Theory)+len(q.Simulated) == 0:
		return "no data"
	}
	return ""
}

func (d Drain) markers() []Marker {
	if d.Objective <= 0 {
		return nil
	}
	m := Marker{Kind: Objective, At: d.Objective}
	if d.Confidence > 0 {
		m.Label = "objective: " + Percent(d.Confidence) + " within"
	}
	return []Marker{m}
}

// span is the range of times where something is undecided, with the objective.
func (d Drain) span() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	include := func(t float64) { lo, hi = math.Min(lo, t), math.Max(hi, t) }
	for _, q := range d.Series {
		pts := q.points()
		for i, p := range pts {
			if p.Y > 0.002 || i == len(pts)-1 || pts[i+1].Y > 0.002 {
				include(p.X)
			}
			if p.Y > 0.998 {
				break
			}
		}
	}
	if d.Objective > 0 {
		include(d.Objective)
	}
	if math.IsInf(lo, 1) {
		return 0, 1
	}
	return lo, hi
}
