package queueing

import (
	"math"
	"slices"
	"sort"
)

// circleInflow is the density, at each point of a circle, with which mass enters a state
// of its chain: that of the passage to the state in which the first server idles, as
// [problem.throughIdle] has it for real means. In a step it adds h e^(q x) f(x) to what
// y grows by.
type circleInflow struct {
	entry  int        // requests
	nodes  *chebyshev // of each panel
	panels []ringPanel
	sum    *curve // over the points
}

// untilIdle sends what would follow many states, as long as all servers are busy, through
// the passage to where one idles. Requests must come by themselves.
func (c *circle) untilIdle(o SolveOptions) {
	entry := c.lane.ServersAt(c.t) - 1
	below := make([]circlePoint, len(c.points))
	for j := range c.points {
		pt := &c.points[j]
		below[j] = *pt
		k := min(max(entry+1-pt.lo, 0), len(pt.p))
		below[j].p = slices.Clone(pt.p[:k])
		pt.lo, pt.p = pt.lo+k, pt.p[k:]
	}
	if len(c.points[0].p) == 0 {
		c.points = below
		return
	}
	level := c.level
	c.level = entry
	all := c.passage(o).solved()
	c.points, c.level = below, level
	c.inflow = &circleInflow{entry, cheb16, all, newCurve(c.sumOf(all), nil, 0)}
	c.await()
}

// await goes on to where something enters if there is nothing yet.
func (c *circle) await() {
	size := 0.0
	for _, pt := range c.points {
		size += sizeOf(pt.p) * span(pt.weight)
	}
	if first := c.inflow.panels[0].lo; size < inflowDust && first > c.t {
		for j := range c.points {
			c.points[j].p = nil
		}
		c.t, c.err = first, c.err+size
	}
}

// inflowDust is what may be left out of what is there before anything enters.
const inflowDust = 1e-17

// flowing is the instant up to which the next step may go.
func (c *circle) flowing(to float64) float64 {
	if c.inflow == nil {
		return to
	}
	p, ok := c.inflow.next(c.t)
	switch {
	case !ok:
		c.inflow = nil
		c.unite()
		return to
	case p.lo > c.t:
		return math.Min(to, p.lo)
	}
	part := (p.hi - p.lo) / inflowParts
	edge := p.lo + part*(math.Floor((c.t-p.lo)/part*(1+1e-12))+1)
	if p.hi-edge < part/2 {
		edge = p.hi
	}
	return math.Min(to, edge)
}

// inflowParts are those of a panel over which f is a polynomial of few terms.
const inflowParts = 4

// next is the panel that holds what comes just after t, or the one to come.
func (in *circleInflow) next(t float64) (p *ringPanel, ok bool) {
	i := sort.Search(len(in.panels), func(i int) bool { return in.panels[i].hi > t })
	if i == len(in.panels) {
		return nil, false
	}
	return &in.panels[i], true
}

// entering are the terms of h e^(q x) f(x) for each point; nil if nothing enters.
func (c *circle) entering(s circleStep) [][]complex128 {
	if c.inflow == nil {
		return nil
	}
	p, ok := c.inflow.next(s.from)
	if !ok || p.lo > s.from {
		return nil
	}
	values := make([][]complex128, len(inflowNodes.x)) // at each node, for each point
	card := make([]float64, len(c.inflow.nodes.x))
	for i, x := range inflowNodes.x {
		t := s.from + s.h*(1+x)/2
		c.inflow.nodes.cardinals(card, (2*t-p.lo-p.hi)/(p.hi-p.lo))
		values[i] = make([]complex128, len(c.points))
		for k, w := range card {
			for j, f := range p.f[k] {
				values[i][j] += complex(w*real(f), w*imag(f))
			}
		}
	}
	terms := make([][]complex128, len(c.points))
	re, im := make([]float64, len(values)), make([]float64, len(values))
	for j := range terms {
		for i := range values {
			re[i], im[i] = real(values[i][j]), imag(values[i][j])
		}
		terms[j] = s.sourceTerms(monomials(inflowNodes.coefficients(re)), monomials(inflowNodes.coefficients(im)))
	}
	return terms
}

// inflowNodes are the points of a step at which f is taken.
var inflowNodes = newChebyshev(10)

// sourceTerms are those of h e^(q x) times a polynomial, as many as a step may take.
func (s circleStep) sourceTerms(re, im []float64) []complex128 {
	terms := make([]complex128, mostTerms(s.q))
	for j := range re {
		power := complex(re[j]*s.h, im[j]*s.h)
		for k := j; k < len(terms); k++ {
			terms[k] += power
			power *= complex(s.q/float64(k-j+1), 0)
		}
	}
	return terms
}

// include makes room for n requests.
func (pt *circlePoint) include(n int) {
	if len(pt.p) == 0 {
		pt.lo, pt.p = n, make([]complex128, 1)
		return
	}
	if n < pt.lo {
		pt.lo, pt.p = n, append(make([]complex128, pt.lo-n), pt.p...)
	}
	if room := n + 1 - pt.lo - len(pt.p); room > 0 {
		pt.p = append(slices.Clone(pt.p), make([]complex128, room)...)
	}
}
