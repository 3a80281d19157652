package queueing

import (
	"math"
	"sort"
)

// Trace is a measured series of counts per interval, taken as the means of a
// Poisson process whose rate is constant within each interval. Build it with
// [NewTrace].
type Trace struct {
	edges  []float64 // s, strictly increasing, one more than counts
	counts []float64
	before []float64 // before[i]: counts up to edges[i]
	repeat bool
}

// NewTrace describes counts[i] requests in (edges[i], edges[i+1]]. After the
// last edge nothing arrives, or, with repeat, the series starts again from
// its first interval. edges[0] must be 0 or more, and 0 with repeat.
func NewTrace(edges, counts []float64, repeat bool) (Trace, error) {
	a, err := newIntervals(edges, counts, repeat)
	if err != nil {
		return Trace{}, err
	}
	return a.merged(), nil
}

// newIntervals is a trace with all intervals as they are given.
func newIntervals(edges, counts []float64, repeat bool) (Trace, error) {
	if len(counts) == 0 || len(edges) != len(counts)+1 {
		return Trace{}, &FieldError{"Trace", len(counts), "at least one interval, with one edge more than counts"}
	}
	a := Trace{append([]float64(nil), edges...), append([]float64(nil), counts...), make([]float64, len(edges)), repeat}
	for i, n := range counts {
		a.before[i+1] = a.before[i] + n
	}
	return a, a.Validate()
}

// sameRate is how close rates are that differ by rounding alone, over themselves.
const sameRate = 1e-13

// merged is a with intervals of one rate made one, so that its edges are where the
// rate jumps.
func (a Trace) merged() Trace {
	m := Trace{edges: a.edges[:1:1], before: []float64{0}, repeat: a.repeat}
	last := math.NaN()
	for i, n := range a.counts {
		to := a.edges[i+1]
		rate := n / (to - a.edges[i])
		if math.Abs(rate-last) <= sameRate*last {
			k := len(m.counts) - 1
			m.counts[k] += n
			m.edges[k+1], m.before[k+1] = to, m.before[k+1]+n
			continue
		}
		last = rate
		m.counts, m.edges = append(m.counts, n), append(m.edges, to)
		m.before = append(m.before, m.before[len(m.before)-1]+n)
	}
	return m
}

// even tells whether a repeating trace has one rate for ever.
func (a Trace) even() bool { return a.repeat && len(a.counts) == 1 }

// period is the length of one pass, base the start of the pass that holds t.
func (a Trace) pass(t float64) (passes, at float64) {
	if !a.repeat {
		return 0, t
	}
	length := a.edges[len(a.edges)-1]
	passes = math.Floor(t / length)
	return passes, t - passes*length
}

// upTo is the mean count in (0,t].
func (a Trace) upTo(t float64) float64 {
	passes, at := a.pass(t)
	last := len(a.edges) - 1
	sum := passes * a.before[last]
	switch {
	case at <= a.edges[0]:
		return sum
	case at >= a.edges[last]:
		return sum + a.before[last]
	}
	i := a.interval(at)
	return sum + a.before[i] + a.counts[i]*(at-a.edges[i])/(a.edges[i+1]-a.edges[i])
}

// interval is the i with edges[i] <= t < edges[i+1].
func (a Trace) interval(t float64) int {
	return sort.Search(len(a.edges), func(i int) bool { return a.edges[i] > t }) - 1
}

func (a Trace) Rate(t float64) float64 {
	_, at := a.pass(t)
	i := a.interval(at)
	if i < 0 || i >= len(a.counts) {
		return 0
	}
	return a.counts[i] / (a.edges[i+1] - a.edges[i])
}

func (a Trace) Flow(s, t float64) float64 {
	if a.sameInterval(s, t) {
		return a.Rate(s) * (t - s)
	}
	return a.upTo(t) - a.upTo(s)
}

func (a Trace) Excess(s, t float64) float64 {
	if a.sameInterval(s, t) {
		return 0
	}
	return a.Flow(s, t) - a.Rate(t)*(t-s)
}

func (a Trace) sameInterval(s, t float64) bool {
	if a.even() {
		return true
	}
	p, x := a.pass(s)
	q, y := a.pass(t)
	return p == q && a.interval(x) == a.interval(y)
}

// traceEdges bounds the edges that are listed of a repeating trace, which has
// no last one.
const traceEdges = 200_000

// Breaks lists the edges; a repeating trace has them in every pass, of which as
// many are listed as traceEdges allows, and two at least.
func (a Trace) Breaks(lo, hi float64) []float64 {
	if a.even() {
		return nil
	}
	var all []float64
	passes, _ := a.pass(math.Max(lo, 0))
	length := a.edges[len(a.edges)-1]
	last := passes + math.Max(2, math.Floor(traceEdges/float64(len(a.edges))))
	for ; passes < last; passes++ {
		for _, e := range a.edges {
			at := passes*length + e
			if at >= hi {
				return all
			}
			if at > lo && (len(all) == 0 || at > all[len(all)-1]) {
				all = append(all, at)
			}
		}
		if !a.repeat {
			break
		}
	}
	return all
}

func (a Trace) Jumps() []Jump            { return nil }
func (a Trace) Count(s, t float64) Count { return Count{Poisson: a.Flow(s, t)} }
func (a Trace) Begins() float64          { return 0 }

// LongRun is the mean rate of a repeating trace, 0 for one that ends.
func (a Trace) LongRun() float64 {
	if !a.repeat {
		return 0
	}
	last := len(a.edges) - 1
	return a.before[last] / a.edges[last]
}

// Ends is the last edge, Repeats whether the series then starts again.
func (a Trace) Ends() float64 { return a.edges[len(a.edges)-1] }

// Edges are those of the intervals of one pass, in s; neighbours differ in rate.
func (a Trace) Edges() []float64 { return append([]float64(nil), a.edges...) }

// Repeats tells whether the series starts again after its last interval.
func (a Trace) Repeats() bool { return a.repeat }

func (a Trace) Split(n, _ int) Source {
	part := make([]float64, len(a.counts))
	for i, c := range a.counts {
		part[i] = c / float64(n)
	}
	b, _ := NewTrace(a.edges, part, a.repeat) // valid because a is
	return b
}

func (a Trace) Validate() error {
	if len(a.counts) == 0 {
		return &FieldError{"Trace", 0, "at least one interval"}
	}
	if err := nonNegative("Trace.edges[0]", a.edges[0]); err != nil {
		return err
	}
	if a.repeat && a.edges[0] != 0 {
		return &FieldError{"Trace.edges[0]", a.edges[0], "0 in a trace that repeats"}
	}
	for i, n := range a.counts {
		if err := nonNegative("Trace.counts", n); err != nil {
			return err
		}
		if w := a.edges[i+1] - a.edges[i]; !(w > 0) || math.IsInf(w, 1) {
			return &FieldError{"Trace.edges", a.edges[i+1], "increasing finite edges"}
		}
	}
	return nil
}
