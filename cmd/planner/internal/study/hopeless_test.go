package study

import (
	"strings"
	"testing"

	"singlelane/queueing"
)

// Storms that practically never drain before the horizon are drawn but a few
// times, which is said, unless all are asked for; their theory is still there,
// and where it cannot be seen it is not said to differ.
func TestHopelessStormsAreFew(t *testing.T) {
	idle := func(arrivals float64) Case {
		l := lane(t, "lane", 60, arrivals, 0, func(c *queueing.Config) {
			c.Servers, c.Service, c.Target = 60, queueing.Gamma{MeanTime: 1, Shape: 4}, queueing.Target{Idle: true}
		})
		c := oneDesign(100, l)
		c.Horizon = 200
		return c
	}
	for name, c := range map[string]struct {
		arrivals float64
		options  Options
		want     int
	}{
		"forty of sixty busy":        {40, Options{}, hopelessStorms},
		"all are kept":               {40, Options{Paired: true}, 400},
		"asked for by number":        {40, Options{AllDrawn: true}, 400},
		"by simulation":              {40, Options{Method: Simulate}, 400},
		"one of sixty busy":          {1, Options{}, 400},
		"few asked for, forty busy":  {40, Options{Replications: 3}, 3},
		"few asked for, few are due": {1, Options{Replications: 3}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.options
			if o.Seed = 1; o.Replications == 0 {
				o.Replications = 400
			}
			a := evaluate(t, idle(c.arrivals), o).Designs[0]
			if a.Simulated.N != c.want {
				t.Errorf("%d storms, want %d", a.Simulated.N, c.want)
			}
			told := strings.Contains(strings.Join(a.Warnings, "\n"), "storms are simulated instead of")
			if told != (c.want == hopelessStorms) {
				t.Errorf("warnings: %q", a.Warnings)
			}
			if c.want == hopelessStorms && (a.Drain.P50.Value < 1e9 || a.Agreement.P50 != 0 || a.MeetsObjective) {
				t.Errorf("P50 %g, off by %g, meets %v", a.Drain.P50.Value, a.Agreement.P50, a.MeetsObjective)
			}
		})
	}
}
