package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// Where the requests of pools come in groups of r, the averages of [volterra] are over
// the number of groups, Poisson of a complex mean, of averages over the requests from
// other streams, Poisson of mean b,
//
//	c_j = sum over i of P(I = i) c(k + i + r j),
//
// for j groups. The kernels are those of [groupedPassage]: with J(k) as in [workSums],
// E and E' the excess of other streams and of pools in requests,
//
//	ballot(k) = k/u J(k) + E/u J(k+1) + E'/u J(k+r).
//
// The panels come from the lane whose requests come one by one, and are cut where its
// own solution calls for it. By the scaling of a compound Poisson number's cumulants,
// (e^(r x) - 1)/r for e^x - 1, no Chernoff exponent of groups is less than 1/r of that of
// single requests, with which what is left out is found.

// byGroups are the terms for each number of groups, last or density as in outwards.
func (c *countTerms) byGroups(k int, u float64, m *ringMean, last bool) (lo int, terms []float64) {
	c.arrivals(m.pool)
	if u <= 0 {
		return 0, nil
	}
	others := c.singles(m.base)
	if c.sums.table != nil {
		c.listed(u, max(1, k+others.lo+c.group*c.chance.lo), k+others.hi()+c.group*c.chance.hi(), last)
	} else {
		c.listedAll(u, last)
	}
	stride := c.stride(others, u)
	m.every = c.every(u, m)
	c.spend(len(c.of.g) + len(c.chance.p)/m.every*len(others.p)/stride)
	c.up = c.up[:0]
	for j := 0; j < len(c.chance.p); j += m.every {
		w := c.chance.p[j] * float64(m.every)
		ahead := k + others.lo + c.group*(c.chance.lo+j) - c.of.first // of others.p[0] in of.g
		from := (max(0, -ahead) + stride - 1) / stride * stride
		sum := 0.0
		for i, to := from, min(len(others.p), len(c.of.g)-ahead); i < to; i += stride {
			sum += others.p[i] * c.of.g[ahead+i]
		}
		c.up = append(c.up, w*sum*float64(stride))
	}
	return c.chance.lo, c.up
}

// every is the stride of the sum over numbers of groups: at a point of angle theta a
// stride h adds what the transform of the summand is at theta + 2 pi/h, for a normal one
// exp(-(sd (2 pi/h - theta))^2/2) of its most, which the weights do not amplify.
func (c *countTerms) every(u float64, m *ringMean) int {
	return groupStride(c.sums.service, u, m.base, c.group, m)
}

// groupStride is that for the groups of a size, where others send a mean number.
func groupStride(s Service, u, others float64, size int, m *ringMean) int {
	sd := 1 / math.Sqrt(1/math.Max(m.pool, 1e-9)+float64(size*size)/math.Max(s.SCV()*u/s.Mean()+others, 1e-9))
	return max(1, int(2*math.Pi/(everyDigits/sd+m.wide)))
}

// everyDigits leaves e^-50.
const everyDigits = 10.0

// summed tells whether averages over groups are sums of densities.
func (c *countTerms) summed(u float64, k int, m *ringMean) bool {
	m.every = 1
	if c.group <= 1 {
		return false
	}
	if c.sums.table == nil {
		return c.sums.series != nil
	}
	c.arrivals(m.pool)
	return c.sums.table.covers(u, k+c.singles(m.base).hi()+c.group*c.chance.hi())
}

// spend counts products, and gives up where groups take too many.
func (c *countTerms) spend(products int) {
	if c.spent += float64(products); c.group > 1 && c.spent > groupSpend {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("requests come in groups, and following them takes more than %.0e products", groupSpend)}})
	}
}

// groupSpend is some twenty seconds.
const groupSpend = 8e9

// requests is the mean number that come.
func (c *countTerms) requests(m *ringMean) float64 { return m.base + float64(c.size())*m.pool }

// tilted is the mean of single requests whose saddle point for k services groups have.
func (c *countTerms) tilted(k, u float64, m *ringMean) float64 {
	r := c.size()
	if r == 1 || c.sums.paths != nil { // whose points are not left of 0
		return c.requests(m)
	}
	g := groupSums{poleSums: c.sums, digits: groupDigits}
	at, _, _ := g.centre(servicesLaw{lo: k}, u, []groupFlow{{1, m.base, 0}, {r, m.pool, 0}})
	_, _, tilt := c.sums.tilted(at)
	return m.base + float64(r)*m.pool*tiltedPower(tilt, r-1)
}

// size is that of the groups, 1 where requests come one by one.
func (c *countTerms) size() int { return max(c.group, 1) }

// stride is that of sums of a smooth summand over whole numbers (Poisson's summation
// formula: it is off by 2 exp(-2 pi^2 (sd/stride)^2) of itself).
func (c *countTerms) stride(others law, u float64) int {
	s := c.sums.service
	served := s.SCV() * u / s.Mean()
	if !(served > 0) || len(others.p) == 1 {
		return 1
	}
	sd := 1 / math.Sqrt(1/served+1/math.Max(c.lone, 1e-9))
	return max(1, int(sd/1.7))
}

// singles is the law of the requests that come one by one.
func (c *countTerms) singles(mean float64) law {
	if mean != c.lone || len(c.others.p) == 0 {
		c.lone, c.others = mean, point(0)
		if mean >= noArrival {
			c.others = poissonLaw(mean)
		}
	}
	return c.others
}

// groupEnd is the share of the largest density below which others are left out.
const groupEnd = 1e-24

// groupDensities are g_n(u), or u/n times that, for n from first on.
type groupDensities struct {
	u     float64
	last  bool
	first int
	g     []float64
	end   int // the last that was asked for
}

// listed takes them out of the table of lognormal services, for n from first to end and
// for those that the other terms of a kernel ask for.
func (c *countTerms) listed(u float64, first, end int, last bool) {
	if c.of.u == u && c.of.last == last && first >= c.of.first && end <= c.of.end {
		return
	}
	end += 2*c.group + 1
	c.of = groupDensities{u, last, first, append(c.of.g[:0], c.sums.table.density(u, first, end)...), end}
	c.spend(len(cheb16.x) * len(c.of.g))
	for i := range c.of.g {
		if last {
			c.of.g[i] /= float64(first + i)
		} else {
			c.of.g[i] /= u
		}
	}
}

// listedAll finds all that count of gamma services, by ratios of neighbours from about
// the largest on.
func (c *countTerms) listedAll(u float64, last bool) {
	if c.of.u == u && c.of.last == last {
		return
	}
	s := c.sums.series
	centre := max(1, int(s.rate*u/s.shape))
	x := float64(centre) * s.shape
	top := x / u * poissonReal(x, s.rate*u)
	step := math.Pow(s.rate*u, s.shape)
	c.down = c.down[:0]
	for i, v := centre-1, top; i >= 1; i-- {
		if v /= step * s.ratios.at(i); !(v > groupEnd*top) {
			break
		}
		c.down = append(c.down, v)
	}
	c.of = groupDensities{u, last, centre - len(c.down), c.of.g[:0], 0}
	slices.Reverse(c.down)
	c.of.g = append(c.of.g, c.down...)
	for i, v := centre, top; v > groupEnd*top; i++ {
		c.of.g = append(c.of.g, v)
		v *= step * s.ratios.at(i)
	}
	if last {
		for i := range c.of.g {
			c.of.g[i] *= u / float64(c.of.first+i)
		}
	}
}

// tailsOf are P(n services take u at most), or longer, for each number of groups.
func (c *countTerms) tailsOf(k int, u float64, m *ringMean, beyond bool) (lo int, terms []float64) {
	c.arrivals(m.pool)
	others := c.singles(m.base)
	first := max(1, k+others.lo+c.group*c.chance.lo)
	tails := c.tails(u)
	var all []float64
	at := func(n int) float64 {
		if n < first {
			return indicator(!beyond)
		}
		for len(all) <= n-first {
			below, above := tails(first + len(all))
			if beyond {
				below = above
			}
			all = append(all, below)
		}
		return all[n-first]
	}
	stride := c.stride(others, u)
	c.up = c.up[:0]
	for j, w := range c.chance.p {
		from, sum := k+others.lo+c.group*(c.chance.lo+j), 0.0
		for i := 0; i < len(others.p); i += stride {
			sum += others.p[i] * at(from+i)
		}
		c.up = append(c.up, w*sum*float64(stride))
	}
	return c.chance.lo, c.up
}

// parts are what is asked of the streams that come one by one, and of pools at each
// point, in requests.
func (v *volterra) parts(dst []complex128, of func(Source) float64) (base float64, none bool) {
	for _, s := range v.base {
		base += of(s)
	}
	none = true
	sumAt(dst, v.points, nil, v.pools, func(s Source) float64 {
		x := of(s)
		none = none && x == 0
		return x
	})
	return base, none
}

// lasts adds weight times J(k), the means being set.
func (v *volterra) lasts(dst []complex128, k int, u, weight float64) {
	if weight != 0 {
		lo, terms := v.terms.last(k, u, v.mean)
		v.add(dst, weight, lo, terms)
	}
}

// product adds weight times f J(k).
func (v *volterra) product(dst, f []complex128, k int, u, weight float64) {
	clear(v.one)
	v.lasts(v.one, k, u, weight)
	for j, x := range v.one {
		dst[j] += f[j] * x
	}
}

// groupBallot is ballot.
func (v *volterra) groupBallot(dst []complex128, k int, s, t, u float64) bool {
	base, none := v.parts(v.excess, func(x Source) float64 { return x.Excess(s, t) })
	if k == 0 && base == 0 && none {
		return false
	}
	v.at(s, t, u)
	clear(dst)
	v.lasts(dst, k, u, float64(k)/u)
	v.lasts(dst, k+1, u, base/u)
	if !none {
		v.product(dst, v.excess, k+v.group, u, 1/u)
	}
	return true
}

// groupFrom adds what idled at s: with f, f' the rates at which groups and others come,
//
//	f p0 ballot(k+r) r + f' p0 ballot(k+1) - m ballot(k),   m = p0' + (f + f') p0.
func (v *volterra) groupFrom(dst []complex128, s, t, w float64, idle, slope []complex128) {
	k, u, r := v.size(s, t), t-s, v.group
	rate, _ := v.parts(v.rate, func(x Source) float64 { return x.Rate(s) })
	excess, none := v.parts(v.excess, func(x Source) float64 { return x.Excess(s, t) })
	v.at(s, t, u)
	w /= u
	one := complex(rate, 0)
	groups, ends := v.none, v.kernel
	for j, x := range idle {
		groups[j] = v.rate[j] / complex(float64(r), 0) * x
		ends[j] = slope[j] + (groups[j] + one*x)
	}
	sum := func(k int, factor func(j int) complex128) {
		clear(v.two)
		v.lasts(v.two, k, u, w)
		for j, x := range v.two {
			dst[j] += factor(j) * x
		}
	}
	at, more := complex(float64(k), 0), complex(excess, 0)
	if k > 0 {
		sum(k, func(j int) complex128 { return -ends[j] * at })
	}
	sum(k+1, func(j int) complex128 { return one*idle[j]*(at+1) - ends[j]*more })
	sum(k+2, func(j int) complex128 { return one * idle[j] * more })
	sum(k+r, func(j int) complex128 { return groups[j]*(at+complex(float64(r), 0)) - ends[j]*v.excess[j] })
	sum(k+r+1, func(j int) complex128 { return groups[j]*more + one*idle[j]*v.excess[j] })
	if !none {
		sum(k+2*r, func(j int) complex128 { return groups[j] * v.excess[j] })
	}
}

// groupMet is met.
func (v *volterra) groupMet(x float64, size int, t float64) {
	base, lam := 0.0, 0.0
	for _, s := range v.base {
		base, lam = base+s.Flow(v.begin, t), lam+s.Rate(t)
	}
	v.lasts(v.kernel, size, x, float64(size)/x)
	v.lasts(v.kernel, size+1, x, base/x-lam)
	factor := make([]complex128, len(v.points))
	sumAt(factor, v.points, nil, v.pools, func(s Source) float64 { return s.Flow(v.begin, t)/x - s.Rate(t) })
	v.product(v.kernel, factor, size+v.group, x, 1)
}

// noStep is the probability that no step comes at t.
func (v *volterra) noStep(dst []complex128, before, t float64) {
	if v.bySize != nil {
		v.at(before, t, 0)
		clear(dst)
		v.bySize.none(dst)
		return
	}
	base, _ := v.parts(dst, func(s Source) float64 { return s.Flow(before, t) })
	for j, x := range dst {
		dst[j] = cmplx.Exp(-x/complex(float64(v.group), 0) - complex(base, 0))
	}
}

// groupOf is the largest size of the groups of all open streams, and whether there is but
// one.
func (p problem) groupOf(open []int) (size int, alike bool) {
	alike = true
	for _, i := range open {
		_, s := members(p.cfg.Arrivals.streams[i].Source)
		alike = alike && (size == 0 || s == size)
		size = max(size, s)
	}
	return size, alike
}

// several tells whether groups are of several sizes.
func (v *volterra) several() bool { return slices.Min(v.sizes) < v.group }

// mostIn is the largest number of services that count where so many requests come.
func (v *volterra) mostIn(a float64) int {
	n := mostOf(v.certain+2, a)
	if v.group > 1 {
		n += v.group * int(tableReach*(math.Sqrt(a)+1))
	}
	return n
}

// window is that of one busy period.
func (v *volterra) window(q *transformPassage) (lo, hi float64) {
	tolerance := v.tolerance() / 10
	if v.group == 1 {
		return q.window(tolerance)
	}
	r := float64(v.group)
	hi = q.latest((7 - math.Log(tolerance)) * r)
	if math.IsInf(hi, 1) {
		return 0, 0
	}
	return q.earliest(hi, (12-math.Log(tolerance))*r), hi
}

// lengthen has the law of groups end where no more is left.
func (v *volterra) lengthen(q *resumed) {
	if v.group > 1 {
		v.end = math.Max(v.end, q.latest(float64(v.group)*(7-math.Log(v.tolerance()))))
	}
}

// refined solves panels from left to right, each cut as long as what the points make of
// it has not converged and there is room, if requests come in groups. counts is the
// weight of a panel's last coefficients, 0 to take it as it is.
func (v *volterra) refined(panels *[]ringPanel, solve func(n int), counts func(p *ringPanel) float64) {
	most := groupCuts * (len(*panels) + 8)
	for n := 0; n < len(*panels); n++ {
		solve(n)
		if v.group == 1 {
			continue
		}
		p := (*panels)[n]
		if len(*panels) >= most || !(lastOf(combined(&p, v.weights()))*counts(&p) > groupRough*v.tolerance()) {
			continue
		}
		mid := (p.lo + p.hi) / 2
		*panels = slices.Replace(*panels, n, n+1, newRingPanel(p.lo, mid, len(v.points)), newRingPanel(mid, p.hi, len(v.points)))
		n--
	}
}

const (
	groupCuts  = 4    // panels over those of single requests
	groupRough = 1e-2 // last coefficients of a panel over the tolerance
)

// weights of the points in the law.
func (v *volterra) weights() []complex128 { return weightsOf(v.points) }

func weightsOf(points []circlePoint) []complex128 {
	own := make([]complex128, len(points))
	for j, pt := range points {
		own[j] = pt.weight
	}
	return own
}
