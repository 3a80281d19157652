package queueing

import "math"

// bounds are times outside which the busy period of c has less than eps of
// its mass on either side.
func (c constantLane) bounds(eps float64) (lo, hi float64) {
	need := math.Log(1 / eps)
	return c.earliest(need), c.latest(need)
}

// tilt is, for the variable z of Chernoff's bounds on the transform theta^k0,
// r = z - lam (1 - S*(z)), of which theta(r) = S*(z) is explicit, and
// -ln theta(r)^k0. P(T <= t) <= e^(r t) theta(r)^k0 for r > 0, P(T > t) likewise
// for r < 0.
func (c constantLane) tilt(z float64) (r, cost float64) {
	log, y := logTransform(c.service, z)
	if c.rate > 0 { // y may be -Inf else
		z -= c.rate * y
	}
	return z, -float64(c.k0) * log
}

// earliest is a time up to which the busy period has ended with probability
// below exp(-exponent).
func (c constantLane) earliest(exponent float64) float64 {
	scale := math.Sqrt(exponent/float64(c.k0)) / c.service.Mean() // order of the best z where the law is normal
	return math.Max(0, -goldenMin(func(u float64) float64 {
		r, cost := c.tilt(scale * math.Exp(u))
		return (exponent - cost) / r
	}, -10, c.reach(exponent)))
}

// latest is a time after which the busy period ends with probability below
// exp(-exponent).
func (c constantLane) latest(exponent float64) float64 {
	if s, is := c.service.(Lognormal); is {
		return c.heavyBound(s, math.Exp(-exponent))
	}
	return c.overLate(func(r, cost float64) float64 { return (cost - exponent) / r })
}

// late is Chernoff's exponent of an end after t, for laws with exponential
// moments: 0 up to the mean.
func (c constantLane) late(t float64) float64 {
	return math.Max(0, -c.overLate(func(r, cost float64) float64 { return r*t - cost }))
}

// overLate is the least value of a unimodal function over the z of bounds on
// P(T > t).
func (c constantLane) overLate(bound func(r, cost float64) float64) float64 {
	branch := c.branch(leftEdge(c.service)) * (1 - 1e-12) // not the edge itself, where nothing arrives
	return goldenMin(func(u float64) float64 { return bound(c.tilt(-branch / (1 + math.Exp(-u)))) }, -40, 40)
}

// reach is the logarithm, in units of the scale of bounds, up to which the
// best z is looked for: few requests of a law with much mass near 0 need a
// transform as small as the bound.
func (c constantLane) reach(need float64) float64 {
	shape := math.Min(1, 1/c.service.SCV())
	return math.Min(10+2*need/(float64(c.k0)*shape), 600) // beyond, times have no float64
}

// logTransform is ln S*(z) and 1 - S*(z) for real z above -leftEdge.
func logTransform(s Service, z float64) (log, defectAt float64) {
	switch s := s.(type) {
	case Exponential:
		u := z * s.MeanTime
		return -math.Log1p(u), u / (1 + u)
	case Gamma:
		log = -s.Shape * math.Log1p(z*s.MeanTime/s.Shape)
	case Deterministic:
		log = -z * s.Time
	case Hyperexponential:
		log = math.Log(real(s.Transform(complex(z, 0))))
		return log, real(defect(s, complex(z, 0)))
	default:
		y := real(defect(s, complex(z, 0)))
		return math.Log1p(-math.Min(y, math.Nextafter(1, 0))), y
	}
	return log, -math.Expm1(log)
}

// branch is the v at which r = -(v - lam (E e^(vS) - 1)) is least: beyond it
// the transform of the busy period does not exist.
func (c constantLane) branch(edge float64) float64 {
	switch s := c.service.(type) {
	case Exponential:
		return (1 - math.Sqrt(c.load())) / s.MeanTime
	case Gamma:
		return edge * -math.Expm1(math.Log(c.load())/(s.Shape+1))
	}
	rising := func(v float64) bool {
		slope := real(defectSlope(c.service, complex(-v, 0)))
		return c.rate*slope < 1
	}
	hi := edge
	if math.IsInf(edge, 1) {
		for hi = 1 / c.service.Mean(); rising(hi) && hi < 300/c.service.Mean(); {
			hi *= 2
		}
	}
	if c.rate == 0 {
		return hi
	}
	return bisect(0, hi*(1-1e-12), rising)
}

// heavyBound is for laws without exponential moments. The k0/(1-load) services
// of the busy period on average include one longer than x with probability at
// most their number times P(S > x) (Wald's identity), and if none is, it is
// that of services min(S, x), which Chernoff's bound covers: half of eps each.
func (c constantLane) heavyBound(s Lognormal, eps float64) float64 {
	share := eps / 2 * (1 - c.load()) / float64(c.k0)
	mu, sigma := s.Params()
	z := bisect(0, 40, func(z float64) bool { return math.Erfc(z/math.Sqrt2)/2 > share })
	c.service = capped{s, math.Exp(mu + sigma*z)}
	return c.latest(math.Log(2 / eps))
}

// capped is the law of min(S, most), as far as transforms go.
type capped struct {
	Service
	most float64
}

// cappedEdge times 1/most is where exponential moments of a capped law end
// because numbers do.
const cappedEdge = 600

// goldenMin is the least value of a unimodal function on [a,b].
func goldenMin(f func(float64) float64, a, b float64) float64 {
	const ratio = 0.6180339887498949
	x, y := b-ratio*(b-a), a+ratio*(b-a)
	fx, fy := f(x), f(y)
	best := math.Min(fx, fy)
	for b-a > 1e-2 {
		if fx < fy {
			b, y, fy = y, x, fx
			x = b - ratio*(b-a)
			fx = f(x)
		} else {
			a, x, fx = x, y, fy
			y = a + ratio*(b-a)
			fy = f(y)
		}
		best = math.Min(best, math.Min(fx, fy))
	}
	return best
}
