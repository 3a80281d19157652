package queueing

import (
	"math"
	"math/cmplx"
)

// ringMean is the mean number of arrivals in an interval at each choice of complex
// means: base + the pools' part, which is base + pool where these are real.
//
// Choices that differ in pools only that send nothing in the interval are one. The
// terms are real, and so is the recurrence by which a polynomial is evaluated at a
// complex point r and its conjugate, as the rest when it is divided by their
// z^2 - 2 Re(r) z + |r|^2 (G. Goertzel, Amer. Math. Monthly 65 (1958) 34). That takes
// half of Horner's products, four points side by side.
type ringMean struct {
	points     []circlePoint
	base, pool float64
	whole      bool // ratio is of base and pools, and not of the pools alone
	same       bool // no pool sends anything: all choices are the same
	sends      int  // the pools that do, one bit each
	choices    map[int]*ringChoices
	now        *ringChoices
	ratio      []complex128 // of the complex mean to the real one
	lift       []complex128 // e^(real - complex mean)
	turns      [][]complex128
	lifts      [][]complex128 // of each pool
	which      [][]int        // of its turns, at each point
	sums       []complex128   // of each choice
	every      int            // terms are for every so many arrivals
	wide       float64        // the largest angle of ratio
}

// ringChoices are the points that differ in some of the pools.
type ringChoices struct {
	first []int // of each choice
	of    []int // each point
	own   []int // those that are no other's mirror image
	image []int // whose image each of the others is; -1: none's
}

// newRingMean lists the pools' means, each of which is of modulus 1.
func newRingMean(points []circlePoint) *ringMean {
	pools := len(points[0].means)
	m := &ringMean{points: points, choices: map[int]*ringChoices{}}
	m.turns, m.lifts, m.which = make([][]complex128, pools), make([][]complex128, pools), make([][]int, pools)
	for k := range pools {
		seen := map[complex128]int{}
		for _, pt := range points {
			e := pt.means[k]
			i, is := seen[e]
			if !is {
				i = len(seen)
				seen[e] = i
				m.turns[k] = append(m.turns[k], e)
			}
			m.which[k] = append(m.which[k], i)
		}
		m.lifts[k] = make([]complex128, len(seen))
	}
	room := len(points) + 3 // four are evaluated at once
	m.ratio, m.lift, m.sums = make([]complex128, room), make([]complex128, room), make([]complex128, room)
	return m
}

// among the pools that send.
func (m *ringMean) among(sends int) *ringChoices {
	if c := m.choices[sends]; c != nil {
		return c
	}
	c := &ringChoices{}
	seen := map[string]int{}
	for j := range m.points {
		var key []byte
		for k := range m.which {
			if sends>>k&1 == 1 {
				i := m.which[k][j]
				key = append(key, byte(i), byte(i>>8))
			}
		}
		i, is := seen[string(key)]
		if !is {
			i = len(c.first)
			seen[string(key)] = i
			c.first = append(c.first, j)
		}
		c.of = append(c.of, i)
	}
	c.mirror(m, sends)
	m.choices[sends] = c
	return c
}

// mirror finds choices that are mirror images.
func (c *ringChoices) mirror(m *ringMean, sends int) {
	seen := map[string]int{}
	for i, j := range c.first {
		var means []complex128
		for k, e := range m.points[j].means {
			if sends>>k&1 == 1 {
				means = append(means, e)
			}
		}
		key, image := keysOf(means)
		of, is := seen[image]
		if !is {
			seen[key] = i
			c.own, of = append(c.own, i), -1
		}
		c.image = append(c.image, of)
	}
}

// set takes the pools' real means.
func (m *ringMean) set(base float64, pools []float64) {
	m.base, m.pool, m.sends, m.every, m.wide = base, 0, 0, 1, 0
	for k, x := range pools {
		m.pool += x
		if x > 0 {
			m.sends |= 1 << k
		}
	}
	m.same = m.pool < noArrival
	if m.same {
		m.pool = 0
		return
	}
	m.now = m.among(m.sends)
	for k, x := range pools {
		if x > 0 {
			for i, e := range m.turns[k] {
				m.lifts[k][i] = cmplx.Exp(complex(x, 0) * (1 - e))
			}
		}
	}
	over := 1 / m.pool
	at := complex(0, 0)
	if m.whole {
		over = 1 / (base + m.pool)
		at = complex(base*over, 0)
	}
	for c, j := range m.now.first {
		r, lift := at, complex(1, 0)
		for k, x := range pools {
			if x > 0 {
				e, w := m.points[j].means[k], x*over
				r += complex(w*real(e), w*imag(e))
				lift *= m.lifts[k][m.which[k][j]]
			}
		}
		m.ratio[c], m.lift[c] = r, lift
		m.wide = math.Max(m.wide, math.Abs(cmplx.Phase(r)))
	}
}

// ofPools is what arrives from pools in the mean at the j-th point, where ratio is of
// these alone.
func (m *ringMean) ofPools(j int) complex128 {
	if m.same {
		return 0
	}
	return m.ratio[m.now.of[j]] * complex(m.pool, 0)
}

// add adds weight times the mean of terms[i] over the number lo+i of arrivals, or of
// terms that are seldom: terms hold the real means' probabilities of it.
func (m *ringMean) add(dst []complex128, weight float64, lo int, terms []float64) {
	if len(terms) == 0 {
		return
	}
	sums := m.each(weight, lo, terms)
	if m.same {
		for j := range dst {
			dst[j] += sums[0]
		}
		return
	}
	for j, c := range m.now.of {
		dst[j] += sums[c]
	}
}

// each is that mean at each choice.
func (m *ringMean) each(weight float64, lo int, terms []float64) []complex128 {
	if m.same {
		sum := 0.0
		for _, c := range terms {
			sum += c
		}
		m.sums[0] = complex(weight*sum, 0)
		return m.sums[:1]
	}
	var four, at [4]complex128
	for own := m.now.own; len(own) > 0; own = own[min(4, len(own)):] {
		for i := range min(4, len(own)) {
			if at[i] = m.ratio[own[i]]; m.every > 1 {
				at[i] = wholePower(at[i], m.every)
			}
		}
		polynomials(&four, at[:], terms)
		for i, p := range four[:min(4, len(own))] {
			m.sums[own[i]] = m.lifted(own[i], p, weight, lo)
		}
	}
	for c, i := range m.now.image {
		if i >= 0 {
			m.sums[c] = cmplx.Conj(m.sums[i])
		}
	}
	return m.sums[:len(m.now.first)]
}

// lifted is the mean at a choice, given the polynomial.
func (m *ringMean) lifted(c int, p complex128, weight float64, lo int) complex128 {
	f := m.lift[c] * complex(real(p)*weight, imag(p)*weight)
	if lo == 0 {
		return f
	}
	return f * wholePower(m.ratio[c], lo)
}

// polynomials are those with the real coefficients at four points.
func polynomials(dst *[4]complex128, at []complex128, coef []float64) {
	at = at[:4]
	x0, x1, x2, x3 := 2*real(at[0]), 2*real(at[1]), 2*real(at[2]), 2*real(at[3])
	q0, q1, q2, q3 := norm2(at[0]), norm2(at[1]), norm2(at[2]), norm2(at[3])
	var b0, b1, b2, b3, d0, d1, d2, d3 float64
	i := len(coef) - 1
	if i&1 == 1 { // two steps at a time from here on
		b0, b1, b2, b3 = coef[i], coef[i], coef[i], coef[i]
		i--
	}
	for ; i > 0; i -= 2 {
		c, e := coef[i], coef[i-1]
		d0 = c - q0*d0 + x0*b0
		d1 = c - q1*d1 + x1*b1
		d2 = c - q2*d2 + x2*b2
		d3 = c - q3*d3 + x3*b3
		b0 = e - q0*b0 + x0*d0
		b1 = e - q1*b1 + x1*d1
		b2 = e - q2*b2 + x2*d2
		b3 = e - q3*b3 + x3*d3
	}
	c := coef[0]
	dst[0] = complex(c-q0*d0+x0/2*b0, imag(at[0])*b0)
	dst[1] = complex(c-q1*d1+x1/2*b1, imag(at[1])*b1)
	dst[2] = complex(c-q2*d2+x2/2*b2, imag(at[2])*b2)
	dst[3] = complex(c-q3*d3+x3/2*b3, imag(at[3])*b3)
}

func norm2(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }
