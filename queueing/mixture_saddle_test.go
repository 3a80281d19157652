package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"
)

// The density in the variable of the root is that of the inversion in the transform's
// own, whose path, weights and saddle are others: by its rule and by the asymptotic
// series, from nearly all arrivals to none.
func TestMixtureSaddle(t *testing.T) {
	for _, scv := range []float64{1.5, 4, 20, 200} {
		for _, n0 := range []int{1, 2, 10, 100, 1000, 100000} {
			for _, rate := range []float64{0, 4, 9.9} {
				s := BalancedHyperexponential(.1, scv)
				c := constantLane{n0, rate, s}
				saddle := c.mixtureSaddle(s)
				path := inversion{passageTransform: c.busyMixture(s), enough: 1e-13, check: func() {}}
				lo, hi := math.Max(1e-20, c.earliest(outsideExponent)), c.latest(outsideExponent)
				for i := range 40 {
					at := lo * math.Pow(hi/lo, float64(i)/39)
					got, ok := saddle.log(at)
					if want := path.log(at); !ok || !(math.Abs(got-want) < 2e-12+float64(n0)*2e-17) {
						t.Errorf("SCV %g, %d at %g/s: ln f(%g) = %.16g, %v, want %.16g", scv, n0, rate, at, got, ok, want)
					}
				}
				if saddle.off > 1e-12 {
					t.Errorf("SCV %g, %d at %g/s: off by %.2g", scv, n0, rate, saddle.off)
				}
			}
		}
	}
}

// One service without arrivals has the density of its law, and phases that are alike
// Kendall's.
func TestMixtureSaddleOfOne(t *testing.T) {
	for _, scv := range []float64{1.5, 4, 20, 200} {
		s := BalancedHyperexponential(.1, scv)
		saddle := constantLane{1, 0, s}.mixtureSaddle(s)
		for at := 1e-15; at < 40*s.Mean1; at *= 1.7 {
			want := s.P1/s.Mean1*math.Exp(-at/s.Mean1) + (1-s.P1)/s.Mean2*math.Exp(-at/s.Mean2)
			if got, ok := saddle.log(at); !ok || !(math.Abs(got-math.Log(want)) < 1e-12) {
				t.Errorf("SCV %g: f(%g) = %.15g, %v, want %.15g", scv, at, math.Exp(got), ok, want)
			}
		}
	}
	for _, n0 := range []int{1, 30, 5000, 1e9} {
		c := constantLane{n0, 8, Hyperexponential{.3, .1, .1}}
		saddle, kendall := c.mixtureSaddle(c.service.(Hyperexponential)), constantLane{n0, 8, Exponential{.1}}.kendall()
		lo, hi := c.bounds(1e-18)
		for i := range 30 {
			at := math.Max(lo, 1e-12) * math.Pow(hi/math.Max(lo, 1e-12), float64(i)/29)
			got, ok := saddle.log(at)
			if want := kendall(at); !ok || !(math.Abs(got-want) < 1e-12+40*c.instantNoise(c.cumulants())) { // 20 standard deviations off
				t.Errorf("%s: %.16g, %v, want %.16g", fmt.Sprintf("ln f(%g) from %d", at, n0), got, ok, want)
			}
		}
	}
}

// The coefficients of K are those of the logarithms that it is made of, by the recurrence
// for the logarithm of a series.
func TestMixtureCurves(t *testing.T) {
	for _, s := range []Hyperexponential{BalancedHyperexponential(.1, 4), {.3, .1, .1}, {1, .1, 4}, {0, .1, 4}, {.999, .01, 70}} {
		v := constantLane{7, 3, s}.mixtureSaddle(s)
		for _, z := range []float64{-.1 / s.Mean2, .3, 40} {
			const at, unit = 5.0, .4
			var c [9]float64
			v.curves(c[:], z, at, unit)
			var a, slope, l, m [11]float64
			v.taylor(a[:], z, unit)
			var longer [12]float64
			v.taylor(longer[:], z, unit)
			for j := range slope {
				slope[j] = float64(j+1) * longer[j+1]
			}
			logarithm := func(l, a []float64) {
				for j := 1; j < len(l); j++ {
					l[j] = float64(j) * a[j]
					for i := 1; i < j; i++ {
						l[j] -= float64(i) * l[i] * a[j-i]
					}
					l[j] /= float64(j) * a[0]
				}
			}
			logarithm(l[:], a[:])
			logarithm(m[:], slope[:])
			for j, got := range c {
				want := 2 * (at*3*a[j+2] + 6*l[j+2] + m[j+2])
				if !(math.Abs(got-want) < 1e-9*(math.Abs(want)+math.Abs(c[0]))) {
					t.Errorf("%v at %g: coefficient %d is %.12g, want %.12g", s, z, j+2, got, want)
				}
			}
		}
	}
}

// The coefficients of powers of 1/(1-x) and exp(x), as they are known.
func TestPowerSeries(t *testing.T) {
	var geometric, exponential, ig, ie [13]float64
	term := 1.0
	for j := range geometric {
		geometric[j], exponential[j] = 1, term
		ig[j], ie[j] = float64(j), float64(j)*term
		term /= float64(j + 1)
	}
	for n := 1; n < len(geometric); n++ {
		near(t, fmt.Sprintf("exp(-2.5 x), %d", n), powerSeries(exponential[:n+1], ie[:n+1], -2.5)*math.Gamma(float64(n+1)), math.Pow(-2.5, float64(n)), 1e-9)
		binomial := 1.0
		for j := range n {
			binomial *= (float64(j) - 2.5) / float64(j+1)
		}
		near(t, fmt.Sprintf("(1-x)^2.5, %d", n), powerSeries(geometric[:n+1], ig[:n+1], -2.5), binomial, 1e-11)
	}
}

// The densities of ln t where the law begins, by its series and by blocks after it, are those
// of the inversion of the transform, and of one service without arrivals known.
func TestMixturePieces(t *testing.T) {
	for _, scv := range []float64{1.5, 4, 20, 200} {
		for _, n0 := range []int{1, 2, 20, 100, 1000} {
			for _, rate := range []float64{0, 4, 9.9} {
				s := BalancedHyperexponential(.1, scv)
				c := constantLane{n0, rate, s}
				saddle, path := c.mixtureSaddle(s), inversion{passageTransform: c.busyMixture(s), enough: 1e-13, check: func() {}}
				lo, hi := math.Max(1e-20, c.earliest(outsideExponent)), c.latest(outsideExponent)
				from := math.Log(lo)
				for _, p := range c.mixturePieces(saddle, lo, hi, 3e-13) {
					for i := range 12 {
						x := from + (p.hi-from)*(float64(i)+.5)/12
						at := []float64{x}
						p.exps(at)
						want := path.log(math.Exp(x)) + x
						if n0 == 1 && rate == 0 {
							e := math.Exp(x)
							want = x + math.Log(s.P1/s.Mean1*math.Exp(-e/s.Mean1)+(1-s.P1)/s.Mean2*math.Exp(-e/s.Mean2))
						}
						if !(math.Abs(math.Log(at[0])-want) < 3e-12) {
							t.Errorf("SCV %g, %d at %g/s, ln t = %g: %.16g, want %.16g", scv, n0, rate, x, math.Log(at[0]), want)
						}
					}
					from = p.hi
				}
				if at := math.Exp(from); at < .99*hi && !saddle.settles(at) {
					t.Errorf("SCV %g, %d at %g/s: nothing follows from %g s on, of %g s", scv, n0, rate, at, hi)
				}
			}
		}
	}
}

// The series where the law begins are Takács's sum term by term: two services without
// arrivals, of one and of both phases, and phases that are alike.
func TestMixtureOnsetSeries(t *testing.T) {
	s := Hyperexponential{.7, .1, .5}
	o := constantLane{2, 0, s}.mixtureOnset(s, 1e-9, 100)
	alike := constantLane{3, 5, s}
	alike.service = Hyperexponential{.4, .1, .1}
	same := alike.mixtureOnset(Hyperexponential{.4, .1, .1}, 1e-9, 100)
	kendall := constantLane{3, 5, Exponential{.1}}.kendall()
	for _, at := range []float64{1e-6, 1e-3, .03, .2, .9, 2} {
		a, b := 10., 2.
		both := a * b * (math.Exp(-b*at) - math.Exp(-a*at)) / (a - b)
		want := .49*a*a*at*math.Exp(-a*at) + .09*b*b*at*math.Exp(-b*at) + .42*both
		got := []float64{math.Log(at)}
		o.exps(got)
		near(t, fmt.Sprintf("two services at %g s", at), got[0]/at/want, 1, 1e-10)
		got[0] = math.Log(at)
		same.exps(got)
		near(t, fmt.Sprintf("three like ones at %g s", at), math.Log(got[0]/at), kendall(at), 2e-13)
	}
}

// Points add up to the series of their exponentials, found from values at many angles.
func TestBlockPoints(t *testing.T) {
	for _, c := range []complex128{1e-9, 1e-3i, .3 - .4i, -2 + 1i, -9 - 9i, 12i, 20 + 3i, -40 + 30i} {
		var got [blockDegree + 1]float64
		p := blockPoint{c, complex(.6, -.8), complex(-math.Abs(real(c)), 1)}
		q := blockPoint{1.2 * c, complex(-.2, .3), complex(-1.2*math.Abs(real(c)), 2)}
		addPoints(&got, p, q)
		for n := range got {
			const points = 400
			want := 0.0
			for i := range points {
				angle := math.Pi * (float64(i) + .5) / points
				for _, p := range []blockPoint{p, q} {
					want += 2. / points * real(p.w*cmplx.Exp(p.power+p.c*complex(math.Cos(angle), 0))) * math.Cos(float64(n)*angle)
				}
			}
			if n == 0 {
				want /= 2
			}
			if !(math.Abs(got[n]-want) < 1e-14) {
				t.Errorf("c = %v: coefficient %d is %.17g, want %.17g", c, n, got[n], want)
			}
		}
	}
}
