package queueing

import (
	"math"
	"testing"
)

// Coefficients of Chebyshev's polynomials themselves, and of an exponential, which are
// Bessel functions: the sum of I_k(1) T_k, twice but for k = 0 (NIST Handbook of
// Mathematical Functions 10.35.2).
func TestWriteExtrema(t *testing.T) {
	for _, degree := range []int{16, 32, 64} {
		var values [nestedMost + 1]float64
		coef := make([]float64, degree+1)
		for of := range degree + 1 {
			for j := range values {
				values[j] = math.Cos(float64(of) * math.Pi * float64(j) / nestedMost)
			}
			writeExtrema(coef, &values)
			for k, c := range coef {
				want := 0.0
				if k == of {
					want = 1
				}
				if !(math.Abs(c-want) < 1e-14) {
					t.Fatalf("degree %d: coefficient %d of T_%d is %g", degree, k, of, c)
				}
			}
		}
		for j := range values {
			values[j] = math.Exp(nestedCos[j])
		}
		writeExtrema(coef, &values)
		for k := range 12 {
			bessel, term := 0.0, math.Pow(.5, float64(k))/math.Gamma(float64(k+1))
			for m := 1.0; term > 1e-20; m++ {
				bessel += term
				term *= .25 / (m * (m + float64(k)))
			}
			if k > 0 {
				bessel *= 2
			}
			if !(math.Abs(coef[k]-bessel) < 1e-15) {
				t.Errorf("degree %d: coefficient %d of the exponential is %.17g, want %.17g", degree, k, coef[k], bessel)
			}
		}
	}
}

// Blocks follow a logarithm as closely as is asked for where the mass is, and to a
// relative error elsewhere, with few values.
func TestNestedBlocks(t *testing.T) {
	functions := map[string]func(t float64) float64{
		"Gauss":  func(t float64) float64 { return -t * t },
		"Runge":  func(t float64) float64 { return math.Log(1 / (1 + 25*t*t)) },
		"ripple": func(t float64) float64 { return -3*t + 1e-4*math.Cos(60*t) },
		"far":    func(t float64) float64 { return -40 + 1e-10*math.Cos(60*t) },
	}
	for name, f := range functions {
		asked := 0
		n := nestedBlocks{allowed: 1e-11, log: func(t float64) float64 {
			asked++
			return f(t)
		}}
		n.add(-1, 2, blockDepth)
		for _, g := range n.blocks {
			for i := range 50 {
				x := g.lo + (g.hi-g.lo)*(float64(i)+.5)/50
				off := math.Abs(clenshaw(g.coef, (2*x-g.lo-g.hi)/(g.hi-g.lo)) - f(x))
				most := 5e-11
				if f(x) < -8 {
					most = 5 * relativeOff
				}
				if !(off <= most) {
					t.Errorf("%s: off by %.2g at %g", name, off, x)
				}
			}
		}
		if few := nestedFirst + 1 + len(between); (name == "Gauss" || name == "far") && asked != few {
			t.Errorf("%s: %d values, want %d", name, asked, few)
		}
		if most := len(n.blocks) * 2 * nestedMost; asked > most {
			t.Errorf("%s: %d values in %d blocks", name, asked, len(n.blocks))
		}
	}
}
