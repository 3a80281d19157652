package queueing

import (
	"math"
	"testing"
)

// idleRegular are lanes of one server whose services take 1 s, which may idle before the
// overload by a pool of so many members ends.
func idleRegular(t *testing.T, members int) map[string]Config {
	pool := Pool{Instances: members, Requests: 1, Start: 20.3, Delay: ExponentialDelay{6}}
	held := pool
	held.Start, held.Held = 22.4, true
	with := func(backlog int, target Target, sources ...Source) Config {
		return Config{Backlog: backlog, Target: target, Arrivals: arrivalsOf(t, append(sources, Steady{.3})...), Servers: 1, Service: Deterministic{1}}
	}
	return map[string]Config{
		"idle":           with(0, idle, pool),
		"three first":    with(3, Target{Waiting: 2}, pool),
		"batches":        with(0, idle, pool, Batch{4, 24}, Batch{3, 27.25}),
		"at one phase":   with(2, Target{Waiting: 0}, pool, Batch{2, 21}, Batch{1, 24}),
		"held":           with(0, idle, held),
		"held and batch": with(2, idle, held, Batch{2, 24.4}),
	}
}

// Averaged over a Poisson number of members the laws for numbers that are fixed are that
// of a Poisson stream, which is found otherwise: by derivatives of the law of the number.
func TestIdleMembersOnAverage(t *testing.T) {
	const mean, most = 3, 21
	for name, c := range idleRegular(t, mean) {
		p, err := newProblem(laneOf(t, c), SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		p.begin = math.Max(p.begin, 24.7) // in the middle of things
		poisson, err := p.withMean(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		poisson.PoissonPools = true
		want, err := poisson.exactly(problem.poissonDensity)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var laws []Drain
		var weights []float64
		weight := math.Exp(-mean)
		for n := range most {
			if n > 0 {
				weight *= mean / float64(n)
			}
			d, err := withMembers(t, p, name, n)
			if err != nil || d.AbsError > 1e-11 || d.Quality != Exact {
				t.Fatalf("%s, %d members: error %g: %v", name, n, d.AbsError, err)
			}
			laws, weights = append(laws, d), append(weights, weight)
		}
		worst := 0.0
		for x := 0.0; x < 40; x += .173 {
			sum := 0.0
			for i, d := range laws {
				sum += weights[i] * d.CDF(p.begin+x)
			}
			worst = math.Max(worst, math.Abs(sum-want.CDF(p.begin+x)))
		}
		if !(worst < 1e-9) {
			t.Errorf("%s: off by %.1e, stated %.1e", name, worst, want.AbsError)
		}
	}
}

// withMembers is the law with another number of members.
func withMembers(t *testing.T, p problem, name string, n int) (Drain, error) {
	if n > 0 {
		q, err := p.with(0, idleRegular(t, n)[name].Arrivals.streams[0].Source)
		if err != nil {
			t.Fatal(err)
		}
		return q.byIdleMembers()
	}
	q, err := p.with(0, Steady{0})
	if err != nil {
		t.Fatal(err)
	}
	q.PoissonPools = true
	return q.renewal()
}

// One member that sends two requests at once is a batch at an instant of its own, over
// which the laws for batches are averaged: between the instants that are whole services
// from one at which something happens they change smoothly with it.
func TestIdleMembersOfGroups(t *testing.T) {
	const start, mean = 20.3, .8
	solve := func(s Source) Drain {
		l := laneOf(t, Config{Target: idle, Servers: 1, Service: Deterministic{1}, Arrivals: arrivalsOf(t, s, Steady{.7})})
		p, err := newProblem(l, SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		p.begin = 32.7 // when hardly any member is still to come
		if _, is := s.(Batch); is {
			d, err := p.renewal()
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		d, err := p.byIdleMembers()
		if err != nil || d.AbsError > 1e-11 {
			t.Fatalf("error %g: %v", d.AbsError, err)
		}
		return d
	}
	group := solve(Pool{Instances: 1, Requests: 2, Together: true, Start: start, Delay: ExponentialDelay{mean}})
	at := []float64{32.7, 33.1, 34.1, 38.1}
	sums, mass := make([]float64, len(at)), 0.0
	edges := []float64{20.3, 20.7}
	for x := 21.0; x < 33; x++ {
		edges = append(edges, x, x+.1, x+.7)
	}
	for i, lo := range edges[:len(edges)-1] {
		half, mid := (edges[i+1]-lo)/2, (edges[i+1]+lo)/2
		for k, g := range gauss4.x {
			u := mid + half*g - start
			w := half * gauss4.w[k] * math.Exp(-u/mean) / mean
			d := solve(Batch{2, start + u})
			for j, x := range at {
				sums[j] += w * d.CDF(x)
			}
			mass += w
		}
	}
	if !(math.Abs(mass-1) < 1e-6) {
		t.Errorf("the weights add up to %g", mass)
	}
	for j, x := range at {
		if off := group.CDF(x) - sums[j]; !(math.Abs(off) < 1e-6) {
			t.Errorf("P(T <= %g) is %.9g, on average over instants %.9g", x, group.CDF(x), sums[j])
		}
	}
}
