package report

import (
	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// sketches lists the charts of a pack in the order in which they are read.
// The captions say what question each answers; the findings are its title.
func sketches(r *study.Result, version string) []sketch {
	all := []sketch{
		{"comparison", "Which designs meet the objective? Each bar runs from the 5th to the 99th percentile of the drain time; the ring is the median.",
			func(t plots.Theme) themed { c := *comparisonChart(r, version); c.Theme = t; return c }},
		{"backlog", "What does the storm do? The line is the median of the followed storms and the bands hold the middle 50, 90 and 99 % of them; the dashed line is the mean-field path, computed without any random numbers.",
			func(t plots.Theme) themed { c := *backlogChart(r, version); c.Theme = t; return c }},
		{"drain", "How long until it has drained? The whole distribution of the drain time, reached by two independent methods.",
			func(t plots.Theme) themed { c := *drainChart(r, version); c.Theme = t; return c }},
		{"risk", "How bad do the bad storms get? A design passes if its curve is below the dashed risk budget where it crosses the objective.",
			func(t plots.Theme) themed { c := *riskChart(r, version); c.Theme = t; return c }},
		{"waits", "What does a customer feel? The wait of a request by the time at which it arrives.",
			func(t plots.Theme) themed { c := *waitsChart(r, version); c.Theme = t; return c }},
	}
	if validityChart(r, version) != nil {
		all = append(all, sketch{"validity", "Do the two methods agree? Where they do, the 95 % intervals of most quantiles hold 0; those of one design move together, since they come from the same storms.",
			func(t plots.Theme) themed { c := *validityChart(r, version); c.Theme = t; return c }})
	}
	if yearChart(r, version) != nil {
		all = append(all, sketch{"year", "What does a year bring? The recoveries of a year's failures, added up; the curves begin at the chance that there is any.",
			func(t plots.Theme) themed { c := *yearChart(r, version); c.Theme = t; return c }})
	}
	if costChart(r, version) != nil {
		all = append(all, sketch{"frontier", "What does safety cost? No other design is both cheaper and safer than one on the line; the others are grey. A risk that no simulated storm showed stands at the upper end of its interval.",
			func(t plots.Theme) themed { c := *costChart(r, version); c.Theme = t; return c }})
	}
	return all
}
