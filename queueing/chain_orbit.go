package queueing

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing/markov"
)

// RetryOrbit holds the clients whose requests were refused by a lane with a
// queue limit. Each tries again after an exponential delay until it finds
// room.
type RetryOrbit struct {
	Waiting   int     // clients in the orbit at t = 0
	MeanDelay float64 // s, positive
}

// Validate reports the fields out of range.
func (r RetryOrbit) Validate() error {
	return errors.Join(countBetween("RetryOrbit.Waiting", r.Waiting, 0, 1_000_000), positive("RetryOrbit.MeanDelay", r.MeanDelay))
}

// SolveOrbit is the law of the first time, not before the end of overload, at
// which the lane is at its level and the orbit is empty. The lane must have a
// queue limit, Poisson streams and batches of known size, and exponential
// service by servers that are there from the start; other lanes get an
// [*UnsupportedError]. The orbit has no bound: the chain is cut where no mass
// comes. Small lanes are followed state by state, larger ones of constant rates
// by their transform: its Fourier series, or its inverse where the law is too
// wide for that.
func SolveOrbit(l *Lane, r RetryOrbit, o SolveOptions) (d Drain, err error) {
	defer catch(&err)
	if err := r.Validate(); err != nil {
		return Drain{}, err
	}
	begin, err := chainBegin(l)
	if err != nil {
		return Drain{}, err
	}
	if err := orbitCovers(l); err != nil {
		return Drain{}, err
	}
	peak, end := problem{Lane: l, begin: begin, SolveOptions: o}.fluidEnd()
	size := r.Waiting + int(math.Max(0, peak-float64(l.room()))) + 20
	if room := l.room(); room < orbitRoom { // states are in order of the orbit then: those without mass are left out
		size = max(size, room+1)
	}
	d, done, err := orbitByTransform(l, r, size, end, o)
	if !done {
		if o.effort == nil {
			o.effort = newEffort(orbitEffort)
		}
		d, err = retryLarger(size, false, func(size int) (Drain, error) {
			return orbitUpTo(l, r, size, begin, end, o)
		})
	}
	return o.ownUp(d), err
}

// orbitByTransform is the law by the method that was asked for, if that is by
// the transform. If none was it is whatever answers, where following the lane and
// an orbit of the given size until the end, and the tail after it until its
// slowest mode is left, takes long.
func orbitByTransform(l *Lane, r RetryOrbit, size int, end float64, o SolveOptions) (d Drain, done bool, err error) {
	c, lam := l.FinalCapacity(), l.cfg.Arrivals.LongRun()
	relaxation := 20 * c / ((c - lam) * (c - lam)) // s
	events := l.cfg.Arrivals.Mean(0, end) + c*end + (c+lam)*relaxation + float64(size)/r.MeanDelay*(end+relaxation)
	easy := events*float64((l.room()+1)*(size+1)) < orbitEasy
	ways := []func(*Lane, RetryOrbit, SolveOptions) (Drain, error){orbitSeries, orbitDensity}
	switch {
	case o.Method == FourierSeries:
		ways = ways[:1]
	case o.Method == DrainDensity:
		ways = ways[1:]
	case o.Method == Chain || easy:
		return Drain{}, false, nil
	}
	var refused *UnsupportedError
	for _, way := range ways {
		if d, err = way(l, r, o); !errors.As(err, &refused) {
			return d, true, err
		}
	}
	return d, o.Method != Auto, err
}

// orbitEasy are the states times events that are followed at once.
const orbitEasy = 3e6

// orbitRoom is the lane from which on an orbit of its size has too many states.
const orbitRoom = 1500

// orbitEffort are the states times jumps, a minute or so, that an orbit may
// take: nothing else answers for it.
const orbitEffort = 1e10

// room is the most requests that a lane with a queue limit holds.
func (l *Lane) room() int { return l.cfg.Servers + l.cfg.Mechanisms.QueueLimit }

func orbitCovers(l *Lane) error {
	if err := chainCovers(l); err != nil {
		return err
	}
	_, exponential := l.cfg.Service.(Exponential)
	n := l.Initial()
	switch {
	case !l.cfg.Mechanisms.Limited:
		return &UnsupportedError{Chain, "an orbit needs a queue limit that refuses requests"}
	case !exponential:
		return &UnsupportedError{Chain, "the service of a lane with an orbit must be exponential"}
	case len(l.steps) > 1:
		return &UnsupportedError{Chain, "the servers of a lane with an orbit must be there from the start"}
	case n.Poisson > 0 || n.Fixed > l.room():
		return &UnsupportedError{Chain, fmt.Sprintf("%g requests at the start where %d find room", n.Mean(), l.room())}
	}
	return nil
}

func orbitUpTo(l *Lane, r RetryOrbit, size int, begin, end float64, o SolveOptions) (Drain, error) {
	c := markov.Orbit{ServiceRate: 1 / l.cfg.Service.Mean(), Servers: l.cfg.Servers, Limit: l.room(),
		Size: size, RetryRate: 1 / r.MeanDelay, Refused: 1}
	states := (c.Limit + 1) * (c.Size + 1)
	if cost := sourcesCost(l, end+r.MeanDelay, states, 6, l.FinalCapacity()+c.RetryRate*float64(size)); cost > 10*chainWork || states > 20_000_000 {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", cost)}
	}
	s, err := c.Sources(l.cfg.Arrivals.Rate, l.chainBreaks())
	if err != nil {
		return Drain{}, err
	}
	s.Mean = l.cfg.Arrivals.Flow
	start := markov.Point(c.Index(l.Initial().Fixed, r.Waiting))
	w, err := s.Start(0, start, markov.Options{Tolerance: chainTolerance(o), Context: o.Context})
	if err != nil {
		return Drain{}, err
	}
	full := map[int]bool{}
	for q := 0; q <= c.Limit; q++ {
		full[c.Index(q, size)] = true
	}
	f := &orbitWalk{watchedWalk{Walk: w, edgeWatch: edgeWatch{func(i int) bool { return full[i] }, 1e-3 * o.tolerance()}}, c}
	d, err := followLane(l, f, begin, o)
	d.Reason = fmt.Sprintf("the number in the lane and in the orbit (up to %d) are followed state by state", size)
	return d, err
}

// orbitWalk follows the numbers in the lane and in the orbit.
type orbitWalk struct {
	watchedWalk
	orbit markov.Orbit
}

// arrive adds a batch: what finds no room in the lane goes to the orbit.
func (w *orbitWalk) arrive(size Count) error {
	if size.Poisson > 0 || len(size.Binomials) > 0 {
		return &UnsupportedError{Chain, "orbits are followed for batches of known size"}
	}
	c := w.orbit
	return w.Move(func(state int) markov.Law {
		q, o := c.State(state)
		n := min(q+size.Fixed, c.Limit)
		return markov.Point(c.Index(n, min(o+q+size.Fixed-n, c.Size)))
	})
}

func (w *orbitWalk) drained(level int) float64 {
	return w.Absorb(func(state int) bool {
		q, o := w.orbit.State(state)
		return q <= level && o == 0
	})
}
