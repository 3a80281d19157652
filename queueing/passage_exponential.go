package queueing

import (
	"math"

	"singlelane/queueing/internal/skellam"
)

// skellamPassage is the passage of a lane of exponential servers, all busy,
// from its law at start down to level: D(s,t] is Poisson of mean Lane.Work,
// A(s,t] Poisson of mean Flow beside the batches. With N = D - A - batches and
// k = n - level,
//
//	source(t)   = mu(t) P(N = k-1) - lam(t) P(N = k+1)
//	kernel(s,t) = mu(t) P(N = -1) - lam(t) P(N = +1), over (s,t].
//
// The first terms are the rates at which the free process falls to 0 at t,
// the second those at which it rises from -1 to 0: whatever has been at -1
// has passed 0 before, so both identities hold with the same density. Without
// batches the recurrence k P(N=k) = M P(N=k-1) - Lam P(N=k+1) turns the kernel
// into [mu(t) Lam/M - lam(t)] P(N=1), which vanishes for constant rates
// (Takács 1962; Kendall 1957).
type skellamPassage struct {
	busyPassage
	quick bool // whether a kernel to some ten digits will do
}

func newSkellamPassage(l *Lane, start float64, from law, level int) *skellamPassage {
	return &skellamPassage{busyPassage: newBusyPassage(l, start, from, level, func(t float64) (float64, func(k float64) float64) {
		served, arrived := l.Work(start, t), l.cfg.Arrivals.Flow(start, t)
		return served - arrived, func(k float64) float64 { return skellam.Exponent(k, served, arrived) }
	})}
}

func (p *skellamPassage) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	arr := &p.lane.cfg.Arrivals
	mu, lam := p.lane.Capacity(t), arr.Rate(t)
	source := p.source(t, mu, lam)
	excessOf, first := func(s float64) float64 { return arr.Excess(s, t) }, func(b, a float64) float64 { return skellam.Prob(1, b, a) }
	if p.quick {
		excessOf, first = arr.excessTo(p.start, t), skellam.One
	}
	kernel := func(s float64) float64 {
		served, excess := p.lane.Work(s, t), excessOf(s)
		arrived := lam*(t-s) + excess
		if len(p.jumps) > 0 {
			if b := p.batches(s, t); b.lo > 0 || len(b.p) > 1 {
				return jumped(b, served, arrived, mu, lam)
			}
		}
		if served <= 0 {
			return mu * skellam.Prob(-1, 0, arrived)
		}
		tilt := mu*excess - lam*(served-mu*(t-s))
		if tilt == 0 {
			return 0
		}
		return tilt / served * first(served, arrived)
	}
	still := func(s float64) float64 { return p.still(s, t) }
	if p.quick && len(p.jumps) == 0 { // the exponent of {D = A}
		still = func(s float64) float64 {
			root := math.Sqrt(p.lane.Work(s, t)) - math.Sqrt(math.Max(0, lam*(t-s)+excessOf(s)))
			return root * root
		}
	}
	off := func(a, b, exponent float64) bool { return p.busyPassage.off(a, b, t, exponent, still) }
	return source, kernel, off
}

// still is the exponent of P(D - A - batches = 0) over (s,t].
func (p *skellamPassage) still(s, t float64) float64 {
	b := p.batches(s, t)
	served, arrived := p.lane.Work(s, t), p.lane.cfg.Arrivals.Flow(s, t)
	k := math.Min(math.Max(served-arrived, float64(b.lo)), float64(b.hi()))
	return skellam.Exponent(k, served, arrived)
}

// jumped is the kernel over an interval with batches.
func jumped(b law, served, arrived, mu, lam float64) float64 {
	sum := 0.0
	for i, w := range b.p {
		k := float64(b.lo + i)
		sum += w * (mu*skellam.Prob(k-1, served, arrived) - lam*skellam.Prob(k+1, served, arrived))
	}
	return sum
}

// source averages over the law at start.
func (p *skellamPassage) source(t, mu, lam float64) float64 {
	served, arrived := p.lane.Work(p.start, t), p.lane.cfg.Arrivals.Flow(p.start, t)
	if served <= 0 {
		return 0
	}
	tilt := (mu*p.lane.cfg.Arrivals.Excess(p.start, t) - lam*(served-mu*(t-p.start))) / served
	term := func(k float64) float64 {
		v := mu / served * k * skellam.Prob(k, served, arrived)
		if tilt != 0 {
			v += tilt * skellam.Prob(k+1, served, arrived)
		}
		return v
	}
	b := p.batches(p.start, t)
	sd := math.Sqrt(served + arrived)
	if len(b.p) == 1 && len(p.from.p) > 1 && (sd < descendMost || p.quick && len(p.from.p) < descendQuick) {
		return b.p[0] * p.descend(b.lo, served, arrived, sd, mu/served, tilt)
	}
	return p.average(b, served-arrived, sd, term)
}

// descendMost is the standard deviation of N below which a step of the
// recurrence for each number costs less than the sum over the compressed law.
const descendMost = 150.0

// descendQuick is how many numbers of a coarse law make as many steps as a sum over the
// compressed law takes.
const descendQuick = 3000

// descend averages rise k P(N = k) + tilt P(N = k+1) over the law at start,
// from the top down by M P(N=k-1) = k P(N=k) + Lam P(N=k+1), whose terms are
// all positive: no digits are lost (F. W. J. Olver, Asymptotics and Special
// Functions, 1974, on I_k as the recurrence's minimal solution).
func (p *skellamPassage) descend(batch int, served, arrived, sd, rise, tilt float64) float64 {
	first := float64(p.from.lo + batch - p.level) // k of the first number, at least 1
	reach, last := 10*sd+40, float64(len(p.from.p)-1)
	from := math.Ceil(math.Max(0, served-arrived-reach-first))
	to := math.Floor(math.Min(last, served-arrived+reach-first))
	if from > to {
		return 0
	}
	i := int(to)
	k := first + float64(i)
	now, above := skellam.Prob(k, served, arrived), skellam.Prob(k+1, served, arrived)
	sum, share := 0.0, 1/served
	for ; i >= int(from); i-- {
		sum += p.from.p[i] * (rise*k*now + tilt*above)
		now, above = (k*now+arrived*above)*share, now
		k--
	}
	return sum
}
