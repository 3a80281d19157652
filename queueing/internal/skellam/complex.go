package skellam

import (
	"math"
	"math/cmplx"
)

// Complex is [Prob] for a complex mean a of A, whose root has a positive real part,
// and whole k of either sign: the same expansions, in which every term is analytic
// in a. Its error is relative to P(D - A = k) for the real mean |a|, times
// e^(|a| - Re a).
func Complex(k, b float64, a complex128) complex128 {
	if k < 0 { // I_k is even in k
		ratio := cmplx.Log(a*complex(1/b, 0)) * complex(-k, 0)
		return scaled(-k, b, a, ratio)
	}
	return scaled(k, b, a, 0)
}

// scaled is e^power P(D - A = k) for k >= 0.
func scaled(k, b float64, a, power complex128) complex128 {
	w := cmplx.Sqrt(complex(k*k, 0) + complex(4*b, 0)*a)
	size := cmplx.Abs(w)
	if size < debyeFrom {
		return complexSeries(k, b, a, power)
	}
	sum, v := complex(0, 0), 1/w
	q := complex(k*k, 0) * v * v
	for j := debyeTerms(size); j >= 0; j-- {
		sum = sum*v + complexPoly(debye[j], q)
	}
	exponent := complexExponent(k, b, a, w) - power
	if real(exponent) > 700 {
		return 0
	}
	return cmplx.Exp(-exponent) * sum / cmplx.Sqrt(2*math.Pi*w)
}

// complexExponent is [Exponent] for w = (k^2 + 4ab)^(1/2).
func complexExponent(k, b float64, a, w complex128) complex128 {
	den := w + complex(2*b-k, 0)
	if 2*b < k { // these cancel
		den = complex(2*b, 0) + complex(4*b, 0)*a/(w+complex(k, 0))
	}
	d := 2 * (a + complex(k-b, 0)) / den
	if !(span(d) < 1e200) {
		return complex(math.Inf(1), 0)
	}
	if span(d) < 0.1 {
		return complex(b, 0)*complexDeviance(d) + a*complexDeviance(-d/(1+d))
	}
	tilted := 1 / (1 + d) // of A's mean
	return complex(b, 0)*complexDeviance(d) + a*(1-tilted-tilted*cmplx.Log(1+d))
}

func complexDeviance(d complex128) complex128 {
	if span(d) > 0.1 {
		return (1+d)*cmplx.Log(1+d) - d
	}
	sum, power := complex(0, 0), d*d
	for k := 2.0; span(power) > 1e-18*span(sum); k++ {
		sum += power * complex(1/(k*(k-1)), 0)
		power *= -d
	}
	return sum
}

func complexSeries(k, b float64, a, power complex128) complex128 {
	lg, _ := math.Lgamma(k + 1)
	lead := cmplx.Exp(complex(k*math.Log(b)-lg-b, 0) - a + power)
	term, sum, ab := complex(1, 0), complex(1, 0), a*complex(b, 0)
	for j := 1.0; span(term) > 1e-17*span(sum) || j*(k+j) < span(ab); j++ {
		term *= ab * complex(1/(j*(k+j)), 0)
		sum += term
	}
	return lead * sum
}

func complexPoly(c []float64, x complex128) complex128 {
	sum := complex(0, 0)
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*x + complex(c[i], 0)
	}
	return sum
}

func span(z complex128) float64 { return math.Abs(real(z)) + math.Abs(imag(z)) }
