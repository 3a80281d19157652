package queueing

import (
	"fmt"
	"math"
)

// Several servers whose services all take d start together and, as long as more
// requests are there than they can take, end together: c at a time. With k0 more
// requests than the target at the start and A what has come since, the lane is at
// its target after the first number j of services with
//
//	k0 + A(0, j d] - c j <= 0.
//
// Before it no server has idled, so that this is exact for arrivals with independent
// increments, and a walk that is followed from one j to the next.

const (
	inStepWork = 2e8       // multiplications that it may take to follow the walk: half a second
	inStepMost = 1_000_000 // services that are looked past for the first that may be the last
	inStepSure = 10.0      // standard deviations z that the walk is not seen to fall by: P < exp(-z^2/2)
	inStepRest = 1e-15
)

// inStepDrain follows several deterministic servers down to where one of them
// would idle. Others get an [*UnsupportedError].
func inStepDrain(l *Lane, o SolveOptions) (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{DrainIdentity, why} }
	service, is := l.cfg.Service.(Deterministic)
	if !is {
		return refuse("its services are not all alike")
	}
	q, end, err := newSuperposition(l)
	if err != nil {
		return Drain{}, err
	}
	if q.k0 <= 0 {
		return q.atTarget(end)
	}
	if len(l.cfg.Arrivals.Count(0, 1e15).Groups) > 0 {
		return refuse("its arrivals come in groups")
	}
	w := inStep{q, service.Time, o.check}
	first := w.first()
	if first == 0 {
		return refuse(fmt.Sprintf("more than %d services of each server are looked at", inStepMost))
	}
	mass, err := w.follow(first)
	if err != nil {
		return Drain{}, err
	}
	law := newLattice(l.cfg.DownFor, service.Time, first, mass)
	d := Drain{Distribution: law, Method: DrainIdentity, Quality: Exact,
		Reason: "services of one length that start together end together, whose ends are followed one by one"}
	d.AbsError = math.Abs(1-law.left[len(mass)]) + 1e-13
	return d, q.checkStart(d, end, o.tolerance())
}

// inStep is the walk at the ends of services.
type inStep struct {
	*superposition
	d     float64 // s, of a service
	check func()
}

// at is when the j-th services end.
func (w inStep) at(j int) float64 { return w.lane.cfg.DownFor + float64(j)*w.d }

// first is a number of services before which the lane is surely above its target.
// The number that has come is less than its mean by z standard deviations with
// probability below exp(-z^2/2), as a Poisson number is. What is above that takes
// its time whatever comes: z times the root of the mean gains z^2/4 on it at most.
func (w inStep) first() int {
	j := (w.k0 + w.servers - 1) / w.servers
	for most := j + inStepMost; j < most; {
		w.check()
		mean := w.lane.cfg.Arrivals.Mean(0, w.at(j))
		above := float64(w.k0) + mean - float64(w.servers)*float64(j) - inStepSure*math.Sqrt(mean)
		if above <= 0 {
			return j
		}
		j += max(1, int((above-inStepSure*inStepSure/4)/float64(w.servers)))
	}
	return 0
}

// follow returns the probabilities of each number of services from the first on.
func (w inStep) follow(first int) ([]float64, error) {
	arrivals := &w.lane.cfg.Arrivals
	now := law{w.k0 - w.servers*(first-1), one}.plus(arrivals.Count(0, w.at(first-1)).law())
	var mass []float64
	for j, work := first, 0.0; now.mass() > inStepRest; j++ {
		w.check()
		came := arrivals.Count(w.at(j-1), w.at(j)).law()
		if work += float64(len(now.p)) * float64(len(came.p)); work > inStepWork {
			return nil, &UnsupportedError{DrainIdentity, fmt.Sprintf("following services that end together takes more than %.0e multiplications", inStepWork)}
		}
		now = now.plus(came)
		now.lo -= w.servers
		var done float64
		done, now = now.upTo(0)
		now = now.without(lawEpsilon)
		mass = append(mass, done)
	}
	return mass, nil
}
