package queueing

import (
	"math"
	"slices"
)

// windowExponent is -ln of the probability that the window leaves out on the
// right; on the left it is enough that it is far below the tolerance.
const windowExponent = 53.0

// early is Chernoff's exponent of {the free process is at 0 or below at t},
// the smallest over the law at start; late of {it is still above}.
func (p *busyPassage) early(t float64) float64 {
	mean, exponent := p.deviation(t)
	return p.worst(t, func(k float64) float64 {
		if k <= mean {
			return 0
		}
		return exponent(k)
	})
}

func (p *busyPassage) late(t float64) float64 {
	mean, exponent := p.deviation(t)
	return p.worst(t, func(k float64) float64 {
		if k-1 >= mean {
			return 0
		}
		return exponent(k - 1)
	})
}

// worst is the smallest of exponent(k) - ln P(k) over the law of k at t.
func (p *busyPassage) worst(t float64, exponent func(k float64) float64) float64 {
	b := p.batches(p.start, t)
	low := math.Inf(1)
	visit := func(n int, w float64) {
		if w > 0 {
			low = math.Min(low, exponent(float64(n-p.level))-math.Log(w))
		}
	}
	if len(p.from.p)*len(b.p) == 1 {
		visit(p.from.lo+b.lo, p.from.p[0]*b.p[0])
		return low
	}
	stride := 1 + len(p.from.p)/48
	for i := 0; i < len(p.from.p); i += stride {
		for j := 0; j < len(b.p); j += 1 + len(b.p)/24 {
			visit(p.from.lo+i+b.lo+j, p.from.p[i]*b.p[j])
		}
	}
	return low
}

func (p *busyPassage) window(tolerance float64) (lo, hi float64) {
	hi = p.latest(windowExponent)
	if math.IsInf(hi, 1) {
		return 0, 0
	}
	return p.earliest(hi, 12-math.Log(tolerance)), hi
}

const (
	tailDigits  = 16.0  // -ln of the share of a tail that may be left out of it
	tailExtreme = 650.0 // -ln of the least tail that is followed
)

// beyond is an instant after which the passage is still to come with a
// negligible share of the probability that it is so after t; 0 where even that
// is beyond what numbers hold. Before the start all of it is still to come.
func (p *busyPassage) beyond(t float64) float64 {
	exponent := p.late(math.Max(t, p.start)) + tailDigits
	if !(exponent <= tailExtreme) {
		return 0
	}
	if last := p.latest(exponent); !math.IsInf(last, 1) {
		return last
	}
	return 0
}

// latest is an instant after which the passage is still to come with
// probability below exp(-exponent).
func (p *busyPassage) latest(exponent float64) float64 {
	done := func(t float64) bool { return p.late(t) > exponent }
	from, step := p.start, math.Min(p.scale(p.start), p.lane.cfg.Service.Mean()/float64(p.lane.FinalServers()))
	for !done(from + step) {
		from += step
		step *= 1.5
		if step > 1e15 {
			return math.Inf(1)
		}
	}
	lo, hi := from, from+step
	for i := 0; i < 60 && hi-lo > 1e-3*(hi-p.start) && (i < 12 || hi-lo > 0.3*(hi-p.start)); i++ {
		if mid := (lo + hi) / 2; done(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// earliest is an instant in (start,hi] before which the passage has happened
// with probability about exp(-exponent) or less, hi if there is none.
func (p *busyPassage) earliest(hi, exponent float64) float64 {
	if hi <= p.start {
		return hi
	}
	quiet := func(t float64) bool { return p.early(t) > exponent }
	last := p.start
	for _, t := range p.samples(hi) {
		if quiet(t) {
			last = t
			continue
		}
		for i := 0; i < 30 && t-last > 1e-3*(hi-last); i++ {
			if mid := (last + t) / 2; quiet(mid) {
				last = mid
			} else {
				t = mid
			}
		}
		return last
	}
	return hi
}

// samples are instants in (start,hi] close enough to see where the backlog is
// least: geometric from the start, even further on, and at every break.
func (p *busyPassage) samples(hi float64) []float64 {
	at := p.breaks(p.start, hi)
	for u := math.Min(p.scale(p.start), p.lane.cfg.Service.Mean()) / 64; u < hi-p.start; u *= 1.5 {
		at = append(at, p.start+u)
	}
	const even = 24
	for i := 1; i <= even; i++ {
		at = append(at, p.start+(hi-p.start)*float64(i)/even)
	}
	slices.Sort(at)
	return slices.Compact(at)
}
