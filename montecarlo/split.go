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
// t with n requests is -I, I the exponent by which it becomes rare (Cramér's)
// that its k = n - L requests and Lam(t,D) arrivals outlast M(t,D) services,
//
//	I = k s - M (e^s - 1) - Lam (e^-s - 1), e^s = (k + sqrt(k^2 + 4 M Lam)) / (2 M),
//
// and +I where that is the rule: states of equal score are then about equally
// far from the late drain, whatever the way there (T. Dean, P. Dupuis,
// Stochastic Process. Appl. 119 (2009)). A stage
// follows `effort` paths, begun from states in which earlier paths first
// reached the level before, until they reach the next level, drain, or pass
// D; the last stage counts those that pass D. The product of the shares is
// unbiased whatever the levels; they are placed by a run of its own.
type splitter struct {
	ctx    context.Context
	lp     *lanePlan
	within float64
	times  []float64 // at which need is tabled
	serves []float64 // M(t,D)
	brings []float64 // Lam(t,D), batches with it
	target float64   // L
	plain  int       // of the first paths, which nothing chose, those that passed D
	effort int
	key    streamKey

	path     *events // the one that runs
	from, to []*events
	entered  int
}

const (
	splitEffort = 1000
	splitLeast  = 100
	splitRuns   = 20
	splitMemory = 250e6 // bytes of states for each worker
	splitState  = 64.0  // bytes a request
	splitTeam   = 4     // workers at the most, each with states of its own
	splitKeep   = 0.2   // share that reaches the next level
	splitTable  = 1000
	splitStep   = 0.25 // least between the scores of two levels
	splitGlance = 15   // events between two looks at the score while levels are placed, less one
	splitMost   = 30   // levels, down to 1e-21
)

func newSplitter(ctx context.Context, lp *lanePlan, within float64, seed uint64) *splitter {
	s := &splitter{ctx: ctx, lp: lp, within: within, effort: splitting(lp.lane), key: keyOf(seed, "\x00split", lp.index)}
	l := lp.lane
	s.target = float64(l.Level(within))
	for i := range splitTable + 1 {
		t := within * float64(i) / splitTable
		s.times = append(s.times, t)
		s.serves = append(s.serves, l.Work(t, within))
		s.brings = append(s.brings, l.Arrivals().Mean(t, within))
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
func (s *splitter) score() float64 {
	e := s.path
	return closeness(float64(e.waiting()+e.busy)-s.target, s.at(s.serves, e.t), s.at(s.brings, e.t))
}

// at interpolates a table.
func (s *splitter) at(table []float64, t float64) float64 {
	x := t / s.within * splitTable
	i := min(int(x), splitTable-1)
	return table[i] + (x-float64(i))*(table[i+1]-table[i])
}

// barrier is the number in the lane, over time, that scores a level.
type barrier []float64

func (s *splitter) barrier(level float64) barrier {
	b := make(barrier, len(s.times))
	for i := range b {
		m, lam := s.serves[i], s.brings[i]
		lo, hi := 0.0, m+1
		for closeness(hi, m, lam) < level {
			hi *= 2
		}
		for range 40 {
			if mid := (lo + hi) / 2; closeness(mid, m, lam) < level {
				lo = mid
			} else {
				hi = mid
			}
		}
		b[i] = s.target + hi
	}
	return b
}

// closeness is the signed exponent of k requests and lam arrivals that outlast
// m services.
func closeness(k, m, lam float64) float64 {
	if m <= 0 {
		return k
	}
	root := math.Sqrt(k*k + 4*m*lam)
	rise := (k + root) / (2 * m) // e^s
	if k < 0 {
		rise = 2 * lam / (root - k)
	}
	if rise == 0 { // nothing is left, and nothing to come
		return -m
	}
	exponent := k*math.Log(rise) - m*(rise-1) - lam*(1/rise-1)
	if k < m-lam {
		return -exponent
	}
	return exponent
}

// outcome of a stretch of a path.
type outcome uint8

const (
	reached outcome = iota
	dead            // drained in time
	passed          // not drained by D
)

// follow runs the path until it reaches the barrier, where there is one, or
// ends. Without one it gives the best score on the way, or nearly.
func (s *splitter) follow(until barrier) (o outcome, best float64) {
	e := s.path
	best = math.Inf(-1)
	for {
		if until != nil && float64(e.waiting()+e.busy) >= s.at(until, e.t) {
			return reached, best
		}
		if until == nil && e.tally.events&splitGlance == 0 {
			best = max(best, s.score())
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

// place finds barriers, each reached by a fifth of the paths that reached the
// one before, until a fifth of the paths pass D, and tells whether it came to
// that.
func (s *splitter) place() (levels []barrier, ok bool) {
	last := math.Inf(-1)
	for stage := 0; stage < splitMost && s.ctx.Err() == nil; stage++ {
		scores, late := make([]float64, 0, s.effort), 0
		for i := 0; i < s.effort && s.ctx.Err() == nil; i++ {
			s.begin(-1, stage, i)
			o, best := s.follow(nil)
			if o == passed {
				late++
			}
			scores = append(scores, best)
		}
		if stage == 0 {
			s.plain = late
		}
		if float64(late) >= splitKeep*float64(s.effort) {
			return levels, true
		}
		slices.Sort(scores)
		// scores lie on a lattice that drifts with t
		next := max(scores[int((1-splitKeep)*float64(len(scores)))], last+splitStep)
		last = next
		levels = append(levels, s.barrier(next))
		if s.stage(-2, stage, levels[stage]) == 0 {
			return levels[:stage], true
		}
	}
	return levels, false
}

// stage follows the paths of one stage to the next level, and keeps the states
// in which they reach it. It returns how many did.
func (s *splitter) stage(run, stage int, level barrier) int {
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
func (s *splitter) run(run int, levels []barrier) float64 {
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
		if o, _ := s.follow(nil); o == passed {
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
	first := newSplitter(ctx, p.lanes[0], within, o.Seed)
	levels, ok := first.place()
	if !ok && ctx.Err() == nil {
		return Rare{}, &UnsupportedError{l.Name(), fmt.Sprintf("draining later than %g s is too rare for splitting: %d levels, each reached by a fifth of the paths from the one before, do not lead there", within, splitMost)}
	}
	values := make(Outcomes, runs)
	o.Replications, o.Workers = runs, min(o.Workers, splitTeam)
	n := replicate(ctx, o, 0, runs, func() worker {
		p, _ := newPlan([]*queueing.Lane{l}, o.Seed) // has compiled before
		p.start(0)
		s := newSplitter(ctx, p.lanes[0], within, o.Seed)
		return func(i int) { values[i] = math.Log(s.run(i, levels)) }
	})
	r := rareOf(values[:n], float64(first.effort))
	r.Method, r.Reason = queueing.Splitting, why
	return r.byRuns(Proportion(first.plain, first.effort)), ctx.Err()
}
