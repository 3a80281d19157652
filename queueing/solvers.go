package queueing

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing/markov"
)

// solver is one way to find the law of a drain time. It returns an
// [*UnsupportedError] for a lane that it does not cover.
type solver struct {
	method Method
	solve  func(p problem) (Drain, error)
}

// solvers lists the ways in the order in which [Auto] tries them: the density
// covers most, the chain phases of one server that may idle, and what remains
// is approximate.
func solvers() []solver {
	return []solver{
		{DrainDensity, func(p problem) (Drain, error) { return p.byDensity() }},
		{FourierSeries, func(p problem) (Drain, error) { return FourierDrain(p.Lane, p.SolveOptions) }},
		{Chain, func(p problem) (Drain, error) { return p.byChain() }},
		{DrainIdentity, func(p problem) (Drain, error) { return p.byIdentity() }},
		{ClosedForm, func(p problem) (Drain, error) { return p.byClosedForm() }},
		{Diffusion, func(p problem) (Drain, error) { return DiffusionDrain(p.Lane) }},
		{Fluid, func(p problem) (Drain, error) { return p.byFluid() }},
	}
}

// lostMass is the error of an exact way that has lost its way, as the mass that
// it finds shows: no answer.
const lostMass = 0.01

// poorError is the error beyond which another way is asked.
const poorError = 0.15

// try is solve, where the answer is one.
func (s solver) try(p problem) (Drain, error) {
	p.effort = newEffort(chainEffort)
	d, err := s.ask(p)
	var short *markov.ToleranceError
	if errors.As(err, &short) { // rates vary so fast that steps have no room
		return Drain{}, &UnsupportedError{s.method, short.Error()}
	}
	lost, poor := d.AbsError, poorError
	if !p.Plain() { // an approximation that knows its error is not lost
		if lost, poor = lost-d.rough, boundMost; p.cfg.Mechanisms.MaxAge > 0 && p.cfg.Mechanisms.Throttle == nil {
			poor = 1
		}
	}
	if err == nil && p.Method == Auto && !(d.AbsError <= poor) {
		return Drain{}, refusedFor(s.method, d.AbsError)
	}
	if err == nil && (s.method == DrainDensity || s.method == Chain) && !(lost <= lostMass) {
		return Drain{}, refusedFor(s.method, d.AbsError)
	}
	return d, err
}

// ask is the solver's answer: one that stopped itself deep inside refuses.
func (s solver) ask(p problem) (d Drain, err error) {
	defer catch(&err)
	return s.solve(p)
}

// refusedFor is the refusal of a law that is too far off.
func refusedFor(m Method, off float64) error {
	return &UnsupportedError{m, fmt.Sprintf("its error is %.1g", off)}
}

// autoLast is the number of solvers that Auto tries: mean paths are not an
// answer to the question for a law.
const autoLast = 4

// solve dispatches on the method asked for.
func (p problem) solve() (Drain, error) {
	all := solvers()
	if p.Method == Auto {
		if p.startsDrained() {
			d := atOnce(DrainIdentity, whyAtOnce)
			d.groups = true
			return d, nil
		}
		if p.tooFew() {
			at := []Atom{{p.begin, 1}}
			return Drain{Distribution: newCurve(nil, at, 0), Method: DrainIdentity, Quality: Exact, Atoms: at, groups: true,
				Reason: "fewer requests can have come when overload ends than the lane may hold"}, nil
		}
		if d, ok := p.constant(); ok {
			return d, nil
		}
		pieces := solver{Chain, func(p problem) (Drain, error) { return p.byPieces() }}
		if d, err := pieces.try(p); !unsupported(err) {
			return d, err
		}
		d, err := p.firstOf(all[:autoLast])
		if refusal := err; err != nil {
			if d, err = p.asDensity(); !unsupported(err) {
				return d, err
			}
			return p.exactInClosedForm(refusal)
		}
		if d, err = p.orDensity(d); err != nil {
			return Drain{}, err
		}
		return p.orLimit(d), nil
	}
	for _, s := range all {
		if s.method == p.Method {
			return s.try(p)
		}
	}
	return Drain{}, &UnsupportedError{p.Method, "it is not a way to solve for a drain time"}
}

// orDensity takes the density of a lane whose phases, which are followed sooner, have not
// fixed the numbers in its finite streams, or not as well as was asked for.
func (p problem) orDensity(d Drain) (Drain, error) {
	_, exponential := p.cfg.Service.(Exponential) // for which the density has been asked first
	if exponential && d.Method != Chain || d.Quality == Exact && d.AbsError <= orDensityFrom*p.tolerance() {
		return d, nil
	}
	other, err := p.asDensity()
	switch {
	case unsupported(err), err == nil && !(other.AbsError < d.AbsError):
		return d, nil
	}
	return other, err
}

// asDensity is the density of one server's lane with phases, which are left to a chain
// unless it is asked for.
func (p problem) asDensity() (Drain, error) {
	if _, is := phases(p.cfg.Service); !is || p.FinalServers() > 1 || p.tooManyPieces() != nil {
		return Drain{}, &UnsupportedError{DrainDensity, "it has not one server of services with phases"}
	}
	p.Method = DrainDensity
	return solvers()[0].try(p)
}

// orDensityFrom is the error over the tolerance from which on the density is asked, too.
const orDensityFrom = 10

// orLimit takes the limit law of large backlogs, whose mean and standard deviation are
// exact, in place of one that is further off: sums of 10^9 lognormal services leave
// less of the transform than of the limit.
func (p problem) orLimit(d Drain) Drain {
	if d.Quality == Exact {
		return d
	}
	if limit, err := InverseGaussianDrain(p.Lane); err == nil && limit.AbsError < d.AbsError {
		return limit
	}
	return d
}

// startsDrained tells whether the lane is at its target at 0 for sure, with no
// overload to come, so that T = 0 whatever serves it and whatever else arrives.
func (p problem) startsDrained() bool {
	n := p.Initial()
	return p.begin == 0 && p.Plain() && len(n.Binomials)+len(n.Groups) == 0 && n.Poisson == 0 && n.Fixed <= p.Level(0)
}

// exactInClosedForm is the answer where the exact ways, which take a lattice
// step by step, refuse a lane of one deterministic server for its length: the
// Borel-Tanner law has no steps. Other lanes are approximated.
func (p problem) exactInClosedForm(refusal error) (Drain, error) {
	var refused *UnsupportedError
	if _, is := p.cfg.Service.(Deterministic); is && errors.As(refusal, &refused) {
		if d, err := ClosedFormDrain(p.Lane, p.SolveOptions); err == nil && d.Quality == Exact {
			return d, nil
		}
	}
	return p.approximately(refusal)
}

// tooFew tells whether what may come up to begin, whatever serves it, is no more than
// may be in the lane at begin, so that T is that instant.
func (p problem) tooFew() bool {
	if !p.Plain() {
		return false
	}
	most := p.Initial()
	for _, st := range p.cfg.Arrivals.streams {
		most = most.Plus(st.Source.Count(0, p.begin))
	}
	all := most.Fixed
	for _, b := range most.Binomials {
		all += b.N * b.Size
	}
	return most.Poisson == 0 && len(most.Groups) == 0 && all <= p.Level(p.begin)
}

// firstOf is the answer of the first solver that covers the lane, or the
// refusals of all.
func (p problem) firstOf(all []solver) (Drain, error) {
	reason := ""
	for _, s := range all {
		d, err := s.try(p)
		var refused *UnsupportedError
		if err == nil && d.short() {
			err = &UnsupportedError{s.method, "most of the mean is in a tail that is not found"}
		}
		switch {
		case err == nil:
			return d, nil
		case !errors.As(err, &refused):
			return Drain{}, err
		case reason != "":
			reason += "; "
		}
		reason += fmt.Sprintf("%s: %s", s.method, refused.Reason)
	}
	return Drain{}, &UnsupportedError{"theory", reason}
}

// short tells whether the mean of a law that is not accurate is less than its
// median allows (Markov's inequality): the tail that holds it is missing.
func (d Drain) short() bool {
	if d.AbsError <= fixClaim {
		return false
	}
	mean := d.Mean()
	return !(mean >= 0.5*d.Quantile(0.5)*(1-1e-9))
}

// byDensity is the drain density for whatever service.
func (p problem) byDensity() (Drain, error) {
	if !p.Plain() {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("it has %v", p.cfg.Mechanisms.Names())}
	}
	if err := p.tooManyPieces(); err != nil {
		return Drain{}, err
	}
	for _, way := range []func(problem) (Drain, error){problem.byMembers, problem.byIdleMembers, problem.byBusyPoints, problem.byIdlePoints, problem.byVolterra, problem.pastSpent} {
		if d, err := way(p); !unsupported(err) || errors.Is(err, errPhasesFaster) {
			return d, err
		}
	}
	d, err := p.exactly(problem.poissonDensity)
	if err == nil && d.AbsError <= fixClaim || err != nil && !unsupported(err) {
		return d, err
	}
	if other, err2 := p.whileBusy(); err2 == nil && (err != nil || other.AbsError < d.AbsError) || err2 != nil && !unsupported(err2) {
		return other, err2
	}
	return d, err
}

// poissonDensity takes the numbers in finite streams for Poisson.
func (p problem) poissonDensity() (Drain, error) {
	if _, is := p.cfg.Service.(Exponential); is {
		return p.density()
	}
	return p.renewal()
}

// byChain fixes the numbers in finite streams, which its states do not hold,
// from the outside.
func (p problem) byChain() (Drain, error) {
	if p.cfg.Mechanisms.slowAlone() {
		return p.bySlowChain()
	}
	if m := p.cfg.Mechanisms; m.Throttle != nil {
		if d, err := p.beforeTooOld(); !unsupported(err) {
			return d, err
		}
		return p.byGate()
	} else if m.MaxAge > 0 {
		return p.byAge()
	}
	if !p.Plain() {
		return p.byLimitedChain()
	}
	return p.exactly(func(q problem) (Drain, error) {
		d, err := SolveChain(q.Lane, q.SolveOptions)
		var refused *UnsupportedError
		if errors.As(err, &refused) && twoPhaseOf(q.cfg.Service).exact {
			return q.byServers()
		}
		return d, err
	})
}

// byLimitedChain is the chain of a lane with a bound on its queue: numbers in finite
// streams are fixed on the circle, or, where that does not go and their requests come one
// by one, continued to.
func (p problem) byLimitedChain() (Drain, error) {
	chain := func(q problem) (Drain, error) {
		d, err := SolveChain(q.Lane, q.SolveOptions)
		if unsupported(err) && chainCovers(q.Lane) == nil && len(q.steps) == 1 && twoPhaseOf(q.cfg.Service).exact {
			return q.byServers()
		}
		return d, err
	}
	if d, err := p.byBounded(); !unsupported(err) {
		return d, err
	}
	q, open, err := p.settled()
	switch {
	case err != nil:
		return Drain{}, err
	case p.cfg.Mechanisms.beyondLimit():
		return chain(p)
	case len(open) == 0:
		if d, err := chain(p); !unsupported(err) {
			return d, err
		}
	case q.PoissonPools && len(p.single(open)) == len(open):
		return q.unfixed(open, chain)
	}
	if len(p.steps) == 1 { // with phases, or what stands for those
		if d, err := q.around(open, 1); !unsupported(err) {
			return d.owningUp(fixedWhat), err
		}
	}
	if len(p.single(open)) < len(open) {
		return chain(p)
	}
	return q.fixed(open, chain)
}

// slowAlone tells whether the server slows down, and there is no more than that and a
// bound on the queue.
func (m Mechanisms) slowAlone() bool {
	slow := m.SlowDown != nil
	m.SlowDown = nil
	return slow && !m.beyondLimit()
}

// beyondLimit tells whether there is more than a bound on the queue.
func (m Mechanisms) beyondLimit() bool {
	m.Limited = false
	return len(m.Names()) > 0
}

// byIdentity is exact for one server, and for several exponential ones; others
// are a superposition of renewal processes.
func (p problem) byIdentity() (Drain, error) {
	if !p.Plain() {
		return Drain{}, &UnsupportedError{DrainIdentity, fmt.Sprintf("it has %v", p.cfg.Mechanisms.Names())}
	}
	if p.Method == Auto && p.oftenDrained() {
		return Drain{}, &UnsupportedError{DrainIdentity, "it may be drained before overload ends"}
	}
	var refused *UnsupportedError
	if p.closedSums() {
		d, err := p.exactly(func(q problem) (Drain, error) { return IdentityDrain(q.Lane, q.SolveOptions) })
		if !errors.As(err, &refused) {
			return d, err
		}
	}
	if d, err := p.exactly(func(q problem) (Drain, error) { return certainDrain(q.Lane) }); !errors.As(err, &refused) {
		return d, err
	}
	if d, err := inStepDrain(p.Lane, p.SolveOptions); !errors.As(err, &refused) {
		return d, err
	}
	if p.coarse() && p.Method == Auto && p.tolerance() < superError { // slow, and off by more than asked for
		return Drain{}, &UnsupportedError{DrainIdentity, fmt.Sprintf("a superposition of several servers' services is off by %g", superError)}
	}
	if _, equal := p.cfg.Service.(Deterministic); equal && p.Method == Auto && len(p.finiteNames()) > 0 {
		return Drain{}, &UnsupportedError{DrainIdentity, "equal services keep in step, which puts off what the numbers in finite streams are fixed from"}
	}
	grid, err := p.superGrid()
	if err != nil {
		return Drain{}, err
	}
	if work := grid.work(p); p.Method == Auto && work > superMost {
		return Drain{}, &UnsupportedError{DrainIdentity, fmt.Sprintf("a superposition of its servers' services takes transforms of %.0e points", work)}
	}
	return p.exactly(func(q problem) (Drain, error) { return superpositionDrain(q.Lane, q.SolveOptions, grid) })
}

// oftenExponent is -ln of the bound on an early passage beyond which the
// identity of the first passage is not tried: it would refuse in the end.
const oftenExponent = 8.0

// oftenDrained tells whether one server of gamma services may be at the level
// before overload ends, more often than an identity leaves out.
func (p problem) oftenDrained() bool {
	if _, is := p.cfg.Service.(Gamma); !is || p.FinalServers() > 1 || p.begin <= p.cfg.DownFor {
		return false
	}
	q := newGammaPassage(p.Lane, p.cfg.DownFor, p.gathered(p.cfg.DownFor), p.Level(math.Inf(1)))
	return q.earliest(p.begin, oftenExponent) < p.begin
}

// byFluid is the instant at which the mean path, all servers busy, is at the
// level, as if nothing varied.
func (p problem) byFluid() (Drain, error) {
	if !p.Plain() {
		return Drain{}, &UnsupportedError{Fluid, fmt.Sprintf("it has %v", p.cfg.Mechanisms.Names())}
	}
	at := func(t float64) float64 { return FluidPath(p.Lane, []float64{t})[0] }
	above := func(t float64) bool { return at(t) > float64(max(p.Level(t), p.ServersAt(t))) }
	end := p.begin
	if above(end) {
		lo, step := end, math.Max(1, 0.1*end)
		for above(lo + step) {
			lo, step = lo+step, 1.5*step
			if step > 1e15 {
				return Drain{}, &UnsupportedError{Fluid, "the mean path does not fall to the level"}
			}
		}
		end = bisect(lo, lo+step, above)
	}
	return Drain{Distribution: newCurve(nil, []Atom{{end, 1}}, 0), Method: Fluid, Quality: Approximate,
		Reason: "the mean path alone, as if nothing varied", AbsError: 1, Atoms: []Atom{{end, 1}}}, nil
}
