package plots

import "math"

// contour finds the lines on which values given at the crossings of xs and ys
// equal a level: marching squares, with saddles resolved by the mean of their
// four corners (C. Maple, "Geometric design and space planning using the
// marching squares and marching cube algorithms", 2003). Between crossings the
// value, or its logarithm, is linear; +Inf is far above any level.
func contour(xs, ys []float64, values [][]float64, level float64, log bool) [][]Point {
	g := contourGrid{xs, ys, values, level, log}
	var segments [][2]Point
	for i := 0; i+1 < len(ys); i++ {
		for j := 0; j+1 < len(xs); j++ {
			for _, s := range g.cell(i, j) {
				if s[0] != s[1] { // crossings at the same place have no way between them
					segments = append(segments, s)
				}
			}
		}
	}
	return join(segments)
}

type contourGrid struct {
	xs, ys []float64
	values [][]float64
	level  float64
	log    bool
}

// between is the share of the way from value a to value b at which the level
// is met.
func (g contourGrid) between(a, b float64) float64 {
	f := func(v float64) float64 {
		if g.log {
			v = math.Log(math.Max(v, g.level*1e-6))
		}
		return math.Min(v, math.MaxFloat64/4)
	}
	return math.Min(math.Max((f(g.level)-f(a))/(f(b)-f(a)), 0), 1)
}

// cell gives the segments within one square of crossings.
func (g contourGrid) cell(i, j int) [][2]Point {
	corner := [4][2]int{{i, j}, {i, j + 1}, {i + 1, j + 1}, {i + 1, j}} // counterclockwise
	var v [4]float64
	var mean float64
	code := 0
	for k, c := range corner {
		v[k] = g.values[c[0]][c[1]]
		mean += v[k] / 4
		if v[k] > g.level {
			code |= 1 << k
		}
	}
	edge := func(k int) Point { // where the level crosses the side from corner k to the next
		from, to := k, (k+1)%4
		if k >= 2 { // the same way as the neighbour that shares the side
			from, to = to, from
		}
		a, b := corner[from], corner[to]
		s := g.between(v[from], v[to])
		return Point{
			X: g.xs[a[1]] + s*(g.xs[b[1]]-g.xs[a[1]]),
			Y: g.ys[a[0]] + s*(g.ys[b[0]]-g.ys[a[0]]),
		}
	}
	var sides []int
	for k := range 4 {
		if code>>k&1 != code>>((k+1)%4)&1 {
			sides = append(sides, k)
		}
	}
	switch len(sides) {
	case 2:
		return [][2]Point{{edge(sides[0]), edge(sides[1])}}
	case 4: // a saddle
		if (mean > g.level) == (code&1 == 1) {
			return [][2]Point{{edge(0), edge(1)}, {edge(2), edge(3)}}
		}
		return [][2]Point{{edge(3), edge(0)}, {edge(1), edge(2)}}
	}
	return nil
}

// join links segments that share an end into lines.
func join(segments [][2]Point) [][]Point {
	ends := make(map[Point][]int)
	for i, s := range segments {
		ends[s[0]] = append(ends[s[0]], i)
		ends[s[1]] = append(ends[s[1]], i)
	}
	used := make([]bool, len(segments))
	follow := func(from Point) []Point {
		var line []Point
		for {
			next := -1
			for _, i := range ends[from] {
				if !used[i] {
					next = i
				}
			}
			if next < 0 {
				return line
			}
			used[next] = true
			s := segments[next]
			if s[0] == from {
				from = s[1]
			} else {
				from = s[0]
			}
			line = append(line, from)
		}
	}
	var lines [][]Point
	for i, s := range segments {
		if used[i] {
			continue
		}
		used[i] = true
		forward, back := follow(s[1]), follow(s[0])
		line := make([]Point, 0, len(forward)+len(back)+2)
		for k := len(back) - 1; k >= 0; k-- {
			line = append(line, back[k])
		}
		lines = append(lines, append(append(line, s[0], s[1]), forward...))
	}
	return lines
}
