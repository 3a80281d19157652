package queueing

import (
	"errors"
	"testing"
)

// A march that takes too many values of its kernel stops there, and what it was asked
// for is refused: arrivals that come within a nanosecond, again and again, cut it into
// panels without end.
func TestMarchIsBounded(t *testing.T) {
	tr, err := NewTrace([]float64{0, 1e-9, 2, 3}, []float64{5, 5, 5}, true)
	if err != nil {
		t.Fatal(err)
	}
	l := laneOf(t, Config{Servers: 1, Service: Gamma{.1, .4}, Arrivals: arrivalsOf(t, Batch{20, 0}, tr)})
	q := newGammaPassage(l, 0, l.Initial().law(), l.Level(0))
	m := &march{passage: q, tolerance: 1e-8, nodes: cheb16, relative: relativeEnd, most: 1e5}
	march := solver{DrainDensity, func(p problem) (Drain, error) {
		lo, hi := q.window(1e-8)
		m.run(lo, hi)
		return p.result(newCurve(m.panels, nil, 0), DrainDensity, ""), nil
	}}
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := march.try(p)
	var refused *UnsupportedError
	if !errors.As(err, &refused) || refused.Method != DrainDensity {
		t.Fatalf("%v, error %g: %v", d.Method, d.AbsError, err)
	}
	if m.values != m.most+1 {
		t.Errorf("%g values of at most %g", m.values, m.most)
	}
	if most := valuesOf(q); most != marchValues {
		t.Errorf("gamma services have %g values", most)
	}
}

// A surge that is over in a hundredth of a service, or a thousandth, while the first
// services end: the density and its kernels change with it. The chain steps over it.
func TestDensityOverShortSurges(t *testing.T) {
	for _, decay := range []float64{1e-3, 1e-2, .1} {
		for _, s := range []Service{Exponential{1}, Gamma{1, 2}} {
			l := laneOf(t, Config{Backlog: 1, Servers: 1, Service: s, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, Surge{50, decay})})
			chain, err := SolveDrain(l, SolveOptions{Method: Chain})
			if err != nil {
				t.Fatal(err)
			}
			d, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
			if err != nil {
				t.Fatal(err)
			}
			if d.AbsError > 1e-8 {
				t.Errorf("%T, %g s: %g reached", s, decay, d.AbsError)
			}
			agree(t, chain, d, 1e-8)
		}
	}
}
