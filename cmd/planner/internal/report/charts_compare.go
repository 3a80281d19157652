package report

import (
	"fmt"

	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// CompareChartNames lists the files that [CompareCharts] may make.
func CompareChartNames(format string) []string {
	return []string{"comparison." + format, "frontier." + format}
}

// CompareCharts draws the drain times of the designs against the objective,
// and, where there are prices, what they cost against what they risk.
func CompareCharts(k *study.Comparison, version string, look Look) ([]Chart, error) {
	comparison := comparisonChart(&k.Result, version)
	comparison.Frame = compareFrame(k, version, finding(&k.Result), "")
	drawings := []drawing{comparison}
	if k.FrontierBy == "cost" {
		drawings = append(drawings, frontierChart(k, version))
	}
	return look.drawAll(CompareChartNames(look.Format), drawings)
}

func compareFrame(k *study.Comparison, version, title, subtitle string) plots.Frame {
	return plots.Frame{Title: title, Subtitle: subtitle, Footer: fmt.Sprintf("%s | seed %d | %s storms per design where simulated | planner %s",
		k.Name, k.Seed, thousands(float64(k.Replications)), version)}
}

// frontierChart sets what stands ready all year against the risk.
func frontierChart(k *study.Comparison, version string) *plots.Frontier {
	f := &plots.Frontier{Cost: plots.Axis{Title: "servers and headroom, cost a year"}, Risk: plots.Axis{Title: "breaches a year"}}
	if k.Risk() == study.Breach {
		f.Risk = plots.Axis{Title: "probability of missing the objective", Quantity: plots.Share}
		f.Budget = k.Objective.Risk()
	}
	on := 0
	for i := range k.Designs {
		d := plots.FrontierDesign{Design: k.Designs[i].Name, Cost: k.Designs[i].Cost.Standing(), Risk: k.Risk().Of(&k.Designs[i]).Value}
		if k.Dominated[i].By < 0 {
			on++
		}
		f.Designs = append(f.Designs, d)
	}
	f.Cost.Log = spread(f.Designs) > 10
	title := fmt.Sprintf("%d of %d designs are beaten by none in both cost and risk", on, len(k.Designs))
	f.Frame = compareFrame(k, version, title, "")
	return f
}
