package queueing

import (
	"fmt"
	"math"
	"testing"
)

// The two ways to solve the equation of the second kind, from left to right
// and all at once by the ratio to the source, share the kernel alone: they
// agree in the CDF and, relatively, in both tails.
func TestSmoothMeetsMarch(t *testing.T) {
	lanes := map[string]*Lane{
		"surge":     surgeLane(t, Exponential{.1}),
		"surge 1e6": scaledSurge(t, Exponential{.1}, 1000),
		"gamma 4":   surgeLane(t, Gamma{.1, 4}),
		"gamma 1/4": surgeLane(t, Gamma{.1, .25}),
		"batch": laneOf(t, Config{Backlog: 400, Servers: 1, Service: Exponential{.1}, Target: idle,
			Arrivals: arrivalsOf(t, Steady{3}, Surge{9, 20}, Batch{100, 5})}),
	}
	for name, l := range lanes {
		var p passage
		if _, is := l.cfg.Service.(Gamma); is {
			p = newGammaPassage(l, 0, point(l.cfg.Backlog), 0)
		} else {
			p = newSkellamPassage(l, 0, point(l.cfg.Backlog), 0)
		}
		const tolerance = 1e-9
		lo, hi := p.window(tolerance)
		ps, ok := solveSmooth(p, lo, hi, tolerance, 0)
		if !ok {
			t.Errorf("%s: not taken for smooth", name)
			continue
		}
		m := &march{passage: p, tolerance: tolerance, nodes: cheb16, relative: relativeEnd}
		m.run(lo, hi)
		got, want := newCurve(ps, nil, 0), newCurve(m.panels, nil, 0)
		near(t, name+" mass", got.total(), 1, 1e-11)
		for _, p := range []float64{1e-9, 1e-6, 1e-3, .1, .5, .9, .999, 1 - 1e-6, 1 - 1e-9} {
			x := want.Quantile(p)
			if d := math.Abs(got.CDF(x) - want.CDF(x)); d > tolerance+3e-7*math.Min(p, 1-p) {
				t.Errorf("%s: CDF at %g differs by %.2g", name, x, d)
			}
		}
		for _, q := range []float64{1e-6, 1e-9, 1e-11} {
			x := want.Quantile(1 - q)
			near(t, fmt.Sprintf("%s: tail at %g", name, x), got.Exceed(x), want.Exceed(x), 3e-7)
		}
	}
}

// Densities that begin at once, or near a batch, are left to the march.
func TestSmoothDeclines(t *testing.T) {
	for name, l := range map[string]*Lane{
		"one request": laneOf(t, Config{Backlog: 1, Servers: 1, Service: Exponential{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, Surge{.3, 20})}),
		"late batch":  laneOf(t, Config{Backlog: 400, Servers: 1, Service: Exponential{.1}, Target: idle, Arrivals: arrivalsOf(t, Steady{3}, Batch{10, 50})}),
	} {
		p := newSkellamPassage(l, 0, point(l.cfg.Backlog), 0)
		lo, hi := p.window(1e-8)
		if _, ok := solveSmooth(p, lo, hi, 1e-8, 0); ok {
			t.Errorf("%s: taken for smooth", name)
		}
	}
}

// A batch of random size long before the window, the source roughest where next to
// nothing has come of it, and services so alike that the kernel swings over a
// dozen of them: the density is smooth for all that, and is solved at once.
func TestSmoothAfterRandomBatch(t *testing.T) {
	l := laneOf(t, Config{Backlog: 400, Servers: 1, Service: Gamma{2, 11}, Target: Target{Idle: false},
		Arrivals: arrivalsOf(t, Steady{.25}, Pool{Instances: 300, Requests: 2, Start: 47.604, Held: true, Delay: ExponentialDelay{601.71}})})
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.withMean(1, 1); err != nil {
		t.Fatal(err)
	}
	const tolerance = 2.5e-9
	q := newGammaPassage(p.Lane, 0, p.Initial().law(), p.Level(0))
	lo, hi := q.window(tolerance)
	ps, smooth := solveSmooth(q, lo, hi, tolerance, 0)
	if !smooth {
		t.Fatal("it is not solved at once")
	}
	near(t, "mass", newCurve(ps, nil, 0).total(), 1, 1e-9)
}
