package queueing

import (
	"math"

	"singlelane/queueing/internal/skellam"
)

// latticePassage is the passage of one busy server with services of length d:
// T lies on start + n d. It obeys the equation of [gammaPassage] with a sum
// for the integral,
//
//	q_n = P(A = n-k) [k/n + (1 - k/n) Excess/Lam] - sum over m<n of R_mn q_m,
//	R_mn = P(A = n-m-1) Excess / (n-m), A the arrivals in n-m services,
//
// and is the Borel–Tanner law where rates are constant.
type latticePassage struct {
	busyPassage
	d float64
}

func newLatticePassage(l *Lane, start float64, from law, level int) *latticePassage {
	p := &latticePassage{d: l.cfg.Service.(Deterministic).Time}
	p.busyPassage = newBusyPassage(l, start, from, level, func(t float64) (float64, func(k float64) float64) {
		n, arrived := math.Floor((t-start)/p.d*(1+1e-14)), l.cfg.Arrivals.Flow(start, t)
		return n - arrived, func(k float64) float64 { return p.exponent(n, k, arrived) }
	})
	return p
}

// exponent of {n - A = k}.
func (p *latticePassage) exponent(n, k, arrived float64) float64 {
	switch {
	case n < k:
		return math.Inf(1)
	case arrived == 0 && n == k:
		return 0
	case arrived == 0:
		return math.Inf(1)
	}
	return arrived * skellam.Deviance((n-k)/arrived-1)
}

// at is the n-th service end.
func (p *latticePassage) at(n int) float64 { return p.start + float64(n)*p.d }

// solve returns the first n and the probabilities from there on.
func (p *latticePassage) solve(tolerance float64) (first int, q []float64) {
	lo, hi := p.window(tolerance)
	first = max(1, int((lo-p.start)/p.d))
	last := int((hi-p.start)/p.d) + 1
	flat := p.flat(p.at(last))
	for n := first; n <= last; n++ {
		v := p.source(n)
		if !flat {
			v -= p.earlier(n, first, q)
		}
		q = append(q, v)
	}
	return first, q
}

// source of the n-th service end.
func (p *latticePassage) source(n int) float64 {
	t := p.at(n)
	arrived, excess := p.lane.cfg.Arrivals.Flow(p.start, t), p.lane.cfg.Arrivals.Excess(p.start, t)
	share := 0.0
	if arrived > 0 {
		share = excess / arrived
	}
	x := float64(n)
	return p.average(p.batches(p.start, t), x-arrived, math.Sqrt(arrived), func(k float64) float64 {
		return poissonProb(x-k, arrived) * (k/x + (1-k/x)*share)
	})
}

// earlier is the sum over the service ends before n.
func (p *latticePassage) earlier(n, first int, q []float64) float64 {
	t := p.at(n)
	lam := p.lane.cfg.Arrivals.Rate(t)
	sum := 0.0
	for j := 1; n-j >= first; j++ {
		s := p.at(n - j)
		excess := p.lane.cfg.Arrivals.Excess(s, t)
		arrived, x := lam*(t-s)+excess, float64(j)
		b := p.batches(s, t)
		switch {
		case b.lo == 0 && len(b.p) == 1:
			sum += q[n-j-first] * poissonProb(x-1, arrived) * excess / x
		default:
			for i, w := range b.p {
				k := float64(b.lo + i)
				sum += w * q[n-j-first] * (poissonProb(x-k, arrived) - lam*p.d*poissonProb(x-k-1, arrived))
			}
		}
		if j&15 == 0 && p.exponent(x, math.Min(math.Max(x-arrived, float64(b.lo)), float64(b.hi())), arrived) > 45 {
			break
		}
	}
	return sum
}
