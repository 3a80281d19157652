package montecarlo

import "math"

// surgeFeed is a Poisson process of rate initial exp(-t/decay), thinned out
// of one whose rate steps down with every surgeStep decay times (P. A. W.
// Lewis, G. S. Shedler, Naval Res. Logist. Q. 26 (1979)).
type surgeFeed struct {
	initial, decay float64
	over           float64 // what still comes is fewer than 1e-12 requests from then on

	at    float64 // the last instant seen
	from  float64 // start of the step
	upper float64 // the rate there

	still float64 // e^(-cached/decay)
	saved float64
}

const (
	surgeStep = 1.0 / 8
	surgeOver = 1e-12
)

func newSurgeFeed(initial, decay float64) *surgeFeed {
	return &surgeFeed{initial: initial, decay: decay, over: decay * math.Log(max(1, initial*decay/surgeOver))}
}

func (f *surgeFeed) reset(int) {
	f.begin(0)
	f.saved, f.still = 0, 1
}

func (f *surgeFeed) begin(t float64) {
	f.at, f.from = t, t
	f.upper = f.initial
	if t > 0 {
		f.upper *= math.Exp(-t / f.decay)
	}
}

func (f *surgeFeed) next(g *generator) float64 {
	for f.at < f.over {
		f.at += g.exponential() / f.upper
		x := (f.at - f.from) / f.decay
		if x > surgeStep {
			f.from += surgeStep * f.decay
			f.at = f.from
			f.upper *= surgeFall
			continue
		}
		// Between the two partial sums of e^-x the exponential itself decides.
		u, high := g.uniform(), 1-x+x*x/2
		if u < high-x*x*x/6 || u < high && u < math.Exp(-x) {
			return f.at
		}
	}
	return math.Inf(1)
}

var surgeFall = math.Exp(-surgeStep)

func (f *surgeFeed) took(*generator) int { return 1 }

// flow remembers e^(-t/decay), from which the following interval mostly
// starts. Its cancellation for short intervals is far below chance.
func (f *surgeFeed) flow(s, t float64) float64 {
	if s != f.saved {
		f.still = math.Exp(-s / f.decay)
	}
	before := f.still
	f.saved, f.still = t, math.Exp(-t/f.decay)
	return f.initial * f.decay * (before - f.still)
}
