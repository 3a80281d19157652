package queueing

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/floats"
)

// passage is the first passage to 0 of a process that falls by one at a time,
// as an equation of the second kind for its density,
//
//	f(t) = source(t) - integral over s in (start,t) of kernel(s,t) f(s) ds.
type passage interface {
	// row returns source(t), the function s -> kernel(s,t), and a function
	// that tells whether the kernel is below exp(-exponent) of its size
	// throughout (a,b).
	row(t float64) (source float64, kernel func(s float64) float64, off func(a, b, exponent float64) bool)
	// origin is the instant at which the process starts.
	origin() float64
	// scale is the shortest time in which f or the kernel change near t.
	scale(t float64) float64
	// flat tells whether the kernel vanishes for start <= s < t <= hi.
	flat(hi float64) bool
	// breaks lists the instants in (lo,hi) at which f is not smooth.
	breaks(lo, hi float64) []float64
	// window holds all but a negligible part of f: what is before it is far
	// below the tolerance, what is after it far below 1e-12.
	window(tolerance float64) (lo, hi float64)
}

// march solves the equation from left to right in panels of Chebyshev points.
// The system is lower triangular by blocks: a panel's values follow from one
// small linear system. A panel whose interpolant has not converged is cut.
type march struct {
	passage
	tolerance float64
	relative  float64 // error asked for relative to a panel's right end
	small     float64 // exponent beyond which the kernel is left out
	nodes     *chebyshev
	gauss     rule // for the integral, as fine as the kernel's weight calls for
	panels    []panel
	coarse    bool    // whether tails need few digits
	floor     float64 // 1/s, below which the source is but rounding
	bounded   bool    // f is a probability, not a density
	noisy     bool    // its values have absolute accuracy, which may be all that is left of coefficients
	spacing   float64 // of the lattice on which f lives and integrals are sums; 0: none
	hints     []float64
	check     func()  // called for every point, to stop it; nil: none
	top       float64 // the largest peak of a panel so far
	counts    bool    // whether the kernel matters in the last panel
	jumpy     bool    // whether rates have jumped before it ends
	steep     []bool  // whether rates change much within each of the first panels
	ground    float64 // error of the kernel that is below what it is asked for
	values    float64 // of kernels, so far
	most      float64 // of these; 0: no bound
	cuts      *[]marchCut
	record    *marchRecord   // what others may march by; nil: not kept
	weights   []float64      // of the last panel's own values, where either is
	recalled  func() float64 // the kernel's next value, as another march has had it; nil: there is none
}

// marchCut is a panel of a march and what its kernel called for; kept where others are
// to do the same.
type marchCut struct {
	lo, hi float64
	gauss  rule
	small  float64
	counts bool
}

const (
	marchPanels   = 6       // the window's width over the first panel's
	marchMost     = 20000   // panels, so that it always ends
	marchValues   = 1.5e7   // of a kernel of gamma services, some thirty seconds
	relativeEnd   = 1e-7    // of a march that is not coarse
	floorDigits   = 1e-12   // rounding of the source
	groundShare   = 1e-3    // of the tolerance, for what a kernel leaves out: all mass at all times
	clockDigits   = 1e-13   // of an instant: panels shorter than that have none
	clockRounding = 4.5e-16 // of an instant: f has that much less than its change of digits
	noiseShare    = 4       // of the last coefficients: what is less than that is noise
	rounds        = 0.25    // of the time in which f changes: there the panel's points leave only rounding
)

// passage solves the equation, all at once where the density is smooth.
func (o SolveOptions) passage(p passage) []panel {
	tolerance := o.tolerance()
	lo, hi := p.window(tolerance)
	q, is := p.(interface{ absolute() bool })
	noisy := is && q.absolute()
	if far, is := p.(interface{ beyond(t float64) float64 }); is && !noisy && !o.coarse() && o.Tail > 0 {
		hi = math.Max(hi, far.beyond(o.Tail))
	}
	if o.coarse() && !noisy {
		hi = coarsely(p, hi)
	}
	if !noisy {
		if ps, smooth := solveSmooth(p, lo, hi, tolerance, 0); smooth {
			return ps
		}
	}
	m := &march{passage: p, tolerance: tolerance, nodes: cheb16, relative: relativeEnd, check: o.check, most: valuesOf(p)}
	if o.Tail > 0 && !o.coarse() && !noisy { // where f is narrow at first its errors would show in the tail
		m.tolerance = math.Min(tolerance, tailTolerance)
	}
	if o.coarse() {
		m.coarse, m.relative = true, coarseEnd
	}
	if noisy {
		m.floor = tolerance / (100 * (hi - lo))
	}
	if before, place := o.alikeMarch(p); before != nil {
		if m.again(before, lo, hi) {
			return m.panels
		}
	} else if place != nil {
		place.lo, place.hi, m.record = lo, hi, &place.marchRecord
	}
	m.run(lo, hi)
	return m.panels
}

// tail is how far the passage's tail has digits of its own.
func (o SolveOptions) tail(p *busyPassage) float64 {
	switch {
	case o.coarse():
		return 0
	case o.Tail > 0 && p.beyond(o.Tail) > 0:
		return math.Max(o.Tail, p.latest(windowExponent-tailDigits))
	}
	return p.latest(windowExponent - tailDigits)
}

func (m *march) run(lo, hi float64) {
	if !(hi > lo) {
		return
	}
	m.hints = append(m.breaks(lo, hi), hi)
	width := (hi - lo) / marchPanels
	if q, is := m.passage.(interface{ onset() (panel, bool) }); is && lo == m.origin() {
		if first, ok := q.onset(); ok {
			m.panels, lo = append(m.panels, first), first.hi
			width = first.hi - first.lo
		}
	}
	if early, _, _ := m.row(math.Nextafter(lo+1e-3*m.scale(lo), hi)); early > 1e-14/(hi-lo) { // f begins at once
		width = math.Min(width, 8*m.scale(lo))
	}
	for t := lo; t < hi && len(m.panels) < marchMost; {
		to, cut := m.edge(t, width)
		q, next, ok := m.panel(t, to)
		if !ok {
			width = (to - t) / 2
			continue
		}
		m.panels = append(m.panels, q)
		if m.cuts != nil {
			*m.cuts = append(*m.cuts, marchCut{t, to, m.gauss, m.small, m.counts})
		}
		m.keep(t, to)
		width = math.Max(width, to-t) * next
		t = to
		if cut && t < hi { // a boundary layer may follow
			width = math.Min(width, 4*m.scale(t))
		}
	}
}

// edge is the end of the panel that starts at t: a break at the latest.
func (m *march) edge(t, width float64) (to float64, cut bool) {
	next := m.hints[sort.Search(len(m.hints), func(i int) bool { return m.hints[i] > t })]
	if t+1.2*width >= next {
		return next, true
	}
	return t + width, false
}

// panel solves on (lo,hi]. next is the factor by which the following panel
// may be wider.
func (m *march) panel(lo, hi float64) (p panel, next float64, ok bool) {
	n := len(m.nodes.x)
	half, mid := (hi-lo)/2, (hi+lo)/2
	rows := make([]func(float64) float64, n)
	offs := make([]func(a, b, exponent float64) bool, n)
	f := make([]float64, n)
	peak := 0.0
	for i, x := range m.nodes.x {
		if m.check != nil {
			m.check()
		}
		var kernel func(s float64) float64
		f[i], kernel, offs[i] = m.row(mid + half*x)
		rows[i] = m.counted(kernel)
		peak = math.Max(peak, math.Abs(f[i]))
	}
	if q, is := m.passage.(interface{ noise(t float64) float64 }); is {
		peak = math.Max(peak, q.noise(lo)/floorDigits)
	}
	tiny := half <= clockDigits*mid || half <= rounds*m.scale(mid) && !m.steeper(lo, hi) // f cannot vary faster: what is left is rounding
	if _, ok := m.converged(f, peak, half, mid, m.slack()); !ok && !tiny {
		return p, 0, false
	}
	if m.recalled == nil {
		m.counts = m.choose(lo, hi, m.aim(peak), rows, offs)
		m.record.again()
	}
	if m.counts {
		a := make([]float64, n*n)
		for i, x := range m.nodes.x {
			f[i] -= m.integrate(a[i*n:(i+1)*n], mid+half*x, lo, hi, rows[i], offs[i])
			a[i*n+i]++
		}
		m.matrix(a)
		solveLinear(a, f, math.Abs)
	}
	next, ok = m.converged(f, peak, half, mid, 1)
	if !ok {
		next = 2
	}
	if !ok && !tiny {
		return p, 0, false
	}
	return newPanel(lo, hi, m.nodes.coefficients(f)), next, true
}

// counted refuses to go on once the march has taken as many values of kernels as it may.
func (m *march) counted(kernel func(s float64) float64) func(s float64) float64 {
	if m.most == 0 {
		return kernel
	}
	return func(s float64) float64 {
		if m.values++; m.values > m.most {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("more than %.0e values of its kernel are needed", m.most)}})
		}
		return kernel(s)
	}
}

// valuesOf is how many values of a passage's kernel are taken, some thirty seconds.
func valuesOf(p passage) float64 {
	if _, is := p.(*skellamPassage); is {
		return 4 * marchValues
	}
	if q, is := p.(interface{ absolute() bool }); is && q.absolute() {
		return marchValues / 2.5
	}
	return marchValues
}

// tailTolerance is that of a density whose tail is asked for.
const tailTolerance = 1e-12

// tailShare of a density's peak is where its tail begins, which gets digits of its own
// from there on.
const tailShare = 1e-3

// aim is the tolerance for a panel with such a peak: in a tail it falls with it.
func (m *march) aim(peak float64) float64 {
	if m.bounded || m.floor > 0 || m.relative > relativeEnd {
		return m.tolerance
	}
	m.top = math.Max(m.top, peak)
	return m.tolerance * math.Min(1, peak/(tailShare*m.top))
}

// choose sets the rule for a panel from the kernel's weight at either end, and tells
// whether the kernel matters at all: where rates drift its weight grows, and where they
// have jumped it fades.
func (m *march) choose(lo, hi, tolerance float64, kernels []func(float64) float64, offs []func(a, b, exponent float64) bool) bool {
	if m.flat(hi) {
		return false
	}
	start, last := lo, len(kernels)-1
	if len(m.panels) > 0 {
		start = m.panels[0].lo
	}
	if q, is := m.passage.(interface{ ratesJump(hi float64) bool }); is && !m.jumpy {
		m.jumpy = q.ratesJump(hi)
	}
	m.ground = groundShare * tolerance / (hi - start)
	margin := 0.005 * (hi - lo)
	weight := math.Max(m.weight(start, m.firstOf(lo, hi, margin), kernels[0], offs[0]), m.weight(start, hi-margin, kernels[last], offs[last]))
	m.small = math.Max(12, 9-math.Log(tolerance/weight))
	if m.coarse { // f is far larger long before a tail
		m.small += coarseSmall
	}
	if q, is := m.passage.(interface{ batched(t float64) bool }); is && q.batched(hi) {
		// the kernel is not small through its bracket, so the exponent alone
		// says how small it is
		m.small = math.Max(m.small, math.Log(20*(hi-start)/(m.scale(hi-margin)*tolerance)))
	}
	switch need := tolerance / weight; {
	case m.bounded:
		m.gauss = gauss16
	case need > 1e3:
		return false
	case m.jumpy || m.lumpy() || m.steeper(lo, hi): // where rates have jumped the kernel bends within a panel
		m.gauss = gauss16
	case need > 1e-2:
		m.gauss = gauss3
	case need > 1e-4:
		m.gauss = gauss4
	case need > 1e-7:
		m.gauss = gauss6
	default:
		m.gauss = gauss8
	}
	return true
}

// lumpy tells whether kernels have a bump at the lag that a large group takes.
func (m *march) lumpy() bool {
	q, is := m.passage.(*groupedPassage)
	return is && slices.ContainsFunc(q.sources, func(g groupSource) bool {
		return float64(g.size) >= lumpyGroup*math.Max(lumpyLeast, math.Min(1, q.lane.cfg.Service.SCV()))
	})
}

// lumpyGroup is the size over the services' SCV from which on that is narrower than what
// few points see, lumpyLeast the least SCV for single requests not to be such a group.
const lumpyGroup, lumpyLeast = 8, 0.2

// weight is the integral of the kernel for t, without sign.
func (m *march) weight(start, t float64, kernel func(float64) float64, off func(a, b, exponent float64) bool) float64 {
	h, weight := m.scale(t), 0.0
	add := func(a, b float64) {
		for j, g := range gauss3.x {
			weight += (b - a) / 2 * gauss3.w[j] * math.Abs(kernel((a+b)/2+(b-a)/2*g))
		}
	}
	for b, u := t, h; b > start; u *= 4 {
		a := math.Max(t-u, start)
		if u == h || !off(a, b, 30) {
			add(a, b)
		}
		b = a
	}
	for i := range m.panels { // where f was narrow the kernel may be too
		add(m.panels[i].lo, m.panels[i].hi)
	}
	return weight
}

// converged tells whether the last Chebyshev coefficients are small enough,
// given the size that rounding is relative to.
func (m *march) converged(f []float64, peak, half, mid, slack float64) (next float64, ok bool) {
	coef := m.nodes.coefficients(f)
	n := len(coef)
	rest := math.Max(math.Abs(coef[n-1]), math.Max(math.Abs(coef[n-2]), math.Abs(coef[n-3])))
	rest = math.Max(0, rest-math.Abs(f[n-1]-f[0])/half*clockRounding*mid)
	allowed := math.Min(m.tolerance/(20*half), math.Max(m.relative*math.Abs(f[n-1]), 1e-20/half))
	if m.bounded {
		allowed = m.tolerance / 20
	}
	allowed = slack * math.Max(allowed, math.Max(floorDigits*peak, m.floor))
	switch {
	case rest > allowed:
		return 0, false
	case rest < 1e-6*allowed || floats.Norm(coef[n/4:], math.Inf(1)) < 1e-2*allowed: // a quarter of the nodes would do
		return 4, true
	case m.noisy && floats.Norm(coef[n/2:], math.Inf(1)) <= noiseShare*rest: // half the nodes would do
		return 2, true
	case rest < 1e-2*allowed:
		return 1.6, true
	}
	return 1, true
}

// solveLinear solves a x = b in place by elimination with row exchanges; size ranks
// pivots.
func solveLinear[T float64 | complex128](a, b []T, size func(T) float64) {
	n := len(b)
	for k := range n {
		top := k
		for i := k + 1; i < n; i++ {
			if size(a[i*n+k]) > size(a[top*n+k]) {
				top = i
			}
		}
		if top != k {
			for j := k; j < n; j++ {
				a[k*n+j], a[top*n+j] = a[top*n+j], a[k*n+j]
			}
			b[k], b[top] = b[top], b[k]
		}
		for i := k + 1; i < n; i++ {
			if f := a[i*n+k] / a[k*n+k]; f != 0 {
				for j := k + 1; j < n; j++ {
					a[i*n+j] -= f * a[k*n+j]
				}
				b[i] -= f * b[k]
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			b[k] -= a[k*n+j] * b[j]
		}
		b[k] /= a[k*n+k]
	}
}
