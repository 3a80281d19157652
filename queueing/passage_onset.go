package queueing

import (
	"math"
	"slices"
	"sort"
)

// A roughGamma tells where the density of a passage with gamma services is not
// smooth: after the start, and after a batch, it goes like a power of the time
// since, k times the shape of one service less 1 with k the fewest services
// that may be left, which has no polynomial near unless the shape is whole. Of
// a shape below 1/k it has no bound either. Panels that grow in proportion to
// the time since follow it; the first of them, so short that it is out of the
// question which of its instants is meant, holds its mass as if spread evenly.
type roughGamma struct {
	shape, rate float64   // of one service; the rate in 1/s
	at          []float64 // s, start and batches in order of time
	fewest      []int     // services
}

const (
	// smoothPower is the power from which on a polynomial is near enough.
	smoothPower = 8.0
	// roughGrowth is the time since over the time in which the density may change.
	roughGrowth = 8.0
	// roughLeast is the first panel over the mean service, at least, and
	// roughClock over the instant at which it begins, whose digits are all the
	// time since has.
	roughLeast = 1e-30
	roughClock = 1e-10
	// roughMass is the chance, at most, of a passage so early that it is left out.
	roughMass = 1e-11
)

func newRoughGamma(p *busyPassage, s Gamma) roughGamma {
	r := roughGamma{shape: s.Shape, rate: s.Shape / s.MeanTime}
	if s.Shape == math.Round(s.Shape) {
		return r
	}
	add := func(at float64, fewest int) {
		if fewest = max(fewest, 1); float64(fewest)*s.Shape < smoothPower {
			r.at, r.fewest = append(r.at, at), append(r.fewest, fewest)
		}
	}
	add(p.start, p.from.lo-p.level)
	for _, j := range p.lane.cfg.Arrivals.withSteps(p.jumps, p.start, math.Inf(1)) {
		add(j.At, j.Size.law().lo)
	}
	return r
}

// scale is the time in which the density changes near t, at most most.
func (r roughGamma) scale(t, most float64) float64 {
	i := sort.Search(len(r.at), func(i int) bool { return r.at[i] > t }) - 1
	if i < 0 {
		return most
	}
	return math.Min(most, math.Max((t-r.at[i])/roughGrowth, r.first(i)))
}

// first is the width of the first panel after the i-th instant.
func (r roughGamma) first(i int) float64 {
	power := float64(r.fewest[i]) * r.shape
	g, _ := math.Lgamma(power + 1)
	negligible := math.Exp((math.Log(roughMass)+g)/power) / r.rate
	mean := r.shape / r.rate
	return math.Min(1e-3*mean, math.Max(math.Max(negligible, roughLeast*mean), roughClock*r.at[i]))
}

// onset is the first panel after the start, if the density is rough there. To
// the second order in its width at most one request arrives; with r the rate
// of the gamma law, a the shape of k+j services and j = 0, 1,
//
//	P(T <= e) = sum over j of k/(k+j) lam^j/j! integral over (0,e) of u^j e^(-lam u) g_(k+j)(u) du
//	          = sum over j of k/(k+j) lam^j/j! Gamma(a+j)/Gamma(a) r^a/(r+lam)^(a+j) P(a+j, (r+lam) e).
func (p *busyPassage) onset() (first panel, ok bool) {
	if !slices.Contains(p.rough.at, p.start) {
		return first, false
	}
	e := p.rough.first(0)
	lam := p.lane.cfg.Arrivals.Rate(p.start)
	mass, g := 0.0, p.rough
	for i, w := range p.from.p {
		k := float64(p.from.lo + i - p.level)
		if w == 0 || k*g.shape > 2*smoothPower {
			continue
		}
		for j := 0.0; j < 2; j++ {
			a := (k + j) * g.shape
			below, _ := gammaTails(a+j, (g.rate+lam)*e)
			mass += w * k / (k + j) * math.Pow(lam*a/(g.rate+lam), j) * math.Pow(g.rate/(g.rate+lam), a) * below
		}
	}
	return newPanel(p.start, p.start+e, []float64{mass / e}), true
}
