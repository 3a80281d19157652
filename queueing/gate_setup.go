package queueing

import (
	"fmt"
	"math"
	"slices"
)

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

// newGate has so many cells a token, and may have no lane behind it.
func (p problem) newGate(cells int, alone bool) (*gate, error) {
	t := p.cfg.Mechanisms.Throttle
	g := &gate{problem: p, alone: alone, rate: t.PerSecond, cells: cells, h: 1 / (t.PerSecond * float64(cells)), mu: 1 / p.cfg.Service.Mean()}
	g.crowd.size = 1
	g.ceiling = g.mostAt(0)
	if m := p.cfg.Mechanisms; m.SlowDown != nil {
		if m.SlowDown.At > gateMost {
			return nil, &UnsupportedError{Chain, fmt.Sprintf("a slow-down is not followed over %.3g who wait", float64(m.SlowDown.At))}
		}
		for n := range m.SlowDown.At {
			g.paces = append(g.paces, p.lagged().pace(n+1))
		}
	}
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
	if g.free, g.held, err = freeAndHeld(free, held); err != nil {
		return nil, err
	}
	g.onTime = len(g.crowd.streams) == 0 && g.held.Flow(0, math.Inf(1)) == 0
	most := math.Max(1, t.Burst) + float64(p.cfg.Target.Waiting) + gateJoins
	if p.cfg.Backlog > gateMost/4 {
		return nil, &UnsupportedError{Chain, fmt.Sprintf("a throttle is not followed before %.3g requests that wait already", float64(p.cfg.Backlog))}
	}
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

// start is the state at 0.
func (g *gate) start() {
	row := g.pairs.at(0)
	g.pairs.left[0] = g.crowd.everybody()
	n := g.cfg.Backlog
	if g.alone {
		n = 0
	}
	row.p[n], row.lo, row.hi = 1, n, n+1
	g.stop(0)
}

// freeAndHeld are the arrivals of the streams that a throttle lets by and of those it holds.
func freeAndHeld(free, held []Stream) (a, b Arrivals, err error) {
	if a, err = NewArrivals(free...); err == nil {
		b, err = NewArrivals(held...)
	}
	return a, b, err
}
