package queueing

import (
	"math"
	"math/big"
	"testing"
)

// lnBesselSeries is ln(e^-x I_n(x)) by the power series with 200 bits.
func lnBesselSeries(n int, x float64) float64 {
	const bits = 200
	half := new(big.Float).SetPrec(bits).SetFloat64(x / 2)
	term := new(big.Float).SetPrec(bits).SetInt64(1)
	for i := 1; i <= n; i++ {
		term.Mul(term, half)
		term.Quo(term, new(big.Float).SetInt64(int64(i)))
	}
	square := new(big.Float).SetPrec(bits).Mul(half, half)
	sum := new(big.Float).SetPrec(bits).Set(term)
	for j := int64(1); ; j++ {
		term.Mul(term, square)
		term.Quo(term, new(big.Float).SetInt64(j*(int64(n)+j)))
		sum.Add(sum, term)
		if float64(j) > x && term.MantExp(nil) < sum.MantExp(nil)-80 {
			break
		}
	}
	mant := new(big.Float)
	exp := sum.MantExp(mant)
	m, _ := mant.Float64()
	return math.Log(m) + float64(exp)*math.Ln2 - x
}

func TestBessel(t *testing.T) {
	for _, c := range []struct {
		n int
		x float64
	}{
		{0, 1e-3}, {0, 1}, {0, 29}, {0, 31}, {0, 2000}, {1, 1}, {1, 30}, {5, 3}, {20, 400}, {29, 6}, {31, 2},
		{200, 1}, {2000, 1500}, {5000, 10}, {5000, 5000}, {5000, 20000},
	} {
		want := lnBesselSeries(c.n, c.x)
		got := lnSkellamMass(float64(c.n), c.x/2, c.x/2, float64(c.n))
		if math.Abs(got-want) > 2e-14+3e-16*math.Abs(want)*4+1e-16*c.x*8 {
			t.Errorf("ln(e^-x I_%d(x)) at x = %g is %.16g, want %.16g", c.n, c.x, got, want)
		}
		if b := BesselI(c.n, c.x); math.Abs(b-math.Exp(want)) > 1e-11*b {
			t.Errorf("e^-x I_%d(x) at x = %g is %g, want %g", c.n, c.x, b, math.Exp(want))
		}
	}
	if got := BesselI(0, 0); got != 1 {
		t.Errorf("I_0(0) = %g", got)
	}
	if got := BesselI(3, 0); got != 0 {
		t.Errorf("I_3(0) = %g", got)
	}
	if got := BesselI(5000, 1e9); math.IsNaN(got) || math.Abs(got*math.Sqrt(2*math.Pi*1e9)-math.Exp(-0.0125)) > 1e-9 {
		t.Errorf("e^-1e9 I_5000(1e9) = %g", got)
	}
}

// The ratio of neighbouring Poisson probabilities is exact.
func TestPoissonMass(t *testing.T) {
	for _, mean := range []float64{0.3, 7, 19.5, 400, 1e6, 1e10} {
		for z := -5.0; z <= 5; z++ {
			n := math.Floor(mean + z*math.Sqrt(mean))
			if n < 0 {
				continue
			}
			near(t, "p(n+1)/p(n)", poissonMass(n+1, mean)/poissonMass(n, mean), mean/(n+1), 1e-14*math.Sqrt(mean+1)*10)
		}
	}
	near(t, "p(0)", poissonMass(0, 0.3), math.Exp(-0.3), 1e-15)
	near(t, "p(25)", poissonMass(25, 20), 0.04458764910826765, 1e-13)
}
