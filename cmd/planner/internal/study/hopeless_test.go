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
	storms, servers, many := 400, 60, 40.0
	if testing.Short() {
		storms, servers, many = 40, 45, 30
	}
	idle := func(arrivals float64) Case {
		l := lane(t, "lane", servers, arrivals, 0, func(c *queueing.Config) {
			c.Servers, c.Service, c.Target = servers, queueing.Gamma{MeanTime: 1, Shape: 4}, queueing.Target{Idle: true}
		})
		c := oneDesign(100, l)
		c.Horizon = 200
		return c
	}
	known := &solutions{} // the cases have two lanes between them
	for name, c := range map[string]struct {
		arrivals float64
		options  Options
		want     int
	}{
		"two thirds are busy":        {many, Options{}, hopelessStorms},
		"all are kept":               {many, Options{Paired: true}, storms},
		"asked for by number":        {many, Options{AllDrawn: true}, storms},
		"by simulation":              {many, Options{Method: Simulate}, storms},
		"one is busy":                {1, Options{}, storms},
		"few asked for, most busy":   {many, Options{Replications: 3}, 3},
		"few asked for, few are due": {1, Options{Replications: 3}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.options
			if o.Seed, o.solved = 1, known; o.Replications == 0 {
				o.Replications = storms
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
