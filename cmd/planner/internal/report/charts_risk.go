package report

import (
	"cmp"
	"math"
	"slices"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
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
			row.Empty, row.Note = true, percent(a.NotDrained.Value)+" of storms do not drain"
			if a.NotDrained.Value == 1 {
				row.Note = "no storm drains in the time simulated"
			}
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
	c := &plots.Exceedance{Frame: frame(r, version, riskFinding(r), "Chance that a storm is still draining after a time"+decidedWhere(r)),
		Objective: r.Objective.Within, Budget: r.Objective.Risk()}
	for i := range r.Designs {
		a := &r.Designs[i]
		s := plots.ExceedanceSeries{Design: a.Name, Never: a.Status == study.Never}
		if l := a.Judged(); !s.Never {
			s.Theory, s.Simulated, s.Approximate = line(a.Tail), simulatedPoints(a.TailSteps), l != a.Drain
			s.Said = "the chance of still draining at the objective is " + risk(l)
			if l.N > 0 {
				s.Simulated = decidedAt(s.Simulated, r.Objective.Within, l.Breach)
			}
			if len(a.Tail)+len(a.TailSteps) == 0 {
				s.Note = "does not drain in the time simulated"
			}
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// decidedWhere explains the mark at the objective, where a chart has one.
func decidedWhere(r *study.Result) string {
	for i := range r.Designs {
		if l := r.Designs[i].Judged(); l != nil && l.N > 0 {
			return "; where storms decide, their share stands at the objective"
		}
	}
	return ""
}

// decidedAt puts the share of the storms that decides into the points of a
// simulated tail, in the place of the nearest one where there are as many as are
// drawn.
func decidedAt(all []plots.Estimated, within float64, late montecarlo.Estimate) []plots.Estimated {
	p := plots.Estimated{X: within, Y: late.Value, Lo: late.Lo, Hi: late.Hi}
	i, found := slices.BinarySearchFunc(all, within, func(e plots.Estimated, x float64) int { return cmp.Compare(e.X, x) })
	switch {
	case found:
		all[i] = p
		return all
	case len(all) >= plots.MostSimulated && i == len(all) || len(all) >= plots.MostSimulated && i > 0 && within-all[i-1].X < all[i].X-within:
		all[i-1] = p
		return all
	case len(all) >= plots.MostSimulated:
		all[i] = p
		return all
	}
	return slices.Insert(all, i, p)
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
		if !a.Drain.Exact() {
			p.Finding = "approximate theory"
		}
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
