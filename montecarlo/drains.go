package montecarlo

import (
	"context"
	"errors"
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
	r := &runner{ctx: ctx, lanes: lanes, o: o, lulls: make([]*lull, len(lanes))}
	if r.peaked, s.PeakReason = peaksOf(lanes, o); !r.peaked {
		for i, lp := range p.lanes {
			r.lulls[i] = findLull(lp)
		}
	}
	for r.extend(o.Replications) && o.Precision.Relative > 0 {
		now := o.Precision.reached(o.Precision.of(r.times))
		if now <= o.Precision.Relative || len(r.times) >= o.Precision.Most {
			break
		}
		o.Replications = o.Precision.more(len(r.times), now)
	}
	if r.err != nil {
		return nil, r.err
	}
	s.Times, s.Precision = r.times, o.Precision.verdict(r.times)
	for _, v := range r.verdicts {
		s.Verdicts.count(v)
	}
	if o.Paired {
		s.Paired = slices.Clone(s.Times)
	}
	slices.Sort(s.Times)
	if r.peaked {
		s.Peaks = r.peaks
		slices.Sort(s.Peaks)
	}
	return s, ctx.Err()
}

// runner draws more and more drain times of a region.
type runner struct {
	ctx      context.Context
	lanes    []*queueing.Lane
	lulls    []*lull
	o        Options
	peaked   bool
	times    Outcomes
	peaks    Outcomes
	verdicts []Verdict
	err      error // of the memory
	faults   faults
}

// extend goes on to n replications, and tells whether it came so far.
func (r *runner) extend(n int) bool {
	first := len(r.times)
	r.o.Replications = n
	r.times = append(r.times, make(Outcomes, n-first)...)
	r.verdicts = append(r.verdicts, make([]Verdict, n-first)...)
	if r.peaked {
		r.peaks = append(r.peaks, make(Outcomes, n-first)...)
	}
	done := 0
	done, r.err = inSpans(r.o.Memory, drainsKind, first, n, func(first, last int) int {
		return replicate(r.ctx, r.o, first, last, r.worker)
	}, r.writeSpan, r.readSpan)
	r.times, r.verdicts = r.times[:first+done], r.verdicts[:first+done]
	if r.peaked {
		r.peaks = r.peaks[:first+done]
	}
	r.err = errors.Join(r.err, r.faults.err)
	return first+done == n && r.err == nil
}

// peaksOf tells whether peaks are asked for and can be had.
func peaksOf(lanes []*queueing.Lane, o Options) (ok bool, reason string) {
	if !o.Peaks {
		return false, ""
	}
	for _, l := range lanes {
		if ok, reason := peakable(l); !ok {
			return false, reason
		}
	}
	return true, ""
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

// worker compiles the region for one goroutine.
func (r *runner) worker() worker {
	p, _ := newPlan(r.lanes, r.o.Seed) // has compiled before
	draw := make([]drawn, len(r.lanes))
	for i, lp := range p.lanes {
		draw[i] = drainer(r.ctx, lp, r.lulls[i], r.o.Horizon, r.peaked)
	}
	return func(replication int) {
		p.start(replication)
		latest, highest, worst := 0.0, 0, Drained
		for _, f := range draw {
			t, peak, v, err := f(replication)
			r.faults.note(replication, err)
			latest, highest, worst = max(latest, t), max(highest, peak), max(worst, v)
		}
		r.times[replication], r.verdicts[replication] = latest, worst
		if r.peaked {
			r.peaks[replication] = float64(highest)
		}
	}
}

// drawn is one lane's drain time in s, its peak where wanted, its verdict, and what
// was wrong with the simulation.
type drawn func(replication int) (t float64, peak int, v Verdict, err error)

// drainer draws the drain times of one lane in the fastest way.
func drainer(ctx context.Context, lp *lanePlan, quiet *lull, horizon float64, peaked bool) drawn {
	if ok, _ := leapable(lp.lane); ok {
		return leapDrainer(lp, quiet, horizon, peaked)
	}
	var e engine
	if lp.lane.Plain() {
		e = newFCFS(ctx, lp, horizon, false, nil)
	} else {
		brief := newEvents(ctx, lp, horizon, nil)
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
