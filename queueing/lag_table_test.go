package queueing

import (
	"math"
	"testing"
)

// Interpolated kernels against those along a path of their own.
func TestLagTable(t *testing.T) {
	for _, scv := range []float64{.1, 2, 20} {
		l := laneOf(t, Config{Servers: 1, Service: Lognormal{1, scv}, Arrivals: arrivalsOf(t, Steady{.6}, Batch{3, 10})})
		sums := newMixtureSums(Lognormal{1, scv})
		p := newIdleChance(l, 0, point(0), sums)
		p.even(40)
		for _, k := range []float64{0, 3} {
			for u := .003; u < 40; u *= 1.37 {
				want := sums.aside(k, u, .6*u)
				if got := p.after(k, u, .6*u); !(math.Abs(got-want) < 1e-11) {
					t.Errorf("SCV %g, %g at once, lag %g: %.13g, want %.13g", scv, k, u, got, want)
				}
			}
		}
	}
}
