package queueing

import (
	"math"
	"testing"
)

// Servers that begin together, of deterministic service, end together: with
// hardly any arrival n requests are drained after ceil(n/c) services but for a
// millionth, and what stands for that law owns up to how far off it is.
func TestServersInStep(t *testing.T) {
	for _, x := range []struct{ n, servers int }{{1, 2}, {3, 4}, {5, 4}, {30, 4}} {
		l := laneOf(t, Config{Backlog: x.n, Arrivals: arrivalsOf(t, Steady{1e-6}), Servers: x.servers, Service: Deterministic{1}, Target: idle})
		p := problem{Lane: l, SolveOptions: SolveOptions{Shared: &Shared{}, Tolerance: roughTolerance, effort: newEffort(roughEffort)}}
		for name, way := range map[string]func(problem) (Drain, error){"phases": problem.byMoments, "rungs": problem.byRungs} {
			d, err := way(p)
			if err != nil {
				t.Fatal(name, x, err)
			}
			ends, worst := math.Ceil(float64(x.n)/float64(x.servers)), 0.0
			for at := 0.05; at < 40; at += 0.1 {
				worst = math.Max(worst, math.Abs(d.CDF(at)-indicator(at >= ends)))
			}
			if worst = worst - 1e-4; worst > d.AbsError || d.AbsError > 1 {
				t.Errorf("%s, %v: off by %.3g, stated %.3g", name, x, worst, d.AbsError)
			}
		}
	}
}
