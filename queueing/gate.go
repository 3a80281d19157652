package queueing

import "math"

// gate follows exponential servers behind a token bucket ([Throttle]) that holds some of
// their streams back. With r the rate and b the burst of the bucket, let W be what its
// tokens fall short of b, less what waits for tokens still to come: W rises by one with each
// request that needs a token and falls at rate r, not below 0. It is the virtual wait, in
// tokens, of a server of deterministic services that is fed by those streams, and one who
// finds W <= b-1 passes at once, so that the bucket holds back H = ceil(W-b) requests, none
// if W <= b. They pass as W falls through b + H - 1. (A. W. Berger, IEEE Trans. Automat.
// Contr. 36 (1991) 93: the token bucket and the queue before it are one workload.) With L
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
	free, held Arrivals // who need no tokens, and who do
	rate       float64  // tokens per second
	cells      int      // of a token
	h          float64  // s, in which W falls by a cell
	burst      int      // cells
	shore      int      // cells, up to which the flood gives back
	brink      int      // cells, from which on the flood takes
	mu         float64

	time      float64
	let       float64 // s, up to which the held streams have been let in
	absorbing bool
	pairs     pairs
	flood     flood
	hops      hopper
	gone      float64 // mass that has been absorbed
	apart     float64 // mass that the flood may have given back amiss
	work      float64
	ends      []float64 // s, of steps
	bins      []float64 // mass that was absorbed in each
	atoms     []Atom
}

const (
	gateCells = 4  // of a token, at least
	gateJoins = 24 // requests that are held back where the flood takes, beyond those that may wait
	gateLost  = 1e-16
	gateLeft  = 1e-10
	gateWork  = 1e10    // multiplications
	gateSteps = 4e6     // of a cell
	gateMost  = 1 << 20 // cells; number in the lane
)

// held tells how many requests are held back at W of so many cells.
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
	mean := g.held.Flow(g.let, t)
	g.let = t
	if !(mean > 0) {
		return
	}
	many := poissonLaw(mean)
	g.flood.mean += mean
	g.room(g.most() + many.hi() + 2)
	for w := g.pairs.hi - 1; w >= g.pairs.lo; w-- {
		row := g.pairs.rows[w]
		if row == nil {
			continue
		}
		for n := many.hi(); n >= max(1, many.lo); n-- {
			if p := many.p[n-many.lo]; p > gateLost {
				g.come(w, n, row, p)
			}
		}
		stay := 0.0
		if many.lo == 0 {
			stay = many.p[0]
		}
		for l := range row {
			row[l] *= stay
		}
	}
	g.work += float64((g.pairs.hi - g.pairs.lo) * g.pairs.width * min(len(many.p), 20))
}

// come gives the mass p of a row to where n more requests that need tokens bring it.
func (g *gate) come(w, n int, row []float64, p float64) {
	to, pass := w+n*g.cells, min(n, max(0, (g.burst-w)/g.cells))
	lo, hi := extent(row)
	if lo == hi {
		return
	}
	g.room(hi + pass)
	if to >= g.brink {
		g.flood.join(g, to, row[lo:hi], lo+pass, p)
		return
	}
	into := g.pairs.at(to)[lo+pass:]
	for l, x := range row[lo:hi] {
		into[l] += p * x
	}
}

// extent is where a row is not 0.
func extent(row []float64) (lo, hi int) {
	for hi = len(row); hi > 0 && math.Abs(row[hi-1]) < 1e-22; hi-- {
		row[hi-1] = 0
	}
	for lo < hi && math.Abs(row[lo]) < 1e-22 {
		row[lo] = 0
		lo++
	}
	return lo, hi
}

// most is a number above all that there are in the lane.
func (g *gate) most() (n int) {
	each := func(rows [][]float64) {
		for _, r := range rows {
			_, hi := extent(r)
			n = max(n, hi)
		}
	}
	each(g.pairs.rows[g.pairs.lo:g.pairs.hi])
	each(g.flood.lane)
	each(g.flood.apart)
	return n
}

// room makes rows wide enough for numbers below n in the lane.
func (g *gate) room(n int) {
	if n < g.pairs.width {
		return
	}
	width := 2 * n
	if width > gateMost {
		panic(stopped{&UnsupportedError{Chain, "too many may be in the lane behind a throttle"}})
	}
	widen := func(r []float64) []float64 { return append(r, make([]float64, width-len(r))...) }
	for w, r := range g.pairs.rows {
		if r != nil {
			g.pairs.rows[w] = widen(r)
		}
	}
	for i := range g.flood.lane {
		g.flood.lane[i], g.flood.apart[i] = widen(g.flood.lane[i]), widen(g.flood.apart[i])
	}
	g.pairs.width, g.pairs.spare = width, nil
}

// serve lets the lane serve for a time dt.
func (g *gate) serve(dt float64) {
	g.hops.set(g.free.Flow(g.time, g.time+dt), g.mu*dt, g.ServersAt(g.time))
	if len(g.hops.weights) < 2 {
		return
	}
	g.room(g.most() + len(g.hops.weights) + 2)
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		if row := g.pairs.rows[w]; row != nil {
			g.change(row, g.floor(w))
		}
	}
	if g.flood.all > 0 {
		for i := range g.flood.lane {
			g.change(g.flood.lane[i], -1)
			g.change(g.flood.apart[i], -1)
		}
	}
}

// change lets requests come and services end in a row, and absorbs at its floor.
func (g *gate) change(row []float64, floor int) {
	lo, hi := extent(row)
	if lo == hi {
		return
	}
	terms := len(g.hops.weights)
	g.work += float64(terms * (hi - lo + terms) * 4)
	before := total(row[lo:hi])
	g.hops.apply(row, lo, hi, floor)
	if floor >= 0 {
		g.gone += before - total(row)
	}
}

// fall lets W fall by a cell, and what it lets pass into the lane.
func (g *gate) fall() {
	a := &g.pairs
	if a.lo < a.hi {
		if a.lo == 0 {
			if a.rows[0] != nil && a.hi > 1 && a.rows[1] != nil {
				for l, x := range a.rows[1] {
					a.rows[0][l] += x
				}
				a.drop(1)
			}
			if a.rows[0] == nil && a.hi > 1 {
				a.rows[0], a.rows[1] = a.rows[1], nil
			}
		}
		from := max(a.lo, 1)
		if a.lo == 0 {
			from = 2
		}
		for w := from; w < a.hi; w++ {
			a.rows[w-1], a.rows[w] = a.rows[w], nil
		}
		a.lo = max(0, a.lo-1)
		if a.hi > 1 {
			a.hi--
		}
		first := g.burst
		if a.lo > first {
			first += (a.lo - first + g.cells - 1) / g.cells * g.cells
		}
		for w := first; w < a.hi; w += g.cells {
			if a.rows[w] != nil {
				pass(a.rows[w])
				g.takeOut(w)
			}
		}
	}
	g.flood.fall(g)
}

// pass moves a law of the number in the lane up by one.
func pass(r []float64) {
	if _, hi := extent(r); hi > 0 {
		copy(r[1:hi+1], r[:hi])
		r[0] = 0
	}
}

// takeOut absorbs what has drained at W of so many cells.
func (g *gate) takeOut(w int) (mass float64) {
	row := g.pairs.rows[w]
	for l := 0; row != nil && l <= min(g.floor(w), len(row)-1); l++ {
		mass += row[l]
		row[l] = 0
	}
	g.gone += mass
	return mass
}

// takeOutAll absorbs what has drained.
func (g *gate) takeOutAll() (mass float64) {
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		mass += g.takeOut(w)
	}
	return mass
}

// step goes on by the time in which W falls by a cell.
func (g *gate) step() {
	g.letIn(g.time + g.h/2)
	g.serve(g.h)
	g.time += g.h
	g.fall()
	g.pairs.close()
}

// batch lets in so many requests at once, of those who need tokens or of those who do not.
func (g *gate) batch(n law, tokens bool) {
	g.flood.flush(g)
	was := g.pairs
	g.pairs = g.newPairs(was.width)
	old := g.flood
	g.flood = newFlood(g.cells, g.pairs.width)
	for i, p := range n.p {
		if p == 0 {
			continue
		}
		for w := was.lo; w < was.hi; w++ {
			if row := was.rows[w]; row != nil && tokens {
				g.come(w, n.lo+i, row, p)
			} else if row != nil {
				g.add(w, n.lo+i, row, p)
			}
		}
		old.batch(g, n.lo+i, tokens, p)
	}
	g.takeOutAll()
}

// add puts the mass p of a row where n more in the lane bring it.
func (g *gate) add(w, n int, row []float64, p float64) {
	lo, hi := extent(row)
	g.room(hi + n)
	into := g.pairs.at(w)[lo+n:]
	for l, x := range row[lo:hi] {
		into[l] += p * x
	}
}
