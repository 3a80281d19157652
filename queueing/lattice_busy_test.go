package queueing

import (
	"math"
	"testing"
)

// Service ends at complex means against members that are followed one by one: of few and
// of many members, of one size of groups and of several, beside batches, held, hashed, and
// of a server that is down at first.
func TestServiceEndsAgainstMembers(t *testing.T) {
	held := Pool{Instances: 12, Requests: 2, Together: true, Start: 6, Held: true, Delay: ExponentialDelay{10}}
	lane := func(backlog int, sources ...Source) Config {
		return Config{Servers: 1, Service: Deterministic{1}, Target: idle, Backlog: backlog, Arrivals: arrivalsOf(t, sources...)}
	}
	down := lane(90, Steady{.3}, groupsOf(14, 4, 3, 9), Batch{20, 30})
	down.DownFor, down.Target = 7.5, Target{}
	for name, c := range map[string]Config{
		"one by one":   lane(60, Steady{.3}, groupsOf(24, 1, 0, 20)),
		"groups":       lane(60, Steady{.3}, groupsOf(24, 3, 0, 20)),
		"many groups":  lane(150, Steady{.4}, groupsOf(150, 3, 0, 250)),
		"two sizes":    lane(60, Steady{.3}, groupsOf(20, 3, 0, 20), groupsOf(30, 1, 5, 10)),
		"held, spread": lane(60, Steady{.2}, held, Spread(20, 3, 15)),
		"hashed":       lane(60, Steady{.3}, Hash(groupsOf(30, 1, 0, 20), 3), Hash(Batch{30, 20}, 3)),
		"no others":    lane(60, Spread(25, 2, 50)),
		"down":         down,
	} {
		p, err := newProblem(laneOf(t, c), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.byBusyPoints()
		if err != nil || got.Quality != Exact || got.AbsError > 1e-8 {
			t.Errorf("%s: %v, %s to %.1g", name, err, got.Quality, got.AbsError)
			continue
		}
		want, err := p.byMembers()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		worst, at := 0.0, 0.0
		for k := range 1200 {
			x := c.DownFor + float64(k) + .5
			if off := math.Abs(got.CDF(x) - want.CDF(x)); off > worst {
				worst, at = off, x
			}
		}
		if !(worst <= got.AbsError+want.AbsError) {
			t.Errorf("%s: P(T <= %g) is off by %.1e, stated %.1e", name, at, worst, got.AbsError)
		}
	}
}

// Of large pools those in parts are the same lane with other points.
func TestServiceEndsInParts(t *testing.T) {
	solve := func(sources ...Source) Drain {
		d, err := SolveDrain(laneOf(t, Config{Servers: 1, Service: Deterministic{.1}, Backlog: 1000, Target: idle, Arrivals: arrivalsOf(t, sources...)}), SolveOptions{})
		if err != nil || d.Quality != Exact || d.AbsError > 5e-8 {
			t.Fatalf("%v, %s to %.1g: %s", err, d.Quality, d.AbsError, d.Reason)
		}
		return d
	}
	same := func(name string, a, b Drain) {
		if off := furthestAt(a.Distribution, b.Distribution); !(off <= a.AbsError+b.AbsError) {
			t.Errorf("%s: %.1e apart, stated %.1e and %.1e", name, off, a.AbsError, b.AbsError)
		}
	}
	same("groups", solve(Steady{4}, groupsOf(300, 3, 20, 100)), solve(Steady{4}, groupsOf(200, 3, 20, 100), groupsOf(100, 3, 20, 100)))
	same("pool", solve(Steady{4}, groupsOf(2400, 1, 0, 300)), solve(Steady{4}, groupsOf(1500, 1, 0, 300), groupsOf(900, 1, 0, 300)))
}

// A lane that may idle is not one whose server is busy.
func TestServiceEndsRefuseIdling(t *testing.T) {
	for _, backlog := range []int{0, 1, 8} {
		p, err := newProblem(laneOf(t, Config{Servers: 1, Service: Deterministic{1}, Target: idle, Backlog: backlog, Arrivals: arrivalsOf(t, Steady{.3}, groupsOf(24, 3, 20, 10))}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d, err := p.byBusyPoints(); !unsupported(err) {
			t.Errorf("%d waiting: %v, error %g", backlog, err, d.AbsError)
		}
	}
}
