package queueing

import "math"

// gate follows exponential servers behind a token bucket ([Throttle]) that holds some of
// their streams back. With r the rate and b the burst of the bucket, let W be what its
// tokens fall short of b, less what waits for tokens still to come: W rises by one with each
// request that needs a token and falls at rate r, not below 0. It is the virtual wait, in
// tokens, of a server of deterministic services that is fed by those streams, and one who
// finds W <= b-1 passes at once, so that the bucket holds back H = ceil(W-b) requests, none
// if W <= b. They pass as W falls through b + H - 1. (A. W. Berger, IEEE J. Sel. Areas
// Commun. 9 (1991) 165: the token bucket and the queue before it are one workload.) With L
// the number in the lane behind, (W, L) is a Markov process, and what waits is H and who
// of L is not in service.
//
// W is kept in cells of 1/k token, by which it falls in a time of 1/(r k). While a request
// is held back the lane is fed one request at each of the instants at which W-b is whole,
// whoever comes: its law does not depend on W but through the fraction of W. So the pairs
// (W, L) are followed where H is small, and beyond, in the flood, a law of W and one of L
// for each fraction of W. What falls out of the flood comes back as their product. What W
// and L have to do with each other as they get into the flood is lost there; what is left
// of it as they come back, with the lane's own forgetting, is the error that is stated.
type gate struct {
	problem
	alone      bool     // whether there is no lane behind: L is 0
	free, held Arrivals // who need no tokens, and who do, but for the crowd
	crowd      crowd
	rate       float64 // tokens per second
	cells      int     // of a token
	h          float64 // s, in which W falls by a cell
	burst      int     // cells
	shore      int     // cells, up to which the flood gives back
	brink      int     // cells, from which on the flood takes
	mu         float64
	paces      []float64 // of the servers with 1, 2 and more waiting
	ceiling    int       // the most that may be in the lane

	time      float64
	let       float64 // s, up to which the held streams have been let in
	absorbing bool
	pairs     pairs
	flood     flood
	hops      hopper
	spare     *strip
	gone      float64 // mass that has been absorbed
	jagged    float64 // largest difference between what is absorbed as W falls and falls again
	onTime    bool    // whether all that need tokens come at fixed instants
	inAtoms   float64 // of what is gone, at single instants
	passed    float64 // of it, as W last fell, which stands for the time of half a cell before and after
	apart     float64 // mass that the flood may have given back amiss
	work      float64
	ends      []float64 // s, of steps
	bins      []float64 // mass that was absorbed in each
	atoms     []Atom
}

const (
	gateCells = 2    // of a token, at least
	gateFine  = 8    // and at most where that is too far off
	gateAsked = 5e-3 // finer cells are tried where the error is more

	gateLags  = 0.5     // of what the lane adds, that the lag of its paces may make
	gateJags  = 1.5     // of what is absorbed more in one cell than in the next, a law of instants was seen to be off by
	gateTail  = 1e-4    // mass that may not have drained where more takes too long
	gateSlow  = 50      // services of all servers in the time of a token, at most
	gateJoins = 24      // requests that are held back where the flood takes, beyond those that may wait
	gateLost  = 1e-16   // mass of a row that is left out
	gateThin  = 1e-13   // of the chance of numbers of members
	gateCut   = 1e-17   // probabilities that are left out at the ends of laws
	gateRest  = 1e-12   // of the chance of more jumps than are followed
	gateLeft  = 1e-10   // mass that need not have drained, and of atoms that are left out
	gateStep  = 2000    // a step, at least
	gateWork  = 5e9     // multiplications
	gateSteps = 4e6     // of a cell
	gateMost  = 1 << 20 // cells; number in the lane
)

// heldAt tells how many requests are held back at W of so many cells.
func (g *gate) heldAt(w int) int {
	if w <= g.burst {
		return 0
	}
	return (w - g.burst + g.cells - 1) / g.cells
}

// floor is the number in the lane up to which it has drained at W of so many cells; -1 if
// it has with none.
func (g *gate) floor(w int) int {
	if !g.absorbing {
		return -1
	}
	n := g.heldAt(w)
	if level := g.Level(g.time); n == 0 || !g.cfg.Target.Idle && n <= g.cfg.Target.Waiting {
		return level - n
	}
	return -1
}

// letIn lets the held streams in up to t.
func (g *gate) letIn(t float64) {
	mean, due := g.held.Flow(g.let, t), g.crowd.due(g.let, t)
	if g.let = t; mean > 0 || due > 0 {
		g.comes(mean, due, false)
	}
}

// comes lets requests in as so many come on the mean, and each member of the pool that has not
// come with a probability: at one instant, or within a cell.
func (g *gate) comes(mean, due float64, atOnce bool) {
	many := point(0)
	if mean > 0 {
		many = poissonLaw(mean).without(gateCut)
	}
	g.flood.mean += mean
	g.flood.stay *= 1 - due
	thin := thinning{due: due}
	g.room(g.most() + many.hi() + thin.most(g)*g.crowd.size + 2)
	for w := g.pairs.hi - 1; w >= g.pairs.lo; w-- {
		row := g.pairs.rows[w]
		if row == nil || !row.narrow() {
			continue
		}
		parts := thin.parts(g.pairs.left[w])
		g.work += float64((row.hi - row.lo) * len(many.p) * len(parts) * 2)
		stay, mass := 0.0, row.mass()
		for j := len(parts) - 1; j >= 0; j-- {
			for i := many.hi(); i >= many.lo; i-- {
				p := many.p[i-many.lo] * parts[j].chance
				switch n := i + parts[j].come*g.crowd.size; {
				case n > 0 && p*mass < gateCut:
				case n == 0:
					stay, g.pairs.left[w] = p, parts[j].left
				case w == 0 && !atOnce: // the bucket is full until they come, in half a cell
					g.bring(0, n, row, p/2, parts[j].left)
					g.bring(1, n, row, p/2, parts[j].left)
				default:
					g.bring(w, n, row, p, parts[j].left)
				}
			}
		}
		row.scale(stay)
	}
}

// bring gives the mass p of a row to where n more requests that need tokens bring it, as so
// many members are left.
func (g *gate) bring(w, n int, row *strip, p float64, left law) {
	to, pass := w+n*g.cells, min(n, max(0, (g.burst-w)/g.cells))
	if g.alone {
		pass = 0
	}
	if to >= g.brink {
		g.flood.join(g, to, row, pass, p, left)
		return
	}
	g.pairs.give(to, row, pass, p, left)
}

// most is a number above all that there are in the lane.
func (g *gate) most() (n int) {
	for _, r := range g.pairs.rows[g.pairs.lo:g.pairs.hi] {
		if r != nil {
			n = max(n, r.hi)
		}
	}
	for i := range g.flood.lane {
		n = max(n, g.flood.lane[i].hi, g.flood.apart[i].hi)
	}
	return n
}

// room makes rows wide enough for numbers up to n in the lane.
func (g *gate) room(n int) {
	if n < g.pairs.width {
		return
	}
	width := 2 * n
	if width > gateMost {
		panic(stopped{&UnsupportedError{Chain, "too many may be in the lane behind a throttle"}})
	}
	for _, r := range g.pairs.rows {
		if r != nil {
			r.widen(width)
		}
	}
	for i := range g.flood.lane {
		g.flood.lane[i].widen(width)
		g.flood.apart[i].widen(width)
	}
	g.pairs.width, g.pairs.spare = width, nil
}

// mostAt is the most that may be in the lane.
func (g *gate) mostAt(t float64) int {
	if m := g.cfg.Mechanisms; m.Limited {
		return g.ServersAt(t) + m.QueueLimit
	}
	return math.MaxInt - 1
}

// turnAway leaves out who has come to a full lane.
func (g *gate) turnAway() {
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		if row := g.pairs.rows[w]; row != nil {
			row.clamp(g.ceiling)
		}
	}
	for i := range g.flood.lane {
		g.flood.lane[i].clamp(g.ceiling)
		g.flood.apart[i].clamp(g.ceiling)
	}
}

// serve lets the lane serve for a time dt.
func (g *gate) serve(dt float64) {
	g.ceiling = g.mostAt(g.time)
	g.hops.set(g.free.Flow(g.time, g.time+dt), g.mu*dt, g.ServersAt(g.time), g.paces)
	g.hops.ceiling = g.ceiling
	g.time += dt
	terms := len(g.hops.weights)
	if terms < 2 || g.alone {
		return
	}
	g.room(g.most() + terms + 2)
	each := func(row *strip, floor int) {
		if row == nil || !row.narrow() {
			return
		}
		row.clamp(g.ceiling)
		g.work += float64(terms * (row.hi - row.lo + terms) * 4)
		before := 0.0
		if floor >= 0 {
			before = row.mass()
		}
		if g.hops.apply(row, floor); floor >= 0 {
			g.gone += before - row.mass()
		}
	}
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		each(g.pairs.rows[w], g.floor(w))
	}
	for i := range g.flood.lane {
		each(g.flood.lane[i], -1)
		each(g.flood.apart[i], -1)
	}
}

// fall lets W fall by a cell, and what it lets pass into the lane.
func (g *gate) fall() {
	g.pairs.fall()
	first := g.burst
	if more := g.pairs.lo - first; more > 0 {
		first += (more + g.cells - 1) / g.cells * g.cells
	}
	for w := first; w < g.pairs.hi; w += g.cells {
		if row := g.pairs.rows[w]; row != nil {
			if !g.alone {
				row.pass()
			}
			g.takeOut(w)
		}
	}
	g.flood.fall(g)
}

// takeOut absorbs what has drained at W of so many cells.
func (g *gate) takeOut(w int) {
	if row := g.pairs.rows[w]; row != nil {
		for l := row.lo; l < min(g.floor(w)+1, row.hi); l++ {
			g.gone += row.p[l]
			row.p[l] = 0
		}
	}
}

// takeOutAll absorbs what has drained.
func (g *gate) takeOutAll() {
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		g.takeOut(w)
	}
}

// step goes on by the time in which W falls by a cell.
func (g *gate) step() {
	from := g.time
	g.serve(g.h / 2)
	g.letIn(from + g.h)
	g.serve(g.h / 2)
	g.time = from + g.h
	was := g.gone
	g.fall()
	g.work += gateStep
	if mass := g.gone - was; g.onTime { // as W falls is when it is absorbed
		g.atomAt(g.time, mass)
	} else {
		g.jagged = math.Max(g.jagged, math.Abs(mass-g.passed))
		g.passed = mass
	}
	g.pairs.close()
}

// batch lets in so many requests at once, of those who need tokens or of those who do not.
func (g *gate) batch(n law, tokens bool) {
	if g.alone && !tokens {
		return
	}
	g.flood.flush(g)
	g.room(g.most() + n.hi() + 2)
	was, old := g.pairs, g.flood
	g.pairs, g.flood = g.newPairs(was.width), newFlood(g.cells, was.width)
	for i, p := range n.p {
		if p == 0 {
			continue
		}
		n := n.lo + i
		for w := was.lo; w < was.hi; w++ {
			if row := was.rows[w]; row != nil && tokens {
				g.bring(w, n, row, p, was.left[w])
			} else if row != nil {
				g.pairs.give(w, row, n, p, was.left[w])
			}
		}
		old.batch(g, n, tokens, p)
	}
	g.turnAway()
	g.takeOutAll()
}
