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
	times := make(Outcomes, o.Replications)
	n := replicate(ctx, o, 0, o.Replications, func() worker {
		return drainWorker(ctx, lanes, lulls, o, times)
	})
	s.Times = times[:n]
	slices.Sort(s.Times)
	return s, ctx.Err()
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
		if method == queueing.Leaps {
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
func drainWorker(ctx context.Context, lanes []*queueing.Lane, lulls []*lull, o Options, times Outcomes) worker {
	p, _ := newPlan(lanes, o.Seed) // has compiled before
	draw := make([]func(int) float64, len(lanes))
	for i, lp := range p.lanes {
		if ok, _ := leapable(lp.lane); ok {
			draw[i] = newLeaper(lp, o.Horizon, lulls[i]).run
			continue
		}
		e := newFCFS(ctx, lp, o.Horizon, false, nil)
		draw[i] = func(replication int) float64 {
			e.run(replication)
			return e.rec.drain
		}
	}
	return func(replication int) {
		p.start(replication)
		latest := 0.0
		for _, f := range draw {
			latest = max(latest, f(replication))
			if math.IsInf(latest, 1) {
				break
			}
		}
		times[replication] = latest
	}
}
