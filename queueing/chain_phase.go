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
	case l.FinalServers() != 1 || len(l.steps) > 1:
		return Drain{}, &UnsupportedError{Chain, "phases are followed for one server that is always there"}
	case l.Initial().Poisson > 0 || len(l.Initial().Binomials) > 0:
		return Drain{}, &UnsupportedError{Chain, "phases are followed from a known number at the start"}
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
	start := l.Initial().Fixed
	if start > top {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("%d requests at the start where %d find room", start, top)}
	}
	_, end := problem{Lane: l, begin: begin, SolveOptions: o}.fluidEnd()
	if cost := sourcesCost(l, end, 1+top*law.Phases(), law.Phases()+2, largest(law.Exit)+l.FinalCapacity()); cost > chainWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", cost)}
	}
	s, err := q.Sources(l.cfg.Arrivals.Rate, l.chainBreaks())
	if err != nil {
		return Drain{}, err
	}
	w, err := s.Start(0, q.Begin(start), markov.Options{Tolerance: chainTolerance(o), Context: o.Context})
	if err != nil {
		return Drain{}, err
	}
	edge := func(state int) bool { return q.Requests(state) == top }
	if l.cfg.Mechanisms.Limited {
		edge = func(int) bool { return false }
	}
	f := &phaseWalk{Walk: w, queue: q, edgeWatch: edgeWatch{edge, 1e-3 * o.tolerance()}}
	return followLane(l, f, begin, o)
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

// phaseWalk follows the number in the lane and the phase of the service.
type phaseWalk struct {
	*markov.Walk
	queue     markov.PhaseQueue
	edgeWatch edgeWatch
}

func (w *phaseWalk) Advance(t float64) error {
	if err := w.Walk.Advance(t); err != nil {
		return err
	}
	return w.edgeWatch.check(w.Law())
}

func (w *phaseWalk) Trace(t float64, at []float64) ([]float64, error) {
	density, err := w.Walk.Trace(t, at)
	return density, errors.Join(err, w.edgeWatch.check(w.Law()))
}

// arrive adds a batch of a known size; what finds no room is turned away.
func (w *phaseWalk) arrive(size Count) error {
	if size.Poisson > 0 || len(size.Binomials) > 0 {
		return &UnsupportedError{Chain, "phases are followed for batches of known size"}
	}
	q := w.queue
	return w.Move(func(state int) markov.Law {
		n := q.Requests(state)
		to := min(n+size.Fixed, q.Limit)
		if n == 0 {
			return q.Begin(to)
		}
		return markov.Point(state + (to-n)*q.Service.Phases())
	})
}

func (w *phaseWalk) drained(level int) float64 {
	return w.Absorb(func(state int) bool { return w.queue.Requests(state) <= level })
}
