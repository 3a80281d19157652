package queueing

import (
	"errors"
	"math"
	"testing"
)

// Eight servers, SCV 4, against event simulation with a fresh start (10^6 and
// 10^5 replications: four digits).
func TestSuperpositionLognormal(t *testing.T) {
	for _, c := range []struct {
		n0            int
		mean, sd, p99 float64
	}{{100, 13.903, 3.495, 24.42}, {1000, 163.76, 13.82, 199.75}} {
		d, err := SuperpositionDrain(constantCase(t, c.n0, 4, Lognormal{.8, 4}, 8, Target{}))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", d.Mean(), c.mean, 0.002)
		near(t, "sd", d.StdDev(), c.sd, 0.002)
		near(t, "P99", d.Quantile(.99), c.p99, 0.002)
		if d.Quality != Approximate || d.Reason == "" || d.AbsError < 0.003 {
			t.Errorf("labelled %s, error %g for %q", d.Quality, d.AbsError, d.Reason)
		}
		checkLaw(t, d)
	}
}

// Where the approximation is none, exponential servers and a single server,
// only the grids are left.
func TestSuperpositionIsExact(t *testing.T) {
	for name, c := range map[string]struct {
		l    *Lane
		want *Lane
	}{
		"exponential": {constantCase(t, 108, 4, Exponential{.8}, 8, Target{}), constantCase(t, 100, 4, Exponential{.1}, 1, idle)},
		"shape 1/4":   {constantCase(t, 60, 3, Gamma{.1, .25}, 1, idle), constantCase(t, 60, 3, Gamma{.1, .25}, 1, idle)},
	} {
		got, err := SuperpositionDrain(c.l)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ClosedFormDrain(c.want, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for p := 0.005; p < 1; p += 0.01 {
			x := want.Quantile(p)
			worst = math.Max(worst, math.Abs(got.CDF(x)-p))
		}
		if worst > 4e-4 {
			t.Errorf("%s: differs by %.2g", name, worst)
		}
	}
}

// Cells that are wider than the services of few requests, or finer than the
// lattice of services, cost what they say.
func TestSuperpositionCells(t *testing.T) {
	for _, c := range []struct {
		n0      int
		rate    float64
		service Service
	}{{5, 8.9, Deterministic{.1}}, {2, 7, Deterministic{.1}}, {3, 9, Gamma{.1, 20}}, {1, 9, Exponential{.1}}} {
		l := constantCase(t, c.n0, c.rate, c.service, 1, idle)
		want, err := ClosedFormDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := SuperpositionDrain(l)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for x := .05; x < 20; x += .02 {
			worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
		}
		if worst > got.AbsError || got.AbsError > 0.5 {
			t.Errorf("%d requests, %T: off by %.3g, stated %.3g", c.n0, c.service, worst, got.AbsError)
		}
	}
}

// A decaying surge, a batch and a lane that is down at first, by way of a
// hyperexponential service whose phases are alike: against exponential service.
func TestSuperpositionArrivals(t *testing.T) {
	like := Hyperexponential{0.3, .1, .1}
	streams := arrivalsOf(t, Steady{3}, Surge{4, 5}, Batch{12, 3})
	got, err := SuperpositionDrain(laneOf(t, Config{Backlog: 60, Servers: 1, DownFor: 2, Service: like, Arrivals: streams, Target: idle}))
	if err != nil {
		t.Fatal(err)
	}
	want, err := IdentityDrain(laneOf(t, Config{Backlog: 60, Servers: 1, DownFor: 2, Service: Exponential{.1}, Arrivals: streams, Target: idle}), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for p := 0.01; p < 1; p += 0.02 {
		if x := want.Quantile(p); math.Abs(got.CDF(x)-p) > 6e-4 {
			t.Errorf("at %g s: %g, want %g", x, got.CDF(x), p)
		}
	}
}

func TestSuperpositionRefuses(t *testing.T) {
	for name, l := range map[string]*Lane{
		"huge":  constantCase(t, 1e6, 4, Lognormal{.8, 4}, 8, Target{}),
		"idle":  constantCase(t, 100, 4, Lognormal{.8, 4}, 8, idle),
		"joins": laneOf(t, Config{Backlog: 100, Servers: 4, Service: Lognormal{.8, 4}, ScaleOut: []Join{{9, 1}}, Target: Target{Waiting: 2}}),
		"pool":  laneOf(t, Config{Backlog: 100, Servers: 4, Service: Lognormal{.8, 4}, Arrivals: arrivalsOf(t, Spread(30, 0, 5))}),
		"early": laneOf(t, Config{Backlog: 10, Servers: 4, Service: Lognormal{.8, 4}, Arrivals: arrivalsOf(t, Batch{100, 80})}),
	} {
		_, err := SuperpositionDrain(l)
		var no *UnsupportedError
		if !errors.As(err, &no) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	d, err := SuperpositionDrain(constantCase(t, 3, 4, Lognormal{.8, 4}, 8, Target{}))
	if err != nil || d.CDF(0) != 1 {
		t.Errorf("at its target: %v", err)
	}
	if _, err := SuperpositionDrain(constantCase(t, 100, 12, Lognormal{.8, 4}, 8, Target{})); !errors.Is(err, ErrNever) {
		t.Errorf("overloaded for ever: %v", err)
	}
}

// A superposition that would take long is left to the diffusion; by name it is
// still to be had, and what it takes grows with servers and services.
func TestSuperpositionKnowsItsWork(t *testing.T) {
	work := func(servers, backlog int, streams ...Source) float64 {
		p, err := newProblem(laneOf(t, Config{Backlog: backlog, Servers: servers, Service: Lognormal{1, 0.5},
			Arrivals: arrivalsOf(t, append(streams, Steady{0.5 * float64(servers)})...)}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		g, err := p.superGrid()
		if err != nil {
			t.Fatal(err)
		}
		return g.work(p)
	}
	small, pool := work(4, 100), Pool{Instances: 50, Requests: 1, Delay: ExponentialDelay{10}}
	for name, more := range map[string]float64{"more servers": work(800, 20000), "more services": work(4, 2000), "a pool": work(4, 100, pool)} {
		if !(small > 0 && more > 2*small) {
			t.Errorf("%s: %g, against %g", name, more, small)
		}
	}
	large := laneOf(t, Config{Backlog: 20000, Servers: 800, Service: Lognormal{1, 0.5}, Arrivals: arrivalsOf(t, Steady{400}, Pool{Instances: 2500, Requests: 1, Delay: ExponentialDelay{25}})})
	d, err := SolveDrain(large, SolveOptions{})
	if err != nil || d.Method != Diffusion {
		t.Errorf("%s, %v", d.Method, err)
	}
}
