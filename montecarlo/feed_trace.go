package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// traceFeed is a Poisson process whose rate is constant between edges. An
// arrival spends an exponential amount of mean count, walking the intervals.
type traceFeed struct {
	trace  queueing.Trace
	edges  []float64 // of one pass, s
	rates  []float64 // requests per second in each interval
	length float64   // of a pass that repeats, else 0

	base float64 // start of the pass
	i    int     // interval of at; len(rates): past the end
	at   float64
}

func newTraceFeed(a queueing.Trace) *traceFeed {
	f := &traceFeed{trace: a, edges: a.Edges()}
	if f.edges[0] > 0 {
		f.edges = append([]float64{0}, f.edges...)
	}
	if a.Repeats() {
		f.length = a.Ends()
	}
	for _, e := range f.edges[:len(f.edges)-1] {
		f.rates = append(f.rates, a.Rate(e))
	}
	return f
}

func (f *traceFeed) reset(int) { f.base, f.i, f.at = 0, 0, 0 }

func (f *traceFeed) begin(t float64) {
	f.base, f.i, f.at = 0, 0, t
	if f.length > 0 {
		f.base = math.Floor(t/f.length) * f.length
	}
	for f.i < len(f.rates) && f.base+f.edges[f.i+1] <= t {
		f.i++
	}
	f.wrap()
}

// wrap starts the next pass of a trace that repeats.
func (f *traceFeed) wrap() {
	if f.i == len(f.rates) && f.length > 0 {
		f.base += f.length
		f.i = 0
	}
}

// next gives up, with +Inf, on a trace that has ended and on one that repeats
// without any arrivals.
func (f *traceFeed) next(g *generator) float64 {
	e := g.exponential()
	for empty := 0; f.i < len(f.rates) && empty <= len(f.rates); empty++ {
		end := f.base + f.edges[f.i+1]
		if rate := f.rates[f.i]; rate > 0 {
			empty = 0
			if room := rate * (end - f.at); e < room {
				f.at += e / rate
				return f.at
			} else {
				e -= room
			}
		}
		f.at = end
		f.i++
		f.wrap()
	}
	return math.Inf(1)
}

func (f *traceFeed) took(*generator) int { return 1 }

func (f *traceFeed) flow(s, t float64) float64 { return f.trace.Flow(s, t) }
