package queueing

import (
	"math/rand/v2"
	"testing"
)

// Four at a time, sums are to the last digit what they are one by one, in the same order.
func TestSumsOfLawsToTheLastDigit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(n int) (p []float64) {
		for range n {
			p = append(p, max(0, r.Float64()-0.2))
		}
		p[0], p[n-1] = 0.5, 0.25 // nothing is trimmed
		return p
	}
	for n := 1; n < 14; n++ {
		for m := 1; m <= n; m++ {
			a, b := law{2, random(n)}, law{-5, random(m)}
			want := make([]float64, n+m-1)
			for i, x := range b.p {
				for j, y := range a.p {
					want[i+j] += x * y
				}
			}
			for _, got := range []law{a.plus(b), b.plus(a)} {
				if got.lo != -3 || len(got.p) != len(want) {
					t.Fatalf("%d and %d numbers: from %d, %d of them", n, m, got.lo, len(got.p))
				}
				if n == m { // either may come first
					continue
				}
				for k, x := range want {
					if got.p[k] != x {
						t.Errorf("%d and %d numbers: %.17g at %d, want %.17g", n, m, got.p[k], k, x)
					}
				}
			}
		}
	}
}
