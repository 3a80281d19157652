package report

import (
	"slices"
	"testing"

	"singlelane/montecarlo"
	"singlelane/plots"
)

// TestDecidedAtStandsAtTheObjective: whatever the tail has, the share that
// decides is one of the points drawn, in its place, and no more are made than
// are drawn.
func TestDecidedAtStandsAtTheObjective(t *testing.T) {
	late := montecarlo.Estimate{Value: 0.25, Lo: 0.2, Hi: 0.3, N: 100}
	for n := 0; n <= plots.MostSimulated; n++ {
		for within := -0.5; within < float64(n)+1; within += 0.25 {
			var tail []plots.Estimated
			for i := range n {
				tail = append(tail, plots.Estimated{X: float64(i)})
			}
			got := decidedAt(tail, within, late)
			if len(got) > plots.MostSimulated || !slices.Contains(got, plots.Estimated{X: within, Y: 0.25, Lo: 0.2, Hi: 0.3}) {
				t.Fatalf("%d points and the objective at %g: %+v", n, within, got)
			}
			if !slices.IsSortedFunc(got, func(a, b plots.Estimated) int { return int(4 * (a.X - b.X)) }) {
				t.Fatalf("%d points and the objective at %g are not in order: %+v", n, within, got)
			}
		}
	}
}
