package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// The right tail of a law with fixed numbers, to digits of its own. On the circle of
// [finite] the parts of a small P(T > t) cancel: late drains are those of many members,
// and F(M) = P(T > t) falls so fast with M that most of the formula's mass is at smaller
// means. On the circle through the saddle point of e^M F(M)/M^N,
//
//	M (1 + d ln F/dM) = N,
//
// nothing cancels: F_N is F(M) times exp(M - N - N ln(M/N)), which is large, times what
// the circle makes of the rest, which is of the order of 1 (H. E. Daniels, Ann. Math.
// Statist. 25 (1954), section 2). F is continued from the means around through its
// normal quantile, as there; laws for Poisson numbers have tails with digits of their
// own. Several pools' circles are taken one inside the other, each through its own
// coordinate of their common saddle point.
type tailGrid struct {
	problem
	pools  []tailPool
	degree int // of the polynomial in each mean
	laws   map[string]*Drain
}

// tailPool has its means at members - k step, k whole.
type tailPool struct {
	stream        int
	members, step float64
}

func (a tailPool) mean(k int) float64 { return a.members - float64(k)*a.step }

const (
	meanApart   = 1.25  // of a Poisson number's standard deviations, between means
	meanShare   = 0.125 // of the members, at most
	tailPools   = 3     // the most, for each of which it takes some seven times as many laws
	tailJoin    = 1e-3  // P(T > t) from which on the tail is this one
	tailBegins  = 1e-4  // of itself: what the law may be off by there, and where no other tail is called for
	tailSame    = 1e-3  // of itself: what the two may differ by there
	tailDegrees = 2e-4  // of itself: what two degrees may differ by
	tailFloor   = 1e-4  // of itself: what the laws for Poisson numbers may be off by
	tailDrop    = 2.0   // -ln of what is left in one panel of what was before it
	tailUnknown = 0.97  // standard deviation of the numbers over T's, from which on circles have no end
)

// deepened is a law, found by whatever way, with a right tail that has digits of its own
// up to the instant to which they are wanted, where there is a way to them.
func (p problem) deepened(d Drain) Drain {
	if p.coarse() || p.PoissonPools || !(p.Tail > d.Tail) || !(p.Tail < math.Inf(1)) || d.Quality != Exact {
		return d
	}
	if d.Method == Chain {
		d = p.orDeep(d, problem.solve)
	}
	c, is := d.Distribution.(*curve)
	if !is || !d.lacks(p.Tail) || p.Method != Auto && p.Method != DrainDensity {
		return d
	}
	g, err := p.tailGrid()
	if err != nil {
		return d
	}
	tail, err := g.tail(c, math.Min(tailJoin, d.farOff()/tailBegins))
	if err == nil {
		d.Distribution, d.Tail = tail, p.Tail
		return d
	}
	if _, phased := phases(p.cfg.Service); phased && d.Method != Chain && p.Method == Auto {
		return p.orDeep(d, func(q problem) (Drain, error) { return g.onCircleOf(q) })
	}
	return d
}

// orDeep is the law, or one with a longer tail of digits, by a circle that is to have it.
func (p problem) orDeep(d Drain, solve func(problem) (Drain, error)) Drain {
	if !d.lacks(p.Tail) {
		return d
	}
	p.deep, p.tried = true, nil
	deep, err := solve(p)
	if err != nil || deep.Quality != Exact || !(deep.Tail > d.Tail) || deep.AbsError > math.Max(d.AbsError, p.tolerance()) {
		return d
	}
	return deep.risen()
}

// onCircleOf is the law on the circle of the grid's pools.
func (g *tailGrid) onCircleOf(p problem) (Drain, error) {
	q := g.problem
	q.deep, q.tried = p.deep, p.tried
	return q.around(g.open(), 1)
}

// farOff is what the law's far tail may be off by.
func (d Drain) farOff() float64 {
	if d.floor > 0 {
		return d.floor
	}
	return d.AbsError
}

// lacks tells whether P(T > t) is less accurate than it may be.
func (d Drain) lacks(t float64) bool { return t > d.Tail && d.farOff() > tailBegins*d.Exceed(t) }

func (p problem) tailGrid() (*tailGrid, error) {
	q, open, err := p.remembering().settled()
	if err != nil {
		return nil, err
	}
	if len(open) == 0 || len(open) > tailPools || !q.Plain() {
		return nil, &UnsupportedError{DrainDensity, "it has no finite streams, or too many"}
	}
	q.deep = false
	g := &tailGrid{problem: q, degree: 6, laws: map[string]*Drain{}}
	if len(open) == tailPools {
		g.degree = 4
	}
	for _, i := range open {
		n, _ := members(q.cfg.Arrivals.streams[i].Source)
		step := math.Min(meanApart*math.Sqrt(float64(n)), meanShare*float64(n))
		g.pools = append(g.pools, tailPool{i, float64(n), step})
	}
	return g, nil
}

// tail is the curve with its end from where the two join.
func (g *tailGrid) tail(c *curve, join float64) (*curve, error) {
	lo, hi := c.span()
	from := bisect(lo, hi, func(t float64) bool { return c.above(t) > join })
	if n := len(c.atoms); n > 0 {
		from = math.Max(from, c.atoms[n-1].At)
	}
	if !(from < g.Tail) {
		return nil, &UnsupportedError{DrainDensity, "its tail has no room"}
	}
	var panels []panel
	for _, p := range splitPanels(c.panels, from) {
		if p.hi <= from*(1+1e-12) {
			panels = append(panels, p)
		}
	}
	first, left := true, c.above(from)
	for _, to := range g.stops(from, g.Tail) {
		for t := from; t < to; {
			p, end, begins, err := g.panel(t, to, left)
			if err != nil {
				return nil, err
			}
			if first && !(math.Abs(begins/left-1) <= tailSame) {
				return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("its tail begins with %g where the law has %g left", begins, left)}
			}
			first = false
			panels, left, t = append(panels, p), end, p.hi
		}
		from = to
	}
	last := panels[len(panels)-1]
	rate := last.density(last.hi) / left
	if !(rate > 0) {
		return nil, &UnsupportedError{DrainDensity, "its tail has no end"}
	}
	return newCurve(append(panels, exponentialTail(last.hi, left, rate)...), c.atoms, c.never), nil
}

// panel is the density from t on, as far as `to` or to where most of what is left has
// drained, with what is left at both ends.
func (g *tailGrid) panel(t, to, left float64) (p panel, end, begins float64, err error) {
	centre, err := g.saddle(t)
	if err != nil {
		return p, 0, 0, err
	}
	law, err := g.law(centre)
	if err != nil {
		return p, 0, 0, err
	}
	if now := law.Exceed(t); law.Exceed(to) < math.Exp(-tailDrop)*now {
		to = bisect(t, to, func(s float64) bool { return law.Exceed(s) > math.Exp(-tailDrop)*now })
	}
	if centre, err = g.saddle((t + to) / 2); err != nil {
		return p, 0, 0, err
	}
	if err := g.solveAround(centre); err != nil {
		return p, 0, 0, err
	}
	values := make([]float64, len(cheb16.x))
	for i, x := range cheb16.x {
		if values[i], err = g.exceed((t+to)/2+(to-t)/2*x, centre, g.degree); err != nil {
			return p, 0, 0, err
		}
		values[i] = math.Log(values[i])
	}
	logs := cheb16.coefficients(values)
	slope := derivative(logs, (to-t)/2)
	p = interpolated(t, to, func(s float64) float64 {
		x := (2*s - t - to) / (to - t)
		return -clenshaw(slope, x) * math.Exp(clenshaw(logs, x))
	})
	begins, end = math.Exp(clenshaw(logs, -1)), math.Exp(clenshaw(logs, 1))
	fewer, err := g.exceed(t, centre, g.degree-2)
	if err == nil && !(math.Abs(fewer/begins-1) <= tailDegrees && p.rises()) {
		err = &UnsupportedError{DrainDensity, fmt.Sprintf("its tail after %g s is fixed to %.1g of itself", t, math.Abs(fewer/begins-1))}
	}
	return p, end, begins, err
}

func (g *tailGrid) open() (streams []int) {
	for _, a := range g.pools {
		streams = append(streams, a.stream)
	}
	return streams
}

// law is that with the means at k.
func (g *tailGrid) law(k []int) (*Drain, error) {
	if d := g.laws[fmt.Sprint(k)]; d != nil {
		return d, nil
	}
	d, err := g.solveAt(k)
	if err != nil {
		return nil, err
	}
	g.laws[fmt.Sprint(k)] = d
	return d, nil
}

func (g *tailGrid) solveAt(k []int) (*Drain, error) {
	q := g.problem
	var err error
	for i, a := range g.pools {
		if !(a.mean(k[i]) > 0) {
			return nil, &UnsupportedError{DrainDensity, "its tail is that of no members"}
		}
		if q, err = q.withMean(a.stream, a.mean(k[i])/a.members); err != nil {
			return nil, err
		}
	}
	q.Tolerance = math.Min(1e-10, q.tolerance())
	var d Drain
	if len(g.single(g.open())) == len(g.pools) {
		d, err = SolveDrain(q.Lane, q.SolveOptions)
	} else {
		d, err = q.groupedDensity()
	}
	if err != nil {
		return nil, err
	}
	if _, is := d.Distribution.(*curve); !is || !(d.Tail >= q.Tail || d.floor > 0) {
		return nil, &UnsupportedError{DrainDensity, "the tail for Poisson numbers has no digits of its own"}
	}
	return &d, nil
}

// solveAround solves what [tailGrid.exceed] asks for, side by side.
func (g *tailGrid) solveAround(centre []int) error {
	var open [][]int
	for k := range g.around(centre, g.degree) {
		if g.laws[fmt.Sprint(k)] == nil {
			open = append(open, slices.Clone(k))
		}
	}
	laws := make([]*Drain, len(open))
	err := sideBySide(len(open), func(i int) error {
		var err error
		laws[i], err = g.solveAt(open[i])
		return err
	})
	for i, d := range laws {
		if d != nil {
			g.laws[fmt.Sprint(open[i])] = d
		}
	}
	return err
}

// around visits the means that a polynomial of the given degree in each takes, the last
// pool's first.
func (g *tailGrid) around(centre []int, degree int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		k := make([]int, len(centre))
		for i := range k {
			k[i] = centre[i] - degree/2
		}
		for {
			if !yield(k) {
				return
			}
			i := len(k) - 1
			for ; i >= 0 && k[i] == centre[i]+degree/2; i-- {
				k[i] = centre[i] - degree/2
			}
			if i < 0 {
				return
			}
			k[i]++
		}
	}
}

// saddle is the means nearest to the saddle point at t.
func (g *tailGrid) saddle(t float64) ([]int, error) {
	k := make([]int, len(g.pools))
	for range 30 {
		law, err := g.law(k)
		if err != nil {
			return nil, err
		}
		p := law.Exceed(t)
		z := mathext.NormalQuantile(p)
		hazard := math.Exp(-z*z/2) / (math.Sqrt(2*math.Pi) * p)
		next := slices.Clone(k)
		for i, a := range g.pools {
			aside := slices.Clone(k)
			aside[i]++
			fewer, err := g.law(aside)
			if err != nil {
				return nil, err
			}
			slope := (z - mathext.NormalQuantile(fewer.Exceed(t))) / a.step
			at := a.members / (1 + hazard*slope)
			next[i] = int(math.Round((a.members - at) / a.step))
		}
		if slices.Equal(next, k) {
			return k, nil
		}
		k = next
	}
	return k, nil
}

// exceed is P(T > t) for the fixed numbers, from means around a centre.
func (g *tailGrid) exceed(t float64, centre []int, degree int) (float64, error) {
	var quantiles []float64
	for k := range g.around(centre, degree) {
		law, err := g.law(k)
		if err != nil {
			return 0, err
		}
		p := law.Exceed(t)
		if t > law.Tail && !(law.floor <= tailFloor*p) || !(p > 0) {
			return 0, &UnsupportedError{DrainDensity, "its tail is less than numbers hold"}
		}
		quantiles = append(quantiles, mathext.NormalQuantile(p))
	}
	for i := len(g.pools) - 1; ; i-- {
		var fixed []float64
		for at := 0; at < len(quantiles); at += degree + 1 {
			p, err := g.pools[i].fix(quantiles[at:at+degree+1], centre[i], degree)
			if err != nil {
				return 0, err
			}
			if i == 0 {
				return p, nil
			}
			fixed = append(fixed, mathext.NormalQuantile(p))
		}
		quantiles = fixed
	}
}

// fix takes the normal quantiles of a probability at the means around one to that for
// the fixed number, on the circle through that mean.
func (a tailPool) fix(quantiles []float64, centre, degree int) (float64, error) {
	coef := slices.Clone(quantiles) // Newton's, in units of the step
	for j := 1; j <= degree; j++ {
		for i := degree; i >= j; i-- {
			coef[i] = (coef[i] - coef[i-1]) / float64(j)
		}
	}
	slope := math.Abs(quantiles[degree/2+1]-quantiles[degree/2-1]) / 2 / a.step * math.Sqrt(a.members)
	if !(slope < tailUnknown) {
		return 0, &UnsupportedError{DrainDensity, fmt.Sprintf("the numbers in its finite streams make %.2g of T's deviation", slope)}
	}
	r := a.mean(centre)
	lift := r - a.members - a.members*math.Log(r/a.members)
	count := math.Ceil(2 * math.Pi * math.Sqrt(a.members) / 0.4)
	sum, total := 0.0, 0.0
	for j := 0.0; 2*j <= count; j++ {
		theta := 2 * math.Pi * j / count
		e, weight := cmplx.Rect(1, theta), 2.0
		if j == 0 || 2*j == count {
			weight = 1
		}
		total += weight * real(cmplx.Exp(complex(a.members, 0)*(e-1)-complex(0, a.members*theta)))
		if theta*theta*a.members*(1-slope*slope) > tailArc {
			continue
		}
		x := complex((a.members-r*real(e))/a.step, -r*imag(e)/a.step)
		v := complex(0, 0)
		for i := degree; i >= 0; i-- {
			v = v*(x-complex(float64(centre-degree/2+i), 0)) + complex(coef[i], 0)
		}
		sum += weight * real(cmplx.Exp(complex(r, 0)*(e-1)+complex(lift, -a.members*theta))*normalBelow(v))
	}
	p := sum / total
	if !(p > 0 && p < 1) {
		return 0, &UnsupportedError{DrainDensity, "its tail is less than rounding"}
	}
	return p, nil
}

// tailArc is twice -ln of the circle's parts that are left out.
const tailArc = 72
