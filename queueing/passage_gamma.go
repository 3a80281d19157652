package queueing

import (
	"math"

	"singlelane/queueing/internal/skellam"
)

// gammaPassage is the passage of one busy server with gamma services, the
// first of which starts afresh at start. With g_n the density of the sum of n
// services, u = t - s, Lam the mean arrivals in (s,t] and B the batches,
//
//	source(t)   = sum over n of g_n(t-start) [P(A = n-k) - lam(t) (u/n) P(A = n-k-1)]
//	kernel(s,t) = sum over n of g_n(u) [P(A = n) - lam(t) (u/n) P(A = n-1)].
//
// The first terms are service ends that leave the free process at 0; the
// second those that leave it at -1, weighted by lam(t) and the mean length
// u/n of the last of n services that together take u. Without batches both
// brackets collapse to one Poisson probability, without cancellation; the
// kernel is Excess(s,t) sum g_n P(A = n-1) / n and vanishes for constant
// rates (Takács 1962).
type gammaPassage struct {
	busyPassage
	gammaSums
}

// gammaSums sums over the number of gamma services that take a given time.
type gammaSums struct {
	shape, rate float64 // of one service; the rate in 1/s
	ratios      *gammaRatios
}

func newGammaSums(s Gamma) gammaSums {
	return gammaSums{s.Shape, s.Shape / s.MeanTime, &gammaRatios{shape: s.Shape}}
}

func newGammaPassage(l *Lane, start float64, from law, level int) *gammaPassage {
	service := l.cfg.Service.(Gamma)
	p := &gammaPassage{gammaSums: newGammaSums(service)}
	p.busyPassage = newBusyPassage(l, start, from, level, func(t float64) (float64, func(k float64) float64) {
		u, arrived := t-start, l.cfg.Arrivals.Flow(start, t)
		return u/service.MeanTime - arrived, func(k float64) float64 { return p.exponent(k, u, arrived) }
	})
	return p
}

// scale is at most a standard deviation of one service.
func (p *gammaPassage) scale(t float64) float64 {
	most := 1 / (p.rate/p.shape*math.Max(1, math.Sqrt(p.shape)) + p.lane.cfg.Arrivals.Rate(t))
	return p.rough.scale(t, most)
}

// exponent of {n services take u while n-k requests arrive}, for the n that
// makes it smallest.
func (p gammaSums) exponent(k, u, arrived float64) float64 {
	n := p.mode(k, u, arrived)
	e := p.rate * u * skellam.Deviance(n*p.shape/(p.rate*u)-1)
	if arrived > 0 {
		e += arrived * skellam.Deviance((n-k)/arrived-1)
	} else if n > k {
		return math.Inf(1)
	}
	return e
}

// mode is the real n >= max(k,0) that maximises the density of n services
// times the probability of n-k arrivals: (rate u / (n shape))^shape = (n-k) /
// arrived, to Stirling's leading order.
func (p gammaSums) mode(k, u, arrived float64) float64 {
	lo := math.Max(k, 0)
	if arrived == 0 {
		return lo
	}
	slope := func(n float64) float64 {
		return p.shape*math.Log(p.rate*u/(n*p.shape)) - math.Log((n-k)/arrived)
	}
	hi := lo + arrived + p.rate*u/p.shape + 1
	n := (lo + hi) / 2
	for range 60 {
		f := slope(n)
		if f > 0 {
			lo = n
		} else {
			hi = n
		}
		next := n + f/(p.shape/n+1/(n-k))
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-n) < 1e-3*(1+math.Abs(n-k)*1e-3) || hi-lo < 1e-9*hi {
			return next
		}
		n = next
	}
	return n
}

// noArrival is a mean number of arrivals whose inverse has no float64.
const noArrival = 1e-300

// sum adds g_n(u) P(A = n-k) weight(n) over n >= max(k, 1), A Poisson of mean
// arrived. Where the summand is wide, every stride-th term is enough: by
// Poisson's summation formula the error is exp(-2 pi^2 (sigma/stride)^2).
func (p gammaSums) sum(k, u, arrived float64, weight func(n float64) float64) float64 {
	if u <= 0 {
		return 0
	}
	if arrived < noArrival {
		arrived = 0
	}
	first := math.Max(k, 1)
	n := p.mode(k, u, arrived)
	sigma := math.Sqrt(1 / (p.shape/math.Max(n, 1) + 1/math.Max(n-k, 1e-9)))
	stride := math.Max(1, math.Floor(sigma/1.7))
	if n-8.5*sigma < first {
		stride = 1
	}
	centre := math.Max(math.Round(n), first)
	middle := poissonProb(centre-k, arrived)
	if p.shape <= ratioShape && centre+12*sigma+20 < ratioMost {
		x := centre * p.shape
		return stride * p.byRatios(k, u, arrived, first, centre, stride, x/u*poissonReal(x, p.rate*u)*middle, weight)
	}
	at := func(n float64) float64 {
		a := n * p.shape
		return a / u * poissonReal(a, p.rate*u) * weight(n)
	}
	total := at(centre) * middle
	chance := middle
	for m := centre + stride; ; m += stride {
		for i := m - stride + 1; i <= m; i++ {
			chance *= arrived / (i - k)
		}
		v := at(m) * chance
		total += v
		if math.Abs(v) <= 1e-16*math.Abs(total) && m > centre+sigma {
			break
		}
	}
	chance = middle
	for m := centre - stride; m >= first; m -= stride {
		for i := m + stride; i > m; i-- {
			chance *= (i - k) / arrived
		}
		v := at(m) * chance
		total += v
		if math.Abs(v) <= 1e-16*math.Abs(total) && m < centre-sigma {
			break
		}
	}
	return total * stride
}

// poissonReal is mean^n e^-mean / Gamma(n+1) for real n >= 0.
func poissonReal(n, mean float64) float64 {
	if n < 1 {
		return math.Exp(n*math.Log(mean)-mean) / math.Gamma(n+1)
	}
	return math.Exp(-mean*skellam.Deviance((n-mean)/mean)-stirlingRest(n)) / math.Sqrt(2*math.Pi*n)
}

func (p *gammaPassage) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	arr := &p.lane.cfg.Arrivals
	lam := arr.Rate(t)
	source := p.source(t, lam)
	kernel := func(s float64) float64 {
		excess := arr.Excess(s, t)
		arrived := lam*(t-s) + excess
		if b := p.batches(s, t); b.lo > 0 || len(b.p) > 1 {
			return p.jumped(b, t-s, arrived, lam)
		}
		if excess == 0 {
			return 0
		}
		return excess * p.sum(1, t-s, arrived, func(n float64) float64 { return 1 / n })
	}
	off := func(a, b, exponent float64) bool {
		return p.busyPassage.off(a, b, t, exponent, func(s float64) float64 { return p.still(s, t) })
	}
	return source, kernel, off
}

// still is the exponent of the free process being where it was after (s,t].
func (p *gammaPassage) still(s, t float64) float64 {
	b := p.batches(s, t)
	arrived := p.lane.cfg.Arrivals.Flow(s, t)
	mean := (t-s)*p.rate/p.shape - arrived
	k := math.Min(math.Max(mean, float64(b.lo)), float64(b.hi()))
	return p.exponent(k, t-s, arrived)
}

// jumped is the kernel over an interval with batches.
func (p *gammaPassage) jumped(b law, u, arrived, lam float64) float64 {
	total := 0.0
	for i, w := range b.p {
		k := float64(b.lo + i)
		if w == 0 {
			continue
		}
		total += w * (p.sum(k, u, arrived, func(float64) float64 { return 1 }) -
			lam*p.sum(k+1, u, arrived, func(n float64) float64 { return u / n }))
	}
	return total
}

// source averages sum g_n P(A = n-k) [k/n + (1 - k/n) Excess/Lam] over the law
// of k, which is the bracket above without its cancellation.
func (p *gammaPassage) source(t, lam float64) float64 {
	u, arrived := t-p.start, p.lane.cfg.Arrivals.Flow(p.start, t)
	if u <= 0 {
		return 0
	}
	share := 0.0
	if arrived > 0 {
		share = p.lane.cfg.Arrivals.Excess(p.start, t) / arrived
	}
	term := func(k float64) float64 {
		return p.sum(k, u, arrived, func(n float64) float64 { return k/n + (1-k/n)*share })
	}
	served := u * p.rate / p.shape
	return p.average(p.batches(p.start, t), served-arrived, math.Sqrt(served/p.shape+arrived), term)
}
