package queueing

import "math"

// A coarse law is fixed by quantiles of tails ([fixing]), which so need some digits, but
// few: panels are cut until they have those at the end at which they hold less.
const (
	coarseEnd    = 0.02 // relative error there
	coarseWindow = 40.0 // -ln of what is left out on the right, where no digits are asked for ([fixRightCoarse])
	coarseSmall  = 10.0 // further exponent beyond which the kernel is left out: f is larger before a tail
	coarseSlack  = 2.0  // of the source's convergence: to go on with what is no better is in vain
	fineSlack    = 30.0 // the same otherwise
	relativeMost = 1e-3 // relative error of what coarse panels are made from
)

// coarsely tells a passage that few digits will do, and ends its window where the law has
// none that count.
func coarsely(p passage, hi float64) float64 {
	if q, is := p.(*skellamPassage); is {
		q.quick = true
	}
	if near, is := p.(interface {
		latest(exponent float64) float64
	}); is {
		hi = math.Min(hi, near.latest(coarseWindow))
	}
	return hi
}

// slack is how much more of the last coefficients the source of a panel may have than f.
func (m *march) slack() float64 {
	if m.coarse {
		return coarseSlack
	}
	return fineSlack
}

// firstOf is the instant for which the kernel of a panel's first node is weighed. The
// margin is beyond that node: what it adds there is no part of the kernel, but makes the
// rule of fine laws finer, which have been checked with it.
func (m *march) firstOf(lo, hi, margin float64) float64 {
	if m.coarse {
		return (lo+hi)/2 + (hi-lo)/2*m.nodes.x[0]
	}
	return lo + margin
}
