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
	ended   bool    // whether a passage has taken it to the end
	joined  float64 // up to when what arrives has been followed already
	early   bool    // whether that is so now
	work    float64
	most    float64 // of it; 0: no bound
	err     float64
	digits  float64 // tolerance
	eps     float64 // error of the points
	buffers [][]complex128
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
	circleMost   = 4e8   // states times jumps: some two seconds
	circleCoarse = 20    // times less where the law may be coarse
)

// circleNodes are the Chebyshev points of a step at which rates are taken.
var circleNodes = newChebyshev(6)

// onCircle is the law with fixed numbers by complex means: of the service's own
// phases, or of ones that stand for it and are more each time, the last difference
// being the error.
func (p problem) onCircle(open []int) (Drain, error) {
	if p.Method != Auto && p.Method != Chain {
		return Drain{}, &UnsupportedError{Chain, "another method was asked for"}
	}
	if law, is := phases(p.cfg.Service); is {
		return p.Shared.circled(p, func() (Drain, error) {
			most := circleMost
			if p.coarse() { // one of many lanes
				most /= circleCoarse
			}
			d, _, err := p.circled(open, law, most)
			return d, err
		})
	}
	g, is := p.cfg.Service.(Gamma)
	if !is || g.Shape > mostPhases {
		return Drain{}, &UnsupportedError{Chain, "its service is not made of exponential phases"}
	}
	var d Drain
	var before, work float64
	for i, n := range circlePhases {
		law, err := gammaPhases(g, n)
		if err != nil {
			return Drain{}, err
		}
		next, spent, err := p.circled(open, law, circleMost/4-work)
		switch {
		case unsupported(err) && i > 1:
			return d, nil
		case err != nil:
			return Drain{}, err
		}
		work += spent
		if i > 0 {
			off := furthest(next.Distribution.(*curve), d.Distribution.(*curve))
			next.rough = stillOff(off, before, g.Shape, n)
			next.AbsError += next.rough
			next.Reason = "its service's phases, and those of a quadrature for the rest, are followed for complex means that fix the numbers in its finite streams"
			if next.AbsError < betweenExact || i > 2 && off > circleFall*before {
				return next, nil
			}
			before = off
		}
		d = next
	}
	return d, nil
}

// circleFall is the ratio of differences from which on they fall like a power of
// the number of points rather than exponentially.
const circleFall = 0.35

// stillOff is what the law with n points may still be off by, where the last point
// has changed it by off, and the one before by before. A service of shape s is as short
// as u with a probability that falls like u^s, and the least of n points of a beta law
// is about 1/n^2. So where services that have just begun matter the error is about
//
//	e(u) = n^-2s phi(n^2 u),    d = -de/dn = n^-(2s+1) (2s phi(v) - 2v phi'(v)),
//
// v = n^2 u, at worst over all u. Worked out for one service n d is no less than e down
// to shapes of 0.05. Of still less the error tends to 1 and d to 0, for nearly all of
// them are shorter than any point. Elsewhere errors fall faster, but not evenly: of two
// differences in a row one may be small by chance, even less than the error is. As the
// law is less far off than the one before it, a quarter of the difference before counts
// too.
func stillOff(off, before, shape float64, n int) float64 {
	return math.Max(off*float64(n)*(1+leastShape/shape), before/4)
}

// leastShape is a shape of which half the services are shorter than any point.
const leastShape = 3e-3

// circlePhases are the points that stand for gamma service.
var circlePhases = []int{2, 3, 4, 5, 6, 8}

// circled follows services of the given law, and says how many states times jumps
// it took, if no more than the most are expected. Several pools take the points of
// [problem.byHermite] where those will do.
func (p problem) circled(open []int, law markov.PhaseType, most float64) (d Drain, work float64, err error) {
	single := 0.0 // what the first solve takes, which is for one point
	solve := func(rings [][]ringPoint) (Drain, error) {
		next, spent, err := p.circledAt(open, law, most-work, rings)
		if work += spent; single == 0 {
			single = spent
		}
		return next, err
	}
	afford := func(points int) bool { return single*float64(points) <= most-work }
	if len(open) > 1 {
		if d, err = p.byHermite(open, solve, afford); err == nil && d.AbsError < fixClaim || !unsupported(err) && err != nil {
			return d, work, err
		}
		if all, refused := p.newCircle(open, law, math.Inf(1), nil); refused != nil || !afford(all.mostPoints()) {
			if err == nil {
				return d, work, nil
			}
			return Drain{}, work, &UnsupportedError{Chain, fmt.Sprintf("one of its means takes %.0e states times jumps, and %s", single, err)}
		}
	}
	even, err2 := solve(nil)
	if err == nil && unsupported(err2) && len(open) > 1 {
		return d, work, nil
	}
	return even, work, err2
}

// circledAt takes the points of each pool as given, nil for evenly spread ones.
func (p problem) circledAt(open []int, law markov.PhaseType, most float64, rings [][]ringPoint) (d Drain, work float64, err error) {
	c, err := p.newCircle(open, law, most, rings)
	if err != nil {
		return Drain{}, 0, err
	}
	d, err = followLane(c.lane, c, p.begin, p.SolveOptions)
	d.groups = true
	d.Reason = "the chain's states are followed one by one, for complex means that fix the numbers in its finite streams"
	if c.ended {
		d.Reason = "the chain's states as long as servers may idle, and then the density, are followed for complex means that fix the numbers in its finite streams"
	}
	return d, c.work, err
}

// newCircle refuses lanes that are no chains of few states.
func (p problem) newCircle(open []int, law markov.PhaseType, most float64, rings [][]ringPoint) (*circle, error) {
	if law.Phases() > 1 && (p.FinalServers() != 1 || p.begin < p.cfg.DownFor) {
		return nil, &UnsupportedError{Chain, "phases are followed for one server, from when it is there"}
	}
	c := &circle{service: law, rings: rings, level: -1, digits: p.tolerance(), eps: circleEps(p.tolerance(), len(open)), check: p.check, sizes: []int{1}, joined: -1}
	finite := map[int]bool{}
	q := p
	for _, i := range open {
		st := p.cfg.Arrivals.streams[i]
		finite[i] = true
		c.add(st.Source)
		var err error
		if q, err = q.with(i, heldBack{poissonPool{st.Source, 1}}); err != nil {
			return nil, err
		}
	}
	c.lane = q.Lane
	for i, st := range p.cfg.Arrivals.streams {
		if !finite[i] {
			c.base = append(c.base, st.Source)
		}
	}
	n := p.Initial().law()
	if p.known != nil && law.Phases() == 1 {
		c.t, n = p.known.at, p.known.n
		c.joined = c.t
	}
	points := c.mostPoints()
	faster := 1 + (c.leaving()*p.cfg.Service.Mean()-1)/2 // jumps, of which half are services
	cost := q.circleCost(c.t) * float64(points) * float64(law.Phases()) * faster
	c.points = onePoint(len(c.pools))
	c.begin(n)
	if !(cost < most) && c.leaps() {
		cost = c.rehearse(q.begin, most/float64(points)) * float64(points)
	}
	if !(cost < most) {
		return nil, &UnsupportedError{Chain, fmt.Sprintf("following it for %d means would take %.0e states times jumps", points, cost)}
	}
	c.err, c.most = c.eps*float64(len(c.pools)), 2*most // the estimate may be off
	return c, nil
}

// rehearse is what one point takes, up to most: that with all pools Poisson of their
// own means.
func (c *circle) rehearse(begin, most float64) float64 {
	r := *c
	r.points, r.begun, r.held = slices.Clone(c.points), slices.Repeat([]bool{true}, len(c.begun)), slices.Clone(c.held)
	for _, t := range c.lane.stops(0, begin) {
		if r.most = most; r.Advance(t) != nil || c.lane.batchesAt(t, &r) != nil {
			return math.Inf(1)
		}
	}
	if r.level = c.lane.Level(begin); r.ends() {
		return r.work + circleRows*(circleKernels+float64(len(r.points[0].p)))
	}
	return r.work + problem{Lane: c.lane}.circleCost(begin)
}

// A passage has so many instants, each with a sum over a law and so many kernels, in
// units of states times jumps.
const circleRows, circleKernels = 500, 1500

// circleCost estimates states times jumps up to where the mean path has drained.
func (p problem) circleCost(from float64) float64 {
	_, end := p.fluidEnd()
	work := p.Work(from, end)
	events, variance := work, work
	for _, st := range p.cfg.Arrivals.streams {
		c := st.Source.Count(from, end)
		events += c.arrivals()
		variance += c.spread()
	}
	return 4 * events * (60*float64(p.largestGroup()) + 8*math.Sqrt(variance+p.Initial().Mean()))
}

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
}

func (c *circle) drained(level int) float64 {
	c.level = level
	m := c.service.Phases()
	before := c.Absorbed()
	for j := range c.points {
		pt := &c.points[j]
		k := min(max(level+1-pt.lo, 0), len(pt.p)/m)
		for _, x := range pt.p[:k*m] {
			pt.absorbed += x
		}
		pt.lo, pt.p = pt.lo+k, pt.p[k*m:]
	}
	return c.Absorbed() - before
}

func (c *circle) Advance(t float64) error {
	_, err := c.Trace(t, nil)
	return err
}

// Trace goes on to t and gives the density of absorption at instants, in order,
// on the way.
func (c *circle) Trace(t float64, at []float64) (density []float64, err error) {
	defer catch(&err)
	c.early = t <= c.joined
	density = make([]float64, len(at))
	done := 0
	for c.t < t {
		if err := c.tired(); err != nil {
			return nil, err
		}
		c.unite()
		to := c.split(t)
		if len(at) == 0 && c.level < 0 && !c.early && c.leaps() {
			if err := c.wade(to); err != nil {
				return nil, err
			}
			continue
		}
		s := circleStep{traced: at[done:], density: density[done:]}
		if err := c.stride(to, s); err != nil {
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

// stride takes one step of all points towards an instant, with the density where it
// is traced.
func (c *circle) stride(to float64, traced circleStep) error {
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
	for j := range c.points {
		if err := c.follow(&c.points[j], s); err != nil {
			return err
		}
	}
	c.t = next
	return nil
}
