package queueing

import "math"

// flood is the law of W where many are held back, and for each fraction of W - b that of
// the number in the lane, whose mass is that of the fraction. With a pool W and the number m
// of members left are followed: W and the tokens for those members add up to what they leave
// alone.
type flood struct {
	law   []law   // by W in cells, with the tokens for those left, from lo on: of their number
	lo    int     // cells; both as they were before it fell by late, mean more came
	late  int     // cells
	mean  float64 // requests
	stay  float64 // and a member did not come with this probability
	least int     // cells, the least W
	lane  []*strip
	apart []*strip // what may be amiss of it, for what it depends on W
	all   float64
}

func newFlood(cells, width int) flood {
	f := flood{stay: 1}
	for range cells {
		f.lane, f.apart = append(f.lane, newStrip(width)), append(f.apart, newStrip(width))
	}
	return f
}

// fraction of W of so many cells above b.
func (g *gate) fraction(w int) int { return ((w-g.burst)%g.cells + g.cells) % g.cells }

// flush brings the law of W up to date.
func (f *flood) flush(g *gate) {
	if f.late == 0 && f.mean == 0 && f.stay == 1 {
		return
	}
	if f.all > 0 {
		f.lo -= f.late
		f.thin(g)
		f.shift(g)
		f.least = math.MaxInt
		for i, a := range f.law {
			if len(a.p) > 0 {
				f.least = min(f.least, f.lo+i-g.tokens(a.hi()))
			}
		}
	}
	f.late, f.mean, f.stay = 0, 0, 1
}

// tokens are the cells of those for so many members.
func (g *gate) tokens(members int) int { return members * g.crowd.size * g.cells }

// thin lets the members come that have since.
func (f *flood) thin(g *gate) {
	if f.stay == 1 {
		return
	}
	thin := thinning{due: 1 - f.stay}
	for i, a := range f.law {
		if len(a.p) == 0 {
			continue
		}
		n := thin.of(a.hi())
		out := law{max(0, a.lo-thin.of(a.lo).hi()), nil}
		out.p = make([]float64, a.hi()-n.lo-out.lo+1)
		for k, p := range a.p {
			n := thin.of(a.lo + k)
			g.work += float64(len(n.p))
			for j, q := range n.p {
				if at := a.lo + k - n.lo - j - out.lo; at >= 0 {
					out.p[at] += p * q
				}
			}
		}
		f.law[i] = out.without(gateCut)
	}
}

// shift lets the others come that have since.
func (f *flood) shift(g *gate) {
	if f.mean <= 0 {
		return
	}
	n := poissonLaw(f.mean).without(gateCut)
	was := f.law
	f.lo += n.lo * g.cells
	f.law = make([]law, len(was)+(len(n.p)-1)*g.cells)
	for i, a := range was {
		if len(a.p) == 0 {
			continue
		}
		for j, p := range n.p {
			f.law[i+j*g.cells] = f.law[i+j*g.cells].mixed(a, p)
		}
		g.work += float64(len(n.p) * len(a.p))
	}
	f.trim()
}

// trim leaves out what is hardly there.
func (f *flood) trim() {
	none := func(i int) bool { return law.mass(f.law[i]) < gateCut }
	for len(f.law) > 0 && none(0) {
		f.law, f.lo = f.law[1:], f.lo+1
	}
	for len(f.law) > 0 && none(len(f.law)-1) {
		f.law = f.law[:len(f.law)-1]
	}
}

// join takes the mass p of a law of the number in the lane, moved up by so many, at W of so
// many cells.
func (f *flood) join(g *gate, w int, row *strip, by int, p float64, left law) {
	f.flush(g)
	mass := p * row.mass()
	if mass <= 0 {
		return
	}
	for i, x := range left.p {
		m := left.lo + i
		f.take(w+g.tokens(m), law{m, []float64{x}}, mass)
		f.least = min(f.least, w)
	}
	f.all += mass
	lane, apart := f.lane[g.fraction(w)], f.apart[g.fraction(w)]
	if there := lane.mass(); there > 0 {
		change := g.spare
		if change == nil || len(change.p) < len(lane.p) {
			change = newStrip(len(lane.p))
			g.spare = change
		}
		clear(change.there())
		change.lo, change.hi = 0, 0
		change.add(row, by, p)
		change.add(lane, 0, -mass/there)
		sign := 0.0
		for l := change.lo; l < change.hi; l++ {
			sign += change.p[l] * apart.p[l]
		}
		apart.add(change, 0, math.Copysign(1, sign))
	}
	lane.add(row, by, p)
}

// take adds a law of how many are left, times a factor, where W and the tokens for those are
// so many cells.
func (f *flood) take(w int, left law, times float64) {
	if len(f.law) == 0 {
		f.lo, f.least = w, math.MaxInt
	}
	if more := f.lo - w; more > 0 {
		f.law, f.lo = append(make([]law, more), f.law...), w
	}
	if more := w - f.lo - len(f.law) + 1; more > 0 {
		f.law = append(f.law, make([]law, more)...)
	}
	f.law[w-f.lo] = f.law[w-f.lo].mixed(left, times)
}

// fall lets W fall by a cell; what gets to the shore leaves.
func (f *flood) fall(g *gate) {
	if f.all <= 0 {
		return
	}
	f.late++
	for _, rows := range [...][]*strip{f.lane, f.apart} {
		first := rows[0]
		copy(rows, rows[1:])
		rows[g.cells-1] = first
		if !g.alone {
			rows[0].pass()
		}
	}
	if f.least-f.late > g.shore {
		return
	}
	f.flush(g)
	for i, a := range f.law {
		for len(a.p) > 0 && (f.lo+i-g.tokens(a.hi()) <= g.shore || a.p[len(a.p)-1] < gateCut) {
			m := a.hi()
			if w := f.lo + i - g.tokens(m); w <= g.shore && w >= 0 {
				f.leave(g, w, a.p[len(a.p)-1], point(m))
			}
			a.p = a.p[:len(a.p)-1]
		}
		f.law[i] = a
	}
	if f.trim(); len(f.law) == 0 {
		*f = newFlood(g.cells, g.pairs.width)
	}
}

// leave gives a mass at W of so many cells back to the pairs.
func (f *flood) leave(g *gate, w int, mass float64, left law) {
	lane, apart := f.lane[g.fraction(w)], f.apart[g.fraction(w)]
	there := lane.mass()
	if mass <= 0 || there <= 0 {
		return
	}
	part := math.Min(1, mass/there)
	g.pairs.give(w, lane, 0, part, left)
	for _, x := range apart.there() {
		g.apart += part * math.Abs(x) / 2
	}
	lane.scale(1 - part)
	apart.scale(1 - part)
	f.all = math.Max(0, f.all-mass)
	g.takeOut(w)
}

// batch gives the mass p of what there was to where n more at once bring it.
func (f *flood) batch(g *gate, n int, tokens bool, p float64) {
	if f.all <= 0 {
		return
	}
	up, by := n*g.cells, 0
	if !tokens {
		up, by = 0, n
	}
	for i, a := range f.law {
		if len(a.p) > 0 {
			g.flood.take(f.lo+i+up, a, p)
			g.flood.least = min(g.flood.least, f.lo+i+up-g.tokens(a.hi()))
		}
	}
	g.flood.all += p * f.all
	for i, row := range f.lane { // a whole number of tokens leaves the fraction
		g.flood.lane[i].add(row, by, p)
		g.flood.apart[i].add(f.apart[i], by, p)
	}
}
