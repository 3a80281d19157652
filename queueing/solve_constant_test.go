package queueing

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// What Auto finds at constant rates against the drain density by its general
// way, whose terms, panels and windows are others: the CDF within the errors
// stated, and the tails to digits of their own as far as both say they go.
func TestConstantRatesMeetPassage(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 4}, Gamma{.1, .4}, Deterministic{.1}} {
		for _, n0 := range []int{1, 30, 5000} {
			for _, rate := range []float64{1, 8, 9.7} {
				name := fmt.Sprintf("%T from %d at %g/s", s, n0, rate)
				l := constantCase(t, n0, rate, s, 1, idle)
				got, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10})
				if err != nil {
					t.Fatal(name, err)
				}
				want, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10, Method: DrainDensity})
				if err != nil {
					t.Fatal(name, err)
				}
				if got.Method != DrainDensity || got.Quality != Exact || got.AbsError > 1e-10 || got.Reason != want.Reason {
					t.Errorf("%s: %s by %s to %.2g: %s", name, got.Quality, got.Method, got.AbsError, got.Reason)
				}
				for _, p := range []float64{1e-6, .01, .3, .5, .9, .99, .9999, 1 - 1e-8} {
					at := want.Quantile(p)
					if off, most := math.Abs(got.CDF(at)-want.CDF(at)), got.AbsError+want.AbsError+1e-12; !(off <= most) {
						t.Errorf("%s: CDF(%g) = %.14g, want %.14g within %.2g", name, at, got.CDF(at), want.CDF(at), most)
					}
				}
				if reach := math.Min(got.Tail, want.Tail); reach > 0 {
					near(t, name+": Tail", got.Tail, want.Tail, .2)
					near(t, name+": P(T > Tail)", got.Exceed(reach), want.Exceed(reach), 1e-5)
				}
			}
		}
	}
}

// Of services all but equal, each number of which is a peak by itself, there is
// no closed form in numbers; Auto goes the general way.
func TestClosedFormOfNearlyEqualServices(t *testing.T) {
	l := constantCase(t, 1, 1, Gamma{.1, 3000}, 1, idle)
	var refused *UnsupportedError
	if d, err := ClosedFormDrain(l, SolveOptions{}); !errors.As(err, &refused) {
		t.Errorf("error %v, law to %g", err, d.AbsError)
	}
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || !(d.AbsError <= defaultTolerance) {
		t.Errorf("to %g, %v", d.AbsError, err)
	}
}

// A tail that is asked for has its digits there: far out P(T > t) is that of
// the general way, which follows the density to where nothing is left of it.
func TestConstantTailAskedFor(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 4}} {
		l := constantCase(t, 200, 7, s, 1, idle)
		const at = 330.0
		got, err := SolveDrain(l, SolveOptions{Tail: at})
		if err != nil {
			t.Fatal(err)
		}
		want, err := SolveDrain(l, SolveOptions{Tail: at, Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		if got.Tail < at || !(want.Exceed(at) < 1e-15) {
			t.Errorf("%T: Tail %g, P(T > %g s) = %g", s, got.Tail, at, want.Exceed(at))
		}
		near(t, fmt.Sprintf("%T: P(T > %g s)", s, at), got.Exceed(at), want.Exceed(at), 1e-5)
		// beyond what numbers hold nothing is promised
		if got, err = SolveDrain(l, SolveOptions{Tail: 1e6}); err != nil || got.Tail >= 1e6 || got.AbsError > defaultTolerance {
			t.Errorf("%T: Tail %g, error %g, %v", s, got.Tail, got.AbsError, err)
		}
	}
}

// Gamma laws from nearly all mass at 0 to nearly fixed, from one request to
// very many: the error stated is as asked for, and the law is the general
// way's where that takes no long time.
func TestConstantRatesOfAnyShape(t *testing.T) {
	for _, shape := range []float64{1e-3, .02, .1, 60, 1e3, 1e5} {
		for _, n0 := range []int{1, 1e6} {
			for _, rate := range []float64{0, 4, 9.9} {
				if shape > rippling && n0 == 1 && rate > 0 {
					rate = 0 // what this way leaves to the general one takes it long
				}
				name := fmt.Sprintf("shape %g, %d at %g/s", shape, n0, rate)
				l := constantCase(t, n0, rate, Gamma{.1, shape}, 1, idle)
				d, err := SolveDrain(l, SolveOptions{})
				if err != nil {
					t.Fatal(name, err)
				}
				if !(d.AbsError <= defaultTolerance) {
					t.Errorf("%s: error %.2g", name, d.AbsError)
				}
				k, err := DrainCumulants(l)
				if err != nil {
					t.Fatal(name, err)
				}
				if over := d.MeanOver(k.Mean) - (k.Mean - d.Mean()); math.IsNaN(over) || over <= 0 {
					t.Errorf("%s: E(T-m)^+ = %g", name, over)
				}
				if n0 > 1 {
					continue
				}
				closed, err := ClosedFormDrain(l, SolveOptions{})
				if err != nil || math.IsNaN(closed.AbsError) {
					t.Errorf("%s: closed form to %g, %v", name, closed.AbsError, err)
				}
				if closed.AbsError < defaultTolerance {
					if worst := worstBetween(closed, d); !(worst <= closed.AbsError+d.AbsError+1e-12) {
						t.Errorf("%s: differs by %.2g", name, worst)
					}
				}
			}
		}
	}
}
