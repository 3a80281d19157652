package queueing

import (
	"math"
	"testing"
)

// Quantiles are those that bisection of the sums finds over the whole span, up to the
// rounding of the sums: with panels of time and of its logarithm, atoms, gaps, and mass
// that never ends.
func TestQuantileAgainstBisection(t *testing.T) {
	laws := map[string]*curve{}
	for name, s := range map[string]Service{"narrow": Gamma{.1, 4}, "Kendall": Exponential{.1}} {
		d, err := ClosedFormDrain(constantCase(t, 1000, 4, s, 1, idle), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		laws[name] = d.Distribution.(*curve)
	}
	d, err := ClosedFormDrain(constantCase(t, 1, 9, Gamma{.1, .25}, 1, idle), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	laws["wide"] = d.Distribution.(*curve)
	even := func(lo, hi, mass float64) panel { return newPanel(lo, hi, []float64{mass / (hi - lo)}) }
	laws["atoms"] = newCurve([]panel{even(0, 1, .3), even(2, 5, .3)}, []Atom{{.5, .1}, {1.5, .1}, {3, .1}}, .1)
	laws["lattice in part"] = newCurve([]panel{newPanel(1, 2, []float64{.5, .5}), newPanel(2, 3, []float64{.5, -.5})}, nil, 0)
	for name, c := range laws {
		for _, p := range []float64{1e-12, 1e-6, .01, .05, .2, .3, .35, .45, .5, .55, .65, .75, .85, .9, .99, .9999, 1 - 1e-9, 1 - 1e-12} {
			short := func(t float64) bool { return c.below(t) < p }
			if p > .5 {
				short = func(t float64) bool { return c.above(t) > 1-p }
			}
			lo, hi := c.span()
			want := bisect(lo, hi, short)
			if a, b := want*(1-1e-6), want*(1+1e-6); short(a) && !short(b) { // of the last digits near 0
				want = bisect(a, b, short)
			}
			if short(hi) {
				if got := c.Quantile(p); math.IsInf(got, 1) != (c.never > 1-p) || !math.IsInf(got, 1) && got != hi {
					t.Errorf("%s: quantile %g is %g, the span ends at %g", name, p, got, hi)
				}
				continue
			}
			got := c.Quantile(p)
			noise := 4e-15 * want
			if i := c.locate(want); i < len(c.panels) && c.density(want) > 0 { // the rounding of the sums
				noise += 4e-16 * (c.panels[i].mass + math.Min(p, 1-p) + .1*math.Max(0, p-.5)) / c.density(want)
			}
			if !(math.Abs(got-want) <= noise) {
				t.Errorf("%s: quantile %g is %.17g, by bisection %.17g", name, p, got, want)
			}
			if short(got) {
				t.Errorf("%s: quantile %g: at %.17g the sum is short of it", name, p, got)
			}
		}
	}
}

// An interval that straddles holds the place where a condition ends, however far that is
// from where it is looked for.
func TestStraddle(t *testing.T) {
	for _, end := range []float64{.1, .5, .500001, .9, .9999} {
		for _, at := range []float64{0, .2, .5, .50000001, .95, 1} {
			for _, reach := range []float64{1e-17, 1e-9, .3, 10} {
				lo, hi := straddle(at, reach, 0, 1, func(t float64) bool { return t < end })
				if !(lo < end && end <= hi) || lo < 0 || hi > 1 {
					t.Errorf("end %g from %g, %g: (%g,%g)", end, at, reach, lo, hi)
				}
			}
		}
	}
}
