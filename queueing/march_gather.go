package queueing

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/floats"
)

// gathering integrates functions, each times a kernel, over ranges that hold several of
// their panels. Panels are narrow where the functions are, and kernels, so long after,
// are not: where their Chebyshev interpolants over the whole range have converged these
// stand for them, and each value of the kernels serves all panels. Elsewhere the panels
// are seen one by one. Ranges end where rates jump, as kernels bend there.
type gathering struct {
	panels [][]panel // of each function, over the same ranges
	hints  []float64 // where kernels are not smooth, in order
	plain  func(a, b float64) float64
	rest   float64 // of an interpolant that has converged, over its largest value
	floor  float64 // or as it is
	least  int     // panels from which on it is worth while
}

// newGathering asks of interpolants what leaves but rounding.
func newGathering(panels [][]panel, hints []float64, plain func(a, b float64) float64) gathering {
	return gathering{panels, hints, plain, gatherRest, 0, gatherLeast}
}

// gatherNodes see a kernel over lags that widen by a factor of five.
var gatherNodes = newChebyshev(24)

const (
	gatherLeast = 4     // panels from which on it is worth while
	gatherRest  = 1e-13 // the last coefficients over the largest value
)

// over integrates over (a,b), kernels being those of all functions at s.
func (g gathering) over(a, b float64, kernels func(s float64, dst []float64)) float64 {
	sum := 0.0
	for a < b {
		to := b
		if i := sort.SearchFloat64s(g.hints, math.Nextafter(a, b)); i < len(g.hints) {
			to = math.Min(b, g.hints[i])
		}
		part, ok := g.together(a, to, kernels)
		if !ok {
			part = g.plain(a, to)
		}
		sum += part
		a = to
	}
	return sum
}

// together is the integral over (a,b) where the kernels' interpolants are good.
func (g gathering) together(a, b float64, kernels func(s float64, dst []float64)) (sum float64, ok bool) {
	all := g.panels[0]
	first := sort.Search(len(all), func(i int) bool { return all[i].hi > a })
	end := sort.Search(len(all), func(i int) bool { return all[i].lo >= b })
	if end-first < g.least {
		return 0, false
	}
	half, mid := (b-a)/2, (b+a)/2
	coefs, ok := g.interpolants(mid, half, kernels)
	if !ok {
		return 0, false
	}
	for i := first; i < end; i++ {
		x, y := math.Max(a, all[i].lo), math.Min(b, all[i].hi)
		w, c := (y-x)/2, (y+x)/2
		for j, u := range gauss16.x {
			s := c + w*u
			for k, coef := range coefs {
				p := &g.panels[k][i]
				sum += w * gauss16.w[j] * clenshaw(coef, (s-mid)/half) * clenshaw(p.coef, p.to(s))
			}
		}
	}
	return sum, true
}

// interpolants are those of the kernels, if all of them have converged.
func (g gathering) interpolants(mid, half float64, kernels func(s float64, dst []float64)) (coefs [][]float64, ok bool) {
	at := make([]float64, len(g.panels))
	values := make([][]float64, len(g.panels))
	for _, x := range gatherNodes.x {
		kernels(mid+half*x, at)
		for k, v := range at {
			values[k] = append(values[k], v)
		}
	}
	for _, v := range values {
		peak := math.Max(floats.Max(v), -floats.Min(v))
		coef := gatherNodes.coefficients(v)
		if !(lastOf(coef) <= math.Max(g.rest*peak, g.floor)) {
			return nil, false
		}
		coefs = append(coefs, coef)
	}
	return coefs, true
}
