package queueing

import "testing"

// One server that is down at first, and starts and batches of random size,
// phase by phase: against the chain of each server's phase, and against the
// density of the busy periods that go on, which has no states.
func TestPhasesAfterDownTime(t *testing.T) {
	hashed := Hashed{Batch{40, 3}, 4}
	for name, c := range map[string]Config{
		"down":   {Backlog: 3, DownFor: 1.5, Arrivals: arrivalsOf(t, Steady{4}, Surge{3, 2}, Batch{5, 1}, Batch{8, 3})},
		"random": {Arrivals: arrivalsOf(t, Steady{5}, Hashed{Batch{20, 0}, 3}, hashed)},
	} {
		for _, s := range []Service{BalancedHyperexponential(.1, 4), Gamma{.1, 2}} {
			c.Servers, c.Service, c.Target = 1, s, idle
			l := laneOf(t, c)
			const begin = 4
			got, err := solvePhases(l, begin, SolveOptions{Tolerance: 1e-9})
			if err != nil {
				t.Fatal(name, err)
			}
			p := problem{Lane: l, begin: begin, end: begin, SolveOptions: SolveOptions{Tolerance: 1e-9, Method: DrainDensity, Shared: &Shared{}}}
			want, err := p.byServers()
			if err != nil {
				t.Fatal(name, err)
			}
			if worst := worstBetween(got, want); worst > 2e-8 || got.AbsError > 1e-8 {
				t.Errorf("%s, %T: differs by %.2g, stated %.2g and %.2g", name, s, worst, got.AbsError, want.AbsError)
			}
			checkLaw(t, got)
			if name == "random" { // too much for the density
				continue
			}
			density, err := p.renewal()
			if err != nil {
				t.Fatal(name, err)
			}
			if worst := worstBetween(got, density); worst > 2e-8+density.AbsError || density.AbsError > 1e-6 {
				t.Errorf("%s, %T: differs from the density by %.2g, stated %.2g", name, s, worst, density.AbsError)
			}
		}
	}
}
