package queueing

import (
	"fmt"
	"math"

	"singlelane/queueing/markov"
)

// SolveChain is the law of the lane's drain time by following its Markov chain
// state by state. It covers Poisson streams and batches at fixed times, with
// exponential service by any number of servers, and the bound of
// [Mechanisms].QueueLimit, whose refused requests are lost. Other lanes get an
// [*UnsupportedError]. It shares no code with the density, and is the way to
// check one against the other.
func SolveChain(l *Lane, o SolveOptions) (Drain, error) {
	begin, err := chainBegin(l)
	if err != nil {
		return Drain{}, err
	}
	if _, is := l.cfg.Service.(Exponential); !is {
		return Drain{}, &UnsupportedError{Chain, "its service is not exponential"}
	}
	if err := chainCovers(l); err != nil {
		return Drain{}, err
	}
	p := markov.Queue(l.cfg.Arrivals.Rate, l.ServersAt, 1/l.cfg.Service.Mean(), 0, l.chainBreaks())
	if l.cfg.Mechanisms.Limited {
		if p, err = limited(l, p); err != nil {
			return Drain{}, err
		}
	}
	if cost := chainCost(l, begin); cost > chainWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", cost)}
	}
	run, err := p.Start(0, chainLaw(l.Initial()), markov.Options{Tolerance: chainTolerance(o)})
	if err != nil {
		return Drain{}, err
	}
	return followLane(l, run, begin, o)
}

func chainCost(l *Lane, begin float64) float64 {
	return problem{l, begin, SolveOptions{}}.chainCost()
}

// chainTolerance is the error allowed in each advance of the chain.
func chainTolerance(o SolveOptions) float64 { return math.Max(1e-5*o.tolerance(), 1e-13) }

// chainBegin is the instant from which the lane may count as drained.
func chainBegin(l *Lane) (float64, error) {
	end, ok := OverloadEnd(l)
	if !ok {
		return 0, ErrNever
	}
	if l.cfg.Target.FirstPassage {
		end = 0
	}
	return end, nil
}

// chainCovers tells whether the streams and mechanisms make a Markov chain of
// the number in the lane.
func chainCovers(l *Lane) error {
	for _, st := range l.cfg.Arrivals.streams {
		if len(st.Source.Count(0, 1e9).Binomials) > 0 {
			return &UnsupportedError{Chain, fmt.Sprintf("what stream %q still holds is not in its states", st.Name)}
		}
	}
	m := l.cfg.Mechanisms
	m.Limited = false
	if names := m.Names(); len(names) > 0 {
		return &UnsupportedError{Chain, fmt.Sprintf("it has %v", names)}
	}
	return nil
}

// chainBreaks are the instants at which a rate is not smooth.
func (l *Lane) chainBreaks() []float64 { return l.stops(0, math.Inf(1)) }

// limited bounds the waiting requests. Where servers come or go the bound on
// all in the lane would move, which is refused.
func limited(l *Lane, p markov.Process) (markov.Process, error) {
	if len(l.steps) > 1 {
		return p, &UnsupportedError{Chain, "a queue limit while servers come or go"}
	}
	p.Top = l.cfg.Servers + l.cfg.Mechanisms.QueueLimit
	if n := l.Initial(); n.Poisson > 0 || n.Fixed > p.Top {
		return p, &UnsupportedError{Chain, fmt.Sprintf("%g requests at the start where %d find room", n.Mean(), p.Top)}
	}
	return p, nil
}

// chainLaw is the law of a count.
func chainLaw(c Count) markov.Law {
	out := markov.Point(c.Fixed)
	if c.Poisson > 0 {
		out = out.Plus(markov.Poisson(c.Poisson))
	}
	for _, b := range c.Binomials {
		out = out.Plus(markov.Binomial(b.N, b.P).Times(b.Size))
	}
	return out
}

// followLane moves the run to begin and on until nothing is left, stopping
// where batches arrive or the level moves.
func followLane(l *Lane, run *markov.Run, begin float64, o SolveOptions) (Drain, error) {
	stops := l.stops(0, math.Max(begin, 1e-300))
	for _, t := range stops {
		if t > begin || begin == 0 {
			break
		}
		if err := run.Advance(t); err != nil {
			return Drain{}, err
		}
		addBatches(l, run, t)
	}
	r := &chainRecord{chain: run, length: l.firstPanel(begin)}
	raise := func() {
		level := l.Level(run.Time())
		run.Lower(level)
		r.atom(run.Absorb(level))
	}
	raise()
	rest := 1e-6 * o.tolerance()
	for _, t := range l.stops(begin, o.limit()) {
		if err := r.record(t, rest); err != nil {
			return Drain{}, err
		}
		if run.Remaining() <= rest || t >= o.limit() {
			break
		}
		addBatches(l, run, t)
		raise()
	}
	never := 0.0
	if run.Time() >= o.limit() {
		never = run.Remaining()
	}
	return r.drain(never, "the chain's states are followed one by one"), nil
}

func addBatches(l *Lane, run *markov.Run, t float64) {
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At == t {
			run.Add(chainLaw(j.Size))
		}
	}
}

// firstPanel is a length, in s, within which few requests come and go.
func (l *Lane) firstPanel(t float64) float64 {
	return 4 / (l.cfg.Arrivals.Rate(t) + l.FinalCapacity())
}
