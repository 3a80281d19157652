package queueing

import (
	"math"
	"testing"
)

// The density from 0 on against the sum of the summands one by one, over the
// hundreds of powers of e that few requests reach towards 0: what is left of it
// is the rounding of the exponents.
func TestTakacsOnsetMeetsSum(t *testing.T) {
	instants := 0
	for _, shape := range []float64{.02, .25, .7, 1, 2.5, 4, 30} {
		for _, k := range []int{1, 3, 10} {
			for _, rho := range []float64{0, .1, .5, .9, .9999} {
				s := Gamma{.1, shape}
				c := constantLane{k, rho / s.MeanTime, s}
				lo, hi := c.bounds(outside)
				lo = math.Max(math.Log(lo), math.Log(leastInstant*c.cumulants().Mean))
				onset, sum := c.takacsOnset(hi, 3e-12), c.takacsSum(s, 1e-12)
				if onset.end <= lo {
					t.Errorf("shape %g, k %d, load %g: none", shape, k, rho)
					continue
				}
				const n = 40
				at := make([]float64, n)
				for i := range at {
					at[i] = lo + (onset.end-lo)*(float64(i)+.5)/n
				}
				for i := 0; i < n; i += 10 {
					instants += 10
					got := append([]float64(nil), at[i:i+10]...)
					onset.exps(got)
					for j, x := range at[i : i+10] {
						want := sum(math.Exp(x)) + x
						if off := math.Abs(math.Log(got[j]) - want); !(off <= 5e-12+1e-15*math.Abs(want)) {
							t.Errorf("shape %g, k %d, load %g at ln t = %g: %.16g differs by %.2g", shape, k, rho, x, want, off)
						}
					}
				}
			}
		}
	}
	if instants < 4200 {
		t.Errorf("%d instants only", instants)
	}
}

// A power of t, whose density of ln t is an exponential, in panels as wide as
// they come: whatever the piece that a point is in, masses and tails are those
// of the closed form, and what is cut is stated.
func TestPanelsAsWideAsTheyCome(t *testing.T) {
	const p = 0.7
	exact := func(x []float64) {
		for i, v := range x {
			x[i] = p * math.Exp(p*v)
		}
	}
	for _, ends := range [][]float64{{0}, {-9, 0}, {-20, -19.999, -4, -3.9, 0}} {
		d := wideDensity{ballotDensity: &ballotDensity{tol: 1e-10, allowed: 3e-12}, first: firstPanel}
		for _, hi := range ends {
			d.pieces = append(d.pieces, expPiece{hi: hi, exps: exact})
		}
		lo := -60.0
		d.march(lo, 0)
		c := newCurve(d.panels, nil, 0)
		least := math.Exp(p * lo)
		if off := math.Abs(c.total() + least - 1); !(off <= d.cut && d.cut < 1e-10) {
			t.Errorf("%d pieces: the mass is off by %.2g, stated %.2g", len(ends), off, d.cut)
		}
		for _, x := range []float64{-59, -31, -19.9995, -7, -.5} {
			near(t, "mass below", c.below(math.Exp(x))+least, math.Exp(p*x), 1e-8)
			near(t, "density", c.density(math.Exp(x)), p*math.Exp((p-1)*x), 1e-7)
		}
		if n := len(d.panels); n > 14 {
			t.Errorf("%d panels", n)
		}
	}
	// a piece that is not accurate is part of the error
	d := wideDensity{ballotDensity: &ballotDensity{tol: 1e-10, allowed: 3e-12}, first: firstPanel}
	d.pieces = []expPiece{{-30, exact, 1e-3}, {0, exact, 0}}
	d.march(-60, 0)
	if bad := math.Exp(-30 * p); !(d.cut >= 1e-3*bad && d.cut <= 1e-10) {
		t.Errorf("%.2g stated, of which a piece of %.2g is off by 1e-3", d.cut, bad)
	}
}
