package montecarlo

import (
	"context"
	"fmt"
	"math"
	"slices"

	"singlelane/queueing"
)

// maxRequests bounds the requests of one replication that is simulated one
// by one, 8 bytes each in memory at the worst.
const maxRequests = 500_000_000

// Drains simulates the drain time of a region: that of its latest lane. Each
// lane is drawn by leaps where they are exact, else by the recursion of
// Kiefer and Wolfowitz. On cancellation it returns what was finished together
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
	s := &Sample{}
	if s.Method, s.Reason, err = choose(lanes); err != nil {
		return nil, err
	}
	lulls := make([]*lull, len(lanes))
	for i, lp := range p.lanes {
		lulls[i] = findLull(lp)
	}
	r := &runner{ctx: ctx, lanes: lanes, lulls: lulls, o: o}
	for r.extend(o.Replications) && o.Precision.Relative > 0 {
		now := o.Precision.reached(o.Precision.of(r.times))
		if now <= o.Precision.Relative || len(r.times) >= o.Precision.Most {
			break
		}
		o.Replications = o.Precision.more(len(r.times), now)
	}
	s.Times, s.Precision = r.times, o.Precision.verdict(r.times)
	for _, v := range r.verdicts {
		s.Verdicts.count(v)
	}
	slices.Sort(s.Times)
	return s, ctx.Err()
}

// runner draws more and more drain times of a region.
type runner struct {
	ctx      context.Context
	lanes    []*queueing.Lane
	lulls    []*lull
	o        Options
	times    Outcomes
	verdicts []Verdict
}

// extend goes on to n replications, and tells whether it came so far.
func (r *runner) extend(n int) bool {
	first := len(r.times)
	r.times = append(r.times, make(Outcomes, n-first)...)
	r.verdicts = append(r.verdicts, make([]Verdict, n-first)...)
	done := replicate(r.ctx, r.o, first, n, func() worker {
		return drainWorker(r.ctx, r.lanes, r.lulls, r.o, r.times, r.verdicts)
	})
	r.times, r.verdicts = r.times[:first+done], r.verdicts[:first+done]
	return first+done == n
}

// choose is the slowest method that a lane of the region needs.
func choose(lanes []*queueing.Lane) (queueing.Method, string, error) {
	if len(lanes) == 0 {
		return "", "", &OptionError{"lanes", 0, "at least one"}
	}
	method, reason := queueing.Leaps, "leaps are exact for every lane"
	for i, l := range lanes {
		ok, why := leapable(l)
		if ok {
			continue
		}
		if n := atHand(l); n > maxRequests {
			return "", "", &UnsupportedError{l.Name(), fmt.Sprintf("%.3g requests are too many to simulate one by one", n)}
		}
		switch {
		case !l.Plain():
			method, reason = queueing.Events, mechanism(lanes)
		case method == queueing.Leaps:
			method, reason = queueing.Recursion, fmt.Sprintf("no leaps: %s in lane %d", why, i+1)
		}
	}
	return method, reason, nil
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

// drainWorker compiles the region for one goroutine.
func drainWorker(ctx context.Context, lanes []*queueing.Lane, lulls []*lull, o Options, times Outcomes, verdicts []Verdict) worker {
	p, _ := newPlan(lanes, o.Seed) // has compiled before
	draw := make([]func(int) (float64, Verdict), len(lanes))
	for i, lp := range p.lanes {
		draw[i] = drainer(ctx, lp, lulls[i], o.Horizon)
	}
	return func(replication int) {
		p.start(replication)
		latest, worst := 0.0, Drained
		for _, f := range draw {
			t, v := f(replication)
			latest, worst = max(latest, t), max(worst, v)
		}
		times[replication], verdicts[replication] = latest, worst
	}
}

// drainer draws the drain times of one lane in the fastest way.
func drainer(ctx context.Context, lp *lanePlan, quiet *lull, horizon float64) func(int) (float64, Verdict) {
	if ok, _ := leapable(lp.lane); ok {
		e := newLeaper(lp, horizon, quiet)
		undrained := Draining
		if !lp.lane.Sustains() {
			undrained = Stuck
		}
		return func(replication int) (float64, Verdict) {
			t := e.run(replication)
			if math.IsInf(t, 1) {
				return t, undrained
			}
			return t, Drained
		}
	}
	var e engine
	if lp.lane.Plain() {
		e = newFCFS(ctx, lp, horizon, false, nil)
	} else {
		brief := newEvents(ctx, lp, horizon, nil)
		brief.brief = true
		e = brief
	}
	return func(replication int) (float64, Verdict) {
		r := e.replicate(replication)
		return r.drain, r.verdict
	}
}
