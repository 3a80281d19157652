package queueing

import "testing"

// Lanes too large for a chain are answered too, and own up to how roughly.
func TestLargeLanesAreApproximated(t *testing.T) {
	for name, target := range map[string]Target{"no wait": {}, "idle": idle} {
		l := laneOf(t, Config{Backlog: 200_000, Servers: 64, Service: Lognormal{.64, 2}, Target: target, Arrivals: arrivalsOf(t, Steady{2}, Batch{5000, 1500})})
		d, err := SolveDrain(l, SolveOptions{Tolerance: 1e-5})
		if err != nil {
			t.Fatal(name, err)
		}
		mean := 205_000 / 98.0
		if d.Quality != Approximate || d.AbsError < 0.01 || d.Mean() < mean-10 || d.Mean() > mean+40 {
			t.Errorf("%s: %s, %s, error %g: mean %g, want about %g", name, d.Method, d.Quality, d.AbsError, d.Mean(), mean)
		}
	}
}
