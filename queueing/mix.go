package queueing

import (
	"math"
	"slices"
)

// mix is the weighted sum of laws. Weights add up to 1 and may be negative;
// what is lost by their signs shows in the error.
func mix(drains []*Drain, weights []float64, rest float64) Drain {
	middle := drains[len(drains)/2]
	out := *middle
	spread := 0.0
	for i, d := range drains {
		spread += math.Abs(weights[i]) * d.AbsError
	}
	out.AbsError = spread + rest
	out.Atoms = mixAtoms(drains, weights, out.AbsError)
	if _, is := middle.Distribution.(*lattice); is {
		out.Distribution = mixLattices(drains, weights)
		return out
	}
	out.Distribution = mixCurves(drains, weights)
	return out
}

func mixAtoms(drains []*Drain, weights []float64, floor float64) []Atom {
	var out []Atom
	for i, d := range drains {
		for _, a := range d.Atoms {
			k := slices.IndexFunc(out, func(b Atom) bool { return b.At == a.At })
			if k < 0 {
				out, k = append(out, Atom{At: a.At}), len(out)
			}
			out[k].Mass += weights[i] * a.Mass
		}
	}
	slices.SortFunc(out, func(a, b Atom) int {
		if a.At < b.At {
			return -1
		}
		return 1
	})
	return slices.DeleteFunc(out, func(a Atom) bool { return a.Mass <= floor })
}

// mixCurves resamples the sum of densities on the panels of the middle law.
// Where rounding makes it negative it is 0.
func mixCurves(drains []*Drain, weights []float64) *curve {
	middle := drains[len(drains)/2].Distribution.(*curve)
	var panels []panel
	for _, p := range middle.panels {
		values := make([]float64, len(cheb16.x))
		for j, x := range cheb16.x {
			t := (p.lo+p.hi)/2 + (p.hi-p.lo)/2*x
			for i, d := range drains {
				values[j] += weights[i] * d.Distribution.(*curve).density(t)
			}
		}
		q := newPanel(p.lo, p.hi, cheb16.coefficients(values))
		panels = append(panels, q)
	}
	never := 0.0
	for i, d := range drains {
		never += weights[i] * d.Distribution.(*curve).never
	}
	var atoms []Drain
	for _, d := range drains {
		atoms = append(atoms, Drain{Atoms: d.Distribution.(*curve).atoms})
	}
	refs := make([]*Drain, len(atoms))
	for i := range atoms {
		refs[i] = &atoms[i]
	}
	return newCurve(panels, mixAtoms(refs, weights, 0), math.Max(never, 0))
}

// density at t, atoms left out.
func (c *curve) density(t float64) float64 {
	if i := c.locate(t); i < len(c.panels) && t >= c.panels[i].lo {
		return c.panels[i].density(t)
	}
	return 0
}

func mixLattices(drains []*Drain, weights []float64) *lattice {
	middle := drains[len(drains)/2].Distribution.(*lattice)
	first, last := middle.first, middle.first+len(middle.q)
	for _, d := range drains {
		l := d.Distribution.(*lattice)
		first, last = min(first, l.first), max(last, l.first+len(l.q))
	}
	q := make([]float64, last-first)
	for i, d := range drains {
		l := d.Distribution.(*lattice)
		for j, x := range l.q {
			q[l.first-first+j] += weights[i] * x
		}
	}
	return newLattice(middle.start, middle.d, first, q)
}
