package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// A state of [idleMembers] at complex means.

func (c *latticePoints) copied() idleState {
	state := *c
	state.laws, state.work = slices.Clone(c.laws), 0
	return &state
}

func (c *latticePoints) empty() idleState {
	state := *c
	state.laws, state.work = make([]complexLaw, len(c.laws)), 0
	return &state
}

func (c *latticePoints) done() float64 { return c.work }

func (c *latticePoints) arrive(s, t float64) {
	if !(t > s) {
		return
	}
	own := complexOf(countOf(c.others, s, t).law())
	means, rest, sends, over := make([]float64, len(c.pools)), c.toCome(t), false, true
	defer func() { c.rest = rest }()
	for i, x := range c.pools {
		means[i] = c.sends(x, s, t)
		sends = sends || means[i] > 0
		over = over && means[i]+c.sends(x, t, math.Inf(1)) == 0 && x.Begins() < s
	}
	switch {
	case over:
		c.unite()
	case sends:
		c.split()
	}
	sizes := make([]law, len(means)) // of the pools' numbers, which but turn from point to point
	for i, mean := range means {
		if mean > 0 {
			sizes[i] = poissonLaw(cmplx.Abs(c.points[0].means[i]) * mean)
		}
	}
	for j, n := range c.laws {
		if len(n.p) == 0 {
			continue
		}
		kernel := own
		for i, mean := range means {
			if mean > 0 {
				kernel = kernel.withGroups(sizes[i], c.points[j].means[i]*complex(mean, 0), c.size[i])
				c.work += kernelCost * float64(len(kernel.p))
			}
		}
		kernel = kernel.narrowed(pointsCut)
		if c.work += pointsCost * float64(len(n.p)) * float64(len(kernel.p)); c.work > c.limit {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("following the numbers in its lane takes more than %.0e multiplications", c.limit)}})
		}
		c.laws[j] = n.plus(kernel).narrowed(pointsCut)
	}
}

// kernelCost is what a term of what arrives takes, in multiplications.
const kernelCost = 40.0

// withGroups adds a Poisson number of groups of so many each, of which the law for the
// mean's modulus is given, over e^(|mean| - Re mean).
func (n complexLaw) withGroups(modulus law, mean complex128, size int) complexLaw {
	theta := cmplx.Phase(mean)
	out := complexLaw{n.lo + modulus.lo*size, make([]complex128, len(n.p)+(len(modulus.p)-1)*size)}
	turn, turns := cmplx.Rect(1, theta*float64(modulus.lo)-imag(mean)), cmplx.Rect(1, theta)
	for k, x := range modulus.p {
		w := complex(x, 0) * turn
		for i, y := range n.p {
			out.p[k*size+i] += w * y
		}
		turn *= turns
	}
	return out
}

func complexOf(n law) complexLaw {
	out := complexLaw{n.lo, make([]complex128, len(n.p))}
	for k, x := range n.p {
		out.p[k] = complex(x, 0)
	}
	return out
}

func (n complexLaw) sum() (sum complex128) {
	for _, x := range n.p {
		sum += x
	}
	return sum
}

// plus is the law of a sum.
func (n complexLaw) plus(m complexLaw) complexLaw {
	if len(m.p) == 1 && m.p[0] == 1 {
		return complexLaw{n.lo + m.lo, n.p}
	}
	return complexLaw{n.lo + m.lo, convolved(n.p, m.p)}
}

// narrowed leaves out what is less than a cut at either end.
func (n complexLaw) narrowed(cut float64) complexLaw {
	lo, hi := 0, len(n.p)
	for lo < hi && span(n.p[lo]) < cut {
		lo++
	}
	for hi > lo && span(n.p[hi-1]) < cut {
		hi--
	}
	return complexLaw{n.lo + lo, n.p[lo:hi]}
}

// joined is the sum of parts of a law.
func (n complexLaw) joined(m complexLaw) complexLaw {
	pt := circlePoint{lo: n.lo, p: n.p}
	pt.join(circlePoint{lo: m.lo, p: m.p})
	return complexLaw{pt.lo, pt.p}
}

func (c *latticePoints) serve() {
	for j := range c.laws {
		c.laws[j].lo--
	}
}

func (c *latticePoints) above(level int) idleState {
	rest := *c
	rest.laws, rest.work = slices.Clone(c.laws), 0
	for j, n := range c.laws {
		k := min(max(level+1-n.lo, 0), len(n.p))
		rest.laws[j] = complexLaw{n.lo + k, slices.Clone(n.p[k:])}
		c.laws[j] = complexLaw{n.lo, n.p[:k:k]}
	}
	return &rest
}

func (c *latticePoints) lower(services int) {
	for j := range c.laws {
		c.laws[j].lo -= services
	}
}

func (c *latticePoints) idle() {
	for j, n := range c.laws {
		switch {
		case len(n.p) == 0 || n.lo == 0 && len(n.p) == 1:
		case n.lo > 0:
			c.laws[j].lo--
		default:
			c.laws[j].p = append([]complex128{n.p[0] + n.p[1]}, n.p[2:]...)
		}
	}
}

func (c *latticePoints) leave(level int) float64 {
	sum := 0.0
	for j, n := range c.laws {
		gone, lo, rest := upTo(level, n.lo, n.p, 1)
		sum += real(c.weight(j) * gone)
		c.laws[j] = complexLaw{lo, rest}
	}
	return sum
}

func (c *latticePoints) mass() float64 {
	sum := 0.0
	for j, n := range c.laws {
		sum += real(c.weight(j) * n.sum())
	}
	return sum
}

func (c *latticePoints) begins(from idleState, at float64) {
	rate := rateOf(c.others, at)
	for j, n := range from.(*latticePoints).laws {
		if len(n.p) == 0 || n.lo > 0 {
			continue
		}
		none := n.p[0] * complex(c.d, 0)
		add := func(size int, w complex128) {
			if w != 0 {
				c.laws[j] = c.laws[j].joined(complexLaw{size, []complex128{w * none}})
			}
		}
		add(1, complex(rate, 0))
		for i, x := range c.pools {
			add(c.size[i], c.points[j].means[i]*complex(x.Rate(at)/float64(c.size[i]), 0))
		}
	}
}

func (c *latticePoints) idled(ends idleState) idleState {
	met := c.empty().(*latticePoints)
	for j, n := range c.laws {
		met.laws[j] = complexLaw{0, []complex128{n.at(0) - ends.(*latticePoints).laws[j].at(0)}}
	}
	return met
}

func (n complexLaw) at(k int) complex128 {
	if k < n.lo || k >= n.lo+len(n.p) {
		return 0
	}
	return n.p[k-n.lo]
}

func (c *latticePoints) join(other idleState) {
	o := other.(*latticePoints)
	c.work += o.work
	switch { // what has been looked at in other steps may have gone to all points, or to one
	case c.after != o.after:
		c.unite()
		o.unite()
	case len(c.points) != len(o.points):
		c.split()
		o.split()
	}
	for j, n := range o.laws {
		if len(n.p) > 0 {
			c.laws[j] = c.laws[j].joined(n)
		}
	}
}
