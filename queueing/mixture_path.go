package queueing

import "math"

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
		power, _, weight := r.at(complex(r.z+r.a*sin*(1-cosh), r.a*cos*sinh))
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

// at is the exponent, or the first of its terms, at a point of the path with s and the factor before
// it, with the rest. Of few requests that is a power of S* over its value at the saddle.
func (r *saddleRule) at(z complex128) (power, s, weight complex128) {
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
	s = z * (complex(r.idle, 0) + complex(r.lam, 0)*second)
	return complex(r.t, 0) * s, s, weight
}
