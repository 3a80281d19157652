package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
	"sort"

	"gonum.org/v1/gonum/dsp/fourier"

	"singlelane/queueing/internal/skellam"
)

// As long as no server can idle, the number that is served does not depend on that of
// requests: a point's law at a later instant is that of now plus A - D, independent of
// it, with D Poisson and A Poisson of the point's complex mean, or where requests come in
// groups compound Poisson. The points need not be followed from event to event then, but
// leap.

// leap goes to an instant up to t before which no server idles, if that takes less
// than to follow the chain, and tells whether it has.
func (c *circle) leap(t float64) bool {
	b := &birthDeath{lane: c.lane, t: c.t, now: c.points[0].real()}
	risk := c.idleFrom(b, t)
	if !(risk > c.t+circleLeap*circleTerms/b.exitRate(t)) {
		return false
	}
	ahead := c.until(risk)
	for j := range c.points {
		c.moved(&c.points[j], ahead, j)
	}
	c.t = risk
	return true
}

// idleFrom is [problem.idleFrom], of requests that come in groups too.
func (c *circle) idleFrom(b *birthDeath, to float64) float64 {
	if c.singles() {
		return problem{Lane: c.lane}.idleFrom(b, to)
	}
	q, err := c.whileBusy(b.now)
	if err != nil {
		return b.t
	}
	if idle, _ := b.now.upTo(q.level); idle > math.Exp(-sureExponent) {
		return b.t
	}
	return q.earliest(to, sureExponent)
}

// whileBusy is the passage of groups from a law of now on, down to where a server idles or
// to the level.
func (c *circle) whileBusy(now law) (*groupedPassage, error) {
	cfg, servers := c.lane.cfg, c.lane.ServersAt(c.t)
	if servers == 0 || servers != c.lane.FinalServers() {
		return nil, &UnsupportedError{Chain, "its servers are not all there"}
	}
	cfg.Servers, cfg.ScaleOut, cfg.DownFor = 1, nil, 0
	cfg.Service = Exponential{cfg.Service.Mean() / float64(servers)}
	one, err := NewLane(cfg)
	if err != nil {
		return nil, err
	}
	return newGroupedPassage(one, c.t, now, max(servers-1, c.level), newGroupSums(cfg.Service)), nil
}

// sink leaps to where a server may idle, or the level be reached.
func (c *circle) sink() {
	_, to := problem{Lane: c.lane, begin: c.t}.fluidEnd()
	for _, t := range c.lane.stops(c.t, math.Inf(1)) {
		if t > c.t {
			to = math.Min(to, t)
		}
	}
	c.leap(c.split(to))
}

// circleAhead is what comes and is served up to an instant: at each point, single requests,
// and groups of each size.
type circleAhead struct {
	arrived []complex128
	groups  [][]complex128 // by size, but for the first
	served  float64
}

func (c *circle) until(t float64) circleAhead {
	a := circleAhead{make([]complex128, len(c.points)), make([][]complex128, len(c.sizes)-1), c.lane.Work(c.t, t)}
	sumAt(a.arrived, c.points, c.base, nil, func(s Source) float64 { return s.Flow(c.t, t) })
	for g := range a.groups {
		a.groups[g] = make([]complex128, len(c.points))
	}
	for i, s := range c.pools {
		flow, to := s.Flow(c.t, t), a.arrived
		if g := c.groups[i]; g > 0 {
			flow, to = flow/float64(c.sizes[g]), a.groups[g-1]
		}
		for j := range to {
			to[j] += complex(flow, 0) * c.points[j].means[i]
		}
	}
	c.err += math.Exp(-sureExponent)
	return a
}

// moved adds A - D to the law of the j-th point, or to a part of it.
func (c *circle) moved(pt *circlePoint, a circleAhead, j int) {
	c.added(pt, a.served, a.arrived[j])
	for g, means := range a.groups {
		c.grouped(pt, c.sizes[g+1], means[j])
	}
	if len(a.groups) > 0 {
		c.narrowed(pt, window{0, len(pt.p) - 1, pt.p})
	}
}

// grouped adds a Poisson number of groups of a size.
func (c *circle) grouped(pt *circlePoint, size int, mean complex128) {
	lo, p := complexPoisson(mean)
	all := float64(len(p)) * float64(size)
	if direct := float64(len(p)) * float64(len(pt.p)); direct <= leapDirect {
		c.work += direct
		c.join(pt, lo*size, size, p)
		return
	}
	if all += float64(len(pt.p)); all > leapGrouped {
		panic(stopped{&UnsupportedError{Chain, fmt.Sprintf("the number in the lane has %.0e values at complex means", all)}})
	}
	c.work += leapTransform * all
	spread := make([]complex128, (len(p)-1)*size+1)
	for k, x := range p {
		spread[k*size] = x
	}
	pt.lo, pt.p = pt.lo+lo*size, convolved(pt.p, spread)
}

// leapGrouped is the most values of which a sum by transforms is made, and leapTransform
// what it takes for each, in states times jumps.
const leapGrouped, leapTransform = 1 << 20, 50

// added adds A - D of single requests.
func (c *circle) added(pt *circlePoint, served float64, arrived complex128) {
	lo, p := complexSkellam(served, arrived)
	c.work += float64(len(p)) + float64(len(pt.p))
	all := window{0, len(pt.p) + len(p) - 1, convolved(pt.p, p)}
	pt.lo += lo
	if !c.singles() { // groups may fill what is below 0
		pt.p = all.v
		return
	}
	c.narrowed(pt, all)
}

// narrowed is a law without what is negligible at its ends.
func (c *circle) narrowed(pt *circlePoint, all window) {
	all.narrow(1, math.Max(c.cut(pt), leapDigits*sizeOf(all.v)))
	for all.lo < all.hi && pt.lo+all.lo < 0 {
		all.lo++
	}
	pt.lo, pt.p = pt.lo+all.lo, all.v[all.lo:all.hi]
}

// wade goes to t, at once once no server can idle until then. Before that, numbers
// from which none can leap there, and the chain follows the rest.
func (c *circle) wade(t float64) error {
	ahead := make([]circlePoint, len(c.points))
	for c.t < t {
		if err := c.tired(); err != nil {
			return err
		}
		if c.leap(t) {
			continue
		}
		c.cutAbove(t, ahead)
		for range circleWade {
			if c.t < t {
				if err := c.stride(t, circleStep{}, c.followAll); err != nil {
					return err
				}
			}
		}
	}
	for j := range ahead {
		c.points[j].join(ahead[j])
	}
	return nil
}

// circleWade is how many steps go by until numbers are looked at again.
const circleWade = 6

// cutAbove takes numbers from which no server can idle until t out of the laws, and
// adds what becomes of them to ahead.
func (c *circle) cutAbove(t float64, ahead []circlePoint) {
	servers := c.lane.ServersAt(c.t)
	safe := func(n int) bool {
		switch {
		case n <= servers:
			return false
		case c.singles():
			return newSkellamPassage(c.lane, c.t, point(n), servers-1).earliest(t, sureExponent) >= t
		}
		q, err := c.whileBusy(point(n))
		return err == nil && q.earliest(t, sureExponent) >= t
	}
	lo, hi := c.points[0].lo, c.points[0].lo
	for _, pt := range c.points {
		hi = max(hi, pt.lo+len(pt.p)-1)
	}
	if !safe(hi) {
		return
	}
	first := lo + sort.Search(hi-lo, func(i int) bool { return safe(lo + i) })
	after := c.until(t)
	for j := range c.points {
		pt := &c.points[j]
		if k := max(0, first-pt.lo); k < len(pt.p) {
			above := *pt
			above.lo, above.p = pt.lo+k, pt.p[k:]
			pt.p = slices.Clone(pt.p[:k])
			c.moved(&above, after, j)
			ahead[j].join(above)
		}
	}
}

// join adds another part of the law.
func (pt *circlePoint) join(part circlePoint) {
	switch {
	case len(part.p) == 0:
		return
	case len(pt.p) == 0:
		pt.lo, pt.p = part.lo, part.p
		return
	}
	lo, hi := min(pt.lo, part.lo), max(pt.lo+len(pt.p), part.lo+len(part.p))
	p := make([]complex128, hi-lo)
	copy(p[pt.lo-lo:], pt.p)
	for i, x := range part.p {
		p[part.lo-lo+i] += x
	}
	pt.lo, pt.p = lo, p
}

// leaps tells whether services are exponential, all requests find room and those that come
// in groups are not too many for it.
func (c *circle) leaps() bool {
	many := 0.0
	for i, n := range c.members {
		if size := c.sizes[c.groups[i]]; size > 1 {
			many += n * float64(size)
		}
	}
	return c.top == 0 && c.service.Phases() == 1 && many <= leapGrouped
}

// singles tells whether all requests come by themselves, too.
func (c *circle) singles() bool { return len(c.sizes) == 1 && c.leaps() }

const (
	circleLeap = 4    // steps of the chain that a leap is worth at least
	leapRounds = 1e-7 // by which rounding may take a law off 1
	leapLeast  = 1e-200
	leapMost   = 20_000_000 // numbers that a law may have
	leapDigits = 1e-17      // of the largest probability, that a transform leaves in small ones
)

// sizeOf is the largest modulus.
func sizeOf(p []complex128) float64 {
	most := 0.0
	for _, x := range p {
		most = math.Max(most, span(x))
	}
	return most
}

// sum of what is asked of each stream, at each point.
func (c *circle) sum(dst []complex128, of func(Source) float64) {
	sumAt(dst, c.points, c.base, c.pools, of)
}

// complexSkellam is the law of A - D from lo on, by the recurrence
//
//	served P(D-A = k-1) = k P(D-A = k) + arrived P(D-A = k+1)
//
// towards k = 0 from either side, in which direction it loses no digits.
func complexSkellam(served float64, arrived complex128) (lo int, p []complex128) {
	size := cmplx.Abs(arrived)
	switch {
	case served == 0:
		return complexPoisson(arrived)
	case size == 0:
		d := poissonLaw(served)
		for i := range d.p {
			p = append(p, complex(d.p[len(d.p)-1-i], 0))
		}
		return -d.hi(), p
	}
	reach := 10*math.Sqrt(served+size) + 40
	at := func(k int) complex128 { return skellam.Complex(float64(k), served, arrived) }
	far := func(mean float64, sign int) int { // what is there at all
		k := int(math.Ceil(math.Max(0, mean) + reach))
		for k > 1 && span(at(sign*k)) < leapLeast {
			k -= max(1, k/8)
		}
		return k
	}
	most, least := far(served-size, 1), far(size-served, -1) // D - A, A - D
	if most+least > leapMost {
		panic(stopped{&UnsupportedError{Chain, fmt.Sprintf("the number in the lane has %.0e values at complex means", float64(most+least))}})
	}
	p = make([]complex128, most+least+1)
	zero := most // p[zero-k] is P(D-A = k)
	p[zero], p[0], p[1] = at(0), at(most), at(most-1)
	for k := most - 1; k > 1; k-- {
		p[zero-k+1] = (complex(float64(k), 0)*p[zero-k] + arrived*p[zero-k-1]) * complex(1/served, 0)
	}
	top := len(p) - 1
	p[top], p[top-1] = at(-least), at(1-least)
	for k := least - 1; k > 1; k-- { // arrived P(A-D = k-1) = k P(A-D = k) + served P(A-D = k+1)
		p[zero+k-1] = (complex(float64(k), 0)*p[zero+k] + complex(served, 0)*p[zero+k+1]) / arrived
	}
	sum := complex(0, 0)
	for _, x := range p {
		sum += x
	}
	if math.Abs(real(sum)-1)+math.Abs(imag(sum)) < leapRounds { // of large exponents
		for i := range p {
			p[i] /= sum
		}
	}
	return -most, p
}

// complexPoisson is the law of A.
func complexPoisson(mean complex128) (lo int, p []complex128) {
	modulus := poissonLaw(cmplx.Abs(mean))
	turn, theta := cmplx.Exp(complex(cmplx.Abs(mean), 0)-mean), cmplx.Phase(mean)
	for k, x := range modulus.p {
		p = append(p, complex(x, 0)*turn*cmplx.Rect(1, theta*float64(modulus.lo+k)))
	}
	return modulus.lo, p
}

// leapDirect is the product of lengths up to which sums are added one by one.
const leapDirect = 1 << 17

// convolved is the law of a sum.
func convolved(a, b []complex128) []complex128 {
	n := len(a) + len(b) - 1
	if len(a)*len(b) <= leapDirect {
		out := make([]complex128, n)
		for i, x := range a {
			for j, y := range b {
				out[i+j] += x * y
			}
		}
		return out
	}
	size := 1
	for size < n {
		size *= 2
	}
	fft := fourier.NewCmplxFFT(size)
	u, v := make([]complex128, size), make([]complex128, size)
	copy(u, a)
	copy(v, b)
	u, v = fft.Coefficients(u, u), fft.Coefficients(v, v)
	for i := range u {
		u[i] *= v[i] * complex(1/float64(size), 0)
	}
	return fft.Sequence(u, u)[:n]
}
