package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// poolFeed draws the arrivals of a finite pool in order of time: of r members
// that are left at survival probability x the next one goes at x e^(-E/r), E
// exponential (order statistics of uniforms; L. Devroye, Non-Uniform Random
// Variate Generation, Springer 1986, V.2). For exponential delays the gap is
// simply E/r mean delays.
type poolFeed struct {
	delay  queueing.Delay
	mean   float64 // of an exponential delay, else 0
	window float64 // of a uniform delay, else 0
	origin float64 // delays count from here
	start  float64 // nothing comes before

	rest    int
	pending bool
	beyond  float64 // P(delay > the last instant seen), unless exponential
	age     float64 // the last instant seen after origin, if exponential
}

func newPoolFeed(p queueing.Pool) *poolFeed {
	f := &poolFeed{delay: p.Delay, origin: p.Start, start: p.Start}
	if p.Held {
		f.origin = 0
	}
	switch d := p.Delay.(type) {
	case queueing.ExponentialDelay:
		f.mean = d.MeanDelay
	case queueing.UniformDelay:
		f.window = d.Window
	}
	return f
}

func (f *poolFeed) reset(total int) {
	f.rest, f.pending, f.beyond, f.age = total, false, 1, 0
}

func (f *poolFeed) begin(t float64) {
	f.pending = false
	f.age = 0
	if t >= f.start {
		f.age = t - f.origin
	}
	f.beyond = f.delay.Beyond(f.age)
}

func (f *poolFeed) next(g *generator) float64 {
	if f.pending {
		f.rest--
	}
	f.pending = f.rest > 0
	if !f.pending {
		return math.Inf(1)
	}
	e := g.exponential() / float64(f.rest)
	if f.mean > 0 {
		f.age += f.mean * e
	} else {
		f.beyond *= math.Exp(-e)
		f.age = f.quantile(1 - f.beyond)
	}
	return max(f.start, f.origin+f.age)
}

func (f *poolFeed) quantile(p float64) float64 {
	if f.window > 0 {
		return p * f.window
	}
	return f.delay.Quantile(p)
}

// took takes, where the pending arrival is at the start of a pool that was
// held, all others that are due by then.
func (f *poolFeed) took(g *generator) int {
	f.pending = false
	f.rest--
	n := 1
	if held := f.start - f.origin; f.age < held {
		also := g.binomial(f.rest, f.delay.Between(f.age, held)/f.delay.Beyond(f.age))
		f.rest -= also
		n += also
		f.age = held
		f.beyond = f.delay.Beyond(held)
	}
	return n
}

// count thins what is left at s: each goes by t with the conditional
// probability of its delay. Before start nothing has gone.
func (f *poolFeed) count(g *generator, s, t float64) int {
	if f.rest == 0 || t < f.start {
		return 0
	}
	from, alive := 0.0, 1.0
	if s >= f.start && s > 0 {
		from = s - f.origin
		alive = f.delay.Beyond(from)
	}
	n := f.rest
	if alive > 0 {
		n = g.binomial(f.rest, f.delay.Between(from, t-f.origin)/alive)
	}
	f.rest -= n
	return n
}
