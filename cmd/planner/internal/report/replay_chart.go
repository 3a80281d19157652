package report

import (
	"fmt"

	"singlelane/plots"
)

// ReplayChartName is the file that [Replay.Chart] makes.
func ReplayChartName(format string) string { return "replay." + format }

// Chart draws the measured backlog on the model's, one panel a design.
func (r *Replay) Chart(look Look) (Chart, error) {
	c := &plots.Backlog{TimeTitle: traceTime, Frame: plots.Frame{Title: r.Name + ": the storm as it came", Subtitle: "Requests in the lanes, measured and as the model has them on the same arrivals",
		Footer: fmt.Sprintf("%s | %s requests | seed %d | %s replications | planner %s", oneLine(r.Trace.Name), thousands(float64(r.Storm.Arrivals.Total())), r.Seed, thousands(float64(r.Designs[0].N)), r.Version)}}
	for _, d := range r.Designs {
		p := plots.BacklogPanel{Design: replayLabel(d), Times: d.Times, Median: d.P50, Bands: []plots.Band{{Share: 0.9, Lo: d.P5, Hi: d.P95}}}
		if e := d.Error; e != nil {
			p.Finding = percent(e.Inside) + " of the measured backlog within the model's 90 %"
			if len(d.Sets) > 0 {
				p.Finding = r.words(d)
			}
			p.Measured = points(r.Storm.Measured.Times, r.Storm.Measured.Values)
		}
		c.Panels = append(c.Panels, p)
	}
	return look.draw(ReplayChartName(look.Format), c)
}
