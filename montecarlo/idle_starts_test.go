package montecarlo

import (
	"math"
	"strings"
	"testing"

	"singlelane/queueing"
)

// Lanes of one server that idle before overload ends, their gamma or lognormal
// service no sum of phases, or where batches meet at one instant: the exact law and 200,000 leaps differ by no more than chance,
// by the inequality of [TestMillionLeapsMeetExactLaws] with a false alarm of
// 1e-9 in all together. The batch may be of no request: that is the atom.
func TestLeapsMeetLanesThatIdle(t *testing.T) {
	const falseAlarm = 1e-9
	sparse, heavy := queueing.Gamma{MeanTime: 0.1, Shape: 1.5}, queueing.Lognormal{MeanTime: 0.1, Variability: 2}
	lanes := map[string]*queueing.Lane{
		"batch": laneOf(t, queueing.Config{Backlog: 2, Service: sparse, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 4}, queueing.Batch{Size: 3, At: 5}, queueing.Batch{Size: 15, At: 20}),
		"atom": laneOf(t, queueing.Config{Service: sparse, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 3}, queueing.Hashed{Of: queueing.Batch{Size: 1, At: 20}, Lanes: 2}),
		"lognormal, atom": laneOf(t, queueing.Config{Backlog: 2, Service: heavy, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 3}, queueing.Hashed{Of: queueing.Batch{Size: 1, At: 20}, Lanes: 2}),
		"batches at once": laneOf(t, queueing.Config{Service: queueing.Exponential{MeanTime: 1}, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: .05}, queueing.Batch{Size: 10, At: 60}, queueing.Batch{Size: 1, At: 60}),
		"a batch with a held pool": laneOf(t, queueing.Config{Service: queueing.Exponential{MeanTime: 2}, Servers: 2},
			queueing.Steady{PerSecond: .05}, queueing.Batch{Size: 10, At: 60},
			queueing.Pool{Instances: 4, Requests: 1, Start: 60, Held: true, Delay: queueing.ExponentialDelay{MeanDelay: 30}}),
	}
	if testing.Short() { // its law takes longer than all others
		delete(lanes, "lognormal, atom")
	}
	for name, l := range lanes {
		law, err := queueing.SolveDrain(l, queueing.SolveOptions{})
		if err != nil || law.Quality != queueing.Exact || law.AbsError > 1e-7 {
			t.Fatalf("%s: %v, %s, error %g: %s", name, err, law.Quality, law.AbsError, law.Reason)
		}
		if want := strings.HasSuffix(name, "atom"); want != (len(law.Atoms) == 1) {
			t.Errorf("%s: atoms %v", name, law.Atoms)
		}
		times := byLeaps(t, l, 200_000)
		n := float64(len(times))
		chance := math.Sqrt(math.Log(5*2/falseAlarm) / (2 * n))
		for i, x := range times {
			if i+1 < len(times) && times[i+1] == x {
				continue
			}
			if d := math.Abs(float64(i+1)/n - law.CDF(x)); d > chance+law.AbsError {
				t.Fatalf("%s: leaps and the law differ by %.4g at %g s, %.4g would be chance", name, d, x, chance)
			}
		}
	}
}
