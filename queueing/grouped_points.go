package queueing

import (
	"math"
	"math/cmplx"
	"sync/atomic"
)

// groupedPoints is [groupedPassage] at complex means of the pools, of groups of any sizes
// side by side: its source and its kernel are entire in the means,
//
//	1/(2 pi i u) integral of e^phi S*^(k-1) (-S*') (k + sum E_g S*^r_g) dz,   phi = z u - sum a_g (1 - S*^r_g),
//
// a_g and E_g of a pool proportional to its mean m_g. On the paths of [groupSums], which
// all points share, |S*| is largest at the vertex, and the integrand no larger there than
// e^(sum a_g (1 - Re m_g)) times that of the means' moduli, as it is where the path is
// moved off the real axis: the steps are those of the real problem. But the term of a mean
// whose angle is t is not small before e^(i t) S*^r has come by the positive axis, so that
// paths are followed as far as the moduli count. The integrand is a product over pools of
// what depends on the mean of each: that is taken once for each mean, however many points
// have it.
type groupedPoints struct {
	*groupedPassage
	base   []groupSource
	pools  []groupSource
	points []circlePoint
	means  []poolMeans
	digits float64 // of the integrals, as in [groupSums]
	up     float64 // the server's
	first  law     // services at the start, what has come while it was down aside
	spent  *atomic.Int64
	most   float64
}

// groupedRow is the equation at one instant.
type groupedRow struct {
	*groupedPoints
	sums  *groupSums
	pools []ringFactors
}

// ringFactors are what a pool adds at a point of the path, for each of its means.
type ringFactors struct {
	factors []complex128 // e^(-a m (1 - S*^r)), over that of the vertex and m = 1
	shares  []complex128 // E m S*^(r-least)
}

// poolMeans are a pool's, without repetition, each with its mirror image.
type poolMeans struct {
	of     []complex128
	mirror []int
	which  []int // of these each point has
}

// index lists the means of each pool.
func (g *groupedPoints) index() {
	g.means = make([]poolMeans, len(g.pools))
	for i := range g.means {
		all := &g.means[i]
		seen := map[complex128]int{}
		find := func(m complex128) int {
			k, is := seen[m]
			if !is {
				k = len(all.of)
				seen[m], all.of = k, append(all.of, m)
			}
			return k
		}
		for _, pt := range g.points {
			all.which = append(all.which, find(pt.means[i]))
		}
		for k := 0; k < len(all.of); k++ {
			all.mirror = append(all.mirror, find(cmplx.Conj(all.of[k])+0))
		}
	}
}

// at is the equation at an instant, found from nothing that came before.
func (g *groupedPoints) at(float64) ringRow {
	sums := *g.groupedPassage.sums.poleSums
	sums.x = 0
	r := &groupedRow{groupedPoints: g, sums: &groupSums{poleSums: &sums, digits: g.digits}}
	for _, m := range g.means {
		r.pools = append(r.pools, ringFactors{make([]complex128, len(m.of)), make([]complex128, len(m.of))})
	}
	return r
}

// flow is what comes from a source, in groups, and its excess over (s,t].
func (g groupSource) flow(s, t float64) groupFlow {
	f := groupFlow{size: g.size}
	for _, source := range g.of {
		f.mean += source.Flow(s, t) / float64(g.size)
		f.excess += source.Excess(s, t)
	}
	return f
}

// ringFlows are those of an interval.
type ringFlows struct {
	base, pools []groupFlow
	all         []groupFlow // of either, by sizes
}

func (g *groupedPoints) ringFlows(s, t float64) (f ringFlows) {
	for _, x := range g.base {
		f.base = append(f.base, x.flow(s, t))
	}
	for _, x := range g.pools {
		f.pools = append(f.pools, x.flow(s, t))
	}
	f.all = append(append(f.all, f.base...), f.pools...)
	return f
}

// ahead adds to the excess that of what came before the server was up at a time.
func (f *ringFlows) ahead(g *groupedPoints, t, up float64) {
	for i, x := range g.base {
		f.base[i].excess += x.rate(t) * up
	}
	for i, x := range g.pools {
		f.pools[i].excess += x.rate(t) * up
	}
	f.all = append(append(f.all[:0], f.base...), f.pools...)
}

func (g groupSource) rate(t float64) (rate float64) { return rateOf(g.of, t) }

func (r *groupedRow) source(dst []complex128, t float64) {
	clear(dst)
	if u := t - r.up; u > 0 {
		f := r.ringFlows(0, t)
		f.ahead(r.groupedPoints, t, r.up)
		n := r.first.plus(r.between(r.up, t))
		n.lo -= r.level
		r.integrals(dst, n, u, f)
	}
}

func (r *groupedRow) kernels(dst []complex128, s, t float64) bool {
	clear(dst)
	if t <= s {
		return false
	}
	return r.integrals(dst, r.between(s, t), t-s, r.ringFlows(s, t))
}

// between is the law of the batches in (s,t].
func (g *groupedPoints) between(s, t float64) law {
	var c Count
	for _, j := range g.jumps {
		if j.At > s && j.At <= t {
			c = c.Plus(j.Size)
		}
	}
	return c.law()
}

// integrals are those of n services at the start or in batches, one for each point, over
// u; false if they are all 0.
func (r *groupedRow) integrals(dst []complex128, n law, u float64, f ringFlows) bool {
	q := ringPath{n: n, u: u, flows: f}
	all := servicesLaw{lo: float64(n.lo)}
	switch {
	case len(n.p) > 1:
		all.p = n.p
	case n.lo == 0:
		q.least = f.least()
		all.lo = float64(q.least)
	}
	if all.lo == 0 && all.p == nil {
		return false
	}
	less := all
	less.lo--
	p := r.sums.along(all, less, u, f.all)
	middle, _ := all.tilted(math.Exp(r.vertex(p.c)))
	q.middle = math.Max(1, math.Round(middle))
	q.top = r.sums.height(p.c, servicesLaw{lo: q.middle - 1}, u, f.base)
	q.log = r.vertex(p.c)
	scale := p.x / math.Pi * p.h * math.Exp(r.sums.height(p.c, servicesLaw{lo: q.middle - 1}, u, f.all)) / u
	end := 0.0
	for j, small := 0, 0; j < contourTerms && small < p.patience; j++ {
		at := p.point(j)
		size := r.node(dst, &q, &at, complex(scale, scale*p.h*float64(j)), j > 0)
		if j == 0 {
			end = math.Exp(-r.digits) * size
		}
		if small++; size > end {
			small = 0
		}
	}
	return true
}

// vertex is ln S* at a real point.
func (g *groupedPoints) vertex(c float64) float64 {
	log, _ := logTransform(g.groupedPassage.sums.service, c)
	return log
}

// ringPath is what [groupedRow.integrals] follows a path for.
type ringPath struct {
	n      law
	least  int     // requests of a group, where there are no services but of groups; else 0
	middle float64 // of the law, a power of S* that is taken out but for one
	u      float64
	log    float64 // of S* at the vertex, and the exponent there but for what pools add
	top    float64
	flows  ringFlows
}

// least is the size of the smallest groups with an excess, 0 if there are none.
func (f *ringFlows) least() (size int) {
	for _, x := range f.all {
		if x.excess != 0 && (size == 0 || x.size < size) {
			size = x.size
		}
	}
	return size
}

// node adds what a point of the path, and its mirror image if that is another, make of
// the integrals, and says how large that may be over the weight that takes it back. What
// a mean makes at the image is the image of what its own makes here.
func (r *groupedRow) node(dst []complex128, q *ringPath, at *pathPoint, turn complex128, mirrored bool) (size float64) {
	phase := at.z*complex(q.u, 0) + complex(q.middle-1, 0)*at.log - complex(q.top, 0)
	bound, small := real(phase), real(at.log)
	none, some := q.powers(at)
	large, own := 0.0, complex(0, 0)
	for _, g := range q.flows.base {
		phase += complex(g.mean, 0) * groupPower(at, g.size, true)
		bound += g.mean * math.Expm1(float64(g.size)*small)
		own += complex(g.excess, 0) * groupPower(at, g.size-q.least, false)
	}
	for i, g := range q.flows.pools {
		less, power := groupPower(at, g.size, true), groupPower(at, g.size-q.least, false)
		most := math.Expm1(float64(g.size) * q.log)
		bound += g.mean * (math.Expm1(float64(g.size)*small) - most)
		large += math.Abs(g.excess) * cmplx.Abs(power)
		for k, m := range r.means[i].of {
			r.pools[i].factors[k] = cmplx.Exp(complex(g.mean, 0) * (m*less - complex(most, 0)))
			r.pools[i].shares[k] = complex(g.excess, 0) * m * power
		}
	}
	first := cmplx.Exp(phase) * at.slope * turn
	plain := some + none*own
	r.add(dst, first, plain, none, false)
	if mirrored {
		r.add(dst, first, plain, none, true)
	}
	return math.Exp(bound) * cmplx.Abs(at.slope) * cmplx.Abs(turn) * (cmplx.Abs(some) + cmplx.Abs(none)*(cmplx.Abs(own)+large))
}

// add adds what the pools make of a point of the path, or of its mirror image, at each of
// the circle's.
func (r *groupedRow) add(dst []complex128, first, plain, none complex128, mirrored bool) {
	for j := range dst {
		x, y := first, complex(0, 0)
		for i := range r.pools {
			k := r.means[i].which[j]
			if mirrored {
				k = r.means[i].mirror[k]
			}
			x *= r.pools[i].factors[k]
			y += r.pools[i].shares[k]
		}
		if x *= plain + none*y; mirrored {
			x = cmplx.Conj(x)
		}
		dst[j] += x
	}
	r.spend(len(dst))
}

// powers are the sums of p S^(k-middle) over the law of n, and of k times that.
func (q *ringPath) powers(at *pathPoint) (none, some complex128) {
	if len(q.n.p) == 1 {
		return complex(q.n.p[0], 0), complex(float64(q.n.lo)*q.n.p[0], 0)
	}
	middle := min(max(int(q.middle)-q.n.lo, 0), len(q.n.p)-1)
	rise := at.value
	for k := len(q.n.p) - 1; k > middle; k-- {
		p := q.n.p[k]
		none, some = (none+complex(p, 0))*rise, (some+complex(p*float64(q.n.lo+k), 0))*rise
	}
	down, downs := complex(0, 0), complex(0, 0)
	fall := reciprocal(rise)
	for k := range middle {
		p := q.n.p[k]
		down, downs = (down+complex(p, 0))*fall, (downs+complex(p*float64(q.n.lo+k), 0))*fall
	}
	p := q.n.p[middle]
	none, some = none+down+complex(p, 0), some+downs+complex(p*float64(q.n.lo+middle), 0)
	if shift := float64(q.n.lo+middle) - q.middle; shift != 0 {
		w := cmplx.Exp(complex(shift, 0) * at.log)
		none, some = none*w, some*w
	}
	return none, some
}

// spend counts products, and gives up where they are too many.
func (g *groupedPoints) spend(products int) {
	if float64(g.spent.Add(int64(products))) > g.most {
		panic(stopped{&UnsupportedError{DrainDensity, "requests come in groups of several sizes, and following them for complex means takes too long"}})
	}
}
