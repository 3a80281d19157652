package queueing

import (
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// countTerms are what [workSums] and [poleSums.aside] average over the number of
// arrivals, before that average: for gamma services over all arrivals, of which the
// number of services tells, for others over those from pools.
type countTerms struct {
	sums    *poleSums
	chance  law       // of arrivals from pools
	mean    float64   // of these; 0: not known
	room    []float64 // for their chances
	some    []float64 // for those of every so many
	chances []float64 // of the numbers that terms are for
	up      []float64
	down    []float64
	both    []float64 // down and up
	group   int       // requests that come at once from pools
	others  law       // of the requests from others, where that is more than one
	lone    float64   // their mean
	of      groupDensities
	spent   float64 // on groups, in products
}

// whole tells over which arrivals the average is for works of up to u.
func (c *countTerms) whole(u float64, most int) bool {
	if c.group > 1 {
		return false
	}
	return c.sums.series != nil || c.sums.table.covers(u, most)
}

// aside is the density at u of the work of (k + A)^+ services, for k < 0 or where
// the average is over all arrivals.
func (c *countTerms) aside(k int, u float64, m *ringMean) (lo int, terms []float64) {
	switch {
	case c.summed(u, k, m):
		return c.byGroups(k, u, m, false)
	case m.whole:
		return c.outwards(k, u, m.base+m.pool, false)
	}
	if c.sums.early(float64(k), u) || m.base+m.pool < noArrival {
		return 0, nil
	}
	l := float64(-k)
	return c.along(c.sums.asidePath(l, u, c.requests(m)), -k, u, m, func(q *pathPoint) (first, each complex128) {
		return q.over(l, u, m.base), cmplx.Exp(q.z * complex(u, 0))
	})
}

// last is as in [workSums].
func (c *countTerms) last(k int, u float64, m *ringMean) (lo int, terms []float64) {
	switch {
	case c.summed(u, k, m):
		return c.byGroups(k, u, m, true)
	case m.whole:
		return c.outwards(k, u, m.base+m.pool, true)
	}
	if c.sums.early(float64(k), u) {
		return 0, nil
	}
	p := c.sums.path(float64(k), u, c.tilted(float64(k), u, m))
	p.logs = k != 1
	lo, terms = c.powers(p, u, m, func(q *pathPoint) complex128 {
		return cmplx.Exp(q.phase(float64(k-1), u, m.base)) * q.slope
	})
	return trimmed(lo, terms, m.every)
}

// oneMore turns the terms of last(k), which it overwrites, into those of last(k+1):
// for n arrivals that is the term for n+1 times P(A = n)/P(A = n+1) = (n+1)/a.
func oneMore(lo int, terms []float64, a float64, every int) (int, []float64) {
	for i := range terms {
		terms[i] *= float64(lo+i*every) / a
	}
	if lo > 0 {
		return lo - 1, terms
	}
	return 0, terms[min(1, len(terms)):]
}

// below is P(k + A services take u at most), k >= 0.
func (c *countTerms) below(k int, u float64, m *ringMean) (lo int, terms []float64) {
	if c.summed(u, k, m) {
		return c.tailsOf(k, u, m, false)
	}
	if m.whole {
		tails := c.tails(u)
		return c.each(m.base+m.pool, func(j int) float64 {
			below, _ := tails(k + j)
			return below
		})
	}
	if c.sums.early(float64(k), u) || k == 0 && m.base+m.pool < noArrival {
		return c.each(m.pool, func(j int) float64 { return c.sums.below(float64(k+c.size()*j), u, m.base) })
	}
	p, right := c.sums.pathBy0(float64(k), u, c.tilted(float64(k), u, m))
	p.logs = k != 0
	lo, terms = c.powers(p, u, m, func(q *pathPoint) complex128 {
		return cmplx.Exp(q.phase(float64(k), u, m.base)) * reciprocal(q.z)
	})
	if !right {
		for i := range terms {
			terms[i] += c.chances[i]
		}
	}
	return lo, terms
}

// beyond is P((k + A)^+ services take longer than u), of either sign of k.
func (c *countTerms) beyond(k int, u float64, m *ringMean) (lo int, terms []float64) {
	switch {
	case c.summed(u, k, m):
		return c.tailsOf(k, u, m, true)
	case m.whole:
		tails := c.tails(u)
		return c.each(m.base+m.pool, func(j int) float64 {
			_, above := tails(k + j)
			return above
		})
	case c.sums.early(float64(k), u) || k >= 0 || m.base+m.pool < noArrival:
		return c.each(m.pool, func(j int) float64 { return c.sums.beyond(float64(k+c.size()*j), u, m.base) })
	}
	l := float64(-k)
	p, right := c.sums.asideBy0(l, u, c.requests(m))
	lo, terms = c.along(p, -k, u, m, func(q *pathPoint) (first, each complex128) {
		r := reciprocal(q.z)
		return q.over(l, u, m.base) * r, cmplx.Exp(q.z*complex(u, 0)) * r
	})
	for i := range terms {
		terms[i] = -terms[i]
		if right {
			terms[i] += c.chances[i] * poissonOver(-k-c.size()*(lo+i*m.every), m.base)
		}
	}
	return lo, terms
}

// poissonOver is P(A > n), A Poisson.
func poissonOver(n int, mean float64) float64 {
	switch {
	case n < 0:
		return 1
	case mean <= 0:
		return 0
	}
	return mathext.GammaIncReg(float64(n)+1, mean)
}

// tails of the time that n services take, as functions of n.
func (c *countTerms) tails(u float64) func(n int) (below, above float64) {
	if t := c.sums.table; t != nil {
		all := t.below(u)
		return func(n int) (below, above float64) {
			below = belowOf(all, n)
			return below, 1 - below
		}
	}
	return func(n int) (below, above float64) {
		if n <= 0 {
			return 1, 0
		}
		return gammaTails(float64(n)*c.sums.series.shape, c.sums.series.rate*u)
	}
}

// each weighs a value for each number by its Poisson probability.
func (c *countTerms) each(mean float64, value func(n int) float64) (lo int, terms []float64) {
	chance := point(0)
	if mean > 0 {
		chance = poissonLaw(mean)
	}
	c.up = c.up[:0]
	for i, w := range chance.p {
		c.up = append(c.up, w*value(chance.lo+i))
	}
	return chance.lo, c.up
}

// termsEnd is the share of the largest term below which terms are left out.
const termsEnd = 1e-16

// outwards are the terms of [gammaSums.sum] from the largest on, by ratios of
// neighbours: g_n(u) P(A = n-k), times u/n for the last service's mean length.
func (c *countTerms) outwards(k int, u, a float64, last bool) (lo int, terms []float64) {
	if c.sums.table != nil {
		lo, c.up = c.sums.table.terms(c.up[:0], k, u, a, last)
		return trimmed(lo, c.up, 1)
	}
	g := c.sums.series
	c.up, c.down = c.up[:0], c.down[:0]
	first := max(k, 1)
	if u <= 0 || a < noArrival && k < 1 {
		return first - k, nil
	}
	centre := first
	if a >= noArrival {
		centre = max(first, int(math.Round(g.mode(float64(k), u, a))))
	}
	x := float64(centre) * g.shape
	top := x / u * poissonReal(x, g.rate*u) * poissonProb(float64(centre-k), a)
	if last {
		top *= u / float64(centre)
	}
	step := math.Pow(g.rate*u, g.shape) * a
	v := top
	for n := centre; v > termsEnd*top; n++ {
		c.up = append(c.up, v)
		v *= step * g.ratios.at(n) / float64(n+1-k)
		if last {
			v *= float64(n) / float64(n+1)
		}
	}
	v = top
	for n := centre - 1; n >= first; n-- {
		v *= float64(n+1-k) / (step * g.ratios.at(n))
		if last {
			v *= float64(n+1) / float64(n)
		}
		if !(v > termsEnd*top) {
			break
		}
		c.down = append(c.down, v)
	}
	lo = centre - k - len(c.down)
	slices.Reverse(c.down)
	c.both = append(append(c.both[:0], c.down...), c.up...)
	return lo, c.both
}

// tableTerms is the share of the largest of a table's terms below which they are left
// out at the ends: the table is not that accurate.
const tableTerms = 1e-13

// trimmed leaves them out; terms are for every so many numbers.
func trimmed(lo int, terms []float64, every int) (int, []float64) {
	if len(terms) == 0 {
		return lo, terms
	}
	least := tableTerms * slices.Max(terms)
	for len(terms) > 1 && math.Abs(terms[len(terms)-1]) < least {
		terms = terms[:len(terms)-1]
	}
	first := 0
	for first < len(terms)-1 && math.Abs(terms[first]) < least {
		first++
	}
	return lo + first*every, terms[first:]
}

// total is the sum of outwards.
func (c *countTerms) total(k int, u, a float64, last bool) float64 {
	sum := 0.0
	_, terms := c.outwards(k, u, a, last)
	for _, x := range terms {
		sum += x
	}
	return sum
}

// twoTotals are last(k) and last(k+1) for k >= 1 and a mean of moreArrivals at least,
// by the terms of the first ([oneMore]).
func (c *countTerms) twoTotals(k int, u, a float64) (one, two float64) {
	if c.sums.early(float64(k), u) {
		return 0, 0
	}
	lo, terms := c.outwards(k, u, a, true)
	for i, x := range terms {
		one += x
		two += x * (float64(lo+i) / a)
	}
	return one, two
}

// moreArrivals are the mean from which on neighbouring chances are so alike that terms
// lose a digit at most.
const moreArrivals = 0.5
