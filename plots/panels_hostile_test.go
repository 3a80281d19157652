package plots

import "math"

func init() {
	for n := range 12 {
		hostile["backlog of "+string(rune('A'+n))] = func(f Frame) chart { return backlogOf(f, hostileNames(n+1)) }
		hostile["waits of "+string(rune('A'+n))] = func(f Frame) chart { return waitsOf(f, hostileNames(n+1)) }
	}
	hostile["backlog, one point"] = func(f Frame) chart { return backlogShape(f, []float64{60}, []float64{5}) }
	hostile["backlog, all zero"] = func(f Frame) chart { return backlogShape(f, ramp(50, 100), flat(50, 0)) }
	hostile["backlog, all equal"] = func(f Frame) chart { return backlogShape(f, ramp(50, 100), flat(50, 1e6)) }
	hostile["backlog, one instant"] = func(f Frame) chart { return backlogShape(f, flat(50, 0), ramp(50, 9)) }
	hostile["backlog, infinite"] = func(f Frame) chart { return backlogShape(f, ramp(3, 9), []float64{1, inf, 2}) }
	hostile["backlog, huge"] = func(f Frame) chart { return backlogShape(f, ramp(50, 1e12), ramp(50, 1e300)) }
	hostile["backlog, tiny"] = func(f Frame) chart { return backlogShape(f, ramp(50, 1e-7), ramp(50, 1e-300)) }
	hostile["backlog, a million points"] = func(f Frame) chart {
		xs, ys := ramp(1_000_000, 86400), make([]float64, 1_000_000)
		for i := range ys {
			ys[i] = 1000 * (1 + math.Sin(float64(i)))
		}
		return backlogShape(f, xs, ys)
	}
	hostile["waits, infinite"] = func(f Frame) chart {
		return Waits{Frame: f, Panels: []WaitsPanel{{Design: "never", Times: ramp(3, 3600),
			Streams: []WaitSeries{{Median: []float64{1, 60, inf}, P99: flat(3, inf)}}}}}
	}
	hostile["waits, many streams"] = func(f Frame) chart {
		p := WaitsPanel{Design: cjk, Times: ramp(30, 9000)}
		for i, n := range hostileNames(9) {
			p.Streams = append(p.Streams, WaitSeries{Stream: n, Median: ramp(30, float64(100+i)), P99: ramp(30, float64(200+i))})
		}
		return Waits{Frame: f, Panels: []WaitsPanel{p, {Design: "empty"}}}
	}
	refuseBacklogs()
	refuseWaits()
}

// marks are markers near one another, at the edges and beyond them.
func marks(i int) []Marker {
	all := []Marker{
		{Kind: OverloadEnds, At: 3000}, {Kind: DrainTime, At: 3060, Label: "P99"}, {Kind: Objective, At: 3120},
		{Kind: DrainTime, At: inf, Label: "P99.9"}, {Kind: OverloadEnds, At: 0, Label: longWords}, {Kind: Objective, At: 3600, Label: cjk},
	}
	return all[:i%(len(all)+1)]
}

// backlogOf has a panel for each name: full, empty, never settling, tiny.
func backlogOf(f Frame, names []string) Backlog {
	b := Backlog{Frame: f}
	for i, n := range names {
		p := BacklogPanel{Design: n, Finding: names[(i+1)%len(names)], Markers: marks(i)}
		if i%4 != 1 {
			p.Times, p.Median = ramp(50, 3600), ramp(50, math.Pow(10, float64(i)))
			p.Bands = []Band{{0.5, p.Median, ramp(50, 2*math.Pow(10, float64(i)))}, {0.99, flat(50, 0), flat(50, inf)}}
			p.Fluid = []Point{{0, 0}, {3600, 1}}
		}
		if i%3 == 2 {
			p.Note = longWords
		}
		b.Panels = append(b.Panels, p)
	}
	return b
}

func backlogShape(f Frame, times, median []float64) Backlog {
	return Backlog{Frame: f, Panels: []BacklogPanel{{Design: "shape", Times: times, Median: median,
		Bands: []Band{{0.9, median, median}}, Markers: marks(3)}}}
}

func waitsOf(f Frame, names []string) Waits {
	w := Waits{Frame: f}
	for i, n := range names {
		p := WaitsPanel{Design: n, Finding: names[(i+1)%len(names)], Markers: marks(i)}
		if i%4 != 1 {
			p.Times = ramp(50, 3600)
			p.Streams = []WaitSeries{{Stream: n, Median: ramp(50, float64(i)), P99: ramp(50, 100*float64(i))}}
		}
		w.Panels = append(w.Panels, p)
	}
	return w
}

func refuseBacklogs() {
	one := func(p BacklogPanel) Backlog { return Backlog{Panels: []BacklogPanel{p}} }
	refused = append(refused,
		nanCase{"", Backlog{}},
		nanCase{"Panels[0].Times[1]", one(BacklogPanel{Times: []float64{0, nan}})},
		nanCase{"Panels[0].Times[1]", one(BacklogPanel{Times: []float64{1, 0}})},
		nanCase{"Panels[0].Times[0]", one(BacklogPanel{Times: []float64{inf}})},
		nanCase{"Panels[0].Median[0]", one(BacklogPanel{Times: []float64{0}, Median: []float64{nan}})},
		nanCase{"Panels[0].Median[0]", one(BacklogPanel{Times: []float64{0}, Median: []float64{-1}})},
		nanCase{"Panels[0].Median", one(BacklogPanel{Times: []float64{0}, Median: []float64{1, 2}})},
		nanCase{"Panels[0].Bands[0].Hi", one(BacklogPanel{Times: []float64{0}, Bands: []Band{{0.5, []float64{0}, nil}}})},
		nanCase{"Panels[0].Bands[0].Share", one(BacklogPanel{Times: []float64{0}, Bands: []Band{{nan, []float64{0}, []float64{0}}}})},
		nanCase{"Panels[0].Fluid[0].Y", one(BacklogPanel{Fluid: []Point{{0, nan}}})},
		nanCase{"Panels[0].Markers[0].At", one(BacklogPanel{Markers: []Marker{{At: nan}}})},
	)
}

func refuseWaits() {
	one := func(p WaitsPanel) Waits { return Waits{Panels: []WaitsPanel{p}} }
	refused = append(refused,
		nanCase{"", Waits{}},
		nanCase{"Panels[0].Times[0]", one(WaitsPanel{Times: []float64{nan}})},
		nanCase{"Panels[0].Streams[0].P99[0]", one(WaitsPanel{Times: []float64{0}, Streams: []WaitSeries{{P99: []float64{nan}}}})},
		nanCase{"Panels[0].Streams[0].Median", one(WaitsPanel{Times: []float64{0}, Streams: []WaitSeries{{Median: flat(2, 0)}}})},
	)
}
