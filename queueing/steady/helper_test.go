package steady

import (
	"math"
	"strconv"
	"testing"
)

// near compares to a relative tolerance; equal infinities are near.
func near(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Max(math.Abs(got), math.Abs(want))
}

func format(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func want(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !near(got, want, tolerance) {
		t.Errorf("%s is %.17g, want %.17g (off by %.1e)", what, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

func measures(t *testing.T, m Model) Measures {
	t.Helper()
	x, err := m.Measures()
	if err != nil {
		t.Fatalf("%#v: %v", m, err)
	}
	return x
}
