package queueing

import "math"

// A chain from which nothing is kept but a coarse law goes by steps of implicit Euler,
//
//	(1 - h Q(t+h)) p(t+h) = p(t),
//
// which keep signs and mass however long they are. Their error is a series in powers of
// h: the laws at t+H by 1, 2, … k steps of the same length, extrapolated to steps of none
// (Aitken, Neville), leave about H^(k+1) of it, and what the last columns have changed
// tells how much (P. Deuflhard, SIAM Rev. 27 (1985) 505; E. Hairer, G. Wanner, Solving
// Ordinary Differential Equations II, 2nd ed. 1996, IV.9). What is off in one step, as a
// sum of absolute values, is not made more of by those that follow: a chain brings laws
// closer to each other. A step takes some k^2/2 tridiagonal systems, but may be as long as
// it takes a law to change, which is hundreds of events and more.
const (
	eulerMost   = 8    // k
	eulerLeast  = 3    // columns before a step is believed
	eulerFall   = 2.0  // what the next column changes, over what it would if changes fell on as they have
	eulerSafety = 0.85 // of the length that the last step calls for
	eulerWider  = 2.0  // the most by which a step is longer than the one before
	eulerShort  = 0.25 // the least
	eulerFirst  = 4.0  // events in a first step
	eulerTries  = 60   // of one step, each shorter
	eulerSigmas = 6.0  // that a step has room for
)

// eulerRoom is memory that one step leaves to the next.
type eulerRoom struct {
	columns     [eulerMost + 1][]float64
	now         []float64
	held, given []float64
}

// euler goes to an instant before which nothing breaks, or as far as steps are not absurdly
// short.
func (b *birthDeath) euler(to float64) {
	if b.eulers == nil {
		b.eulers = new(eulerRoom)
	}
	if b.stride == 0 {
		b.stride = eulerFirst / b.exitRate(to)
	}
	for b.t < to {
		if b.check != nil {
			b.check()
		}
		h, longest := b.stride, math.Min(b.eulerLongest(), to-b.t)
		if h > longest/1.1 {
			h = longest
		}
		taken, next, ok := b.eulerTry(h)
		if !ok {
			return
		}
		if b.t += taken; to-b.t < 1e-12*to {
			b.t = to
		}
		if next > b.stride || b.t < to { // the last one is as long as it happens to be
			b.stride = next
		}
	}
}

// eulerTry takes a step of length h or less. next is how long the following one may be.
func (b *birthDeath) eulerTry(h float64) (taken, next float64, ok bool) {
	for range eulerTries {
		columns, off := b.eulerStep(h)
		by := eulerSafety * math.Pow(b.rough/math.Max(off, 1e-300), 1/float64(columns+1))
		if off <= b.rough {
			if columns < eulerMost-1 {
				by = eulerWider
			}
			b.off += off
			return h, h * math.Min(eulerWider, math.Max(eulerShort, by)), true
		}
		h *= math.Min(0.7, math.Max(eulerShort, by))
	}
	return 0, 0, false
}

// eulerLongest keeps the numbers that a step reaches to about those that there are.
func (b *birthDeath) eulerLongest() float64 {
	reach := float64(len(b.now.p)+100) / eulerSigmas
	return reach * reach / (b.lane.cfg.Arrivals.Rate(b.t) + 1/b.lane.cfg.Service.Mean())
}

// eulerStep is a step of length h; where it is off by more than it may be, nothing is
// changed. columns is how many it took.
func (b *birthDeath) eulerStep(h float64) (columns int, off float64) {
	rate := b.lane.cfg.Arrivals.Rate
	lam := math.Max(rate(b.t), math.Max(rate(b.t+h/2), rate(math.Nextafter(b.t+h, b.t))))
	for sigmas := eulerSigmas; ; sigmas *= 2 {
		start := b.widen(lam, b.deaths(b.now.hi()+1), h, sigmas)
		end, columns, off := b.extrapolated(start, h)
		lost := start.mass() - end.mass()
		if lost > b.cut && sigmas < 4*eulerSigmas {
			continue
		}
		if off += math.Max(0, lost-b.cut); off <= b.rough {
			b.now = end.without(b.cut)
		}
		return columns, off
	}
}

// extrapolated is the law after h, and what it may be off by: what the next column would
// change, and by how much the mean number that arrives is missed.
func (b *birthDeath) extrapolated(start law, h float64) (end law, columns int, off float64) {
	n := len(start.p)
	s := eulerSystem{lo: start.lo, servers: b.lane.ServersAt(b.t), each: 1 / b.lane.cfg.Service.Mean(),
		held: fit(&b.eulers.held, n), given: fit(&b.eulers.given, n)}
	whole := b.lane.cfg.Arrivals.Flow(b.t, b.t+h)
	var came [eulerMost + 1][]float64
	before := 0.0
	for k := 1; ; k++ {
		p := fit(&b.eulers.now, n)
		copy(p, start.p)
		come := []float64{b.eulerSteps(&s, p, h, k)}
		b.eulers.columns[k] = fit(&b.eulers.columns[k], n)
		change := nextColumn(b.eulers.columns[:], p, k)
		came[k] = make([]float64, 1)
		nextColumn(came[:], come, k)
		off := change * math.Min(1, eulerFall*change/before)
		before = change
		if missed := math.Abs(come[0] - whole); missed > meanRounding(b.t, h)*whole {
			off += missed
		}
		if k >= eulerLeast && (off <= b.rough || k == eulerMost) {
			end = law{start.lo, make([]float64, n)}
			for i, x := range p {
				end.p[i] = math.Max(x, 0)
			}
			return end, k, off
		}
	}
}

// eulerSteps takes k steps to h from now on, and returns what comes in them.
func (b *birthDeath) eulerSteps(s *eulerSystem, p []float64, h float64, k int) (come float64) {
	each := h / float64(k)
	for i := 1; i <= k; i++ {
		t := b.t + each*float64(i)
		if i == k {
			t = math.Nextafter(b.t+h, b.t) // rates may jump at its end
		}
		lam := b.lane.cfg.Arrivals.Rate(t)
		come += lam * each
		s.solve(p, lam*each, s.each*each)
	}
	return come
}

// nextColumn extrapolates p, from k steps, by means of what k-1 and fewer have made:
// columns[j] is T_(k-1,j) before and T_(k,j) after, p becomes T_(k,k). It returns the sum
// of what the last column changes.
func nextColumn(columns [][]float64, p []float64, k int) (change float64) {
	for j := 1; j < k; j++ {
		share := float64(k-j) / float64(j)
		change = 0
		column := columns[j][:len(p)]
		for i, x := range p {
			more := (x - column[i]) * share
			column[i] = x
			p[i] = x + more
			change += math.Abs(more)
		}
	}
	copy(columns[k], p)
	return change
}
