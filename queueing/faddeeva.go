package queueing

import (
	"math"
	"math/cmplx"
)

// faddeevaTerms gives 13 digits in the upper half plane.
const faddeevaTerms = 44

var (
	faddeevaL    = math.Sqrt(faddeevaTerms / math.Sqrt2)
	faddeevaCoef = faddeevaCoefficients()
)

// faddeevaCoefficients are those of J. A. C. Weideman, Computation of the
// complex error function, SIAM J. Numer. Anal. 31 (1994), eq. 38.
func faddeevaCoefficients() []float64 {
	const m = 2 * faddeevaTerms
	a := make([]float64, faddeevaTerms)
	for k := -m + 1; k < m; k++ {
		theta := float64(k) * math.Pi / m
		t := faddeevaL * math.Tan(theta/2)
		f := math.Exp(-t*t) * (faddeevaL*faddeevaL + t*t)
		for n := range a {
			a[n] += f * math.Cos(float64(n+1)*theta) / (2 * m)
		}
	}
	return a
}

// faddeeva is w(z) = exp(-z^2) erfc(-iz) for Im z >= 0.
func faddeeva(z complex128) complex128 {
	l, iz := complex(faddeevaL, 0), complex(-imag(z), real(z))
	x := (l + iz) / (l - iz)
	p := complex(0, 0)
	for n := len(faddeevaCoef) - 1; n >= 0; n-- {
		p = p*x + complex(faddeevaCoef[n], 0)
	}
	return 2*p/((l-iz)*(l-iz)) + complex(1/math.Sqrt(math.Pi), 0)/(l-iz)
}

// normalBelow is the distribution function of the standard normal law,
// continued to complex arguments.
func normalBelow(z complex128) complex128 {
	if real(z) > 0 {
		return 1 - normalBelow(-z)
	}
	zeta := -z / complex(math.Sqrt2, 0)
	return cmplx.Exp(-zeta*zeta) * faddeeva(complex(-imag(zeta), real(zeta))) / 2
}
