package report

import (
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// TestSweepFindingCountsManyDesigns: the title of a sweep can be read however
// many designs there are, and however long their names.
func TestSweepFindingCountsManyDesigns(t *testing.T) {
	for _, c := range []struct {
		meets string // a row for each design, + where it meets the objective
		want  string
	}{
		{"++-", "“a” meets the objective at 2 of 3 values"},
		{"++- ---", "The objective is met at 2 of 3 values in “a”, at 0 in “b”"},
		{"++- --- +++", "The objective is met at all of 3 values in 1 of 3 designs, at some in 1, at none in 1"},
		{"--- --- ---", "The objective is met at none of 3 values in each of 3 designs"},
		{"--- +-- --- ---", "The objective is met at some of 3 values in 1 of 4 designs, at none in 3"},
	} {
		s := &study.Sweep{Objective: study.Objective{Within: 60, Confidence: 0.99}, Metric: study.P99, Cells: make([]study.Cell, 3)}
		for k, row := range strings.Fields(c.meets) {
			s.Designs = append(s.Designs, string(rune('a'+k)))
			for i := range s.Cells {
				s.Cells[i].Answers = append(s.Cells[i].Answers, study.Answer{MeetsObjective: row[i] == '+'})
			}
		}
		if got := sweepFinding(s); got != c.want {
			t.Errorf("%s: %q, want %q", c.meets, got, c.want)
		}
	}
}

// TestSweepFindingOfTheMetricDrawn: where the objective says nothing of what the
// chart shows, neither does its title.
func TestSweepFindingOfTheMetricDrawn(t *testing.T) {
	cost := func(x float64) study.Answer {
		return study.Answer{Cost: &study.Cost{Total: montecarlo.Estimate{Value: x}}}
	}
	s := &study.Sweep{Metric: study.YearlyCost, Designs: []string{"a", "b"}, Axes: []study.Axis{{Key: "control_plane.servers", Texts: []string{"4", "5"}, Values: []float64{4, 5}}},
		Cells: []study.Cell{{At: []int{0}, Answers: []study.Answer{cost(9000), {Status: study.Never}}}, {At: []int{1}, Answers: []study.Answer{cost(9500), cost(7000)}}}}
	if got, want := sweepFinding(s), "The least cost a year is 7,000, at control_plane.servers = 5 in “b”"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s.Metric = study.Peak
	s.Cells = []study.Cell{{At: []int{1}, Answers: []study.Answer{{Peak: &study.Figure{P99: montecarlo.Estimate{Value: 1068}}}}}}
	if got, want := sweepFinding(s), "The least P99 of the peak backlog is 1,068 requests, at control_plane.servers = 5 in “a”"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s.Metric, s.Cells = study.YearlyCost, nil
	if got, want := sweepFinding(s), "The cost a year is known at none of the values"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
