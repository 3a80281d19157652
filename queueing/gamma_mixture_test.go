package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
)

var mixtureSCV = []float64{.01, .05, .3, 1, 4, 25, 100}

// The mixture's weights are a law's, and its moments, CDF and density of ln S
// those of the lognormal law.
func TestGammaMixture(t *testing.T) {
	for _, scv := range mixtureSCV {
		s := Lognormal{2, scv}
		m := newGammaMixture(s)
		mu, sigma := s.Params()
		k := float64(m.shape)
		log, _ := math.Lgamma(k)
		total, moments := 0.0, [4]float64{}
		for i, b := range m.scale {
			w := m.weight[i]
			if !(w > 0) || i > 0 && b <= m.scale[i-1] {
				t.Errorf("SCV %g: weight %g at %g", scv, w, b)
			}
			total += w
			for n := range moments {
				w *= b * (k + float64(n))
				moments[n] += w
			}
		}
		near(t, "total", total, 1, 1e-14)
		for n, got := range moments[:mixtureMoments] {
			p := float64(n + 1)
			near(t, fmt.Sprintf("moment %d at SCV %g", n+1, scv), got, math.Exp(p*mu+p*p*sigma*sigma/2), 1e-11)
		}
		for y := -8.0; y <= 8; y += .125 {
			x := math.Exp(mu + sigma*y)
			below, density := 0.0, 0.0
			for i, b := range m.scale {
				below += m.weight[i] * gammaBelow(k, x/b)
				density += m.weight[i] * math.Exp(k*math.Log(x/b)-x/b-log)
			}
			if d := math.Abs(below - serviceCDF(s, x)); !(d < 1e-12) {
				t.Errorf("SCV %g: P(S <= %g) is off by %.2g", scv, x, d)
			}
			want := math.Exp(-y*y/2) / (sigma * math.Sqrt(2*math.Pi))
			if d := math.Abs(density - want); !(d < 1e-11) {
				t.Errorf("SCV %g: the density of ln S at %g is off by %.2g", scv, y, d)
			}
		}
	}
}

// The transform, what it lacks to 1 and its derivative against Gauss rules over
// ln S that follow each swing of the integrand.
func TestGammaMixtureTransform(t *testing.T) {
	for _, scv := range mixtureSCV[:6] {
		s := Lognormal{2, scv}
		m := newGammaMixture(s)
		for _, z := range []complex128{1e-9, .01, 1, 40, .01i, .2 + 1i, .5i, 1.5i} {
			if scv > 4 && real(z) == 0 && imag(z) > .01 { // swings for too long
				continue
			}
			lack, slope := byGauss(s, z)
			d, derivative, at := m.at(z)
			size := cmplx.Abs(lack)
			if off := cmplx.Abs(d - lack); !(off < 1e-10*math.Max(size, 1e-9)) {
				t.Errorf("SCV %g at %g: 1 - S* is %g, want %g", scv, z, d, lack)
			}
			if off := cmplx.Abs(at - (1 - lack)); !(off < 1e-10) {
				t.Errorf("SCV %g at %g: S* is %g, want %g", scv, z, at, 1-lack)
			}
			if off := cmplx.Abs(derivative - slope); !(off < 1e-9) {
				t.Errorf("SCV %g at %g: -S*' is %g, want %g", scv, z, derivative, slope)
			}
		}
	}
}

// byGauss is 1 - S* and -S*' of a lognormal law.
func byGauss(s Lognormal, z complex128) (lack, slope complex128) {
	mu, sigma := s.Params()
	const end = 9.5
	for y := -end; y < end; {
		x, to := math.Exp(mu+sigma*y), y+.25
		if real(z)*x < 40 {
			to = math.Min(to, y+2/(cmplx.Abs(z)*x*sigma))
		}
		to = math.Min(to, end)
		half, mid := (to-y)/2, (to+y)/2
		for i, g := range gauss16.x {
			v := mid + half*g
			w := half * gauss16.w[i] * math.Exp(-v*v/2) / math.Sqrt(2*math.Pi)
			x := math.Exp(mu + sigma*v)
			e := expm1c(-z * complex(x, 0))
			lack -= complex(w, 0) * e
			slope += complex(w*x, 0) * (1 + e)
		}
		y = to
	}
	return lack, slope
}

// E (G/k)^s for whole s is a product, and on the imaginary axis, for k = 1,
// |Gamma(1+iw)|^2 = pi w/sinh(pi w) (NIST Handbook of Mathematical Functions
// 5.4.3).
func TestLogGammaMoment(t *testing.T) {
	for _, k := range []float64{1, 2, 7, 35, 36, 400} {
		want := 0.0
		for n := 1.0; n < 6; n++ {
			want += math.Log((k + n - 1) / k)
			if got := logGammaMoment(k, complex(n, 0)); !(cmplx.Abs(got-complex(want, 0)) < 2e-14*k) {
				t.Errorf("shape %g, moment %g: %g, want %g", k, n, got, want)
			}
		}
	}
	for _, w := range []float64{.1, 1, 5, 20} {
		want := math.Log(math.Pi*w/math.Sinh(math.Pi*w)) / 2
		if got := real(logGammaMoment(1, complex(0, w))); !(math.Abs(got-want) < 1e-13*math.Max(1, w)) {
			t.Errorf("at %gi: %.16g, want %.16g", w, got, want)
		}
	}
}

// One service and two: the lognormal density, and its convolution with itself.
func TestMixtureSumsOfFew(t *testing.T) {
	for _, scv := range mixtureSCV[1:6] {
		s := Lognormal{2, scv}
		mu, sigma := s.Params()
		w := newMixtureSums(s)
		density := LognormalDelay{2, math.Sqrt(scv)}.Density
		for _, y := range []float64{-4, -2, -1, 0, .5, 1, 2, 3, 5} {
			u := math.Exp(mu + sigma*y)
			if got, want := w.last(1, u, 0), u*density(u); !(math.Abs(got-want) < 1e-11) {
				t.Errorf("SCV %g, one that takes %g: %.15g, want %.15g", scv, u, got, want)
			}
			if got, want := w.below(1, u, 0), serviceCDF(s, u); !(math.Abs(got-want) < 1e-12) {
				t.Errorf("SCV %g, one below %g: %.15g, want %.15g", scv, u, got, want)
			}
			two := 0.0
			lo, hi := mu-9*sigma, math.Log(u/2)
			for i := range 32 {
				a := lo + (hi-lo)*float64(i)/32
				two += quad.Fixed(func(l float64) float64 {
					x := math.Exp(l)
					return x * density(x) * density(u-x)
				}, a, a+(hi-lo)/32, 24, quad.Legendre{}, 0)
			}
			if got := w.last(2, u, 0); hi > lo && !(math.Abs(got-u*two) < 1e-11) {
				t.Errorf("SCV %g, two that take %g: %.15g, want %.15g", scv, u, got, u*two)
			}
		}
	}
}
