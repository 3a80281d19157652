package queueing

import (
	"math"
	"testing"
)

// Ratios of gamma functions are those of the factorials, and what the functional
// equation says.
func TestGammaRatios(t *testing.T) {
	for n := range 150 {
		r := gammaRatios{shape: 1}
		if n > 0 {
			near(t, "of whole numbers", r.at(n), 1/float64(n), 1e-13)
		}
	}
	for _, x := range []float64{0.05, 0.4, 1, 2.5, 30, 4000} {
		near(t, "of neighbours", gammaRatio(x, x+1), 1/x, 1e-13)
		near(t, "in two steps", gammaRatio(x, x+0.4)*gammaRatio(x+0.4, x+1), 1/x, 1e-13)
	}
}

// The sum over the number of services by ratios of neighbours is that by their
// logarithms, for which its terms are taken one by one.
func TestSumByRatios(t *testing.T) {
	for _, shape := range []float64{0.06, 0.4, 1, 4} {
		p := newGammaSums(Gamma{0.1, shape})
		for _, k := range []float64{0, 3, 400} {
			for _, u := range []float64{1e-8, 0.01, 3, 90} {
				for _, a := range []float64{1e-200, 0.01, 5, 300, 1200} {
					got := p.sum(k, u, a, func(n float64) float64 { return 1 / n })
					want := 0.0
					for n := math.Max(k, 1); n < 2500; n++ {
						x := n * shape
						want += x / u * poissonReal(x, p.rate*u) * poissonProb(n-k, a) / n
					}
					if !(math.Abs(got-want) <= 1e-11*want) && want > 1e-250 {
						t.Fatalf("shape %g, k %g, u %g, a %g: %.15g, want %.15g", shape, k, u, a, got, want)
					}
				}
			}
		}
	}
}
