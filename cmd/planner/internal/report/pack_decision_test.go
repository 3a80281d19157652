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

// TestGroundsOfEqualCosts: where several designs cost the least the sentence says
// by what the choice between them is made.
func TestGroundsOfEqualCosts(t *testing.T) {
	design := func(name string, late, cost float64) study.Answer {
		law := &study.Law{Quality: queueing.Exact, Late: montecarlo.Estimate{Value: late}}
		return study.Answer{Name: name, Status: study.Drains, Drain: law, MeetsObjective: true, Decided: true,
			Cost: &study.Cost{Total: montecarlo.Estimate{Value: cost}}}
	}
	for _, c := range []struct {
		late, cost float64
		want       string
	}{
		{600, 5000, "Of the designs that meet the objective 2 cost the least, 5,000 a year to one part in a thousand, and of those it drains the earliest; next comes “slow”, by 20 min; “dear”, the first in the file, takes until 1 min."},
		{1200, 5000, "Of the designs that meet the objective 2 cost the least, 5,000 a year to one part in a thousand, and of those it drains the earliest; next comes “fast”, by 20 min too: the two are as good as equal, and this choice between them rests on nothing else; “dear”, the first in the file, takes until 1 min."},
		{600, 4000, "Of the designs that meet the objective it costs the least, 4,000 a year; next comes “slow”, at 5,000 a year; “dear”, the first in the file, takes until 1 min."},
	} {
		r := &study.Result{Objective: study.Objective{Within: 3600, Confidence: 0.99},
			Designs: []study.Answer{design("dear", 60, 9000), design("slow", 1200, 5000), design("fast", c.late, c.cost)}}
		got := strings.ReplaceAll((&Pack{Result: r, Choice: study.Recommend(r)}).grounds().plain(), "\u00a0", " ")
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
