package queueing

import (
	"math"
	"sort"
)

// integrate returns the integral over the panels before and adds the weights
// of the current panel's values to row.
func (m *march) integrate(row []float64, t, lo, hi float64, kernel func(float64) float64, off func(a, b, exponent float64) bool) float64 {
	start := lo
	if len(m.panels) > 0 {
		start = m.panels[0].lo
	}
	if m.spacing > 0 {
		return m.sumBack(row, t, start, lo, hi, kernel, off)
	}
	sum, h, power := 0.0, m.scale(t), 1.0
	if q, is := m.passage.(interface {
		short(t float64) (lag, power float64)
	}); is {
		var lag float64
		if lag, power = q.short(t); power > 1 {
			h = math.Max(h, math.Min(lag, t-lo))
		}
	}
	card := make([]float64, len(m.nodes.x))
	before := m.noted(kernel)
	small := func(a, b float64) bool { return off(a, b, m.small) }
	part := func(a, b float64) {
		if a < lo { // what lies before the panel
			sum += m.past(a, math.Min(b, lo), h, before)
		}
		switch {
		case m.recalled != nil: // and so are the weights
		case b == t && a >= lo && power > 1:
			m.newest(row, card, t-a, power, t, lo, hi, kernel)
		case b > lo:
			m.own(row, card, math.Max(a, lo), b, lo, hi, kernel)
		}
	}
	if q, is := m.passage.(*idleChance); is {
		segments(t, start, h, small, func(a, b float64) { q.split(a, b, t, small, part) })
	} else {
		segments(t, start, h, small, part)
	}
	return sum
}

// segments are parts of (start,t) that widen away from t, the first of length h,
// without those that are off.
func segments(t, start, h float64, off func(a, b float64) bool, see func(a, b float64)) {
	for b, u := t, h; b > start; u *= 4 {
		a := math.Max(t-u, start)
		if u == h || !off(a, b) {
			see(a, b)
		}
		b = a
	}
}

// sumBack is integrate on a lattice: the sum over t - spacing, t - 2 spacing, ….
func (m *march) sumBack(row []float64, t, start, lo, hi float64, kernel func(float64) float64, off func(a, b, exponent float64) bool) float64 {
	card := make([]float64, len(m.nodes.x))
	sum := 0.0
	before := &curve{panels: m.panels}
	for j := 1; ; j++ {
		s := t - float64(j)*m.spacing
		if s < start {
			return sum
		}
		if j&15 == 0 && off(math.Max(start, s-15*m.spacing), s, m.small) { // what is further back may count again
			j += 15
			continue
		}
		k := kernel(s)
		if s < lo {
			sum += k * before.density(s)
			continue
		}
		m.nodes.cardinals(card, (2*s-lo-hi)/(hi-lo))
		for i, c := range card {
			row[i] += k * c
		}
	}
}

// past integrates over (a,b), panel by panel. h is the time in which the kernel
// changes: panels far shorter count as one, and need few points if shorter.
func (m *march) past(a, b, h float64, kernel func(float64) float64) float64 {
	each := func(a, b float64) float64 { return m.pastEach(a, b, h, kernel) }
	if !m.bounded && !m.jumpy {
		return each(a, b)
	}
	g := newGathering([][]panel{m.panels}, m.hints, each)
	if !m.bounded { // two panels are more nodes than an interpolant has
		g.floor, g.least = m.ground, 2
	}
	return g.over(a, b, func(s float64, dst []float64) { dst[0] = kernel(s) })
}

func (m *march) pastEach(a, b, h float64, kernel func(float64) float64) float64 {
	sum := 0.0
	i := sort.Search(len(m.panels), func(i int) bool { return m.panels[i].hi > a })
	for i < len(m.panels) && m.panels[i].lo < b {
		p := &m.panels[i]
		if to, mass := m.instant(i, a, b, h); to > i {
			sum += mass * kernel((p.lo+m.panels[to-1].hi)/2)
			i = to
			continue
		}
		x, y := math.Max(a, p.lo), math.Min(b, p.hi)
		half, mid := (y-x)/2, (y+x)/2
		gauss := m.gauss
		if half < shortPanel*h {
			gauss = gauss3
		}
		if m.steepIn(i) {
			gauss = gauss16
		}
		for j, g := range gauss.x {
			s := mid + half*g
			sum += half * gauss.w[j] * kernel(s) * clenshaw(p.coef, p.to(s))
		}
		i++
	}
	return sum
}

// steepIn is [march.steeper] for a panel before.
func (m *march) steepIn(panel int) bool {
	for len(m.steep) <= panel {
		p := &m.panels[len(m.steep)]
		m.steep = append(m.steep, m.steeper(p.lo, p.hi))
	}
	return m.steep[panel]
}

// steeper tells whether rates change much in (lo,hi), with which kernels do.
func (m *march) steeper(lo, hi float64) bool {
	q, is := m.passage.(interface{ steep(lo, hi float64) bool })
	return is && q.steep(lo, hi)
}

const (
	shortPanel   = 5e-3 // half a width over the time in which the kernel changes: three points see it
	instantPanel = 1e-9 // the same: the kernel does not change
)

// instant is the end of the panels from i on, within (a,b), that are one
// instant for the kernel, and their mass.
func (m *march) instant(i int, a, b, h float64) (to int, mass float64) {
	lo := m.panels[i].lo
	for to = i; lo >= a && to < len(m.panels) && m.panels[to].hi <= math.Min(b, lo+2*instantPanel*h); to++ {
		mass += m.panels[to].mass
	}
	return to, mass
}

// own adds the weights of the unknown values of the current panel.
func (m *march) own(row, card []float64, a, b, lo, hi float64, kernel func(float64) float64) {
	half, mid := (b-a)/2, (b+a)/2
	for j, g := range m.gauss.x {
		s := mid + half*g
		w := half * m.gauss.w[j] * kernel(s)
		m.nodes.cardinals(card, (2*s-lo-hi)/(hi-lo))
		for i, c := range card {
			row[i] += w * c
		}
	}
}

// newest is own for the lags up to so long, where the kernel is smooth in a root of
// them: whole powers of z are what it is made of, for the lag z^power.
func (m *march) newest(row, card []float64, lag, power, t, lo, hi float64, kernel func(float64) float64) {
	for j, g := range gauss16.x {
		z := (1 + g) / 2
		u := lag * math.Pow(z, power)
		w := gauss16.w[j] / 2 * power * u / z * kernel(t-u)
		m.nodes.cardinals(card, (2*(t-u)-lo-hi)/(hi-lo))
		for i, c := range card {
			row[i] += w * c
		}
	}
}
