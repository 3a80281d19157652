package queueing

import (
	"math"
	"slices"
)

// bandGrid is the time in steps, with what comes in each: the same for all paths that differ by
// their noise, which their differences would else hold too.
type bandGrid struct {
	problem
	free, held Arrivals // who passes the throttle by right, and who needs it to let them
	steps      []bandStep
	stops      []float64 // known, from the last step on
	known      float64   // s, up to which they are
	since      float64   // s, the last of those that are behind
	origin     float64   // s, the last of them at which servers joined or overload ended
	loss       bandLoss
	renewals   *renewalFunction
}

// bandStep is a step, of no length where a batch comes.
type bandStep struct {
	from, to   float64
	free, held float64
	servers    int
}

const (
	bandFine   = 2000.0    // steps of the time since servers joined or overload ended
	bandRatio  = 64.0      // of that since the rates broke
	bandAge    = 16.0      // of the largest age
	bandMost   = 1_000_000 // steps
	bandFinest = 4000.0    // of a time, for an age
)

func (p problem) newBandGrid() (*bandGrid, error) {
	g := &bandGrid{problem: p}
	if p.FinalServers() > 1 {
		g.renewals = newRenewalFunction(p.cfg.Service).smoothed()
	}
	var names []string
	if t := p.cfg.Mechanisms.Throttle; t != nil {
		if names = t.Streams; len(names) == 0 {
			names = p.finiteNames()
		}
	}
	var free, held []Stream
	for _, st := range p.cfg.Arrivals.streams {
		if slices.Contains(names, st.Name) {
			held = append(held, st)
		} else {
			free = append(free, st)
		}
	}
	var err error
	if g.free, g.held, err = freeAndHeld(free, held); err != nil {
		return nil, err
	}
	g.batches(0)
	return g, nil
}

// batches adds a step of no length where a batch comes.
func (g *bandGrid) batches(t float64) {
	x := bandStep{from: t, to: t, servers: g.ServersAt(t)}
	for i, a := range []Arrivals{g.free, g.held} {
		for _, j := range a.jumps {
			switch {
			case j.At != t:
			case i == 0:
				x.free += j.Size.Mean()
			default:
				x.held += j.Size.Mean()
			}
		}
	}
	if x.free+x.held > 0 {
		g.steps = append(g.steps, x)
	}
}

// step is the k-th one.
func (g *bandGrid) step(k int) (bandStep, error) {
	for k >= len(g.steps) {
		if len(g.steps) > bandMost {
			return bandStep{}, &UnsupportedError{Fluid, "its mean path takes too many steps"}
		}
		g.check()
		g.extend()
	}
	return g.steps[k], nil
}

// extend adds a step.
func (g *bandGrid) extend() {
	from := 0.0
	if n := len(g.steps); n > 0 {
		from = g.steps[n-1].to
	}
	to := from + g.length(from)
	if to > g.known {
		next := math.Max(2*g.known, to)
		at := append(g.problem.stops(g.known, next), g.begin)
		slices.Sort(at)
		for _, t := range slices.Compact(at) {
			if t > g.known && t <= next {
				g.stops = append(g.stops, t)
			}
		}
		g.known = next
	}
	for len(g.stops) > 0 && g.stops[0] <= from {
		g.stops = g.stops[1:]
	}
	stopped := len(g.stops) > 0 && g.stops[0] <= to
	if stopped {
		to = g.stops[0]
		g.since = to
		if to == g.begin || g.ServersAt(to) != g.ServersAt(from) {
			g.origin = to
		}
	}
	g.steps = append(g.steps, bandStep{from, to, g.free.Flow(from, to), g.held.Flow(from, to), g.ServersAt(from)})
	if stopped {
		g.batches(to)
	}
}

// length of the step that begins at an instant.
func (g *bandGrid) length(from float64) float64 {
	past := from - g.origin + g.cfg.Service.Mean()
	h := math.Min(math.Max(past/bandFine, (from-g.since)/bandRatio), past/bandRatio)
	if age := g.cfg.Mechanisms.MaxAge; age > 0 {
		h = math.Min(h, math.Max(age/bandAge, past/bandFinest))
	}
	h = math.Max(h, from*bandLeast)
	return h
}
