package queueing

import (
	"math"
	"math/cmplx"
)

// constantLane is a lane of constant rates as one server: its drain is a busy
// period that k0 requests start (L. Takács, Introduction to the Theory of
// Queues, Oxford 1962, section 1.3).
type constantLane struct {
	k0      int     // requests above the level at 0
	rate    float64 // arrivals, 1/s
	service Service // of the one server
}

// constantRates reduces l to one server. It refuses, in the name of the
// method, lanes whose rates change and several servers whose departures are
// not a renewal process. A lane at its level from the start has k0 <= 0.
func constantRates(l *Lane, m Method) (constantLane, error) {
	c, err := l.constantStreams(m)
	if err != nil {
		return c, err
	}
	service, why := l.asOneServer()
	if why != "" {
		return c, &UnsupportedError{m, why}
	}
	c.k0, c.service = l.Initial().Fixed-l.Level(0), service
	return c, nil
}

// constantStreams is what [constantRates] asks of the streams and of capacity,
// whatever the service.
func (l *Lane) constantStreams(m Method) (constantLane, error) {
	var c constantLane
	refuse := func(why string) (constantLane, error) { return c, &UnsupportedError{m, why} }
	if !l.Plain() {
		return refuse("it does more than serve in order of arrival")
	}
	if len(l.steps) > 1 {
		return refuse("its capacity changes in time")
	}
	for _, st := range l.cfg.Arrivals.streams {
		switch src := st.Source.(type) {
		case Steady:
			c.rate += src.PerSecond
		case Batch:
			if src.At > 0 {
				return refuse("a batch arrives during the drain")
			}
		default:
			return refuse("stream " + st.Name + " does not have a constant rate")
		}
	}
	if !l.Sustains() {
		return c, ErrNever
	}
	return c, nil
}

// asOneServer is the service law of one server with the lane's departures
// while it is above its level, or the reason why there is none.
func (l *Lane) asOneServer() (s Service, why string) {
	if l.FinalServers() == 1 {
		return l.cfg.Service, ""
	}
	if _, ok := l.cfg.Service.(Exponential); !ok {
		return nil, "several servers whose service is not exponential"
	}
	if l.cfg.Target.Idle {
		return nil, "several servers of which some idle before the target is reached"
	}
	return l.cfg.Service.Scaled(1 / float64(l.FinalServers())), ""
}

// load is the utilisation.
func (c constantLane) load() float64 { return c.rate * c.service.Mean() }

// atOnce is the law of a time that is 0.
func atOnce(m Method, why string) Drain {
	law := newCurve(nil, []Atom{{0, 1}}, 0)
	return Drain{Distribution: law, Method: m, Quality: Exact, Reason: why, Atoms: []Atom{{0, 1}}}
}

const whyAtOnce = "the lane is at its target from the start"

// defect is 1 - E exp(-z S) to relative accuracy for small z. For laws with an
// exponential moment it also holds to the left of 0, up to [leftEdge].
func defect(s Service, z complex128) complex128 {
	switch s := s.(type) {
	case Exponential:
		u := z * complex(s.MeanTime, 0)
		return u / (1 + u)
	case Gamma:
		u := z * complex(s.MeanTime/s.Shape, 0)
		return -expm1c(complex(-s.Shape, 0) * log1pc(u))
	case Deterministic:
		return -expm1c(-z * complex(s.Time, 0))
	case Hyperexponential:
		u, v := z*complex(s.Mean1, 0), z*complex(s.Mean2, 0)
		return complex(s.P1, 0)*u/(1+u) + complex(1-s.P1, 0)*v/(1+v)
	}
	sum := complex(0, 0)
	each(s, func(x, w float64) { sum -= complex(w, 0) * expm1c(-z*complex(x, 0)) })
	return sum
}

// defectSlope is the derivative of defect, E S exp(-z S).
func defectSlope(s Service, z complex128) complex128 {
	switch s := s.(type) {
	case Exponential:
		m := complex(s.MeanTime, 0)
		return m / ((1 + z*m) * (1 + z*m))
	case Gamma:
		m := complex(s.MeanTime, 0)
		return m * cmplx.Exp(complex(-s.Shape-1, 0)*log1pc(z*complex(s.MeanTime/s.Shape, 0)))
	case Deterministic:
		return complex(s.Time, 0) * cmplx.Exp(-z*complex(s.Time, 0))
	case Hyperexponential:
		m, n := complex(s.Mean1, 0), complex(s.Mean2, 0)
		return complex(s.P1, 0)*m/((1+z*m)*(1+z*m)) + complex(1-s.P1, 0)*n/((1+z*n)*(1+z*n))
	}
	sum := complex(0, 0)
	each(s, func(x, w float64) { sum += complex(x*w, 0) * cmplx.Exp(-z*complex(x, 0)) })
	return sum
}

// each visits the points and weights that stand for a law without a closed
// transform: the measured times, or a trapezoidal rule over the normal law of
// ln S, whose error is exponentially small.
func each(s Service, visit func(x, w float64)) {
	switch s := s.(type) {
	case Empirical:
		for _, x := range s.times {
			visit(x, 1/float64(len(s.times)))
		}
	case Lognormal:
		const half, points = 9.0, 360
		mu, sigma := s.Params()
		h := 2 * half / points
		for i := range points + 1 {
			x := -half + float64(i)*h
			visit(math.Exp(mu+sigma*x), h*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi))
		}
	case capped:
		each(s.Service, func(x, w float64) { visit(math.Min(x, s.most), w) })
	}
}

// leftEdge is the v > 0 such that E exp(v S) is finite below v; 0 for laws
// without exponential moments.
func leftEdge(s Service) float64 {
	switch s := s.(type) {
	case Exponential:
		return 1 / s.MeanTime
	case Gamma:
		return s.Shape / s.MeanTime
	case Hyperexponential:
		return 1 / math.Max(s.Mean1, s.Mean2)
	case Lognormal:
		return 0
	case capped:
		return cappedEdge / s.most
	}
	return math.Inf(1)
}

// expm1c is exp(z) - 1 without cancellation.
func expm1c(z complex128) complex128 {
	x, y := real(z), imag(z)
	half := math.Sin(y / 2)
	e := math.Expm1(x)
	return complex(e*math.Cos(y)-2*half*half, (1+e)*math.Sin(y))
}

// log1pc is ln(1+z) without cancellation, for 1+z off the negative axis.
func log1pc(z complex128) complex128 {
	x, y := real(z), imag(z)
	return complex(math.Log1p(x*(2+x)+y*y)/2, math.Atan2(y, 1+x))
}
