package report

import (
	"fmt"
	"math"

	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// zonesChart shows the breaches of a year by the number of zones: more zones
// mean smaller floods, but more of them.
func zonesChart(s *study.Sweep, now [][]float64, version string) *plots.ZoneBreaches {
	c := &plots.ZoneBreaches{Frame: sweepFrame(s, zonesFinding(s), "More zones mean smaller floods, but more of them", version)}
	values, at := sorted(s.Axes[0])
	for k, name := range s.Designs {
		q := plots.ZoneSeries{Design: name}
		for i, x := range values {
			q.Zones = append(q.Zones, int(x))
			q.Breaches = append(q.Breaches, s.Metric.Of(&s.Cells[at[i]].Answers[k]).Value)
		}
		c.Series = append(c.Series, q)
	}
	c.Current = sharedZones(now)
	return c
}

// sharedZones is the number of zones that all designs have as the file stands,
// 0 if they differ.
func sharedZones(now [][]float64) int {
	zones := math.NaN()
	for i, n := range now {
		if len(n) == 0 || math.IsNaN(n[0]) || i > 0 && n[0] != zones {
			return 0
		}
		zones = n[0]
	}
	if math.IsNaN(zones) {
		return 0
	}
	return int(zones)
}

// zonesFinding names the number of zones with the fewest breaches, of all
// designs.
func zonesFinding(s *study.Sweep) string {
	best, design, least := 0, 0, math.Inf(1)
	for i := range s.Cells {
		for k := range s.Cells[i].Answers {
			if x := s.Metric.Of(&s.Cells[i].Answers[k]).Value; x < least {
				best, design, least = i, k, x
			}
		}
	}
	words := fmt.Sprintf("%s zones bring the fewest breaches: %s a year", s.Axes[0].Texts[s.Cells[best].At[0]], significant(least))
	if len(s.Designs) > 1 {
		words += " in " + quoted(s.Designs[design])
	}
	return words
}
