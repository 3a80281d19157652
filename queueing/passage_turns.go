package queueing

import (
	"math"
	"sort"
)

// Where the kernel of a passage is small at both ends of (a,b) it need not be so
// between them. Batches aside, the free process rises or falls over (s,t] by
//
//	fall(s) = M(s,t) - Lam(s,t)
//
// on average, M the services and Lam the arrivals of (s,t], and the kernel has
// weight where that is about 0. As a function of s it jumps where batches come
// and turns where the load passes 1. So (a,b) is looked into at those instants:
// between two of them fall changes sign if it is not so at both ends, and it is
// nearest to 0 at one of them else.

// turn is an instant at which fall, as a function of s, jumps or turns: fall from
// the start of the passage up to just before it and up to it.
type turn struct {
	at            float64 // s
	before, after float64
}

// turns are the turns of a passage up to an instant, in order of time.
type turns struct {
	upTo float64 // s
	all  []turn
}

// fallen is the mean fall over (start,s], batches included.
func (p *busyPassage) fallen(s float64) float64 {
	return p.lane.Work(p.start, s) - p.lane.cfg.Arrivals.Mean(p.start, s)
}

// turnProbes is the number of places between two breaks at which the load is
// compared with 1.
const turnProbes = 8

// turnsUpTo lists the turns up to t, and some more for the next to come.
func (p *busyPassage) turnsUpTo(t float64) []turn {
	if t <= p.turns.upTo {
		return p.turns.all
	}
	end := p.start + 1.5*(t-p.start)
	p.turns = turns{upTo: end}
	add := func(at float64) {
		p.turns.all = append(p.turns.all, turn{at, p.fallen(math.Nextafter(at, math.Inf(-1))), p.fallen(at)})
	}
	gain := func(s float64) bool { return p.lane.Capacity(s) > p.lane.cfg.Arrivals.Rate(s) }
	lo := p.start
	for _, hi := range append(p.breaks(p.start, end), end) {
		step := (hi - lo) / turnProbes
		for i := range turnProbes {
			a := math.Nextafter(lo+float64(i)*step, hi)
			b := math.Nextafter(a+step, lo)
			if first := gain(a); b > a && gain(b) != first {
				add(bisect(a, b, func(s float64) bool { return gain(s) == first }))
			}
		}
		if hi < end {
			add(hi)
		}
		lo = hi
	}
	return p.turns.all
}

// off tells whether the kernel for t is below exp(-exponent) of its size
// throughout (a,b), given its own exponent for s.
func (p *busyPassage) off(a, b, t, exponent float64, still func(s float64) float64) bool {
	if !(still(a) > exponent && still(b) > exponent) {
		return false
	}
	if b <= a {
		return true
	}
	all := p.turnsUpTo(b)
	i := sort.Search(len(all), func(i int) bool { return all[i].at > a })
	here := p.fallen(t)
	last, nearest, where := here-p.fallen(a), math.Inf(1), a
	look := func(fall, s float64) {
		if d := math.Abs(fall); d < nearest {
			nearest, where = d, s
		}
	}
	for ; i < len(all) && all[i].at < b; i++ {
		q := all[i]
		if last*(here-q.before) <= 0 {
			return false
		}
		look(here-q.before, math.Nextafter(q.at, a))
		look(here-q.after, q.at)
		last = here - q.after
	}
	end := math.Nextafter(b, a)
	if last*(here-p.fallen(end)) <= 0 {
		return false
	}
	if i < len(all) && all[i].at == b {
		look(here-all[i].before, end)
	}
	return where == a || still(where) > exponent
}

// bumpWidth is the change of the mean fall, in standard deviations of what falls, that
// sixteen points see.
const bumpWidth = 6.0

// split sees (a,b) in parts: where an overload has lifted what has fallen since, kernels
// have a bump where the fall is back at 0, as narrow as its deviations, however long ago
// that is. Parts that are off are left out.
func (p *busyPassage) split(a, b, t float64, off func(a, b float64) bool, see func(a, b float64)) {
	arr, service := p.lane.cfg.Arrivals, p.lane.cfg.Service
	deviation := math.Sqrt(p.lane.Work(b, t)*service.SCV() + arr.Flow(b, t) + 1)
	mid := (a + b) / 2
	if p.varies(a, b) <= bumpWidth*deviation || !(mid > a && mid < b) {
		see(a, b)
		return
	}
	for _, half := range [...][2]float64{{mid, b}, {a, mid}} {
		if !off(half[0], half[1]) {
			p.split(half[0], half[1], t, off, see)
		}
	}
}

// varies is the total variation of fall over (a,b), without batches.
func (p *busyPassage) varies(a, b float64) float64 {
	all := p.turnsUpTo(b)
	sum, last := 0.0, p.fallen(a)
	for i := sort.Search(len(all), func(i int) bool { return all[i].at > a }); i < len(all) && all[i].at < b; i++ {
		sum += math.Abs(all[i].before - last)
		last = all[i].after
	}
	return sum + math.Abs(p.fallen(math.Nextafter(b, a))-last)
}
