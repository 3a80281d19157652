package queueing

import "math"

// pairs is a law of (W, L): rows by L for each cell of W.
type pairs struct {
	rows   [][]float64 // nil where there is nothing
	lo, hi int         // rows that there may be, hi not included
	width  int         // of rows
	spare  [][]float64
}

func (g *gate) newPairs(width int) pairs {
	return pairs{rows: make([][]float64, g.brink), width: width}
}

// at is the row of a cell, which is made if need be.
func (a *pairs) at(w int) []float64 {
	if a.lo >= a.hi {
		a.lo, a.hi = w, w+1
	}
	a.lo, a.hi = min(a.lo, w), max(a.hi, w+1)
	if a.rows[w] == nil {
		if n := len(a.spare); n > 0 {
			a.rows[w], a.spare = a.spare[n-1], a.spare[:n-1]
		} else {
			a.rows[w] = make([]float64, a.width)
		}
	}
	return a.rows[w]
}

// drop takes a row out.
func (a *pairs) drop(w int) {
	if r := a.rows[w]; r != nil {
		clear(r)
		a.spare, a.rows[w] = append(a.spare, r), nil
	}
}

// close leaves out the outer rows as far as hardly any mass is in them.
func (a *pairs) close() {
	for a.lo < a.hi && total(a.rows[a.lo]) < gateLost {
		a.drop(a.lo)
		a.lo++
	}
	for a.lo < a.hi && total(a.rows[a.hi-1]) < gateLost {
		a.hi--
		a.drop(a.hi)
	}
}

func total(r []float64) (sum float64) {
	for _, x := range r {
		sum += x
	}
	return sum
}

// hopper lets a birth-death chain of the number in the lane go on for a fixed time, by
// uniformisation: a Poisson number of jumps at the rate of the fullest state.
type hopper struct {
	weights []float64
	birth   float64
	death   []float64 // by busy servers
	cur     []float64
	next    []float64
}

// set prepares for so many births, and ends of services of each of the servers, on the mean.
func (m *hopper) set(births, ends float64, servers int) {
	all := births + ends*float64(servers)
	m.weights = m.weights[:0]
	if all <= 0 {
		return
	}
	n := poissonLaw(all)
	sum := 0.0
	for range n.lo {
		m.weights = append(m.weights, 0)
	}
	for _, p := range n.p {
		m.weights = append(m.weights, p)
		if sum += p; sum > 1-1e-14 {
			break
		}
	}
	for i := range m.weights {
		m.weights[i] /= sum
	}
	m.birth = births / all
	m.death = m.death[:0]
	for k := range servers + 1 {
		m.death = append(m.death, float64(k)*ends/all)
	}
}

// apply changes a row that is not 0 from lo to hi. What gets to the floor is taken out.
func (m *hopper) apply(row []float64, lo, hi, floor int) {
	if short := len(row) + 2 - len(m.cur); short > 0 {
		m.cur, m.next = append(m.cur, make([]float64, short)...), append(m.next, make([]float64, short)...)
	}
	servers := len(m.death) - 1
	copy(m.cur[lo:hi], row[lo:hi])
	for l := lo; l < hi; l++ {
		row[l] *= m.weights[0]
	}
	for _, weight := range m.weights[1:] {
		from, to := max(lo-1, floor+1, 0), hi+1
		m.cur[hi], m.cur[hi+1] = 0, 0
		if lo > 0 {
			m.cur[lo-1] = 0
		}
		for l := from; l < to; l++ {
			x := m.cur[l]*(1-m.birth-m.death[min(l, servers)]) + m.cur[l+1]*m.death[min(l+1, servers)]
			if l > 0 && l > from {
				x += m.cur[l-1] * m.birth
			}
			m.next[l] = x
			row[l] += weight * x
		}
		lo, hi = from, to
		m.cur, m.next = m.next, m.cur
	}
	clear(m.cur[max(0, lo-1) : hi+2])
	clear(m.next[max(0, lo-1) : hi+2])
}

// flood is the law of W where many are held back, and for each fraction of W - b that of
// the number in the lane, in each of which the mass is that of the fraction.
type flood struct {
	law   law     // of W in cells, as it was before it fell by late and mean more came
	late  int     // cells
	mean  float64 // requests
	lane  [][]float64
	apart [][]float64 // what may be amiss of it, for what it depends on W
	all   float64
}

func newFlood(cells, width int) flood {
	f := flood{}
	for range cells {
		f.lane, f.apart = append(f.lane, make([]float64, width)), append(f.apart, make([]float64, width))
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
			f.law = f.law.plus(poissonLaw(f.mean).times(g.cells))
			g.work += float64(len(f.law.p)) * 20
		}
	}
	f.late, f.mean = 0, 0
}

// join takes the mass p of a law of the number in the lane, from lo on, at W of so many cells.
func (f *flood) join(g *gate, w int, row []float64, lo int, p float64) {
	f.flush(g)
	mass := p * total(row)
	if mass <= 0 {
		return
	}
	if f.all == 0 {
		f.law = law{w, []float64{0}}
	}
	for f.law.lo > w {
		f.law = law{w, append(make([]float64, f.law.lo-w), f.law.p...)}
	}
	for f.law.hi() < w {
		f.law.p = append(f.law.p, 0)
	}
	f.law.p[w-f.law.lo] += mass
	i := g.fraction(w)
	lane, apart := f.lane[i], f.apart[i]
	if there := total(lane); there > 0 {
		sign, times := 0.0, mass/there
		for l, x := range lane {
			y := -times * x
			if l >= lo && l-lo < len(row) {
				y += p * row[l-lo]
			}
			sign += y * apart[l]
		}
		sign = math.Copysign(1, sign)
		for l, x := range lane {
			apart[l] -= sign * times * x
		}
		for l, x := range row {
			apart[l+lo] += sign * p * x
		}
	}
	for l, x := range row {
		lane[l+lo] += p * x
	}
	f.all += mass
}

// fall lets W fall by a cell; what gets to the shore leaves.
func (f *flood) fall(g *gate) {
	if f.all <= 0 {
		return
	}
	f.late++
	first, apart := f.lane[0], f.apart[0]
	copy(f.lane, f.lane[1:])
	copy(f.apart, f.apart[1:])
	f.lane[g.cells-1], f.apart[g.cells-1] = first, apart
	pass(f.lane[0])
	pass(f.apart[0])
	if f.law.lo-f.late > g.shore {
		return
	}
	f.flush(g)
	for len(f.law.p) > 0 && f.law.lo <= g.shore {
		if mass := f.law.p[0]; mass > 0 {
			f.leave(g, f.law.lo, mass)
		}
		f.law = law{f.law.lo + 1, f.law.p[1:]}
	}
	lost := 0.0
	for len(f.law.p) > 0 && lost+f.law.p[0] < gateLost {
		lost += f.law.p[0]
		f.law = law{f.law.lo + 1, f.law.p[1:]}
	}
	if len(f.law.p) == 0 {
		for i := range f.lane {
			clear(f.lane[i])
			clear(f.apart[i])
		}
		f.all = 0
	}
}

// leave gives a mass at W of so many cells back to the pairs.
func (f *flood) leave(g *gate, w int, mass float64) {
	i := g.fraction(w)
	there := total(f.lane[i])
	if there <= 0 {
		return
	}
	part := math.Min(1, mass/there)
	into := g.pairs.at(w)
	for l, x := range f.lane[i] {
		into[l] += part * x
		f.lane[i][l] -= part * x
	}
	for l, x := range f.apart[i] {
		g.apart += part * math.Abs(x) / 2
		f.apart[i][l] -= part * x
	}
	f.all = math.Max(0, f.all-mass)
	g.takeOut(w)
}

// batch gives the mass p of what there was to where n more at once bring it.
func (f *flood) batch(g *gate, n int, tokens bool, p float64) {
	if f.all <= 0 {
		return
	}
	for j, mass := range f.law.p {
		w := f.law.lo + j
		i := g.fraction(w)
		there := total(f.lane[i])
		if mass == 0 || there <= 0 {
			continue
		}
		lo, hi := extent(f.lane[i])
		more := 0
		if tokens {
			w += n * g.cells
		} else {
			more = n
		}
		g.room(hi + more)
		g.flood.join(g, w, f.lane[i][lo:hi], lo+more, p*mass/there)
	}
	for i, row := range f.apart { // what was amiss stays so
		lo, hi := extent(row)
		more := n
		if tokens {
			more = 0
		}
		for l, x := range row[lo:hi] {
			g.flood.apart[i][lo+more+l] += p * x
		}
	}
}
