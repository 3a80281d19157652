package report

import (
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/study"
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
		s := &study.Sweep{Cells: make([]study.Cell, 3)}
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
