package montecarlo

import (
	"testing"

	"singlelane/queueing"
)

// Exact values: windowed forward equations in long double precision, the
// drain density and the Taylor series of the chain, which agree to 9 digits.
func TestDrainsMeetExactLaws(t *testing.T) {
	gamma := queueing.Gamma{MeanTime: 0.1, Shape: 4}
	for _, c := range []struct {
		name     string
		lane     *queueing.Lane
		mean, sd float64
		p50, p99 float64 // 0: not known
	}{
		{"exponential", surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle), 487.779884390, 21.146133247, 487.651538306, 537.538994631},
		{"gamma 4", surge(t, gamma, 1, idle), 487.890765326, 16.132574761, 0, 525.76453210},
		{"gamma 1/4", surge(t, queueing.Gamma{MeanTime: 0.1, Shape: 0.25}, 1, idle), 487.334418224, 34.579743940, 0, 569.26945661},
		{"hyperexponential", surge(t, queueing.BalancedHyperexponential(0.1, 4), 1, idle), 487.335596, 34.564966, 0, 569.744308},
		{"deterministic", surge(t, queueing.Deterministic{Time: 0.1}, 1, idle), 487.927682716, 14.070627536, 0, 0},
		{"eight servers idle", surge(t, queueing.Exponential{MeanTime: 0.8}, 8, idle), 507.122561403, 27.428651332, 0, 581.806803786},
		{"eight servers, nobody waits", surge(t, queueing.Exponential{MeanTime: 0.8}, 8, queueing.Target{}), 485.968609535, 21.157652996, 0, 535.752333129},
		{"pool of 2400", laneOf(t, queueing.Config{Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 4}, queueing.Pool{Instances: 2400, Requests: 1, Delay: queueing.ExponentialDelay{MeanDelay: 300}}),
			487.762039, 19.189007, 0, 0},
		{"constant rates", laneOf(t, queueing.Config{Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 4}), 1000 / 6.0, 8.050764858994133, 0, 0},
		{"a million waiting", laneOf(t, queueing.Config{Backlog: 1e6, Service: queueing.Exponential{MeanTime: 1e-4}, Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 4e3}, queueing.Surge{Initial: 8e3, Decay: 300}), 488.044675628, 0.668512391903, 0, 489.600434294},
	} {
		for name, draw := range map[string]drawer{"leaps": byLeaps, "recursion": byRecursion} {
			n := 50_000
			if name == "recursion" {
				n = 1000
				if c.lane.Config().Backlog > 1e5 {
					continue
				}
			}
			t.Run(c.name+"/"+name, func(t *testing.T) {
				v := draw(t, c.lane, n)
				checkMean(t, v, c.mean, c.sd)
				if c.p50 > 0 {
					checkCDF(t, v, c.p50, 0.5)
				}
				if c.p99 > 0 {
					checkCDF(t, v, c.p99, 0.99)
				}
			})
		}
	}
}

// Leaps and recursion draw from one law wherever both apply.
func TestLeapsAndRecursionAgree(t *testing.T) {
	exp := func(mean float64) queueing.Service { return queueing.Exponential{MeanTime: mean} }
	for _, c := range []struct {
		name string
		lane *queueing.Lane
	}{
		{"one waiting, mass at the end of overload", laneOf(t, queueing.Config{Backlog: 1, Service: exp(1), Servers: 1, Target: idle},
			queueing.Steady{PerSecond: 0.3}, queueing.Surge{Initial: 1.5, Decay: 20})},
		{"gamma with a late batch", laneOf(t, queueing.Config{Backlog: 30, Service: queueing.Gamma{MeanTime: 0.5, Shape: 3}, Servers: 1},
			queueing.Steady{PerSecond: 1}, queueing.Batch{Size: 20, At: 60})},
		{"servers that join", laneOf(t, queueing.Config{Backlog: 200, Service: exp(1), Servers: 2, DownFor: 30,
			ScaleOut: []queueing.Join{{After: 20, Servers: 1}, {After: 90, Servers: 3}}}, queueing.Steady{PerSecond: 1.5})},
		{"servers that join, idle", laneOf(t, queueing.Config{Backlog: 50, Service: exp(1), Servers: 2, Target: idle,
			ScaleOut: []queueing.Join{{After: 10, Servers: 2}}}, queueing.Steady{PerSecond: 0.5})},
		{"twenty may wait", laneOf(t, queueing.Config{Backlog: 200, Service: exp(1), Servers: 3, Target: queueing.Target{Waiting: 20}},
			queueing.Steady{PerSecond: 1.5}, queueing.Batch{Size: 100, At: 70})},
		{"down, one server, lognormal", laneOf(t, queueing.Config{Service: queueing.Lognormal{MeanTime: 0.5, Variability: 2}, Servers: 1, DownFor: 60},
			queueing.Steady{PerSecond: 1})},
		{"first passage", laneOf(t, queueing.Config{Backlog: 5, Service: exp(1), Servers: 1, Target: queueing.Target{FirstPassage: true}},
			queueing.Steady{PerSecond: 0.3}, queueing.Batch{Size: 10, At: 30})},
		{"held pool that starts late", laneOf(t, queueing.Config{Backlog: 20, Service: exp(0.5), Servers: 1},
			queueing.Steady{PerSecond: 0.7}, queueing.Pool{Instances: 100, Requests: 2, Together: true, Start: 40, Held: true,
				Delay: queueing.LognormalDelay{MeanDelay: 60, CV: 1}})},
		{"spread, four servers", laneOf(t, queueing.Config{Service: exp(1), Servers: 4},
			queueing.Steady{PerSecond: 2}, queueing.Spread(100, 20, 30))},
		{"trace that repeats", laneOf(t, queueing.Config{Backlog: 50, Service: exp(0.5), Servers: 2},
			trace(t, []float64{0, 10, 30}, []float64{25, 20}, true))},
		{"empirical", laneOf(t, queueing.Config{Backlog: 50, Service: empirical(t, 0.1, 0.2, 0.9), Servers: 1},
			queueing.Steady{PerSecond: 1}, queueing.Surge{Initial: 3, Decay: 20})},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkSame(t, byLeaps(t, c.lane, 20_000), byRecursion(t, c.lane, 20_000))
		})
	}
}

func trace(t *testing.T, edges, counts []float64, repeat bool) queueing.Source {
	t.Helper()
	a, err := queueing.NewTrace(edges, counts, repeat)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func empirical(t *testing.T, times ...float64) queueing.Service {
	t.Helper()
	s, err := queueing.NewEmpirical(times)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
