package queueing

import (
	"context"
	"errors"
	"testing"
	"time"
)

// countdown is a context that ends by itself after so many looks at it, so
// that a test need not wait.
type countdown struct {
	context.Context
	looks *int
}

func (c countdown) Err() error {
	if *c.looks--; *c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// Every solver that can take long looks at its context again and again, so
// that it ends in the middle of its work and with the context's error.
func TestSolversStop(t *testing.T) {
	idles := laneOf(t, Config{Backlog: 3, Servers: 3, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{1}, Batch{60, 5000})})
	limited := laneOf(t, Config{Backlog: 20, Servers: 1, Service: Exponential{.1}, Target: idle, Arrivals: arrivalsOf(t, Steady{6}),
		Mechanisms: Mechanisms{Limited: true, QueueLimit: 19}})
	lattice := laneOf(t, Config{Backlog: 50, Servers: 1, Service: Deterministic{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{.5}, Batch{20, 30})})
	pool := laneOf(t, Config{Backlog: 50, Servers: 2, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{1}, Spread(60, 5, 50))})
	for name, solve := range map[string]func(o SolveOptions) (Drain, error){
		"march":   func(o SolveOptions) (Drain, error) { return SolveDrain(laneNear(t), o) },
		"idle":    func(o SolveOptions) (Drain, error) { return SolveDrain(idles, o) },
		"lattice": func(o SolveOptions) (Drain, error) { return SolveDrain(lattice, o) },
		"pool":    func(o SolveOptions) (Drain, error) { return SolveDrain(pool, o) },
		"chain":   func(o SolveOptions) (Drain, error) { o.Method = Chain; return SolveDrain(idles, o) },
		"phases": func(o SolveOptions) (Drain, error) {
			o.Method = Chain
			return SolveDrain(surgeLane(t, Gamma{.1, 2}), o)
		},
		"orbit": func(o SolveOptions) (Drain, error) { return SolveOrbit(limited, RetryOrbit{5, 2}, o) },
		"identity": func(o SolveOptions) (Drain, error) {
			o.Method = DrainIdentity
			return SolveDrain(surgeLane(t, Exponential{.1}), o)
		},
		"superposition": func(o SolveOptions) (Drain, error) {
			o.Method = DrainIdentity
			return SolveDrain(constantCase(t, 100, 4, Lognormal{.8, 4}, 8, Target{}), o)
		},
	} {
		looks := 5
		_, err := solve(SolveOptions{Context: countdown{context.Background(), &looks}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v with %d looks left", name, err, looks)
		}
	}
}

// laneNear is a lane whose density begins at once.
func laneNear(t *testing.T) *Lane {
	return laneOf(t, Config{Backlog: 1, Servers: 1, Service: Exponential{1}, Target: Target{Idle: true, FirstPassage: true},
		Arrivals: arrivalsOf(t, Steady{.3}, Surge{1.5, 20})})
}

// Inside one long step of a chain too.
func TestLongChainStops(t *testing.T) {
	l := laneOf(t, Config{Backlog: 15_000, Servers: 10_000, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{7e3}, Batch{10_000, 3})})
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	if _, err := SolveDrain(l, SolveOptions{Method: Chain, Context: ctx}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}
