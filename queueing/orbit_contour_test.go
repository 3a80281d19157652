package queueing

import (
	"errors"
	"testing"

	"singlelane/queueing/markov"
)

// wideOrbits are lanes whose law is as wide as its mean, or wider.
var wideOrbits = []struct {
	rate                          float64
	backlog, servers, room, orbit int
	delay                         float64
	target                        Target
}{
	{8, 8, 1, 8, 10, 2, idle}, {6, 4, 2, 4, 3, 1, idle}, {7, 5, 3, 12, 0, .5, Target{Waiting: 1}}, {7, 1, 1, 3, 0, .2, idle}, {0, 3, 2, 9, 2, 3, idle},
}

// The transform inverted along one path a panel against the chain, followed
// state by state, far into the tail, and against mean and deviation by
// elimination.
func TestOrbitDensity(t *testing.T) {
	for _, c := range wideOrbits {
		l := refusing(t, c.rate, c.backlog, c.servers, c.room, c.target)
		r := RetryOrbit{Waiting: c.orbit, MeanDelay: c.delay}
		d, err := SolveOrbit(l, r, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(c, err)
		}
		chain, err := SolveOrbit(l, r, SolveOptions{Method: Chain, Tolerance: 1e-12})
		if err != nil {
			t.Fatal(c, err)
		}
		agree(t, chain, d, 1e-10)
		if d.Method != DrainDensity || d.Quality != Exact || d.AbsError > 1e-9 {
			t.Errorf("%+v: %+v", c, d)
		}
		for _, p := range []float64{1e-4, 1e-7} {
			x := chain.Quantile(1 - p)
			near(t, "tail", d.Exceed(x), chain.Exceed(x), 1e-7)
		}
		o := markov.Orbit{Arrivals: c.rate, ServiceRate: 10 / float64(c.servers), Servers: c.servers, Limit: c.room, Size: 200, RetryRate: 1 / c.delay, Refused: 1}
		a, err := o.Drain(l.Level(0))
		if err != nil {
			t.Fatal(err)
		}
		mean, sd := a.At(o.Index(c.backlog, c.orbit))
		near(t, "mean", d.Mean(), mean, 1e-9)
		near(t, "sd", d.StdDev(), sd, 1e-9)
	}
}

// Next to saturation the orbit holds hundreds at times: mean and deviation by
// elimination.
func TestOrbitDensityNearSaturation(t *testing.T) {
	l := refusing(t, 9.5, 20, 1, 20, idle)
	d, err := SolveOrbit(l, RetryOrbit{Waiting: 20, MeanDelay: 3}, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Method != DrainDensity || d.AbsError > 1e-10 {
		t.Errorf("%+v", d)
	}
	o := markov.Orbit{Arrivals: 9.5, ServiceRate: 10, Servers: 1, Limit: 20, Size: 800, RetryRate: 1. / 3, Refused: 1}
	a, err := o.Drain(0)
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := a.At(o.Index(20, 20))
	near(t, "mean", d.Mean(), mean, 1e-9)
	near(t, "sd", d.StdDev(), sd, 1e-9)
}

// A lane that idles once in e^40 services or so is not inverted.
func TestOrbitDensityRefuses(t *testing.T) {
	l := refusing(t, 9, 50, 50, 60, idle)
	_, err := SolveOrbit(l, RetryOrbit{Waiting: 1, MeanDelay: 1}, SolveOptions{Method: DrainDensity})
	var refused *UnsupportedError
	if !errors.As(err, &refused) {
		t.Error(err)
	}
}

// BenchmarkOrbitDensity has both ways beside each other: the ratio of their
// times is what the transform saves.
func BenchmarkOrbitDensity(b *testing.B) {
	for _, m := range []Method{DrainDensity, Chain} {
		b.Run(string(m), func(b *testing.B) {
			l := refusing(b, 9, 20, 1, 20, idle)
			for b.Loop() {
				if _, err := SolveOrbit(l, RetryOrbit{Waiting: 20, MeanDelay: 3}, SolveOptions{Method: m}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
