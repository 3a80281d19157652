package queueing

import (
	"math"
	"slices"
	"sort"
)

// agedMarks are instants, and the chance to have drained by then.
type agedMarks struct {
	at, by []float64 // without the atoms
	all    []float64 // with them
	atoms  []Atom
}

// mark adds an instant.
func (m *agedMarks) mark(at, by, inAtoms float64) {
	m.at, m.by, m.all = append(m.at, at), append(m.by, by), append(m.all, by+inAtoms)
}

// marks of a walk. What drains in a step has done so between two marks, or, of points, half
// before and half after one.
func (w *agedServer) marks() (m agedMarks) {
	inAtoms, sum := w.atom, 0.0
	if w.atom > agedLeft {
		m.atoms = []Atom{{w.begin, w.atom}}
	}
	m.mark(w.begin, 0, inAtoms)
	for i, mass := range w.gone {
		t := w.time(w.from + i + 1)
		if w.whole == 0 {
			sum += mass
			m.mark(t+w.h/2, sum, inAtoms)
			continue
		}
		if more := mass - w.beside(i); more > agedLeft {
			m.atoms, mass = append(m.atoms, Atom{t, more}), mass-more
			inAtoms += more
		}
		m.mark(t, sum+mass/2, inAtoms)
		sum += mass
	}
	return m
}

// beside is what drains in the steps beside one, or in it where no services that have
// followed each other from a known instant end.
func (w *agedServer) beside(i int) float64 {
	if !w.onLattice(w.from + i + 1) {
		return w.gone[i]
	}
	sum, n := 0.0, 0.0
	for _, j := range [...]int{i - 1, i + 1} {
		if j >= 0 && j < len(w.gone) {
			sum, n = sum+w.gone[j], n+1
		}
	}
	return sum / math.Max(1, n)
}

// onLattice tells whether services end at a step that have followed each other from when
// the lane came up or a batch did.
func (w *agedServer) onLattice(step int) bool {
	for _, from := range w.anchors {
		if step >= from && (step-from)%w.whole == 0 {
			return true
		}
	}
	return false
}

// extrapolatedServer is the law of two widths, whose errors go with the square. What is stated
// allows for errors that go with the width itself.
func extrapolatedServer(coarse, fine *agedServer) Drain {
	c, f := coarse.marks(), fine.marks()
	var panels []panel
	off, last, was := 0.0, 0, 0.0
	for k, t := range c.at {
		i := sort.SearchFloat64s(f.at, t-fine.h/4)
		if i == len(f.at) {
			break
		}
		off = math.Max(off, math.Abs(f.all[i]-c.all[k]))
		if by := math.Max(was, (4*f.by[i]-c.by[k])/3); i > last {
			panels = append(panels, f.panels(last, i, by-was)...)
			last, was = i, by
		}
	}
	atoms := extrapolatedAtoms(f.atoms, c.atoms, fine.h/4)
	law := newCurve(panels, atoms, 0)
	missing := 1 - law.total()
	law = law.over(1 - missing)
	d := Drain{Distribution: law, Method: Chain, Quality: Exact}
	d.AbsError = math.Min(1, 2*off/3+f.roughness(fine)+fine.blurred()+fine.unsure+math.Abs(missing))
	for _, a := range law.atoms {
		if a.Mass > d.AbsError {
			d.Atoms = append(d.Atoms, a)
		}
	}
	return d.owningUp("the law is found")
}

// over is the law with all its masses divided by one number.
func (c *curve) over(total float64) *curve {
	var atoms []Atom
	for _, a := range c.atoms {
		atoms = append(atoms, Atom{a.At, a.Mass / total})
	}
	var panels []panel
	for _, p := range c.panels {
		panels = append(panels, p.times(1/total))
	}
	return newCurve(panels, atoms, c.never/total)
}

// panels from one mark to another have so much mass, shared as these marks say.
func (m agedMarks) panels(from, to int, mass float64) (out []panel) {
	all := m.by[to] - m.by[from]
	for i := from; i < to; i++ {
		part := mass / float64(to-from)
		if all > 0 {
			part = mass * (m.by[i+1] - m.by[i]) / all
		}
		if lo, hi := m.at[i], m.at[i+1]; hi > lo && part > 0 {
			out = append(out, newPanel(lo, hi, []float64{part / (hi - lo)}))
		}
	}
	return out
}

// roughness is what a law may be off by between marks: how far what drains between two is
// from what does beside. Of services that are atoms what is in one may be shared by two.
func (m agedMarks) roughness(w *agedServer) float64 {
	worst := 0.0
	for i := 1; i+2 < len(m.by); i++ {
		worst = math.Max(worst, math.Abs(m.by[i+2]-3*m.by[i+1]+3*m.by[i]-m.by[i-1]))
	}
	if _, measured := w.service.(Empirical); measured || w.whole > 0 {
		return worst
	}
	return worst / 2
}

// blurred is what is in an atom at the most where the services' atoms are not followed:
// as much as drains in the time between two of them.
func (w *agedServer) blurred() (most float64) {
	s, measured := w.service.(Empirical)
	if !measured || w.whole > 0 {
		return 0
	}
	apart := latticeOf(s)
	if apart == 0 {
		apart = s.Mean() / float64(len(slices.Compact(s.Times())))
	}
	n, sum := int(math.Ceil(apart/w.h)), 0.0
	for i, mass := range w.gone {
		if sum += mass; i >= n {
			sum -= w.gone[i-n]
		}
		most = math.Max(most, sum)
	}
	return most * math.Min(1, apart/w.h)
}

// extrapolatedAtoms are those of two widths, at the same instants.
func extrapolatedAtoms(fine, coarse []Atom, near float64) (out []Atom) {
	for _, a := range fine {
		for len(coarse) > 0 && coarse[0].At < a.At-near {
			coarse = coarse[1:]
		}
		other := 0.0
		if len(coarse) > 0 && coarse[0].At < a.At+near {
			other = coarse[0].Mass
		}
		if mass := (4*a.Mass - other) / 3; mass > 0 {
			out = append(out, Atom{a.At, mass})
		}
	}
	return out
}
