package montecarlo

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// Where two exponential phases stand for services that vary much, on servers that
// join or idle, the error that theory states covers what leaps and recursion
// show of the whole law. Kolmogorov's statistic of n exceeds 3.2/sqrt(n) with
// probability below 3e-9 (P. Massart 1990), in one of the eight cases below 3e-8.
func TestStatedErrorsCoverStandInServices(t *testing.T) {
	gamma := func(mean, scv float64) queueing.Service { return queueing.Gamma{MeanTime: mean, Shape: 1 / scv} }
	lognormal := func(mean, scv float64) queueing.Service {
		return queueing.Lognormal{MeanTime: mean, Variability: scv}
	}
	joins := func(after float64, servers int) []queueing.Join {
		return []queueing.Join{{After: after, Servers: servers}}
	}
	surge := queueing.Surge{Initial: 1.2, Decay: 10}
	for name, l := range map[string]*queueing.Lane{
		"gamma 9, two join": laneOf(t, queueing.Config{Backlog: 20, Service: gamma(1, 9), Servers: 1, ScaleOut: joins(8, 2)}, queueing.Steady{PerSecond: 0.85}, surge),
		"gamma 9 on three":  laneOf(t, queueing.Config{Backlog: 20, Service: gamma(3, 9), Servers: 3, ScaleOut: joins(4.2, 2)}, queueing.Steady{PerSecond: 0.3}),
		"gamma 4 on four":   laneOf(t, queueing.Config{Backlog: 5, Service: gamma(4, 4), Servers: 4}, queueing.Steady{PerSecond: 0.85}, surge),
		"gamma 16, few":     laneOf(t, queueing.Config{Backlog: 5, Service: gamma(3, 16), Servers: 3}, queueing.Steady{PerSecond: 0.3}),
		"gamma 16, idle":    laneOf(t, queueing.Config{Backlog: 20, Service: gamma(3, 16), Servers: 3, ScaleOut: joins(13, 2), Target: idle}, queueing.Steady{PerSecond: 0.3}),
		"lognormal 9":       laneOf(t, queueing.Config{Backlog: 20, Service: lognormal(2, 9), Servers: 2}, queueing.Steady{PerSecond: 0.85}, surge),
		"lognormal 16":      laneOf(t, queueing.Config{Backlog: 20, Service: lognormal(2, 16), Servers: 2}, queueing.Steady{PerSecond: 0.6}),
		"a service each":    laneOf(t, queueing.Config{Servers: 2, Service: queueing.Gamma{MeanTime: 4, Shape: 10}, ScaleOut: joins(126, 2), Target: idle}, queueing.Surge{Initial: 1, Decay: 362}, queueing.Batch{Size: 5, At: 3333.59}),
	} {
		law, err := queueing.SolveDrain(l, queueing.SolveOptions{})
		if err != nil || law.Quality != queueing.Approximate {
			t.Fatalf("%s: %v, %s", name, err, law.Quality)
		}
		times := drainTimes(t, 15_000, l)
		n, worst, at := float64(len(times)), 0.0, 0.0
		for i, x := range times {
			f := law.CDF(x)
			if d := math.Max(math.Abs(float64(i)/n-law.CDF(queueing.Before(x))), math.Abs(float64(i+1)/n-f)); d > worst && (i+1 == len(times) || times[i+1] > x) && (i == 0 || times[i-1] < x) {
				worst, at = d, x
			}
		}
		if worst > law.AbsError+3.2/math.Sqrt(n) {
			t.Errorf("%s: differs by %.3g at %g s, stated is %.3g", name, worst, at, law.AbsError)
		}
	}
}
