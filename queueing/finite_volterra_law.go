package queueing

import "math"

// law puts the points' solutions together.
func (v *volterra) law() Drain {
	total := append([]complex128(nil), v.chance...)
	own := v.weights()
	rest := 0.0 // of the interpolants
	for i := range v.idle {
		p := &v.idle[i]
		counts := math.Min(1, (p.hi-p.lo)/v.before.event(p.hi))
		if i == len(v.idle)-1 {
			counts = 1
		}
		rest = math.Max(rest, counts*lastOf(combined(p, own)))
	}
	for i := range v.work {
		rest = math.Max(rest, lastOf(combined(&v.work[i], own)))
	}
	var later []panel
	for i := range v.later {
		p := &v.later[i]
		p.integral(total)
		coef := combined(p, own)
		rest += lastOf(coef) * (p.hi - p.lo) / 2
		later = append(later, newPanel(p.lo, p.hi, coef))
	}
	for j, x := range total {
		rest += span(v.points[j].weight * (x - 1))
	}
	c := newCurve(later, []Atom{{v.begin, math.Max(0, weighted(v.chance, own))}}, 0)
	d := v.result(c, DrainDensity, v.reason+", for complex means that fix the numbers in its finite streams")
	d.AbsError += rest + v.leaves()
	if v.terms.sums.absolute() {
		d.AbsError += mixtureError
	}
	return d
}

// weighted is the sum of the points' values, those without a weight left out.
func weighted(f, weights []complex128) float64 {
	sum := 0.0
	for j, w := range weights {
		sum += real(w * f[j])
	}
	return sum
}

// combined are the coefficients of a panel's sum.
func combined(p *ringPanel, weights []complex128) []float64 { return p.combined(legendre16, weights) }

// combined are the coefficients of the sum of what a panel has at the given nodes.
func (p *ringPanel) combined(nodes *chebyshev, weights []complex128) []float64 {
	values := make([]float64, len(p.f))
	for i, f := range p.f {
		values[i] = weighted(f, weights)
	}
	return nodes.coefficients(values)
}

// lastOf is the largest of the last coefficients.
func lastOf(coef []float64) float64 {
	last := 0.0
	for _, c := range coef[len(coef)-3:] {
		last = math.Max(last, math.Abs(c))
	}
	return last
}
