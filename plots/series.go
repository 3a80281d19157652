package plots

import (
	"math"
	"slices"
)

// zip pairs xs with ys.
func zip(xs, ys []float64) []Point {
	pts := make([]Point, len(xs))
	for i := range xs {
		pts[i] = Point{xs[i], ys[i]}
	}
	return pts
}

// mapped applies f to each of xs.
func mapped[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

// compare orders numbers upwards.
func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// argMax is the index of the first largest value, 0 if there is none.
func argMax(vs []float64) int {
	best := 0
	for i, v := range vs {
		if v > vs[best] {
			best = i
		}
	}
	return best
}

// largestFinite is the largest value that is not infinite, 0 if there is none.
func largestFinite(vs []float64) float64 {
	var most float64
	for _, v := range vs {
		if !math.IsInf(v, 0) {
			most = math.Max(most, v)
		}
	}
	return most
}

// settling is the last time at which a series is above 4 % of top, and whether
// it stays below from then on until its end.
func settling(times, vs []float64, top float64) (reach float64, settled bool) {
	for i := len(vs) - 1; i >= 0; i-- {
		if vs[i] > 0.04*top {
			return times[i], i < len(vs)-1
		}
	}
	return 0, true
}

// middle is the median of the finite values, 0 if there are none.
func middle(vs []float64) float64 {
	var finite []float64
	for _, v := range vs {
		if !math.IsInf(v, 0) {
			finite = append(finite, v)
		}
	}
	if len(finite) == 0 {
		return 0
	}
	slices.Sort(finite)
	return finite[len(finite)/2]
}
