package queueing

import "math"

// setAside solves for the density of T at levels above 0.
func (v *volterra) setAside() {
	v.tabulated()
	v.exceed(v.chance, 0)
	for j, x := range v.chance {
		v.chance[j] = 1 - x
	}
	v.refined(&v.later, func(n int) {
		if n == 0 && v.rough() {
			v.onset(&v.later[0], v.passed)
			return
		}
		v.panelOf(v.later[:n+1], v.begin, func(w *volterra, t float64, source []complex128) { w.passed(t-w.begin, source) }, (*volterra).ends)
	}, halfWide)
}

// tabulated is P(V(begin) > y) on all panels, as far as it counts.
func (v *volterra) tabulated() {
	if v.group > 1 {
		v.farther()
	}
	v.refined(&v.work, func(n int) {
		p := &v.work[n]
		v.beside(func(w *volterra, k int) { w.exceed(p.f[k], math.Pow(p.node(k), w.power)) })
	}, func(*ringPanel) float64 { return 1 })
	for i := range v.work {
		v.work[i].differentiate()
	}
}

// farther looks for the largest work of what comes in groups.
func (v *volterra) farther() {
	q, values := v.aside, make([]complex128, len(v.points))
	for {
		v.exceed(values, q.most)
		left := 0.0
		for j, pt := range v.points {
			left = math.Max(left, span(pt.weight*values[j]))
		}
		if left < asideCut*v.tolerance() {
			return
		}
		last := v.work[len(v.work)-1].hi
		q.most *= 1.5
		v.work = append(v.work, newRingPanel(last, q.root(q.most), len(v.points)))
	}
}

// exceed is P(V(begin) > y).
func (v *volterra) exceed(dst []complex128, y float64) {
	v.check()
	v.fresh(dst, y)
	add := func(ago, w float64, idle []complex128) { // the clock has fewer digits than ago
		s := math.Min(v.begin-ago, math.Nextafter(v.begin, 0))
		v.at(s, v.begin, y+ago)
		clear(v.kernel)
		v.asideOf(v.kernel, v.size(s, v.begin)-v.level, y+ago, w)
		for j, x := range idle {
			dst[j] += v.kernel[j] * x
		}
	}
	q, m, scv := v.aside, v.cfg.Service.Mean(), v.cfg.Service.SCV()
	first := q.scale(v.begin)
	last := &v.idle[len(v.idle)-1]
	for b := v.begin; b > v.before.start; {
		ago := v.begin - b
		width := math.Min(pastGrowth*(ago+y), pastGrowth*m*math.Sqrt((1+scv)*(ago+y)/m))
		a := earlierBy(b, math.Max(first, width), v.before.start)
		switch {
		case b == v.begin:
			a = math.Max(a, last.lo)
			zoneBeyond(y, b-a, v.power, func(u, w float64) {
				last.interpolate(v.value, last.f, v.begin-u, v.card)
				add(u, w, v.value)
			})
		case !(v.off(a, y) && v.off((a+b)/2, y) && v.off(b, y)):
			v.across(v.idle, a, b, v.begin+y, v.before.event(v.begin), func(s, w float64, idle, _ []complex128) { add(v.begin-s, w, idle) })
		}
		b = a
	}
}

// off tells whether what came since s hardly leaves y.
func (v *volterra) off(s, y float64) bool {
	return v.aside.far(s, y, pastExponent*float64(v.group))
}

// asideOf adds w times the density at u of the work of (k + A)^+ services, the means
// being set.
func (v *volterra) asideOf(dst []complex128, k int, u, w float64) {
	if v.bySize != nil {
		v.bySize.average(dst, sizeDensity, k, u, w)
		return
	}
	if k < 0 || v.mean.whole || v.terms.summed(u, k, v.mean) {
		lo, terms := v.terms.aside(k, u, v.mean)
		v.add(dst, w, lo, terms)
		return
	}
	if v.group > 1 {
		v.lasts(dst, k+1, u, w/u*v.mean.base)
	}
	clear(v.one)
	v.lasts(v.one, k+v.group, u, w/u*float64(v.group))
	for j := range dst {
		f := v.mean.ofPools(j)
		if v.group == 1 {
			f += complex(v.mean.base, 0)
		}
		dst[j] += v.one[j] * f
	}
	if k > 0 {
		v.lasts(dst, k, u, w*float64(k)/u)
	}
}

// fresh is P(X > y).
func (v *volterra) fresh(dst []complex128, y float64) {
	start := v.before.start
	clear(dst)
	v.at(start, v.begin, y+v.begin-start)
	shift := v.size(start, v.begin) - v.level
	for i, w := range v.before.begin.p {
		if w > countEnd {
			v.tails(dst, sizeBeyond, v.before.begin.lo+i+shift, y+v.begin-start, w)
		}
	}
}

// onset is the first panel after begin, where a service's density is rough, as if its
// mass were spread evenly.
func (v *volterra) onset(p *ringPanel, source func(u float64, dst []complex128)) {
	e := p.hi - p.lo
	mass, f := make([]complex128, len(v.points)), make([]complex128, len(v.points))
	zone(e, v.power, func(u, w float64) {
		source(u, f)
		for j, x := range f {
			mass[j] += complex(w/e, 0) * x
		}
	})
	for i := range p.f {
		copy(p.f[i], mass)
	}
}

// passed is the integral of v(y) k(y,t), t so long after begin.
func (v *volterra) passed(u float64, dst []complex128) {
	q, t := v.aside, v.begin+u
	clear(dst)
	v.sum(v.rate, func(s Source) float64 { return s.Rate(t) })
	v.at(v.begin, t, u)
	groups := float64(v.group)
	arrived, size := v.requests(), v.size(v.begin, t)
	law := law{size, one}
	away := func(x float64) bool { return q.away(x, arrived, law, pastExponent*groups) }
	if size == 0 && u < q.most {
		density := v.density(u)
		clear(v.kernel)
		v.nothing(v.kernel)
		for j, x := range density {
			dst[j] += v.kernel[j] * x
		}
	}
	v.sum(v.excess, func(s Source) float64 { return s.Flow(v.begin, t) })
	add := func(x, w float64, density []complex128) {
		if v.bySize == nil && v.terms.whole(x, mostOf(v.certain, arrived)) != v.mean.whole {
			v.at(v.begin, t, x)
		}
		v.met(x, size, t)
		for j, g := range density {
			dst[j] += complex(w, 0) * g * v.kernel[j]
		}
	}
	m, scv := v.cfg.Service.Mean(), v.cfg.Service.SCV()
	first := q.scale(v.begin)
	for x := math.Max(0, u-q.most); x < u; {
		to := math.Min(u, x+math.Max(first, math.Min(pastGrowth*x, workWide*math.Sqrt(scv*x*m))))
		switch {
		case x == 0 && v.power > 1:
			to = math.Min(to, u/2) // both ends are rough
			zone(to, v.power, func(x, w float64) { add(x, w, v.density(u-x)) })
		case !(away(x) && away((x+to)/2) && away(to)):
			v.across(v.work, q.root(u-to), q.root(u-x), 0, 0, func(z, w float64, _, slope []complex128) {
				add(u-math.Pow(z, v.power), -w, slope)
			})
		}
		x = to
	}
}

// requests is the mean number of them that come, the means being set.
func (v *volterra) requests() float64 {
	if v.bySize != nil {
		return v.bySize.requests()
	}
	return v.mean.base + float64(v.group)*v.mean.pool
}

// nothing adds the probability that nothing comes, the means being set.
func (v *volterra) nothing(dst []complex128) {
	if v.bySize != nil {
		v.bySize.none(dst)
		return
	}
	v.add(dst, math.Exp(-v.mean.base-v.mean.pool), 0, one)
}

// met is [setAside.met], the means of (begin,t] being set.
func (v *volterra) met(x float64, size int, t float64) {
	clear(v.kernel)
	switch {
	case x <= 0:
		return
	case v.bySize != nil:
		v.sizeBallot(v.kernel, size, v.begin, t, x, func(s Source) float64 { return s.Flow(v.begin, t) - x*s.Rate(t) })
		return
	case v.group > 1:
		v.groupMet(x, size, t)
		return
	}
	lo, terms := v.terms.last(size+1, x, v.mean)
	v.add(v.kernel, 1, lo, terms)
	for j := range v.kernel {
		v.kernel[j] *= v.excess[j]*complex(1/x, 0) - v.rate[j]
	}
	if size > 0 {
		lo, terms = v.terms.last(size, x, v.mean)
		v.add(v.kernel, float64(size)/x, lo, terms)
	}
}

// density of V(begin) at y.
func (v *volterra) density(y float64) []complex128 {
	z := v.aside.root(y)
	p := &v.work[holding(v.work, z)]
	p.interpolate(v.slope, p.slope, z, v.card)
	f := complex(-z/(v.power*y), 0)
	for j := range v.slope {
		v.slope[j] *= f
	}
	return v.slope
}
