package montecarlo

import (
	"context"
	"errors"
	"math"
	"slices"

	"singlelane/queueing"
)

// maxRequests bounds the requests of one replication that is simulated one
// by one, 8 bytes each in memory at the worst.
const maxRequests = 500_000_000

// Drains simulates the drain time of a region: that of its latest lane. Each
// lane is drawn by leaps where they are exact, else by the recursion of
// Kiefer and Wolfowitz, else event by event. On cancellation it returns what was finished together
// with the context's error.
func Drains(ctx context.Context, lanes []*queueing.Lane, o Options) (*Sample, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	p, err := newPlan(lanes, o.Seed)
	if err != nil {
		return nil, err
	}
	s := &Sample{Horizon: o.Horizon}
	if s.Method, s.Reason, err = choose(lanes, o.Method); err != nil {
		return nil, err
	}
	r := &runner{ctx: ctx, lanes: lanes, plan: p, o: o}
	r.peaked, s.PeakReason = peaksOf(lanes, o)
	o.Precision = o.Precision.By(s.Method)
	for r.extend(o.Replications) && o.Precision.Relative > 0 {
		if o.Replications = o.Precision.More(o.Precision.of(r.times)); o.Replications == len(r.times) {
			break
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	s.Precision = o.Precision.verdict(r.times)
	s.Verdicts = r.verdicts.tally(len(r.times))
	if o.Paired {
		s.Paired = slices.Clone(r.times)
	}
	if r.pile == nil {
		r.pile = newPile(r.times)
	}
	s.times, s.workers = r.pile, o.Workers
	s.times.cut(len(r.times))
	if r.peaked {
		s.Peaks = r.peaks
		ascend(s.Peaks, o.Workers)
	}
	return s, ctx.Err()
}

// runner draws more and more drain times of a region.
type runner struct {
	ctx      context.Context
	lanes    []*queueing.Lane
	plan     *plan
	lulls    []*lull // nil while nothing had to be drawn
	o        Options
	peaked   bool
	times    Outcomes
	pile     *pile // of times where they may be sorted while others are drawn; else nil
	peaks    Outcomes
	verdicts verdictList
	err      error // of the memory
	faults   faults
}

// extend goes on to n replications, and tells whether it came so far.
func (r *runner) extend(n int) bool {
	first := len(r.times)
	r.o.Replications = n
	r.times, r.verdicts = lengthened(r.times, n), r.verdicts.lengthened(n)
	if r.o.Memory == nil && !r.o.Paired && r.o.Precision.Relative == 0 {
		r.pile = newPile(r.times)
		r.o.filled = r.pile.filled
	}
	if r.peaked {
		r.peaks = lengthened(r.peaks, n)
	}
	done, crew := 0, &staff{make: r.worker}
	done, r.err = inSpans(r.o.Memory, drainsKind, first, n, func(first, last int) int {
		defer crew.rest()
		r.findLulls()
		return replicate(r.ctx, r.o, first, last, crew.hire)
	}, r.writeSpan, r.readSpan)
	r.times = r.times[:first+done]
	if r.peaked {
		r.peaks = r.peaks[:first+done]
	}
	r.err = errors.Join(r.err, r.faults.err)
	return first+done == n && r.err == nil
}

// findLulls looks for what spares time in every replication. It is not asked
// where a memory holds all of them.
func (r *runner) findLulls() {
	if r.lulls != nil {
		return
	}
	r.lulls = make([]*lull, len(r.lanes))
	if r.peaked {
		return
	}
	for i, lp := range r.plan.lanes {
		r.lulls[i] = findLull(lp)
	}
}

// lengthened is a copy of n values. Unlike append it does not touch memory that
// is zero already, of which there may be hundreds of megabytes.
func lengthened[S ~[]E, E any](v S, n int) S {
	long := make(S, n)
	if len(v) > 0 { // together the compiler would clear the rest by hand
		copy(long, v)
	}
	return long
}

// peaksOf tells whether peaks are asked for and can be had.
func peaksOf(lanes []*queueing.Lane, o Options) (ok bool, reason string) {
	if !o.Peaks {
		return false, ""
	}
	if o.Method == queueing.Recursion || o.Method == queueing.Events {
		return false, "requests are not followed for drain times alone"
	}
	for _, l := range lanes {
		if ok, reason := peakable(l); !ok {
			return false, reason
		}
	}
	return true, ""
}

// atHand is the number of requests that a lane must handle in any case.
func atHand(l *queueing.Lane) float64 {
	n := float64(l.Config().Backlog)
	for _, s := range l.Arrivals().Streams() {
		if s.Source.LongRun() == 0 {
			n += s.Source.Flow(0, 1e300)
			for _, j := range s.Source.Jumps() {
				n += j.Size.Mean()
			}
		}
	}
	return n
}

// worker compiles the region for one goroutine.
func (r *runner) worker() worker {
	p, _ := newPlan(r.lanes, r.o.Seed) // has compiled before
	draw := make([]drawn, len(r.lanes))
	for i, lp := range p.lanes {
		draw[i] = drainer(r.ctx, lp, r.lulls[i], r.o, r.peaked)
	}
	return func(replication int) {
		p.start(replication)
		latest, highest, worst := 0.0, 0, Drained
		for _, f := range draw {
			t, peak, v, err := f(replication)
			r.faults.note(replication, err)
			latest, highest, worst = max(latest, t), max(highest, peak), max(worst, v)
		}
		r.times[replication] = latest
		r.verdicts.set(replication, worst)
		if r.peaked {
			r.peaks[replication] = float64(highest)
		}
	}
}

// drawn is one lane's drain time in s, its peak where wanted, its verdict, and what
// was wrong with the simulation.
type drawn func(replication int) (t float64, peak int, v Verdict, err error)

// drainer draws the drain times of one lane by what samplerOf says.
func drainer(ctx context.Context, lp *lanePlan, quiet *lull, o Options, peaked bool) drawn {
	var e engine
	switch m, _, _ := samplerOf(lp.lane, o.Method); m { // has been chosen before
	case queueing.Leaps:
		return leapDrainer(lp, quiet, o.Horizon, peaked)
	case queueing.Recursion:
		e = newFCFS(ctx, lp, o.Horizon, false, nil)
	default:
		brief := newEvents(ctx, lp, o.Horizon, nil)
		brief.brief = true
		e = brief
	}
	return func(replication int) (float64, int, Verdict, error) {
		r := e.replicate(replication)
		return r.drain, 0, r.verdict, r.fault
	}
}

func leapDrainer(lp *lanePlan, quiet *lull, horizon float64, peaked bool) drawn {
	e := newLeaper(lp, horizon, quiet)
	if peaked {
		e.peaks = newPeaks(lp)
	}
	undrained := Draining
	if !lp.lane.Sustains() {
		undrained = Stuck
	}
	return func(replication int) (float64, int, Verdict, error) {
		t, v, most := e.run(replication), Drained, 0
		if math.IsInf(t, 1) {
			v = undrained
		}
		if peaked {
			most = e.peaks.most
		}
		return t, most, v, nil
	}
}
