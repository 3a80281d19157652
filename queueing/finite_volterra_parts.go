package queueing

import "slices"

// sizePart is what comes in groups of a size, in requests, at each point.
type sizePart struct {
	size   int
	factor []complex128
}

// sizeParts are those of several sizes, or what sums so many requests further on are
// multiplied by.
type sizeParts []sizePart

// clear forgets them, but for their room.
func (p *sizeParts) clear() { *p = (*p)[:0] }

// of is the part of a size.
func (p *sizeParts) of(size, points int) *sizePart {
	if i := slices.IndexFunc(*p, func(x sizePart) bool { return x.size == size }); i >= 0 {
		return &(*p)[i]
	}
	n := len(*p)
	if *p = slices.Grow(*p, 1)[:n+1]; len((*p)[n].factor) != points {
		(*p)[n].factor = make([]complex128, points)
	}
	x := &(*p)[n]
	x.size = size
	clear(x.factor)
	return x
}

// most is the largest size.
func (p sizeParts) most() (most int) {
	for _, x := range p {
		most = max(most, x.size)
	}
	return most
}

// ask sums what is asked of the streams by the size of their groups.
func (v *volterra) ask(p *sizeParts, of func(Source) float64) {
	p.clear()
	base := 0.0
	for _, s := range v.base {
		base += of(s)
	}
	if base != 0 {
		x := p.of(1, len(v.points))
		for j := range x.factor {
			x.factor[j] = complex(base, 0)
		}
	}
	for i, s := range v.pools {
		f := of(s)
		if f == 0 {
			continue
		}
		x := p.of(v.sizes[i], len(v.points))
		for j, pt := range v.points {
			e := pt.means[i]
			x.factor[j] += complex(f*real(e), f*imag(e))
		}
	}
}

// sizeBallot sets k/u J(k) + sum of E_r/u J(k+r), and tells whether it is not 0.
func (v *volterra) sizeBallot(dst []complex128, k int, s, t, u float64, excess func(Source) float64) bool {
	v.ask(&v.excesses, excess)
	if k == 0 && len(v.excesses) == 0 {
		return false
	}
	v.at(s, t, u)
	clear(dst)
	v.bySize.listed(sizeLast, k, v.excesses.most(), u)
	if k > 0 {
		v.bySize.add(dst, k, float64(k)/u)
	}
	for _, x := range v.excesses {
		v.bySize.times(dst, x.factor, k+x.size, 1/u)
	}
	return true
}

// sizeFrom adds what idled at s,
//
//	sum of f_r p0 (r + k) J(k+r) + sum of f_r p0 E_q J(k+r+q) - m (k J(k) + sum of E_q J(k+q)),
//
// over u, f_r the rate of groups of r requests and m = p0' + sum of f_r p0.
func (v *volterra) sizeFrom(dst []complex128, s, t, w float64, idle, slope []complex128) {
	k, u, points := v.size(s, t), t-s, len(v.points)
	v.ask(&v.rates, func(x Source) float64 { return x.Rate(s) })
	v.ask(&v.excesses, func(x Source) float64 { return x.Excess(s, t) })
	v.at(s, t, u)
	ends := v.kernel
	copy(ends, slope)
	for _, x := range v.rates {
		for j, f := range x.factor { // of requests, from here on of groups that meet an idle lane
			x.factor[j] = f * idle[j] * complex(1/float64(x.size), 0)
			ends[j] += x.factor[j]
		}
	}
	p := &v.further
	p.clear()
	if k > 0 {
		to := p.of(0, points).factor
		for j := range to {
			to[j] = -ends[j] * complex(float64(k), 0)
		}
	}
	for _, e := range v.excesses {
		to := p.of(e.size, points).factor
		for j, f := range e.factor {
			to[j] -= ends[j] * f
		}
	}
	for _, r := range v.rates {
		to := p.of(r.size, points).factor
		for j, f := range r.factor {
			to[j] += f * complex(float64(r.size+k), 0)
		}
		for _, e := range v.excesses {
			to := p.of(r.size+e.size, points).factor
			for j, f := range r.factor {
				to[j] += f * e.factor[j]
			}
		}
	}
	v.bySize.listed(sizeLast, k, p.most(), u)
	for _, x := range *p {
		v.bySize.times(dst, x.factor, k+x.size, w/u)
	}
}
