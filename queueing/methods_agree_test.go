package queueing

import (
	"math"
	"testing"
)

// The drain density against the methods that share no code path with it, by
// way of SolveDrain, to what the two state.
func TestDensityAgainstOthers(t *testing.T) {
	surge := arrivalsOf(t, Steady{4}, Surge{8, 60})
	steady := arrivalsOf(t, Steady{6})
	for name, c := range map[string]struct {
		lane    Config
		methods []Method
	}{
		"surge": {Config{Backlog: 200, Servers: 1, Service: Exponential{.1}, Arrivals: surge, Target: idle},
			[]Method{DrainIdentity}},
		"servers": {Config{Backlog: 200, Servers: 5, Service: Exponential{.5}, Arrivals: surge, Target: Target{Waiting: 3}},
			[]Method{DrainIdentity}},
		"down": {Config{Backlog: 200, Servers: 1, Service: Exponential{.1}, Arrivals: surge, DownFor: 20},
			[]Method{DrainIdentity}},
		"deterministic surge": {Config{Backlog: 200, Servers: 1, Service: Deterministic{.1}, Arrivals: surge, Target: idle},
			[]Method{DrainIdentity}},
		"exponential": {Config{Backlog: 300, Servers: 1, Service: Exponential{.1}, Arrivals: steady, Target: idle},
			[]Method{DrainIdentity, FourierSeries, ClosedForm}},
		"gamma": {Config{Backlog: 300, Servers: 1, Service: Gamma{.1, 2.5}, Arrivals: steady, Target: idle},
			[]Method{FourierSeries, ClosedForm}},
		"huge": {Config{Backlog: 1e8, Servers: 1, Service: Exponential{.1}, Arrivals: steady, Target: idle},
			[]Method{FourierSeries, ClosedForm}},
		"deterministic": {Config{Backlog: 300, Servers: 1, Service: Deterministic{.1}, Arrivals: steady, Target: idle},
			[]Method{DrainIdentity, ClosedForm}},
	} {
		l := laneOf(t, c.lane)
		want, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, m := range c.methods {
			got, err := SolveDrain(l, SolveOptions{Method: m})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			worst := 0.0
			for p := 0.002; p < 1; p += 0.0249 {
				x := want.Quantile(p) * (1 + 1e-10) // on the lattice, not just before a point
				worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
			}
			if got.Method != m || got.Quality != Exact || worst > got.AbsError+want.AbsError+1e-9 || worst > 2e-8 {
				t.Errorf("%s by %s, %s: differs by %.2g, stated %.2g and %.2g", name, got.Method, got.Quality, worst, got.AbsError, want.AbsError)
			}
		}
	}
}
