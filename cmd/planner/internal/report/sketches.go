package report

import (
	"singlelane/cmd/planner/internal/study"
)

// sketches lists the charts of a pack in the order in which they are read.
// The captions say what question each answers; the findings are its title.
func sketches(r *study.Result, version string) []sketch {
	all := []sketch{
		{"comparison", "Which designs meet the objective? Each bar runs from the 5th to the 99th percentile of the drain time; the ring is the median.",
			func() themed { return comparisonChart(r, version) }},
		{"backlog", "What does the storm do? The line is the median of the followed storms and the bands hold the middle 50, 90 and 99 % of them; the dashed line is the mean-field path, computed without any random numbers.",
			func() themed { return backlogChart(r, version) }},
		{"drain", "How long until it has drained? The whole distribution of the drain time, reached by two independent methods.",
			func() themed { return drainChart(r, version) }},
		{"risk", "How bad do the bad storms get? A design passes if its curve is below the dashed risk budget where it crosses the objective.",
			func() themed { return riskChart(r, version) }},
		{"waits", "What does a customer feel? The wait of a request by the time at which it arrives.",
			func() themed { return waitsChart(r, version) }},
	}
	if validityChart(r, version) != nil {
		all = append(all, sketch{"validity", "Do the two methods agree? Where they do, the 95 % intervals of most quantiles hold 0; those of one design move together, since they come from the same storms.",
			func() themed { return validityChart(r, version) }})
	}
	if yearChart(r, version) != nil {
		all = append(all, sketch{"year", "What does a year bring? The recoveries of a year's failures, added up; the curves begin at the chance that there is any.",
			func() themed { return yearChart(r, version) }})
	}
	if costChart(r, version) != nil {
		all = append(all, sketch{"frontier", "What does safety cost? No other design is both cheaper and safer than one on the line; the others are grey. A risk that no simulated storm showed stands at the upper end of its interval.",
			func() themed { return costChart(r, version) }})
	}
	return all
}
