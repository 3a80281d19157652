package queueing

import (
	"math"
)

// chainWork bounds the states times the events that the chain may cost.
const chainWork = 2e10

// chainCost estimates states times events until the fluid path has drained.
func (p problem) chainCost() float64 {
	m := p.cfg.Service.Mean()
	peak, end := p.fluidEnd()
	events := p.cfg.Arrivals.Flow(0, end) + math.Min(p.Work(0, end), p.cfg.Arrivals.Mean(0, end)+p.Initial().Mean()+end/m)
	cost := costOf(events, peak)
	if p.cfg.Mechanisms.Limited {
		cost = math.Min(cost, 3*events*float64(p.FinalServers()+p.cfg.Mechanisms.QueueLimit+1))
	}
	return cost
}

// costOf so many events where as many requests as peak are there at the most: states
// are those some standard deviations around the mean path.
func costOf(events, peak float64) float64 { return 3 * events * (100 + 20*math.Sqrt(events+peak)) }

// tailCost is states times events from there on: some twenty times the
// relaxation time of the number in the lane, over which it comes to rest, with
// some twenty times its stationary mean. The relaxation time is that of M/M/1
// near saturation, 1/(sqrt(c) - sqrt(lambda))^2 (P. M. Morse, J. Oper. Res.
// Soc. Am. 3, 1955), and grows with the variability as the mean does.
func (p problem) tailCost() float64 {
	c, lam := p.FinalCapacity(), p.cfg.Arrivals.LongRun()
	spread := (1 + p.cfg.Service.SCV()) / 2
	relaxation := 4 * spread * c / ((c - lam) * (c - lam))
	return 20 * relaxation * (c + lam) * (100 + 20*spread*c/(c-lam))
}

// fluidEnd is roughly when the mean backlog has drained, and its peak.
func (p problem) fluidEnd() (peak, end float64) {
	end = math.Max(p.begin, 1)
	for range 200 {
		grid := make([]float64, 33)
		for i := range grid {
			grid[i] = end * float64(i) / 32
		}
		path := FluidPath(p.Lane, grid)
		for _, n := range path {
			peak = math.Max(peak, n)
		}
		if path[32] <= float64(max(p.Level(end), p.ServersAt(end))) && end >= p.begin {
			return peak, end
		}
		end *= 1.5
	}
	return peak, end
}

// drainFrom makes the drained states absorbing until nothing is left or the
// limit is reached. Atoms are at the start and where the level moves because
// servers join.
func (b *birthDeath) drainFrom(limit float64) []Atom {
	var atoms []Atom
	b.record = true
	raise := func() {
		b.absorb = b.lane.Level(b.t)
		if m := b.settle(); m > 0 {
			atoms = append(atoms, Atom{b.t, m})
		}
	}
	raise()
	for b.now.mass() > chainEpsilon && b.t < limit {
		last := b.now
		next := b.t + 50*stepTerms/b.exitRate(b.t*1.01+1)
		if at := b.lane.CapacityBreaks(b.t, next); len(at) > 0 {
			next = at[0]
		}
		b.run(math.Min(next, limit))
		if b.lane.Level(b.t) != b.absorb {
			raise()
		}
		if math.IsInf(limit, 1) && b.closeTail(last) {
			break
		}
	}
	return atoms
}

// netError is what the error may be over the mass that misses: of errors of
// either sign along the law the total shows but the difference. It is an
// estimate: where the error is known otherwise it was 1.11 times at most.
const netError = 1.25

// result puts a curve and its error together.
func (p problem) result(c *curve, m Method, reason string) Drain {
	d := Drain{Distribution: c, Method: m, Quality: Exact, Reason: reason}
	d.AbsError = math.Max(netError*math.Abs(1-c.total()), 1e-13)
	for _, a := range c.atoms {
		if a.Mass > d.AbsError {
			d.Atoms = append(d.Atoms, a)
		}
	}
	return d
}
