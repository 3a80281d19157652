package montecarlo

import (
	"fmt"
	"math"

	"singlelane/queueing"
)

// sampler draws service times. It holds the law unpacked, so that a draw
// needs no call through an interface.
type sampler struct {
	law     serviceLaw
	a, b, c float64
	times   []float64
}

type serviceLaw uint8

const (
	exponentialLaw serviceLaw = iota
	deterministicLaw
	gammaLaw
	hyperexponentialLaw
	lognormalLaw
	empiricalLaw
)

// UnsupportedError says what of a lane cannot be simulated.
type UnsupportedError struct {
	Lane   string
	Reason string
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("montecarlo: lane %q: %s", e.Lane, e.Reason)
}

func newSampler(s queueing.Service) (sampler, bool) {
	switch s := s.(type) {
	case queueing.Exponential:
		return sampler{law: exponentialLaw, a: s.MeanTime}, true
	case queueing.Deterministic:
		return sampler{law: deterministicLaw, a: s.Time}, true
	case queueing.Gamma:
		return sampler{law: gammaLaw, a: s.MeanTime / s.Shape, b: s.Shape}, true
	case queueing.Hyperexponential:
		return sampler{law: hyperexponentialLaw, a: s.Mean1, b: s.Mean2, c: s.P1}, true
	case queueing.Lognormal:
		mu, sigma := s.Params()
		return sampler{law: lognormalLaw, a: mu, b: sigma}, true
	case queueing.Empirical:
		return sampler{law: empiricalLaw, times: s.Times()}, true
	}
	return sampler{}, false
}

// draw is one service time in seconds.
func (s *sampler) draw(g *generator) float64 {
	if s.law == exponentialLaw {
		return s.a * g.exponential()
	}
	return s.drawOther(g)
}

func (s *sampler) drawOther(g *generator) float64 {
	switch s.law {
	case deterministicLaw:
		return s.a
	case gammaLaw:
		return s.a * g.gamma(s.b)
	case hyperexponentialLaw:
		if g.uniform() < s.c {
			return s.a * g.exponential()
		}
		return s.b * g.exponential()
	case lognormalLaw:
		return math.Exp(s.a + s.b*g.normal())
	}
	return s.times[g.below(len(s.times))]
}

// sum is the time of k services one after the other. It takes constant time
// for the laws whose sums are known, k draws for the others.
func (s *sampler) sum(g *generator, k int) float64 {
	switch s.law {
	case exponentialLaw:
		return s.a * g.gamma(float64(k))
	case deterministicLaw:
		return s.a * float64(k)
	case gammaLaw:
		return s.a * g.gamma(s.b*float64(k))
	case hyperexponentialLaw:
		first := g.binomial(k, s.c)
		return s.phases(g, first, s.a) + s.phases(g, k-first, s.b)
	}
	total := 0.0
	for range k {
		total += s.drawOther(g)
	}
	return total
}

func (s *sampler) phases(g *generator, k int, mean float64) float64 {
	if k == 0 {
		return 0
	}
	return mean * g.gamma(float64(k))
}
