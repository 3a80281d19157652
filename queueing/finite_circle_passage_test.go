package queueing

import (
	"math"
	"math/cmplx"
	"testing"
)

// stepByStep hides that a circle can end by a passage.
type stepByStep struct{ laneFollower }

// The passage for complex means against the chain that is followed to the end, where
// T may be the end of overload, servers are several, some wait, or pools are several.
func TestPassageOnCircle(t *testing.T) {
	pool := Pool{Instances: 60, Requests: 1, Start: 5, Delay: ExponentialDelay{30}}
	one := Exponential{1}
	trace, err := NewTrace([]float64{0, 10, 20, 30}, []float64{1, 6, 2}, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Config{
		"atom":         {Servers: 1, Service: one, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"five wait":    {Servers: 1, Service: one, Target: Target{Waiting: 5}, Backlog: 40, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"four servers": {Servers: 4, Service: Exponential{4}, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"trace":        {Servers: 1, Service: one, Target: idle, Backlog: 30, Arrivals: arrivalsOf(t, Surge{.5, 20}, pool, trace)},
		"some idle":    {Servers: 4, Service: Exponential{4}, Target: idle, Backlog: 3, Arrivals: arrivalsOf(t, Steady{.3}, pool)},
		"all busy":     {Servers: 5, Service: Exponential{5}, Target: idle, Backlog: 60, Arrivals: arrivalsOf(t, Steady{.3}, pool, trace)},
		"two and idle": {Servers: 3, Service: Exponential{3}, Target: idle, Backlog: 40, Arrivals: arrivalsOf(t, Surge{.4, 30}, pool, Spread(30, 3, 40))},
		"two pools":    {Servers: 1, Service: one, Target: idle, Backlog: 20, Arrivals: arrivalsOf(t, Steady{.2}, pool, Spread(30, 3, 40))},
	} {
		p, open := settledLane(t, laneOf(t, c))
		law, _ := phases(c.Service)
		got, _, err := p.byPoints(open, law, circleMost)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		chain, err := p.newCircle(open, law, circleMost, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := followLane(chain.lane, stepByStep{chain}, p.begin, p.SolveOptions)
		if err != nil {
			t.Fatal(err)
		}
		if !(got.AbsError <= 2e-8) || chain.ended {
			t.Errorf("%s: error %.1g, or the chain has ended by a passage too", name, got.AbsError)
		}
		for q := .003; q < 1; q += .02 {
			x := want.Quantile(q)
			// The points are the same, so that what they leave out is no difference.
			if off := math.Abs(got.CDF(x) - want.CDF(x)); !(off <= got.AbsError/2) {
				t.Errorf("%s: P(T <= %g) is off by %.1e, stated %.1e", name, x, off, got.AbsError)
			}
		}
	}
}

// A leap against the chain followed from event to event, at all points, near and far
// on the circle.
func TestLeapsOnCircle(t *testing.T) {
	c := Config{Servers: 2, Service: Exponential{1}, Backlog: 300, Target: idle,
		Arrivals: arrivalsOf(t, Steady{.4}, Pool{Instances: 50, Requests: 1, Delay: ExponentialDelay{40}}, Spread(30, 10, 40))}
	follow := func(leaps bool) *circle {
		p, open := settledLane(t, laneOf(t, c))
		law, _ := phases(c.Service)
		chain, err := p.newCircle(open, law, circleMost, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !leaps {
			chain.top = 100_000 // as if some might find no room
		}
		for _, at := range []float64{10, 50} {
			if err := chain.Advance(at); err != nil {
				t.Fatal(err)
			}
		}
		return chain
	}
	leapt, followed := follow(true), follow(false)
	if !(leapt.work < followed.work/20) {
		t.Errorf("leaping takes %g, following %g", leapt.work, followed.work)
	}
	if len(leapt.points) != len(followed.points) || len(leapt.points) < 50 {
		t.Fatalf("%d and %d points", len(leapt.points), len(followed.points))
	}
	for j, pt := range leapt.points {
		other := followed.points[j]
		scale := cmplx.Abs(pt.weight)
		for i, x := range pt.p {
			if k := pt.lo + i - other.lo; k >= 0 && k < len(other.p) {
				if off := scale * cmplx.Abs(x-other.p[k]); off > 1e-13 {
					t.Errorf("point %d, %d requests: %g, followed %g", j, pt.lo+i, x, other.p[k])
					break
				}
			}
		}
	}
}

// Gauss-Hermite points against evenly spread ones: what they state is an upper bound,
// for members that are just enough and for more, where T may be the end of
// overload and where it may not.
func TestHermitePointsOwnUp(t *testing.T) {
	compared := 0
	for _, c := range []struct{ first, second, backlog int }{{100, 100, 15}, {130, 200, 100}} {
		l := laneOf(t, Config{Servers: 1, Service: Exponential{.1}, Target: idle, Backlog: c.backlog,
			Arrivals: arrivalsOf(t, Steady{2}, Pool{Instances: c.first, Requests: 1, Start: 1, Delay: ExponentialDelay{10}}, Spread(c.second, 2, 20))})
		p, open := settledLane(t, l)
		law, _ := phases(l.cfg.Service)
		solve := func(rings [][]ringPoint) (Drain, error) {
			d, _, err := p.circledAt(open, law, circleMost, rings)
			return d, err
		}
		got, err := p.byHermite(open, solve, func(int) bool { return true })
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		want, err := solve(nil)
		if err != nil {
			t.Fatal(err)
		}
		if worst := mostApart(got, want); !(worst <= got.AbsError+want.AbsError) || got.AbsError > 5e-7 {
			t.Errorf("%+v: off by %.2g, stated %.2g", c, worst, got.AbsError)
		}
		compared++
	}
	if compared != 2 {
		t.Errorf("compared %d", compared)
	}
}

// The law of A - D for complex means of A is what one of their generating functions
// gives at 1, at the mean and beside it: e^((z-1) a) e^((1/z-1) b).
func TestComplexSkellamLaw(t *testing.T) {
	for _, served := range []float64{0, 1e-9, .4, 30, 5e4} {
		for _, arrived := range []complex128{0, 1e-7, .8, cmplx.Rect(50, .3), cmplx.Rect(2e4, .002)} {
			lo, p := complexSkellam(served, arrived)
			scale := math.Sqrt(served + cmplx.Abs(arrived) + 1)
			for _, z := range []complex128{1, cmplx.Rect(1, .5/scale), cmplx.Rect(1, -1.5/scale)} {
				sum := complex(0, 0)
				for i, x := range p {
					sum += x * cmplx.Pow(z, complex(float64(lo+i), 0))
				}
				want := cmplx.Exp((z-1)*arrived + (1/z-1)*complex(served, 0))
				if size := math.Exp(cmplx.Abs(arrived) - real(arrived)); cmplx.Abs(sum-want) > 1e-11*size {
					t.Errorf("served %g, arrived %g at %g: %g, want %g", served, arrived, z, sum, want)
				}
			}
		}
	}
}
