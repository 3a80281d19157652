package queueing

import "math"

// Where a tail of one of the laws is less than this it has no digits for
// normal quantiles; the middle law's shape is taken there.
const (
	fixLeft        = 1e-9
	fixRight       = 1e-13
	fixRightCoarse = 1e-11 // of coarse laws
	fixWorst       = 1e-3  // error beyond which the pool stays Poisson
)

// least value of a probability at t over the laws.
func least(drains []*Drain, t float64, of func(Drain, float64) float64) float64 {
	low := 1.0
	for _, d := range drains {
		low = math.Min(low, of(*d, t))
	}
	return low
}

// rightOf is the tail on the right that has no digits.
func rightOf(coarse bool) float64 {
	if coarse {
		return fixRightCoarse
	}
	return fixRight
}

// workedOn is the interval outside of which the tails are not worked on.
func workedOn(drains []*Drain, middle Drain, right float64) (from, to float64) {
	from, to = middle.Distribution.(*curve).span()
	lo, hi := from, to
	if least(drains, lo, Drain.CDF) < fixLeft { // not so where an atom starts the law
		from = bisect(lo, hi, func(t float64) bool { return least(drains, t, Drain.CDF) < fixLeft })
	}
	if least(drains, hi, Drain.Exceed) <= right {
		to = bisect(lo, hi, func(t float64) bool { return least(drains, t, Drain.Exceed) > right })
	}
	return from, to
}
