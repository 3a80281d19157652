package queueing

import "math"

// debye is the integral of exp(K - K(z)) along the path over that of a Gauss function,
// with curve for the second derivative c of K at the saddle z: the asymptotic series, a
// sum over n, of
//
//	(-1)^n (2n-1)!! c^-n  times the coefficient of w^(2n) in ((K - K(z)) / (c w^2/2))^(-n-1/2)
//
// (O. Perron, S.-B. Bayer. Akad. Wiss. (1917); F. W. J. Olver, Asymptotics and Special
// Functions, Academic Press 1974, section 3.8), and whether it has settled. What it does
// not see is exponentially smaller than the last of its terms.
func (v *mixtureSaddle) debye(z, t, curve float64) (sum float64, ok bool) {
	var c, ic [2*debyeOrders + 1]float64 // of 1 + …, and times their order
	scale := 1 / v.curves(c[:], z, t, 1/math.Sqrt(curve))
	for j := range c {
		c[j] *= scale
		ic[j] = float64(j) * c[j]
	}
	sum = 1
	factor, before := 1.0, 1.0
	for n := 1; n <= debyeOrders; n++ {
		factor *= -float64(2*n-1) * scale
		term := factor * powerSeries(c[:2*n+1], ic[:2*n+1], -float64(n)-0.5)
		sum += term
		if math.Abs(term) < lastTerm && math.Abs(before) < math.Sqrt(lastTerm) {
			return sum * math.Sqrt(scale), true
		}
		if before = term; !(math.Abs(term) < 0.02) {
			break
		}
	}
	return 0, false
}

const debyeOrders = 8

// curves writes twice the Taylor coefficients of K from the second on, in units of unit,
// and is the first of those. Logarithms of S* and of -S*' are sums of those of the
// distances from their poles, and from the real zero of the one and the pair of zeros of
// the other.
func (v *mixtureSaddle) curves(c []float64, z, t, unit float64) float64 {
	zero, pair := unit/(z-v.zero), complex(unit, 0)*reciprocal(complex(z, 0)-v.pair)
	r1, r2 := 1/(1+z*v.means[0]), 1/(1+z*v.means[1])
	x1, x2 := unit*v.means[0]*r1, unit*v.means[1]*r2
	k, flow := v.k-1, v.lam*t
	s1, s2 := v.share[0]*r1*x1*x1, v.share[1]*r2*x2*x2
	p0, p1, p2, q := zero*zero, x1*x1, x2*x2, pair*pair
	sign := -1.0
	for j := range c {
		l := k*(p0-p1-p2) + 2*(real(q)-p1-p2)
		c[j] = 2 * (sign*l/float64(j+2) - sign*flow*(s1+s2))
		p0, p1, p2, q = p0*zero, p1*x1, p2*x2, q*pair
		s1, s2, sign = s1*x1, s2*x2, -sign
	}
	return c[0]
}

// powerSeries is the last coefficient of a power of the series c that begins with 1, by
// J. C. P. Miller's recurrence; ic are coefficients times their order.
func powerSeries(c, ic []float64, power float64) float64 {
	var b [2*debyeOrders + 1]float64
	b[0] = 1
	ic = ic[:len(c)]
	for m := 1; m < len(c); m++ {
		var plain, weighted float64
		for i, x := range b[:m] {
			plain += c[m-i] * x
			weighted += ic[m-i] * x
		}
		b[m] = (power+1)*weighted/float64(m) - plain
	}
	return b[len(c)-1]
}
