package queueing

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// rule is a quadrature rule on [-1,1].
type rule struct{ x, w []float64 }

var (
	gauss3  = gaussRule(3)
	gauss4  = gaussRule(4)
	gauss6  = gaussRule(6)
	gauss8  = gaussRule(8)
	gauss16 = gaussRule(16)
)

func gaussRule(n int) rule {
	r := rule{make([]float64, n), make([]float64, n)}
	quad.Legendre{}.FixedLocations(r.x, r.w, -1, 1)
	return r
}

// chebyshev holds what interpolation at the n points cos(pi (i+1/2)/n) on
// [-1,1] needs, points in increasing order.
type chebyshev struct {
	x    []float64
	bary []float64   // barycentric weights
	coef [][]float64 // coef[i][k]: of the i-th value in the k-th Chebyshev coefficient
}

func newChebyshev(n int) *chebyshev {
	c := &chebyshev{make([]float64, n), make([]float64, n), make([][]float64, n)}
	for i := range n {
		a := math.Pi * (float64(n-1-i) + 0.5) / float64(n)
		c.x[i] = math.Cos(a)
		c.bary[i] = math.Sin(a) * float64(1-2*(i%2))
	}
	for i := range n {
		c.coef[i] = make([]float64, n)
		for k := range n {
			c.coef[i][k] = 2 / float64(n) * math.Cos(math.Pi*float64(k)*(float64(n-1-i)+0.5)/float64(n))
		}
		c.coef[i][0] /= 2
	}
	return c
}

// coefficients of the interpolating sum of Chebyshev polynomials.
func (c *chebyshev) coefficients(values []float64) []float64 {
	out := make([]float64, len(c.x))
	for i, v := range values {
		for k, w := range c.coef[i] {
			out[k] += w * v
		}
	}
	return out
}

// write is coefficients into dst, all 0, in half the time. The points lie in pairs about 0, in
// which even polynomials are the same and odd ones opposite.
func (c *chebyshev) write(dst, values []float64) {
	n := len(c.x)
	for i := range n / 2 {
		u, v := values[i]+values[n-1-i], values[i]-values[n-1-i]
		coef := c.coef[i][:len(dst)]
		for k := 0; k+1 < len(dst); k += 2 {
			dst[k] += coef[k] * u
			dst[k+1] += coef[k+1] * v
		}
		if n%2 == 1 {
			dst[n-1] += coef[n-1] * u
		}
	}
	if n%2 == 1 {
		for k := 0; k < n; k += 2 {
			dst[k] += c.coef[n/2][k] * values[n/2]
		}
	}
}

// cardinals writes the values at x of the polynomials that are 1 at one point
// and 0 at the others.
func (c *chebyshev) cardinals(dst []float64, x float64) {
	sum := 0.0
	for i, p := range c.x {
		d := x - p
		if d == 0 {
			clear(dst)
			dst[i] = 1
			return
		}
		dst[i] = c.bary[i] / d
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
}

// clenshaw sums coef[k] T_k(x).
func clenshaw(coef []float64, x float64) float64 {
	b1, b2 := 0.0, 0.0
	for k := len(coef) - 1; k > 0; k-- {
		b1, b2 = coef[k]+2*x*b1-b2, b1
	}
	return coef[0] + x*b1 - b2
}

// clenshaws is clenshaw for each x, four side by side: one alone waits for its
// own last result at every step.
func clenshaws(sums, coef, x []float64) {
	for len(x) >= 4 {
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		var b0, b1, b2, b3, c0, c1, c2, c3 float64
		for k := len(coef) - 1; k > 0; k-- {
			c := coef[k]
			b0, c0 = c-c0+2*x0*b0, b0
			b1, c1 = c-c1+2*x1*b1, b1
			b2, c2 = c-c2+2*x2*b2, b2
			b3, c3 = c-c3+2*x3*b3, b3
		}
		c := coef[0]
		sums[0], sums[1], sums[2], sums[3] = c-c0+x0*b0, c-c1+x1*b1, c-c2+x2*b2, c-c3+x3*b3
		x, sums = x[4:], sums[4:]
	}
	for i, x := range x {
		sums[i] = clenshaw(coef, x)
	}
}

// antiderivative of the sum of coef[k] T_k(x), 0 at x = -1.
func antiderivative(coef []float64) []float64 {
	out := make([]float64, len(coef)+1)
	writeAntiderivative(out, coef)
	return out
}

// writeAntiderivative is antiderivative into out, all 0, which has one
// coefficient more.
func writeAntiderivative(out, coef []float64) {
	n := len(coef)
	at := func(k int) float64 {
		if k < n {
			return coef[k]
		}
		return 0
	}
	for k := 1; k <= n; k++ {
		below := at(k - 1)
		if k == 1 {
			below *= 2
		}
		out[k] = (below - at(k+1)) / (2 * float64(k))
		out[0] -= out[k] * float64(1-2*(k%2))
	}
}
