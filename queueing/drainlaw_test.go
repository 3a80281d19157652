package queueing

import (
	"testing"
)

func laneOf(t testing.TB, c Config) *Lane {
	t.Helper()
	l, err := NewLane(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func arrivalsOf(t testing.TB, sources ...Source) Arrivals {
	t.Helper()
	var streams []Stream
	for i, s := range sources {
		streams = append(streams, Stream{Name: string(rune('a' + i)), Source: s})
	}
	a, err := NewArrivals(streams...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// surgeLane is 1000 waiting, 4/s in with 8/s exp(-t/300 s) on top, 10/s out,
// until idle.
func surgeLane(t testing.TB, service Service) *Lane {
	return laneOf(t, Config{
		Backlog: 1000, Servers: 1, Service: service, Target: Target{Idle: true},
		Arrivals: arrivalsOf(t, Steady{4}, Surge{8, 300}),
	})
}

func lane2012(t testing.TB) *Lane {
	return laneOf(t, Config{
		Servers: 8, Service: Exponential{0.9},
		Arrivals: arrivalsOf(t, Steady{4}, Batch{900, 0}, Spread(2500, 600, 600),
			Pool{Instances: 4800, Requests: 2, Start: 3960, Delay: ExponentialDelay{2400}}),
	})
}

func TestScratch(t *testing.T) {
	show := func(name string, l *Lane, m Method) {
		d, err := SolveDrain(l, SolveOptions{Method: m})
		if err != nil {
			t.Log(name, m, err)
			return
		}
		e, ok := OverloadEnd(l)
		t.Logf("%s %s t*=%g %v: mean %.9f sd %.9f P50 %.9f P99 %.9f P99.9 %.9f err %g atoms %v n=%d", name, m, e, ok, d.Mean(), d.StdDev(), d.Quantile(.5), d.Quantile(.99), d.Quantile(.999), d.AbsError, d.Atoms, 1)
	}
	show("gamma 4", surgeLane(t, Gamma{.1, 4}), Auto)
	show("gamma 1/4", surgeLane(t, Gamma{.1, .25}), Auto)
	show("deterministic", surgeLane(t, Deterministic{.1}), Auto)
	show("constant deterministic", laneOf(t, Config{Backlog: 1000, Servers: 1, Service: Deterministic{.1}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4})}), Auto)
	show("constant gamma 4", laneOf(t, Config{Backlog: 1000, Servers: 1, Service: Gamma{.1, 4}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4})}), Auto)
	show("constant", laneOf(t, Config{Backlog: 1000, Servers: 1, Service: Exponential{.1}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4})}), Auto)
	both := func(name string, l *Lane) { show(name, l, DrainDensity); show(name, l, Chain) }
	show("surge", surgeLane(t, Exponential{0.1}), DrainDensity)
	surge := arrivalsOf(t, Steady{4}, Surge{8, 300})
	both("8 idle", laneOf(t, Config{Backlog: 1000, Servers: 8, Service: Exponential{0.8}, Target: Target{Idle: true}, Arrivals: surge}))
	both("8 no wait", laneOf(t, Config{Backlog: 1000, Servers: 8, Service: Exponential{0.8}, Arrivals: surge}))
	show("1e6", laneOf(t, Config{Backlog: 1e6, Servers: 1, Service: Exponential{1e-4}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4e3}, Surge{8e3, 300})}), DrainDensity)
	show("1e9", laneOf(t, Config{Backlog: 1e9, Servers: 1, Service: Exponential{1e-7}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4e6}, Surge{8e6, 300})}), DrainDensity)
	both("bimodal", laneOf(t, Config{Backlog: 1, Servers: 1, Service: Exponential{1}, Target: Target{Idle: true, FirstPassage: true}, Arrivals: arrivalsOf(t, Steady{0.3}, Surge{1.5, 20})}))
	both("bimodal t*", laneOf(t, Config{Backlog: 1, Servers: 1, Service: Exponential{1}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{0.3}, Surge{1.5, 20})}))
	both("2012", lane2012(t))
	both("batch, join", laneOf(t, Config{Backlog: 100, Servers: 2, Service: Exponential{0.4}, DownFor: 3, ScaleOut: []Join{{30, 2}}, Arrivals: arrivalsOf(t, Steady{4}, Batch{50, 25})}))
	both("batch inside fp", laneOf(t, Config{Backlog: 30, Servers: 1, Service: Exponential{0.1}, Target: Target{Idle: true, FirstPassage: true}, Arrivals: arrivalsOf(t, Steady{4}, Batch{20, 5})}))
}

func BenchmarkSolveDrain(b *testing.B) {
	surge := func(scale float64) *Lane {
		return laneOf(b, Config{Backlog: int(1000 * scale), Servers: 1, Service: Exponential{0.1 / scale}, Target: Target{Idle: true},
			Arrivals: arrivalsOf(b, Steady{4 * scale}, Surge{8 * scale, 300})})
	}
	for _, c := range []struct {
		name string
		lane *Lane
		tol  float64
	}{
		{"surge to 1e-8", surge(1), 1e-8}, {"surge to 1e-10", surge(1), 1e-10}, {"surge of 1e9 to 1e-8", surge(1e6), 1e-8},
		{"gamma surge to 1e-8", surgeLane(b, Gamma{.1, 4}), 1e-8}, {"deterministic surge", surgeLane(b, Deterministic{.1}), 1e-8},
		{"2012", lane2012(b), 1e-8},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := SolveDrain(c.lane, SolveOptions{Tolerance: c.tol}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
