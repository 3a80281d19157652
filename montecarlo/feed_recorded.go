package montecarlo

import (
	"math"
	"sort"

	"singlelane/queueing"
)

// recordedFeed gives the requests that were measured. Where instants are not
// known, the r that are left of an interval's count come in order of time: of
// r uniform instants in what is left of it the next lies a share 1 - V^(1/r)
// on, V uniform (order statistics, as in [poolFeed]).
type recordedFeed struct {
	instants []float64 // s; nil: counts alone
	edges    []float64 // s
	counts   []int

	i    int     // next instant, or the interval at hand
	rest int     // of its requests
	at   float64 // s, the last instant
}

func newRecordedFeed(a queueing.Recorded) *recordedFeed {
	f := &recordedFeed{instants: a.Instants()}
	f.edges, f.counts = a.Intervals()
	return f
}

func (f *recordedFeed) reset(int) { f.i, f.at, f.rest = 0, f.edges[0], f.counts[0] }

// begin goes on from t, whose interval is thinned by whoever counted it.
func (f *recordedFeed) begin(t float64) {
	if f.instants != nil {
		f.i = sort.Search(len(f.instants), func(i int) bool { return f.instants[i] > t })
		return
	}
	f.enter(t)
}

// enter moves to the interval that holds t, whose count is untouched if it is
// another than the one at hand.
func (f *recordedFeed) enter(t float64) {
	for f.i < len(f.counts) && f.edges[f.i+1] <= t {
		f.skip()
	}
	f.at = max(t, f.at)
}

// skip leaves the interval at hand.
func (f *recordedFeed) skip() {
	f.at = f.edges[f.i+1]
	if f.i++; f.i < len(f.counts) {
		f.rest = f.counts[f.i]
	}
}

func (f *recordedFeed) next(g *generator) float64 {
	if f.instants != nil {
		if f.i == len(f.instants) {
			return math.Inf(1)
		}
		f.i++
		return f.instants[f.i-1]
	}
	for f.i < len(f.counts) && f.rest == 0 {
		f.skip()
	}
	if f.i == len(f.counts) {
		return math.Inf(1)
	}
	f.at += (f.edges[f.i+1] - f.at) * -math.Expm1(-g.exponential()/float64(f.rest))
	f.rest--
	return f.at
}

func (f *recordedFeed) took(*generator) int { return 1 }

// count draws how many come in (s,t] and takes them from what is left.
func (f *recordedFeed) count(g *generator, s, t float64) int {
	if f.instants != nil {
		from := f.i
		f.begin(t)
		return f.i - from
	}
	f.at = max(f.at, s)
	n := 0
	for f.i < len(f.counts) && f.edges[f.i+1] <= t {
		n += f.rest
		f.skip()
	}
	if f.i < len(f.counts) && t > f.at {
		k := g.binomial(f.rest, (t-f.at)/(f.edges[f.i+1]-f.at))
		n, f.rest, f.at = n+k, f.rest-k, t
	}
	return n
}

func (f *recordedFeed) twin() feed    { c := *f; return &c }
func (f *recordedFeed) become(o feed) { *f = *o.(*recordedFeed) }
