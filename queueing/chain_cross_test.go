package queueing

import (
	"math"
	"testing"
)

// crossed are lanes whose drain time two methods find.
func crossed(t testing.TB) map[string]*Lane {
	exp := Exponential{0.1}
	lane := func(c Config) *Lane {
		c.Service = exp
		return laneOf(t, c)
	}
	surge := arrivalsOf(t, Steady{4}, Surge{8, 300})
	return map[string]*Lane{
		"surge until idle":    lane(Config{Backlog: 1000, Servers: 1, Arrivals: surge, Target: Target{Idle: true}}),
		"surge until no wait": lane(Config{Backlog: 1000, Servers: 1, Arrivals: surge}),
		"at most 50 wait":     lane(Config{Backlog: 300, Servers: 1, Arrivals: surge, Target: Target{Waiting: 50}}),
		"one request":         lane(Config{Backlog: 1, Servers: 1, Arrivals: arrivalsOf(t, Steady{3}), Target: Target{Idle: true}}),
		"idle before t*":      lane(Config{Backlog: 3, Servers: 1, Arrivals: arrivalsOf(t, Steady{6}, Batch{40, 20})}),
		"first passage":       lane(Config{Backlog: 30, Servers: 1, Arrivals: arrivalsOf(t, Steady{6}, Batch{40, 20}), Target: Target{FirstPassage: true}}),
		"down at first":       lane(Config{Backlog: 50, Servers: 1, DownFor: 30, Arrivals: arrivalsOf(t, Steady{5})}),
		"servers join":        lane(Config{Backlog: 300, Servers: 1, ScaleOut: []Join{{40, 2}}, Arrivals: arrivalsOf(t, Steady{8})}),
		"batch with a break":  lane(Config{Backlog: 20, Servers: 1, Arrivals: arrivalsOf(t, Steady{4}, Batch{30, 10}), ScaleOut: []Join{{10, 1}}}),
		"busy":                lane(Config{Backlog: 20, Servers: 1, Arrivals: arrivalsOf(t, Steady{9.5}), Target: Target{Idle: true}}),
	}
}

// The chain and the density share no code beyond the lane itself.
func TestChainMeetsDensity(t *testing.T) {
	for name, l := range crossed(t) {
		t.Run(name, func(t *testing.T) {
			a, err := SolveChain(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			b, err := SolveDrain(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			agree(t, a, b, 1e-8)
		})
	}
}

// agree compares two laws at their quantiles, and their moments.
func agree(t *testing.T, a, b Drain, allowed float64) {
	t.Helper()
	for _, p := range []float64{1e-3, 0.1, 0.5, 0.9, 0.99, 0.9999} {
		at := b.Quantile(p)
		for _, x := range []float64{at, at * (1 + 1e-9), at * 1.1} {
			if d := math.Abs(a.CDF(x) - b.CDF(x)); !(d <= allowed) {
				t.Errorf("P(T <= %g): %.12g by %s, %.12g by %s", x, a.CDF(x), a.Method, b.CDF(x), b.Method)
			}
		}
	}
	if d := math.Abs(a.Mean() - b.Mean()); d > allowed*10*b.Quantile(0.9999) {
		t.Errorf("mean %.12g by %s, %.12g by %s", a.Mean(), a.Method, b.Mean(), b.Method)
	}
	if d := math.Abs(a.StdDev() - b.StdDev()); d > allowed*1000*b.Quantile(0.9999) {
		t.Errorf("sd %.12g by %s, %.12g by %s", a.StdDev(), a.Method, b.StdDev(), b.Method)
	}
}
