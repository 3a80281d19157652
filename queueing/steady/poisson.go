package steady

import "math"

// logPoisson is ln(e^-x x^k / Gamma(k+1)) for real k >= 0 and x > 0, by the
// deviance form of Loader (2000): its absolute error stays near 1e-15 of its
// own size, at any size of k.
func logPoisson(k, x float64) float64 {
	if k < 15 {
		g, _ := math.Lgamma(k + 1)
		return k*math.Log(x) - x - g
	}
	return -deviance(k, x) - stirlingError(k) - 0.5*math.Log(2*math.Pi*k)
}

// deviance is k ln(k/x) + x - k without cancellation where k is near x
// (Loader's bd0).
func deviance(k, x float64) float64 {
	v := (k - x) / (k + x)
	if math.Abs(v) > 0.1 {
		return k*math.Log(k/x) + x - k
	}
	sum, term := (k-x)*v, 2*k*v
	for j := 3.0; ; j += 2 {
		term *= v * v
		next := sum + term/j
		if next == sum || math.IsNaN(next) {
			return sum
		}
		sum = next
	}
}

// stirlingError is ln Gamma(k+1) - (k+1/2) ln k + k - ln(2 pi)/2 for k >= 15
// by Stirling's series (Abramowitz & Stegun 6.1.40).
func stirlingError(k float64) float64 {
	x := 1 / (k * k)
	s := 1.0/12 - x*(1.0/360-x*(1.0/1260-x*(1.0/1680-x*(1.0/1188-x*(691.0/360360-x/156)))))
	return s / k
}

// risingSum is the sum over j >= 1 of x^j / ((s+1)(s+2)...(s+j)), all terms
// positive, for 0 <= x < about s+1, to a relative error of tolerance (beside
// rounding), and the sum of j times its terms. Both follow from the series
// of the lower incomplete gamma function (Abramowitz & Stegun 6.5.29).
func risingSum(s, x, tolerance float64) (sum, moment float64) {
	term := 1.0
	for j := 1.0; ; j++ {
		r := x / (s + j)
		term *= r
		sum += term
		moment += j * term
		// What is left is below a geometric series with the ratio r.
		left := (1 - r) * (1 - r)
		if r < 1 && (j+1)*term <= left*tolerance*moment {
			return sum, moment
		}
		if term == 0 {
			return sum, moment
		}
	}
}

// fraction is e^x x^-s Gamma(s,x) for s >= 0 and x >= max(s, 1), by
// Legendre's continued fraction (Abramowitz & Stegun 6.5.31, even part) and
// Lentz's method.
func fraction(s, x float64) float64 {
	const tiny = 1e-300
	b := x + 1 - s
	c, d := 1/tiny, 1/b
	h := d
	for i := 1.0; i < 1e8; i++ {
		a := -i * (i - s)
		b += 2
		d = a*d + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + a/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		f := d * c
		h *= f
		if math.Abs(f-1) < 1e-16 {
			break
		}
	}
	return h
}

// gammaLower is P(s,x), the regularised lower incomplete gamma function, for
// s > 0, to nearly full relative precision on the small side.
func gammaLower(s, x float64) float64 {
	if x <= 0 {
		return 0
	}
	if x < s || x < 1 {
		sum, _ := risingSum(s, x, 1e-17)
		return math.Exp(logPoisson(s, x)) * (1 + sum)
	}
	return 1 - gammaUpper(s, x)
}

// gammaUpper is Q(s,x) = 1 - P(s,x).
func gammaUpper(s, x float64) float64 {
	if x < s || x < 1 {
		return 1 - gammaLower(s, x)
	}
	return math.Exp(logPoisson(s, x)) * s * fraction(s, x)
}
