package queueing

import (
	"math"
	"sort"

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
	lane  *Lane
	start float64
	from  law // of n at start; level and below is left out
	level int
	jumps []Jump // after start, in order of time
	sums  map[[2]int]law
}

// newSkellamPassage skips the batches at start and before.
func newSkellamPassage(l *Lane, start float64, from law, level int) *skellamPassage {
	_, from = from.upTo(level)
	p := &skellamPassage{lane: l, start: start, from: from, level: level, sums: map[[2]int]law{}}
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At > start {
			p.jumps = append(p.jumps, j)
		}
	}
	return p
}

// batches is the law of the batches in (s,t].
func (p *skellamPassage) batches(s, t float64) law {
	i := sort.Search(len(p.jumps), func(i int) bool { return p.jumps[i].At > s })
	j := sort.Search(len(p.jumps), func(i int) bool { return p.jumps[i].At > t })
	if i == j {
		return law{0, one}
	}
	key := [2]int{i, j}
	sum, done := p.sums[key]
	if !done {
		var c Count
		for _, x := range p.jumps[i:j] {
			c = c.Plus(x.Size)
		}
		sum = c.law()
		p.sums[key] = sum
	}
	return sum
}

var one = []float64{1}

func (p *skellamPassage) scale(t float64) float64 {
	return 1 / (p.lane.Capacity(t) + p.lane.cfg.Arrivals.Rate(t))
}

func (p *skellamPassage) flat(hi float64) bool {
	a := p.lane.cfg.Arrivals
	return len(p.breaks(p.start, hi)) == 0 && a.Excess(p.start, math.Nextafter(hi, 0)) == 0
}

func (p *skellamPassage) breaks(lo, hi float64) []float64 {
	at := append(p.lane.cfg.Arrivals.Breaks(lo, hi), p.lane.CapacityBreaks(lo, hi)...)
	for _, j := range p.jumps {
		at = append(at, inside(j.At, lo, hi)...)
	}
	sort.Float64s(at)
	return at
}

func (p *skellamPassage) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	arr := &p.lane.cfg.Arrivals
	mu, lam := p.lane.Capacity(t), arr.Rate(t)
	source := p.source(t, mu, lam)
	kernel := func(s float64) float64 {
		served, excess := p.lane.Work(s, t), arr.Excess(s, t)
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
		return tilt / served * skellam.Prob(1, served, arrived)
	}
	off := func(a, b, exponent float64) bool {
		return p.still(a, t) > exponent && p.still(b, t) > exponent
	}
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
	return p.average(b, served-arrived, math.Sqrt(served+arrived), term)
}

// average sums term(k) over the law of k = n - level + batches. Far from the
// mean the terms vanish; over wide smooth laws every stride-th is enough
// (Poisson's summation formula).
func (p *skellamPassage) average(b law, mean, sd float64, term func(k float64) float64) float64 {
	if len(p.from.p) == 1 && len(b.p) == 1 {
		return p.from.p[0] * term(float64(p.from.lo-p.level+b.lo))
	}
	reach := 10*sd + 40
	sum := 0.0
	for j, wb := range b.p {
		shift := p.from.lo - p.level + b.lo + j
		i0 := int(math.Max(0, math.Min(mean-reach-float64(shift), float64(len(p.from.p)))))
		i1 := int(math.Max(-1, math.Min(mean+reach-float64(shift), float64(len(p.from.p)-1))))
		for i := i0; i <= i1; i++ {
			if w := wb * p.from.p[i]; w > 1e-24 {
				sum += w * term(float64(shift+i))
			}
		}
	}
	return sum
}
