package report

import (
	"io"
	"math"

	"singlelane/cmd/planner/internal/fit"
)

// CSV writes one row a number that was found, in SI units, with its 90 %
// interval where it has one.
func (f Fit) CSV(w io.Writer) error {
	rows := [][]string{{"parameter", "value", "lo", "hi", "law", "n"}}
	add := func(name string, r fit.Range, law string, n int) {
		row := append([]string{name, field(r.Value)}, "", "", law, "")
		if r.Known() {
			row[2], row[3] = field(r.Lo), field(r.Hi)
		}
		if n > 0 {
			row[5] = field(float64(n))
		}
		rows = append(rows, row)
	}
	alone := func(name string, x float64) {
		if !math.IsNaN(x) {
			add(name, fit.Range{Value: x, Lo: math.NaN(), Hi: math.NaN()}, "", 0)
		}
	}
	if a := f.Arrivals; a != nil {
		add("arrivals.rate_per_s", a.Rate, "", a.N)
		alone("arrivals.dispersion", a.Dispersion)
		if s := a.Surge; s != nil {
			alone("arrivals.surge.begins_s", s.Begins)
			add("arrivals.surge.count", s.Count, string(s.Law), 0)
			add("arrivals.surge.delay_s", s.Delay, string(s.Law), 0)
			switch s.Law {
			case fit.ExponentialDelay:
				add("arrivals.surge.amplitude_per_s", s.Amplitude, string(s.Law), 0)
			case fit.LognormalDelay:
				add("arrivals.surge.delay_cv", s.CV, string(s.Law), 0)
			}
		}
	}
	if s := f.Service; s != nil {
		law := serviceOf(s).Law
		add("service.mean_s", s.Mean, law, s.N)
		add("service.scv", s.SCV, law, s.N)
	}
	if f.Servers != nil {
		alone("servers", float64(f.Servers.Count))
	}
	alone("utilisation", f.Usage)
	alone("backlog", f.Backlog())
	if r := f.Balance; !math.IsNaN(r.Value) {
		add("arrivals_less_completions_per_s", r, "", 0)
	}
	return writeCSV(w, rows)
}
