package steady

import (
	"math"
	"testing"
)

// The sum over c = 1..10^4 of C(c, 0.9 c) and C(10^4, 9000) are values that
// independent programs agree on.
func TestErlangCPublishedValues(t *testing.T) {
	sum := 0.0
	for c := 1.0; c <= 1e4; c++ {
		sum += ErlangC(c, 0.9*c)
	}
	want(t, "sum of C(c, 0.9c)", sum, 69.0036747471872, 1e-13)
	want(t, "C(10^4, 9000)", ErlangC(1e4, 9000), 2.09161979442e-25, 1e-11)
	// 1e-841 of a load of 5000 erlang.
	if ln := LogErlangC(1e4, 5000); ErlangC(1e4, 5000) != 0 || !(ln < -1936 && ln > -1937) {
		t.Errorf("ln C(10^4, 5000) is %g", ln)
	}
}

// TestErlangBRecurrence: B(c) = a B(c-1) / (c + a B(c-1)), slow but sure, at
// loads below, at and above the servers, for whole servers and others.
func TestErlangBRecurrence(t *testing.T) {
	for _, a := range []float64{1e-12, 0.3, 1, 7.5, 100, 2000} {
		for _, from := range []float64{0, 0.25, 0.999} {
			b := ErlangB(from, a)
			for c := from + 1; c < 3000 && b > 1e-280; c++ {
				b = a * b / (c + a*b)
				if c < 50 || int(c)%97 == 0 {
					want(t, "B("+format(c)+", "+format(a)+")", ErlangB(c, a), b, 1e-11)
				}
			}
		}
	}
}

// TestErlangBIntegral: 1/B(x, a) = a times the integral of e^(-a y) (1+y)^x
// (Jagerman 1974, eq. 6) for servers that are not whole.
func TestErlangBIntegral(t *testing.T) {
	for _, x := range []float64{0.001, 0.5, 1.5, 3.25, 40.7} {
		for _, a := range []float64{0.01, 0.9, 2, 4.2, 39, 200} {
			sum, step := 0.0, 0.02/math.Max(a, 1)
			for from := 0.0; from*a < 60+8*x; step *= 1.05 {
				part, _ := panel(from, from+step, func(y float64) float64 { return math.Exp(x*math.Log1p(y) - a*y) })
				sum += part
				from += step
			}
			want(t, "B("+format(x)+", "+format(a)+")", ErlangB(x, a), 1/(a*sum), 1e-11)
		}
	}
}

func TestErlangBEdges(t *testing.T) {
	for _, k := range []struct{ c, a, want float64 }{{0, 0, 1}, {0, 5, 1}, {3, 0, 0}, {1, 1, 0.5}, {1, 1e-12, 1e-12 / (1 + 1e-12)}, {1, 1e12, 1 / (1 + 1e-12)}} {
		want(t, "B("+format(k.c)+", "+format(k.a)+")", ErlangB(k.c, k.a), k.want, 1e-14)
	}
	for _, b := range []float64{ErlangB(-1, 1), ErlangB(1, -1), ErlangB(math.NaN(), 1), ErlangB(1, math.Inf(1)), ErlangC(0, 1), LogErlangB(-1, 1), LogErlangC(1, -1)} {
		if !math.IsNaN(b) {
			t.Errorf("out of range gives %g", b)
		}
	}
	if ErlangC(3, 3) != 1 || ErlangC(3, 7) != 1 || LogErlangC(3, 3) != 0 {
		t.Error("a saturated queue does not wait surely")
	}
}

// TestErlangInverses: the servers found are the fewest, exactly.
func TestErlangInverses(t *testing.T) {
	for _, a := range []float64{0.5, 10, 333, 1e5} {
		for _, p := range []float64{0.5, 0.1, 1e-3} {
			c := ErlangCServers(a, p)
			if ErlangC(float64(c), a) > p || ErlangC(float64(c-1), a) <= p {
				t.Errorf("%d servers for C <= %g at %g erlang", c, p, a)
			}
			x := ErlangBServers(a, p)
			want(t, "B at its inverse", ErlangB(x, a), p, 1e-9)
		}
	}
	if ErlangCServers(-1, 0.5) != 0 || !math.IsNaN(ErlangBServers(1, 0)) {
		t.Error("arguments out of range are taken")
	}
}

// TestErlangAMeetsItsLimits: with endless patience it is Erlang C below
// saturation, with none the loss system; with patience like the service it is
// M/M/inf.
func TestErlangAMeetsItsLimits(t *testing.T) {
	c, patient := measures(t, MMc{9, 4, 3}), measures(t, ErlangA{9, 4, 3, 1e12})
	want(t, "PWait with endless patience", patient.PWait, c.PWait, 1e-9)
	want(t, "Wq with endless patience", patient.Wq, c.Wq, 1e-9)
	b, hasty := measures(t, MMcc{9, 4, 3}), measures(t, ErlangA{9, 4, 3, 1e-12})
	want(t, "PAbandon without patience", hasty.PAbandon, b.PBlock, 1e-9)
	want(t, "L without patience", hasty.L, b.L, 1e-9)
	inf, like := measures(t, MMInf{9, 4}), measures(t, ErlangA{9, 4, 3, 0.25})
	want(t, "L with patience 1/mu", like.L, inf.L, 1e-12)
	want(t, "P0 with patience 1/mu", like.P0, inf.P0, 1e-12)
}

// TestErlangARowBothWays: the integral and the series of the queue's weights
// agree where both can be had.
func TestErlangARowBothWays(t *testing.T) {
	for _, s := range []float64{2e4, 9e4} {
		for _, f := range []float64{0.1, 0.9, 0.999, 1, 1.00001} {
			x := f * s
			sum, moment := risingSum(s, x, 1e-17)
			q := rowByIntegral(s, x, x-s)
			want(t, "sum", q.logSum, math.Log1p(sum), 1e-10)
			want(t, "mean", q.mean, moment/(1+sum), 1e-9)
		}
	}
}
