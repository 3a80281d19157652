package steady

import (
	"math"
	"testing"
)

// TestMMcKAgainstItsChain: the closed form against every state multiplied
// out, at loads below, at, next to and above 1.
func TestMMcKAgainstItsChain(t *testing.T) {
	for _, m := range []MMcK{{9, 4, 3, 7}, {12, 4, 3, 50}, {12.0001, 4, 3, 50}, {11.9999, 4, 3, 2000}, {40, 4, 3, 500}, {1e-12, 1, 2, 9}, {3, 1, 7, 5}} {
		chain := birthDeath{m.Limit, func(n int) float64 {
			return m.ArrivalRate / (m.ServiceRate * float64(min(n+1, m.Servers)))
		}}
		sum, l, waits, full := 0.0, 0.0, 0.0, 0.0
		chain.walk(0, func(n int, w float64) {
			sum, l = sum+w, l+w*float64(n)
			if n >= m.Servers && n < m.Limit {
				waits += w
			}
			if n == m.Limit {
				full = w
			}
		})
		x := measures(t, m)
		want(t, name(m)+" L", x.L, l/sum, 1e-11)
		want(t, name(m)+" PBlock", x.PBlock, full/sum, 1e-11)
		want(t, name(m)+" PWait", x.PWait, waits/(sum-full), 1e-11)
	}
}

// TestMMcKEdges: no room at all, room for the served only, and so much room
// that it is M/M/c or sees nothing but its last states.
func TestMMcKEdges(t *testing.T) {
	none := measures(t, MMcK{3, 1, 2, 0})
	if none.PBlock != 1 || none.L != 0 || none.Throughput != 0 || none.P0 != 1 {
		t.Errorf("K = 0: %+v", none)
	}
	one, loss := measures(t, MMcK{3, 1, 2, 1}), measures(t, MMcc{3, 1, 1})
	want(t, "K = 1 PBlock", one.PBlock, loss.PBlock, 1e-14)
	large, open := measures(t, MMcK{9, 4, 3, 1e7}), measures(t, MMc{9, 4, 3})
	want(t, "K = 10^7 Wq", large.Wq, open.Wq, 1e-12)
	critical := measures(t, MMcK{1, 1, 1, 1e7})
	want(t, "rho = 1, K = 10^7 PBlock", critical.PBlock, 1/(1e7+1), 1e-12)
	want(t, "rho = 1, K = 10^7 L", critical.L, 5e6, 1e-12)
	over := measures(t, MMcK{2, 1, 1, 1e7})
	want(t, "rho = 2, K = 10^7 PBlock", over.PBlock, 0.5, 1e-12)
	want(t, "rho = 2, K = 10^7 L", over.L, 1e7-1, 1e-12)
	near1 := measures(t, MMcK{1 - 1e-9, 1, 1, 1e7})
	if !(near1.L < 5e6 && near1.L > 4.9e6) {
		t.Errorf("rho = 1 - 1e-9, K = 10^7: L %g", near1.L)
	}
}

// TestGeometricMean: both forms of the truncated mean meet at their border.
func TestGeometricMean(t *testing.T) {
	for _, m := range []int{0, 1, 7, 1000, 1_000_000} {
		for _, v := range []float64{1e-12, 0.3, 0.99, 1.01, 5} {
			u := -v / float64(m+1)
			sum, mean := geometricSum(u, m)
			if m > 1000 {
				continue // too long to add up
			}
			s, k := 0.0, 0.0
			for j := 0; j <= m; j++ {
				w := math.Exp(u * float64(j))
				s, k = s+w, k+w*float64(j)
			}
			want(t, "sum", sum, s, 1e-12)
			want(t, "mean", mean, k/s, 1e-12)
		}
	}
}

// TestLimitedWaitsAreProbabilities: where the lane is full all the time, who gets
// in waits.
func TestLimitedWaitsAreProbabilities(t *testing.T) {
	for _, m := range []MMcK{{1, 1e-12, 280, 8671}, {1e6, 1, 3, 40}, {5, 1, 1, 2}} {
		for _, x := range []float64{0, 1e-9, 1, 1.15377} {
			if p, err := m.WaitTail(x); err != nil || !(p >= 0 && p <= 1) {
				t.Errorf("%s: P(wait > %g) = %.17g (%v)", name(m), x, p, err)
			}
		}
	}
}
