package queueing

import (
	"strings"
	"testing"
)

// How many wait does not depend on who is served first, nor on who is held back while
// others wait.
func TestOrderOfServiceDoesNotMatter(t *testing.T) {
	for _, c := range []struct {
		service Service
		servers int
		target  Target
	}{
		{Exponential{1}, 3, Target{Waiting: 1}},
		{Exponential{1}, 3, Target{Idle: true}},
		{Gamma{.4, 2}, 1, Target{}},
		{Deterministic{.25}, 1, Target{}},
	} {
		config := Config{Servers: c.servers, Service: c.service, Backlog: 30, Target: c.target,
			Arrivals: arrivalsOf(t, Steady{1.5}, Pool{Instances: 120, Requests: 1, Delay: ExponentialDelay{20}})}
		want, err := SolveDrain(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for name, m := range map[string]Mechanisms{
			"lifo":     {Discipline: LIFO},
			"urgent":   {Discipline: UrgentFirst},
			"throttle": {Throttle: &Throttle{MaxWaiting: 1}, Discipline: LIFO},
		} {
			config.Mechanisms = m
			got, err := SolveDrain(laneOf(t, config), SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Quality != Exact || got.Mean() != want.Mean() || got.CDF(want.Mean()) != want.CDF(want.Mean()) {
				t.Errorf("%s, %v: mean %g (%s), want %g", name, c.service, got.Mean(), got.Quality, want.Mean())
			}
			if !strings.Contains(got.Reason, "order of service") {
				t.Errorf("%s: the reason does not say why: %s", name, got.Reason)
			}
		}
		for name, m := range map[string]Mechanisms{
			"tokens":     {Throttle: &Throttle{PerSecond: 3, MaxWaiting: 1}},
			"age":        {Discipline: LIFO, MaxAge: 5},
			"with limit": {Limited: true, QueueLimit: 500, Throttle: &Throttle{MaxWaiting: 1}},
			"in order":   {Limited: true, QueueLimit: 500},
		} {
			config.Mechanisms = m
			if _, reordered := laneOf(t, config).inOrder(); reordered {
				t.Errorf("%s is taken for a lane in another order", name)
			}
		}
		config.Mechanisms = Mechanisms{Discipline: LIFO, SlowDown: &SlowDown{At: 5, Factor: 1.1}, Limited: true, QueueLimit: 9}
		if l, reordered := laneOf(t, config).inOrder(); !reordered || l.cfg.Mechanisms.Discipline != FIFO {
			t.Error("the latest first who slow a server down are not taken for others")
		}
	}
}
