package queueing

import (
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/markov"
)

// onCircle is the law with fixed numbers by complex means: of the service's own
// phases, or of ones that stand for it and are more each time, the last difference
// being the error.
func (p problem) onCircle(open []int) (Drain, error) {
	if p.Method != Auto && p.Method != Chain {
		return Drain{}, &UnsupportedError{Chain, "another method was asked for"}
	}
	if law, is := phases(p.cfg.Service); is {
		return p.Shared.circled(p, func() (Drain, error) {
			most := circleMost
			if p.coarse() { // one of many lanes
				most /= circleCoarse
			}
			d, _, err := p.circled(open, law, most)
			return d, err
		})
	}
	g, is := p.cfg.Service.(Gamma)
	if !is || g.Shape > mostPhases {
		return Drain{}, &UnsupportedError{Chain, "its service is not made of exponential phases"}
	}
	var d Drain
	var before, work float64
	most := circleMost / circleStand
	switch {
	case p.coarse():
		most /= 4
	case p.chainsAlone(open):
		most = numbersMost
	}
	for i, n := range circlePhases {
		law, err := gammaPhases(g, n)
		if err != nil {
			return Drain{}, err
		}
		left := most - work
		if i == 0 { // three at least are wanted, each longer than the one before
			left /= circleFirst
		}
		next, spent, err := p.circled(open, law, left)
		switch {
		case unsupported(err) && i > 1:
			return d, nil
		case err != nil:
			return Drain{}, err
		}
		work += spent
		if i > 0 {
			off := furthest(next.Distribution.(*curve), d.Distribution.(*curve))
			next.rough = stillOff(off, before, g.Shape, n)
			next.AbsError += next.rough
			next.Reason = "its service's phases, and those of a quadrature for the rest, are followed for complex means that fix the numbers in its finite streams"
			if next.AbsError < betweenExact || i > 2 && off > circleFall*before {
				return next, nil
			}
			before = off
		}
		d = next
	}
	return d, nil
}

// circleFirst is about the work of three over that of the first.
const circleFirst = 4.5

// circleFall is the ratio of differences from which on they fall like a power of
// the number of points rather than exponentially.
const circleFall = 0.35

// stillOff is what the law with n points may still be off by, where the last point
// has changed it by off, and the one before by before. A service of shape s is as short
// as u with a probability that falls like u^s, and the least of n points of a beta law
// is about 1/n^2. So where services that have just begun matter the error is about
//
//	e(u) = n^-2s phi(n^2 u),    d = -de/dn = n^-(2s+1) (2s phi(v) - 2v phi'(v)),
//
// v = n^2 u, at worst over all u. Worked out for one service n d is no less than e down
// to shapes of 0.05. Of still less the error tends to 1 and d to 0, for nearly all of
// them are shorter than any point. Elsewhere errors fall faster, but not evenly: of two
// differences in a row one may be small by chance, even less than the error is. As the
// law is less far off than the one before it, a quarter of the difference before counts
// too.
func stillOff(off, before, shape float64, n int) float64 {
	return math.Max(off*float64(n)*(1+leastShape/shape), before/4)
}

// leastShape is a shape of which half the services are shorter than any point.
const leastShape = 3e-3

// circlePhases are the points that stand for gamma service.
var circlePhases = []int{2, 3, 4, 5, 6, 8}

// circled follows services of the given law, and says how many states times jumps
// it took, if no more than the most are expected: numbers of members, or points at
// complex means where those are fewer. Several pools take the points of
// [problem.byHermite] where those will do.
func (p problem) circled(open []int, law markov.PhaseType, most float64) (d Drain, work float64, err error) {
	if p.cfg.Mechanisms.Limited {
		return p.byPoints(open, law, most)
	}
	p = p.fromUp()
	c, q, err := p.circleOf(open, law, nil)
	if err != nil {
		return Drain{}, 0, err
	}
	affordable, points := most, c.mostPoints()
	alone := p.chainsAlone(open)
	if alone {
		affordable, points = p.aloneMost(most), pointsWorth*points
	}
	numbers := q.circleCost(c.t) * c.perPoint() * float64(c.numbers())
	if numbers > 2*affordable {
		return p.byPoints(open, law, most)
	}
	little := numbers < most/numbersLittle
	sooner := (little || c.numbers() <= points) && !c.hurries(q.begin, numbers)
	if sooner {
		if little { // more would not be what was expected
			affordable = math.Min(affordable, most/2)
		}
		if d, work, err = p.byNumbers(open, law, affordable); !unsupported(err) {
			return d, work, err
		}
		work = math.Min(work, most/2)
	}
	d, spent, err := p.byPoints(open, law, most-work)
	work += spent
	if unsupported(err) && !sooner && alone {
		d, spent, err = p.byNumbers(open, law, affordable-work)
		work += spent
	}
	return d, work, err
}

// chainsAlone tells whether no density is at hand: beside several servers, or groups of
// several sizes, that may idle before overload ends.
func (p problem) chainsAlone(open []int) bool {
	if _, alike := p.groupOf(open); alike && p.FinalServers() == 1 {
		return false
	}
	_, err := p.newGroupedPoints(open)
	return err != nil
}

// aloneMost is the work that numbers of members may take there, where points may take the
// most.
func (p problem) aloneMost(most float64) float64 {
	if _, is := phases(p.cfg.Service); !is || p.coarse() {
		return most
	}
	return math.Max(most, numbersMost)
}

// numbersLittle of the work allowed is so little that numbers of members, which leave no
// error, are followed whatever the points would take.
const numbersLittle = 8

// Where no density is at hand numbers of members may take numbersMost of work, and are
// tried first up to pointsWorth times as many as points: what those refuse they try anyway.
const numbersMost, pointsWorth = 1.5e9, 8

// perPoint is what a jump takes for each level, over a chain without phases.
func (c *circle) perPoint() float64 {
	faster := 1 + (c.leaving()*c.lane.cfg.Service.Mean()-1)/2 // jumps, of which half are services
	return float64(c.service.Phases()) * faster
}

// fromUp is the problem of a server that is down at first and surely not drained then:
// nothing is before it is up.
func (p problem) fromUp() problem {
	if up := p.cfg.DownFor; p.begin < up {
		if drained, _ := p.Initial().law().upTo(p.Level(0)); drained == 0 {
			p.begin = up
		}
	}
	return p
}

// byPoints takes complex means.
func (p problem) byPoints(open []int, law markov.PhaseType, most float64) (d Drain, work float64, err error) {
	single := 0.0 // what the first solve takes, which is for one point
	solve := func(rings [][]ringPoint) (Drain, error) {
		next, spent, err := p.circledAt(open, law, most-work, rings)
		if work += spent; single == 0 {
			single = spent
		}
		return next, err
	}
	afford := func(points int) bool { return single*float64(points) <= most-work }
	if len(open) > 1 {
		if d, err = p.byHermite(open, solve, afford); err == nil && d.AbsError < fixClaim || !unsupported(err) && err != nil {
			return d, work, err
		}
		if all, refused := p.newCircle(open, law, math.Inf(1), nil); refused != nil || !afford(all.mostPoints()) {
			if err == nil {
				return d, work, nil
			}
			return Drain{}, work, &UnsupportedError{Chain, fmt.Sprintf("one of its means takes %.0e states times jumps, and %s", single, err)}
		}
	}
	even, err2 := solve(nil)
	if err == nil && unsupported(err2) && len(open) > 1 {
		return d, work, nil
	}
	return even, work, err2
}

// circledAt takes the points of each pool as given, nil for evenly spread ones.
func (p problem) circledAt(open []int, law markov.PhaseType, most float64, rings [][]ringPoint) (d Drain, work float64, err error) {
	c, err := p.newCircle(open, law, most, rings)
	if err != nil {
		return Drain{}, 0, err
	}
	d, err = followLane(c.lane, c, p.begin, p.SolveOptions)
	d.groups = true
	d.Reason = "the chain's states are followed one by one, for complex means that fix the numbers in its finite streams"
	if c.ended {
		d.Reason = "the chain's states as long as servers may idle, and then the density, are followed for complex means that fix the numbers in its finite streams"
	}
	return d, c.work, err
}

// circleOf is the circle of a lane at 0, with one point, and its lane whose pools are
// Poisson.
func (p problem) circleOf(open []int, law markov.PhaseType, rings [][]ringPoint) (*circle, problem, error) {
	if law.Phases() > 1 && (p.FinalServers() != 1 || p.begin < p.cfg.DownFor) {
		return nil, p, &UnsupportedError{Chain, "phases are followed for one server, from when it is there"}
	}
	c := &circle{service: law, rings: rings, level: -1, digits: p.tolerance(), check: p.check, sizes: []int{1}, joined: -1}
	c.deep = p.deep && len(open) <= deepPools && rings == nil
	c.eps = circleEps(p.tolerance(), len(open))
	if c.deep {
		c.eps = deepEps
	}
	finite := map[int]bool{}
	q := p
	for _, i := range open {
		st := p.cfg.Arrivals.streams[i]
		finite[i] = true
		c.add(st.Source)
		var err error
		if q, err = q.with(i, heldBack{poissonPool{st.Source, 1}}); err != nil {
			return nil, p, err
		}
	}
	c.lane = q.Lane
	for i, st := range p.cfg.Arrivals.streams {
		if !finite[i] {
			c.base = append(c.base, st.Source)
		}
	}
	n := p.Initial().law()
	if m := p.cfg.Mechanisms; m.Limited {
		c.top = p.FinalServers() + m.QueueLimit
		n = n.atMost(c.top)
	}
	if p.known != nil && law.Phases() == 1 {
		c.t, n = p.known.at, p.known.n
		c.joined = c.t
	}
	c.points = onePoint(len(c.pools))
	c.begin(n)
	return c, q, nil
}

// newCircle refuses lanes that are no chains of few states.
func (p problem) newCircle(open []int, law markov.PhaseType, most float64, rings [][]ringPoint) (*circle, error) {
	c, q, err := p.circleOf(open, law, rings)
	if err != nil {
		return nil, err
	}
	points := c.mostPoints()
	cost := q.circleCost(c.t) * float64(points) * c.perPoint()
	if !(cost < most) && c.leaps() {
		cost = c.rehearse(q.begin, most/float64(points)) * float64(points)
	}
	if !(cost < most) {
		return nil, &UnsupportedError{Chain, fmt.Sprintf("following it for %d means would take %.0e states times jumps", points, cost)}
	}
	c.err, c.most = c.eps*float64(len(c.pools)), 2*most // the estimate may be off
	return c, nil
}

// hurries tells whether points leap, or end by a passage, and so take less than the work
// given.
func (c *circle) hurries(begin, work float64) bool {
	points := float64(c.mostPoints())
	return c.leaps() && c.rehearse(begin, work/points)*points < work
}

// rehearse is what one point takes, up to most: that with all pools Poisson of their
// own means.
func (c *circle) rehearse(begin, most float64) float64 {
	r := *c
	r.points, r.begun, r.held = slices.Clone(c.points), slices.Repeat([]bool{true}, len(c.begun)), slices.Clone(c.held)
	for _, t := range c.lane.stops(0, begin) {
		if r.most = most; r.Advance(t) != nil || c.lane.batchesAt(t, &r) != nil {
			return math.Inf(1)
		}
	}
	passage := circleRows * (circleKernels + float64(len(r.points[0].p)))
	switch r.level = c.lane.Level(begin); {
	case r.ends():
		return r.work + passage
	case r.settles():
		return r.work + passage + problem{Lane: c.lane}.idleCost(begin)
	case !r.singles():
		return r.work + problem{Lane: c.lane}.idleCost(begin)
	}
	return r.work + problem{Lane: c.lane}.circleCost(begin)
}

// idleCost estimates states times jumps from where the first server idles, which is some
// ten standard deviations earlier or later.
func (p problem) idleCost(from float64) float64 {
	_, end := p.fluidEnd()
	mu, lam := p.Capacity(end), p.cfg.Arrivals.Rate(end)
	free := mu - lam
	if !(free > 0) {
		return math.Inf(1)
	}
	sd := math.Sqrt(p.Work(from, end)+p.cfg.Arrivals.Count(from, end).spread()+float64(p.FinalServers())) / free
	return 20 * sd * (mu + lam) * (float64(p.FinalServers()) + 60 + 40*mu/free)
}

// A passage has so many instants, each with a sum over a law and so many kernels, in
// units of states times jumps.
const circleRows, circleKernels = 500, 1500

// circleCost estimates states times jumps up to where the mean path has drained.
func (p problem) circleCost(from float64) float64 {
	_, end := p.fluidEnd()
	work := p.Work(from, end)
	events, variance := work, work
	for _, st := range p.cfg.Arrivals.streams {
		c := st.Source.Count(from, end)
		events += c.arrivals()
		variance += c.spread()
	}
	return 4 * events * (60*float64(p.largestGroup()) + 8*math.Sqrt(variance+p.Initial().Mean()))
}
