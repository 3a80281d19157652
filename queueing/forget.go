package queueing

import (
	"math"
	"slices"

	"singlelane/queueing/internal/skellam"
)

// coupled is the distance between the laws from the emptiest and from the
// fullest start below which the start no longer matters, and coupledRisk that over the
// risk that is taken elsewhere, where tolerances are coarse.
const coupled, coupledRisk = 1e-13, 0.01

// coupling is that distance.
func (o SolveOptions) coupling() float64 {
	if o.coarse() {
		return coupledRisk * o.risk()
	}
	return coupled
}

// start is the law of the number in a lane at an instant, which depends on
// nothing before from.
type start struct {
	from, at float64 // s
	n        law
	empty    bool // n is 0 whatever came before: what did may be taken to have gone
}

// forgotten is such a start on the way to begin, nil if the lane does not
// idle for long enough. Only exponential servers forget.
func (p problem) forgotten() *start {
	if _, is := p.cfg.Service.(Exponential); !is || p.begin <= 0 {
		return nil
	}
	return p.startOnce(func() *start { return p.forget(0, p.begin, p.SolveOptions) })
}

// forget returns a law of the lane at an instant as late as possible, but not
// after `to`, that does not depend on what came long before: the chains from
// an empty lane and from one fuller than it can be meet there, and the lane
// is between them (stochastic monotonicity: D. J. Daley, 1968). It is nil if
// there is no such instant after `after`.
func (l *Lane) forget(after, to float64, o SolveOptions) *start {
	candidates := append(l.cfg.Arrivals.Breaks(after, to), l.CapacityBreaks(after, to)...)
	slices.Sort(candidates)
	candidates = append(slices.Compact(candidates), to)
	for i := len(candidates) - 1; i >= max(0, len(candidates)-6); i-- {
		if s := l.meet(after, candidates[i], o); s != nil {
			return s
		}
	}
	return nil
}

// meet tries starts some relaxation times before at.
func (l *Lane) meet(after, at float64, o SolveOptions) *start {
	just := math.Nextafter(at, 0)
	lam, mu := l.cfg.Arrivals.Rate(just), l.Capacity(just)
	if lam >= 0.995*mu {
		return nil
	}
	times := 45 * math.Log(o.coupling()) / math.Log(coupled) // of relaxation
	memory := times / (math.Sqrt(mu) - math.Sqrt(lam)) / (math.Sqrt(mu) - math.Sqrt(lam))
	memory += times * l.cfg.Service.Mean() * math.Min(1, float64(l.ServersAt(just)-1))
	from := at - memory
	for range 3 {
		if from <= after+memory {
			return nil
		}
		full := l.mostAt(from)
		if next := at - memory - 2*full/(mu-lam); next >= from {
			break
		} else {
			from = next
		}
	}
	if from <= after || l.cfg.Arrivals.Mean(from, at) > 0.9*l.Work(from, at) {
		return nil
	}
	cut := 0.0
	if o.coarse() {
		cut = o.coupling() / 1000
	}
	empty := &birthDeath{lane: l, check: o.check, t: from, now: point(0), absorb: -1, cut: cut}
	full := &birthDeath{lane: l, check: o.check, t: from, now: point(int(l.mostAt(from))), absorb: -1, cut: cut}
	empty.run(at)
	full.run(at)
	apart := law.differs
	if o.coarse() {
		apart = lawsApart // ends have been cut
	}
	if apart(empty.now, full.now) >= o.coupling() {
		return nil
	}
	return &start{from: from, at: at, n: empty.now}
}

// mostAt is a number that the lane exceeds at t with probability below
// exp(-40): the servers and the largest net input over any (s,t], each bounded
// by Chernoff.
func (l *Lane) mostAt(t float64) float64 {
	x := 0.0
	for _, s := range l.lookBack(t) {
		served, arrived := l.Work(s, t), l.cfg.Arrivals.Flow(s, t)
		batches := l.batchesAtMost(s, t)
		likely := func(x float64) bool {
			fall := batches - x
			return fall >= served-arrived || skellam.Exponent(fall, served, arrived) < 40
		}
		for likely(x) {
			x += math.Max(8, 0.05*x)
		}
	}
	return 1.3*x + 20 + float64(l.ServersAt(t))
}

// batchesAtMost is a number that the batches in (s,t], and for s = 0 what is
// there at first, practically never exceed.
func (l *Lane) batchesAtMost(s, t float64) float64 {
	c := l.cfg.Arrivals.batches(s, t)
	if s == 0 {
		c = l.Initial().Plus(c)
	}
	return c.Mean() + 10*math.Sqrt(c.Variance())
}

// lookBack lists instants before t, geometrically spaced, and all jumps.
func (l *Lane) lookBack(t float64) []float64 {
	at := []float64{0}
	for u := 1 / (l.Capacity(t) + 1e-9); u < t; u *= 1.5 {
		at = append(at, t-u)
	}
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At > 0 && j.At < t {
			at = append(at, math.Nextafter(j.At, 0))
		}
	}
	return at
}
