package steady

import "math"

// birthDeath is a chain on 0..last whose probabilities follow from the ratios
// p(n+1)/p(n), which fall with n (log-concave). It is walked from its most
// likely state outward, so nothing overflows and no state counts twice.
type birthDeath struct {
	last  int
	ratio func(n int) float64
}

// mode is the least n with ratio(n) < 1, or last.
func (b birthDeath) mode() int {
	lo, hi := 0, b.last
	for lo < hi {
		mid := lo + (hi-lo)/2
		if b.ratio(mid) < 1 {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// walk calls visit with every state whose weight is at least least, relative
// to the most likely state's weight of 1.
func (b birthDeath) walk(least float64, visit func(n int, weight float64)) {
	mode := b.mode()
	visit(mode, 1)
	w := 1.0
	for n := mode; n < b.last; n++ {
		if w *= b.ratio(n); w <= least {
			break
		}
		visit(n+1, w)
	}
	w = 1
	for n := mode; n > 0; n-- {
		if w /= b.ratio(n - 1); w <= least {
			break
		}
		visit(n-1, w)
	}
}

// total is the sum of the weights, and the logarithm of p(0).
func (b birthDeath) total() (sum, logP0 float64) {
	b.walk(1e-20, func(_ int, w float64) { sum += w })
	for n := b.mode(); n > 0; n-- {
		logP0 -= math.Log(b.ratio(n - 1))
	}
	return sum, logP0 - math.Log(sum)
}
