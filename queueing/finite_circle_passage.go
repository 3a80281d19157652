package queueing

import (
	"math"
	"math/cmplx"
	"sort"

	"singlelane/queueing/internal/skellam"
)

// circlePassage takes a circle from begin to the end, where from then on all servers
// are busy as long as the lane is not drained and no batches come: instead of the
// chain, the equation of [skellamPassage] at each point, which holds for complex
// arrivals as it does for real ones, since both sides are entire in the means. Its
// panels, and the points at which the kernel is taken, are those that the real
// equation calls for, in which every pool is Poisson of its own mean: on the circle,
// some eight standard deviations of the Poisson number around that point, solutions
// are hardly less smooth, and the sum over all points is smoother. Nothing is imposed
// on the mass, so that what it lacks is an estimate of the error.
type circlePassage struct {
	*circle
	real   *skellamPassage
	cuts   []marchCut
	values [][][]complex128 // in each panel, at each node, for each point
	arrive []complex128     // in an interval, for each point
	excess []complex128
	rate   []complex128
	kernel []complex128
	now    []complex128 // f at an instant between nodes
	card   []float64
	matrix []complex128
	column []complex128
}

// ends tells whether the passage from now on is of this kind.
func (c *circle) ends() bool { return c.settles() && c.level >= c.lane.ServersAt(c.t)-1 }

// settles tells whether that down to where servers idle is.
func (c *circle) settles() bool {
	l := c.lane
	if !c.leaps() || l.steps[len(l.steps)-1].from > c.t {
		return false
	}
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At > c.t {
			return false
		}
	}
	for _, s := range c.pools { // the circle of one that begins later is still to come
		if s.Begins() > c.t {
			return false
		}
	}
	return true
}

// rest is the density of what the points have still to drain; ok tells whether the
// passage is of this kind.
func (c *circle) rest(o SolveOptions) (panels []panel, ok bool) {
	if !c.ends() {
		if c.settles() {
			c.split(c.t)
			c.untilIdle(o)
		}
		return nil, false
	}
	c.split(c.t)
	c.ended = true
	return c.sumOf(c.passage(o).solved()), true
}

// solved is f in all panels.
func (p *circlePassage) solved() (f []ringPanel) {
	p.values = make([][][]complex128, len(p.cuts))
	for n, cut := range p.cuts {
		p.solve(n)
		f = append(f, ringPanel{lo: cut.lo, hi: cut.hi, f: p.values[n]})
	}
	return f
}

// sumOf adds densities up over the points.
func (c *circle) sumOf(all []ringPanel) (panels []panel) {
	for _, p := range all {
		values := make([]float64, len(cheb16.x))
		for i, f := range p.f {
			for j, x := range f {
				values[i] += real(c.points[j].weight * x)
			}
		}
		coef := cheb16.coefficients(values)
		_, last := chebyshevTail(coef)
		c.err += last * (p.hi - p.lo) / 2
		panels = append(panels, newPanel(p.lo, p.hi, coef))
	}
	return panels
}

// passage solves the real equation.
func (c *circle) passage(o SolveOptions) *circlePassage {
	k := len(c.points)
	p := &circlePassage{circle: c, real: newSkellamPassage(c.lane, c.t, c.points[0].real(), c.level), card: make([]float64, len(cheb16.x)), column: make([]complex128, len(cheb16.x))}
	for _, at := range []*[]complex128{&p.arrive, &p.excess, &p.rate, &p.kernel, &p.now} {
		*at = make([]complex128, k)
	}
	p.matrix = make([]complex128, k*len(cheb16.x)*len(cheb16.x))
	m := &march{passage: p.real, tolerance: math.Min(o.tolerance(), circleTolerance) / 20, relative: circleRelative, nodes: cheb16, check: c.check, cuts: &p.cuts}
	lo, hi := p.real.window(m.tolerance)
	m.floor = m.tolerance / (100 * (hi - lo))
	m.run(lo, hi)
	c.err += m.tolerance
	return p
}

// circleRelative is the error of a panel relative to its right end.
const circleRelative = 1e-3

// circleTolerance is asked of the passage at least: an exact law has no larger error.
const circleTolerance = 1e-7

// real is the law at a point whose means are the pools' own.
func (pt *circlePoint) real() law {
	n := law{pt.lo, make([]float64, len(pt.p))}
	for i, x := range pt.p {
		n.p[i] = math.Max(0, real(x))
	}
	return n
}

// solve finds f in a panel from those before it.
func (p *circlePassage) solve(panel int) {
	cut := p.cuts[panel]
	k, n := len(p.points), len(cheb16.x)
	values := make([][]complex128, n)
	p.values[panel] = values
	clear(p.matrix)
	for i, x := range cheb16.x {
		p.check()
		t := (cut.lo+cut.hi)/2 + (cut.hi-cut.lo)/2*x
		values[i] = make([]complex128, k)
		p.source(values[i], t)
		if !cut.counts {
			continue
		}
		off := func(a, b float64) bool {
			return p.real.off(a, b, t, cut.small, func(s float64) float64 { return p.real.still(s, t) })
		}
		p.rates(t)
		segments(t, p.cuts[0].lo, p.real.scale(t), off, func(a, b float64) {
			if a < cut.lo {
				p.past(values[i], t, a, math.Min(b, cut.lo), cut.gauss)
			}
			if b > cut.lo {
				p.own(i, t, math.Max(a, cut.lo), b, cut)
			}
		})
	}
	if !cut.counts {
		return
	}
	for j := range k {
		a := p.matrix[j*n*n : (j+1)*n*n]
		for i := range n {
			a[i*n+i]++
			p.column[i] = values[i][j]
		}
		solveLinear(a, p.column, span)
		for i := range n {
			values[i][j] = p.column[i]
		}
	}
}

// past takes off what has been drained in (a,b) before and would be so again at t.
func (p *circlePassage) past(dst []complex128, t, a, b float64, gauss rule) {
	i := sort.Search(len(p.cuts), func(i int) bool { return p.cuts[i].hi > a })
	for ; i < len(p.cuts) && p.cuts[i].lo < b; i++ {
		cut := &p.cuts[i]
		x, y := math.Max(a, cut.lo), math.Min(b, cut.hi)
		half, mid := (y-x)/2, (y+x)/2
		for m, g := range gauss.x {
			s := mid + half*g
			if !p.kernels(s, t, half*gauss.w[m]) {
				continue
			}
			cheb16.cardinals(p.card, (2*s-cut.lo-cut.hi)/(cut.hi-cut.lo))
			clear(p.now)
			for node, w := range p.card {
				for j, f := range p.values[i][node] {
					p.now[j] += complex(w*real(f), w*imag(f))
				}
			}
			for j, f := range p.now {
				dst[j] -= p.kernel[j] * f
			}
		}
	}
}

// own adds the weights of the unknown values at the panel's nodes.
func (p *circlePassage) own(row int, t, a, b float64, cut marchCut) {
	half, mid := (b-a)/2, (b+a)/2
	n := len(cheb16.x)
	for m, g := range cut.gauss.x {
		s := mid + half*g
		if !p.kernels(s, t, half*cut.gauss.w[m]) {
			continue
		}
		cheb16.cardinals(p.card, (2*s-cut.lo-cut.hi)/(cut.hi-cut.lo))
		for j, x := range p.kernel {
			to := p.matrix[(j*n+row)*n : (j*n+row+1)*n]
			for node, w := range p.card {
				to[node] += complex(w*real(x), w*imag(x))
			}
		}
	}
}

// rates sets the arrivals' at t, for each point.
func (p *circlePassage) rates(t float64) {
	p.sum(p.rate, func(s Source) float64 { return s.Rate(t) })
}

// arrived sets the mean arrivals of (s,t] and what they exceed those of the rate at t
// by.
func (p *circlePassage) arrived(s, t float64) {
	p.sum(p.excess, func(x Source) float64 { return x.Excess(s, t) })
	for j, x := range p.excess {
		p.arrive[j] = p.rate[j]*complex(t-s, 0) + x
	}
}

// kernels sets those of (s,t) at each point, times a weight; false if they are all 0.
func (p *circlePassage) kernels(s, t, weight float64) bool {
	p.arrived(s, t)
	mu, served := p.lane.Capacity(t), p.lane.Work(s, t)
	rise := served - mu*(t-s)
	some := false
	for j := range p.kernel {
		tilt := complex(mu, 0)*p.excess[j] - p.rate[j]*complex(rise, 0)
		p.kernel[j] = 0
		if tilt != 0 {
			p.kernel[j] = tilt * complex(weight/served, 0) * skellam.Complex(1, served, p.arrive[j])
			some = true
		}
	}
	return some
}

// source averages over each point's law at begin, as [skellamPassage.descend] does.
func (p *circlePassage) source(dst []complex128, t float64) {
	p.rates(t)
	p.arrived(p.t, t)
	mu, served := p.lane.Capacity(t), p.lane.Work(p.t, t)
	for j := range dst {
		tilt := (complex(mu, 0)*p.excess[j] - p.rate[j]*complex(served-mu*(t-p.t), 0)) * complex(1/served, 0)
		dst[j] = p.descend(&p.points[j], served, p.arrive[j], mu/served, tilt)
	}
}

func (p *circlePassage) descend(pt *circlePoint, served float64, arrived complex128, rise float64, tilt complex128) complex128 {
	size := cmplx.Abs(arrived)
	reach := 10*math.Sqrt(served+size) + 40
	first := float64(pt.lo - p.level)
	from := int(math.Max(0, math.Ceil(served-size-reach-first)))
	to := int(math.Min(float64(len(pt.p)-1), math.Floor(served-size+reach-first)))
	if from > to {
		return 0
	}
	k := first + float64(to)
	now, above := skellam.Complex(k, served, arrived), skellam.Complex(k+1, served, arrived)
	sum, share := complex(0, 0), complex(1/served, 0)
	for i := to; i >= from; i-- {
		sum += pt.p[i] * (complex(rise*k, 0)*now + tilt*above)
		now, above = (complex(k, 0)*now+arrived*above)*share, now
		k--
	}
	return sum
}
