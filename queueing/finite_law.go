package queueing

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mathext"
)

// fixing turns the values of a probability for Poisson numbers of members,
// one for each node, into the value for the mean number.
type fixing struct {
	points  []complex128 // (M - N) / half on the upper half of the circle
	weights []complex128
	coef    [][]float64 // values at the nodes to Chebyshev coefficients
	errors  float64     // of the values, on the left
}

// newFixing places the points on the circle and the n+1 nodes N + half
// cos(pi i/n).
func newFixing(members, half float64, n int) fixing {
	step := math.Min(0.3/math.Sqrt(members), math.Pi/32)
	count := int(math.Min(math.Ceil(7.2/math.Sqrt(members)/step), math.Round(math.Pi/step)))
	f := fixing{}
	total := 0.0
	for j := range count + 1 {
		theta := step * float64(j)
		e := cmplx.Exp(complex(0, theta))
		w := cmplx.Exp(complex(members, 0) * (e - complex(1, theta)))
		if j > 0 && math.Abs(theta-math.Pi) > 1e-9 { // for its mirror image too
			w *= 2
		}
		f.points = append(f.points, complex(members/half, 0)*(e-1))
		f.weights = append(f.weights, w)
		total += real(w)
	}
	for j := range f.weights {
		f.weights[j] /= complex(total, 0)
	}
	for k := range n + 1 {
		row := make([]float64, n+1)
		for i := range row {
			row[i] = 2 / float64(n) * math.Cos(math.Pi*float64(i*k)/float64(n))
			if i == 0 || i == n {
				row[i] /= 2
			}
			if k == 0 || k == n {
				row[i] /= 2
			}
		}
		f.coef = append(f.coef, row)
	}
	return f
}

// below is the probability, given its values at the nodes and those of its
// complement. It works on the smaller one.
func (f fixing) below(p, q []float64) float64 {
	if q[len(q)/2] < p[len(p)/2] {
		return 1 - f.small(q)
	}
	return f.small(p)
}

// small takes normal quantiles. Coefficients that may be but the error of the
// values are left out, since the continuation would blow them up.
func (f fixing) small(p []float64) float64 {
	middle := p[len(p)/2]
	quantiles := make([]float64, len(p))
	noise := 0.0
	for i, x := range p {
		if x < 1e-290 {
			return middle
		}
		z := mathext.NormalQuantile(math.Min(x, 1-1e-16))
		quantiles[i] = z
		noise = math.Max(noise, math.Min(f.errors, 1e-6*x+1e-14)*math.Sqrt(2*math.Pi)*math.Exp(z*z/2))
	}
	coef := make([]float64, len(p))
	for k, row := range f.coef {
		for i, c := range row {
			coef[k] += c * quantiles[i]
		}
		if k > 0 && math.Abs(coef[k]) < noise {
			coef[k] = 0
		}
	}
	sum := 0.0
	for j, y := range f.points {
		sum += real(f.weights[j] * normalBelow(complexClenshaw(coef, y)))
	}
	return math.Min(1, math.Max(0, sum))
}

func complexClenshaw(coef []float64, x complex128) complex128 {
	b1, b2 := complex(0, 0), complex(0, 0)
	for k := len(coef) - 1; k > 0; k-- {
		b1, b2 = complex(coef[k], 0)+2*x*b1-b2, b1
	}
	return complex(coef[0], 0) + x*b1 - b2
}

// cdfs are P(T <= t) and P(T > t) of each law.
func cdfs(drains []*Drain, t float64) (p, q []float64) {
	for _, d := range drains {
		p, q = append(p, d.CDF(t)), append(q, d.Exceed(t))
	}
	return p, q
}

// law puts the fixed law together on the panels, or the lattice, of the middle
// one.
func (f fixing) law(drains []*Drain, rest float64) Drain {
	out := *drains[len(drains)/2]
	for _, d := range drains {
		rest = math.Max(rest, 2*d.AbsError)
	}
	out.AbsError = rest
	switch middle := out.Distribution.(type) {
	case *lattice:
		out.Distribution = f.onLattice(drains, middle)
		out.AbsError += math.Abs(1 - out.Distribution.(*lattice).left[len(middle.q)])
	case *curve:
		c := f.onPanels(drains, middle)
		out.Distribution = c
		out.AbsError += 0.1 * f.untouched(drains)
		out.AbsError += math.Abs(1 - c.total())
		out.Atoms = nil
		for _, a := range c.atoms {
			if a.Mass > out.AbsError {
				out.Atoms = append(out.Atoms, a)
			}
		}
	}
	return out
}

// Where a tail of one of the laws is less than this it has no digits for
// normal quantiles; the middle law's shape is taken there.
const (
	fixLeft  = 1e-9
	fixRight = 1e-13
	fixWorst = 1e-3 // error beyond which the pool stays Poisson
)

// least value of a probability at t over the laws.
func least(drains []*Drain, t float64, of func(Drain, float64) float64) float64 {
	low := 1.0
	for _, d := range drains {
		low = math.Min(low, of(*d, t))
	}
	return low
}

// untouched is the mass of the tails that are not worked on.
func (f fixing) untouched(drains []*Drain) float64 {
	middle := drains[len(drains)/2].Distribution.(*curve)
	lo, hi := middle.span()
	from := bisect(lo, hi, func(t float64) bool { return least(drains, t, Drain.CDF) < fixLeft })
	to := bisect(lo, hi, func(t float64) bool { return least(drains, t, Drain.Exceed) > fixRight })
	return middle.below(math.Nextafter(from, lo)) + middle.above(to)
}

// onPanels differentiates the fixed distribution function, from the side on
// which it is small.
func (f fixing) onPanels(drains []*Drain, middle *curve) *curve {
	lo, hi := middle.span()
	from := bisect(lo, hi, func(t float64) bool { return least(drains, t, Drain.CDF) < fixLeft })
	to := bisect(lo, hi, func(t float64) bool { return least(drains, t, Drain.Exceed) > fixRight })
	ratio := func(t float64) float64 { // of the tails at t
		below, above := cdfs(drains, t)
		m := len(drains) / 2
		if t == from {
			return f.below(below, above) / below[m]
		}
		return f.below(above, below) / above[m]
	}
	left, right := 1.0, 1.0
	if from > lo && from < to {
		left = ratio(from)
	}
	if to < hi && from < to {
		right = ratio(to)
	}
	var panels []panel
	for _, p := range splitPanels(middle.panels, from, to) {
		switch mid := (p.lo + p.hi) / 2; {
		case mid < from:
			panels = append(panels, p.times(left))
		case mid > to:
			panels = append(panels, p.times(right))
		default:
			panels = append(panels, f.panel(drains, p.lo, p.hi, middle.below(mid) > 0.5))
		}
	}
	var atoms []Atom
	for _, a := range middle.atoms {
		below, above := cdfs(drains, a.At)
		after := f.below(below, above)
		for i, d := range drains {
			m := d.Distribution.(*curve).massAt(a.At)
			below[i], above[i] = math.Max(0, below[i]-m), math.Min(1, above[i]+m)
		}
		atoms = append(atoms, Atom{a.At, math.Max(0, after-f.below(below, above))})
	}
	return newCurve(panels, atoms, middle.never)
}

// panel differentiates on (lo,hi).
func (f fixing) panel(drains []*Drain, lo, hi float64, right bool) panel {
	values := make([]float64, len(cheb16.x))
	for j, x := range cheb16.x {
		below, above := cdfs(drains, (lo+hi)/2+(hi-lo)/2*x)
		if right {
			values[j] = -f.below(above, below)
		} else {
			values[j] = f.below(below, above)
		}
	}
	return newPanel(lo, hi, derivative(cheb16.coefficients(values), (hi-lo)/2))
}

// splitPanels cuts the panels that hold one of the instants.
func splitPanels(panels []panel, at ...float64) []panel {
	for _, t := range at {
		var out []panel
		for _, p := range panels {
			if w := 1e-9 * (p.hi - p.lo); t > p.lo+w && t < p.hi-w {
				out = append(out, p.part(p.lo, t), p.part(t, p.hi))
				continue
			}
			out = append(out, p)
		}
		panels = out
	}
	return panels
}

// part is the panel on (lo,hi] alone.
func (p panel) part(lo, hi float64) panel {
	values := make([]float64, len(cheb16.x))
	for j, x := range cheb16.x {
		values[j] = p.density((lo+hi)/2 + (hi-lo)/2*x)
	}
	return newPanel(lo, hi, cheb16.coefficients(values))
}

func (p panel) times(c float64) panel {
	coef := make([]float64, len(p.coef))
	for k := range coef {
		coef[k] = c * p.coef[k]
	}
	return newPanel(p.lo, p.hi, coef)
}

func (c *curve) massAt(t float64) float64 {
	sum := 0.0
	for _, a := range c.atoms {
		if a.At == t {
			sum += a.Mass
		}
	}
	return sum
}

// derivative of the sum of coef[k] T_k with respect to a variable that is half
// as fast as the polynomials'.
func derivative(coef []float64, half float64) []float64 {
	n := len(coef)
	out := make([]float64, n+1)
	for k := n - 1; k > 0; k-- {
		out[k-1] = 2 * float64(k) * coef[k]
		if k+1 < n {
			out[k-1] += out[k+1]
		}
	}
	out[0] /= 2
	for k := range out {
		out[k] /= half
	}
	return out[:n]
}

func (f fixing) onLattice(drains []*Drain, middle *lattice) *lattice {
	q := make([]float64, len(middle.q))
	last, right := 0.0, false
	for i := range q {
		below, above := cdfs(drains, middle.at(i)+0.25*middle.d)
		if right || middle.left[i] > 0.5 {
			if !right {
				last, right = -(1 - last), true
			}
			now := -f.below(above, below)
			q[i], last = now-last, now
			continue
		}
		now := f.below(below, above)
		q[i], last = now-last, now
	}
	return newLattice(middle.start, middle.d, middle.first, q)
}
