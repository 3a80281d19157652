package study

import (
	"math"
	"testing"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// answered is a design that has drained by late, and costs so much.
func answered(name string, meets bool, late, cost float64) Answer {
	a := Answer{Name: name, Status: Drains, MeetsObjective: meets, Decided: true,
		Drain: &Law{Quality: queueing.Exact, Late: plain(late)}}
	if cost > 0 {
		a.Cost = &Cost{Total: plain(cost)}
	}
	return a
}

func TestRecommend(t *testing.T) {
	slow, fast, never := answered("slow", true, 90, 0), answered("fast", true, 60, 0), Answer{Name: "never", Status: Never, Decided: true}
	missing, open := answered("missing", false, 300, 0), answered("open", true, 50, 0)
	open.Decided = false
	stuck := answered("stuck", false, math.Inf(1), 0)
	for _, c := range []struct {
		name                     string
		designs                  []Answer
		want, runnerUp, baseline string
		ground                   Ground
	}{
		{"the earliest of those that meet it", []Answer{missing, slow, fast}, "fast", "slow", "missing", Earliest},
		{"the first of two alike", []Answer{slow, slow}, "slow", "slow", "", Earliest},
		{"the only one", []Answer{slow, missing, never}, "slow", "missing", "", OnlyOne},
		{"the cheapest where all have a price", []Answer{answered("dear", true, 60, 9), answered("cheap", true, 90, 3)}, "cheap", "dear", "dear", LeastCost},
		{"no price where one lacks it", []Answer{answered("dear", true, 60, 9), slow}, "dear", "slow", "", Earliest},
		{"one without an end has no price", []Answer{answered("endless", true, 80, math.Inf(1)), answered("cheap", true, 90, 3)}, "endless", "cheap", "", Earliest},
		{"an open one is not shown to meet it", []Answer{never, open, slow}, "slow", "open", "never", OnlyOne},
		{"the nearest where none does", []Answer{missing, open}, "open", "missing", "missing", Nearest},
		{"nothing drains", []Answer{never, stuck}, "", "", "", Nearest},
	} {
		got := Recommend(&Result{Designs: c.designs})
		for what, pair := range map[string][2]string{"design": {nameOf(got.Design), c.want}, "runner-up": {nameOf(got.RunnerUp), c.runnerUp},
			"baseline": {nameOf(got.Baseline), c.baseline}, "ground": {string(got.Ground), string(c.ground)}} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s %q, want %q", c.name, what, pair[0], pair[1])
			}
		}
	}
}

func nameOf(a *Answer) string {
	if a == nil {
		return ""
	}
	return a.Name
}

// TestStands: the interval of the chance decides, and holding the risk allowed
// decides nothing.
func TestStands(t *testing.T) {
	o := Objective{Within: 60, Confidence: 0.99}
	for _, c := range []struct {
		lo, hi float64
		want   Standing
	}{{0, 0.005, Robust}, {0, o.Risk(), Robust}, {0.005, 0.02, Unsure}, {0.011, 0.02, Fragile}, {1, 1, Fragile}} {
		g := Ignorance{MeanBreach: montecarlo.Estimate{Value: (c.lo + c.hi) / 2, Lo: c.lo, Hi: c.hi}}
		if got := g.Stands(o); got != c.want {
			t.Errorf("a chance in [%g, %g] is %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
}
