package queueing

import (
	"fmt"
	"math"
)

// agedGrid is where the cells of an [aged] lane are, and how E is spread over them.
type agedGrid struct {
	h       float64
	cells   int
	waits   int // so many may wait
	joins   []agedJoin
	service Service // E is one's of a server as fast as all; nil: exponential
	share   float64 // of E that is, and not exponential
	end     float64 // s, about when all should have drained
	least   float64 // mass that may be left
}

const (
	agedCell   = 0.1 // services of all servers in a cell, at least
	agedRough  = 2.5 // times as much where more is approximated
	agedLeft   = 1e-10
	agedLittle = 1e-6
	agedLong   = 10  // times as long as expected is followed
	agedWork   = 4e9 // ns
	agedEach   = 8   // of them for each cell as one comes
	agedMost   = 2e5 // cells; steps
	agedFewest = 24  // cells, where that takes few steps
	agedSoon   = 2e4
	agedGroups = 2  // times as much is stated where the number of groups is fixed
	agedFew    = 20 // groups, whose number is not fixed well
	agedCrowd  = 20 // requests of a group, more of which take long where groups are few
	agedLate   = 1e-4
)

// agedJoin is the servers from one instant on.
type agedJoin struct {
	at, from      float64 // s, in the grid, and without it
	servers, more int
	passes        float64 // exp(-sigma h), the probability that E passes a cell
	leaves        float64 // (1-exp(-sigma h))/(sigma h), that it leaves the one where it begins
	kernel        *agedKernel
	phase         float64   // of a cell
	fresh         []float64 // where E ends that begins at that phase
}

// agedShape is what is followed of a lane with max_age, and how.
type agedShape struct {
	waits   int     // so many may wait
	renewal float64 // with this chance E is a service of a fast server, and not exponential
	sharp   bool    // the time in which so many come is its mean
}

// agedGrid has the finest cells that do not take too long, for so many solves.
func (p problem) agedGrid(shape agedShape, solves float64) (agedGrid, error) {
	_, end := p.fluidEnd()
	tau, sigma := p.cfg.Mechanisms.MaxAge, p.FinalCapacity()
	end += 2*tau + 20/sigma
	finest, most := agedCell, agedWork/solves
	if p.coarse() {
		finest, most = 2*finest, most/20
	}
	if shape.renewal > 0 || shape.waits > 0 {
		finest *= agedRough
	}
	if few := agedFewest / tau * end; few < agedSoon && tau*sigma/finest < agedFewest {
		finest = tau * sigma / agedFewest
	}
	for each := finest; ; each = math.Min(1, 1.25*each) {
		h := each / sigma
		cells := math.Max(4, math.Ceil(tau/h-1e-9))
		h = tau / cells
		if end/h <= agedMost && cells*float64(len(p.steps)) <= agedMost && p.agedCost(shape, int(cells), end) <= most {
			return p.gridOf(shape, int(cells), end), nil
		}
		if each >= 1 {
			return agedGrid{}, &UnsupportedError{Chain, fmt.Sprintf("following %.2g s in cells of %.2g s takes too much, or is too coarse", end, h)}
		}
	}
}

// agedCost is about how long it takes, in ns.
func (p problem) agedCost(shape agedShape, cells int, end float64) (sum float64) {
	s := p.cfg.Service
	batches := float64(p.Initial().law().hi())
	for _, j := range p.cfg.Arrivals.jumps {
		if j.At > 0 {
			batches += float64(j.Size.law().hi())
		}
	}
	tau := p.cfg.Mechanisms.MaxAge
	for _, n := range [...]int{cells, 2 * cells} {
		h := tau / float64(n)
		each := agedEach * float64(n*len(p.steps)+p.FinalServers()+shape.waits)
		if shape.renewal > 0 {
			lengths := int(longestService(s, agedServerCut)/(h*float64(p.FinalServers()))) + 2
			each += math.Min(agedOneByOne(lengths, n), agedTransform(n+lengths))
		}
		members := 1.0
		if size := p.largestGroup(); size > 1 {
			members += 2 * float64(size)
		}
		sum += each * (4*members*end/h + 2*batches)
	}
	return sum
}

// gridOf has so many cells up to tau.
func (p problem) gridOf(shape agedShape, cells int, end float64) agedGrid {
	g := agedGrid{h: p.cfg.Mechanisms.MaxAge / float64(cells), cells: cells, waits: shape.waits, end: end, least: agedLeft}
	if shape.renewal > 0 || shape.waits > 0 || p.largestGroup() > 1 || p.coarse() {
		g.least = agedLittle
	}
	if shape.renewal > 0 {
		g.service, g.share = p.cfg.Service, shape.renewal
		g.cells += int(math.Min(float64(2*cells), 4*(1+g.service.SCV())/(p.FinalCapacity()*g.h))) + 2
	}
	origin := 0.0
	for i, s := range p.steps {
		if i == 1 || s.from == p.begin && i > 0 {
			origin = s.from
		}
	}
	for _, s := range p.steps {
		at := math.Max(0, origin+math.Round((s.from-origin)/g.h)*g.h)
		if last := len(g.joins) - 1; last >= 0 && (s.from == 0 || at <= g.joins[last].at+g.h/2) {
			g.joins[last].more += s.servers - g.joins[last].servers
			g.joins[last].servers = s.servers
			continue
		}
		before := 0
		if last := len(g.joins) - 1; last >= 0 {
			before = g.joins[last].servers
		}
		g.joins = append(g.joins, agedJoin{at: at, from: s.from, servers: s.servers, more: s.servers - before})
	}
	return g.prepared(1 / p.cfg.Service.Mean())
}

// halved has cells of half the width, with the joins where they are.
func (g agedGrid) halved(mu float64) agedGrid {
	g.h, g.cells = g.h/2, 2*g.cells
	g.joins = append([]agedJoin(nil), g.joins...)
	return g.prepared(mu)
}

// prepared has the laws of E.
func (g agedGrid) prepared(mu float64) agedGrid {
	for i := range g.joins {
		j := &g.joins[i]
		c := float64(j.servers)
		x := mu * c * g.h
		j.passes, j.leaves = math.Exp(-x), -math.Expm1(-x)/x
		if g.service != nil && j.servers > 0 {
			j.kernel = newAgedKernel(g.service, agedWidths{h: g.h * c, longest: longestService(g.service, agedServerCut)})
			if g.share < 1 {
				other := Exponential{g.service.Mean()}
				j.kernel.blend(newAgedKernel(other, agedWidths{h: g.h * c, longest: longestService(other, agedServerCut)}), 1-g.share)
			}
		}
		j.fresh = nil
	}
	return g
}

// longest is the cells that E spans at the most.
func (g agedGrid) longest() (most int) {
	for _, j := range g.joins {
		if j.kernel != nil {
			most = max(most, len(j.kernel.more))
		}
	}
	return most + 1
}

func (g agedGrid) servers() int { return g.joins[len(g.joins)-1].servers }

// left is the time until a part begins.
func (w *aged) left(s int) float64 { return math.Max(0, w.joins[s].at-w.time) }

// reached tells whether a part is among the cells.
func (w *aged) reached(s int) bool { return s <= w.near }

// add has what is in cells of a part land an E later, and returns what is beyond all cells.
func (w *aged) add(s int, times []float64) (over float64) {
	j := &w.joins[s]
	switch {
	case j.servers == 0:
		clear(w.landed)
		return 0
	case j.kernel != nil:
		j.kernel.add(w.landed, times)
		for i := w.cells; i < len(w.landed); i++ {
			over += w.landed[i]
			w.landed[i] = 0
		}
		return over
	}
	for i, p := range times {
		w.landed[i] = over*(1-j.passes) + p*(1-j.leaves)
		over = over*j.passes + p*j.leaves
	}
	return over
}

// begin0 has a mass land an E after an instant, and returns what is beyond all cells.
func (w *aged) begin0(s int, after, mass float64) (over float64) {
	j := &w.joins[s]
	at := int(after/w.h + 1e-9)
	phase := math.Max(0, after/w.h-float64(at))
	switch {
	case j.servers == 0 || at >= w.cells:
		return mass
	case j.kernel != nil:
		if j.fresh == nil || math.Abs(j.phase-phase) > 1e-6 {
			j.fresh, j.phase = w.spread(j, phase), phase
		}
		left := mass
		for i, p := range j.fresh[:min(len(j.fresh), w.cells-at)] {
			w.landed[at+i] += mass * p
			left -= mass * p
		}
		return left
	}
	rest := mass * math.Pow(j.passes, 1-phase)
	w.landed[at] += mass - rest
	for i := at + 1; i < w.cells; i++ {
		w.landed[i] += rest * (1 - j.passes)
		rest *= j.passes
	}
	return rest
}

// spread is where E ends that begins at a phase of a cell.
func (w *aged) spread(j *agedJoin, phase float64) []float64 {
	out := make([]float64, len(j.kernel.more)+1)
	before := 0.0
	for i := range out {
		upTo := w.hasEnded((float64(i+1) - phase) * w.h * float64(j.servers))
		out[i], before = math.Max(0, upTo-before), upTo
	}
	return out
}

// hasEnded is the chance that E, of one server, has ended.
func (g *agedGrid) hasEnded(after float64) float64 {
	return g.share*serviceCDF(g.service, after) + (1-g.share)*serviceCDF(Exponential{g.service.Mean()}, after)
}
