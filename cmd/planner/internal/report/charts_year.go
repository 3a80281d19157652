package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/plots"
)

// yearChart shows how much recovery a year brings; nil where no design has a
// year that can be added up.
func yearChart(r *study.Result, version string) *plots.Year {
	c := &plots.Year{Frame: frame(r, version, yearFinding(r), "Chance that the recoveries of a year take longer in all than a time")}
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Year == nil || len(a.Year.Exceed) == 0 {
			continue
		}
		c.Series = append(c.Series, plots.YearSeries{Design: a.Name, Exceed: falling(line(a.Year.Exceed)), P95: a.Year.P95.Value})
	}
	if len(c.Series) == 0 {
		return nil
	}
	return c
}

// falling draws a probability that falls in steps as it does: it stays until
// the next point, where it falls.
func falling(all []plots.Point) []plots.Point {
	var to []plots.Point
	for i, p := range all {
		if i > 0 {
			to = append(to, plots.Point{X: p.X, Y: all[i-1].Y})
		}
		to = append(to, p)
	}
	return to
}

// yearFinding is what one year in a hundred brings; designs in which such a year
// has no end come after the others.
func yearFinding(r *study.Result) string {
	endless := 0
	p99 := func(a *study.Answer) float64 {
		if a.Year == nil || len(a.Year.Exceed) == 0 || math.IsInf(a.Year.P99.Value, 1) {
			return math.NaN()
		}
		return a.Year.P99.Value
	}
	for i := range r.Designs {
		if y := r.Designs[i].Year; y != nil && len(y.Exceed) > 0 && math.IsInf(y.P99.Value, 1) {
			endless++
		}
	}
	text := contrast(r, "One year in a hundred brings recoveries of", "", p99, Duration)
	switch {
	case text == "" && endless > 0:
		return "One year in a hundred brings a recovery without end in each design"
	case text == "":
		return "No year can be added up"
	case endless > 0:
		return text + fmt.Sprintf(", and without end in %s", counted(endless, "design"))
	}
	return text
}

// costChart sets cost against risk; nil without prices, or with one design.
func costChart(r *study.Result, version string) *plots.Frontier {
	c := &plots.Frontier{Frame: frame(r, version, costFinding(r), "What stands ready all year against the chance of missing the objective"),
		Cost: plots.Axis{Title: "servers and headroom, cost a year"}, Risk: plots.Axis{Title: "P(T > " + Duration(r.Objective.Within) + "), logarithmic", Quantity: plots.Share, Log: true},
		Budget: r.Objective.Risk()}
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Cost == nil {
			continue
		}
		d := plots.FrontierDesign{Design: a.Name, Cost: a.Cost.Standing(), Risk: 1}
		if a.Status != study.Never {
			d.Risk, d.Said = bounded(a.Judged().Breach), risk(a.Judged())
		}
		c.Designs = append(c.Designs, d)
	}
	if len(c.Designs) < 2 {
		return nil
	}
	c.Cost.Log = spread(c.Designs) > 10
	return c
}

// spread is how many times the least cost the greatest is.
func spread(all []plots.FrontierDesign) float64 {
	lo, hi := math.Inf(1), 0.0
	for _, d := range all {
		lo, hi = math.Min(lo, d.Cost), math.Max(hi, d.Cost)
	}
	if lo <= 0 || hi <= 0 {
		return 0
	}
	return hi / lo
}

// bounded is a risk, or where no simulated storm had it the upper end of its
// interval.
func bounded(e montecarlo.Estimate) float64 {
	if e.N > 0 && e.Value == 0 {
		return e.Hi
	}
	return e.Value
}

// costFinding names the cheapest design that meets the objective and, where it is
// passed over because it does so at the middle of the ranges alone, the one that
// is recommended.
func costFinding(r *study.Result) string {
	priced := slices.DeleteFunc(r.Meeting(), func(a *study.Answer) bool {
		return a.Cost == nil || math.IsNaN(a.Cost.Total.Value) || math.IsInf(a.Cost.Total.Value, 0)
	})
	if len(priced) == 0 {
		return "No design with a price is shown to meet the objective"
	}
	byCost := func(a, b *study.Answer) int { return cmp.Compare(a.Cost.Total.Value, b.Cost.Total.Value) }
	slices.SortStableFunc(priced, byCost)
	best := priced[0]
	price := func(a *study.Answer) string { return money(a.Cost.Total.Value) }
	switch c := study.Recommend(r); {
	case c.PassedOver == best && c.Design.Cost != nil:
		return fmt.Sprintf("%s costs %s a year in all; %s, at %s, is not shown to meet the objective over the ranges", quoted(c.Design.Name), price(c.Design), quoted(best.Name), price(best))
	case len(priced) > 1 && price(priced[1]) == price(best):
		return fmt.Sprintf("No design that meets the objective costs less than %s: %s a year in all", quoted(best.Name), price(best))
	}
	return fmt.Sprintf("%s is the cheapest design that meets the objective: %s a year in all", quoted(best.Name), price(best))
}
