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
	saddleFirst = 0.5   // first step in u at most,
	saddleWide  = 0.72  // over the width of the integrand at the saddle,
	saddleNear  = 0.6   // and over the distance of the next pole
	saddleEnd   = 1e-16 // size of the last terms over the sum
	saddleMost  = 300   // points
	saddleBends = 12    // times that the path is bent less
	saddleNewt  = 60    // steps to the saddle
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
		d = bracketed(next, d, lo, hi)
	}
	return 0, j, false
}

// log is ln f(t), and whether the rule has found it.
func (v *mixtureSaddle) log(t float64) (float64, bool) {
	z, j, ok := v.saddle(t)
	if !ok {
		return 0, false
	}
	size, _, weight := v.power(complex(z, 0), t)
	if sum, ok := v.debye(z, t, j.k2); ok {
		return real(size) + math.Log(v.k*real(weight)*sum/(math.Sqrt(2*math.Pi*j.k2)*t)), true
	}
	r, step := v.rule(z, t, j, saddleFirst, saddleWide, saddleNear)
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

// rule is that through the saddle z of t, with its first step: at most first, wide over the
// width of the integrand and near over the distance of the next pole.
func (v *mixtureSaddle) rule(z, t float64, j saddleJet, first, wide, near float64) (r saddleRule, step float64) {
	size, _, weight := v.power(complex(z, 0), t)
	sin, cos := math.Sincos(bend)
	width := math.Sqrt(2 / j.k2)
	a := math.Min(3*j.k2*sin/(math.Abs(j.k3)*cos*cos), 1e6*width)
	r = saddleRule{mixtureSaddle: v, t: t, z: z, a: a, size: real(size), weight: real(weight)}
	if v.k <= fewServices {
		r.few, r.unit = int(v.k), 1/(v.share[0]/(1+z*v.means[0])+v.share[1]/(1+z*v.means[1]))
		size, _, weight = r.at(complex(z, 0))
		r.size, r.weight = real(size), real(weight)
	}
	return r, math.Min(first, math.Min(wide*width, near*(z+1/math.Max(v.means[0], v.means[1])))/(a*cos))
}

// power is the exponent t s + k ln(1 - D), s = z - lam D, D = 1 - S*, and -S*'/S*. With Q
// the sum of p m^2/(1 + m z), D is z E S - z^2 Q, and of a small D the exponent is
//
//	z (t idle - k E S) + z^2 Q (lam t + k) - k (-ln(1-D) - D),
//
// whose first order, which cancels about the mean, is one number.
func (v *mixtureSaddle) power(z complex128, t float64) (power, s, weight complex128) {
	r1, r2 := reciprocal(1+z*complex(v.means[0], 0)), reciprocal(1+z*complex(v.means[1], 0))
	s1, s2 := complex(v.share[0], 0)*r1, complex(v.share[1], 0)*r2
	m1, m2 := complex(v.means[0], 0)*s1, complex(v.means[1], 0)*s2
	at, d := s1+s2, z*(m1+m2)
	weight = (m1*r1 + m2*r2) * reciprocal(at)
	if size := math.Abs(real(d)) + math.Abs(imag(d)); size > 0.1 {
		s = z - complex(v.lam, 0)*d
		return complex(t, 0)*s + complex(v.k, 0)*lnc(at), s, weight
	}
	second := z * z * (complex(v.means[0], 0)*m1 + complex(v.means[1], 0)*m2)
	s = complex(v.idle, 0)*z + complex(v.lam, 0)*second
	return complex(t*v.idle-v.k*v.mean, 0)*z + complex(v.lam*t+v.k, 0)*second - complex(v.k, 0)*lackOfLog(d), s, weight
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
