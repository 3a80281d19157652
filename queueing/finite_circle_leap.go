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
// it, with D Poisson and A Poisson of the point's complex mean. The points need not be
// followed from event to event then, but leap.

// leap goes to an instant up to t before which no server idles, if that takes less
// than to follow the chain, and tells whether it has.
func (c *circle) leap(t float64) bool {
	b := &birthDeath{lane: c.lane, t: c.t, now: c.points[0].real()}
	risk := problem{Lane: c.lane}.idleFrom(b, t)
	if !(risk > c.t+circleLeap*circleTerms/b.exitRate(t)) {
		return false
	}
	arrived, served := c.until(risk)
	for j := range c.points {
		pt := &c.points[j]
		c.moved(pt, served, arrived[j])
	}
	c.t = risk
	return true
}

// until is what arrives at each point, and is served, up to t.
func (c *circle) until(t float64) (arrived []complex128, served float64) {
	arrived = make([]complex128, len(c.points))
	c.sum(arrived, func(s Source) float64 { return s.Flow(c.t, t) })
	c.err += math.Exp(-sureExponent)
	return arrived, c.lane.Work(c.t, t)
}

// moved adds A - D to a point's law.
func (c *circle) moved(pt *circlePoint, served float64, arrived complex128) {
	lo, p := complexSkellam(served, arrived)
	c.work += float64(len(p)) + float64(len(pt.p))
	all := window{0, len(pt.p) + len(p) - 1, convolved(pt.p, p)}
	pt.lo += lo
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
		return n > servers && newSkellamPassage(c.lane, c.t, point(n), servers-1).earliest(t, sureExponent) >= t
	}
	lo, hi := c.points[0].lo, c.points[0].lo
	for _, pt := range c.points {
		hi = max(hi, pt.lo+len(pt.p)-1)
	}
	if !safe(hi) {
		return
	}
	first := lo + sort.Search(hi-lo, func(i int) bool { return safe(lo + i) })
	arrived, served := c.until(t)
	for j := range c.points {
		pt := &c.points[j]
		if k := max(0, first-pt.lo); k < len(pt.p) {
			above := *pt
			above.lo, above.p = pt.lo+k, pt.p[k:]
			pt.p = slices.Clone(pt.p[:k])
			c.moved(&above, served, arrived[j])
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

// leaps tells whether services are exponential, all requests come by themselves, and all
// find room.
func (c *circle) leaps() bool {
	return c.top == 0 && c.service.Phases() == 1 && !slices.ContainsFunc(c.sizes, func(n int) bool { return n > 1 })
}

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
