package queueing

import (
	"fmt"
	"math"
	"slices"
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
					peak := p.log(j, at)
					got, want := p.sum(j, at), peak+math.Log(p.sumSteep(j, at, peak))
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

// Peak by peak, the density of ln t is that of powers of t and of saddle points.
func TestTakacsPeaks(t *testing.T) {
	compared := 0
	for _, shape := range []float64{12, 30, 100} {
		for _, k := range []int{1, 20} {
			for _, rho := range []float64{.1, .99} {
				s := Gamma{.1, shape}
				c := constantLane{k, rho / s.MeanTime, s}
				p := &takacsTerms{lane: c, service: s}
				lo, _ := c.bounds(outside)
				hi := s.MeanTime * math.Min(peakMost*shape+float64(k), float64(k+fewSummands))
				x := make([]float64, 80)
				for i := range x {
					x[i] = math.Log(lo) + math.Log(hi/lo)*float64(i)/float64(len(x))
				}
				at := slices.Clone(x)
				p.exps(x)
				power, saddle := c.takacsPower(s), c.takacsSaddle(s)
				for i, v := range at {
					want, ok := saddle.log(math.Exp(v))
					if !ok {
						if want, ok = power.at(math.Exp(v), powerMost); !ok {
							continue
						}
					}
					compared++
					near(t, fmt.Sprintf("shape %g, k %d, load %g at %g s", shape, k, rho, math.Exp(v)), x[i], math.Exp(want+v), 2e-11)
				}
			}
		}
	}
	if compared < 500 {
		t.Errorf("%d instants only", compared)
	}
}
