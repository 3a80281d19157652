package queueing

import (
	"math"
	"math/cmplx"
	"testing"
)

func services(t *testing.T) map[string]Service {
	t.Helper()
	empirical, err := NewEmpirical([]float64{0.9, 0.2, 0.2, 3.1, 1.4})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Service{
		"exponential": Exponential{0.9}, "deterministic": Deterministic{0.9}, "gamma": Gamma{0.9, 0.7},
		"erlang": Gamma{0.9, 4}, "hyperexponential": BalancedHyperexponential(0.9, 4),
		"lognormal": Lognormal{0.9, 0.5}, "empirical": empirical,
	}
}

// Mean and SCV against the derivatives of the transform at 0.
func TestServiceMomentsFromTransform(t *testing.T) {
	for name, s := range services(t) {
		const h = 1e-3
		at := func(x float64) float64 { return real(s.Transform(complex(x, 0))) }
		// Fourth-order one-sided differences: transforms live on x >= 0.
		f := [7]float64{}
		for i := range f {
			f[i] = at(float64(i) * h)
		}
		mean := -(-147*f[0] + 360*f[1] - 450*f[2] + 400*f[3] - 225*f[4] + 72*f[5] - 10*f[6]) / (60 * h)
		second := (812*f[0] - 3132*f[1] + 5265*f[2] - 5080*f[3] + 2970*f[4] - 972*f[5] + 137*f[6]) / (180 * h * h)
		if math.Abs(mean-s.Mean()) > 1e-7*s.Mean() {
			t.Errorf("%s: mean %.10g, by the transform %.10g", name, s.Mean(), mean)
		}
		scv := second/(mean*mean) - 1
		if math.Abs(scv-s.SCV()) > 2e-4 {
			t.Errorf("%s: SCV %.8g, by the transform %.8g", name, s.SCV(), scv)
		}
		if z := s.Transform(0); math.Abs(real(z)-1) > 1e-12 || imag(z) != 0 {
			t.Errorf("%s: transform at 0 is %v", name, z)
		}
	}
}

func TestServiceScaled(t *testing.T) {
	for name, s := range services(t) {
		b := s.Scaled(2.5)
		if math.Abs(b.Mean()-2.5*s.Mean()) > 1e-12 || math.Abs(b.SCV()-s.SCV()) > 1e-12 {
			t.Errorf("%s: scaled by 2.5 has mean %g, SCV %g", name, b.Mean(), b.SCV())
		}
		if x, y := b.Transform(0.3+0.2i), s.Transform(0.75+0.5i); math.Abs(real(x-y)) > 1e-12 || math.Abs(imag(x-y)) > 1e-12 {
			t.Errorf("%s: transforms %v, %v", name, x, y)
		}
	}
}

func TestBadServices(t *testing.T) {
	for _, s := range []Service{Exponential{0}, Exponential{math.NaN()}, Deterministic{-1}, Gamma{1, 0}, Gamma{math.Inf(1), 1},
		Hyperexponential{1.5, 1, 1}, Hyperexponential{0.5, 0, 1}, Lognormal{1, 0}, Empirical{}} {
		if s.Validate() == nil {
			t.Errorf("%#v was accepted", s)
		}
	}
	if _, err := NewEmpirical([]float64{1, 0}); err == nil {
		t.Error("a service time of 0 was accepted")
	}
	if _, err := Erlang(1, 0); err == nil {
		t.Error("an Erlang law without phases was accepted")
	}
}

// Moments of the sum by integrating its CDF: E X = integral of 1-F, E X^2 =
// integral of 2x(1-F).
func TestSumMoments(t *testing.T) {
	for name, s := range services(t) {
		for _, k := range []int{1, 2, 17, 300} {
			sum, err := SumOf(s, k)
			if err != nil {
				t.Fatal(err)
			}
			sd := math.Sqrt(sum.Variance())
			m1, m2 := 0.0, 0.0
			from := 0.0 // most points where most of the mass is
			for _, to := range []float64{sum.Mean(), sum.Mean() + 5*sd, sum.Mean() + 40*sd + 10*s.Mean()} {
				const n = 25_000
				h := (to - from) / n
				for i := range n {
					x := from + (float64(i)+0.5)*h
					q := 1 - sum.CDF(x)
					m1 += q * h
					m2 += 2 * x * q * h
				}
				from = to
			}
			if tol := 1e-4 * sum.Mean(); math.Abs(m1-sum.Mean()) > tol {
				t.Errorf("%s, k %d: mean %.8g, by its CDF %.8g", name, k, sum.Mean(), m1)
			}
			if v := m2 - m1*m1; math.Abs(v-sum.Variance()) > 4e-3*sum.Variance()+1e-4 {
				t.Errorf("%s, k %d: variance %.8g, by its CDF %.8g", name, k, sum.Variance(), v)
			}
		}
	}
}

// The gridded convolution against the closed form: two equal phases make the
// hyperexponential law exponential, whose sums are gamma.
func TestSumGridAgainstGamma(t *testing.T) {
	for _, k := range []int{2, 40, 1000} {
		grid, err := SumOf(Hyperexponential{0.3, 2, 2}, k)
		if err != nil {
			t.Fatal(err)
		}
		closed, err := SumOf(Exponential{2}, k)
		if err != nil {
			t.Fatal(err)
		}
		for _, z := range []float64{-2, -1, 0, 0.5, 1, 3, 6} {
			x := closed.Mean() + z*math.Sqrt(closed.Variance())
			if got, want := grid.CDF(x), closed.CDF(x); math.Abs(got-want) > 2e-6 {
				t.Errorf("k %d, %g sd: %.9g, closed form %.9g", k, z, got, want)
			}
		}
	}
}

// Temme's expansion against the continued fraction where both hold (further
// out the continued fraction is the one that loses digits), and the value that the series loses six deviations below the mean at 1e9 (computed
// with 50 digits).
func TestGammaTails(t *testing.T) {
	for _, a := range []float64{1e6, 5e6} {
		for _, z := range []float64{-3, -0.5, 0, 0.2, 2} {
			x := a + z*math.Sqrt(a)
			below, above := gammaTails(a, x)
			b, c := temmeTails(a, x)
			if math.Abs(b/below-1) > 1e-8 || math.Abs(c/above-1) > 1e-8 {
				t.Errorf("a %g, %g sd: %.12g and %.12g, Temme %.12g and %.12g", a, z, below, above, b, c)
			}
		}
	}
	below, _ := gammaTails(1e9, 1e9-6*math.Sqrt(1e9))
	if math.Abs(below/9.84e-10-1) > 1e-3 {
		t.Errorf("six deviations below 1e9: %.6g, want 9.84e-10", below)
	}
}

// TestGammaOfHardlyAnySpread: against a certain time, ln B(z) is -z m + (z m)^2
// SCV/2 - (z m)^3 SCV^2/3 and what is too small to see.
func TestGammaOfHardlyAnySpread(t *testing.T) {
	for _, scv := range []float64{1e-9, 1e-12, 1e-15} {
		for _, z := range []complex128{0.3, 2i, 3 + 40i, 1e-3} {
			const mean = 2
			x := z * mean
			got := Gamma{mean, 1 / scv}.Transform(z)
			want := cmplx.Exp(-x) * cmplx.Exp(x*x*complex(scv/2, 0)-x*x*x*complex(scv*scv/3, 0))
			if cmplx.Abs(got-want) > 2e-14*cmplx.Abs(want) {
				t.Errorf("SCV %g at %g: %g, want %g", scv, z, got, want)
			}
		}
	}
}
