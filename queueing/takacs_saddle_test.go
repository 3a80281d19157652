package queueing

import (
	"math"
	"testing"
)

// The series at the saddle against the sum over the number of services, which
// share nothing, wherever the series says that it has settled: across the
// windows of few and many requests, low and high loads, and shapes from gamma
// laws more variable than exponential to nearly fixed lengths. The sum's
// exponents of n services have n^(1/2) 1e-16 of noise, and both feel how the
// instant is rounded, ten standard deviations out as much as ten times.
func TestTakacsSeriesMeetsSum(t *testing.T) {
	settled := 0
	for _, shape := range []float64{.25, .7, 1, 4, 100} {
		for _, k := range []int{1, 10, 100, 1000, 1e6} {
			for _, rho := range []float64{0, .1, .4, .9, .9999} {
				s := Gamma{.1, shape}
				c := constantLane{k, rho / s.MeanTime, s}
				series, sum := c.takacsSaddle(s), c.takacsSum(s, 1e-12)
				lo, hi := c.bounds(outside)
				lo = math.Max(lo, 1e-12*hi)
				cum := c.cumulants()
				clock := 20 * clockNoise * cum.Mean / math.Sqrt(cum.Variance)
				for i := range 41 {
					at := lo * math.Pow(hi/lo, (float64(i)+.5)/41)
					got, ok := series.log(at)
					if !ok {
						continue
					}
					settled++
					if off, most := math.Abs(got-sum(at)), 1e-12+1e-15*math.Sqrt(at/s.MeanTime*(1+shape))+clock; !(off <= most) {
						t.Errorf("shape %g, k %d, load %g at %g s: %.16g differs by %.2g, at most %.2g", shape, k, rho, at, got, off, most)
					}
				}
			}
		}
	}
	if settled < 3000 {
		t.Errorf("the series settles at %d instants only", settled)
	}
}

// Of shape 1 the law is Kendall's, whose Bessel function has an expansion of
// its own.
func TestTakacsSeriesOfExponentialService(t *testing.T) {
	for _, k := range []int{40, 1000, 1e6, 1e9} {
		for _, rho := range []float64{0, .4, .99} {
			c := constantLane{k, rho * 10, Gamma{.1, 1}}
			e := constantLane{k, rho * 10, Exponential{.1}}
			series, kendall := c.takacsSaddle(Gamma{.1, 1}), e.kendall()
			lo, hi := e.bounds(outside)
			cum := e.cumulants()
			clock := 20 * clockNoise * cum.Mean / math.Sqrt(cum.Variance)
			for i := range 21 {
				at := lo + (hi-lo)*(float64(i)+.5)/21
				got, ok := series.log(at)
				if !ok {
					t.Errorf("k %d, load %g at %g s: not settled", k, rho, at)
				}
				if want := kendall(at); !(math.Abs(got-want) <= 1e-12+clock) {
					t.Errorf("k %d, load %g at %g s: %.16g, want %.16g", k, rho, at, got, want)
				}
			}
		}
	}
}
