package queueing

import (
	"math"
	"testing"
)

// Sums from the table against the transform inverted for each of them by itself,
// which at another step is another 2e-10 where a hundred services are alike.
func TestServiceTable(t *testing.T) {
	for _, scv := range []float64{.05, .5, 4, 16} {
		direct := newMixtureSums(Lognormal{2, scv})
		table := &serviceTable{sums: newMixtureSums(Lognormal{2, scv}), few: 30, most: func(u float64) int { return mostOf(2, 10+u/4) }}
		own := 1e-11
		if scv < patienceAlike {
			own = 5e-10
		}
		for _, u := range []float64{.02, .06, .6, 3.4, 19, 90, 240} {
			if !table.covers(u, 30) {
				t.Fatalf("SCV %g: no table for %g s", scv, u)
			}
			g, below := table.density(u, 1, 1000), table.below(u)
			for n := 1; n <= len(g); n += 1 + n/3 {
				if want := float64(n) * direct.last(float64(n), u, 0); !(math.Abs(g[n-1]-want) < own) {
					t.Errorf("SCV %g: density of %d at %g s times that is %g, want %g", scv, n, u, g[n-1], want)
				}
				if want := direct.below(float64(n), u, 0); !(math.Abs(below[n-1]-want) < own) {
					t.Errorf("SCV %g: P(%d take %g s at most) is %g, want %g", scv, n, u, below[n-1], want)
				}
			}
			for _, k := range []float64{1, 3} {
				if want, got := direct.last(k, u, u/5), table.sum(int(k), u, u/5, true); !(math.Abs(got-want) < own) {
					t.Errorf("SCV %g: last(%g, %g) is %g, want %g", scv, k, u, got, want)
				}
			}
		}
	}
}
