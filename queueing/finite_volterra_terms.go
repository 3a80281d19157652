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
	return trimmed(lo, terms, max(1, m.every))
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
			terms[i] += c.chances[i] * c.over(-k-c.size()*(lo+i*max(1, m.every)), m.base)
		}
	}
	return lo, terms
}

// over is P(A > n), A Poisson.
func (c *countTerms) over(n int, mean float64) float64 {
	switch {
	case n < 0:
		return 1
	case mean <= 0:
		return 0
	}
	return mathext.GammaIncReg(float64(n)+1, mean)
}

// along inverts transforms for each number j of arrivals from pools along one path,
// times the probability of j, with the last l arrivals set aside,
//
//	f(0) = first, f(j+1) = S* (f(j) + P(A = l-j) each), A the other arrivals,
//
// which adds those that are as many as l more of.
func (c *countTerms) along(p parabola, l int, u float64, m *ringMean, at func(q *pathPoint) (first, each complex128)) (lo int, terms []float64) {
	c.arrivals(m.pool)
	lo = c.chance.lo
	n := lo + len(c.chance.p)
	c.thinned(u, m, lo > l)
	c.up = append(c.up[:0], make([]float64, len(c.chances))...)
	c.down = c.down[:0]
	for j := 0; j <= l; j++ {
		c.down = append(c.down, poissonProb(float64(l-j), m.base))
	}
	end := 0.0
	for i, small := 0, 0; i < contourTerms && small < p.patience; i++ {
		q := p.at(i)
		f, each := at(&q)
		turn := p.turn(i, &q)
		f, each = f*turn, each*turn
		if i == 0 {
			f, each = f/2, each/2
		}
		s := q.value
		size := 0.0
		j := 0
		for ; c.size()*j <= l && j < n; j++ {
			if j >= lo {
				w := c.chance.p[j-lo]
				c.up[j-lo] += w * real(f)
				size += w * span(f)
			}
			for i := c.group * j; i < c.size()*(j+1); i++ {
				if i <= l {
					f += complex(c.down[i], 0) * each
				}
				f *= s
			}
		}
		s = wholePower(s, c.size())
		if j < lo {
			f *= wholePower(s, lo-j)
			j = lo
		}
		if m.every > 1 {
			s = wholePower(s, m.every)
		}
		re, im, x, y := real(f), imag(f), real(s), imag(s)
		for i, w := range c.chances[min(j-lo, len(c.chances)):] {
			c.up[j-lo+i] += w * re
			size += w * (math.Abs(re) + math.Abs(im))
			re, im = re*x-im*y, re*y+im*x
		}
		if i == 0 {
			end = contourEnd * size
		}
		if small++; size > end {
			small = 0
		}
		c.spend(len(c.up))
	}
	scale := 2 * p.x / math.Pi * p.h
	for i := range c.up {
		c.up[i] *= scale
	}
	return lo, c.up
}

// arrivals sets the chances of the pools'.
func (c *countTerms) arrivals(mean float64) {
	switch {
	case mean <= 0:
		c.chance, c.mean = point(0), 0
	case mean != c.mean:
		c.poisson(mean)
	}
}

// poisson sets them, from the mode on, as far as they count.
func (c *countTerms) poisson(mean float64) {
	mode := int(mean)
	top := poissonProb(float64(mode), mean)
	least := termsEnd * top
	lo, p := mode, top
	for ; lo > 0 && p > least; lo-- {
		p *= float64(lo) / mean
	}
	at := slices.Grow(c.room[:0], mode-lo+1)[:mode-lo+1]
	for n, p := mode, top; n >= lo; n-- {
		at[n-lo] = p
		p *= float64(n) / mean
	}
	for n, p := mode+1, top*mean/float64(mode+1); p > least; n++ {
		at = append(at, p)
		p *= mean / float64(n+1)
	}
	c.chance, c.mean, c.room = law{lo, at}, mean, at
}

// powers inverts first S*^j for each number j of arrivals from pools along one path,
// times the probability of j, four points of the path side by side. What a point adds
// is no more than |first| e^(-mean (1-|S*|)) in all.
func (c *countTerms) powers(p parabola, u float64, m *ringMean, first func(q *pathPoint) complex128) (lo int, terms []float64) {
	c.arrivals(m.pool)
	lo = c.chance.lo
	c.thinned(u, m, lo > 0)
	c.up = append(c.up[:0], make([]float64, len(c.chances))...)
	var f, s [4]complex128
	end, n := 0.0, 0
	for i, small := 0, 0; i < contourTerms && small < p.patience; i++ {
		q := p.at(i)
		at := first(&q) * p.turn(i, &q)
		s1 := wholePower(q.value, c.size())
		size := span(at) * math.Exp(-m.pool*(1-cmplx.Abs(s1)))
		if i == 0 {
			at, end = at/2, contourEnd*size
		}
		f[n], s[n] = at*wholePower(s1, lo), wholePower(s1, max(1, m.every))
		if n++; n == len(f) {
			addPowers(c.up, &f, &s)
			c.spend(len(f) * len(c.up))
			n = 0
		}
		if small++; size > end {
			small = 0
		}
	}
	clear(f[n:])
	addPowers(c.up, &f, &s)
	scale := 2 * p.x / math.Pi * p.h
	for i, w := range c.chances {
		c.up[i] *= scale * w
	}
	return lo, c.up
}

// thinned are the chances that terms are for: of every so many numbers, with the weight
// of all, where terms are wide and change smoothly from one to the next, as in
// [gammaSums.sum].
func (c *countTerms) thinned(u float64, m *ringMean, smooth bool) {
	if c.chances = c.chance.p; c.group > 1 || !smooth {
		return
	}
	if m.every = c.every(u, m); m.every > 1 {
		c.some = c.some[:0]
		for i := 0; i < len(c.chance.p); i += m.every {
			c.some = append(c.some, c.chance.p[i]*float64(m.every))
		}
		c.chances = c.some
	}
}

// addPowers adds the real parts of f, f s, f s^2, ….
func addPowers(dst []float64, f, s *[4]complex128) {
	a0, a1, a2, a3 := real(f[0]), real(f[1]), real(f[2]), real(f[3])
	b0, b1, b2, b3 := imag(f[0]), imag(f[1]), imag(f[2]), imag(f[3])
	x0, x1, x2, x3 := real(s[0]), real(s[1]), real(s[2]), real(s[3])
	y0, y1, y2, y3 := imag(s[0]), imag(s[1]), imag(s[2]), imag(s[3])
	for i := range dst {
		dst[i] += (a0 + a1) + (a2 + a3)
		a0, b0 = a0*x0-b0*y0, a0*y0+b0*x0
		a1, b1 = a1*x1-b1*y1, a1*y1+b1*x1
		a2, b2 = a2*x2-b2*y2, a2*y2+b2*x2
		a3, b3 = a3*x3-b3*y3, a3*y3+b3*x3
	}
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
