package queueing

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// The density and the tail of the work of (k + A)^+ services by the contour,
// against sums over A of gamma densities and tails, with services set aside
// and without, and with two phases that are alike against the exponential law.
func TestAside(t *testing.T) {
	for _, c := range [][3]float64{{0, .3, 2}, {-1, .3, 2}, {-1, .01, .05}, {-1, 2, .3}, {-1, 5, 60}, {-1, 7, 60}, {-1, 100, 900}, {-1, 95, 900},
		{-2, 1, 12}, {-5, .2, 3}, {-5, .2, 30}, {-5, 4, 30}, {-20, .3, 15}, {-20, .3, 35}, {-60, 2, 80}, {-60, .5, 80}, {2, .5, 2}, {-3, 1e-3, 4}, {-1, 20, 1e-3}} {
		k, u, a := c[0], c[1], c[2]
		for _, shape := range []float64{.25, 1, 2.5, 4} {
			density, tail := 0.0, 0.0
			for n := math.Max(0, 1-k); n < 60-k+a+30*math.Sqrt(a); n++ {
				p := poissonProb(n, a)
				density += p * gammaDensity((n+k)*shape, u*shape/.1) * shape / .1
				tail += p * (1 - serviceSumBelow(Gamma{.1, shape}, n+k, u))
			}
			w := &poleSums{service: Gamma{.1, shape}, edge: shape / .1}
			if got := w.aside(k, u, a); !(math.Abs(got-density) <= 1e-10*density+1e-12) {
				t.Errorf("shape %g at %v: density %.15g, want %.15g", shape, c, got, density)
			}
			if got := sumsOf(w.service).(*poleSums).aside(k, u, a); !(math.Abs(got-density) <= 1e-11*density+1e-14) {
				t.Errorf("shape %g at %v: density of the series %.15g, want %.15g", shape, c, got, density)
			}
			if got := w.beyond(k, u, a); !(math.Abs(got-tail) < 3e-12) {
				t.Errorf("shape %g at %v: tail %.15g, want %.15g", shape, c, got, tail)
			}
		}
		alike, one := &poleSums{service: Hyperexponential{.3, .1, .1}, edge: 10}, &poleSums{service: Exponential{.1}, edge: 10}
		if got, want := alike.aside(k, u, a), one.aside(k, u, a); !(math.Abs(got-want) <= 1e-11*want) {
			t.Errorf("phases alike at %v: %.15g, want %.15g", c, got, want)
		}
	}
}

// gammaDensity is that of shape a and scale 1.
func gammaDensity(a, x float64) float64 {
	g, _ := math.Lgamma(a)
	return math.Exp((a-1)*math.Log(x) - x - g)
}

// The same for lognormal services, against sums over A of the work of as many
// services.
func TestAsideOfLognormal(t *testing.T) {
	for _, scv := range []float64{.5, 4} {
		w := sumsOf(Lognormal{2, scv}).(*poleSums)
		for _, aside := range []float64{1, 3} {
			for _, a := range []float64{.3, 3, 20} {
				for _, u := range []float64{.3, 1, 5, 20, 50} {
					density, tail := 0.0, 0.0
					for n := aside + 1; n < 90; n++ {
						density += poissonProb(n, a) * w.last(n-aside, u, 0) * (n - aside) / u
						tail += poissonProb(n, a) * (1 - w.below(n-aside, u, 0))
					}
					if off := w.aside(-aside, u, a) - density; !(math.Abs(off) < 1e-12) {
						t.Errorf("SCV %g, %g aside, %g in %g s: density %.3g, off by %.2g", scv, aside, a, u, density, off)
					}
					if off := w.beyond(-aside, u, a) - tail; !(math.Abs(off) < 1e-12) {
						t.Errorf("SCV %g, %g aside, %g in %g s: tail %.3g, off by %.2g", scv, aside, a, u, tail, off)
					}
				}
			}
		}
	}
}

// Sums of lognormal services that are alike, where hardly one has been so short and
// where far more are expected than can have been done, against sums on a grid: the
// density of n services has no end to its derivatives and none where it begins, so
// that the trapezoidal rule for one convolved with the next is off by rounding.
func TestSumsOfAlikeServices(t *testing.T) {
	const n, h, most = 400, .01, 14
	for _, scv := range []float64{.02, .2} {
		s := Lognormal{1, scv}
		mu, sigma := s.Params()
		one := distuv.LogNormal{Mu: mu, Sigma: sigma}
		g, below := [][]float64{nil}, [][]float64{nil} // by the number of services
		for range most {
			f, c := make([]float64, n), make([]float64, n)
			for i := 1; i < n; i++ {
				if u := float64(i) * h; len(g) == 1 {
					f[i], c[i] = one.Prob(u), one.CDF(u)
				}
				for j, x := range g[len(g)-1] {
					if j > 0 && j < i {
						f[i] += h * x * g[1][i-j]
						c[i] += h * x * below[1][i-j]
					}
				}
			}
			g, below = append(g, f), append(below, c)
		}
		w := newMixtureSums(s)
		for _, k := range []int{-40, -3, 0, 1, 3} {
			for _, a := range []float64{1e-3, .1, 2, 45, 100} {
				for i := 1; i < n; i += 1 + i/4 {
					u := float64(i) * h
					density, last, short := 0.0, 0.0, 0.0
					for m := max(0, -k); m+k <= most; m++ {
						p := poissonProb(float64(m), a)
						if j := m + k; j == 0 {
							short += mathext.GammaIncRegComp(float64(m)+1, a)
						} else {
							density += p * g[j][i]
							last += p * g[j][i] * u / float64(j)
							short += p * below[j][i]
						}
					}
					x := float64(k)
					if off := w.aside(x, u, a) - density; !(math.Abs(off) < 1e-11) {
						t.Errorf("SCV %g, %d + %g in %g s: density %.3g, off by %.2g", scv, k, a, u, density, off)
					}
					if off := 1 - w.beyond(x, u, a) - short; !(math.Abs(off) < 1e-11) {
						t.Errorf("SCV %g, %d + %g in %g s: P(no longer) = %.3g, off by %.2g", scv, k, a, u, short, off)
					}
					if off := w.last(x, u, a) - last; k > 0 && !(math.Abs(off) < 1e-11) {
						t.Errorf("SCV %g, %d + %g in %g s: last %.3g, off by %.2g", scv, k, a, u, last, off)
					}
				}
			}
		}
	}
}

// The time that gamma services take that are as alike, against the sum over A.
func TestTailsOfAlikeServices(t *testing.T) {
	for _, shape := range []float64{20, 100, 1000} {
		s := Gamma{1, shape}
		w := &poleSums{service: s, edge: shape}
		for _, k := range []float64{0, 1, -1, -5, -40, 3} {
			for _, a := range []float64{1e-3, .1, 2, 10, 45} {
				for _, u := range []float64{.001, .1, .5, .9, 1, 1.5, 2, 5, 10} {
					want := 0.0
					for n := 0.0; n < 120; n++ {
						if p := poissonProb(n, a); p > 1e-17 {
							want += p * serviceSumBelow(s, max(0, n+k), u)
						}
					}
					if off := 1 - w.beyond(k, u, a) - want; !(math.Abs(off) < 1e-11) {
						t.Errorf("shape %g, %g + %g: P(no longer than %g) = %.3g is off by %.2g", shape, k, a, u, want, off)
					}
				}
			}
		}
	}
}
