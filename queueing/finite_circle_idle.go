package queueing

// idleAfterBusy is the law of T for several exponential servers until they idle, all of
// which are busy until overload ends at least: the passage to where the first one idles
// is that of one server ([problem.asOneServer]) at complex means, which enters a chain
// from there on ([circleInflow]) at the same means. Requests may come in groups.
func (p problem) idleAfterBusy(open []int) (d Drain, err error) {
	defer catch(&err)
	one, is := phases(p.cfg.Service)
	servers := p.FinalServers()
	if !is || one.Phases() > 1 || servers < 2 || !p.cfg.Target.Idle || len(p.cfg.ScaleOut) > 0 || p.Method != Auto && p.Method != DrainDensity {
		return Drain{}, &UnsupportedError{DrainDensity, "it is not several exponential servers until they idle"}
	}
	q := p
	cfg := p.cfg
	cfg.Target.Idle, cfg.Target.Waiting = false, -1
	q.Lane = &Lane{cfg: cfg, steps: p.steps, overload: &p.end}
	busy, err := q.untilFirstIdle(open)
	if err != nil {
		return Drain{}, err
	}
	from := busy.later[0].lo
	for _, j := range p.cfg.Arrivals.jumps {
		if j.At >= from {
			return Drain{}, &UnsupportedError{DrainDensity, "batches come when the first server idles"}
		}
	}
	c, r, err := p.circleOf(open, one, nil)
	if err != nil {
		return Drain{}, err
	}
	c.pools, c.points, c.held = busy.pools, busy.points, nil
	for k := range c.begun {
		c.begun[k] = true
	}
	c.t, c.level, c.joined, c.err = from, 0, -1, busy.AbsError
	c.inflow = &circleInflow{servers - 1, busy.nodes, busy.later, busy.Distribution.(*curve)}
	record := &chainRecord{chain: c, length: r.firstPanel(from), most: followWork, spare: p.tolerance(), effort: p.effort, steady: r.beyondConstant}
	if err := record.toTheEnd(r.Lane, from, p.SolveOptions); err != nil {
		return Drain{}, err
	}
	d = record.drain(busy.Reason + ", and the chain's states from where servers idle")
	d.Method, d.groups = DrainDensity, true
	return d, nil
}

// busyCircle is the law of a passage, and its densities at all points.
type busyCircle struct {
	Drain
	pools  []Source
	points []circlePoint
	nodes  *chebyshev // of the panels
	later  []ringPanel
}

// untilFirstIdle is the passage to where the first server idles, of groups of one size or
// of several.
func (p problem) untilFirstIdle(open []int) (busyCircle, error) {
	if _, alike := p.groupOf(open); alike {
		v, err := p.asOneServer().newVolterra(open, true)
		if err != nil {
			return busyCircle{}, err
		}
		return busyCircle{v.law(), v.pools, v.points, legendre16, v.later}, nil
	}
	g, err := p.newGroupedPoints(open)
	if err != nil {
		return busyCircle{}, err
	}
	f, err := g.follow(p, open)
	if err != nil {
		return busyCircle{}, err
	}
	busy := busyCircle{Drain: f.law(p), points: f.points, nodes: cheb16, later: f.panels}
	for _, pool := range f.pools {
		busy.pools = append(busy.pools, pool.of[0])
	}
	return busy, nil
}
