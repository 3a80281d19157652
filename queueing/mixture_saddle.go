package queueing

import "math"

// mixtureSaddle is the density of [busyMixture] in the variable z of its root, in
// which all is explicit: from s = z - lam (1 - S*(z)) and phi = S*(z)^k,
//
//	t f(t) = 1/(2 pi i) integral of exp(s t) (-dphi/ds) ds
//	       = k/(2 pi i) integral of exp(t (z - lam (1 - S*)) + k ln S*) (-S*'/S*) dz
//
// (the exponents of Lagrange's theorem; P. Henrici, Applied and Computational
// Complex Analysis I, Wiley 1974, section 1.9). The integrand is analytic but at
// the poles of S*, -1/m of each phase. The path is a [hyperbola] through the real
// saddle, which bends as the path of steepest descent does there, and the
// trapezoidal rule for each instant has so few points that none are kept.
type mixtureSaddle struct {
	*busyMixture
	mean          float64
	share         [2]float64
	means         [2]float64
	branch        float64    // distance from 0 of the z beyond which no saddle lies
	zero          float64    // of S*
	pair          complex128 // one of the zeros of S*', which are conjugate
	near          float64    // z + branch of the last saddle,
	instant, rise float64    // its instant, and how ln(z + branch) changes with the logarithm of that
	off           float64    // of differences by the last halving of the step, as of rules
}

const (
	saddleFirst = 0.5  // first step in u at most,
	saddleWide  = 0.72 // over the width of the integrand at the saddle,
	saddleNear  = 0.6  // and over the distance of the next pole
	saddleEnd   = 1e-16
	saddleMost  = 300 // points
	saddleBends = 12  // times that the path is bent less
	saddleNewt  = 60  // steps to the saddle
	// saddleHalved is the difference by the last halving of the step, of which what is
	// left is the square or less.
	saddleHalved = 1e-8
)

func (c constantLane) mixtureSaddle(s Hyperexponential) *mixtureSaddle {
	v := &mixtureSaddle{busyMixture: c.busyMixture(s), mean: s.Mean(), share: [2]float64{s.P1, 1 - s.P1},
		means: [2]float64{s.Mean1, s.Mean2}, branch: c.branch(leftEdge(s))}
	v.zero = -1 / (v.share[0]*s.Mean2 + v.share[1]*s.Mean1)
	// -S*' is 0 where sqrt(p m) (1 + m z) of one phase is i times that of the other
	a, b := math.Sqrt(v.share[0]*s.Mean1), math.Sqrt(v.share[1]*s.Mean2)
	v.pair = complex(-a, b) * reciprocal(complex(a*s.Mean2, -b*s.Mean1))
	return v
}

// saddleJet is a real z with the exponent's derivatives there: K = t (z - lam (1 - S*))
// + (k-1) ln S* + ln(-S*').
type saddleJet struct {
	instant float64 // of which z is the saddle
	bend    float64 // (ln instant)', negative
	k2, k3  float64 // the second and third derivative of K for that instant
}

func (v *mixtureSaddle) jet(z float64) saddleJet {
	var s [5]float64
	g := v.taylor(s[:], z, 1)
	thirds := func(a, b, c float64) float64 { return c - 3*a*b + 2*a*a*a }
	a, b, c := s[1]/s[0], 2*s[2]/s[0], 6*s[3]/s[0]
	e, f, h := 2*s[2]/s[1], 6*s[3]/s[1], 24*s[4]/s[1]
	k := v.k - 1
	n, n1 := -k*a-e, -k*(b-a*a)-(f-e*e)
	t := n / g
	return saddleJet{t, n1/n - 2*v.lam*s[2]/g, 2*v.lam*t*s[2] - n1,
		6*v.lam*t*s[3] + k*thirds(a, b, c) + thirds(e, f, h)}
}

// taylor writes the Taylor coefficients of S* about z, in units of unit, and is 1 + lam
// S*' there.
func (v *mixtureSaddle) taylor(s []float64, z, unit float64) (slope float64) {
	clear(s)
	slope = v.idle
	for i, m := range v.means {
		r := 1 / (1 + z*m)
		term := v.share[i] * r
		slope += v.lam * z * m * m * term * (1 + r)
		for j := range s {
			s[j] += term
			term *= -m * r * unit
		}
	}
	return slope
}

// saddle is the z whose instant is t, by Newton's method on the logarithms of the
// instant and of the distance from the branch, with its jet. A z nearby will do.
func (v *mixtureSaddle) saddle(t float64) (z float64, j saddleJet, ok bool) {
	lo, hi := 0.0, math.Inf(1)
	d := (v.k + 1) / t
	if v.near > 0 {
		d = v.near * math.Exp(math.Min(math.Max(v.rise*math.Log(t/v.instant), -20), 20))
	}
	for range saddleNewt {
		j = v.jet(d - v.branch)
		off := math.Log(j.instant / t)
		if off*off*j.k2 < 1e-12*j.bend*j.bend || off*off < 1e-28 {
			d *= math.Exp(-off / (j.bend * d))
			v.near, v.instant, v.rise = d, t, 1/(j.bend*d)
			return d - v.branch, j, j.k2 > 0
		}
		if off > 0 {
			lo = d
		} else {
			hi = d
		}
		next := d * math.Exp(math.Min(math.Max(-off/(j.bend*d), -20), 20))
		if !(next > lo && next < hi) {
			switch {
			case math.IsInf(hi, 1):
				next = 8 * d
			case lo == 0:
				next = d / 8
			default:
				next = math.Sqrt(lo * hi)
			}
		}
		d = next
	}
	return 0, j, false
}

// log is ln f(t), and whether the rule has found it.
func (v *mixtureSaddle) log(t float64) (float64, bool) {
	z, j, ok := v.saddle(t)
	if !ok {
		return 0, false
	}
	size, weight := v.power(complex(z, 0), t)
	if sum, ok := v.debye(z, t, j.k2); ok {
		return real(size) + math.Log(v.k*real(weight)*sum/(math.Sqrt(2*math.Pi*j.k2)*t)), true
	}
	sin, cos := math.Sincos(bend)
	width := math.Sqrt(2 / j.k2)
	a := math.Min(3*j.k2*sin/(math.Abs(j.k3)*cos*cos), 1e6*width)
	r := saddleRule{mixtureSaddle: v, t: t, z: z, a: a, size: real(size), weight: real(weight)}
	if v.k <= fewServices {
		r.few, r.unit = int(v.k), 1/(v.share[0]/(1+z*v.means[0])+v.share[1]/(1+z*v.means[1]))
		size, weight = r.at(complex(z, 0))
		r.size, r.weight = real(size), real(weight)
	}
	step := math.Min(saddleFirst, math.Min(saddleWide*width, saddleNear*(z+1/math.Max(v.means[0], v.means[1])))/(a*cos))
	for range saddleBends {
		sum, points, rises := r.sum(0, step)
		if rises {
			r.a, step = 2*r.a, step/2
			continue
		}
		for points < saddleMost {
			between, more, _ := r.sum(step/2, step)
			before := sum
			sum, step, points = (sum+between)/2, step/2, points+more
			if off := math.Abs(sum/before - 1); off <= saddleHalved {
				v.off = math.Max(v.off, off*math.Sqrt(off))
				return r.log(sum), sum > 0
			}
		}
		return 0, false
	}
	return 0, false
}

// debye is what stands before exp(K) of the saddle-point approximation, in units of
// 1/sqrt(K”) of z, which is about that of curve: the asymptotic series of the sum over n
// of
//
//	(-1)^n (2n-1)!!  times the coefficient of w^(2n) in ((K - K(z)) / (K'' w^2/2))^(-n-1/2)
//
// (O. Perron, S.-B. Bayer. Akad. Wiss. (1917); F. W. J. Olver, Asymptotics and Special
// Functions, Academic Press 1974, section 3.8), and whether it has settled. What it does
// not see is exponentially smaller than the last of its terms.
func (v *mixtureSaddle) debye(z, t, curve float64) (sum float64, ok bool) {
	var c, ic [2*debyeOrders + 1]float64 // of K'' w^2/2 times 1 + …, and times its order
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

// saddleRule is the trapezoidal rule for one instant.
type saddleRule struct {
	*mixtureSaddle
	t, z, a      float64
	size, weight float64 // the exponent at the saddle and the factor there
	few          int     // requests, if they are few
	unit         float64 // 1/S* at the saddle
}

// log is ln f of the sum of the rule.
func (r *saddleRule) log(sum float64) float64 {
	log := r.size + math.Log(r.k*sum/(math.Pi*r.t))
	if r.few > 0 {
		log -= float64(r.few-1) * math.Log(r.unit)
	}
	return log
}

// sum is step times the terms at first, first + step, …; of one at 0 a half. rises
// tells whether one is larger than a few times that at the saddle.
func (r *saddleRule) sum(first, step float64) (sum float64, points int, rises bool) {
	sin, cos := math.Sincos(bend)
	up := ruleRise * r.weight * r.a * cos
	up *= up
	e, grow := math.Exp(first), math.Exp(step)
	for u := first; points < saddleMost; u += step {
		cosh, sinh := (e+1/e)/2, (e-1/e)/2
		e *= grow
		power, weight := r.at(complex(r.z+r.a*sin*(1-cosh), r.a*cos*sinh))
		turn, scale := imag(power), math.Exp(real(power)-r.size)
		y, x := math.Sincos(turn)
		w := weight * complex(scale*r.a*cos*cosh, scale*r.a*sin*sinh)
		term := real(w)*x - imag(w)*y
		if u == 0 {
			term /= 2
		}
		sum += term
		points++
		most := real(w)*real(w) + imag(w)*imag(w)
		if most > up {
			rises = true
		}
		if !(most > saddleEnd*saddleEnd*sum*sum) {
			break
		}
	}
	return step * sum, points, rises
}

// fewServices is the number of requests up to which powers of S* are multiplied out.
const fewServices = 32

// at is the exponent, or the first of its terms, at a point of the path and the factor before it,
// with the rest. Of few requests that is a power of S* over its value at the saddle.
func (r *saddleRule) at(z complex128) (power, weight complex128) {
	if r.few == 0 {
		return r.power(z, r.t)
	}
	r1, r2 := reciprocal(1+z*complex(r.means[0], 0)), reciprocal(1+z*complex(r.means[1], 0))
	s1, s2 := complex(r.share[0], 0)*r1, complex(r.share[1], 0)*r2
	m1, m2 := complex(r.means[0], 0)*s1, complex(r.means[1], 0)*s2
	weight = m1*r1 + m2*r2
	x := (s1 + s2) * complex(r.unit, 0)
	for k := r.few - 1; k > 0; k >>= 1 {
		if k&1 == 1 {
			weight *= x
		}
		x *= x
	}
	second := z * (complex(r.means[0], 0)*m1 + complex(r.means[1], 0)*m2)
	return complex(r.t, 0) * z * (complex(r.idle, 0) + complex(r.lam, 0)*second), weight
}

// power is the exponent t (z - lam D) + k ln(1 - D), D = 1 - S*, and -S*'/S*. With Q
// the sum of p m^2/(1 + m z), D is z E S - z^2 Q, and of a small D the exponent is
//
//	z (t idle - k E S) + z^2 Q (lam t + k) - k (-ln(1-D) - D),
//
// whose first order, which cancels about the mean, is one number.
func (v *mixtureSaddle) power(z complex128, t float64) (power, weight complex128) {
	r1, r2 := reciprocal(1+z*complex(v.means[0], 0)), reciprocal(1+z*complex(v.means[1], 0))
	s1, s2 := complex(v.share[0], 0)*r1, complex(v.share[1], 0)*r2
	m1, m2 := complex(v.means[0], 0)*s1, complex(v.means[1], 0)*s2
	at, d := s1+s2, z*(m1+m2)
	weight = (m1*r1 + m2*r2) * reciprocal(at)
	if size := math.Abs(real(d)) + math.Abs(imag(d)); size > 0.1 {
		return complex(t, 0)*(z-complex(v.lam, 0)*d) + complex(v.k, 0)*lnc(at), weight
	}
	second := z * z * (complex(v.means[0], 0)*m1 + complex(v.means[1], 0)*m2)
	return complex(t*v.idle-v.k*v.mean, 0)*z + complex(v.lam*t+v.k, 0)*second - complex(v.k, 0)*lackOfLog(d), weight
}

// lnc is the logarithm of a z far from 1, 0 and infinity.
func lnc(z complex128) complex128 {
	x, y := real(z), imag(z)
	return complex(math.Log(x*x+y*y)/2, math.Atan2(y, x))
}

// lackOfLog is -ln(1-d) - d, for small d without cancellation.
func lackOfLog(d complex128) complex128 {
	if math.Abs(real(d))+math.Abs(imag(d)) > 0.02 {
		return -log1pc(-d) - d
	}
	return d * d * (1./2 + d*(1./3+d*(1./4+d*(1./5+d*(1./6+d*(1./7+d*(1./8+d*(1./9+d/10))))))))
}
