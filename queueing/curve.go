package queueing

import (
	"math"
	"sort"
)

// curve is a distribution made of a density in panels, each a Chebyshev
// interpolant, and of atoms. Masses are summed from both ends, so that the
// smaller tail keeps its relative accuracy.
type curve struct {
	panels []panel
	atoms  []Atom    // in order of time
	before []float64 // before[i]: mass of the atoms before i
	after  []float64 // after[i]: mass of the atoms from i on
	left   []float64 // left[i]: mass of the panels before i
	right  []float64 // right[i]: mass of the panels from i on
	never  float64   // mass at +Inf
}

type panel struct {
	lo, hi float64
	coef   []float64 // density in the variable that runs from -1 at lo to 1 at hi
	anti   []float64 // mass from lo on
	mass   float64
	octave *octave // the variable runs with ln t, and the density is that of ln t; nil: with t
	// positive: the density is known to be above 0, whatever its series looks like
	positive bool
}

// octave is the middle and half the width of a panel in ln t.
type octave struct{ mid, half float64 }

func newPanel(lo, hi float64, coef []float64) panel {
	return scaledPanel(lo, hi, coef, antiderivative(coef))
}

// interpolated is a panel of a density known wherever it is asked for.
func interpolated(lo, hi float64, density func(t float64) float64) panel {
	values := make([]float64, len(cheb16.x))
	for i, x := range cheb16.x {
		values[i] = density((lo+hi)/2 + (hi-lo)/2*x)
	}
	return newPanel(lo, hi, cheb16.coefficients(values))
}

// scaledPanel is newPanel with the antiderivative in units of half the panel,
// which becomes the panel's own.
func scaledPanel(lo, hi float64, coef, anti []float64) panel {
	p := panel{lo: lo, hi: hi, coef: coef, anti: anti}
	for k := range p.anti {
		p.anti[k] *= (hi - lo) / 2
	}
	p.mass = clenshaw(p.anti, 1)
	return p
}

// newOctaves is a panel from exp(a) to exp(b) of a density of ln t.
func newOctaves(a, b float64, coef []float64) panel {
	return newPanel(a, b, coef).overOctaves()
}

// overOctaves is p with its time for the logarithm of time.
func (p panel) overOctaves() panel {
	p.octave = &octave{(p.lo + p.hi) / 2, (p.hi - p.lo) / 2}
	p.lo, p.hi = math.Exp(p.lo), math.Exp(p.hi)
	return p
}

func (p panel) to(t float64) float64 {
	if p.octave != nil {
		return (math.Log(t) - p.octave.mid) / p.octave.half
	}
	return (2*t - p.lo - p.hi) / (p.hi - p.lo)
}

func (p panel) density(t float64) float64 {
	f := clenshaw(p.coef, p.to(t))
	if p.octave != nil {
		f /= t
	}
	return f
}

// each visits Gauss points of the panel from t on with their mass.
func (p panel) each(t float64, visit func(t, mass float64)) {
	if t >= p.hi {
		return
	}
	x := -1.0
	if t > p.lo {
		x = p.to(t)
	}
	half := (p.hi - p.lo) / 2
	if p.octave != nil {
		half = p.octave.half
	}
	var at, f [16]float64
	for i, g := range gauss16.x {
		at[i] = (1+x)/2 + (1-x)/2*g
	}
	clenshaws(f[:], p.coef, at[:])
	for i, at := range at {
		s := (p.hi+p.lo)/2 + half*at
		if p.octave != nil {
			s = math.Exp(p.octave.mid + half*at)
		}
		visit(s, half*(1-x)/2*gauss16.w[i]*f[i])
	}
}

// upTo is the mass in (lo,t], which rounding may not take out of its range.
func (p panel) upTo(t float64) float64 {
	return math.Min(math.Max(clenshaw(p.anti, p.to(t)), 0), math.Max(p.mass, 0))
}

// beyond is the mass in (t,hi]. Where little of it is left the density is
// summed again, since the difference of masses has no digits then.
func (p panel) beyond(t float64) float64 {
	m := p.mass - clenshaw(p.anti, p.to(t))
	if m < 1e-2*p.mass {
		m = 0
		p.each(t, func(_, w float64) { m += w })
	}
	return math.Min(math.Max(m, 0), math.Max(p.mass, 0))
}

// newCurve sorts out the masses. What panels and atoms leave of 1 is taken
// for rounding up to slack, and is at +Inf beyond.
func newCurve(panels []panel, atoms []Atom, never float64) *curve {
	c := &curve{panels: panels, atoms: atoms, never: never}
	n := len(panels)
	c.left, c.right = make([]float64, n+1), make([]float64, n+1)
	for i, p := range panels {
		c.left[i+1] = c.left[i] + math.Max(p.mass, 0)
	}
	for i := n - 1; i >= 0; i-- {
		c.right[i] = c.right[i+1] + math.Max(panels[i].mass, 0)
	}
	m := len(atoms)
	c.before, c.after = make([]float64, m+1), make([]float64, m+1)
	for i, a := range atoms {
		c.before[i+1] = c.before[i] + a.Mass
	}
	for i := m - 1; i >= 0; i-- {
		c.after[i] = c.after[i+1] + atoms[i].Mass
	}
	return c
}

// upTo is how many atoms are at t or before.
func (c *curve) upTo(t float64) int {
	return sort.Search(len(c.atoms), func(i int) bool { return c.atoms[i].At > t })
}

// total mass of panels, atoms and +Inf.
func (c *curve) total() float64 {
	return c.left[len(c.panels)] + c.never + c.before[len(c.atoms)]
}

// locate is the index of the panel that holds t, or of the first one after it.
func (c *curve) locate(t float64) int {
	return sort.Search(len(c.panels), func(i int) bool { return c.panels[i].hi > t })
}

func (c *curve) CDF(t float64) float64 {
	if above := c.above(t); above < 0.5 {
		return math.Max(0, 1-above)
	}
	return c.below(t)
}

func (c *curve) Exceed(t float64) float64 {
	if above := c.above(t); above < 0.5 {
		return above
	}
	return math.Max(0, 1-c.below(t))
}

// below is P(T <= t) summed from the left.
func (c *curve) below(t float64) float64 {
	i := c.locate(t)
	sum := c.left[i]
	if i < len(c.panels) && t > c.panels[i].lo {
		sum += c.panels[i].upTo(t)
	}
	return math.Min(sum+c.before[c.upTo(t)], 1)
}

// above is P(T > t) summed from the right.
func (c *curve) above(t float64) float64 {
	i := c.locate(t)
	sum := c.never
	if i < len(c.panels) {
		sum += c.right[i+1]
		if t > c.panels[i].lo {
			sum += c.panels[i].beyond(t)
		} else {
			sum += math.Max(c.panels[i].mass, 0)
		}
	}
	return math.Min(sum+c.after[c.upTo(t)], 1)
}

// span is the interval outside which there is no mass but the one at +Inf.
func (c *curve) span() (lo, hi float64) {
	lo, hi = math.Inf(1), 0
	for _, a := range c.atoms {
		lo, hi = math.Min(lo, a.At), math.Max(hi, a.At)
	}
	if n := len(c.panels); n > 0 {
		lo, hi = math.Min(lo, c.panels[0].lo), math.Max(hi, c.panels[n-1].hi)
	}
	return math.Min(lo, hi), hi
}

// moments are the total mass and the mean and variance of what is finite.
func (c *curve) moments() (mass, mean, variance float64) {
	points := make([]Atom, 0, len(gauss16.x)*len(c.panels)+len(c.atoms))
	c.each(func(t, w float64) { points = append(points, Atom{t, w}) })
	centre := 0.0
	for pass := range 3 {
		var m0, m1, m2 float64
		for _, p := range points {
			d := p.At - centre
			m0 += p.Mass
			m1 += p.Mass * d
			m2 += p.Mass * d * d
		}
		if m0 == 0 {
			return 0, 0, 0
		}
		mass, mean = m0, centre+m1/m0
		variance = m2/m0 - (m1/m0)*(m1/m0)
		if pass < 2 {
			centre = mean
		}
	}
	return mass, mean, variance
}

// each visits Gauss points of every panel, and every atom, with their mass.
func (c *curve) each(visit func(t, mass float64)) {
	for _, p := range c.panels {
		p.each(p.lo, visit)
	}
	for _, a := range c.atoms {
		visit(a.At, a.Mass)
	}
}

func (c *curve) Mean() float64 {
	if c.never > 0 {
		return math.Inf(1)
	}
	_, mean, _ := c.moments()
	return mean
}

func (c *curve) StdDev() float64 {
	if c.never > 0 {
		return math.Inf(1)
	}
	_, _, v := c.moments()
	return math.Sqrt(math.Max(v, 0))
}

// MeanOver is, as the mean is, of all the finite mass there is, which may lack
// the law's error of 1.
func (c *curve) MeanOver(t float64) float64 {
	if c.never > 0 {
		return math.Inf(1)
	}
	mass := 0.0
	c.each(func(_, w float64) { mass += w })
	if mass <= 0 {
		return 0
	}
	return c.excess(t) / mass
}

// excess is the integral of max(0, s-t) over the finite mass as it is: that of
// a curve which is only a piece of a law too.
func (c *curve) excess(t float64) float64 {
	sum := 0.0
	for _, p := range c.panels {
		p.each(t, func(s, w float64) { sum += w * (s - t) })
	}
	for _, a := range c.atoms {
		sum += a.Mass * math.Max(0, a.At-t)
	}
	return math.Max(sum, 0)
}

// density at t, atoms left out.
func (c *curve) density(t float64) float64 {
	if i := c.locate(t); i < len(c.panels) && t >= c.panels[i].lo {
		return c.panels[i].density(t)
	}
	return 0
}

// peak is the largest density at the Gauss points.
func (c *curve) peak() float64 {
	most := 0.0
	for _, p := range c.panels {
		for _, x := range gauss16.x {
			f := clenshaw(p.coef, x)
			if p.octave != nil {
				f /= math.Exp(p.octave.mid + p.octave.half*x)
			}
			most = math.Max(most, f)
		}
	}
	return most
}
