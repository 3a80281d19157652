package queueing

import "math"

// flood is the law of W where many are held back, and for each fraction of W - b that of
// the number in the lane, whose mass is that of the fraction.
type flood struct {
	law   law     // of W in cells, as it was before it fell by late and mean more came
	late  int     // cells
	mean  float64 // requests
	lane  []*strip
	apart []*strip // what may be amiss of it, for what it depends on W
	all   float64
}

func newFlood(cells, width int) flood {
	f := flood{}
	for range cells {
		f.lane, f.apart = append(f.lane, newStrip(width)), append(f.apart, newStrip(width))
	}
	return f
}

// fraction of W of so many cells above b.
func (g *gate) fraction(w int) int { return ((w-g.burst)%g.cells + g.cells) % g.cells }

// flush brings the law of W up to date.
func (f *flood) flush(g *gate) {
	if f.all > 0 {
		f.law.lo -= f.late
		if f.mean > 0 {
			n := poissonLaw(f.mean).without(gateCut)
			f.law = f.law.plus(n.times(g.cells))
			g.work += float64(len(f.law.p) * len(n.p))
		}
	}
	f.late, f.mean = 0, 0
}

// join takes the mass p of a law of the number in the lane, moved up by so many, at W of so
// many cells.
func (f *flood) join(g *gate, w int, row *strip, by int, p float64) {
	f.flush(g)
	mass := p * row.mass()
	if mass <= 0 {
		return
	}
	f.take(w, mass)
	lane, apart := f.lane[g.fraction(w)], f.apart[g.fraction(w)]
	if there := lane.mass(); there > 0 {
		change := newStrip(len(lane.p))
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

// take adds a mass at W of so many cells to the law of W.
func (f *flood) take(w int, mass float64) {
	if f.all == 0 {
		f.law = law{w, []float64{0}}
	}
	if more := f.law.lo - w; more > 0 {
		f.law = law{w, append(make([]float64, more), f.law.p...)}
	}
	if more := w - f.law.hi(); more > 0 {
		f.law.p = append(f.law.p, make([]float64, more)...)
	}
	f.law.p[w-f.law.lo] += mass
	f.all += mass
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
		rows[0].pass()
	}
	if f.law.lo-f.late > g.shore {
		return
	}
	f.flush(g)
	for len(f.law.p) > 0 && f.law.lo <= g.shore {
		f.leave(g, f.law.lo, f.law.p[0])
		f.law = law{f.law.lo + 1, f.law.p[1:]}
	}
	for lost := gateLost; len(f.law.p) > 0 && f.law.p[0] < lost; {
		lost -= f.law.p[0]
		f.law = law{f.law.lo + 1, f.law.p[1:]}
	}
	if len(f.law.p) == 0 {
		*f = newFlood(g.cells, g.pairs.width)
	}
}

// leave gives a mass at W of so many cells back to the pairs.
func (f *flood) leave(g *gate, w int, mass float64) {
	lane, apart := f.lane[g.fraction(w)], f.apart[g.fraction(w)]
	there := lane.mass()
	if mass <= 0 || there <= 0 {
		return
	}
	part := math.Min(1, mass/there)
	g.pairs.at(w).add(lane, 0, part)
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
	for j, mass := range f.law.p {
		if mass > 0 {
			g.flood.take(f.law.lo+j+up, p*mass)
		}
	}
	for i, row := range f.lane { // a whole number of tokens leaves the fraction
		g.flood.lane[i].add(row, by, p)
		g.flood.apart[i].add(f.apart[i], by, p)
	}
}
