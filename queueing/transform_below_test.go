package queueing

import (
	"math"
	"testing"
)

// P(k + A services take no longer than u) by the contour, on either side of
// the mean and close to it, against the sum over A of incomplete gamma
// functions, and with two phases that are alike against the exponential law.
func TestBelow(t *testing.T) {
	for _, c := range [][3]float64{{0, .3, .1}, {0, 5, 2}, {1, .01, 0}, {1, .1, .05}, {3, .2, .7}, {3, .37, .7}, {3, .5, .7},
		{100, 14, 30}, {100, 13, 30}, {1, 1000, 5000}, {0, 1000, 9990}, {2, 1e-4, .001}, {1, 30, 280}, {0, 3, 300}} {
		k, u, a := c[0], c[1], c[2]
		for _, shape := range []float64{.25, 1, 2.5, 4} {
			want := 0.0
			for n := 0.0; n < 40+a+20*math.Sqrt(a); n++ {
				want += poissonProb(n, a) * serviceSumBelow(Gamma{.1, shape}, k+n, u)
			}
			w := &poleSums{service: Gamma{.1, shape}, edge: shape / .1}
			if got := w.below(k, u, a); !(math.Abs(got-want) < 2e-12) {
				t.Errorf("shape %g at %v: %.15g, want %.15g", shape, c, got, want)
			}
		}
		alike, one := &poleSums{service: Hyperexponential{.3, .1, .1}, edge: 10}, &poleSums{service: Exponential{.1}, edge: 10}
		if got, want := alike.below(k, u, a), one.below(k, u, a); !(math.Abs(got-want) < 1e-12) {
			t.Errorf("phases alike at %v: %.15g, want %.15g", c, got, want)
		}
	}
	rare := &poleSums{service: BalancedHyperexponential(.1, 4), edge: leftEdge(BalancedHyperexponential(.1, 4))}
	near(t, "one of two phases", rare.below(1, .2, 0), serviceCDF(rare.service, .2), 1e-12)
}

// serviceSumBelow is P(n services take no longer than u).
func serviceSumBelow(g Gamma, n, u float64) float64 {
	if n == 0 {
		return 1
	}
	return gammaBelow(n*g.Shape, u*g.Shape/g.MeanTime)
}
