package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// columnWidth is two dots of a PNG, half a data line: what lies closer together
// the eye cannot tell apart.
const columnWidth = 2 * vg.Inch / dotsPerInch

// decimate thins a line to what the eye can see: of the points that fall into
// one column it keeps the first, the lowest, the highest and the last
// (U. Jugel et al., "M4: a visualization-oriented time series data
// aggregation", Proc. VLDB 7 (2014)). The x of pts does not decrease.
func decimate(pts []Point, columns int, place func(float64) vg.Length) []Point {
	if len(pts) <= 4*columns {
		return pts
	}
	var out []Point
	for i := 0; i < len(pts); {
		j := columnEnd(i, len(pts), func(k int) float64 { return pts[k].X }, place)
		low, high := i, i
		for k := i; k < j; k++ {
			if pts[k].Y < pts[low].Y {
				low = k
			}
			if pts[k].Y > pts[high].Y {
				high = k
			}
		}
		last := -1
		for _, k := range []int{i, min(low, high), max(low, high), j - 1} {
			if k > last {
				out, last = append(out, pts[k]), k
			}
		}
		i = j
	}
	return out
}

// envelope thins a band: each column keeps its extremes.
func envelope(xs, lo, hi []float64, columns int, place func(float64) vg.Length) (x, low, high []float64) {
	if len(xs) <= 4*columns {
		return xs, lo, hi
	}
	for i := 0; i < len(xs); {
		j := columnEnd(i, len(xs), func(k int) float64 { return xs[k] }, place)
		least, most := math.Inf(1), math.Inf(-1)
		for k := i; k < j; k++ {
			least, most = math.Min(least, lo[k]), math.Max(most, hi[k])
		}
		x, low, high = append(x, xs[i]), append(low, least), append(high, most)
		i = j
	}
	return x, low, high
}

// columnEnd is the first index after i in another column.
func columnEnd(i, n int, x func(int) float64, place func(float64) vg.Length) int {
	column := func(k int) float64 { return math.Floor(float64(place(x(k)) / columnWidth)) }
	here, j := column(i), i+1
	for j < n && column(j) == here {
		j++
	}
	return j
}

// every picks at most n of the indices 0 to count-1, evenly, the ends included.
func every(count, n int) []int {
	if count <= n {
		n = count
	}
	idx := make([]int, n)
	for i := range idx {
		idx[i] = i
		if n > 1 && count > n {
			idx[i] = int(math.Round(float64(i) * float64(count-1) / float64(n-1)))
		}
	}
	return idx
}
