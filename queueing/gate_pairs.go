package queueing

import "math"

// strip is a law of the number in the lane, or what it changes by: 0 but from lo to hi.
type strip struct {
	p      []float64
	lo, hi int
}

func newStrip(width int) *strip { return &strip{p: make([]float64, width)} }

// narrow leaves out what is hardly there at both ends, and tells whether anything is left.
func (r *strip) narrow() bool {
	for ; r.hi > r.lo && math.Abs(r.p[r.hi-1]) < gateCut; r.hi-- {
		r.p[r.hi-1] = 0
	}
	for ; r.lo < r.hi && math.Abs(r.p[r.lo]) < gateCut; r.lo++ {
		r.p[r.lo] = 0
	}
	return r.lo < r.hi
}

func (r *strip) there() []float64 { return r.p[r.lo:r.hi] }

func (r *strip) mass() (sum float64) {
	for _, x := range r.there() {
		sum += x
	}
	return sum
}

// add adds another law, moved up by so many, times a factor.
func (r *strip) add(other *strip, by int, times float64) {
	if other.lo == other.hi {
		return
	}
	if r.lo == r.hi {
		r.lo, r.hi = other.lo+by, other.lo+by
	}
	r.lo, r.hi = min(r.lo, other.lo+by), max(r.hi, other.hi+by)
	into := r.p[other.lo+by:]
	for l, x := range other.there() {
		into[l] += times * x
	}
}

func (r *strip) scale(by float64) {
	here := r.there()
	for l := range here {
		here[l] *= by
	}
}

// clamp leaves what is above a number at it.
func (r *strip) clamp(most int) {
	for ; r.hi > most+1; r.hi-- {
		if r.lo = min(r.lo, most); r.hi > r.lo {
			r.p[most] += r.p[r.hi-1]
			r.p[r.hi-1] = 0
		}
	}
}

// pass moves the law up by one.
func (r *strip) pass() {
	if r.lo < r.hi {
		copy(r.p[r.lo+1:r.hi+1], r.p[r.lo:r.hi])
		r.p[r.lo] = 0
		r.lo, r.hi = r.lo+1, r.hi+1
	}
}

func (r *strip) widen(width int) { r.p = append(r.p, make([]float64, width-len(r.p))...) }

func (r *strip) clone() *strip {
	if r == nil {
		return nil
	}
	return &strip{append([]float64(nil), r.p...), r.lo, r.hi}
}

// pairs is a law of (W, L): one of L for each cell of W, and one of how many members of the
// pool are still to come, taken to be independent of L there.
type pairs struct {
	rows   []*strip // nil where there is nothing
	left   []law
	lo, hi int // rows that there may be, hi not included
	width  int
	spare  []*strip
}

func (g *gate) newPairs(width int) pairs {
	return pairs{rows: make([]*strip, g.brink), left: make([]law, g.brink), width: width}
}

// give adds a mass times a law, moved up by so many, of which so many members are left, to a
// cell.
func (a *pairs) give(w int, row *strip, by int, times float64, left law) {
	into := a.at(w)
	if len(left.p) == 1 && len(a.left[w].p) == 1 && left.lo == a.left[w].lo {
		into.add(row, by, times)
		return
	}
	there, more := into.mass(), times*row.mass()
	into.add(row, by, times)
	switch {
	case more <= 0:
	case there <= 0:
		a.left[w] = left
	default:
		a.left[w] = a.left[w].scaled(there / (there + more)).or(left.scaled(more / (there + more)))
	}
}

// at is the row of a cell, which is made if need be.
func (a *pairs) at(w int) *strip {
	if a.lo >= a.hi {
		a.lo, a.hi = w, w+1
	}
	a.lo, a.hi = min(a.lo, w), max(a.hi, w+1)
	if a.rows[w] == nil {
		if n := len(a.spare); n > 0 {
			a.rows[w], a.spare = a.spare[n-1], a.spare[:n-1]
		} else {
			a.rows[w] = newStrip(a.width)
		}
		a.left[w] = point(0)
	}
	return a.rows[w]
}

// drop takes a row out.
func (a *pairs) drop(w int) {
	if r := a.rows[w]; r != nil {
		clear(r.there())
		r.lo, r.hi = 0, 0
		a.spare, a.rows[w] = append(a.spare, r), nil
	}
}

// close leaves out the outer rows as far as hardly any mass is in them.
func (a *pairs) close() {
	none := func(w int) bool { return a.rows[w] == nil || a.rows[w].mass() < gateLost }
	for ; a.lo < a.hi && none(a.lo); a.lo++ {
		a.drop(a.lo)
	}
	for ; a.lo < a.hi && none(a.hi-1); a.hi-- {
		a.drop(a.hi - 1)
	}
}

// fall moves all rows down by one, but the lowest, which takes in the next.
func (a *pairs) fall() {
	if a.lo >= a.hi || a.hi == 1 {
		return
	}
	if a.lo == 0 {
		if a.rows[0] != nil {
			a.give(1, a.rows[0], 0, 1, a.left[0])
			a.drop(0)
		}
		a.lo = 1
	}
	copy(a.rows[a.lo-1:], a.rows[a.lo:a.hi])
	copy(a.left[a.lo-1:], a.left[a.lo:a.hi])
	a.rows[a.hi-1] = nil
	a.lo, a.hi = a.lo-1, a.hi-1
}

// hopper lets a birth-death chain of the number in the lane go on for a fixed time, by
// uniformisation: a Poisson number of jumps at the rate of the fullest state.
type hopper struct {
	weights   []float64
	birth     float64
	death     []float64 // by the number, and as the last from there on
	busy      int       // the number from which on they all work
	ceiling   int       // the most that there may be, MaxInt: any number
	cur, next []float64
}

// set prepares for so many births, and ends of services of each of the servers at full pace, on
// the mean; paces are those with one more and more waiting.
func (m *hopper) set(births, ends float64, servers int, paces []float64) {
	all := births + ends*float64(servers)
	m.weights = m.weights[:0]
	if all <= 0 {
		return
	}
	if !(all < gateMost) {
		panic(stopped{&UnsupportedError{Chain, "too much happens behind a throttle from token to token"}})
	}
	n := poissonLaw(all).without(gateRest)
	m.weights = append(append(m.weights, make([]float64, n.lo)...), n.scaled(1/n.mass()).p...)
	m.birth, m.death = births/all, m.death[:0]
	for k := range servers + 1 {
		m.death = append(m.death, float64(k)*ends/all)
	}
	m.busy = servers
	for _, pace := range paces {
		m.death = append(m.death, pace*float64(servers)*ends/all)
	}
}

// apply changes a law. What gets to the floor is taken out.
func (m *hopper) apply(r *strip, floor int) {
	if short := len(r.p) + 2 - len(m.cur); short > 0 {
		m.cur, m.next = append(m.cur, make([]float64, short)...), append(m.next, make([]float64, short)...)
	}
	lo, hi := r.lo, r.hi
	copy(m.cur[lo:hi], r.there())
	r.scale(m.weights[0])
	for _, weight := range m.weights[1:] {
		from, to := max(lo-1, floor+1, 0), hi+1
		m.cur[hi], m.cur[hi+1] = 0, 0
		if to > m.ceiling+1 {
			to = max(m.ceiling+1, from)
		}
		if lo > 0 {
			m.cur[lo-1] = 0
		}
		m.hop(from, to)
		into := r.p[from:to]
		for l, x := range m.next[from:to] {
			into[l] += weight * x
		}
		lo, hi = from, to
		m.cur, m.next = m.next, m.cur
	}
	r.lo, r.hi = min(r.lo, lo), hi
}

// hop puts into next, from lo to hi, what one jump makes of cur, which is 0 elsewhere.
func (m *hopper) hop(lo, hi int) {
	cur, next, last := m.cur, m.next, len(m.death)-1
	below, l := 0.0, lo
	for ; l < min(hi, last); l++ {
		next[l] = below*m.birth + cur[l]*(1-m.birth-m.death[l]) + cur[l+1]*m.death[l+1]
		below = cur[l]
	}
	end, stays := m.death[last], 0.0
	if last > m.busy {
		stays = 1 - m.birth - end
	}
	for ; l < hi; l++ {
		next[l] = below*m.birth + cur[l]*stays + cur[l+1]*end
		below = cur[l]
	}
	if hi == m.ceiling+1 && hi > lo { // who finds it full is turned away
		next[hi-1] += cur[hi-1] * m.birth
	}
}
