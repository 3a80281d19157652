package queueing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Where finite streams send groups of several sizes r_1, r_2, … the averages of
// [volterra] are over the number of groups of each size, Poisson of complex means, of
// averages over the requests that others send, Poisson of mean b:
//
//	sum over n_1, n_2, … of P(A_1 = n_1) P(A_2 = n_2) … c(k + r_1 n_1 + r_2 n_2 + …),
//	c(x) = sum over i of P(I = i) q(x + i),
//
// q(n) what is asked of n services. The c(x) are listed once for all x that count. They
// are summed over the numbers of one size after the other, each for all choices of the
// means of its pools: the last first, of which numbers are most, for each number of the
// others.

// sizeTerms takes these averages.
type sizeTerms struct {
	services *countTerms // densities and tails of single services
	groups   *groupSums  // nil: those are in closed form or in a table
	levels   []*sizeLevel
	combined []*sizeCombos // from each level on
	known    map[string][]*sizeCombos
	base     float64
	first    int       // x of list[0]
	list     []float64 // c
	top      float64   // the largest product of chances and c so far
	tails    []float64
	sums     [][]complex128 // over the numbers of the last level
	at       map[int]int    // of an x in sums
	spent    float64
}

// sizeLevel is the groups of a size.
type sizeLevel struct {
	id     int
	size   int
	pools  []int
	flows  []float64
	mean   *ringMean
	counts countTerms // chances of the number of groups
	lo     int
	chance []float64 // of every so many
	power  []complex128
	step   []complex128
	terms  []float64
	values []complex128
}

// sizeCombos are the choices of means that differ from a level on, sorted by the choice of
// the level's own means.
type sizeCombos struct {
	from  []int // the first with each of these choices, and their number
	inner []int // what they choose of the levels after it
	of    []int // each point
}

// sizeKind is what is asked of services.
type sizeKind int

const (
	sizeLast    sizeKind = iota // as in [workSums]
	sizeDensity                 // of their work
	sizeBelow                   // that it is u at most
	sizeBeyond                  // or more
)

func newSizeTerms(services *countTerms, sizes []int, points []circlePoint) *sizeTerms {
	z := &sizeTerms{services: services, known: map[string][]*sizeCombos{}, at: map[int]int{}}
	if services.sums.series == nil && services.sums.table == nil {
		z.groups = newGroupSums(services.sums.service)
	}
	for k, size := range sizes {
		i := slices.IndexFunc(z.levels, func(l *sizeLevel) bool { return l.size == size })
		if i < 0 {
			i = len(z.levels)
			z.levels = append(z.levels, &sizeLevel{id: i, size: size})
		}
		z.levels[i].pools = append(z.levels[i].pools, k)
	}
	for _, l := range z.levels {
		l.flows = make([]float64, len(l.pools))
		own := make([]circlePoint, len(points))
		for j, pt := range points {
			for _, k := range l.pools {
				own[j].means = append(own[j].means, pt.means[k])
			}
		}
		l.mean = newRingMean(own)
		room := len(points) + 3
		l.power, l.step, l.values = make([]complex128, room), make([]complex128, room), make([]complex128, room)
	}
	return z
}

// set takes the mean number of requests from others, and of groups of each pool where
// means are 1.
func (z *sizeTerms) set(base float64, pools []float64) {
	z.base = base
	key := ""
	for _, l := range z.levels {
		for i, k := range l.pools {
			l.flows[i] = pools[k]
		}
		l.mean.set(0, l.flows)
	}
	slices.SortStableFunc(z.levels, func(a, b *sizeLevel) int { return cmp.Compare(a.mean.pool, b.mean.pool) })
	for _, l := range z.levels {
		key += fmt.Sprint(l.id, l.mean.same, l.mean.sends, " ")
	}
	if z.known[key] == nil {
		z.known[key] = z.combine()
	}
	z.combined = z.known[key]
}

// combine lists the choices that differ from each level on.
func (z *sizeTerms) combine() []*sizeCombos {
	all := make([]*sizeCombos, len(z.levels))
	for i := len(z.levels) - 1; i >= 0; i-- {
		at := make([][2]int, len(z.levels[i].mean.points))
		for j := range at {
			if m := z.levels[i].mean; !m.same {
				at[j][0] = m.now.of[j]
			}
			if i+1 < len(all) {
				at[j][1] = all[i+1].of[j]
			}
		}
		all[i] = combosOf(at)
	}
	return all
}

// combosOf lists what points choose, of a level and of those after it.
func combosOf(points [][2]int) *sizeCombos {
	order := slices.Clone(points)
	slices.SortFunc(order, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	order = slices.Compact(order)
	c := &sizeCombos{}
	index := map[[2]int]int{}
	for n, at := range order {
		for len(c.from) <= at[0] {
			c.from = append(c.from, n)
		}
		index[at] = n
		c.inner = append(c.inner, at[1])
	}
	c.from = append(c.from, len(order))
	for _, at := range points {
		c.of = append(c.of, index[at])
	}
	return c
}

// requests is the mean number that come.
func (z *sizeTerms) requests() float64 {
	sum := z.base
	for _, l := range z.levels {
		sum += float64(l.size) * l.mean.pool
	}
	return sum
}

// count sets the chances of the numbers of groups, of all or, where terms are smooth, of
// every so many; sums over x from k on reach as far.
func (z *sizeTerms) count(k int, u float64, smooth bool) (first, last int) {
	first, last = k, k
	for _, l := range z.levels {
		l.counts.arrivals(l.mean.pool)
		law := l.counts.chance
		if l.mean.same {
			law = point(0)
		}
		l.lo, l.chance, l.mean.every = law.lo, law.p, 1
		if smooth && !l.mean.same {
			l.thin(z.services.sums.service, u, z.base)
		}
		first += l.size * law.lo
		last += l.size * law.hi()
	}
	return first, last
}

// thin takes every so many of the numbers, as [countTerms.every] does.
func (l *sizeLevel) thin(s Service, u, base float64) {
	every := groupStride(s, u, base, l.size, l.mean)
	if every < 2 {
		return
	}
	l.mean.every = every
	l.counts.some = l.counts.some[:0]
	for i := 0; i < len(l.chance); i += every {
		l.counts.some = append(l.counts.some, l.chance[i]*float64(every))
	}
	l.chance = l.counts.some
}

// listed lists c for sums from k on, and for those from up to more later.
func (z *sizeTerms) listed(kind sizeKind, k, more int, u float64) {
	first, last := z.count(k, u, kind <= sizeDensity)
	last += more
	if kind == sizeLast { // of one at least
		first = max(first, 1)
		last = max(last, first)
	}
	if last-first > sizeReach {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("requests come in groups of several sizes, and their numbers reach over %d", last-first)}})
	}
	z.first = first
	clear(z.at)
	z.top = 0
	others := z.services.singles(z.base)
	if t := z.services.sums.table; z.groups != nil || t != nil && !t.covers(u, last+others.hi()) {
		z.follow(kind, k, first, last, u)
		return
	}
	stride := z.services.stride(others, u)
	if kind > sizeDensity {
		stride = 1
	}
	from, q := z.each(kind, first+others.lo, last+others.hi(), u)
	z.list = slices.Grow(z.list[:0], last-first+1)[:last-first+1]
	for x := range z.list {
		ahead := first + others.lo + x - from // of others.p[0] in q
		sum := 0.0
		for i, to := (max(0, -ahead)+stride-1)/stride*stride, min(len(others.p), len(q)-ahead); i < to; i += stride {
			sum += others.p[i] * q[ahead+i]
		}
		z.list[x] = sum * float64(stride)
	}
	z.spend(len(z.list) * len(others.p) / stride)
}

// sizeRequests are the most that pools may send where groups are of several sizes.
const sizeRequests = 1e5

// sizeReach is the longest list: a second or so for each.
const sizeReach = 300_000

// each lists q, from a number on: it is 0 elsewhere, or need not be known.
func (z *sizeTerms) each(kind sizeKind, first, last int, u float64) (from int, q []float64) {
	c := z.services
	switch {
	case kind == sizeBelow || kind == sizeBeyond:
		tails := c.tails(u)
		z.tails = z.tails[:0]
		for n := first; n <= last; n++ {
			below, above := indicator(true), indicator(false)
			if n >= 1 {
				below, above = tails(n)
			}
			if kind == sizeBeyond {
				below = above
			}
			z.tails = append(z.tails, below)
		}
		return first, z.tails
	case c.sums.table != nil:
		c.listed(u, max(1, first), max(1, last), kind == sizeLast)
	default:
		c.listedAll(u, kind == sizeLast)
	}
	return c.of.first, c.of.g
}

// sum is the average from k on, for each choice of [sizeCombos] of the first level.
func (z *sizeTerms) sum(k int) []complex128 { return z.level(0, k, 1) }

// level sums over the numbers of groups of a level and of those after it, the chance of
// the numbers before being known; none if that does not count.
func (z *sizeTerms) level(i, x int, chance float64) []complex128 {
	l := z.levels[i]
	if i == len(z.levels)-1 {
		return z.lastLevel(l, x, chance)
	}
	c := z.combined[i]
	out := l.values[:len(c.inner)]
	clear(out)
	choices := len(c.from) - 1
	l.power[0], l.step[0] = 1, 1
	if !l.mean.same {
		for n, r := range l.mean.ratio[:choices] {
			l.power[n], l.step[n] = wholePower(r, l.lo)*l.mean.lift[n], wholePower(r, l.mean.every)
		}
	}
	for n, p := range l.chance {
		sums := z.level(i+1, x+l.size*(l.lo+n*l.mean.every), chance*p)
		for a := range choices {
			if len(sums) == 0 {
				l.power[a] *= l.step[a]
				continue
			}
			w := complex(p*real(l.power[a]), p*imag(l.power[a]))
			l.power[a] *= l.step[a]
			for j := c.from[a]; j < c.from[a+1]; j++ {
				out[j] += w * sums[c.inner[j]]
			}
		}
	}
	z.spend(len(l.chance) * len(out))
	return out
}

// lastLevel sums over the numbers of groups of the last level, once for each x of a list.
func (z *sizeTerms) lastLevel(l *sizeLevel, x int, chance float64) []complex128 {
	if i, is := z.at[x]; is {
		return z.sums[i]
	}
	l.terms = l.terms[:0]
	most := 0.0
	for n, p := range l.chance {
		v := p * z.c(x+l.size*(l.lo+n*l.mean.every))
		l.terms = append(l.terms, v)
		if v < 0 {
			v = -v
		}
		if v > most {
			most = v
		}
	}
	z.top = math.Max(z.top, chance*most)
	if most == 0 || chance*most < sizeEnd*z.top {
		return nil
	}
	lo, terms := l.lo, l.terms
	for ; math.Abs(terms[0]) < sizeEnd*most; lo += l.mean.every {
		terms = terms[1:]
	}
	for math.Abs(terms[len(terms)-1]) < sizeEnd*most {
		terms = terms[:len(terms)-1]
	}
	n := len(z.at)
	z.at[x] = n
	if n == len(z.sums) {
		z.sums = append(z.sums, nil)
	}
	z.sums[n] = append(z.sums[n][:0], l.mean.each(1, lo, terms)...)
	z.spend(len(terms) * (len(z.sums[n]) + 3) / 4)
	return z.sums[n]
}

// sizeEnd is the share of the largest product below which others are left out.
const sizeEnd = 1e-15

// c is that of the list, 0 beyond what counts.
func (z *sizeTerms) c(x int) float64 {
	if i := x - z.first; i >= 0 && i < len(z.list) {
		return z.list[i]
	}
	return 0
}

// add adds weight times the average from k on.
func (z *sizeTerms) add(dst []complex128, k int, weight float64) {
	sums := z.sum(k)
	for j, c := range z.combined[0].of {
		dst[j] += complex(weight, 0) * sums[c]
	}
}

// average lists c for sums from k on, and adds weight times their average.
func (z *sizeTerms) average(dst []complex128, kind sizeKind, k int, u, weight float64) {
	z.listed(kind, k, 0, u)
	z.add(dst, k, weight)
}

// times adds weight times f times that.
func (z *sizeTerms) times(dst, f []complex128, k int, weight float64) {
	sums := z.sum(k)
	for j, c := range z.combined[0].of {
		dst[j] += complex(weight, 0) * f[j] * sums[c]
	}
}

// none adds the probability that nothing comes.
func (z *sizeTerms) none(dst []complex128) {
	base := complex(math.Exp(-z.base), 0)
	for j := range dst {
		x := base
		for _, l := range z.levels {
			if !l.mean.same {
				x *= l.mean.lift[l.mean.now.of[j]] * complex(math.Exp(-l.mean.pool), 0)
			}
		}
		dst[j] += x
	}
}

// spend counts products, and gives up where they are too many.
func (z *sizeTerms) spend(products int) {
	most := sizeSpend
	if z.services.sums.absolute() {
		most = sizeShared
	}
	if z.spent += float64(products); z.spent > most {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("requests come in groups of several sizes, and following them takes more than %.0e products", most)}})
	}
}

// sizeSpend is what each of the nodes of panels may take, and sizeShared all where they
// share tables: fifteen seconds of two processors or so.
const sizeSpend, sizeShared = 1.5e9, 1.5e10
