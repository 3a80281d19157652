package queueing

import (
	"math"
	"sort"
)

// maxAtoms is the largest number of lattice points that are listed one by one.
const maxAtoms = 200_000

// borelTanner is the law of the busy period with deterministic service: the
// number N of services is
//
//	P(N = n) = (k0/n) pois(n-k0; n rho),  n >= k0
//
// (J. C. Tanner, Biometrika 40 (1953)) and T = N times the service time. Of
// more than 200,000 points the first are listed and the others integrated:
// their sum up to n is the integral of the interpolating function up to
// n + 1/2, with an error of at most 1/12 of the largest difference between
// neighbours.
func (c constantLane) borelTanner(span, tol float64) (Distribution, float64) {
	k, rho := float64(c.k0), c.load()
	prob := func(n float64) float64 { return k / n * poissonMass(n-k, n*rho) }
	log := func(t float64) float64 { n := t / span; return math.Log(k/t) + lnPoissonMass(n-k, n*rho) }
	lo, hi := c.bounds(outside)
	first := max(c.k0, int(lo/span)-1)
	n := int(hi/span) + 2 - first
	p := make([]float64, min(n, maxAtoms))
	for i := range p {
		p[i] = prob(float64(first + i))
	}
	head := newLattice(0, span, first, p)
	if n <= maxAtoms {
		return head, math.Abs(head.left[n]-1) + 2e-17
	}
	from := float64(first + maxAtoms)
	ps, cut := c.panels(log, (from-0.5)*span, hi, tol)
	law := longLattice{head, newCurve(ps, nil, 0)}
	slope := 0.0
	for _, q := range ps {
		slope = math.Max(slope, math.Abs(prob(q.lo/span+1)-prob(q.lo/span)))
	}
	return law, math.Abs(head.left[maxAtoms]+law.tail.total()-1) + cut + slope/6
}

// longLattice is a lattice law whose first points are listed and the masses of
// the others the integrals of a density over the cells around them.
type longLattice struct {
	head *lattice
	tail *curve
}

// edge is the end of the cell of the last lattice point at or before t.
func (a longLattice) edge(t float64) float64 {
	return (math.Floor(t/a.head.d*(1+1e-15)) + 0.5) * a.head.d
}

func (a longLattice) below(t float64) float64 {
	return a.head.left[a.head.upTo(t)] + a.tail.below(a.edge(t))
}

func (a longLattice) above(t float64) float64 {
	return a.head.right[a.head.upTo(t)] + a.tail.above(a.edge(t))
}

func (a longLattice) CDF(t float64) float64 {
	if above := a.above(t); above < 0.5 {
		return 1 - above
	}
	return math.Min(1, a.below(t))
}

func (a longLattice) Exceed(t float64) float64 {
	if above := a.above(t); above < 0.5 {
		return above
	}
	return math.Max(0, 1-a.below(t))
}

func (a longLattice) Quantile(p float64) float64 {
	_, hi := a.tail.span()
	short := func(t float64) bool { return a.below(t) < p }
	if p > 0.5 {
		short = func(t float64) bool { return a.above(t) > 1-p }
	}
	n := int(hi/a.head.d) + 1
	i := sort.Search(n, func(i int) bool { return !short(float64(i) * a.head.d) })
	return float64(i) * a.head.d
}

func (a longLattice) moment(centre float64, power int) float64 {
	mass := a.head.left[len(a.head.q)]
	sum := a.head.moment(centre, power) * mass
	a.tail.each(func(t, w float64) {
		sum += w * math.Pow(t-centre, float64(power))
		mass += w
	})
	return sum / mass
}

func (a longLattice) Mean() float64 {
	centre := a.head.at(0) + a.moment(a.head.at(0), 1)
	return centre + a.moment(centre, 1)
}

func (a longLattice) StdDev() float64 { return math.Sqrt(a.moment(a.Mean(), 2)) }

func (a longLattice) MeanOver(t float64) float64 {
	edge := a.edge(t)
	return a.head.MeanOver(t) + a.tail.excess(edge) + (edge-t)*a.tail.above(edge)
}
