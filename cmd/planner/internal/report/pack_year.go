package report

import (
	"math"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// year is what a year of such incidents brings, and what the designs cost.
func (p *Pack) year() part {
	var blocks []block
	if t := p.yearTable(); len(t.Rows) > 0 {
		blocks = append(blocks,
			text("How often failures come is in the scenario (", code("year"), "); each brings a storm, and the recoveries of a year are added up. Breaches are storms that miss the objective, and P(any) is the chance that a year has one or more. The time beyond the objective is what a year is expected to bring, and availability counts it as lost. A second failure before drained is the chance that another failure comes while one is still being recovered from."),
			block{Table: t})
		if notes := p.endless(); len(notes) > 0 {
			blocks = append(blocks, block{List: notes})
		}
		blocks = append(blocks, p.pictures("year")...)
	}
	if t := p.costTable(); len(t.Rows) > 0 {
		blocks = append(blocks, text("What the designs cost a year, in the currency of the file: what stands ready all year, and the minutes of recovery beyond the objective."), block{Table: t})
		blocks = append(blocks, p.pictures("frontier")...)
	}
	return part{ID: "year", Title: "The year, and the cost", Blocks: blocks}
}

func (p *Pack) yearTable() *grid {
	t := &grid{Head: []string{"Design", "Breaches a year", "P(any)", "Beyond the objective", "Recovery, P50", "P95", "P99", "Second failure before drained", "Available"}}
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		y := a.Year
		if y == nil {
			continue
		}
		t.row(strong(a.Name), atMost(y.Breaches, significant), atMost(y.Any, percent), yearly(y.Over), yearly(y.P50), yearly(y.P95), yearly(y.P99),
			percent(y.Second.Value), available(y)+percentSign(y))
	}
	return t
}

// atMost bounds what no simulated storm showed.
func atMost(e montecarlo.Estimate, show func(float64) string) string {
	if e.N > 0 && e.Value == 0 {
		return "at most " + show(rounded(e.Hi))
	}
	return show(e.Value)
}

// rounded is to two digits, upwards.
func rounded(x float64) float64 {
	if x <= 0 || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Ceil(x/unit-1e-9) * unit
}

func yearly(e montecarlo.Estimate) string { return Duration(e.Value) }

func percentSign(y *study.Year) string {
	if available(y) == "never back" {
		return ""
	}
	return " %"
}

// endless names the events from which a design never recovers.
func (p *Pack) endless() []prose {
	var all []prose
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		if a.Year == nil {
			continue
		}
		if why := endlessKinds(a.Year); why != "" {
			all = append(all, say(strong(a.Name), " does not recover from every event: "+why+"."))
		}
	}
	return all
}

func (p *Pack) costTable() *grid {
	t := &grid{Head: []string{"Design", "Servers", "Headroom", "Breach minutes, expected", "Total, expected", "Total, P95"}}
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		if c := a.Cost; c != nil {
			t.row(strong(a.Name), money(c.Servers), money(c.Instances), money(c.Breaches.Value), money(c.Total.Value), money(c.P95.Value))
		}
	}
	return t
}

// money is rounded to whole units from a hundred on.
func money(x float64) string {
	if x >= 100 && x < 1e15 {
		return thousands(x)
	}
	return significant(x)
}

// unpriced says that costs did not count, where they did not.
func (p *Pack) unpriced() string {
	if p.Choice.Design.Cost == nil {
		return "; the file names no prices, so what a design costs is not weighed"
	}
	return ""
}
