package queueing

import (
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/markov"
)

// SolveChain is the law of the lane's drain time by following its Markov chain
// state by state. It covers Poisson streams and batches at fixed times, with
// exponential service by any number of servers, some of whom may be down at first or
// join, and the bound of [Mechanisms].QueueLimit, whose refused requests are lost; and Erlang or
// hyperexponential service by one server, phase by phase. Other lanes get an
// [*UnsupportedError]. It shares no code with the density, and is the way to
// check one against the other.
func SolveChain(l *Lane, o SolveOptions) (d Drain, err error) {
	defer catch(&err)
	begin, err := chainBegin(l)
	if err != nil {
		return Drain{}, err
	}
	if err := chainCovers(l); err != nil {
		return Drain{}, err
	}
	if err := l.Endures(); err != nil {
		return Drain{}, err
	}
	if _, is := l.cfg.Service.(Exponential); !is {
		return solvePhases(l, begin, o)
	}
	p := markov.Queue(l.cfg.Arrivals.Rate, l.ServersAt, 1/l.cfg.Service.Mean(), 0, l.chainBreaks())
	p.Mean = l.cfg.Arrivals.Flow
	if m := l.cfg.Mechanisms; m.Limited {
		p.Top = l.ServersAt(l.cfg.DownFor) + m.QueueLimit
	}
	if cost := chainCost(l, begin); cost > chainWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", cost)}
	}
	up, start, err := l.chainStart(begin)
	if err != nil {
		return Drain{}, err
	}
	run, err := p.Start(up, start, markov.Options{Tolerance: chainTolerance(o), Context: o.Context})
	if err != nil {
		return Drain{}, err
	}
	return followLane(l, &laneRun{Run: run, lane: l, up: up}, begin, o)
}

// laneFollower is a chain whose states know the number in the lane.
type laneFollower interface {
	follower
	arrive(size Count) error          // a batch comes
	drained(level int) (mass float64) // the states up to level become absorbing
}

// laneRun follows the number in the lane alone.
type laneRun struct {
	*markov.Run
	lane *Lane
	up   float64 // s, from when on it is followed, batches up to then included
	work float64
}

// room is made for those whom servers that have joined take from a queue that is bounded;
// a batch that comes as they join comes before.
func (r *laneRun) room() {
	if m := r.lane.cfg.Mechanisms; m.Limited {
		r.Raise(r.lane.ServersAt(r.Time()) + m.QueueLimit)
	}
}

// Work is about how many states times jumps have been computed. [chainCost]
// bounds those up to the end of the mean path beforehand; near saturation the
// tail takes many times as long.
func (r *laneRun) Work() float64 { return r.work }

func (r *laneRun) Advance(t float64) error {
	if t <= r.up {
		return nil
	}
	r.room()
	r.count(t)
	return r.Run.Advance(t)
}

func (r *laneRun) Trace(t float64, at []float64) ([]float64, error) {
	r.room()
	r.count(t)
	return r.Run.Trace(t, at)
}

func (r *laneRun) count(t float64) {
	from := r.Time()
	jumps := r.lane.cfg.Arrivals.Flow(from, t) + r.lane.Work(from, t)
	r.work += jumps * float64(len(r.Law().P))
}

func (r *laneRun) arrive(size Count) error {
	if r.Time() <= r.up {
		return nil
	}
	r.Add(chainLaw(size))
	return nil
}

func (r *laneRun) drained(level int) float64 {
	r.Lower(level)
	return r.Absorb(level)
}

func chainCost(l *Lane, begin float64) float64 {
	return problem{Lane: l, begin: begin}.chainCost()
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
		if h, is := st.Source.(Hashed); is {
			if _, is := h.Of.(Batch); is { // whose law is known, and which holds nothing back
				continue
			}
		}
		if slices.ContainsFunc(st.Source.Count(0, 1e9).Binomials, func(b Binomial) bool { return b.N > 0 }) {
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

// chainStart is the law of the number in a lane from when on it is followed: from 0, or
// with a queue limit from when its servers are up.
func (l *Lane) chainStart(begin float64) (up float64, n markov.Law, err error) {
	if !l.cfg.Mechanisms.Limited {
		return 0, chainLaw(l.Initial()), nil
	}
	up = l.cfg.DownFor
	there := l.admitted(up)
	if drained, _ := l.gathered(begin).upTo(l.Level(begin)); begin < up && drained > 0 {
		return 0, n, &UnsupportedError{Chain, "a limited lane may be drained before its servers are up"}
	}
	return up, markov.Law{First: there.lo, P: there.p}, nil
}

// admitted is the law of the number in a lane when its servers are up, those that have come
// by then. With a queue limit no more may wait while servers are down, and no more at 0
// than find a server or room.
func (l *Lane) admitted(up float64) law {
	if !l.cfg.Mechanisms.Limited {
		return l.gathered(up)
	}
	room := l.cfg.Mechanisms.QueueLimit
	if up == 0 {
		room += l.ServersAt(0)
	}
	return l.gathered(up).atMost(room)
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
	for _, g := range c.Groups {
		if g.Mean > 0 {
			out = out.Plus(markov.Poisson(g.Mean).Times(g.Size))
		}
	}
	return out
}

// followLane moves the chain to begin and on until nothing is left, stopping
// where batches arrive or the level moves.
func followLane(l *Lane, chain laneFollower, begin float64, o SolveOptions) (Drain, error) {
	r := &chainRecord{chain: chain, length: l.firstPanel(begin), most: followWork, spare: o.tolerance(), effort: o.effort, steady: l.beyondConstant}
	if _, is := chain.(*memberChain); !is { // whose jumps take the more the earlier they come
		r.expect(l, begin)
	}
	if begin > 0 {
		for _, t := range l.stops(0, begin) {
			if err := r.advance(t); err != nil {
				return Drain{}, err
			}
			if err := l.batchesAt(t, chain); err != nil {
				return Drain{}, err
			}
		}
	}
	if o.tolerance() >= roughTolerance/5 { // of an approximation, or of one within one
		r.most, r.rough = roughWork, true
	}
	r.atom(chain.drained(l.Level(begin)))
	if c, is := chain.(interface {
		rest(o SolveOptions) ([]panel, bool)
	}); is {
		if panels, ok := c.rest(o); ok {
			r.panels = panels
			return r.drain("the chain's states are followed one by one"), nil
		}
	}
	if err := r.toTheEnd(l, begin, o); err != nil {
		return Drain{}, err
	}
	d := r.drain("the chain's states are followed one by one")
	c, ring := chain.(*circle)
	if followed := r.faithful || chain.Remaining() <= chainRest; followed && !o.coarse() && !(ring && !c.deep) {
		d = d.downTo(chainFloor)
	}
	return d, nil
}

// chainRest is what chains are followed to, and chainFloor what it, rounding and cuts
// were seen to make of tails of 1e-12, several times: those have digits of their own, as
// larger ones do, which were off by up to 4e-4 of themselves where a law was closed.
const chainRest, chainFloor = 1e-17, 1e-14

// toTheEnd records a lane's chain from an instant on.
func (r *chainRecord) toTheEnd(l *Lane, from float64, o SolveOptions) error {
	chain, rest := r.chain.(laneFollower), 1e-6*o.tolerance()
	if !o.coarse() {
		rest = math.Min(rest, chainRest)
	}
	for _, t := range l.stops(from, math.Inf(1)) {
		if err := r.record(t, rest); err != nil {
			return err
		}
		if left := chain.Remaining(); r.closed || left <= rest || left <= r.spare && chain.Work() > r.most {
			break
		}
		if err := l.batchesAt(t, chain); err != nil {
			return err
		}
		r.atom(chain.drained(l.Level(t)))
	}
	return nil
}

func (l *Lane) batchesAt(t float64, chain laneFollower) error {
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At == t {
			if err := chain.arrive(j.Size); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstPanel is a length, in s, within which few requests come and go.
func (l *Lane) firstPanel(t float64) float64 {
	return 4 / (l.cfg.Arrivals.Rate(t) + l.FinalCapacity())
}
