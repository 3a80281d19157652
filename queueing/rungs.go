package queueing

import (
	"math"
	"sort"
)

// rungs are numbers in a lane, increasing and not all whole, each of which
// stands for those around it.
type rungs []float64

const (
	rungGrowth = 1.0 / 30 // distance between rungs over that from the base
	rungFinest = 1.0 / 8  // of a request
	rungsWhole = 2000.0   // up to there they are one request apart: what is rare depends on each
	rungsNear  = 16.0     // in a standard deviation of as many busy servers as the base
	rungsAbove = 20_000.0 // at most where they are all as far apart
)

// newRungs go from bottom over base to top: one request apart up to the base,
// or further for many servers, then fine at first and ever further
// apart, but no further than widest.
func newRungs(bottom, base, top, fine, widest float64) rungs {
	r := rungs{bottom}
	for x := bottom; x < base; r = append(r, x) {
		x += math.Max(1, math.Min(1+(x-rungsWhole)*rungGrowth, math.Sqrt(base)/rungsNear))
		if x > base-0.5 {
			x = base
		}
	}
	widest = math.Max(widest, (top-base)/rungsAbove)
	fine = math.Min(math.Min(math.Max(fine, rungFinest), 1), widest)
	for x := base; x < top; {
		x += math.Min(math.Max((x-base)*rungGrowth, fine), widest)
		r = append(r, x)
	}
	return r
}

// upTo are those up to a highest one.
func (r rungs) upTo(most float64) rungs {
	if r[len(r)-1] <= most {
		return r
	}
	return append(r[:sort.SearchFloat64s(r, most)], most)
}

// evenRungs are n+1 from lo to hi.
func evenRungs(lo, hi float64, n int) rungs {
	r := make(rungs, n+1)
	for i := range r {
		r[i] = lo + (hi-lo)*float64(i)/float64(n)
	}
	return r
}

// put adds a mass at x to the two rungs around it, so that the mean stays.
func (r rungs) put(p []float64, x, mass float64) {
	i := sort.SearchFloat64s(r, x)
	switch {
	case i == 0:
		p[0] += mass
	case i == len(r):
		p[i-1] += mass
	default:
		share := (x - r[i-1]) / (r[i] - r[i-1])
		p[i-1] += mass * (1 - share)
		p[i] += mass * share
	}
}
