package report

import (
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

// TestStandingNamesFewAndCountsMany: the first sentence can be read however many
// designs there are.
func TestStandingNamesFewAndCountsMany(t *testing.T) {
	for _, c := range []struct {
		meets, misses int
		want          string
	}{
		{2, 1, "2 of 3 designs are drained within 1 h in 99 % of storms: “m0” and “m1”; “x0” misses it."},
		{5, 2, "5 of 7 designs are drained within 1 h in 99 % of storms; “x0” and “x1” miss it."},
		{1, 6, "1 of 7 designs is drained within 1 h in 99 % of storms: “m0”; 6 designs miss it."},
		{0, 5, "0 of 5 designs are drained within 1 h in 99 % of storms; 5 designs miss it."},
	} {
		r := &study.Result{Objective: study.Objective{Within: 3600, Confidence: 0.99}}
		add := func(name string, n int, meets bool) {
			for i := range n {
				law := &study.Law{Quality: queueing.Exact, Late: montecarlo.Estimate{Value: 60}}
				r.Designs = append(r.Designs, study.Answer{Name: name + string(rune('0'+i)), Status: study.Drains, Drain: law, MeetsObjective: meets, Decided: true})
			}
		}
		add("m", c.meets, true)
		add("x", c.misses, false)
		if got := strings.ReplaceAll((&Pack{Result: r}).standing().plain(), "\u00a0", " "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
