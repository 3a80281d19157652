package report

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"singlelane/cmd/planner/internal/study"
)

// TestSweepOfLongNamesFitsTheScreen: a dozen designs of long names stand under
// keys, each explained, and no line is wider than the screen.
func TestSweepOfLongNamesFitsTheScreen(t *testing.T) {
	s := &study.Sweep{Metric: study.P99, Done: 1, Axes: []study.Axis{{Key: "control_plane.servers", Values: []float64{4}, Texts: []string{"4"}}},
		Cells: []study.Cell{{At: []int{0}}}}
	for k := range 12 {
		s.Designs = append(s.Designs, fmt.Sprintf("a proposal whose name is about as long as one may well be, number %d", k+1))
		s.Cells[0].Answers = append(s.Cells[0].Answers, study.Answer{Status: study.Never})
	}
	var out, wide strings.Builder
	if err := SweepText(&out, s, Style{}); err != nil {
		t.Fatal(err)
	}
	if err := SweepText(&wide, s, Style{Wide: true}); err != nil {
		t.Fatal(err)
	}
	for k, name := range s.Designs {
		if want := fmt.Sprintf("%-4s%s\n", fmt.Sprintf("D%d", k+1), name); !strings.Contains(out.String(), want) {
			t.Errorf("no line %q", want)
		}
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if utf8.RuneCountInString(line) > screen {
			t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
		}
	}
	if !strings.Contains(wide.String(), s.Designs[10]+"  "+s.Designs[11]) {
		t.Error("the wide table does not have the names in its head")
	}
}
