package queueing

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"singlelane/queueing/internal/skellam"
)

const fastestExponential = "the fastest exact way for exponential servers"

// sureExponent is -ln of the probability below which an early passage or an
// idle server is taken not to happen, and coarseRisk that probability over the
// tolerance where that is coarse.
const sureExponent, coarseRisk = 32.0, 0.01

// stepError is what a step of a chain may be off by on the way to a coarse law; 0: nothing.
func (o SolveOptions) stepError() float64 {
	if o.coarse() {
		return coarseStep * o.tolerance()
	}
	return 0
}

const coarseStep = 2e-4

// risks is how often that is done on the way to a law, at most, where it counts.
const risks = 4

// risk is the probability below which that is taken not to happen, each time.
func (o SolveOptions) risk() float64 {
	if o.coarse() {
		return coarseRisk * o.tolerance()
	}
	return math.Exp(-sureExponent)
}

// density solves for a lane of exponential servers. The equation of the
// second kind holds from an instant on if the law of n there is known, no
// server idles between it and begin, and the level no longer moves. What
// comes before is followed by the chain.
func (p problem) density() (Drain, error) {
	if _, is := p.cfg.Service.(Exponential); !is {
		return Drain{}, &UnsupportedError{DrainDensity, "its service is not exponential"}
	}
	if err := p.Endures(); err != nil {
		return Drain{}, err
	}
	var refused *UnsupportedError
	if d, err := p.idles(); !errors.As(err, &refused) {
		return d, err
	}
	b := &birthDeath{lane: p.Lane, now: p.Initial().law(), absorb: -1, cut: p.cut(), rough: p.stepError(), check: p.check}
	if p.known != nil {
		b.t, b.now = p.known.at, p.known.n
	}
	for first := p.known == nil; ; first = false {
		if q, sure := p.sure(b); sure {
			d, err := p.finish(q, nil, nil)
			return d.plus(b.off), err
		}
		if b.t >= p.begin {
			break
		}
		approach := problem.approach
		if first && p.lastBegins() > b.t {
			approach = problem.together
		}
		if err := approach(p, b); err != nil {
			return Drain{}, err
		}
	}
	off := b.off
	d, err := p.unsure(b)
	return d.plus(off), err
}

// plus has so much more error.
func (d Drain) plus(off float64) Drain {
	d.AbsError += off
	return d
}

// approach goes some way towards begin: at once as long as no server can
// idle, by the chain else.
func (p problem) approach(b *birthDeath) error {
	to := p.begin
	if at := p.CapacityBreaks(b.t, to); len(at) > 0 {
		to = at[0]
	}
	if risk := p.idleFrom(b, to); risk > b.t+100*stepTerms/b.exitRate(risk) || risk == to && p.ServersAt(b.t) == 0 {
		b.leap(risk)
		return nil
	}
	return p.wade(b, to)
}

// wade goes to an instant on the way to which servers may idle. What is so far
// up that it cannot run out of work by then leaps there; the chain follows the
// rest, and what of it has moved up leaps after.
func (p problem) wade(b *birthDeath, to float64) error {
	ahead := law{0, []float64{0}}
	between := wadeEvents
	if b.rough > 0 {
		between = wadeFurther
	}
	for b.t < to {
		ahead = ahead.or(p.cutAbove(b, to))
		if b.now.mass() <= p.risk() {
			b.now, b.t = b.now.below(-1), to
			break
		}
		step := between / b.exitRate(to)
		if cost := (to - b.t) / step * between * float64(len(b.now.p)+100); cost > chainWork {
			return &UnsupportedError{DrainDensity, fmt.Sprintf("the lane may idle before overload ends, and following it takes %.0e states times events", cost)}
		}
		before, next := b.now, b.t+step
		b.run(math.Min(to, next))
		if b.t < to && before.differs(b.now) < settled { // it rests: up to where rates change at once
			b.run(p.stops(b.t, to)[0])
		}
	}
	b.now = b.now.or(ahead)
	return nil
}

// wadeEvents happen between two looks at what is far up, more where steps of a chain are
// as long as laws change.
const wadeEvents, wadeFurther = 16 * stepTerms, 64 * stepTerms

// cutAbove takes out of the law the numbers from which no server can idle
// until `to`, and returns the law there of what they become.
func (p problem) cutAbove(b *birthDeath, to float64) law {
	servers := p.ServersAt(b.t)
	safe := func(n int) bool {
		return n > servers && newSkellamPassage(p.Lane, b.t, point(n), servers-1).earliest(to, -math.Log(p.risk())) >= to
	}
	if !safe(b.now.hi()) {
		return law{0, []float64{0}}
	}
	first := b.now.lo + sort.Search(len(b.now.p)-1, func(i int) bool { return safe(b.now.lo + i) })
	above := *b
	_, above.now = b.now.upTo(first - 1)
	above.leap(to)
	b.now = b.now.below(first - 1)
	return above.now
}

// idleFrom is an instant up to which, from b on, no server idles; `to` at the
// latest.
func (p problem) idleFrom(b *birthDeath, to float64) float64 {
	servers := p.ServersAt(b.t)
	if servers == 0 {
		return to
	}
	q := newSkellamPassage(p.Lane, b.t, b.now, servers-1)
	if idle, _ := b.now.upTo(q.level); idle > p.risk() {
		return b.t
	}
	return q.earliest(to, -math.Log(p.risk()))
}

// leap goes to an instant up to which no server can idle and capacity does
// not change: the number served is Poisson.
func (b *birthDeath) leap(to float64) {
	l := b.lane
	served, arrived := l.Work(b.t, to), l.cfg.Arrivals.Flow(b.t, to)
	b.now = b.now.plus(skellamLaw(served, arrived)).plus(l.cfg.Arrivals.batches(b.t, to).law()).without(math.Max(b.cut, lawEpsilon)).fromZero()
	b.t = to
}

// skellamLaw is the law of A - D.
func skellamLaw(served, arrived float64) law {
	if served == 0 {
		return Count{Poisson: arrived}.law()
	}
	reach := 10*math.Sqrt(served+arrived) + 40
	lo, hi := math.Floor(arrived-served-reach), math.Ceil(arrived-served+reach)
	out := law{int(lo), make([]float64, int(hi-lo)+1)}
	for i := range out.p {
		out.p[i] = skellam.Prob(-lo-float64(i), served, arrived)
	}
	return out.trim()
}

// unsure goes on from begin, where some of the mass may have drained. As long
// as the level may still move, or capacity change, the chain follows the rest.
func (p problem) unsure(b *birthDeath) (Drain, error) {
	var atoms []Atom
	if last := p.steps[len(p.steps)-1].from; last > b.t {
		if cost := p.chainCost(); cost > chainWork {
			return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("the lane may drain before its last servers join, and following it takes %.0e states times events", cost)}
		}
		atoms = b.drainFrom(last)
	} else {
		atoms = b.drainFrom(b.t)
	}
	q := newSkellamPassage(p.Lane, b.t, b.now, p.barrier(b.t))
	return p.finish(q, b, atoms)
}

// finish solves the passage to the barrier and, if that is not the level,
// sends it through the chain below. before holds what has drained, and the law
// of what has not.
func (p problem) finish(q *skellamPassage, before *birthDeath, atoms []Atom) (Drain, error) {
	panels, err := p.comingToRest(q, before)
	if panels == nil && err == nil {
		panels = p.passage(q)
		if q.level > p.Level(math.Inf(1)) {
			panels, err = p.throughIdle(q, before, panels)
		}
	}
	if err != nil {
		return Drain{}, err
	}
	if before != nil {
		panels = append(before.panels[:len(before.panels):len(before.panels)], panels...)
	}
	d := p.result(newCurve(panels, atoms, 0), DrainDensity, fastestExponential)
	if p.coarse() {
		d.AbsError += risks * p.risk()
	}
	if before == nil && q.level == p.Level(math.Inf(1)) {
		d.Tail = p.tail(&q.busyPassage)
	} else if !p.coarse() {
		d = d.downTo(densityFloor)
	}
	return d, nil
}

// densityFloor is what cuts of a law at begin, and the chain of servers that idle, were
// seen to make of far tails, several times.
const densityFloor = 1e-15

// idleWork is how many states times jumps of a lane some of whose servers idle
// are followed, some thirty seconds, and a tenth of them where the law may be
// coarse: near saturation its last jumps come ages after the first.
const idleWork = 5e9

// throughIdle injects the passage to the state in which one server is idle
// into the chain from there down to the level.
func (p problem) throughIdle(q *skellamPassage, before *birthDeath, panels []panel) ([]panel, error) {
	b := &birthDeath{lane: p.Lane, check: p.check, t: q.start, now: law{q.level, []float64{0}}, absorb: p.Level(math.Inf(1)), record: true}
	if before != nil {
		b.now = before.now.below(q.level)
	}
	work, most := 0.0, idleWork
	if p.coarse() {
		most /= 10
	}
	run := func(to float64) error {
		work += (p.cfg.Arrivals.Flow(b.t, to) + p.Work(b.t, to)) * float64(len(b.now.p))
		if work > most {
			return &UnsupportedError{DrainDensity, fmt.Sprintf("servers idle before it is drained, and following them takes more than %.0e states times jumps", most)}
		}
		b.run(to)
		return nil
	}
	if len(panels) > 0 && b.now.mass() == 0 {
		b.t = panels[0].lo
	}
	b.entry = q.level
	for _, f := range panels {
		b.inject = nil
		if f.lo > b.t {
			if err := run(f.lo); err != nil {
				return nil, err
			}
		}
		b.inject = f.density
		for i := 1; i <= 4; i++ {
			if err := run(f.lo + (f.hi-f.lo)*float64(i)/4); err != nil {
				return nil, err
			}
		}
	}
	b.inject = nil
	for last := (law{}); b.now.mass() > chainEpsilon && !b.closeTail(last); {
		last = b.now
		if err := run(b.t + 20*stepTerms/b.exitRate(b.t*1.01+1)); err != nil {
			return nil, err
		}
	}
	return b.panels, nil
}

// sure returns the passage from b on, and whether it can neither happen
// before begin nor before the last change of the level.
func (p problem) sure(b *birthDeath) (*skellamPassage, bool) {
	edge := p.begin
	if s := p.steps[len(p.steps)-1].from; s > b.t {
		edge = math.Max(edge, s)
	}
	q := newSkellamPassage(p.Lane, b.t, b.now, p.barrier(edge))
	if below, _ := b.now.upTo(q.level); below > p.risk() {
		return q, false
	}
	return q, q.earliest(edge, -math.Log(p.risk())) >= edge
}

// barrier is the number down to which all servers that work at t are busy and
// the lane has not drained.
func (p problem) barrier(t float64) int {
	return max(p.Level(t), p.ServersAt(t)-1)
}
