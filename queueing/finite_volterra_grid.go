package queueing

import (
	"math"
	"sort"
)

// ringPanel holds a function of time, one for each choice of complex means, at Gauss
// points.
type ringPanel struct {
	lo, hi   float64
	f, slope [][]complex128 // at each node, for each point of the circle
	rules    []ringWeights
}

// ringWeights integrate f and its slope times a polynomial over a panel: node by
// node the integral of them times the polynomial that is 1 there and 0 at the others.
type ringWeights struct {
	s        []float64
	f, slope [][]complex128
}

// legendre16 interpolates between Gauss points.
var legendre16 = newLegendre(gauss16)

func newLegendre(r rule) *chebyshev {
	n := len(r.x)
	c := &chebyshev{r.x, make([]float64, n), make([][]float64, n)}
	for i, x := range r.x {
		c.bary[i] = 1
		for j, y := range r.x {
			if i != j {
				c.bary[i] /= x - y
			}
		}
	}
	card := make([]float64, n)
	values := make([][]float64, n)
	nodes := newChebyshev(n)
	for k, x := range nodes.x {
		c.cardinals(card, x)
		for i, v := range card {
			if k == 0 {
				values[i] = make([]float64, n)
			}
			values[i][k] = v
		}
	}
	for i := range values {
		c.coef[i] = nodes.coefficients(values[i])
	}
	return c
}

// legendreSlope[i][k] is the derivative at the i-th point of the polynomial that is 1
// at the k-th.
var legendreSlope = slopesAtNodes(legendre16)

func slopesAtNodes(c *chebyshev) [][]float64 {
	out := make([][]float64, len(c.x))
	for i, x := range c.x {
		for k := range c.x {
			out[i] = append(out[i], clenshaw(derivative(c.coef[k], 1), x))
		}
	}
	return out
}

func newRingPanel(lo, hi float64, points int) ringPanel {
	p := ringPanel{lo: lo, hi: hi}
	for range gauss16.x {
		p.f = append(p.f, make([]complex128, points))
	}
	return p
}

func (p *ringPanel) node(i int) float64 { return (p.lo+p.hi)/2 + (p.hi-p.lo)/2*gauss16.x[i] }

// differentiate fills in slope.
func (p *ringPanel) differentiate() {
	p.rules = nil
	for i := range p.f {
		out := make([]complex128, len(p.f[i]))
		for k, g := range p.f {
			d := complex(legendreSlope[i][k]*2/(p.hi-p.lo), 0)
			for j, x := range g {
				out[j] += d * x
			}
		}
		p.slope = append(p.slope, out)
	}
}

// interpolate writes values between nodes.
func (p *ringPanel) interpolate(dst []complex128, values [][]complex128, t float64, card []float64) {
	legendre16.cardinals(card, (2*t-p.lo-p.hi)/(p.hi-p.lo))
	clear(dst)
	for i, c := range card {
		for j, x := range values[i] {
			dst[j] += complex(c*real(x), c*imag(x))
		}
	}
}

// integral of each point's function over the panel.
func (p *ringPanel) integral(dst []complex128) {
	for i, f := range p.f {
		w := complex((p.hi-p.lo)/2*gauss16.w[i], 0)
		for j, x := range f {
			dst[j] += w * x
		}
	}
}

// holding is the index of the panel that holds t, or of the last one.
func holding(panels []ringPanel, t float64) int {
	return sort.Search(len(panels)-1, func(i int) bool { return panels[i].hi > t })
}

// ringRules integrate over panels from where these are so wide, over the lag or the
// time in which a kernel changes.
var ringRules = []struct {
	width float64
	rule
	weights [][]float64 // of the values at Gauss points, for a panel two wide
}{{0.03, gauss4, productWeights(gauss4)}, {0.25, gauss8, productWeights(gauss8)}, {math.Inf(1), gauss16, productWeights(gauss16)}}

func productWeights(r rule) [][]float64 {
	out := make([][]float64, len(r.x))
	card := make([]float64, len(r.x))
	to := newLegendre(r)
	for i, x := range gauss16.x {
		to.cardinals(card, x)
		for m, c := range card {
			out[m] = append(out[m], gauss16.w[i]*c)
		}
	}
	return out
}

// rule is the panel's rule for a kernel that changes over so much time.
func (p *ringPanel) rule(scale float64) *ringWeights {
	if p.rules == nil {
		p.rules = make([]ringWeights, len(ringRules))
	}
	i := 0
	for p.hi-p.lo > ringRules[i].width*scale {
		i++
	}
	w, r := &p.rules[i], &ringRules[i]
	if w.s != nil {
		return w
	}
	half := (p.hi - p.lo) / 2
	mixed := func(values [][]complex128, weights []float64) []complex128 {
		out := make([]complex128, len(values[0]))
		for i, f := range values {
			c := half * weights[i]
			for j, x := range f {
				out[j] += complex(c*real(x), c*imag(x))
			}
		}
		return out
	}
	for m, x := range r.x {
		w.s = append(w.s, (p.lo+p.hi)/2+half*x)
		w.f = append(w.f, mixed(p.f, r.weights[m]))
		if p.slope != nil {
			w.slope = append(w.slope, mixed(p.slope, r.weights[m]))
		}
	}
	return w
}

// A visit is one point s of a rule: weight times f, and slope, are what a kernel is
// to be multiplied by.
type visit func(s, weight float64, f, slope []complex128)

// across visits a rule for (a,b), t being where the lag is 0.
func (v *volterra) across(panels []ringPanel, a, b, t, event float64, see visit) {
	i := sort.Search(len(panels), func(i int) bool { return panels[i].hi > a })
	for ; i < len(panels) && panels[i].lo < b; i++ {
		p := &panels[i]
		if a <= p.lo && b >= p.hi {
			v.lock.Lock()
			r := p.rule(math.Min(math.Abs(t-p.hi), 3*event))
			v.lock.Unlock()
			for m, s := range r.s {
				var slope []complex128
				if p.slope != nil {
					slope = r.slope[m]
				}
				see(s, 1, r.f[m], slope)
			}
			continue
		}
		lo, hi := math.Max(a, p.lo), math.Min(b, p.hi)
		half, mid := (hi-lo)/2, (hi+lo)/2
		for k, x := range gauss16.x {
			s := mid + half*x
			p.interpolate(v.value, p.f, s, v.card)
			if p.slope != nil {
				p.interpolate(v.slope, p.slope, s, v.card)
			}
			see(s, half*gauss16.w[k], v.value, v.slope)
		}
	}
}

// ringZone is the rule for the shortest lags, where kernels are powers of them.
var ringZone = gaussRule(24)

// zone visits a rule for lags u up to h, whose power-th root is taken.
func zone(h, power float64, see func(u, weight float64)) { zoneBeyond(0, h, power, see) }

// zoneBeyond is zone where it is the root of y+u in which kernels are smooth.
func zoneBeyond(y, h, power float64, see func(u, weight float64)) {
	from := math.Pow(y/(y+h), 1/power)
	half, mid := (1-from)/2, (1+from)/2
	for k, g := range ringZone.x {
		z := mid + half*g
		w := (y + h) * math.Pow(z, power)
		see(math.Max(0, w-y), ringZone.w[k]*half*power*w/z)
	}
}

// lags visits a rule for (from,t), t in the last of the panels, with lags that widen
// from within it on. own visits points in it, whose values are not known.
func (v *volterra) lags(panels []ringPanel, t, from float64, off func(a, b float64) bool, own func(s, weight float64), see visit) {
	last := len(panels) - 1
	lo, event := panels[last].lo, v.before.event(t)
	h := math.Min(event/2, t-lo)
	zone(h, v.power, func(u, w float64) { own(t-u, w) })
	for b, u := t-h, (1+pastGrowth)*h; b > from; u *= 1 + pastGrowth {
		a := math.Max(t-u, from)
		if !off(a, b) {
			if b > lo {
				half, mid := (b-math.Max(a, lo))/2, (b+math.Max(a, lo))/2
				for k, x := range gauss16.x {
					own(mid+half*x, half*gauss16.w[k])
				}
			}
			if a < lo {
				v.before.split(a, math.Min(b, lo), t, off, func(a, b float64) { v.across(panels[:last], a, b, t, event, see) })
			}
		}
		b = a
	}
}
