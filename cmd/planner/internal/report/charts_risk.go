package report

import (
	"math"

	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// comparisonChart sets the drain times of the designs against the objective.
func comparisonChart(r *study.Result, version string) *plots.Comparison {
	c := &plots.Comparison{Frame: frame(r, version, finding(r), ""), Objective: r.Objective.Within, Confidence: r.Objective.Confidence}
	for i := range r.Designs {
		a := &r.Designs[i]
		row := plots.ComparisonRow{Design: a.Name, Meets: a.MeetsObjective, Undecided: !a.Decided}
		switch l := a.Judged(); {
		case a.Status == study.Never:
			row.Empty, row.Note = true, "never drains"
		case math.IsInf(l.P5.Value, 1):
			row.Empty, row.Note = true, "19 storms in 20 do not drain"
		default:
			row.P5, row.P50, row.P99 = l.P5.Value, l.P50.Value, l.P99.Value
			if l.N > 0 && !math.IsInf(l.P99.Lo, 0) && !math.IsInf(l.P99.Hi, 0) {
				row.P99Lo, row.P99Hi = l.P99.Lo, l.P99.Hi
			}
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// riskChart shows how fast the risk of still draining falls.
func riskChart(r *study.Result, version string) *plots.Exceedance {
	c := &plots.Exceedance{Frame: frame(r, version, riskFinding(r), "Chance that a storm is still draining after a time"),
		Objective: r.Objective.Within, Budget: r.Objective.Risk()}
	for i := range r.Designs {
		a := &r.Designs[i]
		s := plots.ExceedanceSeries{Design: a.Name, Never: len(a.Tail)+len(a.TailSteps) == 0,
			Theory: line(a.Tail), Simulated: simulatedPoints(a.TailSteps)}
		if l := a.Judged(); bySimulation(l) {
			s.Said = "the chance of still draining at the objective is " + risk(l)
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// validityChart holds simulated quantiles against those by theory; nil where
// no design has both.
func validityChart(r *study.Result, version string) *plots.QQ {
	c := &plots.QQ{Frame: frame(r, version, validityFinding(r), "Quantiles of the drain time: how far the simulated one is from that by theory"), Differences: true}
	for i := range r.Designs {
		a := &r.Designs[i]
		if len(a.Pairs) == 0 {
			continue
		}
		p := plots.QQPanel{Design: a.Name}
		for _, q := range a.Pairs {
			p.Pairs = append(p.Pairs, plots.Estimated{X: q.Theory, Y: q.Simulated.Value, Lo: q.Simulated.Lo, Hi: q.Simulated.Hi})
		}
		c.Panels = append(c.Panels, p)
	}
	if len(c.Panels) == 0 {
		return nil
	}
	return c
}
