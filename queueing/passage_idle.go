package queueing

import (
	"math"
	"sort"
)

// idleChance is the probability p0(t) that one server whose lane may run empty
// is idle, as an equation of the second kind. X(t) is the work there at start,
// and what has arrived since, less the time passed, as if the server owed work
// whenever it idles; k(s,t) is the density at 0 of what X gains over (s,t],
// given an arrival:
//
//	p0(t) = P(X(t) <= 0) - integral over (start,t) of k(s,t) p0(s) ds.
//
// If X(t) = -y the server has idled for y by the one instant s at which X first
// was at -y, since when X has gained nothing: either s = t, and it is idle, or
// it was idle at s and the loop from there has that density (V. E. Beneš, Ann.
// Math. Statist. 28 (1957) 670, for constant rates). All it takes is that
// increments of X are independent: Poisson arrivals of any rate, batches at
// fixed times, services from one law and independent. The equation holds on
// to the total probability: errors do not add up however long the lane idles.
// With [workSums.last] and k services in batches within (s,t], u = t-s,
//
//	k(s,t) = k/u last(k) + Lam(s,t)/u last(k+1).
type idleChance struct {
	*transformPassage
	begin law // of n at start, 0 included
	below func(k, u, a float64) float64
	after func(k, u, a float64) float64 // density at u of the work of k + A services
	all   compressed
	fine  float64 // the kernel's smallest lag over scale
}

func newIdleChance(l *Lane, start float64, begin law, sums *poleSums) *idleChance {
	p := &idleChance{transformPassage: newTransformPassage(l, start, begin, 0, sums), begin: begin, below: sums.below, after: sums.aside, fine: 1}
	p.all = compressed{begin, map[int][]lawBlock{}}
	if g, is := sums.service.(Gamma); is && g.Shape != math.Round(g.Shape) {
		p.fine = math.Pow(roughStart, 1/math.Min(1+g.Shape, 6))
	}
	return p
}

// roughStart is what remains of an integral over the first lags, where the
// density of a service is no polynomial.
const roughStart = 1e-11

func (p *idleChance) scale(t float64) float64 { return p.fine * p.event(t) }

// shortLag over the time between events is how far the kernel is a power series in a
// root of the lag that sixteen points see.
const shortLag = 0.125

// short is that lag, and the power of the root in it.
func (p *idleChance) short(t float64) (lag, power float64) {
	g, is := p.lane.cfg.Service.(Gamma)
	if !is || p.fine == 1 {
		return 0, 1
	}
	return shortLag * p.event(t), smoothing(g.Shape)
}

func (p *idleChance) flat(float64) bool             { return false }
func (p *idleChance) onset() (first panel, is bool) { return first, false } // it is a probability

func (p *idleChance) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	kernel := func(s float64) float64 {
		arrived := p.lane.cfg.Arrivals.Flow(s, t)
		return p.gained(s, t, func(k float64) float64 { return p.after(k, t-s, arrived) })
	}
	off := func(a, b, exponent float64) bool {
		return p.busyPassage.off(a, b, t, exponent, func(s float64) float64 { return p.still(s, t) })
	}
	return p.worked(t), kernel, off
}

// gained averages term over the services in batches within (s,t].
func (p *idleChance) gained(s, t float64, term func(k float64) float64) float64 {
	if t <= s {
		return 0
	}
	b, sum := p.batches(s, t), 0.0
	for i, w := range b.p {
		if w > 0 {
			sum += w * term(float64(b.lo+i))
		}
	}
	return sum
}

// worked is P(X(t) <= 0).
func (p *idleChance) worked(t float64) float64 {
	u, arrived := t-p.start, p.lane.cfg.Arrivals.Flow(p.start, t)
	s := p.lane.cfg.Service
	served := u / s.Mean()
	sd := math.Sqrt(served*s.SCV() + arrived + 1)
	done := func(k float64) float64 {
		over := served - arrived - k
		if math.Abs(over) > 6*sd && p.sums.exponent(k, u, arrived) > windowExponent {
			return indicator(over > 0)
		}
		return p.below(k, u, arrived)
	}
	b, sum := p.batches(p.start, t), 0.0
	for j, w := range b.p {
		if w > 0 {
			shift := float64(b.lo + j)
			sum += w * p.all.average(math.Inf(-1), math.Inf(1), sd, func(n float64) float64 { return done(n + shift) })
		}
	}
	return sum
}

// resumed is the passage to 0 after begin of one server whose lane may have
// been empty before. Ends of busy periods that began up to begin come, with
// ballot(k) as in [transformPassage], at the rate
//
//	m(t) = source from start + source from batches that met an idle lane
//	     + integral over (start,begin) of p0 lam ballot(1)
//	     - integral over (start,t) of m kernel,
//
// where up to begin m = p0' + lam p0 between batches: what leaves an idle lane
// comes from one that has become idle. T has the atom p0(begin) and the density
// m beyond. The total, which is not imposed, tells the error.
type resumed struct {
	*transformPassage // from begin on
	before            *idleChance
	idle              []panel           // p0
	slope             []panel           // p0'
	bends             []float64         // where rates jump before
	first             *transformPassage // from start
	rises             []idleRise
}

// idleRise is an instant at which requests come that meet an idle lane with a chance:
// batches, and steps of the flow. With ballots of what comes in an interval, which are
// those of the batches in it, the busy periods that begin there end at t at the rate
//
//	chance (kernel(before,t) - none kernel(at,t)),
//
// before being just before, and none the probability that nothing comes: where nothing
// does, no busy period begins, and the number is averaged over as it is by kernels.
type idleRise struct{ before, at, chance, none float64 }

func (q *resumed) scale(t float64) float64 { return q.before.fine * q.event(t) }

// onset is the first panel where a service's density is rough and requests come at
// begin: its mass, as if spread evenly.
func (q *resumed) onset() (first panel, is bool) {
	n := len(q.rises)
	if n == 0 || q.rises[n-1].at < q.start || q.before.fine == 1 {
		return first, false
	}
	e := q.shortest()
	mass := (q.past(q.start+e/2) + q.first.source(q.start+e/2)) * e
	zone(e, q.power(), func(u, w float64) {
		for _, r := range q.rises {
			mass += w * q.risen(r, q.start+u, q.start-r.at+u)
		}
	})
	return newPanel(q.start, q.start+e, []float64{mass / e}), true
}

// shortest is the first panel where densities are rough: what idled before changes it by
// a power of its width that is less than 1.
func (q *resumed) shortest() float64 { return math.Max(q.scale(q.start), idleClock*q.start) }

// idleClock is the first panel over begin, at least.
const idleClock = 1e-9

// power is that of the root in which a service's density is smooth.
func (q *resumed) power() float64 {
	_, power := q.before.short(q.start)
	return power
}

// risen is the rate at which busy periods end at t that began at an instant u before.
func (q *resumed) risen(r idleRise, t, u float64) float64 {
	rate := r.chance * q.first.kernel(r.before, t, u)
	if r.none > 0 {
		rate -= r.chance * r.none * q.first.kernel(r.at, t, u)
	}
	return rate
}

// batched is as in [busyPassage], before begin too.
func (q *resumed) batched(t float64) bool { return q.before.batched(t) }

func (q *resumed) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	_, kernel, off := q.transformPassage.row(t)
	source := q.past(t) + q.first.source(t)
	for _, r := range q.rises {
		source += q.risen(r, t, t-r.at)
	}
	return source, kernel, off
}

// past is the part of m(t) from what idled before begin, with lags from
// t - begin on that widen.
func (q *resumed) past(t float64) float64 {
	sum, first := 0.0, q.scale(t)
	off := func(a, b float64) bool {
		return q.before.busyPassage.off(a, b, t, pastExponent, func(s float64) float64 { return q.before.still(s, t) })
	}
	for b := q.start; b > q.before.start; {
		a := earlierBy(b, math.Max(first, pastGrowth*(t-b)), q.before.start)
		if !off(a, b) {
			q.before.split(a, b, t, off, func(a, b float64) { sum += q.between(a, b, t) })
		}
		b = a
	}
	return sum
}

const (
	pastGrowth = 3 // width of lags over the first of them; sixteen points see them
	// pastExponent is -ln of the kernel from which on the past is forgotten.
	pastExponent = 38.0
)

func (q *resumed) between(a, b, t float64) float64 {
	var at [2]float64
	each := func(a, b float64) float64 {
		return overPanels(q.idle, a, b, func(i int, s float64) float64 {
			q.from(s, t, at[:])
			return at[0]*q.idle[i].density(s) + at[1]*q.slope[i].density(s)
		})
	}
	return newGathering([][]panel{q.idle, q.slope}, q.bends, each).over(a, b, func(s float64, dst []float64) { q.from(s, t, dst) })
}

// overPanels integrates term, smooth within each panel i, over (a,b).
func overPanels(panels []panel, a, b float64, term func(i int, x float64) float64) float64 {
	sum := 0.0
	i := sort.Search(len(panels), func(i int) bool { return panels[i].hi > a })
	for ; i < len(panels) && panels[i].lo < b; i++ {
		lo, hi := math.Max(a, panels[i].lo), math.Min(b, panels[i].hi)
		half, mid := (hi-lo)/2, (hi+lo)/2
		for j, x := range gauss16.x {
			sum += half * gauss16.w[j] * term(i, mid+half*x)
		}
	}
	return sum
}

// from are the factors of p0 and p0' at s in p0 lam ballot(1) - m kernel.
func (q *resumed) from(s, t float64, dst []float64) {
	arr := &q.before.lane.cfg.Arrivals
	excess := arr.Excess(s, t)
	lam, arrived, u := arr.Rate(s), arr.Flow(s, t), t-s
	dst[0], dst[1] = 0, 0
	b := q.before.batches(s, t)
	for i, w := range b.p {
		if w == 0 || u <= 0 {
			continue
		}
		k := float64(b.lo + i)
		kernel, ballot := q.twoBallots(k, u, arrived, excess)
		dst[0] += w * lam * (ballot - kernel)
		dst[1] -= w * kernel
	}
}

// earlierBy is so long before b, at least by as much as the clock tells apart, and not
// before start.
func earlierBy(b, lag, start float64) float64 {
	return math.Max(math.Min(b-lag, math.Nextafter(b, math.Inf(-1))), start)
}
