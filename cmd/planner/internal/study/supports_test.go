package study

import (
	"context"
	"errors"
	"strings"
	"testing"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Whatever the simulator does not cover is refused, every such design by
// name; what it covers is not.
func TestWhatIsNotCoveredIsRefusedByName(t *testing.T) {
	for name, change := range map[string]func(*queueing.Config){
		"queue_limit":      func(c *queueing.Config) { c.Mechanisms.Limited = true },
		"max_age":          func(c *queueing.Config) { c.Mechanisms.MaxAge = 60 },
		"discipline: lifo": func(c *queueing.Config) { c.Mechanisms.Discipline = queueing.LIFO },
		"slow_down":        func(c *queueing.Config) { c.Mechanisms.SlowDown = &queueing.SlowDown{At: 10, Factor: 2} },
		"throttle":         func(c *queueing.Config) { c.Mechanisms.Throttle = &queueing.Throttle{PerSecond: 1, Burst: 1} },
		"retries":          func(c *queueing.Config) { c.Mechanisms.Retries = &queueing.Retries{Timeout: 5, MaxAttempts: 3} },
	} {
		l := lane(t, "lane", 5, 4, 0, change)
		covered, _ := montecarlo.Supports(l)
		c := oneDesign(600, l)
		c.Designs = append(c.Designs, Design{Name: "another", Lanes: []*queueing.Lane{l}})
		_, err := Evaluate(context.Background(), c, Options{Replications: 20})
		var refused *UnsupportedError
		if errors.As(err, &refused) == covered {
			t.Errorf("%s: covered %v, error %v", name, covered, err)
			continue
		}
		if covered {
			continue
		}
		for _, want := range []string{name + ": not supported yet", `"base"`, `"another"`} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", name, err, want)
			}
		}
	}
}
