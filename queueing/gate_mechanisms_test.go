package queueing

import (
	"math/rand/v2"
	"testing"
)

// Lanes that refuse, drop or slow down behind a token bucket against storms, at a false-alarm
// rate of 1e-7 each.
func TestLanesWithMechanismsBehindThrottle(t *testing.T) {
	for name, c := range map[string]struct {
		rate, surge float64
		pool        int
		m           Mechanisms
		service     Service
		down        float64
		idle        bool
		most        float64 // error that may be stated
	}{
		"a bounded queue":  {rate: 6, surge: 25, m: Mechanisms{Limited: true, QueueLimit: 3}, most: .03},
		"slower":           {rate: 5, surge: 25, m: Mechanisms{SlowDown: &SlowDown{20, 1.25}}, most: .15},
		"too old, bounded": {rate: 6, surge: 25, m: Mechanisms{MaxAge: 2, Limited: true, QueueLimit: 6}, most: .1},
		"of a pool":        {rate: 5, pool: 200, m: Mechanisms{Limited: true, QueueLimit: 4}, most: .2},
		"wild services":    {rate: 5, surge: 25, m: Mechanisms{MaxAge: 5}, service: Lognormal{1, 8}, most: .3},
		"until idle, down": {rate: 5, surge: 25, m: Mechanisms{Limited: true, QueueLimit: 4}, down: 3, idle: true, most: .1},
	} {
		const base, decay = 2., 20.
		c.m.Throttle = &Throttle{PerSecond: c.rate, Burst: 5, Streams: []string{"flood"}}
		l := floodedLane(t, base, c.surge, decay, c.pool, Config{Service: c.service, DownFor: c.down, Target: Target{Idle: c.idle}, Mechanisms: c.m})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || d.AbsError > c.most {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		checkLaw(t, d)
		begin, _ := OverloadEnd(l)
		againstSomeStorms(t, name, d, 6000, func(r *rand.Rand) float64 {
			s := laneStorm{Config: l.Config(), r: r}
			return s.drained(begin, stormComers(r, base, 0, decay, 0, decay), stormComers(r, 0, c.surge, decay, c.pool, decay))
		})
	}
}

// A bucket that is never empty makes no difference to lanes that refuse or slow down, whose laws
// are those of their own chains.
func TestMechanismsBehindFullBucket(t *testing.T) {
	for name, m := range map[string]Mechanisms{
		"bounded": {Limited: true, QueueLimit: 6},
		"slower":  {SlowDown: &SlowDown{40, 1.2}},
	} {
		arrivals, err := NewArrivals(Stream{Name: "base", Source: Steady{1}}, Stream{Name: "surge", Source: Surge{4, 8}})
		if err != nil {
			t.Fatal(err)
		}
		config := Config{Servers: 3, Service: Exponential{1}, Backlog: 9, Arrivals: arrivals, Mechanisms: m}
		want, err := SolveDrain(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		config.Mechanisms.Throttle = &Throttle{PerSecond: 5, Burst: 80, Streams: []string{"surge"}}
		p, err := newProblem(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.inCellsBehindGate(t)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []float64{.01, .1, .3, .5, .7, .9, .99} {
			at := want.Quantile(x)
			off, stated := got.CDF(at)-want.CDF(at), 1e-4+want.AbsError
			if !(off <= stated && off >= -stated) {
				t.Errorf("%s: P(T <= %.4g) = %.7f, without a bucket %.7f to %.2g", name, at, got.CDF(at), want.CDF(at), want.AbsError)
			}
		}
	}
}

// inCellsBehindGate is the law that the gate finds, without what it is said to be off by.
func (p problem) inCellsBehindGate(t *testing.T) (Drain, error) {
	t.Helper()
	d, _, err := p.inCells(gateFine, false)
	return d, err
}
