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
// the sum over i of pois(i; z) P(N >= c+i). Where that comes near 1 it is 1 less
// the sum of pois(i; z) P(N < c+i), and so never above 1.
func (b birthDeath) waitTail(c int) func(z float64) float64 {
	if b.last < c {
		return func(float64) float64 { return 0 }
	}
	met := b.metFrom(c)
	if len(met.atLeast) == 0 { // nobody comes to wait, as far as numbers go
		return func(float64) float64 { return 0 }
	}
	return func(z float64) float64 {
		if tail := met.tail(z); tail < 0.9 {
			return tail
		}
		return 1 - met.done(z)
	}
}

// found is the law of what arrivals find from state c on, as far as it has
// weight: from is the first such state less c, and for each from there on
// atLeast and below are P(N >= it) and P(N < it).
type found struct {
	from           float64
	atLeast, below []float64
}

func (b birthDeath) metFrom(c int) found {
	mode, sum := b.mode(), b.sum()
	lo := max(mode, c)
	var up, down []float64 // from the mode
	less := 0.0            // P(N < c)
	b.walk(1e-300, func(n int, w float64) {
		switch {
		case n < c:
			less += w / sum
		case n >= mode:
			up = append(up, w/sum)
		default:
			down = append(down, w/sum)
			lo = n
		}
	})
	slices.Reverse(down)
	all := append(down, up...)
	f := found{float64(lo - c), make([]float64, len(all)), make([]float64, len(all))}
	beyond := 0.0
	for i := len(all) - 1; i >= 0; i-- {
		beyond += all[i]
		f.atLeast[i] = beyond
	}
	for i, p := range all {
		f.below[i] = less
		less += p
	}
	return f
}

// tail sums from the small end. Below the first state nothing has weight.
func (f found) tail(z float64) float64 {
	if z == 0 {
		return f.atLeast[0]
	}
	tail := 0.0
	if f.from > 0 {
		tail = f.atLeast[0] * gammaUpper(f.from, z)
	}
	return tail + poissonTimes(z, f.from, f.atLeast)
}

// done is the complement of tail. Beyond the last state all have been served.
func (f found) done(z float64) float64 {
	if z == 0 {
		return f.below[0]
	}
	done := gammaLower(f.from+float64(len(f.below)), z)
	first := 0 // whose probability below is a number
	for first < len(f.below) && f.below[first] == 0 {
		first++
	}
	if first == len(f.below) {
		return done
	}
	return done + poissonTimes(z, f.from+float64(first), f.below[first:])
}

// poissonTimes is the sum over i of pois(from+i; z) beyond[i], whose terms
// rise to one peak and fall: from the peak outward until they no longer count.
func poissonTimes(z, from float64, beyond []float64) float64 {
	last := len(beyond) - 1
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
