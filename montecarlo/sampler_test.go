package montecarlo

import (
	"context"
	"errors"
	"testing"

	"singlelane/queueing"
)

// What is insisted on is taken where it is exact, and refused where it is not.
func TestMethodsCanBeInsistedOn(t *testing.T) {
	one := laneOf(t, queueing.Config{Backlog: 30, Service: queueing.Exponential{MeanTime: 0.5}, Servers: 1}, queueing.Steady{PerSecond: 1})
	four := laneOf(t, queueing.Config{Backlog: 30, Service: queueing.Gamma{MeanTime: 1, Shape: 2}, Servers: 4}, queueing.Steady{PerSecond: 1})
	lifo := laneOf(t, queueing.Config{Backlog: 30, Service: queueing.Exponential{MeanTime: 0.5}, Servers: 1,
		Mechanisms: queueing.Mechanisms{Discipline: queueing.LIFO}}, queueing.Steady{PerSecond: 1})
	for _, c := range []struct {
		lane   *queueing.Lane
		insist queueing.Method
		want   queueing.Method // "": refused
	}{
		{one, "", queueing.Leaps}, {one, queueing.Leaps, queueing.Leaps}, {one, queueing.Recursion, queueing.Recursion}, {one, queueing.Events, queueing.Events},
		{four, "", queueing.Recursion}, {four, queueing.Leaps, ""}, {four, queueing.Events, queueing.Events},
		{lifo, "", queueing.Events}, {lifo, queueing.Leaps, ""}, {lifo, queueing.Recursion, ""}, {lifo, queueing.Events, queueing.Events},
	} {
		s, err := Drains(context.Background(), []*queueing.Lane{c.lane}, Options{Replications: 20, Method: c.insist})
		var refused *UnsupportedError
		switch {
		case c.want == "" && !errors.As(err, &refused):
			t.Errorf("%q: %v, want it refused", c.insist, err)
		case c.want != "" && (err != nil || s.Method != c.want || s.Reason == ""):
			t.Errorf("%q: %+v, %v, want %s", c.insist, s, err, c.want)
		}
	}
	if _, err := Drains(context.Background(), []*queueing.Lane{one}, Options{Method: "guess"}); err == nil {
		t.Error("a method that does not exist is taken")
	}
	p, err := FollowPaths(context.Background(), []*queueing.Lane{one, lifo}, PathOptions{Options: Options{Replications: 20}})
	if err != nil || p.Method != queueing.Events || p.Reason != "event by event: discipline: lifo" {
		t.Errorf("followed by %s, %s, %v", p.Method, p.Reason, err)
	}
}

// Leaps, the recursion and events draw from one law: lane by lane against the
// events, which know least of what makes the others fast.
func TestEventsAgreeWithLeaps(t *testing.T) {
	exp := func(mean float64) queueing.Service { return queueing.Exponential{MeanTime: mean} }
	for name, l := range map[string]*queueing.Lane{
		"servers that join, pool": laneOf(t, queueing.Config{Backlog: 60, Service: exp(1), Servers: 2, DownFor: 10,
			ScaleOut: []queueing.Join{{After: 30, Servers: 2}}}, queueing.Steady{PerSecond: 1.5},
			queueing.Pool{Instances: 80, Requests: 1, Start: 20, Delay: queueing.ExponentialDelay{MeanDelay: 30}}),
		"idle, surge": laneOf(t, queueing.Config{Backlog: 20, Service: exp(0.5), Servers: 3, Target: idle},
			queueing.Steady{PerSecond: 2}, queueing.Surge{Initial: 6, Decay: 15}),
		"one server, lognormal": laneOf(t, queueing.Config{Backlog: 40, Service: queueing.Lognormal{MeanTime: 0.5, Variability: 3}, Servers: 1},
			queueing.Steady{PerSecond: 1}, queueing.Batch{Size: 25, At: 40}),
	} {
		t.Run(name, func(t *testing.T) {
			drawn := func(m queueing.Method, seed uint64) Outcomes {
				s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Seed: seed, Replications: reduced(4_000), Method: m})
				if err != nil {
					t.Fatal(err)
				}
				return s.Times()
			}
			checkSame(t, drawn(queueing.Leaps, 1), drawn(queueing.Events, 2))
			checkSame(t, drawn(queueing.Recursion, 3), drawn(queueing.Events, 4))
		})
	}
}
