package queueing

import (
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// fixing turns the values of a probability for Poisson numbers of members,
// one for each node, into the value for the mean number.
type fixing struct {
	points  []complex128 // (M - centre) / half on the upper half of the circle
	weights []complex128
	coef    [][]float64 // values at the nodes to Chebyshev coefficients
	growth  []float64   // the mean size of each Chebyshev polynomial on the circle
	errors  float64     // of the values, on the left
	spread  float64     // standard deviation of a Poisson number, over half
	right   float64     // tail of a law that has no digits
}

// newFixing places the points on the circle about 0 through the number of
// members and the n+1 nodes centre + half cos(pi i/n). K points all around
// would give the number N the mass of N + K and N - K too, and so on: with
// 2 pi sqrt(N)/0.5, that is 12.5 standard deviations away, exp(-78) of it. The
// arc ends where the weight is exp(-26). A coarse one has half as many points:
// 7.8 standard deviations, exp(-30), and an end at exp(-18).
func newFixing(members, centre, half float64, n int, coarse bool) fixing {
	apart, least := 0.5, 26.0 // of a Poisson number's standard deviations; -ln of the weight
	if coarse {
		apart, least = 0.8, 18
	}
	step, end := math.Min(apart/math.Sqrt(members), math.Pi/32), math.Pi
	if least < 2*members { // the weight is exp(members (cos theta - 1))
		end = math.Acos(1 - least/members)
	}
	count := int(math.Min(math.Ceil(end/step), math.Round(math.Pi/step)))
	f := fixing{spread: math.Sqrt(members) / half, right: rightOf(coarse)}
	total := 0.0
	for j := range count + 1 {
		theta := step * float64(j)
		e := cmplx.Exp(complex(0, theta))
		w := cmplx.Exp(complex(members, 0) * (e - complex(1, theta)))
		if j > 0 && math.Abs(theta-math.Pi) > 1e-9 { // for its mirror image too
			w *= 2
		}
		f.points = append(f.points, (complex(members, 0)*e-complex(centre, 0))/complex(half, 0))
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
		f.growth = append(f.growth, f.sizeOf(k))
	}
	return f
}

// sizeOf is the mean of |T_k| over the circle, by the size of the weights.
func (f fixing) sizeOf(k int) float64 {
	only := make([]float64, k+1)
	only[k] = 1
	sum := 0.0
	for j, y := range f.points {
		sum += cmplx.Abs(f.weights[j]) * cmplx.Abs(complexClenshaw(only, y))
	}
	return sum
}

// linearly is a fixing from three nodes whose continuation leaves the square
// of the deviation out.
func (f fixing) linearly() fixing {
	f.coef = [][]float64{{0, 1, 0}, f.coef[1], {0, 0, 0}}
	return f
}

// below is the probability, given its values at the nodes and those of its
// complement, and what it may be off by where its continuation breaks off. It works on
// the smaller one.
func (f fixing) below(p, q []float64) (value, off float64) {
	if q[len(q)/2] < p[len(p)/2] {
		value, off = f.small(q)
		return 1 - value, off
	}
	return f.small(p)
}

// small takes normal quantiles. Coefficients that may be but the error of the
// values are left out, since the continuation would blow them up.
func (f fixing) small(p []float64) (value, off float64) {
	middle := p[len(p)/2]
	quantiles := make([]float64, len(p))
	noise := 0.0
	for i, x := range p {
		if x < 1e-290 {
			return middle, 0
		}
		z := mathext.NormalQuantile(math.Min(x, 1-1e-16))
		quantiles[i] = z
		noise = math.Max(noise, math.Min(f.errors, 1e-6*x+1e-14)*math.Sqrt(2*math.Pi)*math.Exp(z*z/2))
	}
	value, off = f.continued(quantiles, noise)
	return math.Min(value, fixedMost*slices.Max(p)), off
}

// fixedMost bounds the probability for fixed numbers over the largest at the nodes: it
// rises or falls with the numbers, which are no less, and no more, than the fixed ones
// with a probability of .84 at the outer nodes.
const fixedMost = 1.3

// continued is the value for the mean number, from the normal quantiles at the
// nodes and the error that they may have. Where coefficients do not fall it breaks
// off, and may be off by what those that it leaves out make on the circle.
func (f fixing) continued(quantiles []float64, noise float64) (value, off float64) {
	coef := make([]float64, len(quantiles))
	for k, row := range f.coef {
		for i, c := range row {
			coef[k] += c * quantiles[i]
		}
		if k > 0 && math.Abs(coef[k]) < noise {
			coef[k] = 0
		}
	}
	if math.Abs(coef[2]) > math.Abs(coef[1])/2+noise || math.Abs(coef[1])*f.spread >= 1 {
		z := clenshaw(coef, 0) // the middle's
		return normalCDF(z), f.without(coef, 1, z)
	}
	for k := 3; k < len(coef); k++ {
		if math.Abs(coef[k]) > fixFall*math.Max(math.Abs(coef[k-1]), math.Abs(coef[k-2])) {
			off = f.without(coef, k, clenshaw(coef, 0))
			clear(coef[k:]) // no digits away from the nodes
			break
		}
	}
	sum := 0.0
	for j, y := range f.points {
		sum += real(f.weights[j] * normalBelow(complexClenshaw(coef, y)))
	}
	return math.Min(1, math.Max(0, sum)), off
}

// without is what leaving out the coefficients from the k-th on may change, of a
// probability of quantile z.
func (f fixing) without(coef []float64, k int, z float64) float64 {
	shift := 0.0
	for i := k; i < len(coef); i++ {
		shift += math.Abs(coef[i]) * f.growth[i]
	}
	least := math.Max(0, math.Abs(z)-shift)
	return math.Min(1, shift*math.Exp(-least*least/2)/math.Sqrt(2*math.Pi))
}

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func complexClenshaw(coef []float64, x complex128) complex128 {
	b1, b2 := complex(0, 0), complex(0, 0)
	for k := len(coef) - 1; k > 0; k-- {
		b1, b2 = complex(coef[k], 0)+2*x*b1-b2, b1
	}
	return complex(coef[0], 0) + x*b1 - b2
}

// A side is an event of a drain time and its complement.
type side func(d *Drain) (p, q float64)

func below(t float64) side { return func(d *Drain) (p, q float64) { return d.CDF(t), d.Exceed(t) } }
func above(t float64) side { return func(d *Drain) (p, q float64) { return d.Exceed(t), d.CDF(t) } }

// A mixer turns an event's probabilities under laws with Poisson numbers into
// the one with fixed numbers.
type mixer func(side) float64

// cdfs are P(T <= t) and P(T > t) of each law.
func cdfs(drains []*Drain, t float64) (p, q []float64) { return values(drains, below(t)) }

func values(drains []*Drain, of side) (p, q []float64) {
	for _, d := range drains {
		x, y := of(d)
		p, q = append(p, x), append(q, y)
	}
	return p, q
}

// law puts the fixed law together on the panels, or the lattice, of the middle
// one.
func (f fixing) law(drains []*Drain, rest float64) Drain {
	middle := *drains[len(drains)/2]
	if grid, is := middle.Distribution.(*lattice); is {
		for _, d := range drains {
			rest = math.Max(rest, 2*d.AbsError)
		}
		fixed := f.onLattice(drains, grid)
		middle.Distribution = fixed
		middle.AbsError = rest + math.Abs(1-fixed.left[len(grid.q)])
		return middle
	}
	mix := func(of side) float64 { p, _ := f.below(values(drains, of)); return p }
	return mixedLaw(mix, drains, middle, rest, f.right)
}

// mixedLaw puts a fixed law together on the panels of the middle one.
func mixedLaw(mix mixer, drains []*Drain, middle Drain, rest, right float64) Drain {
	out := middle
	for _, d := range drains {
		rest = math.Max(rest, 2*d.AbsError)
	}
	out.AbsError = rest
	from, to := workedOn(drains, middle, right)
	shape := middle.Distribution.(*curve)
	c := onPanels(mix, &middle, from, to)
	out.Distribution = c
	out.AbsError += 0.1 * (shape.below(math.Nextafter(from, 0)) + shape.above(to))
	out.AbsError += math.Abs(1 - c.total())
	out.Atoms = nil
	for _, a := range c.atoms {
		if a.Mass > out.AbsError {
			out.Atoms = append(out.Atoms, a)
		}
	}
	return out
}

// fixFall is what a coefficient may be of the two before it: a continuation
// from coefficients that do not fall would blow up, such as close to an atom.
// Nor can the quantile change by more than 1 over a standard deviation of the
// number, whose mixture the Poisson law is.
const fixFall = 0.25

// onPanels differentiates the fixed distribution function, from the side on
// which it is small.
func onPanels(mix mixer, middle *Drain, from, to float64) *curve {
	shape := middle.Distribution.(*curve)
	lo, hi := shape.span()
	left, right := 1.0, 1.0
	if from > lo && from < to {
		left = mix(below(from)) / middle.CDF(from)
	}
	if to < hi && from < to {
		right = mix(above(to)) / middle.Exceed(to)
	}
	var panels []panel
	for _, p := range splitPanels(shape.panels, from, to) {
		switch mid := (p.lo + p.hi) / 2; {
		case mid < from:
			panels = append(panels, p.times(left))
		case mid > to:
			panels = append(panels, p.times(right))
		default:
			panels = append(panels, mix.panel(p.lo, p.hi, shape.below(mid) > 0.5))
		}
	}
	var atoms []Atom
	for _, a := range shape.atoms {
		before := func(d *Drain) (p, q float64) {
			m := massAt(d.Distribution, a.At)
			return math.Max(0, d.CDF(a.At)-m), math.Min(1, d.Exceed(a.At)+m)
		}
		atoms = append(atoms, Atom{a.At, math.Max(0, mix(below(a.At))-mix(before))})
	}
	return newCurve(panels, atoms, shape.never)
}

// panel differentiates on (lo,hi).
func (mix mixer) panel(lo, hi float64, right bool) panel {
	values := make([]float64, len(cheb16.x))
	for j, x := range cheb16.x {
		t := (lo+hi)/2 + (hi-lo)/2*x
		if right {
			values[j] = -mix(above(t))
		} else {
			values[j] = mix(below(t))
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
	return interpolated(lo, hi, p.density)
}

func (p panel) times(c float64) panel {
	coef := make([]float64, len(p.coef))
	for k := range coef {
		coef[k] = c * p.coef[k]
	}
	return newPanel(p.lo, p.hi, coef)
}

// massAt is the mass at exactly t of a law in one piece or on a lattice.
func massAt(law Distribution, t float64) float64 {
	if grid, is := law.(*lattice); is {
		if i := grid.upTo(t) - 1; i >= 0 && grid.at(i) == t {
			return grid.q[i]
		}
		return 0
	}
	sum := 0.0
	for _, a := range law.(*curve).atoms {
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
			now, _ := f.below(above, below)
			q[i], last = -now-last, -now
			continue
		}
		now, _ := f.below(below, above)
		q[i], last = now-last, now
	}
	return newLattice(middle.start, middle.d, middle.first, q)
}
