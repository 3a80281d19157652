package queueing

import (
	"fmt"
	"math"
	"math/cmplx"

	"singlelane/queueing/markov"
)

// Cauchy's formula, as [finite] has it, needs the law F(M) for means M on the
// circle |M| = N. From real means it is continued there, and what the continuation
// cannot know is multiplied. A chain needs none: its forward equations
//
//	dp/dt = p (A + lambda(t) U),   lambda(t) = base(t) + sum over pools of M phi(t),
//
// A the services and U an arrival, hold for complex M too, and F_N is
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
// circle each. Once the pools have nothing left to send all points add up to the
// law of one real chain.
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
	service markov.PhaseType
	points  []circlePoint
	t       float64
	level   int  // that is absorbing with those below; -1: none
	early   bool // what arrives has been followed already
	work    float64
	err     float64
	digits  float64 // tolerance
	buffers [][]complex128
	check   func()
}

// circlePoint is the chain at one choice of complex means.
type circlePoint struct {
	weight   complex128
	means    []complex128 // over the pools' own
	lo       int          // p[k*phases+i] is lo+k requests, phase i
	p        []complex128
	absorbed complex128
}

const (
	circleReach = 8.4   // of the Poisson number's standard deviations, where the weight is exp(-35)
	circleTerms = 24.0  // q of a step at most
	circleRates = 1e-13 // arrivals by which a step's rates may be off
	circleCut   = 1e-18 // what is left out at a window's end
	circleMost  = 4e8   // states times jumps: some two seconds
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
		d, _, err := p.circled(open, law, circleMost)
		return d, err
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
			next.rough = stillOff(off, before, n)
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

// stillOff is the last difference, or a quarter of the one before where the last
// is small by chance: the law is less far off than the one before it. If
// differences fall like n^-(p+1), what follows is n/p of the last one: n of them at
// most for p of 1 and more.
func stillOff(off, before float64, n int) float64 {
	if off < circleFall*before {
		return math.Max(off, before/4)
	}
	return off * float64(n)
}

// circlePhases are the points that stand for gamma service.
var circlePhases = []int{2, 3, 4, 5, 6, 8}

// circled follows services of the given law, and says how many states times jumps
// it took, if no more than the most are expected.
func (p problem) circled(open []int, law markov.PhaseType, most float64) (d Drain, work float64, err error) {
	c, err := p.newCircle(open, law, most)
	if err != nil {
		return Drain{}, 0, err
	}
	d, err = followLane(c.lane, c, p.begin, p.SolveOptions)
	d.Reason = "the chain's states are followed one by one, for complex means that fix the numbers in its finite streams"
	return d, c.work, err
}

// newCircle refuses lanes that are no chains of few states.
func (p problem) newCircle(open []int, law markov.PhaseType, most float64) (*circle, error) {
	if law.Phases() > 1 && (p.FinalServers() != 1 || p.begin < p.cfg.DownFor) {
		return nil, &UnsupportedError{Chain, "phases are followed for one server, from when it is there"}
	}
	c := &circle{service: law, level: -1, digits: p.tolerance(), check: p.check}
	var numbers []float64
	finite := map[int]bool{}
	q := p
	for _, i := range open {
		st := p.cfg.Arrivals.streams[i]
		if len(st.Source.Jumps()) > 0 {
			return nil, &UnsupportedError{Chain, fmt.Sprintf("stream %q holds a random number back", st.Name)}
		}
		n, _ := members(st.Source)
		numbers, finite[i] = append(numbers, float64(n)), true
		c.pools = append(c.pools, st.Source)
		var err error
		if q, err = q.withMean(i, 1); err != nil {
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
	}
	c.place(numbers, nil, 1)
	faster := 1 + (c.leaving()*p.cfg.Service.Mean()-1)/2 // jumps, of which half are services
	if cost := q.circleCost() * float64(len(c.points)) * float64(law.Phases()) * faster; !(cost < most) {
		return nil, &UnsupportedError{Chain, fmt.Sprintf("following it for %d means would take %.0e states times jumps", len(c.points), cost)}
	}
	c.begin(n)
	return c, nil
}

// circleCost estimates states times jumps up to where the mean path has drained.
func (p problem) circleCost() float64 {
	_, end := p.fluidEnd()
	from := 0.0
	if p.known != nil {
		from = p.known.at
	}
	events := p.cfg.Arrivals.Mean(from, end) + p.Work(from, end)
	return 4 * events * (60 + 8*math.Sqrt(events+p.Initial().Mean()))
}

// place adds the points of the pools from len(means) on. Those of the first
// pool are on the upper half of its circle, and count for their mirror images.
func (c *circle) place(numbers []float64, means []complex128, weight complex128) {
	k := len(means)
	if k == len(numbers) {
		c.points = append(c.points, circlePoint{weight: weight, means: means})
		return
	}
	n := numbers[k]
	count := int(9.5*math.Sqrt(n)) + 9
	half := min(count/2, int(math.Ceil(circleReach/math.Sqrt(n)*float64(count)/(2*math.Pi))))
	total := 0.0
	weights := make([]complex128, half+1)
	for j := range weights {
		theta := 2 * math.Pi * float64(j) / float64(count)
		e := cmplx.Rect(1, theta)
		weights[j] = cmplx.Exp(complex(n, 0)*(e-1) - complex(0, n*theta))
		total += real(weights[j])
		if j > 0 && 2*j != count {
			total += real(weights[j])
		}
	}
	for j, w := range weights {
		e := cmplx.Rect(1, 2*math.Pi*float64(j)/float64(count))
		w *= weight / complex(total, 0)
		paired := j > 0 && 2*j != count
		if k == 0 {
			if paired {
				w *= 2
			}
			c.place(numbers, []complex128{e}, w)
			continue
		}
		c.place(numbers, append(means[:k:k], e), w)
		if paired {
			mirror := cmplx.Conj(weights[j]) * weight / complex(total, 0)
			c.place(numbers, append(means[:k:k], cmplx.Conj(e)), mirror)
		}
	}
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
	points, t := append([]circlePoint(nil), c.points...), c.t
	return func() { c.points, c.t = append([]circlePoint(nil), points...), t }
}

// arrive adds a batch, the same for all points.
func (c *circle) arrive(size Count) error {
	if c.early {
		return nil
	}
	batch, m := size.law(), c.service.Phases()
	for j := range c.points {
		pt := &c.points[j]
		count := len(pt.p)/m + len(batch.p) - 1
		next := make([]complex128, count*m)
		for k := range len(pt.p) / m {
			for b, w := range batch.p {
				to, from, n := next[(k+b)*m:(k+b+1)*m], pt.p[k*m:(k+1)*m], pt.lo+k
				if n == 0 {
					c.enter(to, batch.lo+b, complex(w, 0)*from[0])
					continue
				}
				for i, x := range from {
					to[i] += complex(w, 0) * x
				}
			}
		}
		pt.lo, pt.p = pt.lo+batch.lo, next
	}
	return nil
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
	c.early = t < c.t
	density = make([]float64, len(at))
	done, terms := 0, circleTerms
	for c.t < t {
		c.check()
		c.unite()
		h, s := c.step(t, terms)
		next := c.t + h
		if t-next < 1e-12*t {
			next = t
		}
		upto := done
		for upto < len(at) && at[upto] <= next {
			upto++
		}
		s.traced = at[done:upto]
		s.density = density[done:upto]
		for j := range c.points {
			if err := c.follow(&c.points[j], s); err != nil {
				return nil, err
			}
		}
		c.t, done = next, upto
	}
	return density, nil
}

// circleSpent is the mean number that pools may have still to send when the points
// are added up, if that hardly matters: the more have come, the likelier it is
// that the lane is not drained, so that the probability that it matters is less
// than the product.
const circleSpent = 0.01

// unite adds all points up once the pools have sent about everything.
func (c *circle) unite() {
	if len(c.points) == 1 {
		return
	}
	left := 0.0
	for _, s := range c.pools {
		left += s.Flow(c.t, 1e300)
	}
	if left > circleSpent {
		return
	}
	rest := left * c.Remaining()
	if rest > 0.01*c.digits {
		return
	}
	c.err += rest
	m := c.service.Phases()
	lo, hi := math.MaxInt, 0
	for _, pt := range c.points {
		lo, hi = min(lo, pt.lo), max(hi, pt.lo+len(pt.p)/m)
	}
	sum := circlePoint{weight: 1, means: make([]complex128, len(c.pools)), lo: min(lo, hi), p: make([]complex128, max(0, hi-lo)*m)}
	for _, pt := range c.points {
		sum.absorbed += complex(real(pt.weight*pt.absorbed), 0)
		for i, x := range pt.p {
			sum.p[(pt.lo-lo)*m+i] += complex(real(pt.weight*x), 0)
		}
	}
	c.points = []circlePoint{sum}
}

// circleStep is what all points share in one step.
type circleStep struct {
	from, h, q float64
	servers    int
	base       []float64 // arrivals in the step, as a polynomial of its share
	pools      [][]float64
	traced     []float64
	density    []float64
}

// step chooses the next one, over which the rates are polynomials.
func (c *circle) step(to, terms float64) (float64, circleStep) {
	servers := c.lane.ServersAt(c.t)
	leaving := c.leaving() * float64(servers)
	rate := func(sources []Source, t float64) float64 {
		sum := 0.0
		for _, s := range sources {
			sum += s.Rate(t)
		}
		return sum
	}
	most := func(h float64) float64 {
		lam := 0.0
		for _, x := range [...]float64{0, .25, .5, .75, 1 - 1e-9} {
			lam = math.Max(lam, rate(c.base, c.t+x*h)+rate(c.pools, c.t+x*h))
		}
		return lam
	}
	h := to - c.t
	for range 60 {
		q := 1.02 * h * (leaving + most(h))
		if q <= terms {
			break
		}
		h *= math.Max(0.3, 0.98*terms/q)
	}
	for range 60 {
		s := circleStep{from: c.t, h: h, servers: servers, q: 1.02*h*(leaving+most(h)) + 1e-300}
		worst := 0.0
		s.base, worst = c.polynomials(h, func(t float64) float64 { return rate(c.base, t) })
		for _, pool := range c.pools {
			poly, off := c.polynomials(h, pool.Rate)
			s.pools, worst = append(s.pools, poly), worst+off
		}
		if worst*h <= circleRates*math.Max(1, s.q) || h < 1e-9*(to-c.t) {
			c.err += worst * h
			return h, s
		}
		h *= 0.6
	}
	return h, circleStep{}
}

// leaving is the largest rate out of a phase.
func (c *circle) leaving() float64 {
	most := largest(c.service.Exit)
	for i := range c.service.Rates {
		sum := c.service.Exit[i]
		for _, r := range c.service.Rates[i] {
			sum += r
		}
		most = math.Max(most, sum)
	}
	return most
}

// polynomials are the coefficients of a rate in the share of the step, and how
// far they are off.
func (c *circle) polynomials(h float64, rate func(float64) float64) (coef []float64, off float64) {
	values := make([]float64, len(circleNodes.x))
	for i, x := range circleNodes.x {
		values[i] = rate(c.t + h*(1+x)/2)
	}
	coef = monomials(circleNodes.coefficients(values))
	for _, x := range [...]float64{0.03, 0.25, 0.5, 0.75, 0.97} {
		off = math.Max(off, math.Abs(polynomial(coef, x)-rate(c.t+x*h)))
	}
	for n := len(coef) - 1; n > 0 && math.Abs(coef[n])*h < circleRates/4; n-- {
		coef, off = coef[:n], off+math.Abs(coef[n])
	}
	return coef, off
}

// follow takes one point through a step. The series of y has one term v_k for
// each power of x: (k+1) v_(k+1) = (q + h A) v_k + h sum_j lambda_j U v_(k-j).
func (c *circle) follow(pt *circlePoint, s circleStep) error {
	t := c.taylor(pt, s)
	var flows []complex128
	for k := 0; k < t.most; k++ {
		flow, size := t.next(k, s)
		flows = append(flows, flow)
		if float64(k) > s.q && size+cmplx.Abs(t.drained) < t.cut {
			break
		}
	}
	c.emit(pt, s, flows)
	t.end(pt, s)
	return nil
}

// circleTaylor is a point's series in a step.
type circleTaylor struct {
	*circle
	lambda   []complex128 // arrivals in the step, as a polynomial of its share
	terms    []window     // the last ones, the newest first
	spare    []complex128
	mixed    []complex128
	sum      []complex128
	base     int // requests at the arrays' beginning
	lo, hi   int // levels of sum that hold mass
	most     int // terms
	cut      float64
	drained  complex128 // its newest term
	absorbed complex128 // and their sum
}

func (c *circle) taylor(pt *circlePoint, s circleStep) *circleTaylor {
	m := c.service.Phases()
	t := &circleTaylor{circle: c, lambda: s.lambda(pt.means), drained: pt.absorbed, absorbed: pt.absorbed}
	t.cut = circleCut * math.Exp(s.q) / (1e-300 + cmplx.Abs(pt.weight))
	t.most = int(s.q+12*math.Sqrt(s.q)) + 40
	down := max(0, min(t.most, pt.lo-max(c.level+1, 0))) // services lead below the window
	states := (len(pt.p)/m + t.most + 1 + down) * m
	t.base, t.lo, t.hi = pt.lo-down, down, down+len(pt.p)/m
	depth := len(t.lambda)
	t.terms = make([]window, depth)
	for i := range t.terms {
		t.terms[i].v = c.buffer(i, states)
	}
	t.terms[0].lo, t.terms[0].hi = t.lo, t.hi
	copy(t.terms[0].v[t.lo*m:], pt.p)
	t.sum = append([]complex128(nil), t.terms[0].v...)
	t.mixed, t.spare = c.buffer(depth, states), c.buffer(depth+1, states)
	return t
}

// lambda is the arrivals in the step for the given means, as a polynomial.
func (s circleStep) lambda(means []complex128) []complex128 {
	sum := make([]complex128, len(circleNodes.x))
	for j, x := range s.base {
		sum[j] += complex(x*s.h, 0)
	}
	for i, poly := range s.pools {
		for j, x := range poly {
			sum[j] += means[i] * complex(x*s.h, 0)
		}
	}
	depth := len(sum)
	for depth > 1 && sum[depth-1] == 0 {
		depth--
	}
	return sum[:depth]
}

// next adds term k+1 and returns what the k-th drains, and how large it is.
func (t *circleTaylor) next(k int, s circleStep) (flow complex128, size float64) {
	m := t.service.Phases()
	from, to := t.mix(k)
	v := window{max(0, from-1), min(to+1, len(t.sum)/m), t.spare}
	clear(v.v[v.lo*m : v.hi*m])
	flow = t.serve(v.v, &t.terms[0], t.base, s)
	t.arrivals(v.v, from, to)
	scale := complex(1/float64(k+1), 0)
	for i := v.lo * m; i < v.hi*m; i++ {
		v.v[i] *= scale
	}
	t.drained = (complex(s.q, 0)*t.drained + flow) * scale
	t.absorbed += t.drained
	v.narrow(m, t.cut)
	for i := v.lo * m; i < v.hi*m; i++ {
		t.sum[i] += v.v[i]
		if x := math.Abs(real(v.v[i])) + math.Abs(imag(v.v[i])); x > size {
			size = x
		}
	}
	t.lo, t.hi = min(t.lo, v.lo), max(t.hi, v.hi)
	t.work += float64((to-from)*m) * float64(len(t.terms)+2) / 4
	old := t.terms[len(t.terms)-1]
	clear(old.v[old.lo*m : old.hi*m])
	copy(t.terms[1:], t.terms)
	t.terms[0], t.spare = v, old.v
	return flow, size
}

// mix adds the last terms up as arrivals want them, on levels from to to-1.
func (t *circleTaylor) mix(k int) (from, to int) {
	m := t.service.Phases()
	last := t.terms[:min(len(t.terms), k+1)]
	from, to = last[0].lo, last[0].hi
	for _, v := range last[1:] {
		from, to = min(from, v.lo), max(to, v.hi)
	}
	part := t.mixed[from*m : to*m]
	clear(part)
	for j, v := range last {
		if f := t.lambda[j]; f != 0 {
			for i, x := range v.v[from*m : to*m] {
				part[i] += f * x
			}
		}
	}
	return from, to
}

// arrivals moves what has been mixed up by one request.
func (t *circleTaylor) arrivals(next []complex128, from, to int) {
	m := t.service.Phases()
	for k := from; k < to; k++ {
		for i, x := range t.mixed[k*m : (k+1)*m] {
			next[k*m+i] -= x
			switch {
			case k+1 >= len(t.sum)/m:
			case t.base+k == 0:
				t.enter(next[(k+1)*m:(k+2)*m], 1, x)
			default:
				next[(k+1)*m+i] += x
			}
		}
	}
}

// end makes the sum the point's law.
func (t *circleTaylor) end(pt *circlePoint, s circleStep) {
	m := t.service.Phases()
	shrink := complex(math.Exp(-s.q), 0)
	for i := range t.sum {
		t.sum[i] *= shrink
	}
	all := window{t.lo, t.hi, t.sum}
	all.narrow(m, circleCut/(1e-300+cmplx.Abs(pt.weight)))
	pt.absorbed = t.absorbed * shrink
	pt.lo, pt.p = t.base+all.lo, t.sum[all.lo*m:all.hi*m]
}

// narrow leaves levels of m states out at both ends that hold next to nothing.
func (v *window) narrow(m int, cut float64) {
	for v.lo < v.hi && small(v.v[v.lo*m:(v.lo+1)*m], cut) {
		clear(v.v[v.lo*m : (v.lo+1)*m])
		v.lo++
	}
	for v.hi > v.lo && small(v.v[(v.hi-1)*m:v.hi*m], cut) {
		clear(v.v[(v.hi-1)*m : v.hi*m])
		v.hi--
	}
}

// buffer is the i-th working array, of zeros.
func (c *circle) buffer(i, states int) []complex128 {
	for len(c.buffers) <= i {
		c.buffers = append(c.buffers, nil)
	}
	if cap(c.buffers[i]) < states {
		c.buffers[i] = make([]complex128, states+states/2)
	}
	b := c.buffers[i][:states]
	clear(b)
	return b
}

// window of a term of the series: levels lo to hi-1 of v hold mass.
type window struct {
	lo, hi int
	v      []complex128
}

func small(v []complex128, cut float64) bool {
	for _, x := range v {
		if math.Abs(real(x))+math.Abs(imag(x)) >= cut {
			return false
		}
	}
	return true
}

// serve adds (q + h A) v to next and returns what is drained.
func (c *circle) serve(next []complex128, v *window, base int, s circleStep) (drained complex128) {
	m := c.service.Phases()
	for k := v.lo; k < v.hi; k++ {
		n := base + k
		here := v.v[k*m : (k+1)*m]
		busy := float64(min(n, s.servers))
		served := complex(0, 0)
		for i, x := range here {
			next[k*m+i] += complex(s.q, 0) * x
			if busy == 0 {
				continue
			}
			out := complex(busy*s.h*c.service.Exit[i], 0) * x
			next[k*m+i] -= out
			served += out
			if i < len(c.service.Rates) {
				for j, r := range c.service.Rates[i] {
					if r > 0 && j != i {
						y := complex(s.h*r, 0) * x
						next[k*m+i] -= y
						next[k*m+j] += y
					}
				}
			}
		}
		switch {
		case served == 0:
		case n-1 <= c.level:
			drained += served
		default:
			c.enter(next[(k-1)*m:k*m], n-1, served)
		}
	}
	return drained
}

// emit adds the point's density e^(-q x) sum_k flow_k x^k.
func (c *circle) emit(pt *circlePoint, s circleStep, flows []complex128) {
	for i, t := range s.traced {
		x := (t - s.from) / s.h
		f := complex(0, 0)
		for k := len(flows) - 1; k >= 0; k-- {
			f = f*complex(x, 0) + flows[k]
		}
		s.density[i] += real(pt.weight*f) * math.Exp(-s.q*x) / s.h
	}
}
