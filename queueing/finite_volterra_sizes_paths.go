package queueing

import (
	"math"
	"math/cmplx"
	"slices"
)

// Lists of [sizeTerms] by transforms, inverted along one path for all numbers of services.

// follow lists c for services whose transforms are inverted, along one path.
func (z *sizeTerms) follow(kind sizeKind, k, first, last int, u float64) {
	n := last - first + 1
	z.list = slices.Grow(z.list[:0], n)[:n]
	clear(z.list)
	if u <= 0 {
		for x := range z.list {
			z.list[x] = z.atOnce(kind, first+x)
		}
		return
	}
	q := sizePath{kind: kind, first: first, u: u, base: z.base, flows: []groupFlow{{1, z.base, 0}}}
	for _, l := range z.levels {
		q.flows = append(q.flows, groupFlow{l.size, l.mean.pool, 0})
	}
	right := true
	if w := z.services.sums; w.paths != nil {
		q.between(w, k, z.requests())
	} else {
		right = q.place(z.groups, k)
	}
	z.spend(q.into(z.list))
	if kind == sizeBeyond {
		for x := range z.list {
			z.list[x] = -z.list[x]
		}
	}
	if right == (kind == sizeBeyond) && kind >= sizeBelow {
		for x := range z.list {
			z.list[x] += q.whole(x)
		}
	}
}

// atOnce is c where u is 0.
func (z *sizeTerms) atOnce(kind sizeKind, x int) float64 {
	switch kind {
	case sizeBelow:
		return 1 - poissonOver(-x, z.base)
	case sizeBeyond:
		return poissonOver(-x, z.base)
	}
	return 0
}

// sizePath inverts the transforms for numbers of services from first on.
type sizePath struct {
	kind  sizeKind
	first int
	u     float64
	base  float64
	flows []groupFlow
	path  parabola
	less  servicesLaw
}

// place chooses the path for sums from k on, and tells whether it passes the pole at 0 on
// the right.
func (q *sizePath) place(w *groupSums, k int) (right bool) {
	requests := 0.0
	for _, f := range q.flows {
		requests += f.mean * float64(f.size)
	}
	n := servicesLaw{lo: float64(k)}
	if k < 1 && requests < sizeMany { // one of them at least is left
		n.lo = 1
	}
	c, x, bend := w.centre(n, q.u, q.flows)
	h := math.Inf(1)
	if right = true; q.kind >= sizeBelow {
		x, h, right = w.pastPole(x, bend)
		c = x - w.edge
	}
	if q.less = n; q.kind == sizeLast {
		q.less.lo--
	}
	q.path = parabola{sums: w.poleSums, c: c, x: x, logs: true}
	q.path.h = math.Min(h, w.step(c, x, q.less, q.u, q.flows))
	q.path.patience = w.patience(&q.path, q.less, q.u, q.flows)
	return right
}

// between is the path between the singularities of lognormal services, for so many
// requests that come.
func (q *sizePath) between(w *poleSums, k int, requests float64) {
	edge := w.edge
	if q.kind >= sizeBelow {
		edge = 0
	}
	if q.less = (servicesLaw{lo: float64(max(k, 1))}); q.kind == sizeLast {
		q.less.lo--
	}
	q.path = w.paths.path(w, math.Max(float64(k), 1), q.u, requests, edge)
	q.path.logs = true
}

// sizeMany are the requests from which on a few set aside hardly count.
const sizeMany = 12.0

// whole is the probability that services are left of those from x on.
func (q *sizePath) whole(x int) float64 {
	if q.kind == sizeBelow {
		return 1
	}
	return poissonOver(-q.first-x, q.base)
}

// into writes the list; it says how many products that took.
func (q *sizePath) into(list []float64) (products int) {
	var f, s [4]complex128
	n, end := 0, 0.0
	for i, small := 0, 0; i < contourTerms && small < q.path.patience; i++ {
		at := q.path.at(i)
		turn := q.path.turn(i, &at)
		size := q.size(&at) * cmplx.Abs(turn)
		if i == 0 {
			turn, end = turn/2, contourEnd*size
		}
		from := q.early(list, &at, turn)
		f[n], s[n] = from, at.value
		if n++; n == len(f) {
			addPowers(list[q.skip(len(list)):], &f, &s)
			n = 0
		}
		if small++; size > end {
			small = 0
		}
		products += len(list)
	}
	clear(f[n:])
	addPowers(list[q.skip(len(list)):], &f, &s)
	scale := 2 * q.path.x / math.Pi * q.path.h
	for x := range list {
		list[x] *= scale
	}
	return products
}

// skip is the number of values that are no mere powers.
func (q *sizePath) skip(n int) int {
	if q.kind == sizeLast || q.kind == sizeBelow {
		return 0
	}
	return min(n, max(0, 1-q.first))
}

// early adds the values of what is set aside, as [countTerms.along] does, and returns what
// powers are to be multiplied by.
func (q *sizePath) early(list []float64, at *pathPoint, turn complex128) complex128 {
	switch q.kind {
	case sizeLast:
		return cmplx.Exp(at.phase(float64(q.first-1), q.u, q.base)) * at.slope * turn
	case sizeBelow:
		return cmplx.Exp(at.phase(float64(q.first), q.u, q.base)) * reciprocal(at.z) * turn
	case sizeBeyond:
		turn *= reciprocal(at.z)
	}
	if q.first > 0 {
		return cmplx.Exp(at.phase(float64(q.first), q.u, q.base)) * turn
	}
	l := -q.first
	f, each := at.over(float64(l), q.u, q.base)*turn, cmplx.Exp(at.z*complex(q.u, 0))*turn
	for j := 0; j <= l; j++ {
		if j < len(list) {
			list[j] += real(f)
		}
		f = at.value * (f + complex(poissonProb(float64(l-j), q.base), 0)*each)
	}
	return f
}

// size is the most that a point of the path may add, over all numbers.
func (q *sizePath) size(at *pathPoint) float64 {
	log := real(at.log)
	sum := real(at.z)*q.u + q.less.log(log)
	for _, g := range q.flows {
		sum += g.mean * math.Expm1(float64(g.size)*log)
	}
	size := math.Exp(sum)
	switch q.kind {
	case sizeLast:
		size *= cmplx.Abs(at.slope)
	case sizeBelow, sizeBeyond:
		size /= cmplx.Abs(at.z)
	}
	return size
}
