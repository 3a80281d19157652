package report

import (
	"math"
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

// TestCostFinding: the title of the frontier agrees with the recommendation, also
// where the cheapest design is passed over and where several cost the same.
func TestCostFinding(t *testing.T) {
	design := func(name string, cost, breach float64) study.Answer {
		law := &study.Law{Quality: queueing.Exact, Late: montecarlo.Estimate{Value: 60}}
		mean := montecarlo.Estimate{Value: breach, Lo: breach, Hi: breach}
		return study.Answer{Name: name, Status: study.Drains, Drain: law, MeetsObjective: true, Decided: true,
			Ignorance: &study.Ignorance{MeanBreach: mean}, Cost: &study.Cost{Total: montecarlo.Estimate{Value: cost}}}
	}
	missing := study.Answer{Name: "never", Status: study.Never, Cost: &study.Cost{}}
	for _, c := range []struct {
		designs []study.Answer
		want    string
	}{
		{[]study.Answer{missing, missing}, "No design with a price is shown to meet the objective"},
		{[]study.Answer{design("a", 9000, 0), missing}, "“a” is the cheapest design that meets the objective: 9,000 a year in all"},
		{[]study.Answer{design("a", 9000, 0), design("b", 5000, 0.2)}, "“a” costs 9,000 a year in all; “b”, at 5,000, is not shown to meet the objective over the ranges"},
		{[]study.Answer{design("a", 9000, 0), design("b", 5000, 0)}, "“b” is the cheapest design that meets the objective: 5,000 a year in all"},
		{[]study.Answer{design("a", 5000, 0), design("b", 5000, 0)}, "No design that meets the objective costs less than “a”: 5,000 a year in all"},
	} {
		r := &study.Result{Objective: study.Objective{Within: 3600, Confidence: 0.99}, Designs: c.designs}
		if got := costFinding(r); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestYearFinding: a year without an end is said as that, not as a length.
func TestYearFinding(t *testing.T) {
	design := func(name string, p99 float64) study.Answer {
		return study.Answer{Name: name, Status: study.Drains, Year: &study.Year{Exceed: make([]study.Point, 1), P99: montecarlo.Estimate{Value: p99}}}
	}
	for _, c := range []struct {
		designs []study.Answer
		want    string
	}{
		{[]study.Answer{design("a", 60), design("b", 30)}, "One year in a hundred brings recoveries of 1 min in “a”, 30 s in “b”"},
		{[]study.Answer{design("a", 60), design("b", math.Inf(1))}, "One year in a hundred brings recoveries of 1 min, and without end in 1 design"},
		{[]study.Answer{design("b", math.Inf(1))}, "One year in a hundred brings a recovery without end in each design"},
		{nil, "No year can be added up"},
	} {
		if got := yearFinding(&study.Result{Designs: c.designs}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
