package queueing

import "math"

// nestedBlocks interpolates the logarithm of a density at the extrema of Chebyshev's
// polynomials of degree 16, and of twice that and twice that again, which hold those of
// the degree before, before a block is halved (C. W. Clenshaw, A. R. Curtis, Numer. Math.
// 2 (1960)).
type nestedBlocks struct {
	log     func(t float64) float64
	allowed float64 // error of the logarithm where the law has its mass
	even    bool    // and everywhere else
	blocks  []block
}

const (
	nestedFirst = 16
	nestedMost  = 64
	// relativeOff is the error of the logarithm where next to none of the mass is, a
	// tenth of what panels leave in densities.
	relativeOff = 1e-9
	// nestedShare is the mass of a block from which on it may be off by more: far tails count in moments.
	nestedShare = 1e-3
	nestedHope  = 10.0 // error that the next degree may be expected to leave, over what is allowed
)

// nestedCos is cos(pi m / nestedMost).
var nestedCos = func() (c [2 * nestedMost]float64) {
	for m := range c {
		c[m] = math.Cos(math.Pi * float64(m) / nestedMost)
	}
	return c
}()

// add appends blocks on [a,b], which it halves up to depth times.
func (n *nestedBlocks) add(a, b float64, depth int) {
	var values [nestedMost + 1]float64
	for degree := nestedFirst; ; degree *= 2 {
		n.fill(&values, a, b, degree)
		coef := make([]float64, degree+1)
		writeExtrema(coef, &values)
		tol := n.tolerance(&values, degree, b-a)
		off := last(coef)
		for _, x := range between {
			if off <= tol {
				off = math.Max(off, math.Abs(clenshaw(coef, x)-n.log((a+b)/2+(b-a)/2*x)))
			}
		}
		if off <= tol || depth == 0 && degree == nestedMost {
			n.blocks = append(n.blocks, block{a, b, coef, off})
			return
		}
		if fall := last(coef) / last(coef[:degree/2+1]); degree == nestedMost || depth > 0 && !(last(coef)*fall*fall <= nestedHope*tol) {
			break
		}
	}
	n.add(a, (a+b)/2, depth-1)
	n.add((a+b)/2, b, depth-1)
}

// fill finds the values of the degree that are not of half of it, from left to right.
func (n *nestedBlocks) fill(values *[nestedMost + 1]float64, a, b float64, degree int) {
	stride := nestedMost / degree
	for j := degree; j >= 0; j-- {
		if degree == nestedFirst || j%2 == 1 {
			values[j*stride] = n.log(math.Max(a, (a+b)/2+(b-a)/2*nestedCos[j*stride])) // rounding may leave 0 of a
		}
	}
}

// tolerance of a block: where its mass is small it may be off by more, as long as that
// leaves the density its digits. The rounding of values is not to be told from an error.
func (n *nestedBlocks) tolerance(values *[nestedMost + 1]float64, degree int, width float64) float64 {
	top, size := math.Inf(-1), 0.0
	for j := 0; j <= nestedMost; j += nestedMost / degree {
		top, size = math.Max(top, values[j]), math.Max(size, math.Abs(values[j]))
	}
	if n.even {
		return math.Max(n.allowed, valueNoise*size)
	}
	tol := math.Min(n.allowed*math.Max(1, nestedShare*math.Exp(-top)/width), math.Max(n.allowed, relativeOff))
	return math.Max(tol, valueNoise*size)
}

// writeExtrema writes the Chebyshev coefficients of the polynomial with the values
// at the extrema of that of its degree. Even polynomials are the same, and odd ones
// opposite, at those that lie opposite.
func writeExtrema(coef []float64, values *[nestedMost + 1]float64) {
	n := len(coef) - 1
	stride := nestedMost / n
	for k := range coef {
		sign := float64(1 - 2*(k%2))
		sum := (values[0] + sign*values[nestedMost]) / 2
		for j, m := 1, k*stride; j < n/2; j, m = j+1, m+k*stride {
			sum += (values[j*stride] + sign*values[nestedMost-j*stride]) * nestedCos[m%(2*nestedMost)]
		}
		if k%2 == 0 {
			sum += values[nestedMost/2] * sign * float64(1-k%4)
		}
		coef[k] = 2 / float64(n) * sum
	}
	coef[0] /= 2
	coef[n] /= 2
}
