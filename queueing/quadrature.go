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

// clenshaws is clenshaw for each x, side by side: one alone waits for its own
// last result at every step.
func clenshaws(sums, coef, x []float64) {
	n := len(x)
	work := make([]float64, 2*n)
	b1, b2 := work[:n], work[n:]
	for k := len(coef) - 1; k > 0; k-- {
		c := coef[k]
		for i, x := range x {
			b1[i], b2[i] = c+2*x*b1[i]-b2[i], b1[i]
		}
	}
	for i, x := range x {
		sums[i] = coef[0] + x*b1[i] - b2[i]
	}
}

// antiderivative of the sum of coef[k] T_k(x), 0 at x = -1.
func antiderivative(coef []float64) []float64 {
	n := len(coef)
	at := func(k int) float64 {
		if k < n {
			return coef[k]
		}
		return 0
	}
	out := make([]float64, n+1)
	for k := 1; k <= n; k++ {
		below := at(k - 1)
		if k == 1 {
			below *= 2
		}
		out[k] = (below - at(k+1)) / (2 * float64(k))
		out[0] -= out[k] * float64(1-2*(k%2))
	}
	return out
}
