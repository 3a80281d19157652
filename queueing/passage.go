package queueing

import (
	"math"
	"sort"
)

// busyPassage is what passages of lanes with all servers busy have in common:
// from the law of n at start, by batches at fixed instants, down to level.
type busyPassage struct {
	lane   *Lane
	start  float64
	from   law // of n at start; level and below is left out
	level  int
	jumps  []Jump // after start, in order of time
	sums   map[[2]int]law
	levels map[int][]lawBlock // of from, for averages
	rough  roughGamma         // zero but for gamma services
	turns  turns

	// deviation returns, batches aside, the mean fall of the free process over
	// (start,t] and Chernoff's exponent of a fall by k, above k for k above
	// the mean and below k for k below it.
	deviation func(t float64) (mean float64, exponent func(k float64) float64)
}

// newBusyPassage skips the batches at start and before.
func newBusyPassage(l *Lane, start float64, from law, level int, deviation func(t float64) (float64, func(k float64) float64)) busyPassage {
	_, from = from.upTo(level)
	p := busyPassage{lane: l, start: start, from: from, level: level, sums: map[[2]int]law{}, levels: map[int][]lawBlock{}, deviation: deviation}
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At > start {
			p.jumps = append(p.jumps, j)
		}
	}
	if g, is := l.cfg.Service.(Gamma); is {
		p.rough = newRoughGamma(&p, g)
	}
	return p
}

// batches is the law of the batches in (s,t].
func (p *busyPassage) batches(s, t float64) law {
	i := sort.Search(len(p.jumps), func(i int) bool { return p.jumps[i].At > s })
	j := sort.Search(len(p.jumps), func(i int) bool { return p.jumps[i].At > t })
	if i == j {
		return law{0, one}
	}
	key := [2]int{i, j}
	sum, done := p.sums[key]
	if !done {
		var c Count
		for _, x := range p.jumps[i:j] {
			c = c.Plus(x.Size)
		}
		sum = c.law()
		p.sums[key] = sum
	}
	return sum
}

var one = []float64{1}

func (p *busyPassage) scale(t float64) float64 {
	return 1 / (p.lane.Capacity(t) + p.lane.cfg.Arrivals.Rate(t))
}

func (p *busyPassage) flat(hi float64) bool {
	a := p.lane.cfg.Arrivals
	return len(p.breaks(p.start, hi)) == 0 && a.Excess(p.start, math.Nextafter(hi, 0)) == 0
}

// ratesJump tells whether a rate has jumped before hi: not only numbers, by batches.
func (p *busyPassage) ratesJump(hi float64) bool {
	return len(p.lane.cfg.Arrivals.Breaks(p.start, hi))+len(p.lane.CapacityBreaks(p.start, hi)) > 0
}

// steepShare of the arrivals in a panel is a change of the rate that three points may
// not see.
const steepShare = 0.1

// steep tells whether the rate changes much between two instants.
func (p *busyPassage) steep(lo, hi float64) bool {
	a := &p.lane.cfg.Arrivals
	return math.Abs(a.Excess(lo, hi)) > steepShare*a.Flow(lo, hi)
}

func (p *busyPassage) breaks(lo, hi float64) []float64 {
	at := append(p.lane.cfg.Arrivals.Breaks(lo, hi), p.lane.CapacityBreaks(lo, hi)...)
	for _, j := range p.jumps {
		at = append(at, inside(j.At, lo, hi)...)
	}
	sort.Float64s(at)
	return at
}

// average sums term(k) over the law of k = n - level + batches, where term
// vanishes ten standard deviations and more from the mean and is smooth over
// fractions of sd; real, not only whole, k must do.
func (p *busyPassage) average(b law, mean, sd float64, term func(k float64) float64) float64 {
	if len(p.from.p) == 1 && len(b.p) == 1 {
		return p.from.p[0] * term(float64(p.from.lo-p.level+b.lo))
	}
	reach := 10*sd + 40
	start := compressed{p.from, p.levels}
	if len(b.p) > 1 && len(p.from.p) == 1 { // the batches carry the chance
		start, b = compressed{b, map[int][]lawBlock{}}, p.from
	}
	sum := 0.0
	for j, w := range b.p {
		if w == 0 {
			continue
		}
		shift := float64(b.lo + j - p.level)
		sum += w * start.average(mean-reach-shift, mean+reach-shift, sd, func(n float64) float64 { return term(n + shift) })
	}
	return sum
}

func (p *busyPassage) origin() float64 { return p.start }

// batched tells whether a batch, or a step, comes before t.
func (p *busyPassage) batched(t float64) bool {
	all := p.lane.cfg.Arrivals.withSteps(p.jumps, p.start, t)
	return len(all) > 0 && all[0].At < t
}
