package queueing

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Three nodes tell what they leave. Along the means the normal quantile of P(T <= t) is
//
//	z = c_0 + c_1 y + c_2 T_2(y) + c_3 T_3(y) + …, y the mean's deviation over half,
//
// of which they know all but what begins with c_3. More members mostly come to a later
// drain: as far as they do, z(t) taken along the means is z taken along t, and each
// coefficient is what the one before changes by as t moves by the shift of y = 1, in which
// z changes by c_1:
//
//	c_k = c_1 / (2k) dc_(k-1)/dz,
//
// as for Taylor coefficients, of which those of Chebyshev polynomials are 2^(1-k). Where
// only the scale of T changes with the means, z is a function of c_1 y whose coefficients
// fall geometrically, and c_3 is about c_2^2/c_1. Three times the larger of both covers what
// three nodes left in some 400 cells of grids of lanes, humps and atoms included, where up
// to 2.3 times it was seen; the change from two nodes to three, to the power 3/2, both over
// 30 times too much and a third of it.
const bendsLeave = 3

// bends is the largest of both, in probability, over the probes.
func (f fixing) bends(drains []*Drain, probes []float64) float64 {
	left := 0.0
	var before zBend
	for _, t := range probes {
		b, ok := f.bendAt(cdfs(drains, t))
		if !ok {
			continue
		}
		left = math.Max(left, b.density(b.z)*b.second*b.second/math.Max(math.Abs(b.first), math.Abs(b.second)+1e-300))
		if apart := b.z - before.z; before.first != 0 && apart > bendsApart {
			least := 0.0 // of |z| between them
			if b.z*before.z > 0 {
				least = math.Min(math.Abs(b.z), math.Abs(before.z))
			}
			first := math.Max(math.Abs(b.first), math.Abs(before.first))
			left = math.Max(left, b.density(least)*first/6*math.Abs(b.second-before.second)/apart)
		}
		before = b
	}
	return left
}

// bendsApart is the least difference of quantiles that tells a slope: at atoms several
// probes are one.
const bendsApart = 1e-3

// zBend is the quantile at the middle node with its first coefficients.
type zBend struct{ z, first, second float64 }

func (zBend) density(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }

// bendAt takes the coefficients from the smaller tail; false where there is none.
func (f fixing) bendAt(p, q []float64) (b zBend, ok bool) {
	sign := 1.0
	if q[len(q)/2] < p[len(p)/2] {
		p, sign = q, -1
	}
	for i, x := range p {
		if x < 1e-290 {
			return b, false
		}
		z := sign * mathext.NormalQuantile(math.Min(x, 1-1e-16))
		b.first += f.coef[1][i] * z
		b.second += f.coef[2][i] * z
		if i == len(p)/2 {
			b.z = z
		}
	}
	return b, true
}
