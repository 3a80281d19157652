package queueing

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Pools that are spent before others begin, and before T may come, matter for T
// through the number in the lane at the instant tau at which they are: its law, for
// their fixed numbers, is all that the passage from there has to know. That law is
// fixed as T's is ([finite]), but while the lane is busy it has one hump and is
// nearly normal, whereas T's may have several: one where the lane has emptied before
// the other pools begin, and one where it has not.

// pastSpent is the law of T by way of the number at such an instant, for exponential
// servers.
func (p problem) pastSpent() (Drain, error) {
	refused := &UnsupportedError{DrainDensity, "no finite streams are spent before others begin"}
	if _, is := p.cfg.Service.(Exponential); !is || p.PoissonPools {
		return Drain{}, refused
	}
	p.known = p.forgotten()
	p, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	early, at := p.spent(open)
	if len(early) == 0 || p.known != nil {
		return Drain{}, refused
	}
	later := p.begin // when others begin
	for _, i := range open {
		if t := p.cfg.Arrivals.streams[i].Source.Begins(); t >= at && !slices.Contains(early, i) {
			later = math.Min(later, t)
		}
	}
	n, off, err := p.numberAt(at, later)
	if err != nil {
		return Drain{}, err
	}
	for _, i := range early {
		if p, err = p.withMean(i, 1); err != nil {
			return Drain{}, err
		}
	}
	p.known = &start{from: later, at: later, n: n}
	if p, open, err = p.settled(); err != nil {
		return Drain{}, err
	}
	d, err := p.nearly.afterSpent(p, func() (Drain, error) { return p.numbered(open, problem.poissonDensity) })
	d.AbsError = math.Min(1, d.AbsError+off)
	d.Tail, d.floor = 0, 0 // the number that it begins with has not their digits
	return d.owningUp(fixedWhat), err
}

// spent lists as many of the open streams as have sent everything by an instant
// before which no other begins, nor T comes, and the instant. It is none unless that
// leaves fewer to be fixed at once.
func (p problem) spent(open []int) (early []int, at float64) {
	if len(open) < 2 || len(p.single(open)) < len(open) {
		return nil, 0
	}
	source := func(i int) Source { return p.cfg.Arrivals.streams[i].Source }
	order := slices.Clone(open)
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(source(i).Begins(), source(k).Begins()) })
	last := 0.0
	for m, i := range order {
		if len(source(i).Jumps()) > 0 {
			return early, at
		}
		ends := p.ends(source(i))
		last = math.Max(last, ends)
		if last > p.begin {
			return early, at
		}
		if m+1 == len(order) || last <= source(order[m+1]).Begins() {
			early, at = order[:m+1], last
		}
	}
	return early, at
}

// ends is the first instant at which rates change and nothing is left to send, +Inf
// if there is none.
func (p problem) ends(s Source) float64 {
	for _, t := range s.Breaks(0, math.Inf(1)) {
		if s.Flow(t, 1e300) == 0 {
			return t
		}
	}
	return math.Inf(1)
}

// numberAt is the law of the number in the lane at an instant before which no other
// finite streams begin than those that are spent by at, and what it may be off by.
func (p problem) numberAt(at, later float64) (law, float64, error) {
	q, err := p.before(later)
	if err != nil {
		return law{}, 0, err
	}
	return p.Shared.of(q.cfg, later, p.cut()).law(func() (law, float64, error) {
		q.begin = at
		_, open, err := q.settled()
		if err != nil {
			return law{}, 0, err
		}
		n, off, err := q.fixedNumber(open)
		if err != nil {
			return law{}, 0, err
		}
		floats.Scale(1/floats.Sum(n.p), n.p)
		for _, i := range open {
			if q, err = q.withMean(i, 1); err != nil {
				return law{}, 0, err
			}
		}
		q.begin = later
		b := &birthDeath{t: at, now: n.without(lawEpsilon)}
		n, err = q.follow(b)
		return n, off + risks*p.risk() + b.off, err
	})
}

// fixedNumber is the law of the number at begin with the open streams' numbers fixed, and
// what it may be off by.
func (p problem) fixedNumber(open []int) (n law, off float64, err error) {
	ways := []func([]int) (law, float64, error){p.numberOnCircle, p.numberByQuantiles}
	if p.coarse() {
		ways = append([]func([]int) (law, float64, error){p.numberByTransform, p.numberInParts}, ways...)
	}
	for _, way := range ways {
		if n, off, err = way(open); !unsupported(err) {
			break
		}
	}
	return n, off, err
}

// numberOnCircle follows the number to begin for complex means.
func (p problem) numberOnCircle(open []int) (law, float64, error) {
	one, _ := phases(p.cfg.Service)
	c, err := p.newCircle(open, one, circleMost, nil)
	if err != nil {
		return law{}, 0, err
	}
	for _, t := range c.lane.stops(0, p.begin) {
		if err := c.Advance(t); err != nil {
			return law{}, 0, err
		}
		if err := c.lane.batchesAt(t, c); err != nil {
			return law{}, 0, err
		}
	}
	sum := c.total()
	n := law{sum.lo, make([]float64, len(sum.p))}
	for k, x := range sum.p {
		n.p[k] = math.Max(0, real(x))
	}
	return n, c.err, nil
}

// numberByQuantiles fixes the number's law as T's is.
func (p problem) numberByQuantiles(open []int) (law, float64, error) {
	p.Tolerance = spentTolerance
	d, err := p.fixing(problem.number, open)
	if err != nil {
		return law{}, 0, err
	}
	grid, is := d.Distribution.(*lattice)
	if !is || d.AbsError > spentMost {
		return law{}, 0, &UnsupportedError{DrainDensity, "the number in the lane is not found for fixed numbers"}
	}
	return law{grid.first, slices.Clone(grid.q)}, d.AbsError, nil
}

const (
	spentMost = 1e-4 // error of the number's law from which on T's is found at once
	// spentTolerance is asked of the number's law: less would call for far tails, which
	// have no use and whose digits are few.
	spentTolerance = 1e-6
)

// number is the law of the number in the lane at begin, of which no stream is finite,
// as that of a time.
func (p problem) number() (Drain, error) {
	n, err := p.follow(&birthDeath{now: p.Initial().law()})
	return numberLaw(n, 1e-12), err
}

// follow takes a law to begin.
func (p problem) follow(b *birthDeath) (law, error) {
	b.lane, b.absorb, b.cut, b.rough, b.check = p.Lane, -1, p.cut(), p.stepError(), p.check
	for b.t < p.begin {
		if err := p.approach(b); err != nil {
			return law{}, err
		}
	}
	return law{b.now.lo, slices.Clone(b.now.p)}, nil
}
