package queueing

import (
	"math"
	"slices"
)

// law is the probability of each number in the lane from lo on. Masses below
// lawEpsilon at either end are cut off.
type law struct {
	lo int
	p  []float64
}

const lawEpsilon = 1e-18

func point(n int) law { return law{n, []float64{1}} }

// trim cuts both ends of the law as long as what is cut is below lawEpsilon
// in all.
func (a law) trim() law { return a.without(lawEpsilon) }

// without cuts both ends as long as what is cut there is below mass.
func (a law) without(mass float64) law {
	i, j := 0, len(a.p)
	for sum := 0.0; i < j-1; i++ {
		if sum += a.p[i]; sum > mass {
			break
		}
	}
	for sum := 0.0; j > i+1; j-- {
		if sum += a.p[j-1]; sum > mass {
			break
		}
	}
	return law{a.lo + i, a.p[i:j]}
}

func (a law) hi() int { return a.lo + len(a.p) - 1 }

func (a law) mass() float64 {
	sum := 0.0
	for _, x := range a.p {
		sum += x
	}
	return sum
}

// mean is that of its mass, which is about 1.
func (a law) mean() float64 {
	sum := 0.0
	for i, x := range a.p {
		sum += x * float64(a.lo+i)
	}
	return sum
}

// scaled has so many times the mass everywhere.
func (a law) scaled(by float64) law {
	out := law{a.lo, make([]float64, len(a.p))}
	for i, x := range a.p {
		out.p[i] = by * x
	}
	return out
}

// upTo splits off the part with n <= level and returns its mass.
func (a law) upTo(level int) (mass float64, rest law) {
	k := min(max(level+1-a.lo, 0), len(a.p))
	for _, x := range a.p[:k] {
		mass += x
	}
	if k == len(a.p) {
		return mass, law{level + 1, []float64{0}}
	}
	return mass, law{a.lo + k, a.p[k:]}
}

// atMost has what is above a number at it.
func (a law) atMost(most int) law {
	if a.hi() <= most {
		return a
	}
	over, below := 0.0, a.below(most-1)
	for n := max(a.lo, most); n <= a.hi(); n++ {
		over += a.p[n-a.lo]
	}
	if a.lo >= most {
		return law{most, []float64{over}}
	}
	return law{below.lo, append(slices.Clone(below.p), over)}
}

// differs is the sum of the differences between the probabilities.
func (a law) differs(b law) float64 {
	if a.lo != b.lo {
		return 1
	}
	if len(a.p) > len(b.p) {
		a, b = b, a
	}
	sum := 0.0
	for i, x := range b.p {
		y := 0.0
		if i < len(a.p) {
			y = a.p[i]
		}
		sum += math.Abs(x - y)
	}
	return sum
}

// below is the part with n <= level.
func (a law) below(level int) law {
	k := min(max(level+1-a.lo, 0), len(a.p))
	if k == 0 {
		return law{level, []float64{0}}
	}
	return law{a.lo, a.p[:k]}
}

// fromZero moves to 0 the mass that rounding, or what was held to be certain,
// has left below.
func (a law) fromZero() law {
	if a.lo >= 0 {
		return a
	}
	mass, rest := a.upTo(0)
	return law{0, append([]float64{mass}, rest.p...)}
}

// or is the law of one or the other of two parts of a law.
func (a law) or(b law) law {
	switch {
	case a.mass() == 0:
		return b
	case b.mass() == 0:
		return a
	}
	lo, hi := min(a.lo, b.lo), max(a.hi(), b.hi())
	out := law{lo, make([]float64, hi-lo+1)}
	for _, part := range []law{a, b} {
		for i, x := range part.p {
			out.p[part.lo-lo+i] += x
		}
	}
	return out.trim()
}

// plus is the law of the sum of independent numbers.
func (a law) plus(b law) law {
	if len(b.p) > len(a.p) {
		a, b = b, a
	}
	out := law{a.lo + b.lo, make([]float64, len(a.p)+len(b.p)-1)}
	i := 0
	for ; i+4 <= len(b.p) && len(a.p) >= 4; i += 4 {
		addFour(out.p[i:], a.p, b.p[i], b.p[i+1], b.p[i+2], b.p[i+3])
	}
	for ; i < len(b.p); i++ {
		x := b.p[i]
		if x == 0 {
			continue
		}
		for j, y := range a.p {
			out.p[i+j] += x * y
		}
	}
	return out.trim()
}

// addFour adds w p, x p, y p and z p to sum, each one further on than the one before, in
// that order: one by one they would read and write each sum four times.
func addFour(sum, p []float64, w, x, y, z float64) {
	if w == 0 && x == 0 && y == 0 && z == 0 {
		return
	}
	n := len(p)
	sum = sum[:n+3]
	sum[0] += w * p[0]
	sum[1] = sum[1] + w*p[1] + x*p[0]
	sum[2] = sum[2] + w*p[2] + x*p[1] + y*p[0]
	p0, p1, p2 := p[0], p[1], p[2]
	for j, p3 := range p[3:] {
		sum[j+3] = sum[j+3] + w*p3 + x*p2 + y*p1 + z*p0
		p0, p1, p2 = p1, p2, p3
	}
	sum[n] = sum[n] + x*p2 + y*p1 + z*p0
	sum[n+1] = sum[n+1] + y*p2 + z*p1
	sum[n+2] += z * p2
}

// law of the count, each part within the window that holds all but
// lawEpsilon of it.
func (c Count) law() law {
	a := point(c.Fixed)
	if c.Poisson > 0 {
		a = a.plus(poissonLaw(c.Poisson))
	}
	for _, b := range c.Binomials {
		if b.N > 0 && b.P > 0 {
			a = a.plus(binomialLaw(b))
		}
	}
	for _, g := range c.Groups {
		if g.Mean > 0 {
			a = a.plus(poissonLaw(g.Mean).times(g.Size))
		}
	}
	return a
}

// times is the law of size times the number.
func (a law) times(size int) law {
	if size == 1 {
		return a
	}
	out := law{a.lo * size, make([]float64, (len(a.p)-1)*size+1)}
	for i, x := range a.p {
		out.p[i*size] = x
	}
	return out
}

// poissonLaw goes outwards from the mode by ratios of neighbours.
func poissonLaw(mean float64) law {
	mode := math.Floor(mean)
	return outwards(mode, 1, poissonProb(mode, mean),
		func(n float64) float64 { return mean / (n + 1) },
		func(n float64) float64 { return n / mean })
}

func binomialLaw(b Binomial) law {
	n, p := float64(b.N), math.Min(b.P, 1)
	if p == 1 || n == 0 {
		return point(b.N * b.Size)
	}
	mode := math.Floor((n + 1) * p)
	odds := p / (1 - p)
	return outwards(mode, b.Size, binomialProb(mode, n, p),
		func(k float64) float64 { return odds * (n - k) / (k + 1) },
		func(k float64) float64 { return k / (odds * (n - k + 1)) })
}

// outwards builds a unimodal law on multiples of size from its probability at
// the mode and the ratios p(k+1)/p(k) and p(k-1)/p(k).
func outwards(mode float64, size int, at float64, up, down func(float64) float64) law {
	const cut = 1e-22
	var above, below []float64
	for k, p := mode, at; ; k++ {
		p *= up(k)
		if !(p > cut*at) {
			break
		}
		above = append(above, p)
	}
	for k, p := mode, at; k > 0; k-- {
		p *= down(k)
		if !(p > cut*at) {
			break
		}
		below = append(below, p)
	}
	lo := int(mode) - len(below)
	out := law{lo * size, make([]float64, (len(below)+len(above))*size+1)}
	for i, p := range below {
		out.p[(len(below)-1-i)*size] = p
	}
	out.p[len(below)*size] = at
	for i, p := range above {
		out.p[(len(below)+1+i)*size] = p
	}
	return out
}
