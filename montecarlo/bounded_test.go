package montecarlo

import (
	"context"
	"errors"
	"testing"

	"singlelane/queueing"
)

// Whatever the retries, a replication ends: backoffs that double fifty times
// would have the watch for a verdict last for ages.
func TestEndlessBackoffsEnd(t *testing.T) {
	l := storming(t, 40, 8000, fast, 1, queueing.Retries{Timeout: 5, MaxAttempts: 50, Backoff: 60}, queueing.Mechanisms{})
	s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Replications: 2, Horizon: 200})
	if err != nil || s.Verdicts.N() != 2 || s.Verdicts.Drained > 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// More than fits into memory is refused where it is known, and an error where
// it turns up, never a number.
func TestTooManyInTheLane(t *testing.T) {
	urgent := queueing.Mechanisms{Discipline: queueing.UrgentFirst}
	at := laneOf(t, queueing.Config{Backlog: 2 * maxInLane, Service: fast, Servers: 1, Mechanisms: urgent}, queueing.Steady{PerSecond: 1})
	for _, follow := range []bool{false, true} {
		var err error
		if follow {
			_, err = FollowPaths(context.Background(), []*queueing.Lane{at}, PathOptions{Options: Options{Replications: 1}})
		} else {
			_, err = Drains(context.Background(), []*queueing.Lane{at}, Options{Replications: 1})
		}
		var refused *UnsupportedError
		if !errors.As(err, &refused) {
			t.Errorf("%v, want it refused", err)
		}
	}
	l := laneOf(t, queueing.Config{Service: fast, Servers: 1, DownFor: 1000, Mechanisms: urgent}, queueing.Steady{PerSecond: 50})
	p, err := newPlan([]*queueing.Lane{l}, 1)
	if err != nil {
		t.Fatal(err)
	}
	e := newEvents(context.Background(), p.lanes[0], 2000, nil)
	e.start(0)
	e.slots.used = maxInLane + 1
	if !e.hopeless() {
		t.Fatal("a full memory is no reason to end")
	}
	e.finish()
	var full *UnsupportedError
	if !errors.As(e.rec.fault, &full) {
		t.Errorf("%v, want an error that says what does not fit", e.rec.fault)
	}
}

// A throttle that lets through less than comes to it never drains.
func TestThrottleBelowItsStream(t *testing.T) {
	l := laneOf(t, queueing.Config{Service: fast, Servers: 1,
		Mechanisms: queueing.Mechanisms{Throttle: &queueing.Throttle{PerSecond: 1, Burst: 1, Streams: []string{"a"}}}}, queueing.Steady{PerSecond: 4})
	if rate, limit := queueing.Throttled(l); rate != 4 || limit != 1 {
		t.Errorf("throttled %g/s to %g/s, want 4 to 1", rate, limit)
	}
	s, err := Drains(context.Background(), []*queueing.Lane{laneOf(t, queueing.Config{Backlog: 50, Service: fast, Servers: 1, Mechanisms: l.Config().Mechanisms},
		queueing.Steady{PerSecond: 4}, queueing.Batch{Size: 1, At: 500})}, Options{Replications: 3, Horizon: 1000})
	if err != nil || s.Verdicts.Stuck != 3 {
		t.Errorf("%+v, %v, want three that are stuck", s.Verdicts, err)
	}
}

// The trap changes no verdict: storms near the tipping point that are followed
// to the horizon end as those that are given up in it, with fewer events.
func TestTrapChangesNoVerdict(t *testing.T) {
	slow := laneOf(t, queueing.Config{Backlog: 500, Service: fast, Servers: 1,
		Mechanisms: queueing.Mechanisms{Discipline: queueing.LIFO, SlowDown: &queueing.SlowDown{At: 1000, Factor: 3}}}, queueing.Steady{PerSecond: 50})
	retry := storming(t, 40, 900, fast, 1, queueing.Retries{Timeout: 5, MaxAttempts: 3}, queueing.Mechanisms{})
	storms := 20
	if testing.Short() {
		storms = 8
	}
	for name, l := range map[string]*queueing.Lane{"slow-down": slow, "retries": retry} {
		p, err := newPlan([]*queueing.Lane{l}, 3)
		if err != nil {
			t.Fatal(err)
		}
		trapped, whole := newEvents(context.Background(), p.lanes[0], 1000, nil), newEvents(context.Background(), p.lanes[0], 1000, nil)
		trapped.brief, whole.brief = true, true
		whole.verdict.trap = trap{}
		stuck, fewer := 0, 0
		for r := range storms {
			got, want := trapped.replicate(r), whole.replicate(r)
			if got.verdict != want.verdict || got.drain != want.drain {
				t.Errorf("%s: replication %d is %v at %g s, followed to the horizon %v at %g s", name, r, got.verdict, got.drain, want.verdict, want.drain)
			}
			if want.verdict == Stuck {
				stuck++
			}
			if got.events < want.events {
				fewer++
			}
		}
		if stuck == 0 || stuck == storms || fewer != stuck {
			t.Errorf("%s: %d of %d storms stuck, %d given up", name, stuck, storms, fewer)
		}
	}
}

// A slow-down that all but stops the service is told within a few events.
func TestServiceThatAllButStops(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 900, Service: fast, Servers: 1,
		Mechanisms: queueing.Mechanisms{SlowDown: &queueing.SlowDown{At: 10, Factor: 1e6}}}, queueing.Steady{PerSecond: 40})
	p, err := newPlan([]*queueing.Lane{l}, 1)
	if err != nil {
		t.Fatal(err)
	}
	e := newEvents(context.Background(), p.lanes[0], defaultHorizon, nil)
	e.brief = true
	if r := e.replicate(0); r.verdict != Stuck || r.events > 100_000 {
		t.Errorf("%v after %d events", r.verdict, r.events)
	}
}
