package queueing

import (
	"math"
	"testing"
)

// Complex means against members that are followed one by one: of pools that send one by
// one, are held, come in groups, beside batches, one or two of them.
func TestIdlePointsAgainstMembers(t *testing.T) {
	lanes := map[string]Config{}
	for _, n := range []int{1, 12} {
		for name, c := range idleRegular(t, n) {
			lanes[name+string(rune('0'+n%10))+"x"+string(rune('0'+n/10))] = c
		}
	}
	groups := Pool{Instances: 9, Requests: 3, Together: true, Start: 20.3, Delay: ExponentialDelay{20}}
	lanes["groups"] = Config{Servers: 1, Service: Deterministic{1}, Target: idle, Backlog: 2, Arrivals: arrivalsOf(t, Steady{.3}, groups)}
	lanes["groups and others"] = Config{Servers: 1, Service: Deterministic{1}, Backlog: 2, Arrivals: arrivalsOf(t, Steady{.3}, Pool{Instances: 3, Requests: 3, Together: true, Start: 20.3, Delay: ExponentialDelay{2}}, Spread(4, 18, 4))}
	lanes["spent before"] = Config{Servers: 1, Service: Deterministic{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, Spread(12, 4, 9), Batch{9, 26})}
	lanes["no others"] = Config{Servers: 1, Service: Deterministic{1}, Target: idle, Arrivals: arrivalsOf(t, Spread(60, 5, 50))}
	for name, c := range lanes {
		t.Run(name, func(t *testing.T) {
			p, err := newProblem(laneOf(t, c), SolveOptions{Tolerance: 1e-9})
			if err != nil {
				t.Fatal(err)
			}
			p.begin = math.Max(p.begin, 24.7)
			want, err := p.byIdleMembers()
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.byIdlePoints()
			if err != nil {
				t.Fatal(err)
			}
			if got.AbsError > 2e-9 || got.Quality != Exact {
				t.Errorf("%s, error %g: %s", got.Quality, got.AbsError, got.Reason)
			}
			worst := 0.0
			for x := 0.0; x < 60; x += .173 {
				worst = math.Max(worst, math.Abs(got.CDF(p.begin+x)-want.CDF(p.begin+x)))
			}
			if !(worst <= got.AbsError+want.AbsError) {
				t.Errorf("%.1e apart, stated %.1e", worst, got.AbsError+want.AbsError)
			}
			if off := math.Abs(got.Mean() - want.Mean()); !(off <= 1e-7*want.Mean()) {
				t.Errorf("mean %.12g, by members %.12g", got.Mean(), want.Mean())
			}
		})
	}
}
