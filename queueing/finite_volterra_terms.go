package queueing

import (
	"math"
	"math/cmplx"
)

// ringMean is the mean number of arrivals in an interval at each choice of complex
// means: base + the pools' part, which is base + pool where these are their own.
type ringMean struct {
	base, pool float64
	whole      bool         // ratio is of base and pools, and not of the pools alone
	ratio      []complex128 // of the complex mean to the real one
	lift       []complex128 // e^(real - complex mean)
	same       bool         // no pool sends anything: all choices are the same
}

// set takes the pools' own means.
func (m *ringMean) set(points []circlePoint, base float64, pools []float64) {
	m.base, m.pool = base, 0
	for _, x := range pools {
		m.pool += x
	}
	m.same = m.pool < noArrival
	if m.same {
		m.pool = 0
		return
	}
	for j := range points {
		at := complex(0, 0)
		for i, x := range pools {
			e := points[j].means[i]
			at += complex(x*real(e), x*imag(e))
		}
		m.lift[j] = cmplx.Exp(complex(m.pool, 0) - at)
		if m.whole {
			m.ratio[j] = (at + complex(base, 0)) * complex(1/(base+m.pool), 0)
		} else {
			m.ratio[j] = at * complex(1/m.pool, 0)
		}
	}
}

// add adds weight times the mean of terms[i] over the number lo+i of arrivals: terms
// hold the real means' probabilities of it.
func (m *ringMean) add(dst []complex128, weight float64, lo int, terms []float64) {
	if m.same {
		sum := 0.0
		for _, c := range terms {
			sum += c
		}
		for j := range dst {
			dst[j] += complex(weight*sum, 0)
		}
		return
	}
	for j, r := range m.ratio {
		x, y := real(r), imag(r)
		re, im := 0.0, 0.0
		for i := len(terms) - 1; i >= 0; i-- {
			re, im = re*x-im*y+terms[i], re*y+im*x
		}
		f := m.lift[j] * complex(re*weight, im*weight)
		dst[j] += f * power(r, lo)
	}
}

// power is z^n for whole n.
func power(z complex128, n int) complex128 {
	out := complex(1, 0)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out *= z
		}
		z *= z
	}
	return out
}

// countTerms are what [workSums] and [poleSums.aside] average over the number of
// arrivals, before that average: for gamma services over all arrivals, of which the
// number of services tells, for others over those from pools.
type countTerms struct {
	sums   *poleSums
	ratios []float64 // of gamma service: Gamma(n shape)/Gamma((n+1) shape)
	up     []float64
	down   []float64
}

// whole tells over which arrivals the average is.
func (c *countTerms) whole() bool { return c.sums.series != nil }

// aside is the density at u of the work of (k + A)^+ services.
func (c *countTerms) aside(k int, u float64, m *ringMean) (lo int, terms []float64) {
	if c.whole() {
		return c.outwards(k, u, m.base+m.pool, false)
	}
	return c.each(m.pool, func(j int) float64 { return c.sums.aside(float64(k+j), u, m.base) })
}

// last is as in [workSums].
func (c *countTerms) last(k int, u float64, m *ringMean) (lo int, terms []float64) {
	if c.whole() {
		return c.outwards(k, u, m.base+m.pool, true)
	}
	return c.each(m.pool, func(j int) float64 { return c.sums.last(float64(k+j), u, m.base) })
}

// below is P((k + A)^+ services take u at most), beyond the opposite.
func (c *countTerms) below(k int, u float64, m *ringMean) (lo int, terms []float64) {
	if c.whole() {
		return c.each(m.base+m.pool, func(j int) float64 {
			below, _ := c.tails(k+j, u)
			return below
		})
	}
	return c.each(m.pool, func(j int) float64 { return c.sums.below(float64(k+j), u, m.base) })
}

func (c *countTerms) beyond(k int, u float64, m *ringMean) (lo int, terms []float64) {
	if c.whole() {
		return c.each(m.base+m.pool, func(j int) float64 {
			_, above := c.tails(k+j, u)
			return above
		})
	}
	return c.each(m.pool, func(j int) float64 { return c.sums.beyond(float64(k+j), u, m.base) })
}

// tails of the time that n gamma services take.
func (c *countTerms) tails(n int, u float64) (below, above float64) {
	if n <= 0 {
		return 1, 0
	}
	return gammaTails(float64(n)*c.sums.series.shape, c.sums.series.rate*u)
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
const termsEnd = 1e-18

// outwards are the terms of [gammaSums.sum] from the largest on, by ratios of
// neighbours: g_n(u) P(A = n-k), times u/n for the last service's mean length.
func (c *countTerms) outwards(k int, u, a float64, last bool) (lo int, terms []float64) {
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
		v *= step * c.ratio(n) / float64(n+1-k)
		if last {
			v *= float64(n) / float64(n+1)
		}
	}
	v = top
	for n := centre - 1; n >= first; n-- {
		v *= float64(n+1-k) / (step * c.ratio(n))
		if last {
			v *= float64(n+1) / float64(n)
		}
		if !(v > termsEnd*top) {
			break
		}
		c.down = append(c.down, v)
	}
	lo = centre - k - len(c.down)
	terms = append(terms, c.down...)
	for i, j := 0, len(terms)-1; i < j; i, j = i+1, j-1 {
		terms[i], terms[j] = terms[j], terms[i]
	}
	return lo, append(terms, c.up...)
}

// ratio is Gamma(n shape)/Gamma((n+1) shape).
func (c *countTerms) ratio(n int) float64 {
	for i := len(c.ratios); i <= n; i++ {
		p, _ := math.Lgamma(float64(max(i, 1)) * c.sums.series.shape)
		q, _ := math.Lgamma(float64(i+1) * c.sums.series.shape)
		c.ratios = append(c.ratios, math.Exp(p-q))
	}
	return c.ratios[n]
}
