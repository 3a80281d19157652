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
	tailFloor   = 1e-4  // of itself: what the laws for Poisson numbers may be off by
	tailUnknown = 0.97  // standard deviation of the numbers over T's, from which on circles have no end
)

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
	if !(d.Tail >= q.Tail || d.floor > 0) {
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
		if !(p > 0) {
			return nil, &UnsupportedError{DrainDensity, "its tail is less than numbers hold"}
		}
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
			if !(at > 0 && at < a.members+float64(g.degree)*a.step) {
				return nil, &UnsupportedError{DrainDensity, "its tail has no saddle point"}
			}
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
