package queueing

import "math"

// compressed stands for a law wherever functions are averaged that are smooth
// over blocks of its numbers: it keeps, for blocks of 2^level numbers, the
// weights of Chebyshev points that average polynomials exactly.
type compressed struct {
	law
	levels map[int][]lawBlock
}

type lawBlock struct {
	at, weight []float64
}

const (
	lawPoints = 16
	lawLevel  = 6 // the smallest block holds 2^6 numbers
)

var lawNodes = newChebyshev(lawPoints)

// average sums f over the law, restricted to numbers from lo to hi. scale is
// the distance over which f changes.
func (c *compressed) average(lo, hi, scale float64, f func(n float64) float64) float64 {
	level := int(math.Log2(math.Max(1.8*scale, 1)))
	if level < lawLevel {
		return c.plain(lo, hi, f)
	}
	sum := 0.0
	for _, b := range c.blocks(level) {
		if b.at[0] > hi || b.at[len(b.at)-1] < lo {
			continue
		}
		for i, n := range b.at {
			if b.weight[i] != 0 {
				sum += b.weight[i] * f(n)
			}
		}
	}
	return sum
}

func (c *compressed) plain(lo, hi float64, f func(n float64) float64) float64 {
	size := float64(len(c.p))
	from := int(math.Max(0, math.Min(lo-float64(c.lo), size)))
	to := int(math.Max(-1, math.Min(hi-float64(c.lo), size-1)))
	sum := 0.0
	for i := from; i <= to; i++ {
		if c.p[i] > 1e-24 {
			sum += c.p[i] * f(float64(c.lo+i))
		}
	}
	return sum
}

// blocks of a level, built when first asked for.
func (c *compressed) blocks(level int) []lawBlock {
	if b, done := c.levels[level]; done {
		return b
	}
	var all []lawBlock
	size := 1 << level
	for from := 0; from < len(c.p); from += size {
		to := min(from+size, len(c.p))
		all = append(all, c.block(from, to))
	}
	c.levels[level] = all
	return all
}

// block weighs the Chebyshev points of [from,to-1] by the law's probabilities
// times the points' cardinal polynomials; few numbers stand for themselves.
func (c *compressed) block(from, to int) lawBlock {
	if to-from <= lawPoints {
		b := lawBlock{weight: c.p[from:to]}
		for i := from; i < to; i++ {
			b.at = append(b.at, float64(c.lo+i))
		}
		return b
	}
	b := lawBlock{make([]float64, lawPoints), make([]float64, lawPoints)}
	mid, half := float64(from+to-1)/2, float64(to-1-from)/2
	for i, x := range lawNodes.x {
		b.at[i] = float64(c.lo) + mid + half*x
	}
	card := make([]float64, lawPoints)
	for i := from; i < to; i++ {
		lawNodes.cardinals(card, (float64(i)-mid)/half)
		for j, v := range card {
			b.weight[j] += c.p[i] * v
		}
	}
	return b
}
