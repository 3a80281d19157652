package queueing

import (
	"errors"
	"fmt"
	"math"
)

// roughTolerance is the least error asked of what is approximate anyway.
const roughTolerance = 1e-4

// approximately answers where no method covers the lane: by what is centred well, or, where
// there is no such way, by the mean path and what chance makes of it.
func (p problem) approximately(refusal error) (Drain, error) {
	d, err := p.centred(refusal)
	if err == nil && !d.groups && !p.Plain() && p.Method == Auto && !p.coarse() && len(p.fewLarge()) > 0 {
		if d, err := p.byInstants(problem.belowAges); err == nil {
			return d, nil
		}
	}
	if !unsupported(err) || p.Method != Auto || p.coarse() {
		return d, err
	}
	ways := []func(problem) (Drain, error){problem.byUnboundedRungs, problem.byRungsOfAges, problem.byLengthless, problem.byBand, problem.byFed}
	if len(p.fewLarge()) > 0 { // noise along the mean path is of no use between large batches
		ways = append(ways[:3:3], problem.byFed, problem.byBand)
	}
	for _, way := range ways {
		if last, err2 := p.byInstants(way); !unsupported(err2) {
			return last, err2
		}
	}
	return d, err
}

// byUnboundedRungs is the diffusion of a lane with a bound on its queue or servers that slow
// down where nothing bounds its error.
func (p problem) byUnboundedRungs() (Drain, error) {
	if p.Plain() {
		return Drain{}, &UnsupportedError{Diffusion, "it is refused for what it is off by"}
	}
	p.Tolerance, p.effort = math.Max(p.tolerance(), roughTolerance), newEffort(roughEffort)
	q, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	if len(open) == 0 {
		return Drain{}, &UnsupportedError{Diffusion, "it has been refused"}
	}
	d, err := q.unfixedBy(open, problem.byRungs)
	if err == nil && (!(d.Distribution.(*curve).total() > 1-lostMass) || d.short()) {
		return Drain{}, &UnsupportedError{Diffusion, "what it finds does not add up"}
	}
	d.rough, d.AbsError = 1, 1
	d.Reason += "; nothing bounds its error"
	return d, err
}

// centred answers by phases that stand for the lane's service, by the diffusion while all
// servers are busy where that is sharp enough, or by the diffusion with servers that idle.
func (p problem) centred(refusal error) (Drain, error) {
	var refused *UnsupportedError
	if !errors.As(refusal, &refused) {
		return Drain{}, refusal
	}
	if err := p.Endures(); err != nil && p.Plain() {
		return Drain{}, err
	}
	if !p.Plain() {
		d, err := p.beyondPlain()
		if errors.As(err, &refused) || err == nil && p.coarse() && !(d.AbsError <= boundMost) {
			return Drain{}, refusal
		}
		return d, err
	}
	near, nearErr := p.nearCircle()
	if nearErr == nil && near.AbsError < circleNear || nearErr != nil && !unsupported(nearErr) {
		return near, nearErr
	}
	q := p
	q.Tolerance = math.Max(p.tolerance(), roughTolerance)
	d, err := q.byMoments()
	if errors.As(err, &refused) {
		if d, err = DiffusionDrain(p.Lane); err == nil && d.AbsError <= sharpDiffusion {
			return d, nil
		}
		q.effort = newEffort(roughEffort)
		d, err = q.exactly(problem.byRungs)
	}
	if nearErr == nil && (unsupported(err) || err == nil && near.AbsError < d.AbsError) {
		return near, nil
	}
	if errors.As(err, &refused) {
		return Drain{}, refusal
	}
	return d, err
}

// beyondPlain is the law of a lane with a bound on its queue or servers that slow down: by
// phases that have the first moments of its service where these follow it, or by the
// diffusion, whichever is off by less.
func (p problem) beyondPlain() (Drain, error) {
	p.Tolerance = math.Max(p.tolerance(), roughTolerance)
	d, err := p.throughOpen(problem.byRungs)
	if err == nil {
		d = p.unseen(p.lagging(d))
	}
	if err != nil && !unsupported(err) {
		return d, err
	}
	near, nearErr := p.throughOpen(problem.byBoundedMoments)
	if nearErr == nil {
		near = p.lagging(near)
	}
	if unsupported(nearErr) || nearErr == nil && err == nil && d.AbsError < near.AbsError {
		return d, err
	}
	return near, nearErr
}

// byBoundedMoments is byMoments before a bounded queue, or with servers that slow down by
// who waits now.
func (p problem) byBoundedMoments() (Drain, error) {
	m := p.cfg.Mechanisms
	if m.Limited && len(p.steps) > 1 || !p.onRungs() {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it has %v, and servers that come", m.Names())}
	}
	if p.Lane.largestGroup() > 1 {
		return Drain{}, &UnsupportedError{Chain, "requests come in groups"}
	}
	if m.SlowDown != nil {
		if _, err := p.slowestDrains(); err != nil {
			return Drain{}, err
		}
	}
	d, err := p.byTwoPhases()
	if p.FinalServers() == 1 && m.SlowDown == nil && unsupported(err) {
		d, err = p.fitted()
	}
	if err == nil {
		d = d.offBy(rungBound)
		if m.Limited && m.QueueLimit < rungShortest && p.FinalServers() > 1 {
			d = d.offBy(firstServices)
		}
	}
	if m.SlowDown != nil { // long services go on at the pace of others
		d = d.offBy(phasesWild * math.Max(0, p.cfg.Service.SCV()-2))
	}
	return d, err
}

// phasesWild is what two phases of services that vary showed, times the SCV beyond 2.
const phasesWild = 0.01

// offBy is d with a further error.
func (d Drain) offBy(more float64) Drain {
	d.Quality = Approximate
	d.rough, d.AbsError = math.Min(1, d.rough+more), math.Min(1, d.AbsError+more)
	return d
}

// throughOpen is what a way finds, numbers of finite streams fixed where requests come one
// by one.
func (p problem) throughOpen(way func(problem) (Drain, error)) (Drain, error) {
	p.effort = newEffort(roughEffort)
	q, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	if len(open) > 0 && q.cfg.Mechanisms.Limited && !q.PoissonPools && q.surelyFull() { // then who has come before matters little
		d, err := q.unfixedBy(open, way)
		return d.offBy(rungPools), err
	}
	return q.opened(q.single(open), way)
}

// unfixedBy leaves the numbers in the open streams Poisson, and says what else is taken for
// something.
func (p problem) unfixedBy(open []int, way func(problem) (Drain, error)) (Drain, error) {
	why := ""
	d, err := p.unfixed(open, func(q problem) (Drain, error) {
		d, err := way(q)
		why = d.Reason
		return d, err
	})
	d.Reason = why + "; " + d.Reason
	return d, err
}

// lagging adds to the error what the lag of the paces moves the mean by, in standard
// deviations: the mean age of services that go on is (SCV+1)/2 of their mean.
func (p problem) lagging(d Drain) Drain {
	sd := d.StdDev()
	if p.cfg.Mechanisms.SlowDown == nil || sd == 0 {
		return d
	}
	c, aged := p.FinalServers(), math.Max(1, (1+p.cfg.Service.SCV())/2)
	return d.offBy(rungLag * aged * p.lagged().share(c+1, c) * math.Max(0, d.Mean()/sd-1))
}

// unseen leaves the error of the diffusion open where no simulation has shown it.
func (p problem) unseen(d Drain) Drain {
	m := p.cfg.Mechanisms
	if scv := p.cfg.Service.SCV(); scv < rungEven || scv > rungWildest || m.Limited && m.QueueLimit < rungShortest {
		d = d.offBy(1)
		d.Reason += "; services that vary so little or so much, or a queue as short, leave its error open"
	}
	return d
}

// boundMost is the error from which on a law beyond the plain ones tells little, so that other
// ways are asked first.
const boundMost = 0.5

// rungPools is what numbers taken for Poisson make of the law once a queue has been full.
const rungPools = 0.02

// surelyFull tells whether the queue is full at some time.
func (p problem) surelyFull() bool {
	peak, end := p.fluidEnd()
	m := p.cfg.Mechanisms
	return peak-fullSigmas*math.Sqrt(p.cfg.Arrivals.Mean(0, end)) > float64(p.FinalServers()+m.QueueLimit)
}

const fullSigmas = 3.0

// circleNear is the error up to which no other approximation is tried.
const circleNear = 1e-3

// nearCircle follows, for complex means that fix the numbers in finite streams,
// phases that stand for services which have none.
func (p problem) nearCircle() (Drain, error) { return p.once("circle", p.aroundCircle) }

func (p problem) aroundCircle() (Drain, error) {
	p.effort = newEffort(circleEffort)
	p, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	if len(open) == 0 || p.PoissonPools || p.FinalServers() != 1 {
		return Drain{}, &UnsupportedError{Chain, "it is not one server with a finite stream"}
	}
	var d Drain
	switch p.cfg.Service.(type) {
	case Gamma:
		d, err = p.onCircle(open)
	default:
		d, err = p.fitted()
	}
	return d.owningUp(fixedWhat), err
}

// sharpDiffusion is the error up to which the diffusion of busy servers, which
// takes microseconds, is an answer.
const sharpDiffusion = 0.05

// The largest errors of the CDF that simulation showed where a law of two phases
// took the place of another.
const (
	twoPhaseError  = 0.06
	fewPhasesError = 0.2 // with an SCV below 1/2, which two phases do not reach
)

// byMoments follows phases that have the first moments of the lane's service
// where that is not too much work: the same for all the means that fix the numbers
// in finite streams, whose laws would else differ by more than those do.
func (p problem) byMoments() (Drain, error) {
	ways := []func(problem) (Drain, error){problem.between, problem.fitted, problem.byTwoPhases}
	if p.FinalServers() > 1 {
		ways = ways[2:]
	}
	var d Drain
	var err error
	for _, way := range ways {
		p.effort = newEffort(roughEffort)
		if d, err = p.exactly(way); !unsupported(err) {
			break
		}
	}
	return d, err
}

// byTwoPhases follows each server's services of two phases.
func (p problem) byTwoPhases() (Drain, error) {
	scv, one := p.cfg.Service.SCV(), p.FinalServers() == 1
	if one && scv < 1 || !p.cfg.Target.Idle && scv < 0.5 { // servers that idle end in turn at least
		return Drain{}, &UnsupportedError{Chain, "two phases do not reach the variance of its service"}
	}
	d, err := p.byServers()
	if err == nil && !(d.AbsError <= lostMass) {
		return Drain{}, &UnsupportedError{Chain, "what it finds does not add up"}
	}
	if err == nil && !twoPhaseOf(p.cfg.Service).exact {
		if d.rough = twoPhaseError; scv < 0.5 {
			d.rough = fewPhasesError
		}
		d.rough = p.inStep(d, math.Min(1, d.rough+p.unlike(d)))
		d.Quality, d.AbsError = Approximate, math.Min(1, d.AbsError+d.rough)
		d.Reason = "services of two exponential phases with the same mean and variance stand for those of the lane"
	}
	return d, err
}

// slowFade is the number of services a server does until what the difference of
// two service laws puts the drain time's law off by has begun to fade.
const slowFade = 5

// unlike is what a mixture of two exponential laws puts the law of T off by
// where the service varies more than an exponential one: as much as its distance
// from the service law, faded by the services done, and as much as the other
// mixture with the same variance gives another answer; 1 where that cannot
// be had.
func (p problem) unlike(d Drain) float64 {
	s := p.cfg.Service
	if s.SCV() <= 1 {
		return 0
	}
	all := mixturesOf(s)
	services := math.Max(p.begin/s.Mean(), p.Initial().Mean()/float64(p.FinalServers()))
	off := all[0].off(s) * math.Min(1, slowFade/services)
	if len(all) == 1 {
		return off
	}
	own := p
	own.effort = p.effort.share(1)
	other, err := own.byServersOf(all[1])
	a, is := d.Distribution.(*curve)
	b, also := other.Distribution.(*curve)
	if err != nil || !is || !also {
		return 1
	}
	return off + furthest(a, b)
}

// firstServices is what the law of the first services, which begin at once, was
// seen to put a law of few requests off by, beside the errors above.
const firstServices = 0.25

// inStep is rough and, where what waits has hardly been served a service each,
// what is missed of the law of one service; and where services vary so little
// that servers which begin together end together, an atom: what the law at hand
// has in one service, as [problem.ripple] says.
func (p problem) inStep(d Drain, rough float64) float64 {
	c, ok := d.Distribution.(*curve)
	if !ok || p.FinalServers() == 1 {
		return rough
	}
	m, each := p.cfg.Service.Mean(), p.Initial().Mean()/float64(p.FinalServers())
	if each <= 2 && p.begin <= m {
		rough += firstServices
	}
	services := math.Max(p.begin/m, each)
	ripple := math.Min(1, 2*math.Exp(-2*math.Pi*math.Pi*services*p.cfg.Service.SCV()))
	arrive := p.cfg.Arrivals.Mean(0, c.Mean()) / float64(p.FinalServers())
	return math.Min(1, rough+(c.peak()*m+math.Exp(-arrive)/2)*ripple)
}
