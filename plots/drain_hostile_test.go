package plots

func init() {
	for n := range 12 {
		hostile["drain of "+string(rune('A'+n))] = func(f Frame) chart { return drainOf(f, hostileNames(n+1)) }
	}
	shape := func(f Frame, pts []Point, sim []Estimated) Drain {
		return Drain{Frame: f, Objective: 100, Confidence: 0.99, Series: []DrainSeries{{Design: "shape", Theory: pts, Simulated: sim}}}
	}
	hostile["drain, one point"] = func(f Frame) chart { return shape(f, []Point{{60, 0.5}}, nil) }
	hostile["drain, an atom"] = func(f Frame) chart { return shape(f, []Point{{60, 0}, {60, 1}}, nil) }
	hostile["drain, defective"] = func(f Frame) chart { return shape(f, []Point{{60, 0}, {600, 0.3}}, nil) }
	hostile["drain, far apart"] = func(f Frame) chart { return shape(f, []Point{{1e-3, 0}, {1e9, 1}}, nil) }
	hostile["drain, all at zero"] = func(f Frame) chart { return shape(f, []Point{{0, 0}, {0, 1}}, nil) }
	hostile["drain, simulated"] = func(f Frame) chart {
		return shape(f, nil, []Estimated{{10, 0, 0, 0.3}, {20, 0.5, 0, 1}, {30, 1, 0.7, 1}})
	}
	hostile["drain, a million points"] = func(f Frame) chart {
		pts, sim := make([]Point, 1_000_000), make([]Estimated, 1_000_000)
		for i := range pts {
			x := float64(i) / 1e6
			pts[i], sim[i] = Point{1000 * x, x}, Estimated{1000 * x, x, x * 0.99, x}
		}
		return shape(f, pts, sim)
	}
	hostile["drain, no objective"] = func(f Frame) chart { return Drain{Frame: f, Series: []DrainSeries{{Never: true}}} }
	one := func(q DrainSeries) Drain { return Drain{Series: []DrainSeries{q}} }
	refused = append(refused,
		nanCase{"", Drain{}},
		nanCase{"Objective", Drain{Objective: nan, Series: []DrainSeries{{}}}},
		nanCase{"Confidence", Drain{Confidence: 99, Series: []DrainSeries{{}}}},
		nanCase{"Series[0].Theory[0].X", one(DrainSeries{Theory: []Point{{nan, 0}}})},
		nanCase{"Series[0].Theory[0].X", one(DrainSeries{Theory: []Point{{inf, 0}}})},
		nanCase{"Series[0].Theory[0].Y", one(DrainSeries{Theory: []Point{{0, 1.5}}})},
		nanCase{"Series[0].Theory[1].X", one(DrainSeries{Theory: []Point{{1, 0}, {0, 1}}})},
		nanCase{"Series[0].Simulated[0].Lo", one(DrainSeries{Simulated: []Estimated{{1, 0.5, 0.6, 0.7}}})},
		nanCase{"Series[0].Simulated[0].Hi", one(DrainSeries{Simulated: []Estimated{{1, 0.5, 0.4, nan}}})},
	)
}

// drainOf has a curve for each name: theory and simulation, one of them, none.
func drainOf(f Frame, names []string) Drain {
	d := Drain{Frame: f, Objective: 7200, Confidence: 0.99}
	for i, n := range names {
		q := DrainSeries{Design: n, Note: names[(i+3)%len(names)]}
		for k := range 40 {
			x, p := float64(1000*(i+1)+20*k), float64(k)/39
			if i%4 != 3 {
				q.Theory = append(q.Theory, Point{x, p})
			}
			if i%3 != 2 {
				q.Simulated = append(q.Simulated, Estimated{x, p, p * 0.9, min(1, p*1.1)})
			}
		}
		if i == 6 {
			q = DrainSeries{Design: n, Never: true}
		}
		d.Series = append(d.Series, q)
	}
	return d
}
