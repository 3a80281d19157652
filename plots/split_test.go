package plots

import (
	"math"
	"testing"
)

func TestNamesBreakBetweenTheirParts(t *testing.T) {
	f := newStyle(Theme{}).label
	lines, whole := wrap(f, "streams.relaunches.mean_delay", f.Width("streams.relaunches.mean_del"), 3)
	if !whole || len(lines) != 2 || lines[0] != "streams.relaunches.mean_" || lines[1] != "delay" {
		t.Errorf("%q", lines)
	}
	if lines, _ := wrap(f, "abcdefghijkl", f.Width("abcdef"), 3); len(lines) != 2 || lines[0]+lines[1] != "abcdefghijkl" {
		t.Errorf("a name without parts: %q", lines)
	}
	if got := Percent(math.Copysign(0, -1)); got != "0 %" {
		t.Errorf("nothing is %q", got)
	}
}
