package queueing

import (
	"math"
	"sort"
)

// ringMarch solves equations of the second kind, as [passage] has them, at all points of
// a circle at once, in the panels that the real equation calls for and with the rules for
// its kernel that were found there.
type ringMarch struct {
	points int
	cuts   []marchCut
	values [][][]complex128 // in each panel, at each node, for each point
	row    func(t float64) ringRow
	off    func(a, b, t, exponent float64) bool // whether the kernel is small throughout (a,b)
	scale  func(t float64) float64
	check  func()
}

// ringRow is the equation at one instant t.
type ringRow interface {
	source(dst []complex128, t float64)
	// kernels sets those of (s,t) at each point; false if they are all 0.
	kernels(dst []complex128, s, t float64) (some bool)
}

// circleRelative is the error of a panel relative to its right end.
const circleRelative = 1e-3

// circleTolerance is asked of the passage at least: an exact law has no larger error.
const circleTolerance = 1e-7

// cut solves the real equation, whose panels it takes. These leave its tolerance.
func (m *ringMarch) cut(q passage, tolerance float64) (alone *march) {
	alone = &march{passage: q, tolerance: math.Min(tolerance, circleTolerance) / 20, relative: circleRelative, nodes: cheb16, check: m.check, cuts: &m.cuts, most: valuesOf(q)}
	lo, hi := q.window(alone.tolerance)
	alone.floor = alone.tolerance / (100 * (hi - lo))
	alone.run(lo, hi)
	return alone
}

// solved is f in all panels.
func (m *ringMarch) solved() (f []ringPanel) {
	m.values = make([][][]complex128, len(m.cuts))
	for n, cut := range m.cuts {
		m.solve(n)
		f = append(f, ringPanel{lo: cut.lo, hi: cut.hi, f: m.values[n]})
	}
	return f
}

// ringEquation is a panel's, at one of its nodes.
type ringEquation struct {
	*ringMarch
	ringRow
	cut         marchCut
	t           float64
	value       []complex128   // of the source, less what was before, for each point
	own         [][]complex128 // weights of the unknown values at each node, for each point
	kernel, now []complex128
	card        []float64
}

// solve finds f in a panel from those before it.
func (m *ringMarch) solve(panel int) {
	cut := m.cuts[panel]
	rows := make([]*ringEquation, len(cheb16.x))
	parts := make([][][2]float64, len(rows))
	for i, x := range cheb16.x {
		t := (cut.lo+cut.hi)/2 + (cut.hi-cut.lo)/2*x
		rows[i] = &ringEquation{ringMarch: m, cut: cut, t: t}
		if cut.counts {
			off := func(a, b float64) bool { return m.off(a, b, t, cut.small) }
			segments(t, m.cuts[0].lo, m.scale(t), off, func(a, b float64) { parts[i] = append(parts[i], [2]float64{a, b}) })
		}
	}
	if err := sideBySide(len(rows), func(i int) error {
		rows[i].set(parts[i])
		return nil
	}); err != nil {
		panic(stopped{err})
	}
	values := make([][]complex128, len(rows))
	for i, r := range rows {
		values[i] = r.value
	}
	m.values[panel] = values
	if !cut.counts {
		return
	}
	n := len(rows)
	matrix, column := make([]complex128, n*n), make([]complex128, n)
	for j := range m.points {
		for i, r := range rows {
			for k := range n {
				matrix[i*n+k] = r.own[k][j]
			}
			matrix[i*n+i]++
			column[i] = values[i][j]
		}
		solveLinear(matrix, column, span)
		for i, x := range column {
			values[i][j] = x
		}
	}
}

// set takes the source and what the kernel makes of the past.
func (r *ringEquation) set(parts [][2]float64) {
	r.check()
	r.ringRow = r.row(r.t)
	r.value, r.kernel, r.now = make([]complex128, r.points), make([]complex128, r.points), make([]complex128, r.points)
	r.source(r.value, r.t)
	if !r.cut.counts {
		return
	}
	r.card = make([]float64, len(cheb16.x))
	r.own = make([][]complex128, len(cheb16.x))
	for k := range r.own {
		r.own[k] = make([]complex128, r.points)
	}
	for _, x := range parts {
		a, b := x[0], x[1]
		if a < r.cut.lo {
			r.past(a, math.Min(b, r.cut.lo))
		}
		if b > r.cut.lo {
			r.within(math.Max(a, r.cut.lo), b)
		}
	}
}

// past takes off what has been drained in (a,b) before and would be so again at t.
func (r *ringEquation) past(a, b float64) {
	i := sort.Search(len(r.cuts), func(i int) bool { return r.cuts[i].hi > a })
	for ; i < len(r.cuts) && r.cuts[i].lo < b; i++ {
		cut := &r.cuts[i]
		x, y := math.Max(a, cut.lo), math.Min(b, cut.hi)
		half, mid := (y-x)/2, (y+x)/2
		for m, g := range r.cut.gauss.x {
			s := mid + half*g
			if !r.kernels(r.kernel, s, r.t) {
				continue
			}
			cheb16.cardinals(r.card, (2*s-cut.lo-cut.hi)/(cut.hi-cut.lo))
			clear(r.now)
			for node, w := range r.card {
				for j, f := range r.values[i][node] {
					r.now[j] += complex(w*real(f), w*imag(f))
				}
			}
			weight := complex(half*r.cut.gauss.w[m], 0)
			for j, f := range r.now {
				r.value[j] -= r.kernel[j] * weight * f
			}
		}
	}
}

// within adds the weights of the unknown values at the panel's nodes.
func (r *ringEquation) within(a, b float64) {
	half, mid := (b-a)/2, (b+a)/2
	for m, g := range r.cut.gauss.x {
		s := mid + half*g
		if !r.kernels(r.kernel, s, r.t) {
			continue
		}
		cheb16.cardinals(r.card, (2*s-r.cut.lo-r.cut.hi)/(r.cut.hi-r.cut.lo))
		weight := half * r.cut.gauss.w[m]
		for node, w := range r.card {
			to := r.own[node]
			for j, x := range r.kernel {
				to[j] += complex(weight*w*real(x), weight*w*imag(x))
			}
		}
	}
}
