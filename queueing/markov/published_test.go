package markov

import (
	"math"
	"strconv"
	"testing"
)

// The states of the telescope of Tijms's example: six gyroscopes, each of which
// fails at 0.1 a year. With two left it is put to sleep, at 100 a year, and
// mended, at 5 a year; when the last one fails it has crashed.
const (
	crashed     = iota // and as many states as gyroscopes that work
	twoAsleep   = 7
	oneAsleep   = 8
	scopeStates = 9
)

// telescope is the law of the state after so many years. Without missions none
// is sent to a telescope asleep, where it stays.
func telescope(t *testing.T, years float64, missions bool) Law {
	t.Helper()
	const fails, sleeps, mended = 0.1, 100, 5
	var jumps []Jump
	for n := 6; n >= 1; n-- {
		jumps = append(jumps, Jump{From: n, To: n - 1, Rate: float64(n) * fails})
	}
	jumps = append(jumps, Jump{From: 2, To: twoAsleep, Rate: sleeps}, Jump{From: 1, To: oneAsleep, Rate: sleeps})
	if missions {
		jumps = append(jumps, Jump{From: twoAsleep, To: oneAsleep, Rate: 2 * fails}, Jump{From: oneAsleep, To: crashed, Rate: fails},
			Jump{From: twoAsleep, To: 6, Rate: mended}, Jump{From: oneAsleep, To: 6, Rate: mended})
	}
	fixed, err := NewSparse(scopeStates, jumps)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := NewSparse(scopeStates, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := Sources{Fixed: fixed, Fresh: fresh, Arrivals: func(float64) float64 { return 0 }}.Start(0, Point(6), Options{Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Advance(years); err != nil {
		t.Fatal(err)
	}
	return w.Law()
}

// The published figures of markov_published.csv, to the digits printed.
func TestPublishedFigures(t *testing.T) {
	states := map[string][]int{"crashed": {crashed}, "1 works": {1}, "2 work": {2}, "3 work": {3}, "4 work": {4}, "5 work": {5}, "6 work": {6},
		"2 asleep": {twoAsleep}, "1 asleep": {oneAsleep}, "never asleep nor crashed": {1, 2, 3, 4, 5, 6}}
	for _, r := range referenceRows(t, "markov_published.csv") {
		var numbers [3]float64
		for i, column := range []int{1, 3, 4} {
			x, err := strconv.ParseFloat(r[column], 64)
			if err != nil {
				t.Fatal(r, err)
			}
			numbers[i] = x
		}
		years, want, tolerance := numbers[0], numbers[1], numbers[2]
		in, known := states[r[2]]
		if r[0] != "gyroscopes" || !known {
			t.Fatalf("unknown row %q", r)
		}
		law := telescope(t, years, r[2] != "never asleep nor crashed")
		got := 0.0
		for _, s := range in {
			got += law.At(s)
		}
		if !(math.Abs(got-want) <= tolerance) {
			t.Errorf("%v: %.9g", r[:5], got)
		}
	}
}
