package queueing

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// heldPool lets go at start what was due before.
func heldPool(n int, start, mean float64) Pool {
	return Pool{Instances: n, Requests: 1, Start: start, Held: true, Delay: ExponentialDelay{mean}}
}

// Steps of a Poisson pool's flow against batches of Poisson numbers, which the chain
// takes one by one: a busy lane, lanes that may idle before, batches at the instant
// of the step, and a step as overload ends.
func TestStepsAreBatches(t *testing.T) {
	pool := poissonPool{heldPool(30, 12, 10), 1}
	for name, c := range map[string]Config{
		"busy":            {Service: Gamma{1, 2}, Backlog: 60, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"idle":            {Service: Gamma{1, 2}, Target: idle, Backlog: 2, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"three wait":      {Service: Gamma{1, 3}, Target: Target{Waiting: 3}, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"hyper":           {Service: Hyperexponential{.3, 2, 4. / 7}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"and a batch":     {Service: Gamma{1, 2}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, pool, Batch{3, 12}, Batch{2, 5})},
		"overload ends":   {Service: Gamma{1, 2}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, poissonPool{heldPool(6, 12, 20), 1})},
		"ends in a batch": {Service: Gamma{1, 2}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, Batch{1, 12}, poissonPool{heldPool(6, 12, 20), 1})},
	} {
		c.Servers = 1
		p, err := newProblem(laneOf(t, c), SolveOptions{Method: DrainDensity, PoissonPools: true, Tolerance: 1e-9})
		if err != nil {
			t.Fatal(err)
		}
		if name == "overload ends" && p.begin != 12 {
			t.Errorf("%s at %g s", name, p.begin)
		}
		got, err := p.renewal()
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := SolveChain(p.Lane, SolveOptions{Tolerance: 1e-10, PoissonPools: true})
		if err != nil {
			t.Fatal(name, err)
		}
		if !(got.AbsError < 1e-7) {
			t.Errorf("%s: error %.1g", name, got.AbsError)
		}
		for q := 0.001; q < 1; q += 0.01 {
			x := want.Quantile(q)
			if off := math.Abs(got.CDF(x) - want.CDF(x)); !(off < 1e-10) {
				t.Errorf("%s: P(T <= %g) is off by %.1e", name, x, off)
			}
		}
	}
}

// Groups that are held back, with their numbers fixed, against the chain's circle.
func TestStepsOfGroups(t *testing.T) {
	held := heldPool(120, 12, 60)
	held.Requests, held.Together = 3, true
	p, err := newProblem(laneOf(t, Config{Servers: 1, Service: Exponential{.4}, Backlog: 200, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, held)}), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, open, err := p.settled()
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.fixed(open, problem.groupedDensity)
	if err != nil || !(got.AbsError < 1e-4) {
		t.Fatalf("%v, error %.1g", err, got.AbsError)
	}
	law, _ := phases(p.cfg.Service)
	want, _, err := p.circled(open, law, 1e11)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "held groups", got, want)
}

// Held pools at complex means against the chain's own circle, where services are phases.
func TestHeldPoolsOfPhases(t *testing.T) {
	pool := heldPool(6, 9, 8)
	for name, c := range map[string]Config{
		"idle":        {Service: Gamma{1, 2}, Target: idle, Backlog: 1},
		"two wait":    {Service: Gamma{1, 3}, Target: Target{Waiting: 1}},
		"two pools":   {Service: Gamma{1, 2}, Arrivals: arrivalsOf(t, Steady{.3}, heldPool(2, 6, 3), heldPool(1, 6, 9))},
		"and batches": {Service: Gamma{1, 2}, Arrivals: arrivalsOf(t, Steady{.3}, pool, Batch{2, 7}, Batch{1, 4})},
	} {
		if testing.Short() && name != "idle" {
			continue
		}
		c.Servers = 1
		if len(c.Arrivals.streams) == 0 {
			c.Arrivals = arrivalsOf(t, Steady{.3}, pool)
		}
		p, open := settledBy(t, laneOf(t, c), DrainDensity)
		got, err := p.byVolterra()
		if err != nil {
			t.Fatal(name, err)
		}
		p.Method = Chain
		want, err := p.onCircle(open)
		if err != nil {
			t.Fatal(name, err)
		}
		if !(got.AbsError < 1e-8) || len(got.Atoms) == 0 {
			t.Errorf("%s: error %.1g, atoms %v", name, got.AbsError, got.Atoms)
		}
		closeTo(t, name, got, want)
	}
}

// Rough and lognormal services beside held pools, of which some let go as overload
// ends, against storms.
func TestHeldPoolsAgainstStorms(t *testing.T) {
	for i, c := range []struct {
		service Service
		rander  distuv.Rander
		pool    Pool
		level   int
	}{
		{Gamma{1, .4}, distuv.Gamma{Alpha: .4, Beta: .4, Src: rand.NewPCG(1, 7)}, heldPool(5, 12, 10), 0},
		{Gamma{1, .4}, distuv.Gamma{Alpha: .4, Beta: .4, Src: rand.NewPCG(2, 7)}, heldPool(5, 12, 40), 1},
		{Gamma{1, 2.5}, distuv.Gamma{Alpha: 2.5, Beta: 2.5, Src: rand.NewPCG(3, 7)}, heldPool(5, 12, 40), 0},
		{Lognormal{1, .5}, distuv.LogNormal{Mu: -math.Log(1.5) / 2, Sigma: math.Sqrt(math.Log(1.5)), Src: rand.NewPCG(4, 7)}, heldPool(5, 12, 10), 0},
	} {
		if testing.Short() && i != 2 {
			continue
		}
		l := laneOf(t, Config{Servers: 1, Service: c.service, Arrivals: arrivalsOf(t, Steady{.3}, c.pool), Target: Target{Idle: c.level == 0}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-6) || d.Method != DrainDensity {
			t.Errorf("%v: %s by %s, error %.2g: %s", c.service, d.Quality, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		storm{rate: .3, begin: begin, end: 400, level: c.level, pool: c.pool, service: c.rander}.follow(t, d, uint64(40+i))
	}
}
