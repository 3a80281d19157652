package study

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// TestBetween: a finished run knows the differences that a comparison in one
// look finds from the same storms; those by theory are the differences of the
// figures; and simulated designs have none where their storms were not kept.
func TestBetween(t *testing.T) {
	c := rivals(t, 9, 40, 42, 60)
	for _, method := range []Method{Exact, Simulate} {
		o := Options{Method: method, Seed: 3, Replications: firstLook, Paired: true}
		r, k := evaluate(t, c, o), comparison(t, c, P99, o)
		pairs := r.Between(P99, Breach)
		if len(pairs) != 3 {
			t.Fatalf("%s: %d pairs of three designs", method, len(pairs))
		}
		for n, p := range pairs {
			for i, m := range []Metric{P99, Breach} {
				got, want := p.Differences[i], k.Pairs[n].Differences[1+i] // after P50
				if got.Value != want.Value || got.Lo != want.Lo || got.Hi != want.Hi || got.N != want.N {
					t.Errorf("%s: pair %d differs in %s by %+v, compared by %+v", method, n, m, got, want)
				}
				figures := m.Of(&r.Designs[p.B]).Value - m.Of(&r.Designs[p.A]).Value
				if got.Quality == queueing.Exact && math.Abs(got.Value-figures) > 1e-9 {
					t.Errorf("%s: pair %d differs in %s by %g, the figures by %g", method, n, m, got.Value, figures)
				}
			}
		}
	}
	if pairs := evaluate(t, c, Options{Method: Simulate, Replications: 100}).Between(P99); pairs != nil {
		t.Errorf("storms that were not kept are compared: %v", pairs)
	}
}
