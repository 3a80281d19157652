package queueing

import "math"

// transformPassage is the passage of one busy server of any service law that
// has a transform S*, the first service starting afresh at start. In terms of
// the work that is there and arrives, which falls at rate 1 and rises by jumps,
// the two identities of [passage] have the kernels
//
//	1/(2 pi i) integral of e^(z u - a (1-S*)) S*^k dz            (work 0 at t)
//	lam(t)/(2 pi i) integral of e^(z u - a (1-S*)) S*^k (-S*') dz  (a jump to 0)
//
// over (s,t], u = t-s, a = Lam(s,t), k the services in batches or at the start.
// Integration by parts turns their difference into a sum of positive terms,
//
//	k/u J(k) + Excess(s,t)/u J(k+1),  J(k) as [workSums].last,
//
// which is the source for the k at start, and the kernel with the k in batches
// within (s,t], 0 without any.
type transformPassage struct {
	busyPassage
	sums workSums
}

func newTransformPassage(l *Lane, start float64, from law, level int, sums workSums) *transformPassage {
	p := &transformPassage{sums: sums}
	mean := l.cfg.Service.Mean()
	p.busyPassage = newBusyPassage(l, start, from, level, func(t float64) (float64, func(k float64) float64) {
		u, arrived := t-start, l.cfg.Arrivals.Flow(start, t)
		return u/mean - arrived, func(k float64) float64 { return sums.exponent(k, u, arrived) }
	})
	return p
}

func (p *transformPassage) scale(t float64) float64 { return p.rough.scale(t, p.event(t)) }

// event is the time between events, or in which the density of a service
// changes.
func (p *transformPassage) event(t float64) float64 {
	return 1 / (1/p.sums.shortest() + p.lane.cfg.Arrivals.Rate(t))
}

// absolute tells whether the density is accurate against its peak only.
func (p *transformPassage) absolute() bool {
	w, is := p.sums.(*poleSums)
	return is && w.absolute()
}

// window ends where less than a thousandth of the tolerance is left of laws
// whose tails have no digits.
func (p *transformPassage) window(tolerance float64) (lo, hi float64) {
	if !p.absolute() {
		return p.busyPassage.window(tolerance)
	}
	hi = p.latest(7 - math.Log(tolerance))
	if math.IsInf(hi, 1) {
		return 0, 0
	}
	return p.earliest(hi, 12-math.Log(tolerance)), hi
}

// ballot is the difference of the two identities for k services.
func (p *transformPassage) ballot(k, u, arrived, excess float64) float64 {
	if k == 0 {
		if excess == 0 {
			return 0
		}
		return excess * p.sums.last(1, u, arrived) / u
	}
	return p.pair(k, u, arrived, k, excess) / u
}

// pair is c last(k) + e last(k+1).
func (p *transformPassage) pair(k, u, arrived, c, e float64) float64 {
	switch w, is := p.sums.(*poleSums); {
	case e == 0:
		return c * p.sums.last(k, u, arrived)
	case is && w.series == nil && u > 0:
		return w.lasts(k, u, arrived, c, e)
	case is && w.terms != nil && arrived >= moreArrivals:
		one, two := w.terms.twoTotals(int(k), u, arrived)
		return c*one + e*two
	}
	return c*p.sums.last(k, u, arrived) + e*p.sums.last(k+1, u, arrived)
}

// twoBallots are the ballots for k and for k+1 services.
func (p *transformPassage) twoBallots(k, u, arrived, excess float64) (one, two float64) {
	w, is := p.sums.(*poleSums)
	if !is || w.terms == nil || arrived < moreArrivals {
		return p.ballot(k, u, arrived, excess), p.ballot(k+1, u, arrived, excess)
	}
	if k == 0 {
		a, b := w.terms.twoTotals(1, u, arrived)
		return excess * a / u, (a + excess*b) / u
	}
	a, b := w.terms.twoTotals(int(k), u, arrived)
	return (k*a + excess*b) / u, ((k+1)*b + excess*w.terms.total(int(k)+2, u, arrived, true)) / u
}

func (p *transformPassage) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	kernel := func(s float64) float64 { return p.kernel(s, t, t-s) }
	off := func(a, b, exponent float64) bool {
		return p.busyPassage.off(a, b, t, exponent, func(s float64) float64 { return p.still(s, t) })
	}
	return p.source(t), kernel, off
}

// kernel is the ballot of the batches in (s,t], which takes u.
func (p *transformPassage) kernel(s, t, u float64) float64 {
	if u <= 0 {
		return 0
	}
	arr := &p.lane.cfg.Arrivals
	excess := arr.Excess(s, t)
	arrived := arr.Rate(t)*u + excess
	b := p.batches(s, t)
	sum := 0.0
	for i, w := range b.p {
		if w > 0 {
			sum += w * p.ballot(float64(b.lo+i), u, arrived, excess)
		}
	}
	return sum
}

// still is the exponent of the free process being where it was after (s,t].
func (p *transformPassage) still(s, t float64) float64 {
	b := p.batches(s, t)
	arrived := p.lane.cfg.Arrivals.Flow(s, t)
	mean := (t-s)/p.lane.cfg.Service.Mean() - arrived
	k := math.Min(math.Max(mean, float64(b.lo)), float64(b.hi()))
	return p.sums.exponent(k, t-s, arrived)
}

func (p *transformPassage) source(t float64) float64 {
	u := t - p.start
	if u <= 0 {
		return 0
	}
	arrived, excess := p.lane.cfg.Arrivals.Flow(p.start, t), p.lane.cfg.Arrivals.Excess(p.start, t)
	s := p.lane.cfg.Service
	served := u / s.Mean()
	return p.average(p.batches(p.start, t), served-arrived, math.Sqrt(served*s.SCV()+arrived), func(k float64) float64 {
		return p.ballot(k, u, arrived, excess)
	})
}
