package montecarlo

import (
	"context"

	"singlelane/queueing"
)

// Request is one request's passage through a lane, in s.
type Request struct{ Arrival, Start, End float64 }

// Log follows one replication of a lane that serves in order of arrival and
// gives every request that arrives by the horizon, in order of arrival: what a
// lane of that kind would have written down. The replication is number 0 of
// the seed; Replications and Workers mean nothing here.
func Log(ctx context.Context, l *queueing.Lane, o Options) ([]Request, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if !l.Plain() {
		return nil, &UnsupportedError{l.Name(), "a log needs a lane that serves in order of arrival and nothing else"}
	}
	p, err := newPlan([]*queueing.Lane{l}, o.Seed)
	if err != nil {
		return nil, err
	}
	if n := atHand(l); n > maxRequests {
		return nil, &UnsupportedError{l.Name(), "too many requests to log one by one"}
	}
	var all []Request
	p.start(0)
	e := newFCFS(ctx, p.lanes[0], o.Horizon, true, []float64{o.Horizon}) // the grid keeps it going
	e.log = func(arrival, start, end float64) { all = append(all, Request{arrival, start, end}) }
	e.run(0)
	return all, ctx.Err()
}
