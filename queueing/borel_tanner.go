package queueing

import (
	"math"
	"sort"
)

// Few lattice points are listed one by one. Of more only the first, where few
// requests have arrived.
const (
	fewPoints  = 400
	fewArrived = 128
)

// borelTanner is the law of the busy period with deterministic service: the
// number N of services is
//
//	P(N = n) = q(n) = (k0/n) pois(n-k0; n rho),  n >= k0
//
// (J. C. Tanner, Biometrika 40 (1953)) and T = N times the service time. Many
// points are not listed: the density is integrated of which q(n) is the mass
// within half a service of n ([borelTanner.cell]).
func (c constantLane) borelTanner(span, tol float64) (Distribution, float64) {
	q := borelTanner{float64(c.k0), c.load()}
	lo, hi := c.bounds(outside)
	first := max(c.k0, int(lo/span)-1)
	n := int(hi/span) + 2 - first
	listed := n
	if n > fewPoints {
		listed = max(0, c.k0+fewArrived-first)
	}
	p := make([]float64, listed)
	for i := range p {
		p[i] = q.mass(float64(first + i))
	}
	head := newLattice(0, span, first, p)
	if listed == n {
		return head, math.Abs(head.left[n]-1) + 2e-17
	}
	from := (float64(first+listed) - 0.5) * span
	k := c.cumulants()
	cells := func(t float64) float64 { return q.cell(t/span) - math.Log(span) }
	ps, cut := logPanels(cells, onset{}, from, hi, k, c.instantNoise(k), tol)
	law := longLattice{head, newCurve(ps, nil, 0)}
	return law, math.Abs(head.left[listed]+law.tail.total()-1) + cut
}

// borelTanner is q(n) with k0 and rho.
type borelTanner struct{ k, rho float64 }

func (q borelTanner) mass(n float64) float64 { return q.k / n * poissonMass(n-q.k, n*q.rho) }

// cell is the logarithm of a density at real n whose integral from n - 1/2 to
// n + 1/2 is q(n): with D = d/dn it is g(D) q with g(x) = (x/2) / sinh(x/2)
// (Euler and Maclaurin's sum at midpoints). Of L = ln q,
//
//	g(D) q = q [g + g'' L''/2 + g''' L'''/6 + g'''' (L''''+3 L''^2)/24 + 15 g^(6) L''^3/720 + ...]
//
// with g and its derivatives at L'. L varies over the standard deviation of N,
// or over the arrivals a = n - k, whichever is less, so what is left out is
// below 1e-4 sd^-8 and 0.1 a^-6 of it.
func (q borelTanner) cell(n float64) float64 {
	a := n - q.k
	off := q.k - n*(1-q.rho) // of the mean arrivals from a
	log := math.Log(q.k/n) - a*excessOfLog(off/a) - stirlingSeries(a) - math.Log(2*math.Pi*a)/2
	// digamma(a+1) = ln a + 1/(2a) - 1/(12a^2) + ..., and its derivatives
	i, r := 1/n, 1/a
	l1 := math.Log1p(off*r) - off*i - i - r/2 + r*r/12
	l2 := i + (q.k+1)*i*i - r + r*r/2 - r*r*r/6
	l3 := -i*i - 2*(q.k+1)*i*i*i + r*r - r*r*r + r*r*r*r/2
	l4 := 2*i*i*i + 6*(q.k+1)*i*i*i*i - 2*r*r*r + 3*r*r*r*r
	x := l1 * l1
	g := -x * (1.0/24 - x*(7.0/5760-x*(31.0/967680-x*127.0/154828800))) // less 1
	g += l2 / 2 * (-1.0/12 + x*(7.0/480-x*31.0/32256))
	g += l3 / 6 * l1 * (7.0/240 - x*31.0/8064)
	g += (l4 + 3*l2*l2) / 24 * (7.0/240 - x*31.0/2688)
	g -= l2 * l2 * l2 * 15 / 720 * 31 / 1344
	return log + math.Log1p(g)
}

// longLattice is a lattice law whose first points are listed and the masses of
// the others the integrals of a density over the cells around them.
type longLattice struct {
	head *lattice
	tail *curve
}

// edge is the end of the cell of the last lattice point at or before t.
func (a longLattice) edge(t float64) float64 {
	return (math.Floor(Until(t)/a.head.d) + 0.5) * a.head.d
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

// moment about a centre, of power 1 or 2. Beyond the integrals over the
// density of cells it has, by Euler and Maclaurin's sum, that of the rounding
// within them, d^2/12, and a term where the cells begin.
func (a longLattice) moment(centre float64, power int) float64 {
	mass, d := a.head.left[len(a.head.q)], a.head.d
	sum := 0.0
	for i, q := range a.head.q {
		sum += q * math.Pow(a.head.at(i)-centre, float64(power))
	}
	rest := 0.0
	a.tail.each(func(t, w float64) {
		sum += w * math.Pow(t-centre, float64(power))
		rest += w
	})
	from, _ := a.tail.span()
	step := a.begin(from)
	if power == 2 {
		sum += d * d / 12 * rest
		step *= 2 * (from - centre)
	}
	return (sum + step) / (mass + rest)
}

// begin is the sum over the points from the cell that begins at edge on of
// their distance from it, less the same of the density f: d^2 f/12 - d^4 f2/720
// + ..., f2 its second derivative.
func (a longLattice) begin(edge float64) float64 {
	f, d := a.tail.density, a.head.d
	bend := 2*f(edge) - 5*f(edge+d) + 4*f(edge+2*d) - f(edge+3*d) // d^2 f''
	return d * d * (f(edge)/12 - bend/720)
}

func (a longLattice) Mean() float64 {
	centre, _ := a.tail.span()
	for range 2 {
		centre += a.moment(centre, 1)
	}
	return centre
}

func (a longLattice) StdDev() float64 { return math.Sqrt(a.moment(a.Mean(), 2)) }

func (a longLattice) MeanOver(t float64) float64 {
	edge := a.edge(t)
	from, _ := a.tail.span()
	return a.head.MeanOver(t) + a.tail.excess(edge) + (edge-t)*a.tail.above(edge) + a.begin(math.Max(edge, from))
}
