package queueing

import (
	"math"
	"sort"
)

// lagTable interpolates a kernel that depends on the lag alone, as kernels do
// while the rate is the same, where each value takes an integral along a path:
// Chebyshev points in panels that are halved until the last coefficients are as
// small as the values are accurate.
type lagTable struct{ panels []panel }

const (
	lagDigits = 1e-12 // of the largest value seen, by which coefficients may be left out
	lagNarrow = 64.0  // panels in the shortest time in which a service's density changes
)

func newLagTable(span, shortest float64, f func(u float64) float64) *lagTable {
	t := &lagTable{}
	peak := 0.0
	var fill func(lo, hi float64)
	fill = func(lo, hi float64) {
		values := make([]float64, len(cheb16.x))
		for i, x := range cheb16.x {
			values[i] = f((lo+hi)/2 + (hi-lo)/2*x)
			peak = math.Max(peak, math.Abs(values[i]))
		}
		coef := cheb16.coefficients(values)
		n := len(coef)
		rest := math.Max(math.Abs(coef[n-1]), math.Max(math.Abs(coef[n-2]), math.Abs(coef[n-3])))
		if rest > lagDigits*peak && hi-lo > shortest/lagNarrow {
			fill(lo, (lo+hi)/2)
			fill((lo+hi)/2, hi)
			return
		}
		t.panels = append(t.panels, newPanel(lo, hi, coef))
	}
	for lo := 0.0; lo < span; { // the first are not smoother than the rest
		hi := math.Min(span, math.Max(2*lo, 8*shortest))
		fill(lo, hi)
		lo = hi
	}
	return t
}

func (t *lagTable) at(u float64) float64 {
	i := sort.Search(len(t.panels)-1, func(i int) bool { return t.panels[i].hi > u })
	return t.panels[i].density(u)
}

// even lets the kernel be interpolated if the rate is the same from start until
// then and the transform of a service takes long.
func (p *idleChance) even(until float64) {
	a := &p.lane.cfg.Arrivals
	if !p.absolute() || len(a.Breaks(p.start, until)) > 0 || a.Excess(p.start, math.Nextafter(until, 0)) != 0 {
		return
	}
	rate, exact, tables := a.Rate(p.start), p.after, map[float64]*lagTable{}
	p.after = func(k, u, _ float64) float64 {
		t := tables[k]
		if t == nil {
			t = newLagTable(until-p.start, p.sums.shortest(), func(u float64) float64 { return exact(k, u, rate*u) })
			tables[k] = t
		}
		return t.at(u)
	}
}
