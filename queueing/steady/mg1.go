package steady

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"

	"singlelane/queueing"
)

// MG1 is the queue M/G/1, first come first served (Pollaczek 1930, Khinchine
// 1932).
type MG1 struct {
	ArrivalRate float64          // 1/s, at least 0
	Service     queueing.Service // law of one service
}

// TwoMoments is a service law with the given mean in s and SCV: deterministic
// for 0, gamma below 1, exponential for 1, hyperexponential with balanced
// means above (H. C. Tijms 2003, appendix B).
func TwoMoments(mean, scv float64) queueing.Service {
	switch {
	case scv == 0:
		return queueing.Deterministic{Time: mean}
	case scv < 1:
		return queueing.Gamma{MeanTime: mean, Shape: 1 / scv}
	case scv == 1:
		return queueing.Exponential{MeanTime: mean}
	}
	return queueing.BalancedHyperexponential(mean, scv)
}

func (m MG1) Validate() error {
	if m.Service == nil {
		return errors.Join(nonNegative("MG1.ArrivalRate", m.ArrivalRate),
			&queueing.FieldError{Field: "MG1.Service", Got: nil, Want: "a service law"})
	}
	return errors.Join(nonNegative("MG1.ArrivalRate", m.ArrivalRate), m.Service.Validate(),
		nonNegative("MG1.Service.SCV", m.Service.SCV()))
}

// Measures by Pollaczek and Khinchine, Wq = rho (1+SCV) E[S] / (2 (1-rho))
// (Kleinrock 1975, eq. 5.72). Saturated when rho >= 1.
func (m MG1) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	mu := 1 / m.Service.Mean()
	if spare(m.ArrivalRate, mu, 1) <= 0 {
		return saturated(m.ArrivalRate, mu, 1), nil
	}
	rho, left := m.ArrivalRate/mu, slack(m.ArrivalRate, mu, 1)
	wq := rho * (1 + m.Service.SCV()) / (2 * mu * left)
	return Measures{
		Sustainable: mu, Rho: rho, Busy: rho, P0: left, PWait: rho,
		L: rho + m.ArrivalRate*wq, Lq: m.ArrivalRate * wq, W: wq + 1/mu, Wq: wq, Throughput: m.ArrivalRate,
	}, nil
}

// WaitSecondMoment is E[wait^2] = 2 Wq^2 + lambda E[S^3] / (3 (1-rho)), in
// s^2 (Takács 1962; Kleinrock 1975, eq. 5.114); +Inf when saturated. It errs
// for laws whose third moment it doesn't know.
func (m MG1) WaitSecondMoment() (float64, error) {
	x, err := m.Measures()
	if err != nil {
		return 0, err
	}
	third, err := thirdMoment(m.Service)
	if err != nil || x.Status == Saturated {
		return math.Inf(1), err
	}
	return 2*x.Wq*x.Wq + m.ArrivalRate*third/(3*x.P0), nil
}

// thirdMoment is E[S^3].
func thirdMoment(s queueing.Service) (float64, error) {
	m, scv := s.Mean(), s.SCV()
	cube := m * m * m
	switch s := s.(type) {
	case queueing.Deterministic, queueing.Exponential, queueing.Gamma:
		return cube * (1 + scv) * (1 + 2*scv), nil
	case queueing.Hyperexponential:
		return 6 * (s.P1*math.Pow(s.Mean1, 3) + (1-s.P1)*math.Pow(s.Mean2, 3)), nil
	case queueing.Lognormal:
		return cube * math.Pow(1+scv, 3), nil
	case queueing.Empirical:
		sum := 0.0
		for _, x := range s.Times() {
			sum += x * x * x
		}
		return sum / float64(len(s.Times())), nil
	}
	return 0, fmt.Errorf("steady: the third moment of %T is not known", s)
}

func (m MG1) Offered() float64           { return m.ArrivalRate }
func (m MG1) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// WaitTail is P(wait > t). It is exact, to the last digits of small tails
// too, for exponential, hyperexponential, deterministic and Erlang service of
// up to 64 phases. For other laws the transform of Pollaczek and Khinchine is
// inverted with an absolute error of about 1e-10 where the law is smooth, up to
// 1e-5 at a kink, which services of certain lengths make.
func (m MG1) WaitTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	tail, err := m.tail()
	if err != nil {
		return 0, err
	}
	return tail(t)
}

// tail picks the method for the law. What several calls share is done once.
func (m MG1) tail() (func(t float64) (float64, error), error) {
	mu := 1 / m.Service.Mean()
	if spare(m.ArrivalRate, mu, 1) <= 0 {
		return func(float64) (float64, error) { return 1, nil }, nil
	}
	if m.ArrivalRate == 0 {
		return func(float64) (float64, error) { return 0, nil }, nil
	}
	switch s := m.Service.(type) {
	case queueing.Exponential:
		return MM1{m.ArrivalRate, mu}.WaitTail, nil
	case queueing.Deterministic:
		law, err := newDelayLaw(MDc{m.ArrivalRate, mu, 1})
		return law.tail, err
	case queueing.Hyperexponential:
		return m.twoPhaseTail(s), nil
	case queueing.Gamma:
		near := func(t float64) (float64, error) { return m.inverted(t), nil }
		if s.Shape == math.Trunc(s.Shape) && s.Shape <= 64 {
			near = m.erlangTail(int(s.Shape))
		}
		return m.beyondPole(s, near), nil
	}
	return func(t float64) (float64, error) { return m.inverted(t), nil }, nil
}

// beyondPole takes the tail of gamma service, of a shape of 1 or more, to
// where it is exponential,
//
//	alpha e^-delta t,  lambda (M(delta) - 1) = delta,
//	alpha = (1-rho) / (lambda M'(delta) - 1)
//
// with M the moment generating function of the service (Tijms 2003, section
// 9.2.2). What is left out falls faster by 1/E[S] - delta at least.
func (m MG1) beyondPole(s queueing.Gamma, near func(t float64) (float64, error)) func(t float64) (float64, error) {
	mean, k := s.Mean(), s.Shape
	rho, left := m.ArrivalRate*mean, slack(m.ArrivalRate, 1/mean, 1)
	if k < 1 {
		return near
	}
	// With y = delta E[S] the root of rho (M - 1 - y) = (1-rho) y.
	y := bisect(0, k, func(y float64) bool {
		e := -k * log1pMinus(-y/k)
		rise := math.Expm1(y) - y
		if y < 0.05 {
			rise = expm1Minus(y)
		}
		return rho*(rise+math.Exp(y)*math.Expm1(e)) < left*y
	})
	steep := math.Expm1(-(k + 1) * math.Log1p(-y/k))
	alpha := left / (rho*steep - left)
	return func(t float64) (float64, error) {
		if u := t / mean; (1-y)*u > 40 {
			return alpha * math.Exp(-y*u), nil
		}
		return near(t)
	}
}

// twoPhaseTail is the sum of two exponentials whose rates are the roots of
// r^2 - (m1 + m2 - lambda) r + (1-rho) m1 m2, by partial fractions of the
// transform; m1 and m2 are the rates of the phases.
func (m MG1) twoPhaseTail(s queueing.Hyperexponential) func(float64) (float64, error) {
	a, b := 1/s.Mean1, 1/s.Mean2
	rho := m.ArrivalRate * s.Mean()
	left := slack(m.ArrivalRate, 1/s.Mean(), 1)
	half := (a + b - m.ArrivalRate) / 2
	product := left * a * b
	hi := half + math.Sqrt(math.Max(0, half*half-product))
	lo := product / hi
	// The wait is the geometric sum of residual services, whose density is
	// P1' a e^-at + P2' b e^-bt with P' the shares of the work. The transform
	// of its tail is rho (z + v) / ((z+lo)(z+hi)).
	work := s.P1 * s.Mean1 / s.Mean()
	v := a*(1-work) + b*work
	if hi-lo <= 1e-12*hi {
		return MM1{m.ArrivalRate, 1 / s.Mean()}.WaitTail
	}
	return func(t float64) (float64, error) {
		return rho * ((v-lo)*math.Exp(-lo*t) + (hi-v)*math.Exp(-hi*t)) / (hi - lo), nil
	}
}

// erlangTail counts phases: a request brings k of them, so the phases present
// are M^X/M/1 with batches of k, and a request that finds n of them waits
// for n phases. Some are there with probability rho, and then one more than a
// phase of [phasesAhead] has before it.
func (m MG1) erlangTail(k int) func(float64) (float64, error) {
	rho := m.ArrivalRate * m.Service.Mean()
	ahead, decay := phasesAhead(float64(k), rho, slack(m.ArrivalRate, 1/m.Service.Mean(), 1))
	beyond := []float64{rho}
	for _, p := range ahead {
		beyond = append(beyond, rho*p)
	}
	return phasesTail(float64(k)/m.Service.Mean(), beyond, decay)
}

// residualShort is 1 - (1 - B(z))/(z E[S]), B the transform of the service: 1
// minus that of the residual service. For gamma service of shape k and small
// z, where the differences lose their digits, it is the series
//
//	sum over j >= 1 of (-1)^(j+1) (z E[S])^j (1+1/k)...(1+j/k) / (j+1)!
func residualShort(s queueing.Service, z complex128) complex128 {
	x := z * complex(s.Mean(), 0)
	switch s := s.(type) {
	case queueing.Exponential:
		return x / (1 + x)
	case queueing.Hyperexponential:
		one, two := z*complex(s.Mean1, 0), z*complex(s.Mean2, 0)
		work := complex(s.P1*s.Mean1/s.Mean(), 0)
		return work*one/(1+one) + (1-work)*two/(1+two)
	case queueing.Gamma:
		if cmplx.Abs(x) <= 0.05*math.Min(1, s.Shape) {
			return shortSeries(x, 1/s.Shape)
		}
	case queueing.Deterministic:
		if cmplx.Abs(x) <= 0.05 {
			return shortSeries(x, 0)
		}
	}
	return 1 - (1-s.Transform(z))/x
}

// shortSeries is the series of residualShort at x = z E[S] for gamma service
// of this SCV.
func shortSeries(x complex128, scv float64) complex128 {
	sum, term := complex128(0), complex128(-1)
	for j := 1.0; j <= 14; j++ {
		term *= -x * complex((1+j*scv)/(j+1), 0)
		sum += term
	}
	return sum
}

// inverted sums the Fourier series of the damped tail with Euler's summation
// (Abate & Whitt, Queueing Systems 10, 1992, section 7): damping A = 24
// leaves e^-24 of aliasing and e^12 of amplified rounding.
func (m MG1) inverted(t float64) float64 {
	rho := m.ArrivalRate * m.Service.Mean()
	if t == 0 {
		return rho
	}
	r, left := complex(rho, 0), complex(slack(m.ArrivalRate, 1/m.Service.Mean(), 1), 0)
	transform := func(z complex128) float64 {
		short := residualShort(m.Service, z)
		return real(r * short / (z * (left + r*short)))
	}
	return math.Max(0, math.Min(rho, eulerUntil(transform, t, 1e-10)))
}

// eulerSum is the function whose Laplace transform has that real part, at
// t > 0.
func eulerSum(transform func(z complex128) float64, t float64) float64 {
	sum, _ := newEulerSeries(transform, t).extend(60).means()
	return sum
}

// eulerSeries is the alternating series of eulerSum, its terms from upto+1 on
// not yet added.
type eulerSeries struct {
	transform func(z complex128) float64
	t         float64
	partial   float64
	upto      int
}

const eulerDamping = 24.0

func newEulerSeries(transform func(z complex128) float64, t float64) eulerSeries {
	return eulerSeries{transform, t, transform(complex(eulerDamping/(2*t), 0)) / 2, 0}
}

// extend adds the terms up to that one.
func (s eulerSeries) extend(upto int) eulerSeries {
	for s.upto < upto {
		s.upto++
		term := s.transform(complex(eulerDamping/(2*s.t), float64(s.upto)*math.Pi/s.t))
		if s.upto%2 == 1 {
			term = -term
		}
		s.partial += term
	}
	return s
}

// means are Euler's of the partial sums from here on, and from the next on: how
// far the two are apart tells how well the sum has settled.
func (s eulerSeries) means() (sum, next float64) {
	const euler = 24
	weight := math.Exp2(-euler)
	scale := math.Exp(eulerDamping/2) / s.t
	for k := range euler + 1 {
		sum += weight * s.partial
		s = s.extend(s.upto + 1)
		next += weight * s.partial
		weight *= float64(euler-k) / float64(k+1)
	}
	return scale * sum, scale * next
}

// WaitQuantile of the wait. Where [MG1.WaitTail] inverts a transform it errs
// for p beyond 1 - 1e-8, which the inversion cannot tell from 1.
func (m MG1) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	x, err := m.Measures()
	if err != nil || x.Status == Saturated {
		return math.Inf(1), err
	}
	tail, err := m.tail()
	if err != nil {
		return 0, err
	}
	if p > 1-1e-8 && m.Inverts() {
		return 0, fmt.Errorf("steady: quantile %v of the wait is beyond the reach of transform inversion, want at most 1 - 1e-8", p)
	}
	return tailQuantile(tail, 1-p, m.Service.Mean())
}

// Inverts tells whether the law of the wait takes a transform inversion, with
// the error that [MG1.WaitTail] states.
func (m MG1) Inverts() bool {
	switch s := m.Service.(type) {
	case queueing.Exponential, queueing.Deterministic, queueing.Hyperexponential:
		return false
	case queueing.Gamma:
		return s.Shape != math.Trunc(s.Shape) || s.Shape > 64
	}
	return true
}

// States are the probabilities that 0, 1, ..., upto requests are there, from
// the generating function (1-rho)(1-z) V(z) / (V(z) - z) of Pollaczek and
// Khinchine with V(z) = E e^(-lambda (1-z) S), read off on a circle inside
// the unit disc with an absolute error of about 1e-12.
func (m MG1) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, 10_000)); err != nil {
		return nil, err
	}
	p := make([]float64, upto+1)
	left := slack(m.ArrivalRate, 1/m.Service.Mean(), 1)
	if left <= 0 {
		return p, nil
	}
	// Aliasing of radius^points, rounding of radius^-upto.
	points := 4 * (upto + 8)
	radius := math.Pow(1e-14, 1/float64(points))
	values := make([]complex128, points)
	for k := range values {
		z := cmplx.Rect(radius, 2*math.Pi*float64(k)/float64(points))
		v := m.Service.Transform(complex(m.ArrivalRate, 0) * (1 - z))
		values[k] = complex(left, 0) * (1 - z) * v / (v - z)
	}
	for n := range p {
		for k, v := range values {
			angle := -2 * math.Pi * float64(k*n%points) / float64(points)
			p[n] += real(v * cmplx.Rect(1, angle))
		}
		p[n] = math.Max(0, p[n]/float64(points)*math.Pow(radius, -float64(n)))
	}
	return p, nil
}
