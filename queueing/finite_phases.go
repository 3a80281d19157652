package queueing

import (
	"errors"
	"math"
	"math/cmplx"
)

// Laws of deterministic service ends are known to all digits but are no smooth
// function of the time, with atoms beside densities: their numbers of members
// are fixed without normal quantiles. Cauchy's formula, as [finite] has it, is
// linear, and for F a polynomial in M of degree n no more than a sum of its
// values at n+1 nodes, with weights that depend on the number of members N
// alone: M^k becomes N (N-1) ... (N-k+1). F is entire in M, so that its
// polynomials converge faster than any power; what the last nodes change tells
// how far they have.

const (
	phasedNodes  = 24   // intervals between nodes, at most; half of them and a quarter are tried first
	phasedHalf   = 4.2  // half over sqrt(N): wider nodes need more of them, narrower ones multiply rounding
	phasedEnough = 1e-7 // error at which no more are tried

	phasedGood     = 1e-4  // error up to which no other way is tried
	phasedHopeless = 2e-2  // error from which on more nodes would not do
	phasedDigits   = 1e-12 // tolerance of the nodes, whose errors are multiplied
)

// superposeOr is the better of superpose and, where that is far from exact,
// byQuantiles: where the pool alone makes T vary, its quantiles are nearly linear
// in M and its probabilities are not.
func (f finite) superposeOr(next func(problem) (Drain, error)) (Drain, error) {
	d, err := f.superpose(next)
	if err != nil || d.AbsError <= phasedGood {
		return d, err
	}
	other, err := f.inOnePiece(next)
	var refused *UnsupportedError
	switch {
	case errors.As(err, &refused) && d.Distribution != nil:
		return d, nil
	case err != nil:
		return Drain{}, err
	case d.Distribution == nil || other.AbsError < d.AbsError:
		return other, nil
	}
	return d, nil
}

// inOnePiece is byQuantiles with the laws that are of phases in one piece each.
func (f finite) inOnePiece(next func(problem) (Drain, error)) (Drain, error) {
	f.solved = map[float64]*Drain{}
	return f.byQuantiles(func(q problem) (Drain, error) {
		d, err := next(q)
		if law, is := d.Distribution.(*phasedLaw); is {
			d.Distribution, err = law.curve()
		}
		return d, err
	})
}

// superpose fixes the number of members by a sum of the laws at the nodes, with
// an error of +Inf if they are not all of phases. Of
// errors that fall like r^n, as those of polynomials do, the next after e_n and
// e_2n is e_2n (e_2n/e_n)^2.
func (f finite) superpose(next func(problem) (Drain, error)) (Drain, error) {
	f.half = math.Min(phasedHalf*math.Sqrt(f.members), 0.9*f.members)
	f.solved = map[float64]*Drain{}
	accurate := func(q problem) (Drain, error) {
		q.Tolerance = phasedDigits
		return next(q)
	}
	most, enough := phasedNodes, math.Max(f.tolerance(), phasedEnough)
	if f.coarse() {
		most /= 2
	}
	best := Drain{AbsError: math.Inf(1)}
	var last *phasedLaw
	before := math.NaN()
	for n := phasedNodes / 4; ; n *= 2 {
		drains, err := f.nodes(n, accurate)
		if err != nil {
			return Drain{}, err
		}
		if _, all := phased(drains); !all {
			return best, nil
		}
		weights := depoissonized(f.members, f.half, n)
		law := sumOfPhases(drains, weights)
		rest := 1.0
		if last != nil {
			rest, before = furtherChange(apart(law, last, *drains[n/2]), before)
		}
		if d := fixedPhases(law, drains, weights, rest); d.AbsError < best.AbsError {
			best = d
		}
		if best.AbsError < enough || n == most || last != nil && rest > phasedHopeless {
			return best, nil
		}
		last = law
	}
}

// furtherChange is what the next nodes would still change, after these changed
// that much and those before them so much; and the former.
func furtherChange(change, before float64) (rest, now float64) {
	rest = math.Pow(change, 1.5)
	if share := change / before; share < 1 {
		rest = math.Min(rest, change*share*share)
	}
	return rest, change
}

// apart is the largest difference of two laws at the quantiles of a third.
func apart(a, b *phasedLaw, middle Drain) float64 {
	most := 0.0
	for _, t := range probes(middle) {
		most = math.Max(most, math.Abs(a.CDF(t)-b.CDF(t)))
	}
	return most
}

// fixedPhases is the answer, with what the nodes' errors add up to.
func fixedPhases(law *phasedLaw, drains []*Drain, weights []float64, rest float64) Drain {
	d := *drains[len(drains)/2]
	d.Distribution, d.Atoms, d.AbsError = law, nil, rest
	d.AbsError += math.Abs(1 - law.total())
	for i, node := range drains {
		d.AbsError += math.Abs(weights[i]) * node.AbsError
	}
	if law.chance > d.AbsError {
		d.Atoms = []Atom{{law.begin, law.chance}}
	}
	return d
}

// phased tells whether any of the laws is of phases, and whether all are.
func phased(drains []*Drain) (some, all bool) {
	all = true
	for _, d := range drains {
		_, is := d.Distribution.(*phasedLaw)
		some, all = some || is, all && is
	}
	return some, all
}

// depoissonized are the weights of the values at the nodes N + half cos(pi i/n)
// in the value for N members, by Cauchy's formula on the circle |M| = N for the
// Chebyshev polynomials of (M - N)/half.
func depoissonized(members, half float64, n int) []float64 {
	step := math.Min(0.5/math.Sqrt(members), math.Pi/64)
	count := int(math.Min(math.Ceil(12/math.Sqrt(members)/step), math.Round(math.Pi/step)))
	polynomial := make([]complex128, n+1)
	mean, total := make([]float64, n+1), 0.0
	for j := -count; j <= count; j++ {
		theta := step * float64(j)
		e := cmplx.Exp(complex(0, theta))
		w := cmplx.Exp(complex(members, 0) * (e - complex(1, theta)))
		if math.Abs(math.Abs(theta)-math.Pi) < 1e-9 { // both ends of the circle
			w /= 2
		}
		x := complex(members/half, 0) * (e - 1)
		for k := range polynomial {
			switch k {
			case 0:
				polynomial[k] = 1
			case 1:
				polynomial[k] = x
			default:
				polynomial[k] = 2*x*polynomial[k-1] - polynomial[k-2]
			}
			mean[k] += real(w * polynomial[k])
		}
		total += real(w)
	}
	weights := make([]float64, n+1)
	for i := range weights {
		for k := range mean {
			c := 2 / float64(n) * math.Cos(math.Pi*float64(i*k)/float64(n)) * mean[k] / total
			if i == 0 || i == n {
				c /= 2
			}
			if k == 0 || k == n {
				c /= 2
			}
			weights[i] += c
		}
	}
	return weights
}

// sumOfPhases is a weighted sum of laws of one begin, whose masses may fall
// below 0 by rounding only.
func sumOfPhases(drains []*Drain, weights []float64) *phasedLaw {
	sum := &phasedLaw{weights: weights}
	for i, d := range drains {
		part := d.Distribution.(*phasedLaw)
		sum.begin, sum.d = part.begin, part.d
		sum.parts = append(sum.parts, part)
		sum.chance += weights[i] * part.chance
		addTo(&sum.mass, part.mass, weights[i])
		addTo(&sum.offset, part.offset, weights[i])
		addTo(&sum.square, part.square, weights[i])
	}
	sum.chance = math.Max(0, sum.chance)
	for i, x := range sum.mass {
		sum.mass[i] = math.Max(0, x)
	}
	sum.sum()
	return sum
}

// addTo adds up series of any lengths.
func addTo(sum *[]float64, more []float64, weight float64) {
	if n := len(more) - len(*sum); n > 0 {
		*sum = append(*sum, make([]float64, n)...)
	}
	for i, x := range more {
		(*sum)[i] += weight * x
	}
}
