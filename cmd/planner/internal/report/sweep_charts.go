package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// SweepChartNames lists the files that [SweepCharts] makes of a sweep over so
// many keys.
func SweepChartNames(keys int, designs []string, format string) []string {
	if keys == 1 {
		return []string{"sweep." + format}
	}
	names := make([]string, len(designs))
	for i := range designs {
		names[i] = heatMapName(designs, i, format)
	}
	return names
}

func heatMapName(designs []string, i int, format string) string {
	if len(designs) == 1 {
		return "heatmap." + format
	}
	return fmt.Sprintf("heatmap-%d-%s.%s", i+1, fileWord(designs[i]), format)
}

// SweepCharts draws a finished sweep over numbers: lines over one key, a heat
// map for each design over two. Now has the number that each key, in the order
// of the axes, has in each design as the file stands; NaN for none.
func SweepCharts(s *study.Sweep, now [][]float64, version string, look Look) ([]Chart, error) {
	names := SweepChartNames(len(s.Axes), s.Designs, look.Format)
	if len(s.Axes) == 1 {
		if s.Axes[0].Key == "region.zones" && s.Metric == study.BreachesPerYear {
			return look.drawAll(names, []drawing{zonesChart(s, now, version)})
		}
		return look.drawAll(names, []drawing{sweepChart(s, now, version)})
	}
	var maps []drawing
	for i := range s.Designs {
		maps = append(maps, heatMap(s, i, now[i], version))
	}
	return look.drawAll(names, maps)
}

// Chartable tells whether all axes are of numbers.
func Chartable(s *study.Sweep) bool {
	for _, a := range s.Axes {
		if slices.ContainsFunc(a.Values, math.IsNaN) {
			return false
		}
	}
	return true
}

func sweepFrame(s *study.Sweep, title, subtitle, version string) plots.Frame {
	return plots.Frame{Title: title, Subtitle: subtitle, Footer: fmt.Sprintf("%s | seed %d | planner %s", s.Name, s.Seed, version)}
}

// plotAxis describes a varied key.
func plotAxis(a study.Axis) plots.Axis {
	x := plots.Axis{Title: a.Key, Log: geometric(sorted(a)), Whole: a.Whole}
	switch {
	case a.Unit == "s":
		x.Quantity = plots.Time
	case a.Unit == "/s":
		x.Title += " (1/s)"
	case a.Share:
		x.Quantity = plots.Share
	}
	return x
}

// metricAxis describes the metric, and limit is what it should not pass, 0
// where the objective says nothing of it.
func metricAxis(s *study.Sweep) (axis plots.Axis, limit float64) {
	axis.Title = metricNames[s.Metric]
	switch s.Metric {
	case study.Breach:
		axis.Title, axis.Quantity, limit = fmt.Sprintf("P(T > %s)", Duration(s.Objective.Within)), plots.Share, s.Objective.Risk()
	case study.P50, study.P90, study.P99:
		axis.Quantity, limit = plots.Time, s.Objective.Within
	case study.LongestWait:
		axis.Quantity = plots.Time
	}
	return axis, limit
}

// sorted are the positions of an axis's values in increasing order, each value
// once.
func sorted(a study.Axis) (values []float64, at []int) {
	for i := range a.Values {
		at = append(at, i)
	}
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(a.Values[i], a.Values[j]) })
	at = slices.CompactFunc(at, func(i, j int) bool { return a.Values[i] == a.Values[j] })
	for _, i := range at {
		values = append(values, a.Values[i])
	}
	return values, at
}

// geometric tells whether values grow by an even factor.
func geometric(v []float64, _ []int) bool {
	if len(v) < 3 || v[0] <= 0 {
		return false
	}
	for i := 2; i < len(v); i++ {
		if math.Abs(v[i]/v[i-1]*v[0]/v[1]-1) > 1e-6 {
			return false
		}
	}
	return true
}

func sweepChart(s *study.Sweep, now [][]float64, version string) *plots.Sweep {
	axis, limit := metricAxis(s)
	if s.Metric == study.Breach { // designs differ far below 1, and some are at 1
		axis.Log, axis.Title = true, axis.Title+", logarithmic; at the lower edge: less"
	}
	c := &plots.Sweep{Frame: sweepFrame(s, sweepFinding(s), "A line for each design; points with bars are simulated", version),
		X: plotAxis(s.Axes[0]), Y: axis, Objective: limit}
	values, at := sorted(s.Axes[0])
	var marked []float64
	for k, name := range s.Designs {
		q := plots.SweepSeries{Design: name}
		for i, x := range values {
			a := &s.Cells[at[i]].Answers[k]
			e := s.Metric.Of(a)
			q.Line = append(q.Line, plots.Point{X: x, Y: e.Value})
			if simulated(a, e) && a.Status != study.Never && !math.IsInf(e.Lo, 0) && !math.IsInf(e.Hi, 0) && !math.IsNaN(e.Lo) {
				q.Simulated = append(q.Simulated, plots.Estimated{X: x, Y: e.Value, Lo: e.Lo, Hi: e.Hi})
			}
		}
		for i := len(values) - 1; i >= 0 && s.Cells[at[i]].Answers[k].Status == study.Never; i-- {
			q.Saturates, q.SaturatesAt = true, values[i]
		}
		c.Series = append(c.Series, q)
		if x := now[k][0]; x >= values[0] && x <= values[len(values)-1] && !slices.Contains(marked, x) {
			marked = append(marked, x)
			c.Current = append(c.Current, plots.Marked{Value: x, Label: "as the file has it"})
		}
	}
	return c
}

func heatMap(s *study.Sweep, design int, now []float64, version string) *plots.HeatMap {
	axis, limit := metricAxis(s)
	h := &plots.HeatMap{Frame: sweepFrame(s, heatFinding(s, design), s.Designs[design]+": "+axis.Title, version),
		X: plotAxis(s.Axes[0]), Y: plotAxis(s.Axes[1]), Value: axis}
	h.Value.Log = s.Metric == study.Breach // what matters is far below 1
	var columns, rows []int
	h.Xs, columns = sorted(s.Axes[0])
	h.Ys, rows = sorted(s.Axes[1])
	for _, j := range rows {
		var row []float64
		for _, i := range columns {
			a := &s.Cells[i*len(s.Axes[1].Values)+j].Answers[design]
			v := s.Metric.Of(a).Value
			if a.Status == study.Never {
				v = math.Inf(1) // P(breach) too: it is crossed out
			}
			row = append(row, v)
		}
		h.Values = append(h.Values, row)
	}
	if limit > 0 {
		h.Contours = []plots.Contour{{Level: limit, Label: contourLabel(s, limit)}}
	}
	if inRange(now[0], h.Xs) && inRange(now[1], h.Ys) {
		h.Current = []plots.MarkedPoint{{Point: plots.Point{X: now[0], Y: now[1]}, Label: "as the file has it"}}
	}
	return h
}

func inRange(x float64, values []float64) bool { return x >= values[0] && x <= values[len(values)-1] }

func contourLabel(s *study.Sweep, limit float64) string {
	if s.Metric == study.Breach {
		return "risk budget " + percent(limit)
	}
	return "objective " + Duration(limit)
}

// sweepFinding says at how many values each design meets the objective, of more
// than two it counts the designs; and of a metric of which the objective says
// nothing where it is the least.
func sweepFinding(s *study.Sweep) string {
	n := len(s.Cells)
	if _, limit := metricAxis(s); limit == 0 {
		return leastFinding(s)
	}
	switch len(s.Designs) {
	case 1:
		return fmt.Sprintf("%s meets the objective at %d of %d values", quoted(s.Designs[0]), meeting(s, 0), n)
	case 2:
		return fmt.Sprintf("The objective is met at %d of %d values in %s, at %d in %s", meeting(s, 0), n, quoted(s.Designs[0]), meeting(s, 1), quoted(s.Designs[1]))
	}
	return countedFinding(s)
}

// leastFinding names the value of the key and the design at which the metric is
// the least.
func leastFinding(s *study.Sweep) string {
	at, design, least := 0, 0, math.Inf(1)
	for i := range s.Cells {
		for k := range s.Cells[i].Answers {
			a := &s.Cells[i].Answers[k]
			if x := s.Metric.Of(a).Value; a.Status != study.Never && x < least {
				at, design, least = i, k, x
			}
		}
	}
	name, unit, counted := strings.Cut(metricNames[s.Metric], ", ")
	if math.IsInf(least, 1) {
		return "The " + name + " is known at none of the values"
	}
	axis, _ := metricAxis(s)
	shown := money(least)
	switch axis.Quantity {
	case plots.Time:
		shown = Duration(least)
	case plots.Share:
		shown = percent(least)
	}
	if counted {
		shown += " " + unit
	}
	words := fmt.Sprintf("The least %s is %s, at %s = %s", name, shown, s.Axes[0].Key, s.Axes[0].Texts[s.Cells[at].At[0]])
	if len(s.Designs) > 1 {
		words += " in " + quoted(s.Designs[design])
	}
	return words
}

// countedFinding says how many designs meet the objective at every value, at
// some and at none.
func countedFinding(s *study.Sweep) string {
	var every, some, none int
	for k := range s.Designs {
		switch meeting(s, k) {
		case len(s.Cells):
			every++
		case 0:
			none++
		default:
			some++
		}
	}
	var parts []string
	for _, c := range []struct {
		n     int
		where string
	}{{every, "all"}, {some, "some"}, {none, "none"}} {
		switch {
		case c.n == len(s.Designs):
			return fmt.Sprintf("The objective is met at %s of %d values in each of %d designs", c.where, len(s.Cells), c.n)
		case c.n > 0:
			parts = append(parts, fmt.Sprintf("%s in %d", c.where, c.n))
		}
	}
	parts[0] = strings.Replace(parts[0], " in", fmt.Sprintf(" of %d values in", len(s.Cells)), 1) + " of " + fmt.Sprint(len(s.Designs)) + " designs"
	return "The objective is met at " + strings.Join(parts, ", at ")
}

func heatFinding(s *study.Sweep, design int) string {
	switch n := meeting(s, design); n {
	case 0:
		return "The objective is met in no cell"
	case len(s.Cells):
		return "The objective is met in every cell"
	default:
		return fmt.Sprintf("The objective is met in %d of %d cells", n, len(s.Cells))
	}
}

func meeting(s *study.Sweep, design int) int {
	n := 0
	for i := range s.Cells {
		if s.Cells[i].Answers[design].MeetsObjective {
			n++
		}
	}
	return n
}
