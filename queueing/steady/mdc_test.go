package steady

import (
	"math"
	"testing"
)

// TestMDcBothWays: Spitzer's sum and the roots agree.
func TestMDcBothWays(t *testing.T) {
	for _, c := range []int{2, 3, 7, 50} {
		for _, rho := range []float64{0.7, 0.9, 0.98} {
			a := rho * float64(c)
			s, r := spitzer(float64(c), a), byRoots(c, a, 1-rho)
			want(t, "ln P(no wait)", r.logNoWait, s.logNoWait, 1e-9)
			want(t, "ln P(nobody)", r.logP0, s.logP0, 1e-9)
			want(t, "Lq", r.lq, s.lq, 1e-9)
		}
	}
}

// TestMDcHeavyTraffic: Lq (1-rho) tends to 1/2, half of M/M/c's.
func TestMDcHeavyTraffic(t *testing.T) {
	for _, c := range []int{1, 2, 10, 1000} {
		x := measures(t, MDc{float64(c) * (1 - 1e-9), 1, c})
		want(t, "Lq (1-rho)", x.Lq*1e-9, 0.5, 1e-6)
	}
}

// TestMDcTails: the law of the wait begins at PWait, its far tail is
// geometric and stays positive where alternating sums have long failed.
func TestMDcTails(t *testing.T) {
	for _, m := range []MDc{{0.9, 1, 1}, {1.9, 1, 2}, {9, 1, 10}, {0.99999, 1, 1}, {99, 1, 100}} {
		law, err := newDelayLaw(m)
		if err != nil {
			t.Fatal(err)
		}
		tail := func(x float64) float64 {
			p, err := law.tail(x)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		want(t, name(m)+" P(wait > 0)", tail(0), measures(t, m).PWait, 1e-9)
		// P(wait > t) falls by e^(-lambda v) a service time, v the decay root.
		fall := math.Exp(-m.ArrivalRate * decayRoot(law.left))
		want(t, name(m)+" decay", tail(201)/tail(200), fall, 1e-9)
		last := 1.0
		for x := 0.0; x < 6; x += 0.0625 {
			p := tail(x)
			if p > last*(1+1e-12) {
				t.Errorf("%s: P(wait > %g) is %g after %g", name(m), x, p, last)
			}
			last = p
		}
	}
}

// TestMDcNobodyWaits: where P(wait) is too small for a float64 it is 0, not -0.
func TestMDcNobodyWaits(t *testing.T) {
	for _, m := range []MDc{{0, 1, 3}, {900_000, 1, 1_000_000}} {
		if x := measures(t, m); x.PWait != 0 || math.Signbit(x.PWait) {
			t.Errorf("%s: P(wait) is %g, want 0", name(m), x.PWait)
		}
	}
}

// TestMDcManyServers stays finite and ordered at the bounds of the domain.
func TestMDcManyServers(t *testing.T) {
	for _, m := range []MDc{{9e5, 1, 1e6}, {1e6 - 1e3, 1, 1e6}, {1e-12, 1, 1e6}, {99999, 1, 1e5}} {
		x := measures(t, m)
		if fault := lawful(m, x); fault != "" {
			t.Errorf("%s: %s", name(m), fault)
		}
	}
}

// TestPairSum: the sum over the roots of many servers against every term.
func TestPairSum(t *testing.T) {
	for _, n := range []int{2, 3, 2048, 2049, 20_000, 20_001} {
		for _, left := range []float64{1e-3, 1e-6, 1e-9} {
			c := float64(n)
			f := func(k float64) float64 { return real(1 / (1 - diskRoot(1-left, 2*math.Pi*k/c))) }
			all := 0.0
			for k := 1; k < n; k++ {
				all += f(float64(min(k, n-k)))
			}
			want(t, "sum over the roots", pairSum(n, f), all, 1e-12)
		}
	}
}

// TestMDcFarOut: the wait next to saturation is exponential with the mean of
// Pollaczek and Khinchine, and the geometric part joins the sum without a step.
func TestMDcFarOut(t *testing.T) {
	m := MD1(1-1e-9, 1)
	mean := measures(t, m).Wq
	for _, p := range []float64{0.5, 0.99, 0.999999} {
		q, err := m.WaitQuantile(p)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "quantile of M/D/1 next to saturation", q, -math.Log1p(-p)*mean, 1e-8)
	}
	for _, m := range []MDc{{0.9, 1, 1}, {9.5, 1, 10}} {
		law, err := newDelayLaw(m)
		if err != nil {
			t.Fatal(err)
		}
		last := float64(len(law.r)) / law.c
		for s := 0.9 * last; s < 3*last+60; s += 0.37 {
			near, err1 := law.tail(s)
			far, err2 := law.tail(s + 1)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			want(t, "fall of the tail in one service", far/near, math.Exp(-law.drop*law.c), 1e-9)
		}
	}
}

// TestJumpRates: the interpolated rates are those summed term by term, to what
// the rounding of n a leaves of those.
func TestJumpRates(t *testing.T) {
	for _, m := range []MDc{{999_000, 1, 1_000_000}, {9990, 1, 10_000}, {95, 1, 100}, {0.999, 1, 1}} {
		law, err := m.delayLaw()
		if err != nil {
			t.Fatal(err)
		}
		rates := jumpRates{law: law}
		for k := 1; k < min(4000, len(law.r)); k += 1 + k/16 {
			b := law.jumpRate(float64(k))
			want(t, name(m)+" jump rate", rates.at(k), b, 1e-12*(1+math.Abs(math.Log(b))/4))
		}
	}
}
