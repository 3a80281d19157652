package queueing

import (
	"math"
	"math/cmplx"

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
	arrive []complex128 // in an interval, for each point
	excess []complex128
	rate   []complex128
}

// ends tells whether the passage from now on is of this kind.
func (c *circle) ends() bool { return c.settles() && c.level >= c.lane.ServersAt(c.t)-1 }

// settles tells whether that down to where servers idle is.
func (c *circle) settles() bool {
	l := c.lane
	if !c.singles() || l.steps[len(l.steps)-1].from > c.t {
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
	if c.deep { // the density's errors are those of its largest values
		return nil, false
	}
	if !c.ends() {
		if !c.singles() && c.leaps() {
			c.sink()
		}
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

// sumOf adds densities up over the points.
func (c *circle) sumOf(all []ringPanel) (panels []panel) {
	own := weightsOf(c.points)
	for _, p := range all {
		coef := p.combined(cheb16, own)
		_, last := chebyshevTail(coef)
		c.err += last * (p.hi - p.lo) / 2
		panels = append(panels, newPanel(p.lo, p.hi, coef))
	}
	return panels
}

// passage solves the real equation.
func (c *circle) passage(o SolveOptions) *ringMarch {
	q := newSkellamPassage(c.lane, c.t, c.points[0].real(), c.level)
	p := &ringMarch{points: len(c.points), check: c.check, off: q.stillFrom, scale: q.scale}
	p.row = func(t float64) ringRow { return c.passageAt(q, t) }
	c.err += p.cut(q, o.tolerance()).tolerance
	return p
}

// passageAt is the equation at an instant.
func (c *circle) passageAt(q *skellamPassage, t float64) *circlePassage {
	p := &circlePassage{circle: c, real: q}
	for _, at := range []*[]complex128{&p.arrive, &p.excess, &p.rate} {
		*at = make([]complex128, len(c.points))
	}
	p.rates(t)
	return p
}

// stillFrom tells whether the kernel at t is small throughout (a,b).
func (p *skellamPassage) stillFrom(a, b, t, exponent float64) bool {
	return p.off(a, b, t, exponent, func(s float64) float64 { return p.still(s, t) })
}

// real is the law at a point whose means are the pools' own.
func (pt *circlePoint) real() law {
	n := law{pt.lo, make([]float64, len(pt.p))}
	for i, x := range pt.p {
		n.p[i] = math.Max(0, real(x))
	}
	return n
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

func (p *circlePassage) kernels(dst []complex128, s, t float64) (some bool) {
	p.arrived(s, t)
	mu, served := p.lane.Capacity(t), p.lane.Work(s, t)
	rise := served - mu*(t-s)
	for j := range dst {
		tilt := complex(mu, 0)*p.excess[j] - p.rate[j]*complex(rise, 0)
		dst[j] = 0
		if tilt != 0 {
			dst[j] = tilt * complex(1/served, 0) * skellam.Complex(1, served, p.arrive[j])
			some = true
		}
	}
	return some
}

// source averages over each point's law at begin, as [skellamPassage.descend] does.
func (p *circlePassage) source(dst []complex128, t float64) {
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
