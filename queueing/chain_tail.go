package queueing

import (
	"errors"
	"fmt"
	"math"
)

const (
	tailMatch = 1e-9  // relative agreement of the mean time left with that of an exponential law
	tailRest  = 1e-11 // change of a law at rest, by rounding
	tailMost  = 1e145 // s, for a mean the square of which a float64 holds
	tailPanel = 3.0   // means that a panel of an exponential tail spans
	tailEnd   = 42.0  // means after which nothing is left of it
)

// closeTail ends a chain that drains from now on as an exponential law does:
// a lane of many servers that must become idle spends ages near its stationary
// number first, and is left at a constant rate. It does so, and reports it, if
// rates are constant from now on and the mean time that is left, by the
// recursion h_i = (1 + lam h_(i+1)) / mu_i for the time from i to i-1, is that
// of an exponential law of the present rate; which it cannot be before the law
// has come to rest. Where the rate is too small to see, it is enough that the
// law has not changed since it was before.
func (b *birthDeath) closeTail(before law) bool {
	mass := b.now.mass()
	first := b.absorb + 1 - b.now.lo
	if mass <= 0 || first >= len(b.now.p) || !b.lane.constantFrom(b.t) {
		return false
	}
	rate := mass / b.meanLeft()
	if first < 0 {
		if before.differs(b.now) > tailRest*mass {
			return false
		}
	} else if now := b.deaths(b.absorb+1) * b.now.p[first] / mass; math.Abs(now/rate-1) > tailMatch {
		return false
	}
	b.panels = append(b.panels, exponentialTail(b.t, mass, rate)...)
	b.now = law{b.absorb + 1, []float64{0}}
	return true
}

// exponentialTail is the density of a mass that goes at a constant rate from t
// on.
func exponentialTail(t, mass, rate float64) (panels []panel) {
	for from := 0.0; from < tailEnd; from += tailPanel {
		lo, hi := t+from/rate, t+(from+tailPanel)/rate
		values := make([]float64, len(cheb16.x))
		for i, x := range cheb16.x {
			values[i] = mass * rate * math.Exp(-(from + tailPanel*(1+x)/2))
		}
		panels = append(panels, newPanel(lo, hi, cheb16.coefficients(values)))
	}
	return panels
}

// meanLeft is the expected time to absorption over the present law, in s, by
// the recursion from the states in which all servers are busy down.
func (b *birthDeath) meanLeft() float64 {
	c, m := b.lane.ServersAt(b.t), b.lane.cfg.Service.Mean()
	lam := b.lane.cfg.Arrivals.Rate(b.t)
	busy := 1 / (float64(c)/m - lam) // from any number of at least c to the one below
	low := b.absorb + 1
	step := make([]float64, max(c-low, 0)+1)
	step[len(step)-1] = busy
	for i := len(step) - 2; i >= 0; i-- {
		step[i] = (1 + lam*step[i+1]) / b.deaths(low+i)
	}
	sum, left := 0.0, 0.0
	for n := low; n <= b.now.hi(); n++ {
		left += step[min(n-low, len(step)-1)]
		if n >= b.now.lo {
			sum += b.now.p[n-b.now.lo] * left
		}
	}
	return sum
}

// ErrEndless says that a lane drains, but after a time that no number holds.
var ErrEndless = errors.New("queueing: the drain time is beyond all numbers")

// Endures returns an error that is [ErrEndless] for a lane whose servers must
// idle and take ages for it: the mean time, in seconds, is more than a float64
// holds the square of. A lane that is at its level from the start, and never
// overloaded, does not.
//
// For exponential servers that is the time from where all of them are busy down
// to the level. For others it is bounded from below by the busy period of as many
// servers as there are requests, (exp(lam E S) - 1)/lam on average whatever the
// law (L. Takacs, Introduction to the Theory of Queues, Oxford 1962, chapter 3):
// with c servers, in order of arrival, nobody leaves earlier.
func (l *Lane) Endures() error {
	if !l.Sustains() || l.startsDrained() {
		return nil
	}
	level, c := l.Level(math.Inf(1)), l.FinalServers()
	if !(l.idlesAfter(level) >= tailMost) {
		return nil
	}
	return fmt.Errorf("%w: all but %d of %d busy servers must idle at once, which takes more than %.0e s in the mean", ErrEndless, level, c, tailMost)
}

// idlesAfter is the mean time from busy servers down to the level, or a lower
// bound of it, if it is below tailMost.
func (l *Lane) idlesAfter(level int) float64 {
	mean, c, lam := l.cfg.Service.Mean(), l.FinalServers(), l.cfg.Arrivals.LongRun()
	if _, is := l.cfg.Service.(Exponential); !is {
		if !l.cfg.Target.Idle || !l.Plain() || lam == 0 {
			return 0
		}
		return math.Expm1(lam*mean) / lam
	}
	step := 1 / (float64(c)/mean - lam)
	for n := c - 1; n > level && step < tailMost; n-- {
		step = (1 + lam*step) * mean / float64(n)
	}
	return step
}

// startsDrained tells whether the drain time is 0 for sure.
func (l *Lane) startsDrained() bool {
	if l.Initial().law().hi() > l.Level(0) {
		return false
	}
	begin, err := chainBegin(l)
	return err == nil && begin == 0
}

// constantRest is the number of requests beside constant rates that make no
// difference.
const constantRest = 1e-12

// constantFrom tells whether no rate changes after t and no batch arrives.
func (l *Lane) constantFrom(t float64) bool { return l.beyondConstant(t) < constantRest }

// beyondConstant is how many requests come after t beside those at constant
// rates, +Inf where rates or capacity change at an instant or a batch comes.
func (l *Lane) beyondConstant(t float64) float64 {
	a := l.cfg.Arrivals
	for _, st := range a.streams {
		if tr, is := st.Source.(Trace); is && tr.repeat && !tr.even() {
			return math.Inf(1)
		}
	}
	for _, j := range a.jumps {
		if j.At > t {
			return math.Inf(1)
		}
	}
	if l.steps[len(l.steps)-1].from > t || len(a.Breaks(t, math.Inf(1))) > 0 {
		return math.Inf(1)
	}
	return a.toCome(t)
}
