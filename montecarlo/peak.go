package montecarlo

import (
	"math"
	"slices"

	"singlelane/queueing"
)

// peaks draws the exact peak of the backlog along with the leaps. Within a
// window in which departures are Poisson and arrivals have a constant rate,
// all orders of a arrivals and d departures are equally likely, and by the
// ballot theorem
//
//	P(max - n >= h) = a! d! / ((a-h)! (d+h)!)   for max(0,a-d) < h <= a,
//
// 1 below and 0 above (W. Feller, An Introduction to Probability Theory and
// Its Applications I, Wiley 1968, III.1). Where a rate falls, the arrivals in
// excess of its value at the window's end are placed one by one and cut the
// window.
type peaks struct {
	most    int // so far
	falling []fallingRate
	steady  float64
	batches []int     // streams
	placed  []int     // arrivals to place of each falling stream
	marks   []float64 // their places, as shares of the window
}

// fallingRate is a stream of intensity height exp(-t/scale), or what is left
// of a pool of exponential delays.
type fallingRate struct {
	height float64 // requests per second at 0, of a surge
	scale  float64 // s
	at     float64 // s, an instant
	there  float64 // exp(-at/scale)
	pool   *poolFeed
	stream int // the pool's place
}

// placedPerWindow is how many arrivals a window should have to place.
const placedPerWindow = 2

// peakable tells whether the peak can be had without events, and why not.
func peakable(l *queueing.Lane) (ok bool, reason string) {
	if ok, reason := leapable(l); !ok {
		return false, reason
	}
	if _, exponential := l.Service().(queueing.Exponential); !exponential {
		return false, "departures are not Poisson"
	}
	for _, s := range l.Arrivals().Streams() {
		switch a := s.Source.(type) {
		case queueing.Steady, queueing.Surge, queueing.Batch:
		case queueing.Pool:
			if _, exponential := a.Delay.(queueing.ExponentialDelay); !exponential || a.Start > 0 || a.Together {
				return false, "stream " + s.Name + " does not fall smoothly from the start"
			}
		default:
			return false, "stream " + s.Name + " has no falling intensity"
		}
	}
	return true, ""
}

func newPeaks(lp *lanePlan) *peaks {
	p := &peaks{}
	for i := range lp.streams {
		switch f := lp.streams[i].feed.(type) {
		case *steadyFeed:
			p.steady += f.rate
		case *surgeFeed:
			p.falling = append(p.falling, fallingRate{height: f.initial, scale: f.decay, there: 1})
		case *poolFeed:
			p.falling = append(p.falling, fallingRate{scale: f.mean, pool: f, stream: i})
		case *batchFeed:
			p.batches = append(p.batches, i)
		}
	}
	p.placed = make([]int, len(p.falling))
	return p
}

// rate at t in requests per second, given what is left of a pool.
func (f *fallingRate) rate(t float64) float64 {
	if f.pool != nil {
		return float64(f.pool.rest) / f.scale
	}
	return f.height * f.decayed(t)
}

// decayed is exp(-t/scale). One window ends where the next begins.
func (f *fallingRate) decayed(t float64) float64 {
	if t != f.at {
		f.at, f.there = t, math.Exp(-t/f.scale)
	}
	return f.there
}

// look is the number of departures to leap over, k at most: so many that the
// peak remains out of reach, or a window's worth.
func (e *leaper) look(k int, rate float64) int {
	p := e.peaks
	if p == nil {
		return k
	}
	come, slope := p.steady, 0.0
	for i := range p.falling {
		r := p.falling[i].rate(e.t)
		come += r
		slope += r / p.falling[i].scale
	}
	window := max(1, rate*math.Sqrt(2*placedPerWindow/max(slope, 1e-12)))
	if room := float64(p.most - e.n - 8); room > 0 {
		// m arrivals stay below the peak if m + 8 sqrt(m) does.
		m := math.Sqrt(16+room) - 4
		window = max(window, m*m*rate/max(come, 1e-12))
	}
	return int(min(float64(k), window))
}

// pass draws the arrivals in (t,end] during which d departures come at
// uniform times, keeps the peak and gives the number of arrivals. Batches
// arrive at the end: no window reaches beyond one.
func (e *leaper) pass(t, end float64, d int) int {
	p, g := e.peaks, end-t
	base, total, mean := 0, 0, p.steady*g
	for i := range p.falling {
		f := &p.falling[i]
		if f.pool != nil {
			flat, excess := e.fall(f, t, end)
			base, p.placed[i] = base+flat, excess
		} else {
			before := f.decayed(t)
			low := f.decayed(end)
			mean += f.height * low * g
			p.placed[i] = e.counts.poisson(max(0, f.height*(f.scale*(before-low)-low*g)))
		}
		total += p.placed[i]
	}
	base += e.counts.poisson(mean)
	total += base
	if e.n+total > p.most {
		e.place(g)
		e.climb(base, d)
	}
	for _, i := range p.batches {
		total += e.lp.streams[i].feed.(finite).count(nil, t, end)
	}
	return total
}

// fall draws a pool's arrivals in (t,end]: those at its rate at the end, and
// those in excess of it.
func (e *leaper) fall(f *fallingRate, t, end float64) (flat, excess int) {
	x := (end - t) / f.scale
	share := x * math.Exp(-x) / -math.Expm1(-x) // of the window's arrivals that are flat
	n := f.pool.count(&e.gens[f.stream], t, end)
	flat = e.counts.binomial(n, share)
	return flat, n - flat
}

// place draws the places of the excess arrivals in a window of length g: the
// density e^(-x s) - e^(-x) lies below its chord.
func (e *leaper) place(g float64) {
	p := e.peaks
	p.marks = p.marks[:0]
	for i, n := range p.placed {
		x := g / p.falling[i].scale
		last := math.Exp(-x)
		for range n {
			for {
				s := 1 - math.Sqrt(e.counts.uniform())
				if e.counts.uniform()*(1-last)*(1-s) <= math.Exp(-x*s)-last {
					p.marks = append(p.marks, s)
					break
				}
			}
		}
	}
	slices.Sort(p.marks)
}

// climb walks through the window from mark to mark. The number in the lane is
// that at the window's start, and remains so.
func (e *leaper) climb(a, d int) {
	p, n, from := e.peaks, e.n, 0.0
	for _, at := range p.marks {
		part := (at - from) / (1 - from)
		up, down := e.counts.binomial(a, part), e.counts.binomial(d, part)
		p.most = max(p.most, n+e.ballot(n, up, down))
		n += up - down + 1
		p.most = max(p.most, n)
		a, d, from = a-up, d-down, at
	}
	p.most = max(p.most, n+e.ballot(n, a, d))
}

// ballot draws the highest point above n of a walk of up steps up and down
// steps down in random order, its start included, or 0 where the walk cannot
// pass the peak. With lo and hi the smaller and the larger number the highest
// point is h0 = max(0, up-down) at least, and h0 + j at least with the product
// of (lo-i)/(hi+1+i) over i < j.
func (e *leaper) ballot(n, up, down int) int {
	if n+up <= e.peaks.most {
		return 0
	}
	h := max(0, up-down)
	lo, hi := float64(min(up, down)), float64(max(up, down))
	u, chance := e.counts.uniform(), 1.0
	for i := 0.0; ; i++ {
		if chance *= (lo - i) / (hi + 1 + i); chance < u {
			return h
		}
		h++
	}
}
