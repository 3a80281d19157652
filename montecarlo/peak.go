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
const placedPerWindow = 1.5

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

// look is the number of departures to leap over, k at most: a window's worth, or
// so many that the peak remains out of reach but for a small chance.
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
	slope = max(slope, 1e-12)
	g := math.Sqrt(2 * placedPerWindow / slope)
	if room := float64(p.most - e.n); room > 0 {
		// A third of it each for the arrivals to place, for the drift, and for
		// twice the standard deviation of the rest, so that the peak is rarely
		// in reach.
		far := min(math.Sqrt(2*room/(3*slope)), room/(3*max(come-rate, 1e-12)), room*room/(36*(come+rate)))
		g = max(g, far)
	}
	return int(min(float64(k), max(1, rate*g)))
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
	e.raise(g, base, total-base, d)
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

// raise keeps the peak of a window of length g with a arrivals at its constant
// rate and others to place. Were all of those there from the start, the walk
// would only be higher, so where it then does not pass the peak nothing more
// needs to be drawn.
func (e *leaper) raise(g float64, a, others, d int) {
	h := e.peaks.most + 1 - e.n - others
	switch {
	case h > a: // out of reach
	case !hardlyReached(h, a, d):
		e.place(g)
		e.climb(a, d)
	case e.reaches(h, a, d):
		e.place(g)
		e.walk(h, a, d)
	}
}

// hardlyReached tells whether a walk of up and down steps comes up to h so
// rarely that to go step by step then is less work than a climb now. The chance
// is about exp(-2 h (h-up+down) / (up+down)).
func hardlyReached(h, up, down int) bool {
	n := float64(up + down)
	return h > max(0, up-down) && 2*float64(h)*float64(h-up+down) > n*math.Log1p(n/32)
}

// reaches draws whether a walk of up and down steps in random order comes up to
// h > max(0, up-down): by reflection its chance is
//
//	binomial(up+down, down+h) / binomial(up+down, up).
func (e *leaper) reaches(h, up, down int) bool {
	lo, hi := float64(min(up, down)), float64(max(up, down))
	u, chance := e.counts.uniform(), 1.0
	for i := range h - max(0, up-down) {
		if chance *= (lo - float64(i)) / (hi + 1 + float64(i)); chance < u {
			return false
		}
	}
	return true
}

// walk goes step by step through a window of a arrivals and d departures whose
// walk is known to come up to h. Turned over from where it first does, such a
// walk is any walk of d+h steps up and a-h down (D. André's reflection), which
// are drawn and turned back.
func (e *leaper) walk(h, a, d int) {
	p, n, from := e.peaks, e.n, 0.0
	up, down, height, step := d+h, a-h, 0, 1
	for i := 0; i <= len(p.marks); i++ {
		some := up + down
		if i < len(p.marks) {
			some = e.counts.binomial(some, (p.marks[i]-from)/(1-from))
			from = p.marks[i]
		}
		for range some {
			if e.counts.below(up+down) < up {
				up, height, n = up-1, height+1, n+step
			} else {
				down, height, n = down-1, height-1, n-step
			}
			if height == h {
				step = -1
			}
			p.most = max(p.most, n)
		}
		if i < len(p.marks) {
			n++
			p.most = max(p.most, n)
		}
	}
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
	for i, at := range p.marks {
		if n+a+len(p.marks)-i <= p.most {
			return // out of reach from here
		}
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
