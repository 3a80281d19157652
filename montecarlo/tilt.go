package montecarlo

import (
	"errors"
	"math"

	"singlelane/queueing"
)

// tilt is a change of measure under which late drains are common: Poisson
// arrivals come exp(theta) times as fast, and a service of density f has
// density exp(eta x) f(x) / E exp(eta S) with E exp(eta S) = exp(theta). Over
// a stretch in which the server (or all of them) never rests, from the start
// to an instant t at which a service ends, the likelihood ratio is a function
// of t and of the number left alone,
//
//	exp(-eta W(t) + theta (n(0) + B(t) - n(t)) + (exp(theta) - 1) Lam(0,t))
//
// with W the time worked and B the batches, so a leap needs no bookkeeping
// (S. Asmussen, P. W. Glynn, Stochastic Simulation, Springer 2007, VI.2-5).
// With c exponential servers of rate mu each, W counts server-seconds and
// eta = mu (1 - exp(-theta)). Where the lane falls to its level before t* the
// rest is drawn without tilt.
type tilt struct {
	theta, eta float64
	boost      float64 // exp(theta)
	service    sampler // tilted
}

var errNoTilt = errors.New("montecarlo: no tilt")

// tilted is the service law tilted by eta, and ln E exp(eta S). It errs where
// the law has no such moment.
func (s *sampler) tilted(eta float64) (out sampler, theta float64, err error) {
	out = *s
	switch s.law {
	case exponentialLaw:
		theta = -math.Log1p(-eta * s.a)
		out.a = s.a * math.Exp(theta)
	case deterministicLaw:
		theta = eta * s.a
	case gammaLaw:
		per := -math.Log1p(-eta * s.a)
		theta = s.b * per
		out.a = s.a * math.Exp(per)
	case hyperexponentialLaw:
		x, y := s.c/(1-eta*s.a), (1-s.c)/(1-eta*s.b)
		if eta*max(s.a, s.b) >= 1 {
			return out, 0, errNoTilt
		}
		theta = math.Log(x + y)
		out.a, out.b, out.c = s.a/(1-eta*s.a), s.b/(1-eta*s.b), x/(x+y)
	default:
		return out, 0, errNoTilt
	}
	if math.IsNaN(theta) || math.IsInf(theta, 0) {
		return out, 0, errNoTilt
	}
	return out, theta, nil
}

// largest is a bound on eta; for a fixed service time, which has none, one
// beyond any use.
func (s *sampler) largest() float64 {
	switch s.law {
	case exponentialLaw, gammaLaw:
		return 1 / s.a
	case hyperexponentialLaw:
		return 1 / max(s.a, s.b)
	}
	return 20 / s.a
}

// mean of the service time in seconds, of the laws that can be tilted.
func (s *sampler) mean() float64 {
	switch s.law {
	case gammaLaw:
		return s.a * s.b
	case hyperexponentialLaw:
		return s.c*s.a + (1-s.c)*s.b
	}
	return s.a
}

// newTilt chooses the tilt whose mean drain time is about within: the one at
// which the requests there and to come take the lane until then.
func newTilt(lp *lanePlan, within float64) (*tilt, error) {
	l := lp.lane
	floor := lp.steps[len(lp.steps)-1].servers + lp.waiting
	if lp.idle {
		floor = max(0, lp.steps[len(lp.steps)-1].servers-1)
	}
	n := l.Initial().Mean() + jumpsUntil(l, within) - float64(floor)
	flow, work := l.Arrivals().Flow(0, within), l.Work(0, within)*l.Service().Mean()
	late := func(eta float64) float64 { // requests left at within
		s, theta, err := lp.service.tilted(eta)
		if err != nil {
			return math.Inf(1)
		}
		return n + flow*math.Exp(theta) - work/s.mean()
	}
	lo, hi := 0.0, lp.service.largest()
	if late(0) >= 0 {
		hi = 0 // not rare
	}
	for range 200 {
		mid := (lo + hi) / 2
		if late(mid) < 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	s, theta, err := lp.service.tilted(lo)
	if err != nil {
		return nil, err
	}
	return &tilt{theta, lo, math.Exp(theta), s}, nil
}

func jumpsUntil(l *queueing.Lane, t float64) float64 {
	sum := 0.0
	for _, j := range l.Arrivals().Jumps() {
		if j.At > 0 && j.At <= t {
			sum += j.Size.Mean()
		}
	}
	return sum
}

// tiltable tells whether the lane's late drains can be tilted, and why not.
func tiltable(l *queueing.Lane) (ok bool, reason string) {
	if ok, reason := leapable(l); !ok {
		return false, reason
	}
	if l.Config().Target.Idle && l.FinalServers() > 1 {
		return false, "several servers that must all fall idle"
	}
	s, _ := newSampler(l.Service())
	if _, _, err := s.tilted(0.01 / l.Service().Mean() / 1e3); err != nil {
		return false, "the service law has no exponential moment"
	}
	for _, st := range l.Arrivals().Streams() {
		switch st.Source.(type) {
		case queueing.Steady, queueing.Surge, queueing.Trace, queueing.Batch:
		default:
			return false, "a finite pool or a hashed batch in stream " + st.Name
		}
	}
	return true, ""
}

// logRatio is the logarithm of the likelihood ratio of a stretch from 0 to
// now.
func (e *leaper) logRatio(x *tilt) float64 {
	l := e.lp.lane
	worked := l.Work(0, e.t) * l.Service().Mean()
	return -x.eta*worked + x.theta*(float64(e.began-e.n)+jumpsUntil(l, e.t)) + (x.boost-1)*l.Arrivals().Flow(0, e.t)
}

// tiltOn begins a replication under the tilt; tiltOff ends the tilt where the
// lane first rests, and books the ratio.
func (e *leaper) tiltOn(x *tilt) {
	e.tilt, e.boost, e.service = x, x.boost, x.service
	e.began, e.ratio = e.n, 0
}

func (e *leaper) tiltOff() {
	if e.tilt == nil {
		return
	}
	e.ratio = e.logRatio(e.tilt)
	e.tilt, e.boost, e.service = nil, 1, e.lp.service
}
