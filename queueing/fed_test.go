package queueing

import (
	"math"
	"slices"
	"testing"
)

// Where nothing but age bounds the number that waits, and where none is ever too old, the diffusion
// below the bound by age is near the exact law, and the diffusion without.
func TestRungsOfAges(t *testing.T) {
	for _, c := range []struct {
		servers  int
		age, off float64
		idle     bool
	}{{10, 4, .06, false}, {10, 4, .06, true}, {3, 6, .1, false}, {30, 2, .06, false}} {
		service := Exponential{float64(c.servers) / 10}
		arrivals := arrivalsOf(t, Steady{2}, Surge{25, 20})
		config := Config{Servers: c.servers, Service: service, Arrivals: arrivals, Backlog: 30, Target: Target{Idle: c.idle}, Mechanisms: Mechanisms{MaxAge: c.age}}
		exact, err := SolveDrain(laneOf(t, config), SolveOptions{})
		if err != nil || exact.AbsError > 1e-3 {
			t.Fatalf("%v: %s to %.2g", err, exact.Reason, exact.AbsError)
		}
		p, err := newProblem(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.belowAges()
		if err != nil {
			t.Fatal(err)
		}
		checkLaw(t, d)
		if off := furthestAt(exact, d); !(off < c.off) {
			t.Errorf("%+v: %.3f off, mean %.4f for %.4f", c, off, d.Mean(), exact.Mean())
		}
		config.Mechanisms.MaxAge = 1e4
		if p, err = newProblem(laneOf(t, config), SolveOptions{}); err != nil {
			t.Fatal(err)
		}
		if d, err = p.belowAges(); err != nil {
			t.Fatal(err)
		}
		config.Mechanisms.MaxAge = 0
		if p, err = newProblem(laneOf(t, config), SolveOptions{}); err != nil {
			t.Fatal(err)
		}
		want, err := p.byRungs()
		if err != nil {
			t.Fatal(err)
		}
		if off := furthestAt(want, d); !(off < 2e-3) {
			t.Errorf("%+v: %.5f off where nobody is too old", c, off)
		}
	}
}

// What a throttle lets through is what comes, in parts of nearly one rate.
func TestFedTrace(t *testing.T) {
	var f fedTrace
	for i := range 101 {
		f.add(float64(i)/10, .4)
	}
	f.add(10, .6)
	near(t, "all", f.upTo(20), 41, 1e-12)
	near(t, "half", f.upTo(5.05), .4*51.5, 1e-12)
	edges, counts, repeat := f.parts(10, arrivalsOf(t, Steady{2}), 1)
	sum := 0.0
	for _, n := range counts {
		sum += n
	}
	last := edges[len(edges)-1]
	if near(t, "parts", sum, 41+2*(last-10), 1e-12); repeat || len(edges) != len(counts)+1 || len(counts) > fedParts+fedLater {
		t.Errorf("%d edges of %d parts", len(edges), len(counts))
	}
	if edges[0] != 0 || !(last > 1e4) || !slices.ContainsFunc(edges, func(x float64) bool { return math.Abs(x-10) < 1e-12 }) {
		t.Errorf("from %g to %g, of which nothing is 10", edges[0], last)
	}
}
