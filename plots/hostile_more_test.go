package plots

import "math"

func init() {
	for n := range 12 {
		letter := string(rune('A' + n))
		names := hostileNames(n + 1)
		hostile["exceedance of "+letter] = func(f Frame) chart { return exceedanceOf(f, names) }
		hostile["sweep of "+letter] = func(f Frame) chart { return sweepOf(f, names) }
		hostile["hockey stick of "+letter] = func(f Frame) chart { return hockeyOf(f, names) }
		hostile["comparison of "+letter] = func(f Frame) chart { return comparisonOf(f, names) }
		hostile["tornado of "+letter] = func(f Frame) chart { return tornadoOf(f, names) }
		hostile["frontier of "+letter] = func(f Frame) chart { return frontierOf(f, names) }
		hostile["year of "+letter] = func(f Frame) chart { return yearOf(f, names) }
		hostile["zones of "+letter] = func(f Frame) chart { return zonesOf(f, names) }
		hostile["qq of "+letter] = func(f Frame) chart { return qqOf(f, names) }
		hostile["heat map of "+letter] = func(f Frame) chart { return heatOf(f, names, n+1) }
	}
	lone := []float64{5}
	hostile["heat map, one cell"] = func(f Frame) chart {
		return HeatMap{Frame: f, Xs: lone, Ys: lone, Values: [][]float64{lone}, Contours: []Contour{{Level: 5}}}
	}
	hostile["heat map, all never"] = func(f Frame) chart {
		return HeatMap{Frame: f, X: Axis{Title: longWords}, Y: Axis{Title: cjk}, Value: Axis{Title: longWords, Quantity: Time},
			Xs: []float64{0, 1e-9}, Ys: lone, Values: [][]float64{{inf, inf}}, Contours: []Contour{{Level: 5, Label: cjk}}}
	}
	hostile["heat map, zeros on a log scale"] = func(f Frame) chart {
		return HeatMap{Frame: f, Value: Axis{Quantity: Share, Log: true}, Xs: []float64{1, 2}, Ys: lone,
			Values: [][]float64{{0, 0}}, Contours: []Contour{{Level: 0}}}
	}
	hostile["sweep, zeros on log axes"] = func(f Frame) chart {
		return Sweep{Frame: f, X: Axis{Title: cjk, Log: true}, Y: Axis{Title: longWords, Log: true},
			Series: []SweepSeries{{Line: []Point{{1, 0}, {10, 0}, {1e9, 1e-300}}}}}
	}
	hostile["sweep, all infinite"] = func(f Frame) chart {
		return Sweep{Frame: f, Series: []SweepSeries{{Line: []Point{{1, inf}, {2, inf}}, Saturates: true, SaturatesAt: 1}}}
	}
	hostile["exceedance, all zero"] = func(f Frame) chart {
		return Exceedance{Frame: f, Series: []ExceedanceSeries{{Theory: []Point{{0, 0}}, Simulated: []Estimated{{5, 0, 0, 0}}}}}
	}
	hostile["frontier, all equal"] = func(f Frame) chart {
		c := Frontier{Frame: f}
		for _, n := range hostileNames(12) {
			c.Designs = append(c.Designs, FrontierDesign{Design: n, Cost: 1, Risk: 1})
		}
		return c
	}
	hostile["tornado, all equal"] = func(f Frame) chart {
		return Tornado{Frame: f, Base: 1, Bars: []TornadoBar{{"a", "", "", 1, 1}, {"b", oneWord, cjk, 1, 1}}}
	}
	refuseMore()
}

func exceedanceOf(f Frame, names []string) Exceedance {
	c := Exceedance{Frame: f, Objective: 7200, Budget: 1e-5}
	for _, q := range drainOf(f, names).Series {
		e := ExceedanceSeries{Design: q.Design, Never: q.Never, Note: q.Note}
		for _, p := range q.Theory {
			e.Theory = append(e.Theory, Point{p.X, math.Pow(1-p.Y, 6)})
		}
		for _, p := range q.Simulated {
			v := math.Pow(1-p.Y, 6)
			e.Simulated = append(e.Simulated, Estimated{p.X, v, v / 2, min(1, 2*v+1e-4)})
		}
		c.Series = append(c.Series, e)
	}
	return c
}

func sweepOf(f Frame, names []string) Sweep {
	c := Sweep{Frame: f, X: Axis{Title: longWords}, Y: Axis{Title: cjk, Quantity: Time}, Objective: 3600,
		Current: []Marked{{5, longWords}, {5.01, cjk}}}
	for i, n := range names {
		q := SweepSeries{Design: n, Note: names[(i+5)%len(names)], Saturates: i%2 == 0, SaturatesAt: 10 + float64(i)/50}
		for k := range 30 {
			y := inf
			if x := float64(k) / 2; x < q.SaturatesAt {
				y = 1000 * float64(i+1) / (q.SaturatesAt - x)
			}
			q.Line = append(q.Line, Point{float64(k) / 2, y})
		}
		c.Series = append(c.Series, q)
	}
	return c
}

func hockeyOf(f Frame, names []string) HockeyStick {
	c := HockeyStick{Frame: f, Objective: 1, Loads: []Marked{{0.98, longWords}, {0.99, "after"}}}
	for i, n := range names {
		q := HockeyCurve{Name: n}
		for k := range 101 {
			rho := float64(k) / 100
			q.Line = append(q.Line, Point{rho, float64(i+1) * rho / (1 - rho)})
		}
		c.Curves = append(c.Curves, q)
	}
	c.Curves[0].Line = nil
	return c
}

func comparisonOf(f Frame, names []string) Comparison {
	c := Comparison{Frame: f, Objective: 3600, Confidence: 0.99}
	for i, n := range names {
		at := math.Pow(10, float64(i%6))
		r := ComparisonRow{Design: n, P5: at, P50: at, P99: 2 * at, P99Lo: at, P99Hi: inf, Meets: i%2 == 0, Undecided: i%3 == 2}
		if i%4 == 3 {
			r = ComparisonRow{Design: n, P99: inf, P50: inf, Note: longWords}
		}
		r.Empty = i%5 == 4
		c.Rows = append(c.Rows, r)
	}
	return c
}

func tornadoOf(f Frame, names []string) Tornado {
	t := Tornado{Frame: f, Answer: Axis{Title: longWords, Quantity: Time, Log: len(names)%2 == 0}, Base: 3600, Objective: 3601}
	for i, n := range names {
		t.Bars = append(t.Bars, TornadoBar{n, names[(i+1)%len(names)], longWords, 3600 - float64(100*i), 4000 + float64(i)})
	}
	t.Bars[len(names)/2].AtHigh = inf
	return t
}

func frontierOf(f Frame, names []string) Frontier {
	c := Frontier{Frame: f, Cost: Axis{Title: longWords}, Risk: Axis{Title: cjk, Quantity: Share, Log: true}, Budget: 0.01}
	for i, n := range names {
		c.Designs = append(c.Designs, FrontierDesign{Design: n, Cost: 100 + float64(i%3), Risk: math.Pow(10, -float64(i%4)) * 0.9})
	}
	c.Designs[0] = FrontierDesign{Design: names[0], Cost: inf}
	return c
}

func yearOf(f Frame, names []string) Year {
	c := Year{Frame: f}
	for i, n := range names {
		q := YearSeries{Design: n, Note: names[(i+2)%len(names)], P95: inf}
		if i%3 != 1 {
			q.Exceed = []Point{{0, 0.9}, {60, 0.5 / float64(i+1)}, {3600 * float64(i+1), 0}}
		}
		c.Series = append(c.Series, q)
	}
	return c
}

func zonesOf(f Frame, names []string) ZoneBreaches {
	c := ZoneBreaches{Frame: f, Budget: 0.01, Current: 99}
	for i, n := range names {
		c.Series = append(c.Series, ZoneSeries{Design: n, Zones: []int{1, 2, 60}, Breaches: []float64{float64(i), 1e-9, 0}})
	}
	c.Series[0].Zones, c.Series[0].Breaches = nil, nil
	return c
}

func qqOf(f Frame, names []string) QQ {
	c := QQ{Frame: f}
	for i, n := range names {
		p := QQPanel{Design: n, Finding: names[(i+1)%len(names)]}
		for k := range i * 20 {
			x := math.Pow(10, float64(i)) + float64(k)
			p.Pairs = append(p.Pairs, Estimated{x, x, x / 2, x * 2})
		}
		c.Panels = append(c.Panels, p)
	}
	return c
}

func heatOf(f Frame, names []string, n int) HeatMap {
	h := HeatMap{Frame: f, X: Axis{Title: longWords, Quantity: Time}, Y: Axis{Title: oneWord, Log: true},
		Value:    Axis{Title: cjk, Quantity: Share, Log: n%2 == 0},
		Contours: []Contour{{Level: 0.1, Label: longWords}, {Level: 0.11}, {Level: 0.12, Label: cjk}}}
	for i := range n {
		h.Xs, h.Ys = append(h.Xs, float64(1000*i)), append(h.Ys, math.Pow(3, float64(i)))
		row := make([]float64, n)
		for j := range row {
			row[j] = math.Abs(math.Sin(float64(i * j)))
		}
		row[0] = inf
		h.Values = append(h.Values, row)
	}
	for i, name := range names {
		h.Current = append(h.Current, MarkedPoint{Point{float64(500 * i), 1.5}, name})
	}
	return h
}

func refuseMore() {
	refused = append(refused,
		nanCase{"", Exceedance{}}, nanCase{"", Sweep{}}, nanCase{"", HeatMap{}}, nanCase{"", Comparison{}}, nanCase{"", Tornado{}},
		nanCase{"", Frontier{}}, nanCase{"", Year{}}, nanCase{"", ZoneBreaches{}}, nanCase{"", HockeyStick{}}, nanCase{"", QQ{}},
		nanCase{"", Fitted{}}, nanCase{"Edges", Fitted{Bars: []float64{1}}}, nanCase{"Bars[0]", Fitted{Edges: []float64{0, 1}, Bars: []float64{nan}}},
		nanCase{"Bars[0]", Fitted{Edges: []float64{0, 1}, Bars: []float64{inf}}}, nanCase{"Edges[1]", Fitted{Edges: []float64{1, 0}, Bars: []float64{1}}},
		nanCase{"Lines[0].Points[0].Y", Fitted{Edges: []float64{0, 1}, Bars: []float64{1}, Lines: []FittedLine{{Points: []Point{{0, nan}}}}}},
		nanCase{"Events[0].Value", Fitted{Edges: []float64{0, 1}, Bars: []float64{1}, Events: []Marked{{Value: nan}}}},
		nanCase{"Panels[0].Measured[0].Y", Backlog{Panels: []BacklogPanel{{Measured: []Point{{0, nan}}}}}},
		nanCase{"Budget", Exceedance{Budget: nan, Series: []ExceedanceSeries{{}}}},
		nanCase{"Series[0].Theory[0].Y", Exceedance{Series: []ExceedanceSeries{{Theory: []Point{{0, nan}}}}}},
		nanCase{"Series[0].Line[0].Y", Sweep{Series: []SweepSeries{{Line: []Point{{0, nan}}}}}},
		nanCase{"Series[0].Line[0].X", Sweep{X: Axis{Log: true}, Series: []SweepSeries{{Line: []Point{{0, 1}}}}}},
		nanCase{"Series[0].SaturatesAt", Sweep{Series: []SweepSeries{{SaturatesAt: nan}}}},
		nanCase{"Current[0].Value", Sweep{Current: []Marked{{Value: nan}}, Series: []SweepSeries{{}}}},
		nanCase{"X.Quantity", Sweep{X: Axis{Quantity: 7}, Series: []SweepSeries{{}}}},
		nanCase{"Values[0][0]", HeatMap{Xs: []float64{1}, Ys: []float64{1}, Values: [][]float64{{nan}}}},
		nanCase{"Values[0]", HeatMap{Xs: []float64{1}, Ys: []float64{1}, Values: [][]float64{nil}}},
		nanCase{"Values", HeatMap{Xs: []float64{1}, Ys: []float64{1}}},
		nanCase{"Xs[1]", HeatMap{Xs: []float64{1, 1}, Ys: []float64{1}, Values: [][]float64{{1, 1}}}},
		nanCase{"Ys[0]", HeatMap{Y: Axis{Log: true}, Xs: []float64{1}, Ys: []float64{0}, Values: [][]float64{{1}}}},
		nanCase{"Current[0].Y", HeatMap{Xs: []float64{1}, Ys: []float64{1}, Values: [][]float64{{1}}, Current: []MarkedPoint{{Point{1, nan}, ""}}}},
		nanCase{"Rows[0].P50", Comparison{Rows: []ComparisonRow{{P5: 2, P50: 1, P99: 3}}}},
		nanCase{"Rows[0].P99", Comparison{Rows: []ComparisonRow{{P99: nan}}}},
		nanCase{"Base", Tornado{Base: nan, Bars: []TornadoBar{{}}}},
		nanCase{"Bars[0].AtLow", Tornado{Bars: []TornadoBar{{AtLow: nan}}}},
		nanCase{"Designs[0].Risk", Frontier{Designs: []FrontierDesign{{Risk: nan}}}},
		nanCase{"Series[0].Exceed[0].Y", Year{Series: []YearSeries{{Exceed: []Point{{0, nan}}}}}},
		nanCase{"Series[0].Breaches[0]", ZoneBreaches{Series: []ZoneSeries{{Zones: []int{1}, Breaches: []float64{nan}}}}},
		nanCase{"Series[0].Breaches", ZoneBreaches{Series: []ZoneSeries{{Zones: []int{1}}}}},
		nanCase{"Series[0].Zones[1]", ZoneBreaches{Series: []ZoneSeries{{Zones: []int{2, 2}, Breaches: []float64{1, 1}}}}},
		nanCase{"Curves[0].Line[0].X", HockeyStick{Curves: []HockeyCurve{{Line: []Point{{nan, 1}}}}}},
		nanCase{"Panels[0].Pairs[0].Lo", QQ{Panels: []QQPanel{{Pairs: []Estimated{{1, 1, nan, 1}}}}}},
	)
}
