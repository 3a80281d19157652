package montecarlo

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(0, 5), 1, 50).Draw(t, "values")
		k := rapid.IntRange(1, len(v)).Draw(t, "k")
		want := slices.Clone(v)
		slices.Sort(want)
		if got := smallest(v, k); got != want[k-1] {
			t.Fatalf("smallest %d is %g, want %g", k, got, want[k-1])
		}
	})
}
