package queueing

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// temmeShape is the shape above which the incomplete gamma function is taken
// from Temme's uniform expansion: continued fractions and series lose digits
// in proportion to the shape's square root.
const temmeShape = 1e7

// gammaTails are P(X <= x) and P(X > x) for a gamma law with the given shape
// and scale 1, each to relative accuracy.
func gammaTails(shape, x float64) (below, above float64) {
	switch {
	case x <= 0:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	case shape < temmeShape:
		return mathext.GammaIncReg(shape, x), mathext.GammaIncRegComp(shape, x)
	}
	return temmeTails(shape, x)
}

// temmeTails is the uniform expansion of N. M. Temme, SIAM J. Math. Anal. 10
// (1979), eq. 1.4 and 1.5, cut after the term in 1/a: its error is below
// 1e-14 relative to the leading term for a >= 1e7.
func temmeTails(a, x float64) (below, above float64) {
	d := x/a - 1
	half := d - math.Log1p(d) // eta^2 / 2
	if math.Abs(d) < 1e-2 {
		half = logExcess(d)
	}
	eta := math.Copysign(math.Sqrt(2*half), d)
	rest := math.Exp(-a*half) / math.Sqrt(2*math.Pi*a) * (temmeC0(d, eta) + temmeC1(eta)/a)
	below = math.Erfc(-eta*math.Sqrt(a/2))/2 - rest
	above = math.Erfc(eta*math.Sqrt(a/2))/2 + rest
	return math.Max(below, 0), math.Max(above, 0)
}

// logExcess is d - ln(1+d) for small d, by its series.
func logExcess(d float64) float64 {
	sum, power := 0.0, d*d
	for k := 2; k < 14; k++ {
		sum += power / float64(k)
		power *= -d
	}
	return sum
}

// temmeC0 is 1/d - 1/eta, by its series where the two cancel.
func temmeC0(d, eta float64) float64 {
	if math.Abs(eta) > 0.05 {
		return 1/d - 1/eta
	}
	return -1.0/3 + eta*(1.0/12+eta*(-2.0/135+eta*(1.0/864+eta*(1.0/2835+eta*(-139.0/777600)))))
}

// temmeC1 is the first two terms of its series: it is divided by a >= 1e7.
func temmeC1(eta float64) float64 { return -1.0/540 - eta/288 }
