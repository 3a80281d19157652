package plots

import (
	"strings"
	"testing"
)

// TestFooterInOtherScripts: what the typeface lacks goes from the footer into
// the caption, and all else stays.
func TestFooterInOtherScripts(t *testing.T) {
	for name, moves := range map[string]bool{"فشل المنطقة": true, "故障區域": true, "Zürich, ½ load": false} {
		c := Drain{Frame: Frame{Footer: name + " | seed 7 | planner 0.1.0"}, Objective: 60, Confidence: 0.99,
			Series: []DrainSeries{{Design: "a", Theory: []Point{{X: 10, Y: 0.1}, {X: 20, Y: 1}}}}}
		footer := ""
		for _, l := range compose(c).footer {
			footer += l
		}
		if !hasGlyphs(footer) || !strings.Contains(footer, "seed 7") {
			t.Errorf("%s: the footer is %q", name, footer)
		}
		if got := strings.Contains(c.Caption(), name); got != moves {
			t.Errorf("%s: the caption is %q", name, c.Caption())
		}
		if got := !strings.Contains(footer, name); got != moves {
			t.Errorf("%s: the footer is %q", name, footer)
		}
	}
}
