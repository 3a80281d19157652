package queueing

import "math"

// idleness solves for p0 at all points.
func (v *volterra) idleness() {
	v.refined(&v.idle, func(n int) {
		v.panelOf(v.idle[:n+1], v.before.start, (*volterra).worked, func(w *volterra, s, t float64) bool {
			w.gained(w.kernel, s, t)
			return true
		})
	}, func(p *ringPanel) float64 { return math.Min(1, (p.hi-p.lo)/v.before.event(p.hi)) })
}

// far tells whether the kernel vanishes throughout (a,b), in which a batch or an
// overload may lie.
func (v *volterra) far(t float64) func(a, b float64) bool {
	return func(a, b float64) bool {
		return v.before.busyPassage.off(a, b, t, pastExponent*float64(v.group), func(s float64) float64 { return v.before.still(s, t) })
	}
}

// ringSource and ringKernel are those of an equation of the second kind: kernels are left
// in w.kernel, unless they are 0.
type (
	ringSource func(w *volterra, t float64, dst []complex128)
	ringKernel func(w *volterra, s, t float64) bool
)

// panelOf solves an equation for the last panel.
func (v *volterra) panelOf(panels []ringPanel, from float64, source ringSource, kernel ringKernel) {
	k, n := len(v.points), len(gauss16.x)
	p := &panels[len(panels)-1]
	if len(v.matrix) == 0 {
		v.matrix, v.column = make([]complex128, k*n*n), make([]complex128, n)
	}
	clear(v.matrix)
	v.beside(func(w *volterra, i int) { w.rowOf(panels, i, from, source, kernel) })
	for j := range k {
		a := v.matrix[j*n*n : (j+1)*n*n]
		for i := range n {
			a[i*n+i]++
			v.column[i] = p.f[i][j]
		}
		solveLinear(a, v.column, span)
		for i := range n {
			p.f[i][j] = v.column[i]
		}
	}
}

// rowOf sets up the equation at a node of the last panel.
func (v *volterra) rowOf(panels []ringPanel, i int, from float64, source ringSource, kernel ringKernel) {
	v.check()
	n := len(gauss16.x)
	p := &panels[len(panels)-1]
	t, f := p.node(i), p.f[i]
	source(v, t, f)
	v.lags(panels, t, from, v.far(t), func(s, w float64) {
		if !kernel(v, s, t) {
			return
		}
		legendre16.cardinals(v.card, (2*s-p.lo-p.hi)/(p.hi-p.lo))
		for j, x := range v.kernel {
			row := v.matrix[(j*n+i)*n : (j*n+i+1)*n]
			for m, c := range v.card {
				c *= w
				row[m] += complex(c*real(x), c*imag(x))
			}
		}
	}, func(s, w float64, g, _ []complex128) {
		if !kernel(v, s, t) {
			return
		}
		for j, x := range v.kernel {
			f[j] -= complex(w*real(x), w*imag(x)) * g[j]
		}
	})
}

// gained is the density at 0 of what X gains over (s,t], given an arrival.
func (v *volterra) gained(dst []complex128, s, t float64) {
	clear(dst)
	if t <= s {
		return
	}
	v.at(s, t, t-s)
	v.asideOf(dst, v.size(s, t), t-s, 1)
}

// worked is P(X(t) <= 0).
func (v *volterra) worked(t float64, dst []complex128) {
	start := v.before.start
	clear(dst)
	v.at(start, t, t-start)
	shift := v.size(start, t)
	for i, w := range v.before.begin.p {
		if w > countEnd {
			v.tails(dst, sizeBelow, v.before.begin.lo+i+shift, t-start, w)
		}
	}
}

// tails adds w times P((k + A)^+ services take u at most), or longer, the means being set.
func (v *volterra) tails(dst []complex128, kind sizeKind, k int, u, w float64) {
	if v.bySize != nil {
		v.bySize.average(dst, kind, k, u, w)
		return
	}
	of := v.terms.below
	if kind == sizeBeyond {
		of = v.terms.beyond
	}
	lo, terms := of(k, u, v.mean)
	v.add(dst, w, lo, terms)
}

// countEnd is a chance too small to count.
const countEnd = 1e-24

// resume solves for the density of T at level 0.
func (v *volterra) resume() {
	v.riseAll()
	v.refined(&v.later, func(n int) {
		if n == 0 && v.rough() {
			v.onset(&v.later[0], v.begun)
			rest := make([]complex128, len(v.points))
			v.slowly((v.begin+v.later[0].hi)/2, rest)
			for _, f := range v.later[0].f {
				for j, x := range rest {
					f[j] += x
				}
			}
			return
		}
		v.panelOf(v.later[:n+1], v.begin, (*volterra).source, (*volterra).ends)
	}, halfWide)
}

// halfWide is the weight of a density's coefficients.
func halfWide(p *ringPanel) float64 { return (p.hi - p.lo) / 2 }

// source is that of T at level 0.
func (v *volterra) source(t float64, dst []complex128) {
	clear(dst)
	for _, r := range v.rises {
		v.risen(dst, r, t, t-r.at)
	}
	v.past(dst, t)
}

// ends is the kernel of T.
func (v *volterra) ends(s, t float64) bool {
	return v.ballot(v.kernel, v.size(s, t), s, t, t-s)
}

// begun is the part of the source so long after begin that is from what came then.
func (v *volterra) begun(u float64, dst []complex128) {
	clear(dst)
	for _, r := range v.rises {
		if r.now(v.begin) {
			v.risen(dst, r, v.begin+u, u)
		}
	}
}

// slowly is the other part, which does not change much over the first panel.
func (v *volterra) slowly(t float64, dst []complex128) {
	clear(dst)
	for _, r := range v.rises {
		if !r.now(v.begin) {
			v.risen(dst, r, t, t-r.at)
		}
	}
	v.past(dst, t)
}

// riseAll notes where busy periods begin at known instants, and how likely the lane
// is idle at begin.
func (v *volterra) riseAll() {
	k := len(v.points)
	same := func(w float64) []complex128 {
		out := make([]complex128, k)
		for j := range out {
			out[j] = complex(w, 0)
		}
		return out
	}
	for i, w := range v.before.begin.p {
		if n := v.before.begin.lo + i - v.before.level; n > 0 && w > countEnd {
			v.rises = append(v.rises, ringRise{v.before.start, n, same(w)})
		}
	}
	if len(v.idle) == 0 { // one busy period
		v.chance = same(v.resumption.chance)
		return
	}
	idle := func(t float64) []complex128 {
		out := make([]complex128, k)
		i := 0
		for i < len(v.idle)-1 && v.idle[i].hi < t {
			i++
		}
		v.idle[i].interpolate(out, v.idle[i].f, t, v.card)
		return out
	}
	copy(v.chance, idle(v.begin))
	jumps := v.cfg.Arrivals.withSteps(v.before.jumps, v.before.start, v.begin)
	for len(jumps) > 0 && jumps[0].At <= v.begin {
		t, none := jumps[0].At, 1.0
		for len(jumps) > 0 && jumps[0].At == t {
			none *= Count{Fixed: jumps[0].Size.Fixed}.none()
			jumps = jumps[1:]
		}
		v.rise(t, none, idle(t))
	}
}

// rise notes an instant of batches, none of them with a chance of 0 or 1, and of steps.
func (v *volterra) rise(t, none float64, idle []complex128) {
	before := math.Nextafter(t, 0)
	v.rises = append(v.rises, ringRise{before, 0, idle})
	nothing := make([]complex128, len(idle))
	v.noStep(nothing, before, t)
	for j, x := range idle {
		nothing[j] *= x * complex(none, 0)
	}
	if t == v.begin {
		copy(v.chance, nothing)
	}
	if none == 0 {
		return
	}
	for j := range nothing {
		nothing[j] = -nothing[j]
	}
	v.rises = append(v.rises, ringRise{t, 0, nothing})
}

// risen adds the ends at t of busy periods that began at a known instant u before.
func (v *volterra) risen(dst []complex128, r ringRise, t, u float64) {
	if v.ballot(v.kernel, r.size+v.size(r.at, t), r.at, t, u) {
		for j, x := range v.kernel {
			dst[j] += r.chance[j] * x
		}
	}
}

// ballot is [transformPassage.ballot] for what takes u, and tells whether it is not 0.
func (v *volterra) ballot(dst []complex128, k int, s, t, u float64) bool {
	switch {
	case u <= 0:
		return false
	case v.bySize != nil:
		return v.sizeBallot(dst, k, s, t, u, func(x Source) float64 { return x.Excess(s, t) })
	case v.group > 1:
		return v.groupBallot(dst, k, s, t, u)
	}
	v.sum(v.excess, func(x Source) float64 { return x.Excess(s, t) })
	none := true
	for _, x := range v.excess {
		none = none && x == 0
	}
	if k == 0 && none {
		return false
	}
	v.at(s, t, u)
	clear(dst)
	if k == 0 {
		lo, terms := v.terms.last(1, u, v.mean)
		v.add(dst, 1/u, lo, terms)
		for j := range dst {
			dst[j] *= v.excess[j]
		}
		return true
	}
	lo, terms := v.terms.last(k, u, v.mean)
	v.add(dst, float64(k)/u, lo, terms)
	if !none {
		clear(v.one)
		lo, terms = v.oneMore(lo, terms, k+1, u)
		v.add(v.one, 1/u, lo, terms)
		for j, x := range v.one {
			dst[j] += v.excess[j] * x
		}
	}
	return true
}

// oneMore turns the terms of last(k-1) into those of last(k), if arrivals are enough
// for that to lose no digits.
func (v *volterra) oneMore(lo int, terms []float64, k int, u float64) (int, []float64) {
	switch a := v.mean.base + v.mean.pool; {
	case v.mean.whole && a >= noArrival:
		return oneMore(lo, terms, a, v.mean.every)
	case !v.mean.whole && v.mean.pool >= fewArrivals:
		return oneMore(lo, terms, v.mean.pool, v.mean.every)
	}
	return v.terms.last(k, u, v.mean)
}

// fewArrivals are the mean from which on neighbouring chances are alike enough.
const fewArrivals = 2.0

// past adds the part from what idled before begin.
func (v *volterra) past(dst []complex128, t float64) {
	off, first, event, start := v.far(t), v.before.scale(t), v.before.event(t), v.before.start
	for b := v.begin; b > start; {
		a := earlierBy(b, math.Max(first, pastGrowth*(t-b)), start)
		if !off(a, b) {
			v.before.split(a, b, t, off, func(a, b float64) {
				v.across(v.idle, a, b, t, event, func(s, w float64, idle, slope []complex128) { v.from(dst, s, t, w, idle, slope) })
			})
		}
		b = a
	}
}

// from adds what idled at s, as [resumed.from] has it.
func (v *volterra) from(dst []complex128, s, t, w float64, idle, slope []complex128) {
	switch {
	case v.bySize != nil:
		v.sizeFrom(dst, s, t, w, idle, slope)
		return
	case v.group > 1:
		v.groupFrom(dst, s, t, w, idle, slope)
		return
	}
	v.sum(v.rate, func(x Source) float64 { return x.Rate(s) })
	v.sum(v.excess, func(x Source) float64 { return x.Excess(s, t) })
	size, u := v.size(s, t), t-s
	v.at(s, t, t-s)
	clear(v.none)
	clear(v.one)
	clear(v.two)
	lo, terms := 0, []float64(nil)
	if size > 0 {
		lo, terms = v.terms.last(size, u, v.mean)
		v.add(v.none, w/u, lo, terms)
		lo, terms = v.oneMore(lo, terms, size+1, u)
	} else {
		lo, terms = v.terms.last(size+1, u, v.mean)
	}
	v.add(v.one, w/u, lo, terms)
	lo, terms = v.oneMore(lo, terms, size+2, u)
	v.add(v.two, w/u, lo, terms)
	n := complex(float64(size), 0)
	for j, x := range idle {
		starts := v.rate[j] * x
		ends := slope[j] + starts
		dst[j] += -ends*n*v.none[j] + (starts*(n+1)-ends*v.excess[j])*v.one[j] + starts*v.excess[j]*v.two[j]
	}
}
