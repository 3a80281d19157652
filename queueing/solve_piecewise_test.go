package queueing

import "testing"

// alternating is a lane of one server whose arrivals alternate between two rates, for
// so long each, again and again.
func alternating(t testing.TB, s Service, backlog int, length, low, high float64) *Lane {
	tr, err := NewTrace([]float64{0, length, 2 * length}, []float64{low * length, high * length}, true)
	if err != nil {
		t.Fatal(err)
	}
	return laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, Batch{backlog, 0}, tr), Target: Target{Waiting: 3}})
}

// Rates that jump while the lane drains: the density against the chain, which steps
// from jump to jump. The kernel fades after a jump, so that its weight at a panel's
// end is none of its weight at the beginning.
func TestDensityWhereRatesJump(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 2}, BalancedHyperexponential(.1, 1.5)} {
		l := alternating(t, s, 300, 20, 4, 7)
		chain, err := SolveDrain(l, SolveOptions{Method: Chain, Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		d, err := SolveDrain(l, SolveOptions{Method: DrainDensity, Tolerance: 1e-8})
		if err != nil {
			t.Fatal(err)
		}
		if d.AbsError > 1e-8 {
			t.Errorf("%T: %g reached", s, d.AbsError)
		}
		agree(t, chain, d, 1e-8)
	}
}

// Where rates jump from second to second the chain answers, as the density would.
func TestPiecewiseArrivals(t *testing.T) {
	l := alternating(t, Exponential{1}, 60, 1, .05, .3)
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Method != Chain || d.AbsError > 1e-8 {
		t.Fatalf("%s, %g: %v", d.Method, d.AbsError, err)
	}
	density, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, density, d, 1e-8)
	few := alternating(t, Exponential{1}, 20, 20, .1, .7)
	if d, err := SolveDrain(few, SolveOptions{}); err != nil || d.Method != DrainDensity {
		t.Errorf("few jumps by %s: %v", d.Method, err)
	}
}

// Services that have no phases are approximated where the density would take minutes,
// whatever the jumps: not left to it.
func TestTooManyPieces(t *testing.T) {
	for _, s := range []Service{Gamma{1, .4}, Lognormal{1, 2}} {
		l := alternating(t, s, 60, 1, .1, 1.1)
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Quality != Approximate || d.AbsError > .05 {
			t.Errorf("%T: %s, %g: %v", s, d.Quality, d.AbsError, err)
		}
		near(t, "mean", d.Mean(), 56.5/.4, .05)
	}
}
