package queueing

import (
	"fmt"
	"math"
)

// resume solves for one server whose lane may be at its level before overload
// ends, by the probability p0 that it is idle up to then: until it is idle as
// [resumed], down to other levels as [setAside]. It holds for services that are
// gamma, hyperexponential or exponential, and for lognormal ones with an SCV from
// resumeLeast to resumeMost, down to asideMost requests.
//
// The first service from b.t, when the server is there, starts afresh.
func (p problem) resume(b *birthDeath) (d Drain, err error) {
	defer catch(&err)
	sums, is := sumsOf(p.cfg.Service).(*poleSums)
	if !is {
		return Drain{}, p.mayIdle()
	}
	q, err := p.resuming(b, sums)
	if err != nil {
		return Drain{}, err
	}
	return q.problem.rest(q.passage, q.chance, q.end, q.reason)
}

// resumption is the passage that goes on at begin, a [resumed] or a [setAside].
type resumption struct {
	problem
	passage
	chance, end float64 // that nothing goes on, and the instant by which all is over
	reason      string
}

// resumeRequests are the most that may come while the server may idle: their instants are
// as close as the clock tells apart.
const resumeRequests = 1e10

// resuming finds what there is up to begin, and panics with the errors of checks.
func (p problem) resuming(b *birthDeath, sums *poleSums) (*resumption, error) {
	level := p.Level(math.Inf(1))
	if level > asideMost || b.t >= p.begin {
		return nil, p.mayIdle()
	}
	if scv := sums.service.SCV(); sums.absolute() && (scv < resumeLeast || scv > resumeMost) {
		return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and the SCV of its lognormal service is not between %g and %g: following it would take too long", resumeLeast, resumeMost)}
	}
	if level > 0 && sums.absolute() {
		p.Tolerance = math.Max(p.tolerance(), asideDigits)
	}
	if p.Method == Auto && p.phasesAreFaster() {
		return nil, errPhasesFaster
	}
	if err := p.resumable(b, sums); err != nil {
		return nil, err
	}
	r := &resumed{before: newIdleChance(p.Lane, b.t, b.now, sums)}
	if p.cfg.Arrivals.Flow(b.t, p.begin) > resumeRequests {
		return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, with more than %.0e requests to come by then", resumeRequests)}
	}
	r.idle = p.idleUpTo(r.before, p.bounded())
	r.transformPassage = newTransformPassage(p.Lane, p.begin, point(0), 0, sums)
	chance := r.riseAll(sums)
	exponent := resumeExponent
	if sums.absolute() { // as in [transformPassage.window]
		exponent = 3 - math.Log(p.tolerance())
	}
	end := r.latest(exponent)
	if math.IsInf(end, 1) {
		return nil, p.mayIdle()
	}
	if level == 0 {
		for _, c := range r.idle {
			r.slope = append(r.slope, newPanel(c.lo, c.hi, derivative(c.coef, (c.hi-c.lo)/2)))
		}
		r.bends = r.before.breaks(r.before.start, p.begin)
		return &resumption{p, r, chance, end, "the probability that the server is idle when overload ends, and the density of the busy periods that go on"}, nil
	}
	q := &setAside{transformPassage: r.transformPassage, before: r.before, past: r, idle: r.idle, bends: r.before.breaks(r.before.start, p.begin), aside: level}
	chance = q.tabulate(p.SolveOptions, p.bounded())
	return &resumption{p, q, chance, end, "the work that waits when overload ends, by the probability that the server was idle before, and the density of its passage"}, nil
}

// errPhasesFaster leaves a lane to its chain.
var errPhasesFaster = &UnsupportedError{DrainDensity, "it may be drained before overload ends, and following the phases of its service is faster"}

// rest puts together what is drained when overload ends and what is later.
func (p problem) rest(q passage, chance, end float64, reason string) (Drain, error) {
	m := &march{passage: q, tolerance: p.tolerance() / 10, nodes: cheb16, relative: relativeEnd, check: p.bounded()}
	floor, own := resumeFloor, 0.0
	if _, is := p.cfg.Service.(Lognormal); is {
		floor, own = absoluteFloor, mixtureError
	}
	m.floor = p.tolerance() / (floor * (end - p.begin))
	m.run(p.begin, end)
	c := newCurve(m.panels, []Atom{{p.begin, chance}}, 0)
	d := p.result(c, DrainDensity, reason)
	d.AbsError += own
	allowed := resumeError
	if _, is := phases(p.cfg.Service); !is {
		allowed = resumeRough
	}
	if !(d.AbsError <= math.Max(allowed, 10*p.tolerance())) {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("it may be drained before overload ends, and what is found adds up to 1 %+.1g", c.total()-1)}
	}
	return d.owningUp("what it finds adds up to 1"), nil
}

// resumeFloor is the tolerance over what the density's rounding may add up to,
// and absoluteFloor that where the density has no digits far out.
const (
	resumeFloor   = 100.0
	absoluteFloor = 10.0
)

// asideDigits is the tolerance that laws of requests set aside meet in seconds
// if services are lognormal; they state less.
const asideDigits = 1e-7

// The SCV of lognormal services that are followed in seconds.
const resumeLeast, resumeMost = 0.05, 20.0

// The errors of the total beyond which other methods are asked, where those are
// exact and where they are not: they are off by a thousandth and more.
const (
	resumeError = 1e-6
	resumeRough = 1e-4
)

// resumeWork bounds the values of the kernel that are expected, resumeRows the
// instants for which it is integrated: a few seconds each.
const (
	resumeWork = 5e6
	resumeRows = 3000
	fixedPools = 12 // solves that it takes to fix the numbers in finite streams, about
	roughPools = 2  // as many times longer each takes where a service's density is no polynomial at 0
	mixedPools = 8  // or is a mixture of such
)

// bounded is check, and gives up after resumeRows calls.
func (p problem) bounded() func() {
	rows := 0
	return func() {
		p.check()
		if rows++; rows > resumeRows {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and more than %d instants are needed", resumeRows)}})
		}
	}
}

// resumable refuses lanes with too much to follow: many breaks, or random
// batches, over whose laws every value is an average.
func (p problem) resumable(b *birthDeath, sums *poleSums) error {
	q := newTransformPassage(p.Lane, b.t, b.now, 0, sums)
	breaks := float64(len(q.breaks(b.t, p.begin)) + 1)
	work := 16 * 20 * breaks * (200 + 40*breaks) * float64(len(q.batches(b.t, math.Inf(1)).p))
	for _, st := range p.cfg.Arrivals.streams {
		if _, is := poissonOf(st.Source); is && !p.PoissonPools {
			work *= fixedPools
			switch {
			case p.Method != Auto || sums.smooth():
			case sums.absolute():
				work *= mixedPools
			default:
				work *= roughPools
			}
			break
		}
	}
	most := resumeWork
	if p.coarse() {
		most /= 5
	}
	if work > most {
		return &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and following it takes %.0e values of the kernel", work)}
	}
	return nil
}

// fasterWork is the states times events up to which phases are followed sooner
// than the density is found.
const fasterWork = 1e9

// phasesAreFaster tells whether [solvePhases] covers the lane, at less work.
func (p problem) phasesAreFaster() bool {
	law, is := phases(p.cfg.Service)
	if !is {
		return false
	}
	states := float64(law.Phases())
	return (p.chainCost()+p.tailCost())*states*states < math.Min(fasterWork, p.effort.left())
}

// idleUpTo is p0 up to begin.
func (p problem) idleUpTo(q *idleChance, check func()) []panel {
	q.even(p.begin)
	m := &march{passage: q, tolerance: p.tolerance() / 10, nodes: cheb16, relative: relativeEnd, bounded: true, noisy: q.absolute(), check: check}
	m.run(q.start, p.begin)
	return m.panels
}

// riseAll notes where busy periods begin at known instants, and returns the
// probability that the lane is idle at begin.
func (q *resumed) riseAll(sums *poleSums) float64 {
	l := q.before.lane
	q.first = newTransformPassage(l, q.before.start, q.before.begin, 0, sums)
	at := func(t float64) float64 { return (&curve{panels: q.idle}).density(math.Nextafter(t, 0)) }
	jumps := l.cfg.Arrivals.withSteps(q.before.jumps, q.before.start, q.start)
	for len(jumps) > 0 && jumps[0].At <= q.start {
		t, none := jumps[0].At, 1.0
		for len(jumps) > 0 && jumps[0].At == t {
			none *= jumps[0].Size.none()
			jumps = jumps[1:]
		}
		r := idleRise{math.Nextafter(t, 0), t, at(t), none}
		q.rises = append(q.rises, r)
		if t == q.start {
			return r.chance * none
		}
	}
	return at(q.start)
}

// resumeExponent is -ln of what is left out on the right.
const resumeExponent = 42.0

// latest is an instant after which a busy period that began before begin
// still goes on with a probability of about exp(-exponent).
func (q *resumed) latest(exponent float64) float64 {
	last := q.start
	l := q.before.lane
	starts := append(q.before.breaks(q.before.start, q.start), q.start)
	for _, r := range q.rises {
		starts = append(starts, r.before)
	}
	for i := range 24 {
		starts = append(starts, q.before.start+(q.start-q.before.start)*float64(i)/24)
	}
	for _, s := range starts {
		r := newTransformPassage(l, s, point(1), 0, q.sums)
		last = math.Max(last, r.busyPassage.latest(exponent))
	}
	return math.Max(last, q.first.latest(exponent))
}

// smooth tells whether the density of a service is a polynomial near 0, and its
// transform taken at once.
func (w *poleSums) smooth() bool {
	g, is := w.service.(Gamma)
	return w.paths == nil && (!is || g.Shape == math.Round(g.Shape))
}
