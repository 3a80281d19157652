package queueing

import (
	"math"
	"testing"
)

// The sum by ratios against the sum of the summands one by one, from where they
// hardly overlap to as many as it is used for.
func TestTakacsSumByRatios(t *testing.T) {
	sums := 0
	for _, shape := range []float64{.25, 1, 4, 30, 100, 1000} {
		for _, k := range []int{1, 7, 100} {
			for _, rho := range []float64{.05, .5, .99} {
				s := Gamma{.1, shape}
				c := constantLane{k, rho / s.MeanTime, s}
				p := &takacsTerms{lane: c, service: s}
				lo, hi := c.bounds(outside)
				for i := range 60 {
					at := lo * math.Pow(hi/lo, (float64(i)+.5)/60)
					n, _ := c.mode(s, at, c.rate*at, at*shape/s.MeanTime, -1)
					j := int(n) - k
					if j > fewSummands {
						break
					}
					sums++
					got, want := p.sum(j, at), p.sumSteep(j, at)
					if off := math.Abs(got - want); !(off <= 2e-12) {
						t.Errorf("shape %g, k %d, load %g at %g s: %.16g, want %.16g", shape, k, rho, at, got, want)
					}
				}
			}
		}
	}
	if sums < 1500 {
		t.Errorf("%d sums only", sums)
	}
}
