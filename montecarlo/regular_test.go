package montecarlo

import (
	"math"
	"slices"
	"testing"

	"singlelane/queueing"
)

// Lanes of one server of deterministic service that may be drained before
// overload ends: the exact law and leaps, a million at full length, differ by no
// more than chance, by the inequality of [TestMillionLeapsMeetExactLaws] with a
// false alarm of 1e-9 in all together. Times that rounding sets apart are one.
func TestLeapsMeetRegularServices(t *testing.T) {
	const falseAlarm = 1e-9
	regular := queueing.Deterministic{Time: 2}
	lanes := map[string]*queueing.Lane{
		"batch": laneOf(t, queueing.Config{Service: regular, Servers: 1},
			queueing.Steady{PerSecond: 0.4}, queueing.Batch{Size: 2, At: 300}),
		"few may wait": laneOf(t, queueing.Config{Backlog: 3, Service: regular, Servers: 1, DownFor: 11, Target: queueing.Target{Waiting: 3}},
			queueing.Steady{PerSecond: 0.35}, queueing.Batch{Size: 5, At: 61.5}, queueing.Batch{Size: 4, At: 100}),
		"surge": laneOf(t, queueing.Config{Backlog: 4, Service: regular, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 0.1}, queueing.Surge{Initial: 0.6, Decay: 60}, queueing.Batch{Size: 1, At: 100}),
	}
	for name, l := range lanes {
		law, err := queueing.SolveDrain(l, queueing.SolveOptions{})
		if err != nil || law.Quality != queueing.Exact || law.AbsError > 1e-10 {
			t.Fatalf("%s: %v, %s, error %g: %s", name, err, law.Quality, law.AbsError, law.Reason)
		}
		times := byLeaps(t, l, 1_000_000)
		slices.Sort(times)
		n := float64(len(times))
		chance := math.Sqrt(math.Log(2*float64(len(lanes))/falseAlarm) / (2 * n))
		for i := 0; i < len(times); i += 63 {
			x := times[i] * (1 + 1e-10)
			for i < len(times) && times[i] <= x {
				i++
			}
			if d := math.Abs(float64(i)/n - law.CDF(x)); d > chance+law.AbsError {
				t.Fatalf("%s: leaps and the law differ by %.4g at %g s, %.4g would be chance", name, d, x, chance)
			}
		}
	}
}
