package plots

import (
	"strings"
	"testing"
)

// TestExceedanceInWords: what the alternative text says of the objective lies
// on the same side of it as the curve, before its first point, between its ends
// and beyond its last one, by theory and by simulation alone.
func TestExceedanceInWords(t *testing.T) {
	theory := []Point{{100, 1}, {200, 0.5}, {300, 0.125}}
	for _, c := range []struct {
		series ExceedanceSeries
		at     float64
		want   string
	}{
		{ExceedanceSeries{Theory: theory}, 50, "100 %"},
		{ExceedanceSeries{Theory: theory[1:]}, 50, "at least 50 %"},
		{ExceedanceSeries{Theory: theory}, 150, "75 %"},
		{ExceedanceSeries{Theory: theory}, 300, "12.5 %"},
		{ExceedanceSeries{Theory: theory}, 400, "at most 12.5 %"},
		{ExceedanceSeries{Theory: append(theory[:3:3], Point{350, 0})}, 400, "next to none"},
		{ExceedanceSeries{Simulated: []Estimated{{100, 0.75, 0.7, 0.8}, {200, 0, 0, 0.25}}}, 50, "at least 75 %"},
		{ExceedanceSeries{Simulated: []Estimated{{100, 0.75, 0.7, 0.8}, {200, 0, 0, 0.25}}}, 400, "at most 25 %"},
	} {
		c.series.Design = "six zones"
		got := Exceedance{Objective: c.at, Series: []ExceedanceSeries{c.series}}.AltText()
		if want := "six zones: " + c.want + " still draining at the objective"; !strings.Contains(got, want) {
			t.Errorf("at %g s: %q does not say %q", c.at, got, want)
		}
	}
}
