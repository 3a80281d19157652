package plots

import (
	"math"
	"strings"
	"testing"
)

// TestWholeAxisHasWholeTicks: of an axis of servers or zones there is a tick at
// whole numbers alone, written without a point, and there are some.
func TestWholeAxisHasWholeTicks(t *testing.T) {
	s := newStyle(Theme{})
	a := Axis{Title: "servers", Whole: true}
	for _, hi := range []float64{2, 3, 6, 16, 200, 12345} {
		sc, _ := a.scale(1, hi, s.across(500))
		if len(sc.ticks) < 2 {
			t.Errorf("1 to %g has %d ticks", hi, len(sc.ticks))
		}
		for _, tick := range sc.ticks {
			if tick.Value != math.Round(tick.Value) || strings.Contains(tick.Label, ".") {
				t.Errorf("1 to %g has a tick at %g, %q", hi, tick.Value, tick.Label)
			}
		}
	}
}

// TestHiddenLinesAreSaid: a line that another lies upon says which; the upper one
// says nothing.
func TestHiddenLinesAreSaid(t *testing.T) {
	line := []Point{{1, 5}, {2, 3}}
	s := Sweep{Series: []SweepSeries{{Design: "old", Line: line}, {Design: "own", Line: []Point{{1, 5}, {2, 4}}}, {Design: "new", Line: line}}}
	z := ZoneBreaches{Series: []ZoneSeries{{Design: "old", Zones: []int{2, 3}, Breaches: []float64{1, 0}},
		{Design: "own", Zones: []int{2, 3}, Breaches: []float64{1, 1}}, {Design: "new", Zones: []int{2, 3}, Breaches: []float64{1, 0}}}}
	for i, want := range []string{"the same line as new", "", ""} {
		if got := s.beneath(i); got != want {
			t.Errorf("sweep, line %d: %q, want %q", i, got, want)
		}
		if got := z.beneath(i); got != want {
			t.Errorf("zones, line %d: %q, want %q", i, got, want)
		}
	}
	if text := s.AltText(); strings.Count(text, "the same line as new") != 1 {
		t.Errorf("the words of the chart say it %d times: %s", strings.Count(text, "the same line as new"), text)
	}
}

// TestNoneIsSeenOnALogarithmicSweep: a risk of 0 is drawn at the lower edge, a
// hundredth of the objective, which the axis holds.
func TestNoneIsSeenOnALogarithmicSweep(t *testing.T) {
	s := Sweep{Y: Axis{Quantity: Share, Log: true}, Objective: 0.01,
		Series: []SweepSeries{{Line: []Point{{1, 1}, {2, 0}}, Simulated: []Estimated{{2, 0, 0, 0.02}}}}}
	line, simulated := s.drawn(s.Series[0])
	if line[0].Y != 1 || line[1].Y != 1e-4 || simulated[0] != (Estimated{2, 1e-4, 1e-4, 0.02}) {
		t.Errorf("drawn at %v and %v", line, simulated)
	}
	lo, hi, ok := s.Y.span(s.ys()...)
	if !ok || lo != 1e-4 || hi != 1 {
		t.Errorf("the axis goes from %g to %g, want 0.0001 to 1", lo, hi)
	}
}
