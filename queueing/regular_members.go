package queueing

import (
	"fmt"
	"math"
)

// idleMembers follows one server whose services all take d, and which may idle before
// overload ends, with the numbers in its finite streams as they are. As in
// [latticeMembers] the state is n and the members still to come, at instants that are
// whole services apart. For those of one phase two laws are followed from the beginning
// on: that of the state, by
//
//	n(t+d) = (n(t) - 1)^+ + A(t,t+d]
//
// as [crommelin] has it, and the density a(t) at which services begin with that state,
// themselves included. A service begins at t where one that began at t - d has left
// somebody, or where a request meets an idle server: with lam the rate at which others
// come and h_i the rate of each member of stream i that has not,
//
//	a(t+d) = [a(t) served, n > 0] + (lam + sum over i of m_i h_i) [n(t+d) = 0].
//
// Services that begin where the server is first there, with somebody waiting, or where a
// batch meets an idle server, are the same for an instant. If n(t*) is at the level or below T = t*. If not, the service under
// way began at one s in (t*-d,t*], from where the state is followed service by service
// until it is at the level: T's law is a [phasedLaw]. All terms are positive, and nothing
// makes its mass 1 but that all of this is right.
type idleMembers struct {
	problem
	d     float64
	most  float64   // multiplications
	up    float64   // s
	first idleState // then
	level int
	hold  float64 // of a panel's mass that may be off
	parts int     // between cuts
	spent float64 // multiplications
	alike float64 // what is followed now times so much is still to come
	looks int     // panels looked at
}

// idleState is a law of the state: [latticeMembers], or [latticePoints] at complex means.
type idleState interface {
	copied() idleState
	empty() idleState
	arrive(s, t float64)
	serve()
	idle()                             // ends a service, if there is one
	leave(level int) float64           // takes out those with no more, and returns their mass
	mass() float64                     // leaves out what has next to none
	begins(from idleState, at float64) // adds services, per d, of requests that meet an idle server
	idled(ends idleState) idleState    // of idle servers, those but where services have just ended
	join(other idleState)
	above(level int) idleState // takes out those with more
	lower(services int)        // ends as many, of those with more in the lane
	done() float64             // multiplications
}

// leapServices is how many services those leap over that have more to wait for.
const leapServices = 16

// overLeapt takes what cannot be at a level after so many services or sooner, from now to
// then, out of a state, and returns what becomes of it by then.
func overLeapt(state idleState, level, services int, now, then float64) idleState {
	above := state.above(level + services)
	above.arrive(now, then)
	above.lower(services)
	return above
}

const (
	idleMembersMost   = 600 // states of what is to come
	idleMembersWork   = 4e9 // multiplications: some six seconds
	idleMembersCoarse = 4e7
)

// byIdleMembers is the law of T for one deterministic server that may be drained before
// overload ends, with few members to come.
func (p problem) byIdleMembers() (d Drain, err error) {
	defer catch(&err)
	if _, is := p.cfg.Service.(Deterministic); !is || p.FinalServers() > 1 {
		return Drain{}, &UnsupportedError{DrainDensity, "it is not one server with equal services"}
	}
	p, _, err = p.remembering().settled()
	if err != nil {
		return Drain{}, err
	}
	c, err := p.newIdleMembers()
	if err != nil {
		return Drain{}, err
	}
	return c.law()
}

// law goes through the phases.
func (c *idleMembers) law() (Drain, error) {
	cuts, err := c.cuts()
	if err != nil {
		return Drain{}, err
	}
	c.parts = len(cuts) - 1
	a := &phasedLaw{begin: c.begin, d: c.d, chance: c.chance()}
	for i, cut := range cuts {
		if i > 0 {
			if err := c.between(a, cuts[i-1].at, cut.at); err != nil {
				return Drain{}, err
			}
		}
		if cut.sure {
			c.atom(a, cut)
		}
	}
	a.sum()
	d, err := c.onPhases(a)
	d.groups = true
	return d, err
}

func (p problem) newIdleMembers() (*idleMembers, error) {
	inner, err := p.newLatticeMembers()
	if err != nil {
		return nil, err
	}
	if len(inner.laws) > idleMembersMost {
		return nil, &UnsupportedError{DrainDensity, "its finite streams have too many members to follow where it may idle"}
	}
	c, err := p.idleAtFirst(inner.others)
	if err != nil {
		return nil, err
	}
	inner.arrive(0, c.up)
	for i, n := range inner.laws {
		if p.wasEmpty() && len(n.p) > 0 {
			inner.laws[i] = law{0, []float64{n.mass()}}
		}
	}
	c.first = inner
	return c, nil
}

// wasEmpty tells whether the lane is known to have been empty at some instant.
func (p problem) wasEmpty() bool { return p.known != nil && p.known.empty }

// idleAtFirst refuses what none of the states can follow.
func (p problem) idleAtFirst(others []Source) (*idleMembers, error) {
	refuse := func(why string) (*idleMembers, error) { return nil, &UnsupportedError{DrainDensity, why} }
	c := &idleMembers{problem: p, d: p.cfg.Service.(Deterministic).Time, up: p.cfg.DownFor, level: p.Level(math.Inf(1)), hold: math.Max(p.tolerance()/50, regularNoise)}
	if c.most = idleMembersWork; p.coarse() {
		c.most = idleMembersCoarse
	}
	if p.wasEmpty() {
		c.up = p.known.at
	}
	if c.up >= p.begin {
		return refuse("it is not there before overload ends")
	}
	if len(p.Initial().Binomials) > 0 {
		return refuse("members may be there at first")
	}
	for _, s := range others {
		if groups := s.Count(c.up, math.Inf(1)).Groups; len(groups) > 0 && groups[0].Mean > spentRest {
			return refuse("groups come in Poisson streams")
		}
	}
	return c, nil
}

// cuts are as in [regularStarts.cuts], for Poisson numbers.
func (c *idleMembers) cuts() ([]phaseCut, error) {
	q := c.problem
	for i, st := range c.cfg.Arrivals.streams {
		if n, _ := members(st.Source); n > 0 {
			var err error
			if q, err = q.withMean(i, 1); err != nil {
				return nil, err
			}
		}
	}
	b := q.starting()
	s := q.regularStarts(b)
	return s.cuts(s.at(c.begin))
}

// chance is that of T = t*, found first: it tells what the phases will take.
func (c *idleMembers) chance() float64 {
	state := c.first.copied()
	c.toEnd(state, 2*float64(c.parts*len(phaseNodes.x)))
	return state.leave(c.level)
}

// toEnd follows a state up to the end of overload, if that is affordable so many times.
func (c *idleMembers) toEnd(state idleState, times float64) {
	services := int(math.Floor((c.begin-c.up)/c.d + crommelinSnap))
	now := c.snapped(math.Max(c.up, c.begin-float64(services)*c.d))
	state.arrive(c.up, now)
	for k := services - 1; k >= 0; k-- {
		next := c.snapped(c.begin - float64(k)*c.d)
		state.idle()
		state.arrive(now, next)
		state.mass()
		c.afford(times * state.done())
		now = next
	}
}

// snapped is the instant of a batch that rounding has set apart from t.
func (c *idleMembers) snapped(t float64) float64 {
	if at, is := c.batchAt(t); is {
		return at
	}
	return t
}

// batchAt tells whether a batch comes at t.
func (c *idleMembers) batchAt(t float64) (at float64, is bool) {
	for _, j := range c.cfg.Arrivals.jumps {
		if j.At > c.up && math.Abs(j.At-t) <= crommelinSnap*c.d {
			return j.At, true
		}
	}
	return 0, false
}

// afford stops where so much is too much.
func (c *idleMembers) afford(work float64) {
	c.check()
	if work > c.most {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and following the members of its finite streams takes more than %.0e multiplications", c.most)}})
	}
}

// starts is the density, per d, of services that begin at s with each state.
func (c *idleMembers) starts(s float64) (busy idleState, work float64) {
	services := int(math.Floor((s - c.up) / c.d))
	from := math.Max(c.up, s-float64(services)*c.d)
	state := c.first.copied()
	state.arrive(c.up, from)
	busy = state.empty()
	busy.begins(state, from)
	for k := 0; k < services; k += leapServices {
		block := min(leapServices, services-k)
		now, then := from+float64(k)*c.d, from+float64(k+block)*c.d
		highBusy, high := overLeapt(busy, 0, block, now, then), overLeapt(state, 0, block, now, then)
		for i := range block {
			t, next := now+float64(i)*c.d, now+float64(i+1)*c.d
			busy.serve()
			busy.arrive(t, next)
			busy.leave(0)
			state.idle()
			state.arrive(t, next)
			busy.begins(state, next)
		}
		busy.join(highBusy)
		state.join(high)
		c.afford(c.spent + c.alike*(busy.done()+state.done()))
		busy.mass()
		state.mass()
	}
	return busy, busy.done() + state.done()
}

// row is the mass of the end of a service that began at s with such states, and of each
// that follows; before is the work so far, without that of the states.
func (c *idleMembers) row(busy idleState, s, before float64) []float64 {
	busy.arrive(s, c.begin)
	busy.leave(c.level)
	var row []float64
	now := c.begin
	serve := func() {
		next := c.snapped(s + float64(len(row)+1)*c.d)
		busy.serve()
		busy.arrive(now, next)
		row = append(row, busy.leave(c.level))
		now = next
	}
	for serve(); busy.mass() > membersLeft; {
		then := c.snapped(s + float64(len(row)+leapServices)*c.d)
		high := overLeapt(busy, c.level, leapServices, now, then)
		for range leapServices {
			serve()
		}
		busy.join(high)
		if len(row) > membersEnds {
			c.afford(math.Inf(1))
		}
		c.afford(c.spent + c.alike*(before+busy.done()))
	}
	return row
}

// between is what begins in (lo,hi), halved until it is smooth.
func (c *idleMembers) between(a *phasedLaw, lo, hi float64) error {
	if c.looks++; c.looks > regularPanels {
		c.afford(math.Inf(1))
	}
	c.alike = float64(len(phaseNodes.x))
	if c.looks == 1 { // the parts that follow are like the first
		c.alike *= float64(c.parts)
	}
	half, mid := (hi-lo)/2, (hi+lo)/2
	rows, works := make([][]float64, len(phaseNodes.x)), make([]float64, len(phaseNodes.x))
	nodes := make([]firstEnd, len(rows))
	err := sideBySide(len(rows), func(i int) error {
		s := mid + half*phaseNodes.x[i]
		busy, work := c.starts(s)
		work -= busy.done()
		rows[i], nodes[i] = c.row(busy, s, work), firstEnd{at: s + c.d}
		works[i] = work + busy.done()
		return nil
	})
	if err != nil {
		return err
	}
	for _, w := range works {
		c.spent += w
	}
	c.afford(c.spent)
	if hi-lo > regularNarrow*c.d && !c.smooth(rows, (hi-lo)/c.d) {
		if err := c.between(a, lo, mid); err != nil {
			return err
		}
		return c.between(a, mid, hi)
	}
	a.add(ends{lo: lo + c.d, hi: hi + c.d, nodes: nodes}, rows)
	return nil
}

// atom is what begins for sure in a phase, if anything does.
func (c *idleMembers) atom(a *phasedLaw, cut phaseCut) {
	c.alike = 1
	services := int(math.Floor((cut.at-c.up)/c.d + crommelinSnap))
	state, busy := c.first.copied(), c.first.empty()
	now := c.snapped(math.Max(c.up, cut.at-float64(services)*c.d))
	if now <= c.up+crommelinSnap*c.d {
		now = c.up
		busy = c.first.copied()
		busy.leave(0)
	} else {
		c.batch(busy, state, c.up, now)
	}
	for k := services - 1; k >= 0; k-- {
		next := c.snapped(cut.at - float64(k)*c.d)
		busy.serve()
		state.idle()
		c.batch(busy, state, now, next)
		c.afford(busy.done() + state.done())
		now = next
	}
	if busy.mass() < regularAtom {
		return
	}
	end := cut.from + float64(cut.services+1)*c.d
	a.add(ends{end, end, cut.from, cut.services + 1, []firstEnd{{at: end}}}, [][]float64{c.row(busy, now, 0)})
}

// batch lets requests come in (s,t], at the end of which services end and begin. A batch
// that comes then comes before, and begins a service if it meets a server that has been
// idle: not one whose service just ends.
func (c *idleMembers) batch(busy, state idleState, s, t float64) {
	if _, is := c.batchAt(t); !is {
		busy.arrive(s, t)
		state.arrive(s, t)
		busy.leave(0)
		return
	}
	before := math.Nextafter(t, math.Inf(-1))
	busy.arrive(s, before)
	state.arrive(s, before)
	met := state.idled(busy)
	for _, m := range []idleState{met, busy, state} {
		m.arrive(before, t)
	}
	busy.leave(0)
	met.leave(0)
	busy.join(met)
}

// smooth tells whether rows are a polynomial of the phase.
func (c *idleMembers) smooth(rows [][]float64, width float64) bool {
	most := 0
	for _, row := range rows {
		most = max(most, len(row))
	}
	rest := 0.0
	values := make([]float64, len(rows))
	for k := range most {
		for i, row := range rows {
			values[i] = 0
			if k < len(row) {
				values[i] = row[k]
			}
		}
		rest += lastOf(phaseNodes.coefficients(values))
	}
	return rest*width <= c.hold
}

// add takes the mass of the ends of a phase, and of all that follow.
func (a *phasedLaw) add(e ends, rows [][]float64) {
	ph := phase{ends: e}
	ph.weighted(a.d, func(end firstEnd, w float64) { a.take(&ph, end.at, w, rows[len(ph.rows)]) })
	a.phases = append(a.phases, ph)
}
