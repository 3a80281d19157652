package queueing

import "math"

// skellamMass is P(D - A = k) for independent Poisson D and A with means d
// and a,
//
//	e^-(d+a) (d/a)^(k/2) I_k(2 sqrt(d a)),
//
// computed with the exponential parts of the Bessel function taken out, so
// that neither order 10^9 nor argument 10^9 overflows, and with relative
// error 1e-13 or so up to means of 1e6, 1e-11 at 1e9.
func skellamMass(k int, d, a float64) float64 {
	if k < 0 {
		return skellamMass(-k, a, d)
	}
	return skellamMassOff(float64(k), d, a, float64(k)-(d-a))
}

// skellamMassOff is skellamMass for n >= 0 given its distance x from the mean,
// for callers who know that to more digits than d-a has.
func skellamMassOff(n, d, a, x float64) float64 {
	if d == 0 && n > 0 {
		return 0
	}
	return math.Exp(lnSkellamMass(n, d, a, x))
}

// lnSkellamMass is the logarithm of skellamMassOff for d > 0 or n = 0.
func lnSkellamMass(n, d, a, x float64) float64 {
	if a == 0 || d == 0 {
		return lnPoissonMass(n, d+a)
	}
	w := math.Hypot(n, 2*math.Sqrt(d)*math.Sqrt(a))
	if w < debyeFrom {
		return n*math.Log(d) - lnFactorial(n) - d - a + math.Log(besselSeries(n, d*a))
	}
	s := skellamSaddle(n, d, a, x, w)
	return d*expExcess(s) + a*expExcess(-s) - s*x + math.Log(debyeSum(n/w, w)/math.Sqrt(2*math.Pi*w))
}

// BesselI is e^-x I_n(x), the modified Bessel function of the first kind of
// integer order n >= 0 over its growth, for x >= 0. It is 0 where it
// underflows and never overflows.
func BesselI(n int, x float64) float64 {
	if n < 0 {
		n = -n
	}
	return skellamMass(n, x/2, x/2)
}

// debyeFrom is the size of sqrt(n^2 + x^2) from which the uniform expansion
// is used: its terms up to the tenth fall below 1e-15 there.
const debyeFrom = 30.0

// besselSeries is n! (q)^(-n/2) I_n(2 sqrt q), the sum of q^j n! / (j! (n+j)!),
// all terms of which are positive.
func besselSeries(n, q float64) float64 {
	sum, term := 1.0, 1.0
	for j := 1.0; term > 1e-17*sum; j++ {
		term *= q / (j * (n + j))
		sum += term
	}
	return sum
}

// debyeTerms are the polynomials u_j(p) of the uniform expansion of I_n over
// p^j, in powers of p^2 (NIST Handbook of Mathematical Functions, 10.41.3 and
// 10.41.9): u_(j+1) = p^2 (1-p^2) u_j' / 2 + (1/8) int_0^p (1-5q^2) u_j dq.
var debyeTerms = makeDebye(10)

func makeDebye(terms int) [][]float64 {
	// u[j][i] is the coefficient of p^(j+2i)
	u := [][]float64{{1}}
	for j := range terms {
		next := make([]float64, j+2)
		for i, c := range u[j] {
			m := float64(j + 2*i) // the power
			next[i] += c * (m/2 + 1/(8*(m+1)))
			next[i+1] -= c * (m/2 + 5/(8*(m+3)))
		}
		u = append(u, next)
	}
	return u
}

// debyeMost is the largest of each polynomial on [0,1], found at a hundred points.
var debyeMost = func() []float64 {
	most := make([]float64, len(debyeTerms))
	for j, u := range debyeTerms {
		for i := range 101 {
			q, v := float64(i)/100, 0.0
			for k := len(u) - 1; k >= 0; k-- {
				v = v*q + u[k]
			}
			most[j] = math.Max(most[j], math.Abs(v))
		}
	}
	return most
}()

// debyeNeeded is the last term of debyeSum that is not far below rounding.
func debyeNeeded(w float64) int {
	power := 1.0
	for j, most := range debyeMost {
		if most*power < 1e-18 {
			return j
		}
		power /= w
	}
	return len(debyeMost) - 1
}

// debyeSum is the sum of u_j(p) / n^j with p = n/w, written for w so that
// n = 0 is no exception.
func debyeSum(p, w float64) float64 {
	q := p * p
	sum := 0.0
	for j := debyeNeeded(w); j >= 0; j-- {
		v := 0.0
		for i := len(debyeTerms[j]) - 1; i >= 0; i-- {
			v = v*q + debyeTerms[j][i]
		}
		sum = sum/w + v
	}
	return sum
}

// poissonMass is P(N = n) for N Poisson and n >= 0 whole, by the deviance
// n (e - ln(1+e)) with e = mean/n - 1, which keeps its digits at any size
// (C. Loader, Fast and accurate computation of binomial probabilities, 2000).
func poissonMass(n, mean float64) float64 {
	if n < 0 {
		return 0
	}
	return math.Exp(lnPoissonMass(n, mean))
}

// lnPoissonMass is the logarithm of poissonMass, -Inf for a mean of 0 and n > 0.
func lnPoissonMass(n, mean float64) float64 {
	switch {
	case n == 0:
		return -mean
	case n < 20:
		return n*math.Log(mean) - mean - lnFactorial(n)
	}
	return -n*excessOfLog(mean/n-1) - stirlingSeries(n) - math.Log(2*math.Pi*n)/2
}

// excessOfLog is e - ln(1+e) for e > -1.
func excessOfLog(e float64) float64 {
	if math.Abs(e) < 1e-2 {
		return logExcess(e)
	}
	return e - math.Log1p(e)
}

func lnFactorial(n float64) float64 {
	lg, _ := math.Lgamma(n + 1)
	return lg
}

// stirlingSeries is ln Gamma(n+1) - (n+1/2) ln n + n - ln(2 pi)/2 for n >= 20.
func stirlingSeries(n float64) float64 {
	q := 1 / (n * n)
	return (1.0/12 - q*(1.0/360-q*(1.0/1260-q*(1.0/1680-q/1188)))) / n
}
