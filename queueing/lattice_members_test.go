package queueing

import (
	"math"
	"testing"
)

func membersLane(t *testing.T, backlog int, level Target, sources ...Source) problem {
	t.Helper()
	l := laneOf(t, Config{Backlog: backlog, Service: Deterministic{1}, Servers: 1, Target: level, Arrivals: arrivalsOf(t, sources...)})
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func byMembers(t *testing.T, p problem) Drain {
	t.Helper()
	d, err := p.byMembers()
	if err != nil {
		t.Fatal(err)
	}
	if d.Quality != Exact || d.AbsError > 1e-12 {
		t.Errorf("%s, %.2g", d.Quality, d.AbsError)
	}
	return d
}

// With a Poisson number of members the pool is a Poisson stream, whose lattice density
// is found without a state for each: the laws for every number add up to it.
func TestMembersOfPoissonNumber(t *testing.T) {
	const mean = 6.0
	for _, pool := range []Pool{
		{Instances: 1, Requests: 1, Delay: ExponentialDelay{25}},
		{Instances: 1, Requests: 1, Delay: UniformDelay{9}, Start: 4},
		{Instances: 1, Requests: 1, Delay: ExponentialDelay{10}, Start: 5, Held: true},
	} {
		for _, level := range []Target{{Idle: true}, {}} {
			p := membersLane(t, 20, level, Steady{0.1}, pool)
			q, err := p.withMean(1, mean)
			if err != nil {
				t.Fatal(err)
			}
			want, err := q.poissonDensity()
			if err != nil {
				t.Fatal(err)
			}
			got := map[float64]float64{}
			for n := range 40 {
				some := pool
				some.Instances = n
				r := membersLane(t, 20, level, Steady{0.1}, some)
				r.begin = q.begin
				d, err := r.byMembers()
				if n == 0 { // there is nobody to follow
					d, err = r.poissonDensity()
				}
				if err != nil {
					t.Fatal(err)
				}
				for x := 15.5; x < 60; x++ {
					got[x] += poissonProb(float64(n), mean) * d.CDF(x)
				}
			}
			for x, f := range got {
				if off := f - want.CDF(x); math.Abs(off) > 1e-9 {
					t.Errorf("%v, %v: F(%g) = %g, want %g", pool, level, x, f, want.CDF(x))
				}
			}
		}
	}
}

// A pool dealt over two streams is the same pool, and instances that send three
// requests together are as many that send one if a request takes a third.
func TestMembersInParts(t *testing.T) {
	one := byMembers(t, membersLane(t, 30, Target{}, Steady{0.3}, Pool{Instances: 24, Requests: 1, Delay: ExponentialDelay{20}, Start: 3}))
	two := byMembers(t, membersLane(t, 30, Target{}, Steady{0.3},
		Pool{Instances: 15, Requests: 1, Delay: ExponentialDelay{20}, Start: 3}, Pool{Instances: 9, Requests: 1, Delay: ExponentialDelay{20}, Start: 3}))
	for x := 20.5; x < 200; x++ {
		if off := one.CDF(x) - two.CDF(x); math.Abs(off) > 1e-12 {
			t.Fatalf("F(%g) is off by %.2g", x, off)
		}
	}
	if mean := byMembers(t, membersLane(t, 30, Target{Idle: true}, Pool{Instances: 4, Requests: 3, Together: true, Delay: UniformDelay{25}})).Mean(); math.Abs(mean-42) > 1e-9 {
		t.Errorf("mean %g, though all 42 requests have come before the lane is idle", mean)
	}
}

// What a continuation of laws for Poisson numbers states covers what it is off by,
// where the number of members decides when the lane is empty too.
func TestContinuationsOwnUp(t *testing.T) {
	for _, lane := range []struct {
		backlog int
		rate    float64
		pool    Pool
	}{
		{20, 0.1, Spread(10, 0, 30)},
		{20, 0.1, Pool{Instances: 10, Requests: 1, Delay: ExponentialDelay{25}}},
		{20, 0.3, Pool{Instances: 40, Requests: 1, Delay: ExponentialDelay{25}}},
		{80, 0.3, Pool{Instances: 40, Requests: 1, Delay: UniformDelay{60}, Start: 10}},
		{5, 0.3, Pool{Instances: 10, Requests: 1, Delay: ExponentialDelay{3}}},
		{50, 0.5, Pool{Instances: 6, Requests: 1, Delay: ExponentialDelay{15}}},
		{50, 0.01, Pool{Instances: 60, Requests: 1, Delay: ExponentialDelay{40}}},
	} {
		p := membersLane(t, lane.backlog, Target{Idle: true}, Steady{lane.rate}, lane.pool)
		want := byMembers(t, p)
		got, err := p.fixed([]int{1}, problem.poissonDensity)
		if unsupported(err) { // no digits at all
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for k := range 400 {
			x := float64(k) + 0.5
			worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
		}
		if worst > got.AbsError+1e-12 {
			t.Errorf("%v: off by %.2g, stated %.2g", lane, worst, got.AbsError)
		}
	}
}

// Overload may end between two ends of services, when those who are left are no more than may
// be: T is then, where no member has come by then.
func TestDrainedAsOverloadEndsBetweenServices(t *testing.T) {
	for _, n := range []int{8, 10} {
		l := laneOf(t, Config{Servers: 1, Service: Deterministic{1}, Backlog: 2, Arrivals: arrivalsOf(t, Pool{Instances: n, Requests: 1, Delay: ExponentialDelay{1.5}})})
		begin, _ := OverloadEnd(l)
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want := math.Exp(-begin / 1.5 * float64(n))
		if !(begin > 1 && begin < 2) || !(math.Abs(d.CDF(begin)-want) < 1e-12) || len(d.Atoms) != 1 {
			t.Errorf("%d members: P(T = %g) = %.10g, want %.10g", n, begin, d.CDF(begin), want)
		}
	}
}
