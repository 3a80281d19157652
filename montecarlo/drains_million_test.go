package montecarlo

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// A million leaps against the whole exact law, by Kolmogorov's statistic. For
// any n it exceeds x/sqrt(n) with probability at most 2 exp(-2 x^2) (A. Dvoretzky,
// J. Kiefer, J. Wolfowitz 1956; P. Massart 1990), with x = 3.2 in one of the
// four cases together with less than 1e-8. A million see a difference of 0.003.
func TestMillionLeapsMeetExactLaws(t *testing.T) {
	const x = 3.2
	exp := func(mean float64) queueing.Service { return queueing.Exponential{MeanTime: mean} }
	for name, l := range map[string]*queueing.Lane{
		"surge":         surge(t, exp(0.1), 1, idle),
		"surge gamma 4": surge(t, queueing.Gamma{MeanTime: 0.1, Shape: 4}, 1, idle),
		"one request, two modes": laneOf(t, queueing.Config{Backlog: 1, Service: exp(1), Servers: 1, Target: queueing.Target{Idle: true, FirstPassage: true}},
			queueing.Steady{PerSecond: 0.3}, queueing.Surge{Initial: 1.5, Decay: 20}),
		"down, then more servers": laneOf(t, queueing.Config{Backlog: 40, Service: exp(2), Servers: 3, DownFor: 20,
			ScaleOut: []queueing.Join{{After: 45, Servers: 2}}}, queueing.Steady{PerSecond: 0.8}, queueing.Batch{Size: 15, At: 30}),
	} {
		law, err := queueing.SolveDrain(l, queueing.SolveOptions{})
		if err != nil || law.Quality != queueing.Exact {
			t.Fatalf("%s: %v, %s", name, err, law.Quality)
		}
		times := byLeaps(t, l, 1_000_000)
		n, worst, at := float64(len(times)), 0.0, 0.0
		for i := 0; i < len(times); i += 25 {
			last := i
			for last+1 < len(times) && times[last+1] == times[i] {
				last++
			}
			if d := math.Abs(float64(last+1)/n - law.CDF(times[i])); d > worst {
				worst, at = d, times[i]
			}
		}
		if worst > x/math.Sqrt(n)+law.AbsError {
			t.Errorf("%s: of %g leaps %.4g differ from the law at %g s, %.4g would be chance", name, n, worst, at, x/math.Sqrt(n))
		}
	}
}
