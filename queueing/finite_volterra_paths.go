package queueing

import (
	"math"
	"math/cmplx"
	"slices"
)

// Terms of [countTerms] by transforms, inverted along one path for all numbers of arrivals.

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
		f[n], s[n] = at*wholePower(s1, lo), wholePower(s1, m.every)
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
