package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Options say how to answer. The zero value works.
type Options struct {
	Seed         uint64
	Replications int              // drain times simulated for each design; 0: 10,000
	Workers      int              // 0: one a processor; answers do not depend on it
	Method       Method           // "": Auto
	Curves       bool             // whether to record what charts show
	AllDrawn     bool             // whether Replications was asked for by number: storms that theory expects nothing of are drawn too
	Paired       bool             // whether to keep drain times by replication, as Result.Between needs
	Ledger       Ledger           // nil: nothing is kept
	Precision    Precision        // of the drain times that are simulated
	Requests     float64          // bound on those in all storms drawn request by request, for which Evaluate lowers Replications; 0: none
	Tornado      bool             // Sense moves each input alone and draws nothing
	Draws        int              // of the inputs, for Sense; 0: as many as a good precision takes, within bounds
	comparing    bool             // drain times are kept by replication
	spans        spans            // where a design that is asked quickly keeps its storms
	solved       *solutions       // what theory has answered already; nil: nothing is kept
	shared       *queueing.Shared // what laws by theory have in common; nil: each is found by itself
	counted      *counted         // answers of a study whose number is found on the way; nil: not counted
	coarse       bool             // laws by theory may be off by sharpError, for studies that ask for many
	rough        bool             // theory may be approximate, where what is not known matters far more
	standing     *Objective       // draws of inputs go on until it is told whether this is kept; nil: not

	// Progress, if set, hears how much of all simulated storms is done.
	Progress func(done, total int)
}

const (
	defaultReplications = 10_000
	// followed is how many storms are followed event by event for peaks,
	// waits and bands; followedRequests bounds the requests in all of them,
	// and leastFollowed storms are followed whatever their size.
	followed         = 400
	leastFollowed    = 10
	followedRequests = 1e8
	// followedShare of Options.Requests may be in the storms of one design that
	// are followed.
	followedShare = 10
	// leastDrawn drain times are drawn whatever Options.Requests allows, and
	// leastChances over the risk allowed: the interval of no breach in n storms
	// ends at 3.7/n.
	leastDrawn   = 500
	leastChances = 5
)

// Evaluate answers the case, design by design. When ctx ends it returns what
// was finished by then together with its error, nil if that is nothing. It returns an error wrapping
// *UnsupportedError or *MethodError where a design is not covered, before any
// simulation.
func Evaluate(ctx context.Context, c Case, o Options) (*Result, error) {
	o.Method = o.Method.orAuto()
	if o.Replications == 0 {
		o.Replications = defaultReplications
	}
	if !slices.Contains(Methods(), string(o.Method)) {
		return nil, &MethodError{"", o.Method, "there is no such method"}
	}
	if err := supported(c.Designs); err != nil {
		return nil, err
	}
	_, follow := o.amounts()
	r := &Result{Name: c.Name, Objective: c.Objective, Seed: o.Seed, Warnings: c.Warnings,
		Replications: o.Replications, Paths: follow}
	if err := r.byTheory(ctx, c, o); err != nil {
		return nil, stopped(err, "no design was answered yet")
	}
	if err := r.bySimulation(ctx, c, o); err != nil {
		if errors.Is(err, context.Canceled) && !o.sharing() {
			done := r.interrupted(c)
			if broken := done.guarded(); broken != nil {
				return nil, broken
			}
			return done, stopped(err, r.finished(done))
		}
		return nil, err
	}
	tests := 0
	for i := range r.Designs {
		tests += r.Designs[i].comparisons()
	}
	for i := range r.Designs {
		r.Designs[i].conclude(c.Objective, tests)
	}
	for i, d := range c.Designs {
		if err := r.Designs[i].yearly(ctx, d, c, o); err != nil {
			return nil, fmt.Errorf("design %q: %w", d.Name, err)
		}
	}
	return r, r.guarded()
}

// byTheory fills in all that needs no random numbers, several designs at a
// time.
func (r *Result) byTheory(ctx context.Context, c Case, o Options) error {
	r.Designs = make([]Answer, len(c.Designs))
	errs := make([]error, len(c.Designs))
	err := inParallel(ctx, len(c.Designs), o.Workers, func(i int) error {
		d := c.Designs[i]
		a := Answer{Name: d.Name, Lanes: len(d.Lanes), LaneKind: d.LaneKind, Lost: d.Lost,
			PoolRequests: d.PoolRequests, Stability: d.Stability, Warnings: d.Warnings}
		a.setStatus(d)
		if a.Status == Drains && !o.sharing() { // theory is for whoever puts the parts together
			errs[i] = a.solve(ctx, d, c.Objective, o)
		}
		r.Designs[i] = a
		return nil
	})
	return errors.Join(append(errs, err)...)
}

// solve finds the law of the drain time by theory.
func (a *Answer) solve(ctx context.Context, d Design, objective Objective, o Options) error {
	m := o.Method
	named, ask := m.theory()
	if !ask {
		return nil
	}
	law, binds, err := o.solved.drain(d.Lanes, queueing.SolveOptions{Method: named, Tolerance: o.tolerance(), PoissonPools: o.rough && m != Exact, Context: ctx, Shared: o.shared})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && m.mustCover():
		return &MethodError{d.Name, m, err.Error()}
	case err != nil:
		a.Drain = &Law{Quality: queueing.Simulated, Reason: "simulated, since " + reason(err)}
		return nil
	case m == Exact && law.Quality != queueing.Exact:
		return &MethodError{d.Name, m, law.Reason}
	}
	a.BindingLane = d.Lanes[binds].Name()
	a.Drain = theoryLaw(law, objective)
	a.Warnings = append(a.Warnings, law.Warnings...)
	a.AtOverloadEnd = atomAt(law, a.OverloadEnds)
	return nil
}

// bySimulation draws the drain times of every design that drains, then
// follows storms over the time that all of them need.
func (r *Result) bySimulation(ctx context.Context, c Case, o Options) error {
	work := &meter{report: o.Progress}
	grid, byEvents, err := r.grid(ctx, c, o)
	if err != nil {
		return err
	}
	o.Replications = o.bounded(byEvents, c.Objective)
	draw, most := o.amounts()
	r.Replications, r.Paths = draw, most
	draws, follow := make([]int, len(c.Designs)), make([]int, len(c.Designs))
	for i := range r.Designs {
		if a := &r.Designs[i]; a.Status == Drains {
			draws[i] = a.worthDrawing(draw, c.Horizon, o)
			follow[i] = affordable(min(most, draws[i]), a.requests(c.Designs[i], c.Objective), o.Requests/followedShare)
			r.Paths = min(r.Paths, follow[i])
			work.total += draws[i] + follow[i]
		}
	}
	position := 0
	kept := func(n int, d Design) montecarlo.Options {
		m := o.options(n, c.Horizon, work)
		m.Memory = o.memory(&position, "design/"+d.Name, false)
		return m
	}
	steps := []func(int, Design) error{
		func(i int, d Design) error { return r.Designs[i].draw(ctx, d, c, kept(draws[i], d), o) },
		func(i int, d Design) error {
			return r.Designs[i].follow(ctx, d, c, montecarlo.PathOptions{Options: kept(follow[i], d), Grid: grid}, o)
		},
	}
	elsewhere := false
	for _, step := range steps {
		for i, d := range c.Designs {
			if r.Designs[i].Status != Drains {
				continue
			}
			switch err := step(i, d); {
			case isElsewhere(err):
				elsewhere = true
			case err != nil:
				return fmt.Errorf("design %q: %w", d.Name, err)
			}
		}
	}
	if elsewhere {
		return ErrElsewhere
	}
	return nil
}

// tolerance of laws by theory, 0 for the usual one.
func (o Options) tolerance() float64 {
	switch {
	case o.Method == Exact:
	case o.rough:
		return 1e-4
	case o.coarse:
		return 1e-5
	}
	return 0
}

// requests is about how many requests one storm brings until the objective,
// or half as long again as the overload lasts, is over.
func (a *Answer) requests(d Design, objective Objective) float64 {
	return offered(d.Lanes, math.Max(objective.Within, 1.5*a.OverloadEnds))
}

// offered is how many requests come to the lanes until end, in s.
func offered(lanes []*queueing.Lane, end float64) float64 {
	sum := 0.0
	for _, l := range lanes {
		sum += l.Initial().Mean() + l.Arrivals().Mean(0, end)
	}
	return sum
}

// affordable is how many storms of that many requests are followed: fewer of
// large ones, whose outcomes differ less from each other.
// within is a bound on their requests, 0 for followedRequests.
func affordable(most int, requests, within float64) int {
	if within == 0 {
		within = followedRequests
	}
	return min(most, max(leastFollowed, int(math.Min(math.Min(within, followedRequests)/math.Max(requests, 1), followed))))
}

// bounded is how many drain times to draw of each design where a storm of all
// those drawn request by request brings so many. It never goes below what tells
// a design that always drains from one of the risk allowed.
func (o Options) bounded(requests float64, objective Objective) int {
	if o.Requests == 0 || requests == 0 || o.Precision.Relative != 0 {
		return o.Replications
	}
	least := max(leastDrawn, int(math.Ceil(leastChances/objective.Risk())))
	return min(o.Replications, max(least, int(o.Requests/requests)))
}

// amounts are how many drain times to draw and how many storms to follow.
func (o Options) amounts() (draw, follow int) {
	return o.Replications, min(followed, o.Replications)
}

// meter adds up the progress of several simulations.
type meter struct {
	done, total int
	report      func(done, total int)
}

// next is what a simulation of n replications reports to.
func (m *meter) next(n int) func(done, total int) {
	before := m.done
	m.done += n
	if m.report == nil {
		return nil
	}
	return func(done, _ int) { m.report(before+done, m.total) }
}

// options for a simulation of n replications.
func (o Options) options(n int, horizon float64, work *meter) montecarlo.Options {
	return montecarlo.Options{Method: o.Method.simulation(), Seed: o.Seed, Replications: n, Workers: o.Workers, Horizon: horizon, Paired: o.comparing || o.Paired, Progress: work.next(n)}
}
