package queueing

import (
	"math"
	"math/cmplx"
	"slices"
	"sync/atomic"
)

const (
	// ringProducts are points times points of paths that a law may take, some fifteen
	// seconds.
	ringProducts = 3e9
	// ringGain is what errors may be amplified by, and ringShare the share of a tolerance
	// that is asked of each point.
	ringGain, ringShare = 300, 0.1
)

// ringDigits are those of the integrals: what they are off by is far below the tolerance
// even where weights amplify it.
func ringDigits(tolerance float64) float64 {
	return math.Min(groupDigits, math.Max(ringLeast, 12-math.Log(tolerance)))
}

// ringLeast are e^-28.
const ringLeast = 28.0

// sizesWhileBusy is the law of T for one server, or several that serve like one, which is
// surely not drained before overload ends: finite streams of any number and of any sizes
// of groups are fixed at complex means.
func (p problem) sizesWhileBusy(open []int) (Drain, error) {
	return p.once("sizes while busy", func() (d Drain, err error) {
		defer catch(&err)
		g, err := p.newGroupedPoints(open)
		if err != nil {
			return Drain{}, err
		}
		return g.solve(p, open)
	})
}

// newGroupedPoints has no points yet, but those of the pools' own means.
func (p problem) newGroupedPoints(open []int) (*groupedPoints, error) {
	refuse := func(why string) (*groupedPoints, error) { return nil, &UnsupportedError{DrainDensity, why} }
	if len(open) == 0 || p.PoissonPools || p.coarse() || p.Method != Auto && p.Method != DrainDensity {
		return refuse("no numbers are fixed in finite streams")
	}
	q, err := p, error(nil)
	for _, i := range open {
		if q, err = q.withMean(i, 1); err != nil {
			return nil, err
		}
	}
	if q, err = q.stepped(true); err != nil {
		return nil, err
	}
	l, err := q.asOneBusyServer()
	if err != nil {
		return nil, err
	}
	sums := newGroupSums(l.cfg.Service)
	if sums == nil {
		return refuse("its service has no transform in closed form")
	}
	up, level := p.cfg.DownFor, q.Level(math.Inf(1))
	n := l.gathered(up)
	g := &groupedPoints{groupedPassage: newGroupedPassage(l, up, n, level, sums), up: up, digits: ringDigits(p.tolerance()), spent: new(atomic.Int64), most: ringProducts}
	if drained, _ := n.upTo(level); drained > math.Exp(-sureExponent) || q.risky(&g.busyPassage) {
		return refuse("it may be drained before overload ends")
	}
	if g.roughWithin(p.tolerance()) {
		return refuse("the density of few services is no polynomial")
	}
	finite := map[int]bool{}
	for _, i := range open {
		finite[i] = true
		source := l.cfg.Arrivals.streams[i].Source
		_, size := members(p.cfg.Arrivals.streams[i].Source)
		g.pools = append(g.pools, groupSource{size, []Source{source}})
	}
	rest := *l
	rest.cfg.Arrivals.streams = nil
	for i, st := range l.cfg.Arrivals.streams {
		if !finite[i] {
			rest.cfg.Arrivals.streams = append(rest.cfg.Arrivals.streams, st)
		}
	}
	g.base = rest.groupSources()
	g.first = l.Initial().Plus(l.cfg.Arrivals.batches(0, up)).law()
	g.points = onePoint(len(open))
	g.index()
	return g, nil
}

// roughWithin tells whether the density may be no polynomial where T may be: after an
// instant at which few services may be left.
func (p *groupedPassage) roughWithin(tolerance float64) bool {
	lo, hi := p.window(tolerance)
	return slices.ContainsFunc(p.rough.at, func(at float64) bool { return at >= lo && at <= hi })
}

// solve is the law.
func (g *groupedPoints) solve(p problem, open []int) (Drain, error) {
	f, err := g.follow(p, open)
	if err != nil {
		return Drain{}, err
	}
	return f.law(p), nil
}

// ringLaws are the densities of the passage at all points, and what they leave.
type ringLaws struct {
	*groupedPoints
	panels   []ringPanel
	measured []hermiteMeasure
	left     float64
}

// follow chooses the points once the real problem is solved.
func (g *groupedPoints) follow(p problem, open []int) (f ringLaws, err error) {
	m := &ringMarch{row: g.at, off: g.stillFrom, scale: g.scale, check: p.check}
	alone := m.cut(g.groupedPassage, ringShare*p.tolerance())
	f.groupedPoints = g
	if f.left, f.measured, err = g.place(p, open, newCurve(alone.panels, nil, 0)); err != nil {
		return f, err
	}
	m.points = len(g.points)
	f.panels = m.solved()
	f.left += alone.tolerance
	return f, nil
}

// law puts the points' densities together.
func (f *ringLaws) law(p problem) Drain {
	total := make([]complex128, len(f.points))
	own, rest := weightsOf(f.points), f.left
	for _, x := range f.panels {
		x.mass(total)
		_, last := chebyshevTail(x.combined(cheb16, own))
		rest += last * (x.hi - x.lo) / 2
	}
	for j, w := range own {
		rest += span(w * (total[j] - 1))
	}
	d := p.result(f.curve(own), DrainDensity, "the exact way for one server by the transform of its service time, for complex means that fix the numbers in its finite streams")
	d.AbsError += rest + leftBy(f.measured, f.curve)
	d.groups = true
	return d
}

// curve is the sum of the points' densities.
func (f *ringLaws) curve(weights []complex128) *curve {
	var panels []panel
	for _, x := range f.panels {
		panels = append(panels, newPanel(x.lo, x.hi, x.combined(cheb16, weights)))
	}
	return newCurve(panels, nil, 0)
}

// mass adds the integral of each point's function over a panel of [cheb16].
func (p *ringPanel) mass(dst []complex128) {
	for j := range dst {
		re, im := make([]float64, len(p.f)), make([]float64, len(p.f))
		for i, f := range p.f {
			re[i], im[i] = real(f[j]), imag(f[j])
		}
		dst[j] += complex(newPanel(p.lo, p.hi, cheb16.coefficients(re)).mass, newPanel(p.lo, p.hi, cheb16.coefficients(im)).mass)
	}
}

// place chooses the points that take the least, given the law of the real problem.
func (g *groupedPoints) place(p problem, open []int, poisson *curve) (left float64, measured []hermiteMeasure, err error) {
	var numbers []float64
	var sizes []int
	for _, i := range open {
		n, size := members(p.cfg.Arrivals.streams[i].Source)
		numbers, sizes = append(numbers, float64(n)), append(sizes, size)
	}
	most := g.most / (2 * float64(g.groupedPassage.sums.points)) // either half of as long paths
	if p.fewest(open) >= hermiteFrom {
		if choices, err := p.hermiteRings(open, poisson); err == nil {
			if points, measured := measuredPoints(choices); float64(len(points)) < most {
				g.take(points)
				return 0, measured, nil
			}
		}
	}
	for _, eps := range p.mayLeave(len(open)) {
		points, left := ringsOf(numbers, sizes, p.cfg.Service.SCV(), eps, ringGain)
		if points != nil && float64(len(points)) < most {
			g.take(points)
			return left, nil, nil
		}
	}
	return 0, nil, &UnsupportedError{DrainDensity, "its finite streams take too many means"}
}

// take has the pools' means at the points on circles of radius 1.
func (g *groupedPoints) take(points []circlePoint) {
	for k := range g.pools {
		radius := cmplx.Abs(points[0].means[k])
		g.pools[k].of = []Source{poissonPool{g.pools[k].of[0], radius}}
		for j := range points {
			points[j].means[k] /= complex(radius, 0)
		}
	}
	g.points = points
	g.index()
}
