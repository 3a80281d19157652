package montecarlo

import (
	"context"
	"fmt"
	"math"
	"slices"

	"singlelane/queueing"
)

// Multilevel splitting with fixed effort (M. J. J. Garvels, The Splitting
// Method in Rare Event Simulation, Twente 2000, chapter 2): paths that come
// close to a late drain are continued many times over. The score of a lane at
// t with n requests is
//
//	h = n - (L + M(t,D) - Lam(t,D)),
//
// the requests beyond those of which the mean path would drain at D. A stage
// follows `effort` paths, begun from states in which earlier paths first
// reached the level before, until they reach the next level, drain, or pass
// D; the last stage counts those that pass D. The product of the shares is
// unbiased whatever the levels; they are placed by a run of its own.
type splitter struct {
	ctx    context.Context
	lp     *lanePlan
	within float64
	times  []float64 // at which need is tabled
	need   []float64 // L + M(t,D) - Lam(t,D)
	effort int
	key    streamKey
	work   float64 // events so far

	path     *events // the one that runs
	from, to []*events
	entered  int
}

const (
	splitEffort = 2000
	splitLeast  = 100
	splitRuns   = 20
	splitMemory = 250e6 // bytes of states for each worker
	splitState  = 64.0  // bytes a request
	splitTeam   = 4     // workers at the most, each with states of its own
	splitKeep   = 0.2   // share that reaches the next level
	splitTable  = 2000
	splitMost   = 400 // levels
)

func newSplitter(ctx context.Context, lp *lanePlan, within float64, seed uint64) *splitter {
	s := &splitter{ctx: ctx, lp: lp, within: within, effort: splitting(lp.lane), key: keyOf(seed, "\x00split", lp.index)}
	l := lp.lane
	target := float64(l.Level(within))
	for i := range splitTable + 1 {
		t := within * float64(i) / splitTable
		s.times = append(s.times, t)
		s.need = append(s.need, target+l.Work(t, within)-l.Arrivals().Mean(t, within))
	}
	s.path = s.newEvents()
	return s
}

// splitting is how many paths a stage follows: fewer where states are large.
func splitting(l *queueing.Lane) int {
	return int(min(splitEffort, splitMemory/(2*splitState*(atHand(l)+100))))
}

func (s *splitter) newEvents() *events {
	lp := *s.lp
	lp.streams = slices.Clone(lp.streams)
	for i := range lp.streams {
		lp.streams[i].feed = lp.streams[i].feed.twin()
		lp.streams[i].steady, _ = lp.streams[i].feed.(*steadyFeed)
	}
	e := newEvents(s.ctx, &lp, s.within, nil)
	e.brief = true
	return e
}

// score of the present state.
func (s *splitter) score(e *events) float64 {
	x := e.t / s.within * splitTable
	i := min(int(x), splitTable-1)
	f := x - float64(i)
	return float64(e.waiting()+e.busy) - (s.need[i] + f*(s.need[i+1]-s.need[i]))
}

// outcome of a stretch of a path.
type outcome uint8

const (
	reached outcome = iota
	dead            // drained in time
	passed          // not drained by D
)

// follow runs the path until it scores level or ends, and gives the best
// score on the way.
func (s *splitter) follow(level float64) (outcome, float64) {
	e, best := s.path, math.Inf(-1)
	for {
		best = max(best, s.score(e))
		if best >= level {
			return reached, best
		}
		what, place, at := e.upcoming()
		e.check(min(at, e.beyond))
		if e.settled {
			return dead, best
		}
		if at > s.within {
			return passed, best
		}
		e.happen(what, place, at)
		s.work++
		if e.tally.events&stopMask == 0 && s.ctx.Err() != nil {
			return dead, best
		}
	}
}

// begin sets the path out: from 0, or from a state drawn among those kept.
// From there on its chance is its own.
func (s *splitter) begin(run, stage, i int) {
	e := s.path
	id := (run*splitMost+stage)*s.effort + i
	if stage == 0 {
		s.deal(id)
		e.start(id)
		s.reseed(e, id)
		s.restart(e)
		return
	}
	var g generator
	g.start(s.key^1, id)
	e.become(s.from[g.below(s.entered)])
	s.reseed(e, id)
}

// deal draws the lane's part of the hashed streams.
func (s *splitter) deal(id int) {
	var g generator
	g.start(s.key^2, id)
	for k, st := range s.lp.streams {
		if st.hashed {
			s.lp.totals[k] = g.binomial(st.total, 1/float64(st.lanes))
		}
	}
}

// reseed gives every source of chance of the path a stream of its own.
func (s *splitter) reseed(e *events, id int) {
	for k := range e.inbox.gens {
		e.inbox.gens[k].start(streamKey(mix(uint64(s.key)+uint64(k)+2)), id)
	}
	e.svc.start(streamKey(mix(uint64(s.key)-1)), id)
	e.clients.random.start(streamKey(mix(uint64(s.key)-2)), id)
}

// restart draws the first arrivals anew.
func (s *splitter) restart(e *events) {
	for k := range e.lp.streams {
		e.lp.streams[k].feed.reset(e.lp.totals[k])
	}
	e.inbox.first()
}

// place finds levels, each reached by a fifth of the paths that reached the
// one before, until a fifth of the paths pass D.
func (s *splitter) place() (levels []float64) {
	last := math.Inf(-1)
	for stage := 0; stage < splitMost && s.ctx.Err() == nil; stage++ {
		scores, late := make([]float64, 0, s.effort), 0
		for i := range s.effort {
			if s.ctx.Err() != nil {
				return levels
			}
			s.begin(-1, stage, i)
			o, best := s.follow(math.Inf(1))
			if o == passed {
				late++
			}
			scores = append(scores, best)
		}
		if float64(late) >= splitKeep*float64(s.effort) {
			break
		}
		slices.Sort(scores)
		next := scores[int((1-splitKeep)*float64(s.effort))]
		if next <= last {
			next = last + 0.5 // scores lie on a lattice that drifts with t
		}
		levels = append(levels, next)
		last = next
		if s.stage(-2, stage, next) == 0 {
			levels = levels[:len(levels)-1]
			break
		}
	}
	return levels
}

// stage follows the paths of one stage to the next level, and keeps the states
// in which they reach it. It returns how many did.
func (s *splitter) stage(run, stage int, level float64) int {
	kept := 0
	for i := range s.effort {
		if s.ctx.Err() != nil {
			return 0
		}
		s.begin(run, stage, i)
		o, _ := s.follow(level)
		if o != reached {
			continue
		}
		if kept == len(s.to) {
			s.to = append(s.to, s.newEvents())
		}
		s.to[kept].become(s.path)
		kept++
	}
	s.from, s.to, s.entered = s.to, s.from, kept
	return kept
}

// run is one estimate.
func (s *splitter) run(run int, levels []float64) float64 {
	p := 1.0
	for stage, level := range levels {
		kept := s.stage(run, stage, level)
		if p *= float64(kept) / float64(s.effort); p == 0 {
			return 0
		}
	}
	late := 0
	for i := range s.effort {
		if s.ctx.Err() != nil {
			return 0
		}
		s.begin(run, len(levels), i)
		if o, _ := s.follow(math.Inf(1)); o == passed {
			late++
		}
	}
	return p * float64(late) / float64(s.effort)
}

// splitEvent is P(T > within) by splitting.
func splitEvent(ctx context.Context, l *queueing.Lane, within float64, runs int, o Options, why string) (Rare, error) {
	if runs == 0 {
		runs = splitRuns
	}
	if splitting(l) < splitLeast {
		return Rare{}, &UnsupportedError{l.Name(), fmt.Sprintf("%.3g requests are too many to split their paths", atHand(l))}
	}
	p, err := newPlan([]*queueing.Lane{l}, o.Seed)
	if err != nil {
		return Rare{}, err
	}
	p.start(0)
	levels := newSplitter(ctx, p.lanes[0], within, o.Seed).place()
	values := make(Outcomes, runs)
	o.Replications, o.Workers = runs, min(o.Workers, splitTeam)
	n := replicate(ctx, o, 0, runs, func() worker {
		p, _ := newPlan([]*queueing.Lane{l}, o.Seed) // has compiled before
		p.start(0)
		s := newSplitter(ctx, p.lanes[0], within, o.Seed)
		return func(i int) { values[i] = s.run(i, levels) }
	})
	r := rareOf(values[:n], float64(splitting(l)))
	r.Method, r.Reason = queueing.Splitting, why
	return r, ctx.Err()
}
