package queueing

import (
	"math"
	"testing"
)

// A density that dips below 0 makes a distribution function that falls. Levelled it
// does not, keeps its mass, and is where it was wherever it had reached no more before.
func TestRisingCurve(t *testing.T) {
	wave := newPanel(2, 4, []float64{0.1, 0.2, 0.05, -0.02})
	calm := newPanel(4, 6, []float64{0.2, 0.1})
	instant := newPanel(6, math.Nextafter(6, 7), []float64{1, 2})
	negative := newPanel(math.Nextafter(6, 7), 7, []float64{-1e-9, 1e-9})
	fallen := newCurve([]panel{wave, calm, instant, negative}, []Atom{{2, 0.4}}, 0)
	risen := fallen.rising()
	if off := risen.total() - fallen.total(); math.Abs(off) > 1e-15 {
		t.Errorf("mass changed by %g", off)
	}
	falls, before := false, 0.0
	highest := 0.0
	for i := range 5001 {
		x := 1.9 + 5.2*float64(i)/5000
		was, is := 0.4+clenshaw(wave.anti, wave.to(x)), risen.below(x)
		if !(is >= before) {
			t.Fatalf("F falls to %.17g from %.17g at %g", is, before, x)
		}
		before = is
		if x <= 2 || x >= 4 {
			continue
		}
		highest = math.Max(highest, was)
		falls = falls || was < highest-1e-6
		if most := math.Min(highest, 0.4+wave.mass); math.Abs(is-math.Max(most, 0.4)) > 5e-3 {
			t.Fatalf("F(%g) = %g, want %g", x, is, most)
		}
	}
	if !falls {
		t.Error("the density was never negative")
	}
	if part, rises := newPanel(0, 1, []float64{0, 0}).lifted(risingMost); !rises || part.coef[0] != 0 || part.mass != 0 {
		t.Errorf("nothing was lifted to %v, %t", part.coef, rises)
	}
	if same := newCurve([]panel{calm}, nil, 0); same.rising() != same {
		t.Error("a density without dips was cut")
	}
}

// Where a density begins at 0 its interpolant is negative there by rounding, and is not
// made even for it: the law of early passages keeps its shape, against the chain.
func TestRisingFromZero(t *testing.T) {
	for name, c := range map[string]Config{
		"no-wait": {Backlog: 3, Servers: 1, Service: Exponential{math.E}, Arrivals: arrivalsOf(t, Steady{0.1 / math.E}, Surge{0.001 / math.E, math.E * math.E})},
		"idle":    {Backlog: 2, Servers: 1, Service: Exponential{1.03}, Arrivals: arrivalsOf(t, Steady{0.92}, Surge{0.034, 34}), Target: Target{Idle: true}},
	} {
		l := laneOf(t, c)
		got, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		want, err := SolveDrain(l, SolveOptions{Method: Chain})
		if err != nil {
			t.Fatal(err)
		}
		for x := 1e-3; x < 3; x *= 1.5 {
			if off := math.Abs(got.CDF(x) - want.CDF(x)); off > got.AbsError+want.AbsError {
				t.Errorf("%s: P(T <= %g) = %.10g, by the chain %.10g", name, x, got.CDF(x), want.CDF(x))
			}
		}
	}
}
