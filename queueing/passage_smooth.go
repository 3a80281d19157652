package queueing

import (
	"math"
	"slices"
	"sync"
)

// smoothPassage solves a passage whose density is smooth from the first to
// the last instant that counts: no batch, step or idle server near. There
//
//	f(t) = source(t) (1 - share(t)),
//	share(t) = integral of kernel(t-u,t) source(t-u) / source(t) (1 - share(t-u)) du,
//
// where ln source and share vary over the age of the process, not over the
// standard deviation of T: a few dozen points carry them across the whole
// window, tails included, and panels that follow f are made from those. The
// lag u is integrated by Gauss points in ln(1 + u/h), h the time between
// events, since the kernel changes first over h and then over the relaxation
// time. A little of what is
// before the window is kept: it has no weight, but without it the share would
// start with a jump.
type smoothPassage struct {
	passage
	tolerance float64
	lo, hi    float64
	source    []block // of ln source
	shares    []block // of share, as far as solved
	reach     float64 // longest lag
	lag       rule    // in ln(1 + u/h), on [-1,1]
	spacing   float64 // of the lattice on which T lives: lags are its multiples; 0: none
}

const (
	sharePoints = 16
	smoothDepth = 2 // halvings of a block
	// youngest is the age at which the window may begin, over that at its end.
	youngest = 1e-3
	// lags are cut where kernel and source together are below exp(-lagExponent).
	lagExponent = 30.0
	mostLags    = 20_000 // on a lattice
	// noWeight of the source where the window begins is nothing.
	noWeight = 1e-20
	// relativeBefore is the relative error of a coarse solve about where the
	// window begins, which has next to no weight.
	relativeBefore = 0.03
)

var (
	shareNodes = newChebyshev(sharePoints)
	shareSlope = shareNodes.slopes()
	lagRules   = []rule{gauss16, gaussRule(24), gaussRule(32), gaussRule(48), gaussRule(64)}
	finerLags  = sync.OnceValue(func() []rule {
		return []rule{gaussRule(96), gaussRule(128), gaussRule(192), gaussRule(288), gaussRule(400)}
	})
)

// slopes are the derivatives at -1 of the polynomials of cardinals, from
// T_k'(-1) = (-1)^(k+1) k^2.
func (c *chebyshev) slopes() []float64 {
	out := make([]float64, len(c.x))
	for i, row := range c.coef {
		for k, v := range row {
			out[i] += v * float64(k*k*(2*(k%2)-1))
		}
	}
	return out
}

// solveSmooth returns false where the density is not smooth enough; then
// nothing is known.
func solveSmooth(p passage, lo, hi, tolerance, spacing float64) ([]panel, bool) {
	m := &smoothPassage{passage: p, tolerance: tolerance, lo: lo, hi: hi, spacing: spacing}
	if !(hi > lo) || lo-p.origin() < youngest*(hi-p.origin()) || len(p.breaks(lo, hi)) > 0 {
		return nil, false
	}
	if p.flat(hi) {
		if !m.logarithm(lo, hi) {
			return nil, false
		}
		return m.cut(), true
	}
	if m.lags(); m.spacing > 0 && m.reach > mostLags*m.spacing {
		return nil, false
	}
	from := m.weighty(math.Max(lo-m.reach, p.origin()+(lo-p.origin())/4))
	if len(p.breaks(from, lo)) > 0 || !m.logarithm(from, hi) && !m.logarithm(from, lo) || !m.choose() || !m.solve() {
		return nil, false
	}
	return m.cut(), true
}

// weighty moves an instant up towards the window until the source there has
// some weight, compared with that where the window begins.
func (m *smoothPassage) weighty(from float64) float64 {
	least, _, _ := m.row(m.lo)
	least *= noWeight
	for range 12 {
		if there, _, _ := m.row(from); there >= least {
			break
		}
		from += (m.lo - from) / 4
	}
	return from
}

// lags makes the rule for the lags: up to where, at the end of the window as
// in its middle, kernel and source have no weight left.
func (m *smoothPassage) lags() {
	for _, t := range []float64{m.hi, (m.lo + m.hi) / 2} {
		here, _, off := m.row(t)
		u := 64 * m.scale(t)
		for ; t-u > m.origin(); u *= 1.3 {
			there, _, _ := m.row(t - u)
			if off(t-u, t-u, lagExponent+math.Max(0, math.Log(there/here))) {
				break
			}
		}
		m.reach = math.Max(m.reach, u)
	}
}

// choose takes the first rule that agrees with the one before it on the share
// in the middle of the window.
func (m *smoothPassage) choose() bool {
	if m.spacing > 0 {
		return true
	}
	t := (m.lo + m.hi) / 2
	allowed := math.Max(m.tolerance/20, 1e-14)
	before := math.NaN()
	rules := lagRules
	switch q := m.passage.(type) {
	case *groupedPassage: // groups show their number
		rules = slices.Concat(rules, finerLags())
	case *gammaPassage: // and so do services that are alike
		if 1/q.shape < patienceAlike {
			rules = slices.Concat(rules, finerLags())
		}
	}
	for _, r := range rules {
		m.lag = r
		sum := 0.0
		m.lagged(t, func(_, w float64) { sum += w })
		if math.Abs(sum-before) <= allowed {
			return true
		}
		before = sum
	}
	return false
}

// lagged visits the instants before t that the rule takes, with the weight of
// 1 - share there in the share at t.
func (m *smoothPassage) lagged(t float64, visit func(s, weight float64)) {
	_, kernel, _ := m.row(t)
	h, here := m.scale(t), at(m.source, t)
	most := math.Min(m.reach, t-m.source[0].lo)
	if d := m.spacing; d > 0 {
		for j := 1.0; j*d <= most; j++ {
			visit(t-j*d, kernel(t-j*d)*math.Exp(at(m.source, t-j*d)-here))
		}
		return
	}
	half := math.Log1p(most/h) / 2
	for j, x := range m.lag.x {
		u := h * math.Expm1(half*(1+x))
		visit(t-u, half*m.lag.w[j]*(u+h)*kernel(t-u)*math.Exp(at(m.source, t-u)-here))
	}
}

// logarithm interpolates ln source on blocks that widen with the age, one of
// which ends at the stop. What a window begins with may be rough, being the first
// of what batches that vary let through.
func (m *smoothPassage) logarithm(from, stop float64) bool {
	m.source = m.source[:0]
	log := func(t float64) float64 {
		v, _, _ := m.row(t)
		return math.Log(v)
	}
	allowed := math.Max(m.tolerance/30, 1e-12)
	for a := from; a < m.hi; {
		b := math.Min(m.hi, m.origin()+2.2*(a-m.origin()))
		switch {
		case a < stop && stop < b:
			b = stop
		case m.hi-b < 0.2*(b-a):
			b = m.hi
		}
		m.source = appendBlocks(m.source, log, a, b, allowed, smoothDepth)
		a = b
	}
	start := log(m.lo)
	for _, g := range m.source {
		off := g.off
		if g.hi <= m.lo { // it only counts as far as it weighs in what the window begins with
			off *= math.Exp(math.Min(0, g.height()-start))
		}
		if !(off <= math.Max(30*allowed, m.relative(g))) {
			return false
		}
	}
	return true
}

// height is the largest value of a function in its block, about.
func (g block) height() float64 {
	most := math.Inf(-1)
	for i := range 9 {
		most = math.Max(most, clenshaw(g.coef, float64(i)/4-1))
	}
	return most
}

func (m *smoothPassage) coarse() bool { return SolveOptions{Tolerance: m.tolerance}.coarse() }

// relative error of the density that is allowed in a block, by its height, if
// the solve is coarse.
func (m *smoothPassage) relative(g block) float64 {
	if !m.coarse() {
		return 0
	}
	most := relativeMost
	if g.lo < m.lo {
		most = relativeBefore
	}
	return math.Min(most, m.tolerance/(10*(g.hi-g.lo))*math.Exp(-g.height()))
}

// at is the value at t of a function in blocks.
func at(bs []block, t float64) float64 {
	i := 0
	for i < len(bs)-1 && t > bs[i].hi {
		i++
	}
	return clenshaw(bs[i].coef, (2*t-bs[i].lo-bs[i].hi)/(bs[i].hi-bs[i].lo))
}

// solve finds the share block by block, from a small linear system each.
func (m *smoothPassage) solve() bool {
	n := len(shareNodes.x)
	for _, g := range m.source {
		if g.hi <= m.lo {
			continue
		}
		g.lo = math.Max(g.lo, m.lo)
		a, b := make([]float64, n*n), make([]float64, n)
		for i, x := range shareNodes.x {
			b[i] = m.equation(a[i*n:(i+1)*n], (g.lo+g.hi)/2+(g.hi-g.lo)/2*x, g)
			a[i*n+i]++
		}
		solveLinear(a, b, math.Abs)
		coef := shareNodes.coefficients(b)
		if !(last(coef) <= math.Max(math.Max(m.tolerance/3, 1e-13), m.relative(g))) {
			return false
		}
		m.shares = append(m.shares, block{g.lo, g.hi, coef, last(coef)})
	}
	return true
}

// equation of the share at t: adds the weights of its values in block g to
// row and returns the rest.
func (m *smoothPassage) equation(row []float64, t float64, g block) float64 {
	sum := 0.0
	card := make([]float64, len(row))
	m.lagged(t, func(s, w float64) {
		sum += w
		x := (2*s - g.lo - g.hi) / (g.hi - g.lo)
		switch {
		case x >= -1:
			shareNodes.cardinals(card, x)
		case len(m.shares) > 0:
			sum -= w * at(m.shares, s)
			return
		default: // before the window
			shareNodes.cardinals(card, -1)
			for k, v := range shareSlope {
				card[k] += (x + 1) * v
			}
		}
		for k, c := range card {
			row[k] += w * c
		}
	})
	return sum
}

// cut makes panels that follow the density.
func (m *smoothPassage) cut() []panel {
	var ps []panel
	pieces, rel := 8, 1e-8
	if m.coarse() {
		pieces, rel = 2, coarseEnd
	}
	for _, g := range m.source {
		if g.hi <= m.lo {
			continue
		}
		density := func(t []float64) {
			times := slices.Clone(t)
			g.exps(t)
			if len(m.shares) > 0 {
				for i, s := range times {
					t[i] *= 1 - at(m.shares, s)
				}
			}
		}
		lo := math.Max(g.lo, m.lo)
		for i := range pieces {
			from, to := lo+(g.hi-lo)*float64(i)/float64(pieces), lo+(g.hi-lo)*float64(i+1)/float64(pieces)
			ps, _ = panelling{density: density, build: newPanel, relative: rel, ends: m.coarse()}.add(ps, from, to, m.tolerance/10, 6)
		}
	}
	return ps
}
