package plots

import (
	"strings"
	"testing"
)

// TestSaid: what is known better than the points show is what the alt text says.
func TestSaid(t *testing.T) {
	const said = "half drained by 52 s"
	drain := Drain{Objective: 120, Series: []DrainSeries{{Design: "six", Theory: []Point{{0, 0}, {90, 1}}, Said: said}}}
	tail := Exceedance{Objective: 120, Series: []ExceedanceSeries{{Design: "six", Theory: []Point{{0, 1}, {90, 0}}, Said: said}}}
	for _, text := range []string{drain.AltText(), tail.AltText()} {
		if !strings.Contains(text, "six: "+said+".") || strings.Contains(text, "45 s") {
			t.Errorf("the alt text is %q", text)
		}
	}
}
