package queueing

import (
	"math"
	"sort"
)

// gathering integrates a kernel times panels over ranges that hold several of them.
// Panels are narrow where f is, and the kernel, so long after, is not: where its
// Chebyshev interpolant over the whole range has converged that stands for it, and
// each value of the kernel serves all panels. Elsewhere the panels are seen one by
// one. Ranges end where rates jump, as the kernel bends there.
type gathering struct {
	panels []panel
	hints  []float64 // where the kernel is not smooth, in order
	plain  func(a, b float64) float64
}

// gatherNodes see a kernel over lags that widen by a factor of five.
var gatherNodes = newChebyshev(24)

const (
	gatherLeast = 4     // panels from which on it is worth while
	gatherRest  = 1e-13 // the last coefficients over the largest value
)

func (g gathering) over(a, b float64, kernel func(s float64) float64) float64 {
	sum := 0.0
	for a < b {
		to := b
		if i := sort.SearchFloat64s(g.hints, math.Nextafter(a, b)); i < len(g.hints) {
			to = math.Min(b, g.hints[i])
		}
		part, ok := g.together(a, to, kernel)
		if !ok {
			part = g.plain(a, to)
		}
		sum += part
		a = to
	}
	return sum
}

// together is the integral over (a,b) where the kernel's interpolant is good.
func (g gathering) together(a, b float64, kernel func(s float64) float64) (sum float64, ok bool) {
	first := sort.Search(len(g.panels), func(i int) bool { return g.panels[i].hi > a })
	end := sort.Search(len(g.panels), func(i int) bool { return g.panels[i].lo >= b })
	if end-first < gatherLeast {
		return 0, false
	}
	half, mid := (b-a)/2, (b+a)/2
	values, peak := make([]float64, len(gatherNodes.x)), 0.0
	for i, x := range gatherNodes.x {
		values[i] = kernel(mid + half*x)
		peak = math.Max(peak, math.Abs(values[i]))
	}
	coef := gatherNodes.coefficients(values)
	if !(lastOf(coef) <= gatherRest*peak) {
		return 0, false
	}
	for i := first; i < end; i++ {
		p := &g.panels[i]
		x, y := math.Max(a, p.lo), math.Min(b, p.hi)
		w, c := (y-x)/2, (y+x)/2
		for j, u := range gauss16.x {
			s := c + w*u
			sum += w * gauss16.w[j] * clenshaw(coef, (s-mid)/half) * clenshaw(p.coef, p.to(s))
		}
	}
	return sum, true
}
