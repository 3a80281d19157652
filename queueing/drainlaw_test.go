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

func mustArrivals(t testing.TB, sources ...Source) Arrivals {
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
		Arrivals: mustArrivals(t, Steady{4}, Surge{8, 300}),
	})
}

func TestScratch(t *testing.T) {
	d, err := SolveDrain(surgeLane(t, Exponential{0.1}), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.9f %.9f %.9f %.9f %.9f %g %g", d.Mean(), d.StdDev(), d.Quantile(.5), d.Quantile(.99), d.Quantile(.999), d.Exceed(620), d.AbsError)
	e, ok := OverloadEnd(surgeLane(t, Exponential{0.1}))
	t.Log(e, ok, d.Atoms)
}
