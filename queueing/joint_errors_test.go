package queueing

import (
	"math"
	"testing"
)

// Laws for two pools at once state at least what they are off by, also where T may
// be the end of overload or has two humps: against the circle, which knows both
// pools' means.
func TestJointLawsOwnUp(t *testing.T) {
	for _, n := range []int{20, 60, 150} {
		f := float64(n) / 100
		for _, second := range []Pool{{Instances: n, Requests: 1, Start: 11.511, Delay: ExponentialDelay{21.05}}, {Instances: n, Requests: 1, Start: 8, Delay: UniformDelay{3}}} {
			for _, target := range []Target{{Idle: true}, {Idle: true, FirstPassage: true}, {Waiting: 5}} {
				l := laneOf(t, Config{Backlog: 3, Servers: 1, Service: Exponential{.1 / f}, Target: target,
					Arrivals: arrivalsOf(t, Steady{.5 * f}, Surge{10 * f, 2.168}, second, Spread(n, 1.292, 2.7349))})
				p, err := newProblem(l, SolveOptions{})
				if err != nil {
					t.Fatal(err)
				}
				p, open, err := p.settled()
				if err != nil || len(open) != 2 {
					t.Fatal(open, err)
				}
				law, _ := phases(l.cfg.Service)
				want, _, err := p.circledAt(open, law, circleMost, nil)
				if err != nil {
					t.Fatal(err)
				}
				got, err := p.fixed(open, problem.poissonDensity)
				if err != nil {
					t.Fatal(err)
				}
				worst := mostApart(got, want)
				if !(worst <= got.AbsError+want.AbsError) || want.AbsError > 1e-8 {
					t.Errorf("%d members, second pool from %g, %+v: off by %.2g, stated %.2g", n, second.Start, target, worst, got.AbsError)
				}
			}
		}
	}
}

// mostApart is the largest difference of two laws over a hundred quantiles of the second.
func mostApart(got, want Drain) float64 {
	worst := 0.0
	for q := .003; q < 1; q += .01 {
		x := want.Quantile(q)
		worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
	}
	return worst
}
