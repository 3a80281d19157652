package queueing

import (
	"fmt"
	"math"
	"slices"
)

// byGate is the law of T for servers behind a token bucket. The order of service does not
// matter.
func (p problem) byGate() (Drain, error) {
	m := p.cfg.Mechanisms
	gate := *m.Throttle
	if m.Discipline = FIFO; gate.PerSecond > 0 && gate.MaxWaiting > 0 && len(m.Names()) == 1 {
		return p.byEitherLimit()
	}
	if err := p.gateCovers(); err != nil {
		return Drain{}, err
	}
	if len(gate.Streams) == 0 {
		gate.Streams = p.finiteNames()
	}
	cfg := p.cfg
	cfg.Mechanisms.Throttle, cfg.Service = &gate, Exponential{cfg.Service.Mean()}
	cfg.Mechanisms.MaxAge = 0
	l, err := NewLane(cfg)
	if err != nil {
		return Drain{}, err
	}
	lane := p.Lane
	p.Lane = l
	q, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	open = q.butCrowd(open, gate.Streams)
	if len(q.single(open)) < len(open) && !q.PoissonPools {
		return Drain{}, &UnsupportedError{Chain, "several streams of groups behind a throttle are not followed"}
	}
	follow := func(alone bool) (Drain, error) {
		return q.opened(open, func(q problem) (Drain, error) {
			if len(open) > 0 { // once for each node
				d, _, err := q.inCells(gateCells, alone)
				return d, err
			}
			return q.followGate(alone)
		})
	}
	beside := func(d Drain) (Drain, error) {
		return q.besideLane(d, lane, func() (Drain, error) { return follow(true) })
	}
	if len(open) > 0 { // one law tells whether those for all the nodes are worth it
		d, err := q.unfixed(open, func(q problem) (Drain, error) {
			d, _, err := q.inCells(gateCells, false)
			return d, err
		})
		if err == nil {
			d, err = beside(d)
		}
		if err != nil {
			return Drain{}, err
		}
		if !(d.AbsError <= boundMost) {
			return Drain{}, refusedFor(Chain, d.AbsError)
		}
	}
	d, err := follow(false)
	if err != nil {
		return Drain{}, err
	}
	d.Reason = "the tokens of its throttle and the number behind it are followed" + reasonOf(open)
	return beside(d)
}

// gateCovers refuses what is not followed behind a throttle.
func (p problem) gateCovers() error {
	m := p.cfg.Mechanisms
	gate := m.Throttle
	why := ""
	switch {
	case m.Retries != nil:
		why = fmt.Sprintf("it has %v", m.Names())
	case gate.PerSecond <= 0 || gate.MaxWaiting > 0:
		why = "a throttle is followed by its rate alone"
	case p.FinalCapacity() > gateSlow*gate.PerSecond:
		why = "too much happens from token to token"
	case p.cfg.Target.FirstPassage && p.cfg.DownFor > 0:
		why = "it may count as drained while its servers are down"
	case p.coarse() && p.Method == Auto:
		why = "it takes long, and is off by more than asked for"
	default:
		return nil
	}
	return &UnsupportedError{Chain, why}
}

// besideLane states what is missed of the lane behind. T is no less than when few enough are
// held back, which is followed alone: what the lane adds bounds what is missed.
//
//   - Services of other laws are taken for exponential: with those that vary less T is mostly
//     no more, and with others the lane adds SCV times as much.
//   - How many members are left is taken to be independent of the number in the lane, which
//     matters as members come while the lane alone has still to drain.
//   - Who is too old is served nevertheless, without which T is no more.
//   - Servers that slow down do so by who waits now, not by who did as they began.
func (p problem) besideLane(d Drain, lane *Lane, tokens func() (Drain, error)) (Drain, error) {
	g, err := p.newGate(gateCells, true)
	if err != nil {
		return Drain{}, err
	}
	s, m := lane.cfg.Service, lane.cfg.Mechanisms
	_, exponential := s.(Exponential)
	if exponential && len(g.crowd.streams) == 0 && m.SlowDown == nil && m.MaxAge == 0 {
		return d, nil
	}
	alone, err := tokens()
	if err != nil {
		return Drain{}, err
	}
	share := 0.0
	if !exponential {
		share = math.Max(1, s.SCV())
		d.Quality = Approximate
		d.Reason += "; services are taken for exponential, which matters less than waiting behind the throttle"
	}
	if m.MaxAge > 0 {
		share++
		d.Quality = Approximate
		d.Reason += "; who is too old is served, which matters less than waiting behind the throttle"
	}
	if m.SlowDown != nil {
		share += gateLags
		d.Quality = Approximate
		d.Reason += "; the servers' pace is that of who waits now"
	}
	come := g.crowd.left(alone.Mean()) - g.crowd.left(d.Mean())
	share += math.Min(1, come)
	more := share * furthestAt(alone, d)
	d.rough, d.AbsError = math.Min(1, d.rough+more), math.Min(1, d.AbsError+more)
	d.Tail, d.floor = 0, 0
	return d.owningUp("the law is found"), nil
}

// followGate solves for finer and finer cells, and extrapolates.
func (p problem) followGate(alone bool) (d Drain, err error) {
	for cells := gateCells; ; cells *= 2 {
		next, work, err := p.inCells(cells, alone)
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
func (p problem) inCells(cells int, alone bool) (d Drain, work float64, err error) {
	coarse, err := p.newGate(cells, alone)
	if err != nil {
		return Drain{}, 0, err
	}
	fine, err := p.newGate(2*cells, alone)
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
		case (float64(i) > 2*gateSteps || g.work > gateWork) && 1-g.gone < gateTail:
			g.bins = append(g.bins, make([]float64, max(0, len(ends)-i))...)
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

// advance goes on to t. Where that is between two falls, who comes up to t is let in, and W has
// fallen or has not with the probabilities that are right on the mean.
func (g *gate) advance(t float64) {
	for t-g.time > 1e-6*g.h {
		if t-g.time > g.h*(1-1e-6) {
			g.step()
			continue
		}
		part := t - g.time
		g.serve(part / 2)
		g.letIn(t)
		g.serve(part / 2)
		g.time = t
		g.flood.flush(g)
		before := g.clone()
		g.fall()
		g.flood.flush(g)
		g.between(before, part/g.h)
	}
	g.time = t
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
			bend, before = math.Max(bend, bent(before, fine.bins[i])), fine.bins[i]
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
	d.rough = off/3 + math.Max(bend, gateJags*fine.jagged) + fine.apart + fine.crowd.unlike(law.Quantile(0.5))
	d.AbsError = math.Min(1, d.rough+math.Abs(1-law.total()))
	return d.owningUp("the law is found")
}

// bent is what a law is off by within steps of even density, given the masses of two: of a
// smooth one an eighth of their difference, and twice that is taken; where one is much more
// than the other, all of it may be.
func bent(a, b float64) float64 {
	if off := math.Abs(a - b); off > math.Max(a, b)/2 {
		return off
	}
	return math.Abs(a-b) / 4
}
