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
		{"surge to 1e-8 in 1 ms", surge(1), 1e-8}, {"surge to 1e-10 in 2 ms", surge(1), 1e-10}, {"surge of 1e9 to 1e-8 in 1.5 times that of 1e3", surge(1e6), 1e-8},
		{"gamma surge to 1e-8 in 15 ms", surgeLane(b, Gamma{.1, 4}), 1e-8}, {"deterministic surge to 1e-8 in 15 ms", surgeLane(b, Deterministic{.1}), 1e-8},
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
