package steady

import (
	"math"
	"slices"
)

// birthDeath is a chain on 0..last whose probabilities follow from the ratios
// p(n+1)/p(n), which fall with n (log-concave). It is walked from its most
// likely state outward, so nothing overflows and no state counts twice
// (balance across each cut: Kleinrock 1975, section 3.1).
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

// sum of the weights.
func (b birthDeath) sum() (sum float64) {
	b.walk(1e-20, func(_ int, w float64) { sum += w })
	return sum
}

// waitTail is P(wait > t) of arrivals that find the chain's states and wait
// for n-c+1 ends of busy servers if n >= c: with z ends expected in t it is
// the sum over i of pois(i; z) P(N >= c+i).
func (b birthDeath) waitTail(c int) func(z float64) float64 {
	if b.last < c {
		return func(float64) float64 { return 0 }
	}
	mode, sum := b.mode(), b.sum()
	// The states above c that count, from the mode up and down.
	lo := max(mode, c)
	weights := map[bool][]float64{}
	b.walk(1e-300, func(n int, w float64) {
		switch {
		case n < c:
		case n >= mode:
			weights[true] = append(weights[true], w/sum)
		default:
			weights[false] = append(weights[false], w/sum)
			lo = n
		}
	})
	all := weights[false]
	slices.Reverse(all)
	all = append(all, weights[true]...)
	beyond := make([]float64, len(all)+1) // P(N >= lo+i)
	for i := len(all) - 1; i >= 0; i-- {
		beyond[i] = beyond[i+1] + all[i]
	}
	return func(z float64) float64 {
		if z == 0 {
			return beyond[0]
		}
		// Below lo nothing has weight: P(N >= c+i) is that of lo.
		tail := 0.0
		if lo > c {
			tail = beyond[0] * gammaUpper(float64(lo-c), z)
		}
		return tail + poissonTimes(z, float64(lo-c), all, beyond)
	}
}

// poissonTimes is the sum over i of pois(from+i; z) beyond[i], whose terms
// rise to one peak and fall: from the peak outward until they no longer count.
func poissonTimes(z, from float64, all, beyond []float64) float64 {
	last := len(all) - 1
	logTerm := func(i int) float64 { return logPoisson(from+float64(i), z) + math.Log(beyond[i]) }
	mode := peak(0, last, logTerm)
	top := math.Exp(logPoisson(from+float64(mode), z))
	sum := top * beyond[mode]
	for i, p := mode+1, top; i <= last; i++ {
		p *= z / (from + float64(i))
		x := p * beyond[i]
		if sum += x; x <= 1e-18*sum {
			break
		}
	}
	for i, p := mode, top; i > 0; i-- {
		p *= (from + float64(i)) / z
		x := p * beyond[i-1]
		if sum += x; x <= 1e-18*sum {
			break
		}
	}
	return sum
}
