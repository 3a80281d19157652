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
