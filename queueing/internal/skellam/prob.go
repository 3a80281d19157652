package skellam

import "math"

const (
	debyeFrom = 30 // w from which the uniform expansion is used
	debyeLast = 12 // its last term
	debyeRest = 1e-17
)

// debye holds v_j(q), the coefficients of w^-j in the uniform expansion, as
// polynomials in q = k^2/w^2.
var debye = debyePolynomials(debyeLast)

// debyeEnough[j] is the w from which the terms up to j suffice: the next one
// is below debyeRest for all q.
var debyeEnough = debyeReaches(debye)

// debyePolynomials follows DLMF 10.41.9:
// U_{j+1}(p) = p^2 (1-p^2) U_j'(p) / 2 + (1/8) int_0^p (1 - 5t^2) U_j(t) dt,
// with U_j(p) = p^j v_j(p^2).
func debyePolynomials(last int) [][]float64 {
	v := [][]float64{{1}}
	for j := 0; j < last; j++ {
		next := make([]float64, j+2)
		for i, c := range v[j] { // the term c p^(j+2i) of U_j
			m := float64(j + 2*i)
			next[i] += c * (m/2 + 1/(8*(m+1)))
			next[i+1] -= c * (m/2 + 5/(8*(m+3)))
		}
		v = append(v, next)
	}
	return v
}

// debyeReaches takes the largest value of a polynomial from a grid: between its
// points it is but a little larger.
func debyeReaches(v [][]float64) []float64 {
	const grid = 256
	reach := make([]float64, len(v))
	for j := range len(v) - 1 {
		most := 0.0
		for i := range grid + 1 {
			most = math.Max(most, math.Abs(poly(v[j+1], float64(i)/grid)))
		}
		reach[j] = math.Pow(most/debyeRest, 1/float64(j+1))
	}
	return reach
}

// debyeTerms is the last term that matters.
func debyeTerms(w float64) int {
	last := 2
	for last < debyeLast && w < debyeEnough[last] {
		last++
	}
	return last
}

// Prob is P(D - A = k) for D Poisson of mean b and A Poisson of mean a, both
// at least 0 and finite, k whole. Relative error about 1e-14 where the result
// is above 1e-20, growing with the size of its logarithm.
func Prob(k, b, a float64) float64 {
	if k < 0 {
		k, b, a = -k, a, b
	}
	if b == 0 {
		if k > 0 {
			return 0
		}
		return math.Exp(-a)
	}
	w := math.Sqrt(k*k + 4*a*b)
	if w < debyeFrom {
		return series(k, b, a)
	}
	q := k / w * (k / w)
	sum := 0.0
	for j := debyeTerms(w); j >= 0; j-- {
		sum = sum/w + poly(debye[j], q)
	}
	return math.Exp(-Exponent(k, b, a)) / math.Sqrt(2*math.Pi*w) * sum
}

func poly(c []float64, x float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*x + c[i]
	}
	return sum
}

// series sums the powers of ab: all terms are positive.
func series(k, b, a float64) float64 {
	var lead float64
	switch {
	case k == 1:
		lead = b * math.Exp(-a-b)
	case k < 20: // the power and the factorial are exact enough apart
		lead = math.Pow(b, k) / math.Gamma(k+1) * math.Exp(-a-b)
	default:
		lg, _ := math.Lgamma(k + 1)
		lead = math.Exp(k*math.Log(b) - lg - a - b)
	}
	term, sum, ab := 1.0, 1.0, a*b
	for j := 1.0; term > 1e-17*sum; j++ {
		term *= ab / (j * (k + j))
		sum += term
	}
	return lead * sum
}

// Exponent is the large-deviation rate of {D - A = k}: Chernoff's bound says
// that -ln P(D - A >= k) >= Exponent for k above the mean b - a, and likewise
// below. It is +Inf where the event is impossible.
func Exponent(k, b, a float64) float64 {
	if k < 0 {
		k, b, a = -k, a, b
	}
	if b == 0 {
		if k > 0 {
			return math.Inf(1)
		}
		return a
	}
	w := math.Sqrt(k*k + 4*a*b)
	den := w + 2*b - k // positive, but may cancel for k much above b
	if 2*b < k {
		den = 2*b + 4*a*b/(w+k)
	}
	d := 2 * (k + a - b) / den
	e := b * Deviance(d)
	switch tilted := 2 * a * b / (w + k); { // A's mean where the exponent is least
	case a == 0:
	case d < -1+1e-7: // 1+d has no digits left
		e = b + a - k - 2*tilted
		if tilted > 0 {
			e += tilted*math.Log(tilted/a) + (k+tilted)*math.Log((k+tilted)/b)
		}
	default:
		e += a * Deviance(-d/(1+d))
	}
	return e
}

// Deviance is (1+d) ln(1+d) - d for d >= -1, to full relative accuracy.
func Deviance(d float64) float64 {
	if d <= -1 {
		return 1
	}
	if math.Abs(d) > 0.1 {
		return (1+d)*math.Log1p(d) - d
	}
	if math.Abs(d) < 1e-4 {
		return d * d * (0.5 - d*(1./6-d*(1./12-d*(1./20))))
	}
	// sum of (-d)^k / (k (k-1)) from k = 2
	sum, power := 0.0, d*d
	for k := 2.0; math.Abs(power) > 1e-18*sum; k++ {
		sum += power / (k * (k - 1))
		power *= -d
	}
	return sum
}
