package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// openStorm draws T of servers before a queue with a bound, if any, who slow down, if they
// do, by those who wait as a service begins.
func openStorm(r *rand.Rand, c Config, came []float64, begin float64, level int) float64 {
	var ends []float64 // of services that go on
	waiting, now, room := 0, 0.0, math.MaxInt
	if c.Mechanisms.Limited {
		room = c.Mechanisms.QueueLimit
	}
	serve := func() {
		took := drawnService(r, c.Service)
		if s := c.Mechanisms.SlowDown; s != nil {
			took *= 1 + (s.Factor-1)*math.Min(1, float64(waiting)/float64(s.At))
		}
		ends = append(ends, now+took)
	}
	arrive := func() {
		switch {
		case len(ends) < c.Servers:
			serve()
		case waiting < room:
			waiting++
		}
	}
	for range c.Backlog {
		arrive()
	}
	for {
		next, end := math.Inf(1), math.Inf(1)
		if now < begin {
			next = begin
		} else if len(ends)+waiting <= level {
			return now
		}
		if len(ends) > 0 {
			end = slices.Min(ends)
		}
		switch {
		case end <= next && (len(came) == 0 || end <= came[0]):
			now, ends = end, slices.Delete(ends, slices.Index(ends, end), slices.Index(ends, end)+1)
			if waiting > 0 {
				waiting--
				serve()
			}
		case len(came) > 0 && came[0] <= next:
			now, came = came[0], came[1:]
			arrive()
		default:
			now = next
		}
	}
}

// Services that vary hardly or wildly, a queue that is short: laws with a bound or slow-down
// against storms at a false-alarm rate of 1e-7 each, and where their error is open their mean
// within a share of that of the storms, beside chance.
func TestLawsBeyondWhatSimulationHasShown(t *testing.T) {
	bound := func(n int) Mechanisms { return Mechanisms{Limited: true, QueueLimit: n} }
	slow := Mechanisms{SlowDown: &SlowDown{40, 1.5}}
	both := Mechanisms{SlowDown: &SlowDown{40, 1.5}, Limited: true, QueueLimit: 60}
	for name, c := range map[string]struct {
		servers int
		service Service
		m       Mechanisms
		idles   bool
		share   float64 // of the mean; 0: its error is stated
	}{
		"wild, short": {1, Lognormal{.125, 8}, bound(2), false, 0},
		"wild, both":  {8, BalancedHyperexponential(1, 12), both, true, 0},
		"even, both":  {8, Gamma{1, 10}, both, false, .02},
		"even, slow":  {8, Deterministic{1}, slow, true, 0},
		"even, short": {8, Gamma{1, 10}, bound(3), false, .05},
	} {
		cfg := Config{Servers: c.servers, Service: c.service, Backlog: 40, Target: Target{Idle: c.idles}, Mechanisms: c.m}
		l := laneOf(t, cfg.with(arrivalsOf(t, Steady{3}, Surge{15, 20})))
		begin, _ := OverloadEnd(l)
		draw := func(r *rand.Rand) float64 {
			return openStorm(r, cfg, stormComers(r, 3, 15, 20, 0, 0), begin, l.Level(begin))
		}
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Quality != Approximate || (d.AbsError >= 1) != (c.share > 0) {
			t.Fatalf("%s: %v: %s, off by %.2g", name, err, d.Reason, d.AbsError)
		}
		if c.share == 0 {
			againstStorms(t, name, d, draw)
			continue
		}
		const storms = 300
		r, sum, squares := rand.New(rand.NewPCG(3, 4)), 0.0, 0.0
		for range storms {
			x := draw(r)
			sum, squares = sum+x/storms, squares+x*x/storms
		}
		chance := 5.4 * math.Sqrt((squares-sum*sum)/storms) // 1e-7
		if off := math.Abs(d.Mean() - sum); !(off <= c.share*sum+chance) {
			t.Errorf("%s: mean %g, of storms %g", name, d.Mean(), sum)
		}
	}
}
