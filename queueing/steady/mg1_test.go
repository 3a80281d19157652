package steady

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// TestMG1SpecialCases: exponential service is M/M/1, fixed service M/D/1.
func TestMG1SpecialCases(t *testing.T) {
	for _, rho := range []float64{1e-12, 0.3, 0.9, 1 - 1e-9} {
		m, d := measures(t, MM1{rho, 1}), measures(t, MD1(rho, 1))
		want(t, "Wq, SCV 1", measures(t, MG1{rho, TwoMoments(1, 1)}).Wq, m.Wq, 1e-12)
		want(t, "Wq, SCV 0", measures(t, MG1{rho, TwoMoments(1, 0)}).Wq, d.Wq, 1e-12)
		want(t, "Wq, SCV 400", measures(t, MG1{rho, TwoMoments(1, 400)}).Wq, m.Wq*200.5, 1e-9)
	}
}

// TestWaitInversion: the transform inverted against the closed forms.
func TestWaitInversion(t *testing.T) {
	erlang2, err := queueing.Erlang(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []queueing.Service{queueing.Exponential{MeanTime: 1}, queueing.BalancedHyperexponential(1, 9), erlang2, queueing.Gamma{MeanTime: 1, Shape: 8}} {
		for _, rho := range []float64{0.1, 0.6, 0.95} {
			m := MG1{rho, s}
			for _, x := range []float64{0.2, 1, 3, 20} {
				exact, err := m.WaitTail(x)
				if err != nil {
					t.Fatal(err)
				}
				if got := m.inverted(x); math.Abs(got-exact) > 2e-9 {
					t.Errorf("%T at rho %g: P(wait > %g) inverted %.12g, exact %.12g", s, rho, x, got, exact)
				}
			}
		}
	}
}

// TestWaitInversionNearSaturation: next to a load of 1 the transform is asked
// where its differences would lose all digits; phases are exact there.
func TestWaitInversionNearSaturation(t *testing.T) {
	for _, left := range []float64{1e-3, 1e-6, 1e-9} {
		for _, k := range []float64{2, 8, 40} {
			m := MG1{1 - left, queueing.Gamma{MeanTime: 1, Shape: k}}
			for _, share := range []float64{0.1, 0.7, 2} {
				at := share * measures(t, m).Wq
				exact, err := m.WaitTail(at)
				if err != nil {
					t.Fatal(err)
				}
				if got := m.inverted(at); math.Abs(got-exact) > 5e-10 {
					t.Errorf("shape %g, 1-rho %g: P(wait > %g) inverted %.12g, exact %.12g", k, left, at, got, exact)
				}
			}
		}
	}
}

// TestWaitSecondMoment: M/M/1 has 2 rho / (mu-lambda)^2, and twice the area
// under t P(wait > t) is the second moment.
func TestWaitSecondMoment(t *testing.T) {
	got, err := MG1{0.8, TwoMoments(1, 1)}.WaitSecondMoment()
	if err != nil {
		t.Fatal(err)
	}
	want(t, "M/M/1", got, 2*0.8/(0.2*0.2), 1e-12)
	empirical, err := queueing.NewEmpirical([]float64{0.5, 0.5, 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []queueing.Service{TwoMoments(1, 0), TwoMoments(1, 0.25), TwoMoments(1, 4), queueing.Lognormal{MeanTime: 1, Variability: 0.5}, empirical} {
		m := MG1{0.4 / s.Mean(), s}
		second, err := m.WaitSecondMoment()
		if err != nil {
			t.Fatal(err)
		}
		tail, err := m.tail()
		if err != nil {
			t.Fatal(err)
		}
		sum, from, step, grow := 0.0, 0.0, 0.25, 1.15
		if _, atoms := s.(queueing.Empirical); atoms || s.SCV() == 0 {
			step, grow = 1.0/32, 1.05 // the law has kinks
		}
		for from < 200 {
			part, _ := panel(from, from+step, func(x float64) float64 {
				p, err := tail(x)
				if err != nil {
					t.Fatal(err)
				}
				return 2 * x * p
			})
			sum, from, step = sum+part, from+step, step*grow
		}
		want(t, "second moment", sum, second, 1e-4)
	}
	full, err := MG1{2, TwoMoments(1, 1)}.WaitSecondMoment()
	if err != nil || !math.IsInf(full, 1) {
		t.Errorf("saturated: %g, %v", full, err)
	}
}

// TestHeavyTrafficQuantiles: next to saturation the wait is exponential with
// the mean Wq (Kingman 1961).
func TestHeavyTrafficQuantiles(t *testing.T) {
	for _, scv := range []float64{0, 0.125, 0.5, 1, 9} {
		m := MG1{0.9999, TwoMoments(1, scv)}
		q, err := m.WaitQuantile(0.99)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "99 % quantile", q, math.Log(100)*measures(t, m).Wq, 1e-3)
	}
}

// TestMG1QuantileReach: beyond 1 - 1e-8 an inverted law says so.
func TestMG1QuantileReach(t *testing.T) {
	if _, err := (MG1{0.5, TwoMoments(1, 0.4)}).WaitQuantile(1 - 1e-10); err == nil {
		t.Error("a quantile beyond the inversion's reach is given")
	}
	exact := MG1{0.5, TwoMoments(1, 0.5)}
	far, err := exact.WaitQuantile(1 - 1e-12)
	tail, err2 := exact.WaitTail(far)
	if err != nil || err2 != nil || !near(tail, 1e-12, 1e-3) {
		t.Errorf("an exact law's far quantile is %g, its tail %g (%v, %v)", far, tail, err, err2)
	}
}

// TestWaitsOfHardlyAnySpread: the law goes over into that of certain services,
// from which it differs by the order of the SCV.
func TestWaitsOfHardlyAnySpread(t *testing.T) {
	certain := MG1{0.7, TwoMoments(1, 0)}
	for _, x := range []float64{0.3, 2.5, 9} {
		want, err := certain.WaitTail(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, scv := range []float64{1e-8, 1e-10, 1e-12} {
			got, err := MG1{0.7, TwoMoments(1, scv)}.WaitTail(x)
			if err != nil || math.Abs(got-want) > scv+2e-10 {
				t.Errorf("SCV %g: P(wait > %g) = %.12g, without spread %.12g (%v)", scv, x, got, want, err)
			}
		}
	}
}
