package queueing

import (
	"fmt"
	"math"
	"slices"
)

// byGate is the law of T for exponential servers behind a token bucket. The order of
// service does not matter.
func (p problem) byGate() (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{Chain, why} }
	m := p.cfg.Mechanisms
	gate := *m.Throttle
	if m.Throttle, m.Discipline = nil, FIFO; len(m.Names()) > 0 {
		return refuse(fmt.Sprintf("it has %v", p.cfg.Mechanisms.Names()))
	}
	if _, is := p.cfg.Service.(Exponential); !is || gate.PerSecond <= 0 || gate.MaxWaiting > 0 {
		return refuse("a throttle is followed before exponential servers, and by its rate alone")
	}
	if p.cfg.Target.FirstPassage && p.cfg.DownFor > 0 {
		return refuse("it may count as drained while its servers are down")
	}
	if len(gate.Streams) == 0 {
		gate.Streams = p.finiteNames()
	}
	cfg := p.cfg
	cfg.Mechanisms.Throttle = &gate
	l, err := NewLane(cfg)
	if err != nil {
		return Drain{}, err
	}
	p.Lane = l
	q, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	open = q.butCrowd(open, gate.Streams)
	if len(q.single(open)) < len(open) && !q.PoissonPools {
		return refuse("several streams of groups behind a throttle are not followed")
	}
	follow := problem.followGate
	if len(open) > 0 { // once for each node
		follow = func(q problem) (Drain, error) {
			d, _, err := q.inCells(gateCells)
			return d, err
		}
	}
	d, err := q.opened(open, follow)
	d.Reason = "the tokens of its throttle and the number behind it are followed" + reasonOf(open)
	return d, err
}

// finiteNames lists the finite streams.
func (p problem) finiteNames() (names []string) {
	for _, st := range p.cfg.Arrivals.streams {
		if _, is := st.Source.(Batch); is {
			continue
		}
		if n, _ := members(st.Source); n > 0 {
			names = append(names, st.Name)
		}
	}
	return names
}

// butCrowd leaves out the streams whose members are followed: of those that need tokens the
// largest, and those that send as many requests at once.
func (p problem) butCrowd(open []int, held []string) (rest []int) {
	size, most := 0, 0
	needs := func(i int) bool { return slices.Contains(held, p.cfg.Arrivals.streams[i].Name) }
	for _, i := range open {
		if n, s := members(p.cfg.Arrivals.streams[i].Source); needs(i) && n*s > most {
			size, most = s, n*s
		}
	}
	for _, i := range open {
		if _, s := members(p.cfg.Arrivals.streams[i].Source); !needs(i) || s != size {
			rest = append(rest, i)
		}
	}
	return rest
}

// newGate has so many cells a token.
func (p problem) newGate(cells int) (*gate, error) {
	t := p.cfg.Mechanisms.Throttle
	g := &gate{problem: p, rate: t.PerSecond, cells: cells, h: 1 / (t.PerSecond * float64(cells)), mu: 1 / p.cfg.Service.Mean()}
	g.crowd.size = 1
	var free, held []Stream
	for _, st := range p.cfg.Arrivals.streams {
		n, _ := members(st.Source)
		switch is := slices.Contains(t.Streams, st.Name); {
		case is && n > 0:
			g.crowd.add(st.Source)
		case is:
			held = append(held, st)
		default:
			free = append(free, st)
		}
	}
	var err error
	if g.free, err = NewArrivals(free...); err != nil {
		return nil, err
	}
	if g.held, err = NewArrivals(held...); err != nil {
		return nil, err
	}
	g.onTime = len(g.crowd.streams) == 0 && g.held.Flow(0, math.Inf(1)) == 0
	most := math.Max(1, t.Burst) + float64(p.cfg.Target.Waiting) + gateJoins
	if !(most*float64(cells) < gateMost) {
		return nil, &UnsupportedError{Chain, fmt.Sprintf("a throttle is not followed over %.3g tokens", most)}
	}
	g.burst = int(math.Round(math.Max(1, t.Burst) * float64(cells)))
	g.shore = g.burst
	if !p.cfg.Target.Idle {
		g.shore += p.cfg.Target.Waiting * cells
	}
	g.brink = g.shore + gateJoins*cells
	g.pairs = g.newPairs(2 * (p.cfg.Backlog + 32))
	g.flood = newFlood(cells, g.pairs.width)
	return g, nil
}

// followGate solves for finer and finer cells, and extrapolates.
func (p problem) followGate() (d Drain, err error) {
	for cells := gateCells; ; cells *= 2 {
		next, work, err := p.inCells(cells)
		if err != nil && cells == gateCells {
			return Drain{}, err
		}
		if err == nil {
			d = next
		}
		if err != nil || d.AbsError < gateAsked || cells >= gateFine || 8*work > gateWork {
			return d, nil
		}
	}
}

// inCells solves for so many cells a token, and twice as many, and tells what that took.
func (p problem) inCells(cells int) (d Drain, work float64, err error) {
	coarse, err := p.newGate(cells)
	if err != nil {
		return Drain{}, 0, err
	}
	fine, err := p.newGate(2 * cells)
	if err != nil {
		return Drain{}, 0, err
	}
	if end := coarse.fluidEnd(); !(end < gateSteps*fine.h) {
		return Drain{}, 0, &UnsupportedError{Chain, fmt.Sprintf("following %.2g s of %.3g tokens a second takes too much", end, coarse.rate)}
	}
	if err = coarse.run(nil); err == nil {
		err = fine.run(coarse.ends)
	}
	if err != nil {
		return Drain{}, 0, err
	}
	return extrapolatedGate(coarse, fine), fine.work, nil
}

// fluidEnd is when neither the lane nor the bucket holds more than it may, on the mean.
func (g *gate) fluidEnd() float64 {
	_, end := g.problem.fluidEnd()
	held := g.held
	for _, s := range g.crowd.streams {
		held.streams = append(slices.Clone(held.streams), Stream{Source: s})
		held.jumps = append(slices.Clone(held.jumps), s.Jumps()...)
	}
	tokens, err := NewLane(Config{Arrivals: held, Servers: 1, Service: Exponential{1 / g.rate}, Target: Target{Waiting: g.burst / g.cells}})
	if err != nil {
		return math.Inf(1)
	}
	_, last := problem{Lane: tokens, begin: g.begin}.fluidEnd()
	return math.Max(end, last)
}

// run follows in steps that end at given instants, or in cells from stop to stop.
func (g *gate) run(ends []float64) error {
	g.start()
	stops := append(g.stops(0, math.Inf(1)), g.begin)
	for i := 0; ; i++ {
		g.check()
		var t float64
		switch {
		case ends != nil && i == len(ends), ends == nil && g.absorbing && 1-g.gone < gateLeft:
			return nil
		case float64(i) > 2*gateSteps || g.work > gateWork:
			return &UnsupportedError{Chain, fmt.Sprintf("%.2g of the mass had not drained after %.2g s", 1-g.gone, g.time)}
		case ends != nil:
			t = ends[i]
		default:
			t = g.time + g.h
			for _, at := range stops {
				if at > g.time && at < t+1e-9*g.h {
					t = at
				}
			}
			g.ends = append(g.ends, t)
		}
		was := g.gone - g.inAtoms - g.passed/2
		g.advance(t)
		stopped := slices.Contains(stops, t)
		if stopped {
			g.passed = 0
		}
		g.bins = append(g.bins, g.gone-g.inAtoms-g.passed/2-was)
		if stopped {
			g.stop(t)
		}
	}
}

// start is the state at 0.
func (g *gate) start() {
	row := g.pairs.at(0)
	g.pairs.left[0] = g.crowd.everybody()
	row.p[g.cfg.Backlog], row.lo, row.hi = 1, g.cfg.Backlog, g.cfg.Backlog+1
	g.stop(0)
}

// stop lets in those who come at t, and more servers; what has drained then is an atom.
func (g *gate) stop(t float64) {
	g.letIn(t)
	was := g.gone
	for i, a := range [...]Arrivals{g.free, g.held} {
		for _, j := range a.jumps {
			if j.At == t {
				g.batch(j.Size.law(), i == 1)
			}
		}
	}
	if due := g.crowd.held(t); due > 0 {
		g.comes(0, due, true)
		g.takeOutAll()
	}
	g.absorbing = g.absorbing || t >= g.begin
	g.takeOutAll()
	g.atomAt(t, g.gone-was)
}

// atomAt has a mass that has been absorbed at an instant.
func (g *gate) atomAt(t, mass float64) {
	if mass > gateLeft {
		g.atoms = append(g.atoms, Atom{t, mass})
		g.inAtoms += mass
	}
}

// advance goes on to t. Where that is between two falls, the law is between those.
func (g *gate) advance(t float64) {
	for t-g.time > 1e-6*g.h {
		if t-g.time > g.h*(1-1e-6) {
			g.step()
			continue
		}
		g.letIn(g.time)
		g.flood.flush(g)
		before := g.clone()
		g.step()
		g.letIn(g.time)
		g.flood.flush(g)
		g.between(before, (t-before.time)/g.h)
	}
	g.time = t
}

func (g *gate) clone() *gate {
	c := *g
	c.pairs.rows = make([]*strip, len(g.pairs.rows))
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		c.pairs.rows[w] = g.pairs.rows[w].clone()
	}
	c.pairs.left = slices.Clone(g.pairs.left)
	c.flood.law = nil
	for _, a := range g.flood.law {
		c.flood.law = append(c.flood.law, law{a.lo, slices.Clone(a.p)})
	}
	c.flood.lane, c.flood.apart = nil, nil
	for i := range g.flood.lane {
		c.flood.lane = append(c.flood.lane, g.flood.lane[i].clone())
		c.flood.apart = append(c.flood.apart, g.flood.apart[i].clone())
	}
	return &c
}

// between takes the part x of the present state and the rest of that before.
func (g *gate) between(before *gate, x float64) {
	mix := func(into, other *strip) {
		into.scale(x)
		into.add(other, 0, 1-x)
	}
	for w := min(g.pairs.lo, before.pairs.lo); w < max(g.pairs.hi, before.pairs.hi); w++ {
		if g.pairs.rows[w] != nil {
			g.pairs.rows[w].scale(x)
		}
		if row := before.pairs.rows[w]; row != nil {
			g.pairs.give(w, row, 0, 1-x, before.pairs.left[w])
		}
	}
	for i := range g.flood.lane {
		mix(g.flood.lane[i], before.flood.lane[i])
		mix(g.flood.apart[i], before.flood.apart[i])
	}
	for i := range g.flood.law {
		g.flood.law[i] = g.flood.law[i].scaled(x)
	}
	for i, a := range before.flood.law {
		if len(a.p) > 0 {
			g.flood.take(before.flood.lo+i, a, 1-x)
		}
	}
	g.flood.least = min(g.flood.least, before.flood.least)
	g.flood.all = x*g.flood.all + (1-x)*before.flood.all
	g.gone = x*g.gone + (1-x)*before.gone
	g.apart = x*g.apart + (1-x)*before.apart
	g.inAtoms, g.atoms = before.inAtoms, g.atoms[:len(before.atoms)] // none is in between
	g.time = before.time + x*g.h
	g.let = g.time
}

// extrapolatedGate is the law of two widths, whose errors go with the square.
func extrapolatedGate(coarse, fine *gate) Drain {
	both := func(f, c float64) float64 { return math.Max(0, (4*f-c)/3) }
	var panels []panel
	var atoms []Atom
	off, apart, lo, k, m := 0.0, 0.0, 0.0, 0, 0
	atom := func(t float64) { // up to t, those of both at the same time together
		for k < len(fine.atoms) || m < len(coarse.atoms) {
			var f, c Atom
			at := math.Inf(1)
			if k < len(fine.atoms) {
				at = fine.atoms[k].At
			}
			if m < len(coarse.atoms) {
				at = math.Min(at, coarse.atoms[m].At)
			}
			if at > t+fine.h/4 {
				return
			}
			if k < len(fine.atoms) && fine.atoms[k].At < at+fine.h/4 {
				f, k = fine.atoms[k], k+1
			}
			if m < len(coarse.atoms) && coarse.atoms[m].At < at+fine.h/4 {
				c, m = coarse.atoms[m], m+1
			}
			if mass := both(f.Mass, c.Mass); mass > gateLeft {
				atoms = append(atoms, Atom{at, mass})
			}
			apart += f.Mass - c.Mass
			off = math.Max(off, math.Abs(apart))
		}
	}
	atom(0)
	bend, before := 0.0, 0.0 // of the law within a step, where its density is taken to be even
	for i, hi := range coarse.ends {
		if lo >= coarse.begin {
			bend, before = math.Max(bend, math.Abs(fine.bins[i]-before)/4), fine.bins[i]
		}
		apart += fine.bins[i] - coarse.bins[i]
		off = math.Max(off, math.Abs(apart))
		if mass := both(fine.bins[i], coarse.bins[i]); mass > 0 && lo >= coarse.begin {
			panels = append(panels, newPanel(lo, hi, []float64{mass / (hi - lo)}))
		}
		atom(hi)
		lo = hi
	}
	law := newCurve(panels, atoms, 0)
	d := Drain{Distribution: law, Method: Chain, Quality: Exact, Atoms: atoms}
	d.rough = off/3 + bend + fine.apart + fine.jagged + fine.crowd.unlike(law.Quantile(0.5))
	d.AbsError = math.Min(1, d.rough+math.Abs(1-law.total()))
	return d.owningUp("the law is found")
}
