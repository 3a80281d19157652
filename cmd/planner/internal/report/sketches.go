package report

import (
	"slices"
	"strings"

	"singlelane/cmd/planner/internal/study"
)

// sketches lists the charts of a pack in the order in which they are read.
// The captions say what question each answers; the findings are its title.
func sketches(r *study.Result, version string) []sketch {
	all := []sketch{
		{"comparison", "Which designs meet the objective? Each bar runs from the 5th to the 99th percentile of the drain time; the ring is the median.",
			func() themed { return comparisonChart(r, version) }},
		{"backlog", backlogCaption(r),
			func() themed { return backlogChart(r, version) }},
		{"drain", "How long until it has drained? The whole distribution of the drain time" + lawsCaption(r) + "." + coincident(r),
			func() themed { return drainChart(r, version) }},
		{"risk", "How bad do the bad storms get? A design passes if its curve is below the dashed risk budget where it crosses the objective." + coincident(r),
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

// backlogCaption explains the lines of the backlog, of which some designs have no
// mean field.
func backlogCaption(r *study.Result) string {
	words := "What does the storm do? The line is the median of the followed storms and the bands hold the middle 50, 90 and 99 % of them"
	if meanFieldOf(r) != "" {
		words += "; the dashed line is the mean-field path, computed without any random numbers"
	}
	return words + ". A P99 in the title is that of the moment at which it is highest; each storm's own peak, whose P99 is in the table, comes at a moment of its own."
}

// lawsCaption says by how many methods the distributions were found.
func lawsCaption(r *study.Result) string {
	both := 0
	for i := range r.Designs {
		if len(r.Designs[i].Curve) > 0 && len(r.Designs[i].Steps) > 0 {
			both++
		}
	}
	switch byTheory, simulated := laws(r); {
	case both > 0 && both == max(byTheory, simulated):
		return ", reached by two independent methods"
	case both > 0:
		return ", reached by two independent methods where there is a line"
	case simulated > 0:
		return " of the simulated storms"
	}
	return ""
}

// coincident names designs whose distributions lie on each other, so that one
// hides the rest.
func coincident(r *study.Result) string {
	words, told := "", map[int]bool{}
	for i := range r.Designs {
		same := []string{quoted(r.Designs[i].Name)}
		for j := i + 1; j < len(r.Designs); j++ {
			if !told[j] && alike(&r.Designs[i], &r.Designs[j]) {
				same, told[j] = append(same, quoted(r.Designs[j].Name)), true
			}
		}
		if len(same) > 1 {
			words += " " + strings.Join(same[:len(same)-1], ", ") + " and " + same[len(same)-1] + " lie on each other."
		}
	}
	return words
}

func alike(a, b *study.Answer) bool {
	return len(a.Curve)+len(a.Steps) > 0 && slices.Equal(a.Curve, b.Curve) && slices.Equal(a.Steps, b.Steps)
}
