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
//     fast. How much of the law hangs on their services' law is told by the law for exponential
//     services: the difference is stated, and what a service's rest, and the last ones to end
//     where nobody may be left, differ by.
//   - Where some may wait how long ago so many came is taken for independent of how long those
//     before them wait. The law is found for that time's mean, too.
//   - Groups that are few are fixed less well.
func (p problem) roughlyByAge(open []int) (Drain, error) {
	shape := agedShape{}
	if !p.cfg.Target.Idle {
		shape.waits = p.cfg.Target.Waiting
	}
	if p.FinalServers()+shape.waits > agedMost {
		return Drain{}, &UnsupportedError{Chain, "its servers, or those who may wait, are too many to be followed"}
	}
	_, exponential := p.cfg.Service.(Exponential)
	shape.renewal = !exponential
	d, err := p.roughAge(open, shape, false)
	if err != nil {
		return Drain{}, err
	}
	d.Quality = Approximate
	var why []string
	more := 0.0
	beside := func(other agedShape, times float64) error {
		base, err := p.roughAge(open, shape, true)
		if err != nil {
			return err
		}
		e, err := p.roughAge(open, other, true)
		if err == nil {
			more += times * furthestAt(base, e)
		}
		return err
	}
	if shape.renewal {
		other := shape
		other.renewal = false
		times := agedServices
		if p.FinalServers() == 1 {
			times /= 2
		}
		if err := beside(other, times); err != nil {
			return Drain{}, err
		}
		more += moved(d, p.restsApart())
		why = append(why, "its servers' services are taken for those of one that is as many times as fast, and their rests for exponential")
	}
	if shape.waits > 0 {
		other := shape
		other.sharp = true
		if err := beside(other, agedWaits); err != nil {
			return Drain{}, err
		}
		why = append(why, "when those came who may wait is taken to be independent of how long others do")
	}
	if len(open) > 0 && !p.PoissonPools && p.largestGroup() > 1 {
		if p.fewest(open) < agedFew {
			other, err := p.roughAge(open, shape, true)
			if err != nil {
				return Drain{}, err
			}
			more += furthestAt(d, other)
		}
		why = append(why, "the number of groups is nearly fixed")
	}
	d.rough, d.AbsError = math.Min(1, d.rough+more), math.Min(1, d.AbsError+more)
	d.Tail, d.floor, d.groups = 0, 0, true
	d.Reason = fmt.Sprintf("%s, which may put it off by %.2g of probability", strings.Join(append(why, "who is too old is followed in cells"), "; "), d.AbsError)
	return d, nil
}

const (
	agedServices = 2.0 // times the difference that services of another law make
	agedWaits    = 2.0
)

// roughAge is a law for a shape, with the numbers in the open streams left Poisson or not.
func (p problem) roughAge(open []int, shape agedShape, poisson bool) (Drain, error) {
	if poisson {
		p.PoissonPools = true
	}
	solve, err := p.ageFollower(shape, p.agedSolves(open))
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
