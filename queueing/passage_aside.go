package queueing

import (
	"fmt"
	"math"
	"sort"
)

// setAside is the passage down to L requests after begin of one server whose
// lane may have been there before. All but the last L requests to arrive have
// left exactly when no more than L are there, in order of arrival. So set the
// last L aside, and let V(t) be the work of the others that is left: T is the
// first instant from begin on at which V is 0. As long as it is not, none of
// those set aside has begun service, so that each arrival adds a service that
// depends on nothing before: from begin on V is the work of a lane that starts
// with V(begin), down to none.
//
// Let X be the work at start and what arrives up to begin, of all but the last
// L requests, less the time passed, and X(s) that gained over (s,begin], of all
// but the last L to arrive in it, less the time passed. As for [idleChance],
// with p0 the probability that the lane is idle, L requests aside or not,
//
//	P(V(begin) > y) = P(X > y) + integral of p0(s) x(s,y) ds,    y >= 0,
//
// where x(s,.) is the density of X(s): what is set aside cannot change whether
// the lane was idle at s before it arrived, and if fewer than L arrive after s
// nothing is gained. T has the atom P(V(begin) = 0), and after it the density
//
//	f(t) = integral of v(y) k(y,t) dy - integral over (begin,t) of f kernel,
//
// v the density of V(begin), and k the difference of the two identities of
// [transformPassage] for the work y at the start, with b services in batches
// up to t, x = t-begin-y, a = Lam(begin,t), J(k) as [workSums].last,
//
//	k(y,t) = b/x J(b) + (a/x - lam(t)) J(b+1),
//
// and for b = 0, x = 0 the atom e^-a. The total, which is not imposed, tells
// the error.
type setAside struct {
	*transformPassage // from begin on, with no request there
	before            *idleChance
	past              *resumed    // the passage to none
	idle              []panel     // p0
	bends             []float64   // where rates jump before
	aside             int         // L
	most              float64     // s, beyond which V(begin) is not
	power             float64     // of z in y = z^power
	work              []panel     // P(V(begin) > y) over z
	slope             [][]float64 // coefficients of its derivative by z
	check             func()      // to stop it; nil: none
	gains             int         // taken so far
}

// asideGains are the most that may be taken.
const asideGains = 3_000_000

func (q *setAside) scale(t float64) float64 { return q.before.fine * q.event(t) }

// onset is the first panel, where a service's density is rough: its mass, as if
// spread evenly.
func (q *setAside) onset() (first panel, is bool) {
	if q.power == 1 {
		return first, false
	}
	e := math.Max(q.scale(q.start), asideClock*q.start)
	return newPanel(q.start, q.start+e, []float64{q.shortest(e, q.worked) / e}), true
}

// asideClock is the first panel over begin, at least: the time since has so many
// digits less than the clock.
const asideClock = 1e-7

// tabulate finds the law of V(begin), and returns P(V(begin) = 0).
func (q *setAside) tabulate(o SolveOptions, check func()) float64 {
	q.check = o.check
	small := math.Max(o.tolerance()*asideCut, contourEnd*1e3)
	for q.most = q.lane.cfg.Service.Mean(); q.exceed(q.most) > small; {
		check()
		q.most *= 1.5
	}
	q.power = 1
	if g, is := q.lane.cfg.Service.(Gamma); is && q.before.fine < 1 {
		q.power = smoothing(g.Shape)
	}
	m := &march{passage: workTail{q}, tolerance: asideCut * o.tolerance(), nodes: cheb16, relative: relativeEnd, bounded: true, noisy: q.absolute(), check: check}
	m.run(0, q.root(q.most))
	q.work = m.panels
	for _, c := range q.work {
		q.slope = append(q.slope, derivative(c.coef, (c.hi-c.lo)/2))
	}
	return math.Max(0, 1-q.exceed(0))
}

// The powers of z that y and x may be where a service's density is a power of
// them that is no whole number.
const rootLeast, rootMost = 3, 12

// smoothing is the power of z in y that makes whole powers of z of y and of
// y^shape or, failing that, such as are smooth enough.
func smoothing(shape float64) float64 {
	for q := float64(rootLeast); q < rootMost; q++ {
		if math.Abs(q*shape-math.Round(q*shape)) < 1e-9 {
			return q
		}
	}
	return rootMost
}

// root is the z of y.
func (q *setAside) root(y float64) float64 { return math.Pow(y, 1/q.power) }

// asideCut is the mass left out of the law of V(begin), and the error of its
// integral, which is differentiated, over the tolerance.
const asideCut = 1e-3

// workTail lets [march] interpolate P(V(begin) > y), with z for the time.
type workTail struct{ of *setAside }

// workScale of the root of the time between events is the least in which the
// law of V(begin) is said to change.
const workScale = 32

func (w workTail) origin() float64                 { return 0 }
func (w workTail) scale(float64) float64           { return w.of.root(w.of.event(w.of.start)) / workScale }
func (w workTail) flat(float64) bool               { return true }
func (w workTail) breaks(_, _ float64) []float64   { return nil }
func (w workTail) window(float64) (lo, hi float64) { return 0, w.of.root(w.of.most) }

func (w workTail) row(z float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	y := math.Pow(z, w.of.power)
	return w.of.exceed(y), func(float64) float64 { return 0 }, func(_, _, _ float64) bool { return true }
}

// exceed is P(V(begin) > y).
func (q *setAside) exceed(y float64) float64 {
	sum, first := q.fresh(y), q.scale(q.start)
	m, scv := q.lane.cfg.Service.Mean(), q.lane.cfg.Service.SCV()
	far := func(s float64) bool { return q.far(s, y, pastExponent) }
	for b := q.start; b > q.before.start; {
		q.spend()
		ago := q.start - b
		width := math.Min(pastGrowth*ago, pastGrowth*m*math.Sqrt((1+scv)*(ago+y)/m))
		a := earlierBy(b, math.Max(first, width), q.before.start)
		switch {
		case b == q.start && q.power > 1:
			last := &q.idle[len(q.idle)-1]
			zoneBeyond(y, b-a, q.power, func(u, w float64) { sum += w * last.density(b-u) * q.gain(u, y) })
		case !(far(a) && far((a+b)/2) && far(b)):
			sum += q.gainedIn(a, b, y)
		}
		b = a
	}
	return sum
}

// far tells whether no idle lane at s has y to do at begin.
func (q *setAside) far(s, y, exponent float64) bool {
	b := q.before.batches(s, q.start)
	arrived := q.lane.cfg.Arrivals.Flow(s, q.start)
	u := y + q.start - s
	least := math.Max(0, float64(b.lo-q.aside))
	k := math.Min(math.Max(u/q.lane.cfg.Service.Mean()-arrived, least), math.Max(least, float64(b.hi())))
	return q.sums.exponent(k, u, arrived) > exponent
}

// fresh is P(X > y).
func (q *setAside) fresh(y float64) float64 {
	s := q.lane.cfg.Service
	u, arrived := y+q.start-q.before.start, q.lane.cfg.Arrivals.Flow(q.before.start, q.start)
	need := u / s.Mean()
	sd := math.Sqrt(need*s.SCV() + arrived + 1)
	above := func(k float64) float64 {
		if over := k + arrived - need; k >= 0 && math.Abs(over) > 6*sd && q.sums.exponent(k, u, arrived) > windowExponent {
			return indicator(over > 0)
		}
		return q.poles().beyond(k, u, arrived)
	}
	b, sum := q.before.batches(q.before.start, q.start), 0.0
	for j, w := range b.p {
		if w > 0 {
			shift := b.lo + j - q.aside
			sum += w * q.started(-shift, sd, func(n float64) float64 { return above(n + float64(shift)) })
		}
	}
	return sum
}

// started averages term over the number at start, one by one where it may be
// below whole, since there term needs whole numbers.
func (q *setAside) started(whole int, scale float64, term func(n float64) float64) float64 {
	if q.before.begin.lo < whole {
		return q.before.all.plain(math.Inf(-1), math.Inf(1), term)
	}
	return q.before.all.average(math.Inf(-1), math.Inf(1), scale, term)
}

func (q *setAside) poles() *poleSums { return q.sums.(*poleSums) }

// gainedIn is the integral of p0(s) x(s,y) over (a,b).
func (q *setAside) gainedIn(a, b, y float64) float64 {
	gain := func(s float64) float64 { return q.gain(q.start-s, y) }
	each := func(a, b float64) float64 {
		return overPanels(q.idle, a, b, func(i int, s float64) float64 { return q.idle[i].density(s) * gain(s) })
	}
	return newGathering([][]panel{q.idle}, q.bends, each).over(a, b, func(s float64, dst []float64) { dst[0] = gain(s) })
}

// spend refuses to take more than asideGains.
func (q *setAside) spend() {
	if q.gains++; q.gains > asideGains {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and the work that is there then takes more than %d integrals", asideGains)}})
	}
	if q.check != nil {
		q.check()
	}
}

// gain is x(s,y) for an s so long ago.
func (q *setAside) gain(ago, y float64) float64 {
	q.spend()
	s := math.Min(q.start-ago, math.Nextafter(q.start, 0))
	arrived := q.lane.cfg.Arrivals.Flow(s, q.start)
	return q.before.gained(s, q.start, func(k float64) float64 {
		return q.poles().aside(k-float64(q.aside), y+ago, arrived)
	})
}

func (q *setAside) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	_, kernel, off := q.transformPassage.row(t)
	return q.worked(t - q.start), kernel, off
}

// worked is the integral of v(y) k(y,t), t so long after begin.
func (q *setAside) worked(u float64) float64 {
	arr, t := &q.lane.cfg.Arrivals, q.start+u
	lam, arrived := arr.Rate(t), arr.Flow(q.start, t)
	batch := q.batches(q.start, t)
	sum := 0.0
	if batch.lo == 0 && u < q.most {
		sum = batch.p[0] * math.Exp(-arrived) * q.density(u)
	}
	m, scv := q.lane.cfg.Service.Mean(), q.lane.cfg.Service.SCV()
	away := func(x float64) bool { return q.away(x, arrived, batch, pastExponent) }
	first := q.scale(q.start)
	for x := math.Max(0, u-q.most); x < u; {
		to := math.Min(u, x+math.Max(first, math.Min(pastGrowth*x, workWide*math.Sqrt(scv*x*m))))
		switch {
		case x == 0 && q.power > 1:
			to = math.Min(to, u/2) // both ends are rough
			sum += q.shortest(to, func(x float64) float64 { return q.density(u-x) * q.met(x, lam, arrived, batch) })
		case !(away(x) && away((x+to)/2) && away(to)):
			sum += q.through(u-to, u-x, func(y float64) float64 { return q.met(u-y, lam, arrived, batch) })
		}
		x = to
	}
	return sum
}

// met is k for what arrives to take x.
func (q *setAside) met(x, lam, arrived float64, batch law) float64 {
	sum := 0.0
	for i, w := range batch.p {
		b := float64(batch.lo + i)
		if b > 0 {
			sum += w * b / x * q.sums.last(b, x, arrived)
		}
		sum += w * (arrived/x - lam) * q.sums.last(b+1, x, arrived)
	}
	return sum
}

// shortest integrates term over (0,to), where it is a power of x.
func (q *setAside) shortest(to float64, term func(x float64) float64) float64 {
	sum := 0.0
	for j, g := range gauss16.x {
		z := (1 + g) / 2
		x := to * math.Pow(z, q.power)
		sum += gauss16.w[j] / 2 * term(x) * q.power * x / z
	}
	return sum
}

// workWide is the width of what sixteen points see, in standard deviations of
// the work that takes as long.
const workWide = 2.0

// away tells whether what arrives hardly takes x.
func (q *setAside) away(x, arrived float64, batch law, exponent float64) bool {
	if x <= 0 {
		return arrived > exponent
	}
	k := math.Min(math.Max(x/q.lane.cfg.Service.Mean()-arrived, float64(batch.lo)), float64(batch.hi()))
	return q.sums.exponent(k, x, arrived) > exponent
}

// density of V(begin).
func (q *setAside) density(y float64) float64 {
	z := q.root(y)
	i := q.holds(z)
	return -clenshaw(q.slope[i], q.work[i].to(z)) * z / (q.power * y)
}

// noise of the density at t: that of V(begin), which a derivative of values that
// are off by rounding has, before anything arrives.
func (q *setAside) noise(t float64) float64 {
	y := math.Min(math.Max(t-q.start, q.scale(q.start)), q.most)
	z := q.root(y)
	p := q.work[q.holds(z)]
	return workNoise / (p.hi - p.lo) * z / (q.power * y) * math.Exp(-q.lane.cfg.Arrivals.Flow(q.start, t))
}

// workNoise is the rounding of a probability times the derivative of the
// polynomials of a panel two wide.
const workNoise = 2e-10

// holds is the index of the panel that holds z.
func (q *setAside) holds(z float64) int {
	return sort.Search(len(q.work)-1, func(i int) bool { return q.work[i].hi > z })
}

// through integrates v term over (a,b).
func (q *setAside) through(a, b float64, term func(y float64) float64) float64 {
	return -overPanels(q.work, q.root(a), q.root(b), func(i int, z float64) float64 {
		return clenshaw(q.slope[i], q.work[i].to(z)) * term(math.Pow(z, q.power))
	})
}
