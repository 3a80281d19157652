package queueing

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing/markov"
)

// mostPhases of a service law that the chain follows one by one.
const mostPhases = 64

// phases is the service law as a chain, if it is one.
func phases(s Service) (markov.PhaseType, bool) {
	switch s := s.(type) {
	case Exponential:
		return markov.Erlang(s.MeanTime, 1), true
	case Gamma:
		if s.Shape == math.Round(s.Shape) && s.Shape <= mostPhases {
			return markov.Erlang(s.MeanTime, int(s.Shape)), true
		}
	case Hyperexponential:
		return markov.PhaseType{
			Initial: []float64{s.P1, 1 - s.P1},
			Rates:   [][]float64{nil, nil},
			Exit:    []float64{1 / s.Mean1, 1 / s.Mean2},
		}, true
	}
	return markov.PhaseType{}, false
}

// solvePhases follows the number in the lane and the phase of the service.
func solvePhases(l *Lane, begin float64, o SolveOptions) (Drain, error) {
	law, is := phases(l.cfg.Service)
	if !is {
		return Drain{}, &UnsupportedError{Chain, "its service is not made of exponential phases"}
	}
	return followPhases(l, law, begin, o)
}

// followPhases is [solvePhases] for a service of the given law.
func followPhases(l *Lane, law markov.PhaseType, begin float64, o SolveOptions) (Drain, error) {
	switch {
	case l.FinalServers() != 1:
		return Drain{}, &UnsupportedError{Chain, "phases are followed for one server"}
	case begin < l.cfg.DownFor:
		return Drain{}, &UnsupportedError{Chain, "phases are followed from when the server is there"}
	}
	peak, end := problem{Lane: l, begin: begin, SolveOptions: o}.fluidEnd()
	events := l.cfg.Arrivals.Mean(0, end) + l.Work(0, end)
	top := int(peak + 10*math.Sqrt((1+l.cfg.Service.SCV())*(events+100)) + 60)
	if l.cfg.Mechanisms.Limited {
		top = 1 + l.cfg.Mechanisms.QueueLimit
	}
	return retryLarger(top, l.cfg.Mechanisms.Limited, func(top int) (Drain, error) {
		return phasesUpTo(l, law, top, begin, o)
	})
}

// errEdge says that a chain was cut where there is mass.
var errEdge = errors.New("queueing: mass at the edge of the chain")

// retryLarger doubles the number at which a chain is cut until no mass is
// there. A bound that belongs to the lane stays.
func retryLarger(top int, bound bool, solve func(top int) (Drain, error)) (Drain, error) {
	for range 8 {
		d, err := solve(top)
		if bound || !errors.Is(err, errEdge) {
			return d, err
		}
		top *= 2
	}
	return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("%d requests are not enough to follow", top)}
}

func phasesUpTo(l *Lane, law markov.PhaseType, top int, begin float64, o SolveOptions) (Drain, error) {
	q := markov.PhaseQueue{Service: law, Limit: top}
	up := l.cfg.DownFor
	start := l.admitted(up)
	if start.hi() > top {
		return Drain{}, errEdge
	}
	_, end := problem{Lane: l, begin: begin, SolveOptions: o}.fluidEnd()
	if cost := sourcesCost(l, end, 1+top*law.Phases(), law.Phases()+2, largest(law.Exit)+l.FinalCapacity()); cost > chainWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", cost)}
	}
	s, err := q.Sources(l.cfg.Arrivals.Rate, l.chainBreaks())
	if err != nil {
		return Drain{}, err
	}
	s.Mean = l.cfg.Arrivals.Flow
	w, err := s.Start(up, beginAll(q, start), markov.Options{Tolerance: chainTolerance(o), Context: o.Context})
	if err != nil {
		return Drain{}, err
	}
	edge := func(state int) bool { return q.Requests(state) == top }
	if l.cfg.Mechanisms.Limited {
		edge = func(int) bool { return false }
	}
	f := &phaseWalk{watchedWalk{w, edgeWatch{edge, 1e-3 * o.tolerance()}, up}, q}
	return followLane(l, f, begin, o)
}

// gathered is the law of the number in a lane at t if nothing is served up to
// then, what arrives at t included.
func (l *Lane) gathered(t float64) law {
	n := l.Initial().Plus(l.cfg.Arrivals.batches(0, t))
	for _, g := range l.groupSources() {
		mean := 0.0
		for _, source := range g.of {
			mean += source.Flow(0, t)
		}
		if g.size == 1 {
			n.Poisson += mean
		} else {
			n.Groups = append(n.Groups, Groups{mean / float64(g.size), g.size})
		}
	}
	return n.law()
}

// beginAll is the law over the states in which a number of the given law is
// there, at most the queue's limit, and a service begins.
func beginAll(q markov.PhaseQueue, n law) markov.Law {
	out := markov.Law{P: make([]float64, q.State(min(n.hi(), q.Limit), q.Service.Phases()-1)+1)}
	for i, w := range n.p {
		at := q.Begin(min(n.lo+i, q.Limit))
		for k, p := range at.P {
			out.P[at.First+k] += w * p
		}
	}
	return out
}

func largest(x []float64) float64 {
	most := 0.0
	for _, y := range x {
		most = math.Max(most, y)
	}
	return most
}

// sourcesCost estimates the multiplications that it takes to follow a chain.
func sourcesCost(l *Lane, end float64, states, jumps int, leaving float64) float64 {
	return 2 * (l.cfg.Arrivals.Mean(0, end) + leaving*end) * float64(states) * float64(jumps)
}

// edgeWatch tells when there is mass where a chain was cut.
type edgeWatch struct {
	at      func(state int) bool
	allowed float64
}

func (e edgeWatch) check(law markov.Law) error {
	sum := 0.0
	for i, p := range law.P {
		if e.at(law.First + i) {
			sum += p
		}
	}
	if sum > e.allowed {
		return errEdge
	}
	return nil
}

// watchedWalk is a chain whose edge is watched.
type watchedWalk struct {
	*markov.Walk
	edgeWatch edgeWatch
	up        float64 // s, from when on it is followed, batches up to then included
}

func (w *watchedWalk) Advance(t float64) error {
	if t <= w.up {
		return nil
	}
	if err := w.Walk.Advance(t); err != nil {
		return err
	}
	return w.edgeWatch.check(w.Law())
}

func (w *watchedWalk) Trace(t float64, at []float64) ([]float64, error) {
	density, err := w.Walk.Trace(t, at)
	return density, errors.Join(err, w.edgeWatch.check(w.Law()))
}

// phaseWalk follows the number in the lane and the phase of the service.
type phaseWalk struct {
	watchedWalk
	queue markov.PhaseQueue
}

// arrive adds a batch; what finds no room is turned away.
func (w *phaseWalk) arrive(size Count) error {
	if w.Time() <= w.up {
		return nil
	}
	q, batch, step := w.queue, size.law(), w.queue.Service.Phases()
	return w.Move(func(state int) markov.Law {
		n := q.Requests(state)
		if n == 0 {
			return beginAll(q, batch)
		}
		lo, hi := min(batch.lo, q.Limit-n), min(batch.hi(), q.Limit-n)
		out := markov.Law{First: state + lo*step, P: make([]float64, (hi-lo)*step+1)}
		for i, p := range batch.p {
			out.P[(min(batch.lo+i, hi)-lo)*step] += p
		}
		return out
	})
}

func (w *phaseWalk) drained(level int) float64 {
	return w.Absorb(func(state int) bool { return w.queue.Requests(state) <= level })
}
