package queueing

import (
	"context"
	"testing"
	"time"
)

// A trillion requests in five minutes are answered or refused, whatever the services:
// neither steps that the clock cannot tell apart nor laws of as many numbers are tried.
func TestTrillionsOfRequests(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute) // some seconds are enough
	defer cancel()
	for i, s := range []Service{Exponential{.1}, Gamma{.1, 1 / .6}, Deterministic{.1}, BalancedHyperexponential(.1, 3)} {
		most := 1
		if i == 0 { // several exponential servers have laws of their own
			most = 3
		}
		for servers := 1; servers <= most; servers += 2 {
			l := laneOf(t, Config{Servers: servers, Service: s, Target: idle, Arrivals: arrivalsOf(t, Steady{4}, Spread(1_000_000_000_000, 10, 300))})
			d, err := SolveDrain(l, SolveOptions{Context: ctx})
			if err != nil && !unsupported(err) || err == nil && !(d.Mean() > 1e10) {
				t.Errorf("%v, %d servers: %v", s, servers, err)
			}
		}
	}
}

// Groups beyond number, or of beyond number, beside a pool of single requests are answered
// or refused.
func TestGroupsBeyondNumber(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute) // a second is enough
	defer cancel()
	held := Pool{Instances: 235, Requests: 1, Start: 10, Held: true, Delay: ExponentialDelay{60}}
	for name, crowd := range map[string]Pool{
		"many":  groupsOf(1_000_000_000, 5, 0, 100),
		"large": groupsOf(60, 1_000_000, 0, 100),
	} {
		for _, s := range []Service{Exponential{.1}, BalancedHyperexponential(.1, 3)} {
			l := laneOf(t, Config{Servers: 1, Service: s, Target: idle, Arrivals: arrivalsOf(t, Steady{3}, crowd, held)})
			d, err := SolveDrain(l, SolveOptions{Context: ctx})
			if err != nil && !unsupported(err) || err == nil && !(d.Mean() > 1e6) {
				t.Errorf("%s, %v: mean %g, %v", name, s, d.Mean(), err)
			}
		}
	}
}
