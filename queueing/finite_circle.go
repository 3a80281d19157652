package queueing

import (
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/markov"
)

// Cauchy's formula, as [finite] has it, needs the law F(M) for means M on the
// circle |M| = N. From real means it is continued there, and what the continuation
// cannot know is multiplied. A chain needs none: its forward equations
//
//	dp/dt = p (A + lambda(t) U),   lambda(t) = base(t) + sum over pools of M phi(t),
//
// A the services and U an arrival, hold for complex M too; a pool whose members
// send r requests at once has M phi(t) U^r, and U^r - U^0 makes up for it on the
// diagonal. F_N is
//
//	F_N = sum over theta of w(theta) F(N e^(i theta)),   w = N! e^M / (M^N K),
//
// at K points evenly spread, exactly but for the laws of N + K members and of N - K
// with the weights N! N^K/(N+K)! and N!/((N-K)! N^K) (J. Abate, W. Whitt, Oper.
// Res. Lett. 12 (1992), eq. 5.38). The weights' moduli add up to about 1 and
// |F(M)| to at most e^(N - Re M), which they take back: nothing is amplified,
// whatever atoms the law has. Only points within some eight standard deviations
// 1/sqrt(N) of theta = 0 count, a dozen and their mirror images, so that
// a large pool takes no more of them than a small one. Several pools take one
// circle each, those that do not send at the same time one after the other. Once
// the pools have nothing left to send all points add up to the law of one real chain.
//
// The state is the number in the lane and the phase of the one service, or the
// number alone with several exponential servers. In a step of length h, y =
// e^(q x) p with q above the exit rates times h has a Taylor series in the
// share x of the step, in which the rates are polynomials: uniformisation, as in
// [birthDeath].
type circle struct {
	lane    *Lane // its pools Poisson, of their own means
	base    []Source
	pools   []Source
	members []float64     // N of each pool
	begun   []bool        // whether its points are there
	rings   [][]ringPoint // of each pool; nil: evenly spread ones
	sizes   []int         // of groups, 1 at first, without repetition
	groups  []int         // of each pool, among the sizes
	held    []circleHeld
	service markov.PhaseType
	points  []circlePoint
	t       float64
	level   int     // that is absorbing with those below; -1: none
	top     int     // requests for which there is room; 0: no bound
	ended   bool    // whether a passage has taken it to the end
	joined  float64 // up to when what arrives has been followed already
	early   bool    // whether that is so now
	inflow  *circleInflow
	work    float64
	most    float64 // of it; 0: no bound
	err     float64
	digits  float64 // tolerance
	eps     float64 // error of the points
	deep    bool    // whether far tails are to have digits of their own
	buffers [][]complex128
	workers []circle // that follow a part of the points each
	check   func()
}

// circlePoint is the chain at one choice of complex means.
type circlePoint struct {
	weight   complex128
	far      float64      // of its angles, as in [ringPoint]
	means    []complex128 // over the pools' own
	lo       int          // p[k*phases+i] is lo+k requests, phase i
	p        []complex128
	absorbed complex128
}

const (
	circleTerms  = 24.0  // q of a step at most
	circleRates  = 1e-13 // arrivals by which a step's rates may be off
	circleCut    = 1e-18 // what is left out at a window's end
	circleMost   = 1.2e9 // states times jumps: some four seconds on two processors
	circleCoarse = 60    // times less where the law may be coarse
	circleStand  = 3     // and of services that phases stand for, several times
)

// circleNodes are the Chebyshev points of a step at which rates are taken.
var circleNodes = newChebyshev(6)

// begin puts all points into the law n; a service begins.
func (c *circle) begin(n law) {
	m := c.service.Phases()
	for j := range c.points {
		pt := &c.points[j]
		pt.lo, pt.p = n.lo, make([]complex128, len(n.p)*m)
		for k, x := range n.p {
			c.enter(pt.p[k*m:(k+1)*m], n.lo+k, complex(x, 0))
		}
	}
}

// enter adds mass to n requests of which one begins its service.
func (c *circle) enter(to []complex128, n int, mass complex128) {
	if n == 0 {
		to[0] += mass
		return
	}
	for i, a := range c.service.Initial {
		to[i] += complex(a, 0) * mass
	}
}

func (c *circle) Time() float64 { return c.t }
func (c *circle) Work() float64 { return c.work }
func (c *circle) Err() float64  { return c.err }

func (c *circle) Absorbed() float64 {
	sum := 0.0
	for _, pt := range c.points {
		sum += real(pt.weight * pt.absorbed)
	}
	return sum
}

func (c *circle) Remaining() float64 {
	sum := 0.0
	for _, pt := range c.points {
		part := complex(0, 0)
		for _, x := range pt.p {
			part += x
		}
		sum += real(pt.weight * part)
	}
	if c.inflow != nil {
		sum += c.inflow.sum.above(c.t)
	}
	return math.Max(0, sum)
}

func (c *circle) Mark() (back func()) {
	points, begun, t := slices.Clone(c.points), slices.Clone(c.begun), c.t
	return func() { c.points, c.begun, c.t = slices.Clone(points), slices.Clone(begun), t }
}

// arrive adds a batch, the same for all points, and what pools let go then.
func (c *circle) arrive(size Count) error {
	if c.early {
		return nil
	}
	c.split(c.t)
	batch := size.law()
	weights := make([]complex128, len(batch.p))
	for i, w := range batch.p {
		weights[i] = complex(w, 0)
	}
	for j := range c.points {
		c.join(&c.points[j], batch.lo, 1, weights)
	}
	c.release()
	return nil
}

// join adds lo + size k requests with the weight of each k.
func (c *circle) join(pt *circlePoint, lo, size int, weights []complex128) {
	m := c.service.Phases()
	next := make([]complex128, (len(pt.p)/m+(len(weights)-1)*size)*m)
	for b, w := range weights {
		if w == 0 {
			continue
		}
		for k := range len(pt.p) / m {
			at := (k + b*size) * m
			to, from := next[at:at+m], pt.p[k*m:(k+1)*m]
			if pt.lo+k == 0 {
				c.enter(to, lo+b*size, w*from[0])
				continue
			}
			for i, x := range from {
				to[i] += w * x
			}
		}
	}
	pt.lo, pt.p = pt.lo+lo, next
	if c.top > 0 {
		pt.p = folded(pt.p, max(c.top-pt.lo, 0), m)
		pt.lo = min(pt.lo, c.top)
	}
}

// folded has what is in levels of m states above the k-th in that.
func folded(p []complex128, k, m int) []complex128 {
	if len(p) <= (k+1)*m {
		return p
	}
	for i, x := range p[(k+1)*m:] {
		p[k*m+i%m] += x
	}
	clear(p[(k+1)*m:])
	return p[:(k+1)*m]
}

func (c *circle) drained(level int) float64 {
	c.level = level
	m := c.service.Phases()
	before := c.Absorbed()
	for j := range c.points {
		pt := &c.points[j]
		var gone complex128
		gone, pt.lo, pt.p = upTo(level, pt.lo, pt.p, m)
		pt.absorbed += gone
	}
	return c.Absorbed() - before
}

// upTo takes the levels up to one out of a law of m phases that begins at lo.
func upTo[T float64 | complex128](level, lo int, p []T, m int) (gone T, above int, rest []T) {
	k := min(max(level+1-lo, 0), len(p)/m)
	for _, x := range p[:k*m] {
		gone += x
	}
	return gone, lo + k, p[k*m:]
}

func (c *circle) Advance(t float64) error {
	_, err := c.Trace(t, nil)
	return err
}

// Trace goes on to t and gives the density of absorption at instants, in order,
// on the way.
func (c *circle) Trace(t float64, at []float64) (density []float64, err error) {
	return c.trace(t, at, func(s circleStep) error {
		c.unite()
		to := c.split(t)
		if len(at) == 0 && c.level < 0 && !c.early && c.leaps() {
			return c.wade(to)
		}
		return c.stride(c.flowing(to), s, c.followAll)
	})
}

// trace goes on to t by steps towards it, each told what is still traced.
func (c *circle) trace(t float64, at []float64, step func(traced circleStep) error) (density []float64, err error) {
	defer catch(&err)
	c.early = t <= c.joined
	density = make([]float64, len(at))
	done := 0
	for c.t < t {
		if err := c.tired(); err != nil {
			return nil, err
		}
		if err := step(circleStep{traced: at[done:], density: density[done:]}); err != nil {
			return nil, err
		}
		for done < len(at) && at[done] <= c.t {
			done++
		}
	}
	return density, nil
}

// tired tells whether to stop.
func (c *circle) tired() error {
	c.check()
	if c.most > 0 && c.work > c.most {
		return &UnsupportedError{Chain, fmt.Sprintf("it takes more than %.0e states times jumps", c.most)}
	}
	return nil
}

// stride takes one step towards an instant, with the density where it is traced.
func (c *circle) stride(to float64, traced circleStep, follow func(s circleStep) error) error {
	h, s := c.step(to, circleTerms)
	next := c.t + h
	if to-next < 1e-12*to {
		next = to
	}
	upto := 0
	for upto < len(traced.traced) && traced.traced[upto] <= next {
		upto++
	}
	s.traced, s.density = traced.traced[:upto], traced.density[:upto]
	if err := follow(s); err != nil {
		return err
	}
	c.t = next
	return nil
}

// circleParts is how many parts points are followed in, side by side.
const circleParts = 8

// followAll takes all points through a step.
func (c *circle) followAll(s circleStep) error {
	entering := c.entering(s)
	each := func(w *circle, from, to int, s circleStep) error {
		for j := from; j < to; j++ {
			if entering != nil {
				s.source = entering[j]
			}
			if err := w.follow(&w.points[j], s); err != nil {
				return err
			}
		}
		return nil
	}
	if len(c.points) < circleParts {
		return each(c, 0, len(c.points), s)
	}
	parts := make([]circleStep, circleParts)
	if len(c.workers) == 0 {
		c.workers = make([]circle, circleParts)
	}
	err := sideBySide(circleParts, func(i int) error {
		w, buffers := &c.workers[i], c.workers[i].buffers
		*w = *c
		w.buffers, w.work = buffers, 0
		parts[i] = s
		parts[i].density = make([]float64, len(s.density))
		return each(w, i*len(c.points)/circleParts, (i+1)*len(c.points)/circleParts, parts[i])
	})
	for i, part := range parts { // in the same order, whoever came first
		c.work += c.workers[i].work
		for k, f := range part.density {
			s.density[k] += f
		}
	}
	return err
}
