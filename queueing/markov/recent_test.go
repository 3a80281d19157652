package markov

import (
	"math"
	"testing"
)

// A rate with rounding of 1e-14, as the density of lognormal delays has by that
// of its exponent, is a polynomial but for that: it takes tens of times the
// values, not a thousand times as many as steps down to the least would, and
// goes where the same rate does without.
func TestNoisyRates(t *testing.T) {
	var laws [2]Law
	var calls [2]int
	for i, noise := range []float64{0, 1e-14} {
		rate := func(t float64) float64 {
			calls[i]++
			return 400 * math.Exp(-t/300) * (1 + noise*math.Sin(1e12*t))
		}
		r := start(t, Queue(rate, servers(1), 500, 0, nil), Point(5), Options{Tolerance: 1e-13, MaxSteps: 3000})
		forward(t, r, 5)
		laws[i] = r.Law()
	}
	if d := difference(laws[0], laws[1]); d > 1e-12 {
		t.Errorf("laws differ by %g", d)
	}
	if calls[1] > 40*calls[0] {
		t.Errorf("%d values of a rate with rounding, %d without", calls[1], calls[0])
	}
}
