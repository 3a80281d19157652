package queueing

import (
	"fmt"
	"math"
	"strings"
)

// roughlyByAge is the law of T where not all is followed exactly, with what that may make of
// it stated:
//
//   - Several servers of any service begin what waits about as one does that is as many times as
//     fast. Few services of each follow each other, which makes less of those that vary more than
//     exponential ones: half of them are taken for such. How much of the law hangs on the
//     services' law is told by the law for exponential services: the difference is stated, and
//     what a service's rest, and the last ones to end where nobody may be left, differ by.
//   - Servers whose services vary little and that have begun together are free together. Who
//     comes then waits longer than behind a fast server, by half a service on the mean: so much
//     is taken off tau.
//   - Where some may wait how long ago so many came is taken for independent of how long those
//     before them wait. The law is found for that time's mean, too.
//   - Groups that are few are a Poisson number of them. What that may be off by is told by the
//     laws for a standard deviation more and less.
func (p problem) roughlyByAge(open []int) (Drain, error) {
	shape, err := p.agedShape()
	if err != nil {
		return Drain{}, err
	}
	if p.Lane.largestGroup() > agedCrowd && p.fewest(open) < agedFew {
		return Drain{}, &UnsupportedError{Chain, "a few large groups take long to follow"}
	}
	q, step := p, p.agedStep()
	if step > 0 {
		if q, err = p.aging(math.Max(p.cfg.Mechanisms.MaxAge/2, p.cfg.Mechanisms.MaxAge-step)); err != nil {
			return Drain{}, err
		}
	}
	beside, err := q.roughAge(open, shape, 1)
	if err != nil {
		return Drain{}, err
	}
	d, few := beside, p.largestGroup() > 1 && p.fewest(open) < agedFew
	if len(open) > 0 && !few && !p.PoissonPools {
		if d, err = q.roughAge(open, shape, 0); err != nil {
			return Drain{}, err
		}
	}
	var why []string
	more := 0.0
	differs := func(q problem, other agedShape, times float64) {
		if err == nil {
			var e Drain
			if e, err = q.roughAge(open, other, 1); err == nil {
				more += times * furthestAt(beside, e)
			}
		}
	}
	if shape.renewal > 0 {
		other := shape
		other.renewal = 0
		times := agedServices
		if p.FinalServers() == 1 || p.cfg.Service.SCV() < 1 {
			times /= 2
		}
		differs(q, other, times)
		more += moved(d, p.restsApart())
		why = append(why, "its servers' services are taken for those of one that is as many times as fast, and their rests for exponential")
	}
	if step > 0 {
		differs(p, shape, agedServices)
		why = append(why, "its servers may be free together")
	}
	if shape.waits > 0 {
		other := shape
		other.sharp = true
		differs(q, other, agedWaits)
		why = append(why, "when those came who may wait is taken to be independent of how long others do")
	}
	if few && len(open) > 0 {
		apart := 0.0
		for _, side := range [...]float64{-1, 1} {
			if err == nil {
				var e Drain
				if e, err = q.roughAge(open, shape, 1+side/math.Sqrt(p.fewest(open))); err == nil {
					apart = math.Max(apart, furthestAt(beside, e))
				}
			}
		}
		more += agedNumber * apart
		why = append(why, "its groups, which are few, are taken for a Poisson stream of them")
	}
	d.AbsError = math.Min(1, d.AbsError+more)
	d.rough, d.Tail, d.floor, d.groups, d.Quality = d.AbsError, 0, 0, true, Approximate
	d.Reason = fmt.Sprintf("%s, which may put it off by %.2g of probability", strings.Join(append(why, "who is too old is followed in cells"), "; "), d.AbsError)
	return d, err
}

// agedShape is what is followed of the lane.
func (p problem) agedShape() (s agedShape, err error) {
	if !p.cfg.Target.Idle {
		s.waits = p.cfg.Target.Waiting
	}
	if p.FinalServers()+s.waits > agedMost {
		return s, &UnsupportedError{Chain, "its servers, or those who may wait, are too many to be followed"}
	}
	if _, exponential := p.cfg.Service.(Exponential); !exponential {
		if s.renewal = 1; p.FinalServers() > 1 && p.cfg.Service.SCV() > 1 {
			s.renewal = 0.5
		}
	}
	return s, nil
}

// agedStep is what is taken off tau for servers that are free together.
func (p problem) agedStep() float64 {
	s := p.cfg.Service
	step := s.Mean() / 2 * float64(p.FinalServers()-1) / float64(p.FinalServers())
	step *= math.Exp(-2 * math.Pi * math.Pi * s.SCV() * math.Max(1, p.begin/s.Mean()))
	if step < s.Mean()*agedInStep {
		return 0
	}
	return step
}

// aging is the lane with another age.
func (p problem) aging(tau float64) (problem, error) {
	cfg := p.cfg
	cfg.Mechanisms.MaxAge = tau
	l, err := NewLane(cfg)
	p.Lane = l
	return p, err
}

const (
	agedServices = 2.0 // times the difference that services of a law that varies more make
	agedWaits    = 2.0
	agedNumber   = 1.5  // times what a standard deviation of a number of groups makes
	agedLaws     = 4    // are found
	agedInStep   = 0.01 // services, below which servers are not free together
)

// roughAge is a law for a shape, with the numbers in the open streams fixed, or Poisson of so
// many times the mean.
func (p problem) roughAge(open []int, shape agedShape, times float64) (Drain, error) {
	solves := float64(agedLaws)
	if p.largestGroup() > 1 {
		solves *= agedLaws
	}
	if times == 0 {
		solves *= p.agedSolves(open)
	} else {
		for _, i := range open {
			var err error
			if p, err = p.withMean(i, times); err != nil {
				return Drain{}, err
			}
		}
		open = nil
	}
	solve, err := p.ageFollower(shape, solves)
	if err != nil {
		return Drain{}, err
	}
	return p.opened(open, solve)
}

// restsApart is the time by which the rest of a service, and where nobody may be left the
// longest of all servers' services, differ on the mean from those of exponential ones.
func (p problem) restsApart() float64 {
	s := p.cfg.Service
	apart := math.Abs(1-s.SCV()) / 2 * s.Mean()
	if p.cfg.Target.Idle {
		c := float64(p.FinalServers())
		apart += math.Abs(longestOf(s, c) - longestOf(Exponential{s.Mean()}, c))
	}
	return apart
}

// longestOf is the mean of the longest of so many services.
func longestOf(s Service, n float64) (mean float64) {
	const parts = 2000
	h := longestService(s, 1e-6/n) / parts
	for i := range parts {
		mean += h * (1 - math.Pow(serviceCDF(s, (float64(i)+0.5)*h), n))
	}
	return mean
}

// moved is the most that a law's probabilities change by as it is moved by a time.
func moved(d Drain, by float64) (most float64) {
	const quantiles = 400
	for i := range quantiles {
		t := d.Quantile((float64(i) + 0.5) / quantiles)
		most = math.Max(most, math.Max(d.CDF(t)-d.CDF(t-by), d.CDF(t+by)-d.CDF(t)))
	}
	return math.Min(1, most)
}
