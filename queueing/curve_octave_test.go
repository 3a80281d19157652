package queueing

import (
	"math"
	"testing"
)

// A power law on panels of ln t: t^(p-1) p from 1e-30 to 1 has its masses,
// moments and mean excess in closed form.
func TestPanelsOfLogarithms(t *testing.T) {
	const p = 0.25
	var ps []panel
	for a := math.Log(1e-30); a < -1; a += 5 {
		b := math.Min(a+5, 0)
		coef := interpolate(func(x float64) float64 { return p * math.Exp(p*x) }, logNodes, a, b)
		ps = append(ps, newOctaves(a, b, coef))
	}
	c := newCurve(ps, nil, 0)
	least := math.Pow(1e-30, p)
	near(t, "total", c.total(), 1-least, 1e-13)
	for _, at := range []float64{1e-25, 1e-9, .03, .5, .999} {
		near(t, "density", c.density(at), p*math.Pow(at, p-1), 1e-11)
		near(t, "mass below", c.below(at)+least, math.Pow(at, p), 1e-12)
		near(t, "mass above", c.above(at), 1-math.Pow(at, p), 1e-11)
		excess := p/(p+1)*(1-math.Pow(at, p+1)) - at*(1-math.Pow(at, p))
		near(t, "E(T-t)^+", c.excess(at), excess, 1e-9)
	}
	mass, mean, variance := c.moments()
	near(t, "mass of the moments", mass, 1-least, 1e-13)
	near(t, "mean", mean, p/(p+1)/(1-least), 1e-12)
	near(t, "variance", variance, p/(p+2)/(1-least)-mean*mean, 1e-11)
	if got := c.Quantile(.3); math.Abs(math.Pow(got, p)-least-.3) > 1e-12 {
		t.Errorf("the 0.3-quantile is %g", got)
	}
	if peak := c.peak(); !(peak > .1*p*math.Pow(1e-30, p-1)) {
		t.Errorf("the largest density is %g", peak)
	}
}
