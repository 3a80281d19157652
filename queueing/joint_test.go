package queueing

import (
	"math"
	"testing"
)

// One pool in two halves is one pool.
func TestTwoHalvesAreOnePool(t *testing.T) {
	lane := func(s ...Source) *Lane {
		return laneOf(t, Config{Backlog: 300, Servers: 1, Service: Exponential{0.1}, Target: Target{Idle: true},
			Arrivals: arrivalsOf(t, append(s, Steady{4})...)})
	}
	pool := func(n int) Source { return Pool{Instances: n, Requests: 1, Delay: ExponentialDelay{100}} }
	one, err := SolveDrain(lane(pool(720)), SolveOptions{Tolerance: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range [][]Source{{pool(360), pool(360)}, {pool(500), pool(100), pool(120)}} {
		d, err := SolveDrain(lane(parts...), SolveOptions{Tolerance: 1e-9})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || d.AbsError > 1e-7 {
			t.Errorf("quality %s, error %.1g: %s", d.Quality, d.AbsError, d.Reason)
		}
		worst := 0.0
		for p := 0.001; p < 1; p += 0.0201 {
			x := one.Quantile(p)
			worst = math.Max(worst, math.Abs(d.CDF(x)-one.CDF(x)))
		}
		t.Logf("%d parts: worst %.2g, stated %.2g and %.2g", len(parts), worst, d.AbsError, one.AbsError)
		if worst > d.AbsError+one.AbsError {
			t.Errorf("%d parts: off by %.2g, stated %.2g", len(parts), worst, d.AbsError)
		}
		if math.Abs(d.StdDev()/one.StdDev()-1) > 1e-7 {
			t.Errorf("%d parts: sd %.8g, one pool %.8g", len(parts), d.StdDev(), one.StdDev())
		}
	}
}
