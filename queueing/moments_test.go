package queueing

import (
	"math"
	"testing"
)

// TestLongTailsKeepTheirMoments has one request start a busy period at a load
// of 0.9999, whose mean of 1000 s and standard deviation of 141 417.8 s come from
// rare long ones. The cumulants are those of Takács's busy period; the chain,
// which integrates the states, knows nothing of them and is the other way at
// a load that it can follow.
func TestLongTailsKeepTheirMoments(t *testing.T) {
	busy := func(rate float64, s Service) *Lane {
		return laneOf(t, Config{Backlog: 1, Servers: 1, Service: s, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{rate})})
	}
	for name, c := range map[string]struct {
		lane     *Lane
		method   Method
		mean, sd float64
		within   float64
	}{
		"exponential": {busy(9.999, Exponential{0.1}), Auto, 1000, 0.1 * math.Sqrt((1+0.9999)/1e-12), 1e-9},
		"chain":       {busy(5, Exponential{0.1}), Chain, 0.2, 0.1 * math.Sqrt(1.5/0.125), 1e-7},
	} {
		d, err := SolveDrain(c.lane, SolveOptions{Method: c.method})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if math.Abs(d.Mean()/c.mean-1) > c.within || math.Abs(d.StdDev()/c.sd-1) > c.within {
			t.Errorf("%s: mean %.10g and sd %.10g, want %.10g and %.10g (%s, %s)", name, d.Mean(), d.StdDev(), c.mean, c.sd, d.Method, d.Quality)
		}
	}
}
