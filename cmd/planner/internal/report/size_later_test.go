package report

import (
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// A chance by theory has no digits below the law's error; a simulated one, and
// one above the error, are shown as they are.
func TestChancesOfSizeHaveNoFalseDigits(t *testing.T) {
	for _, c := range []struct {
		breach, off float64
		n           int
		want        string
	}{
		{1.7e-11, 7e-6, 0, "<0.001 %"},
		{1.7e-11, 1e-9, 0, "<1 in 1 billion"},
		{1.7e-11, 0, 0, "1 in 59 billion"},
		{0.013945, 7e-6, 0, "1.395 %"},
		{0, 7e-6, 0, "<0.001 %"},
		{0, 1e-9, 0, "<0.0001 %"},
		{0, 0, 0, "0 %"},
		{0.25, 0, 100, "25 % [20, 30]"},
	} {
		e := montecarlo.Estimate{Value: c.breach, N: c.n}
		if c.n > 0 {
			e.Lo, e.Hi = 0.2, 0.3
		}
		trial := study.Trial{Breach: e, Answer: study.Answer{Drain: &study.Law{AbsError: c.off}}}
		if got := later(&trial); got != c.want {
			t.Errorf("P(later) = %g with an error of %g: %q, want %q", c.breach, c.off, got, c.want)
		}
	}
}
