package montecarlo

import (
	"context"
	"math"
	"testing"

	"singlelane/queueing"
)

// runEvents simulates the lane event by event, whatever it is.
func runEvents(t testing.TB, l *queueing.Lane, n int, see func(*record)) {
	t.Helper()
	p, err := newPlan([]*queueing.Lane{l}, 7)
	if err != nil {
		t.Fatal(err)
	}
	e := newEvents(context.Background(), p.lanes[0], defaultHorizon, nil)
	for r := range n {
		p.start(r)
		e.run(r)
		see(e.rec)
	}
}

// The event engine and the recursion draw the same services for the same
// requests, so a plain lane is the same to both, to the last bit.
func TestEventsRepeatTheRecursion(t *testing.T) {
	exp := func(mean float64) queueing.Service { return queueing.Exponential{MeanTime: mean} }
	for name, l := range map[string]*queueing.Lane{
		"surge": surge(t, exp(0.1), 1, idle),
		"servers that join": laneOf(t, queueing.Config{Backlog: 200, Service: exp(1), Servers: 2, DownFor: 30,
			ScaleOut: []queueing.Join{{After: 20, Servers: 1}, {After: 90, Servers: 3}}}, queueing.Steady{PerSecond: 1.5}),
		"twenty may wait": laneOf(t, queueing.Config{Backlog: 200, Service: queueing.Gamma{MeanTime: 1, Shape: 2}, Servers: 3, Target: queueing.Target{Waiting: 20}},
			queueing.Steady{PerSecond: 1.5}, queueing.Batch{Size: 100, At: 70}),
		"thirty servers, together": laneOf(t, queueing.Config{Backlog: 20, Service: exp(10), Servers: 30},
			queueing.Steady{PerSecond: 2}, queueing.Pool{Instances: 40, Requests: 5, Together: true, Start: 50, Held: true, Delay: queueing.UniformDelay{Window: 90}}),
		"first passage": laneOf(t, queueing.Config{Backlog: 5, Service: exp(1), Servers: 1, Target: queueing.Target{FirstPassage: true}},
			queueing.Steady{PerSecond: 0.3}, queueing.Batch{Size: 10, At: 30}),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := newPlan([]*queueing.Lane{l}, 7)
			if err != nil {
				t.Fatal(err)
			}
			f := newFCFS(context.Background(), p.lanes[0], defaultHorizon, true, nil)
			lean, brief := newFCFS(context.Background(), p.lanes[0], defaultHorizon, false, nil), newEvents(context.Background(), p.lanes[0], defaultHorizon, nil)
			brief.brief = true
			r, n := 0, 200
			if testing.Short() {
				n = 40
			}
			runEvents(t, l, n, func(got *record) {
				p.start(r)
				f.run(r)
				want := f.rec
				for name, e := range map[string]engine{"the recursion": lean, "counting events": brief} {
					if short := e.replicate(r); short.drain != want.drain || short.firstClear != want.firstClear {
						t.Fatalf("replication %d: drain %v, first clear %v; %s alone says %v, %v", r, want.drain, want.firstClear, name, short.drain, short.firstClear)
					}
				}
				if got.drain != want.drain || got.firstClear != want.firstClear || got.completed != want.completed || got.peak != want.peak {
					t.Fatalf("replication %d: drain %v, first clear %v, completed %v, peak %v; the recursion says %v, %v, %v, %v", r,
						got.drain, got.firstClear, got.completed, got.peak, want.drain, want.firstClear, want.completed, want.peak)
				}
				if near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*y }; !near(got.waited, want.waited) || !near(got.over, want.over) {
					t.Fatalf("replication %d: waited %v, over %v; the recursion says %v, %v", r, got.waited, got.over, want.waited, want.over)
				}
				for k, s := range p.lanes[0].streams {
					if g, w := got.streams[k], want.streams[k]; s.finite && (g.n != w.n || g.max != w.max || g.longest != w.longest || g.last != w.last || g.nearly != w.nearly) {
						t.Fatalf("replication %d, stream %q: %+v, the recursion says %+v", r, s.name, g, w)
					}
				}
				r++
			})
		})
	}
}

// Every request has exactly one fate, with all mechanisms at once.
func TestFatesAddUp(t *testing.T) {
	for name, m := range mechanismMixes() {
		t.Run(name, func(t *testing.T) {
			l := mixedLane(t, m)
			arrivals := false
			runEvents(t, l, 30, func(r *record) {
				for k, s := range r.streams {
					if left := s.left(); left < 0 || left > s.arrived {
						t.Fatalf("stream %d: %d left of %d: %+v", k, left, s.arrived, s)
					}
					if s.inTime > s.n || s.attempts < s.arrived {
						t.Fatalf("stream %d: %+v", k, s)
					}
					if s.most > 0 && r.verdict == Drained && r.drain < 1e4 && s.left() != 0 {
						t.Fatalf("stream %d ended with %d of %d left though the incident is over", k, s.left(), s.arrived)
					}
					arrivals = arrivals || s.arrived > 0
				}
			})
			if !arrivals {
				t.Error("nothing arrived")
			}
		})
	}
}

// mechanismMixes are combinations that exercise every mechanism.
func mechanismMixes() map[string]queueing.Mechanisms {
	retries := &queueing.Retries{Timeout: 5, MaxAttempts: 3, Backoff: 1, Jitter: queueing.FullJitter}
	drop := *retries
	drop.DropStale = true
	share, tokens := *retries, *retries
	share.Budget.Share = 0.1
	tokens.Budget = queueing.RetryBudget{Tokens: 20, Refill: 0.5}
	throttle := &queueing.Throttle{PerSecond: 3, Burst: 10, Streams: []string{"pool"}, MaxWaiting: 20}
	return map[string]queueing.Mechanisms{
		"retries":       {Retries: retries},
		"drop stale":    {Retries: &drop},
		"share":         {Retries: &share},
		"tokens":        {Retries: &tokens, Discipline: queueing.UrgentFirst},
		"limit":         {Retries: retries, Limited: true, QueueLimit: 15},
		"limit alone":   {Limited: true, QueueLimit: 0},
		"max age":       {Retries: retries, MaxAge: 4, Discipline: queueing.LIFO},
		"max age alone": {MaxAge: 3},
		"throttle":      {Throttle: throttle, Discipline: queueing.UrgentFirst},
		"all": {Retries: &drop, Limited: true, QueueLimit: 30, MaxAge: 4, Throttle: throttle, Discipline: queueing.UrgentFirst,
			SlowDown: &queueing.SlowDown{At: 20, Factor: 1.5}},
	}
}

func mixedLane(t testing.TB, m queueing.Mechanisms) *queueing.Lane {
	return laneWith(t, queueing.Config{Backlog: 20, Service: queueing.Exponential{MeanTime: 0.5}, Servers: 4, DownFor: 3, Mechanisms: m,
		ScaleOut: []queueing.Join{{After: 60, Servers: 1}}},
		queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 3}, Priority: 5, Retries: true},
		queueing.Stream{Name: "urgent", Source: queueing.Batch{Size: 10, At: 5}, Priority: 0},
		queueing.Stream{Name: "pool", Source: queueing.Pool{Instances: 100, Requests: 1, Start: 10, Delay: queueing.ExponentialDelay{MeanDelay: 20}}, Priority: 5, Retries: true})
}

// No allocation in the loop, once the buffers have grown.
func TestNoAllocationInTheLoops(t *testing.T) {
	for name, m := range mechanismMixes() {
		p, err := newPlan([]*queueing.Lane{mixedLane(t, m)}, 7)
		if err != nil {
			t.Fatal(err)
		}
		e := newEvents(context.Background(), p.lanes[0], 1e4, nil)
		for r := range 20 {
			e.run(r)
		}
		if n := testing.AllocsPerRun(10, func() { p.start(3); e.run(3) }); n > 0 {
			t.Errorf("%s: %v allocations a replication", name, n)
		}
	}
	p, err := newPlan([]*queueing.Lane{surge(t, queueing.Exponential{MeanTime: 0.8}, 8, idle)}, 7)
	if err != nil {
		t.Fatal(err)
	}
	leap, recursion := newLeaper(p.lanes[0], 1e5, nil), newFCFS(context.Background(), p.lanes[0], 1e5, true, []float64{10, 20})
	recursion.run(1)
	for name, run := range map[string]func(){"leaps": func() { leap.run(1) }, "recursion": func() { recursion.run(1) }} {
		if n := testing.AllocsPerRun(10, run); n > 0 {
			t.Errorf("%s: %v allocations a replication", name, n)
		}
	}
}
