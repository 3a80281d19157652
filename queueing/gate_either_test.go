package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Throttles with two limits of which one hardly matters, against storms, at a false-alarm rate of
// 1e-7 each.
func TestThrottleOfEitherLimit(t *testing.T) {
	for name, c := range map[string]struct {
		rate    float64
		length  int
		most    float64
		without string
		idle    bool
	}{
		"its rate":             {4, 12, .08, "length", false},
		"its rate, until idle": {4, 14, .08, "length", true},
		"its length":           {20, 6, .12, "rate", false},
	} {
		const base, surge, decay = 2., 20., 15.
		arrivals, err := NewArrivals(Stream{Name: "base", Source: Steady{base}}, Stream{Name: "flood", Source: Surge{surge, decay}})
		if err != nil {
			t.Fatal(err)
		}
		l := laneOf(t, Config{Backlog: 5, Servers: 10, Service: Exponential{1}, Arrivals: arrivals, Target: Target{Idle: c.idle},
			Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: c.rate, Burst: 3, MaxWaiting: c.length, Streams: []string{"flood"}}}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || d.Quality != Approximate || d.AbsError > c.most {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		checkLaw(t, d)
		begin, _ := OverloadEnd(l)
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			s := laneStorm{Config: l.Config(), r: r}
			return s.drained(begin, stormComers(r, base, 0, decay, 0, decay), stormComers(r, 0, surge, decay, 0, decay))
		})
	}
}

// What is lost and idled on the way, against the equations of first steps.
func TestEitherLimitOnTheWay(t *testing.T) {
	for _, e := range []eitherLimit{{full: 9, servers: 3, up: 1, beyond: .4, down: 1.5}, {full: 7, servers: 2, up: 2, down: 1.5}} {
		solve := func(last int, cost func(n int) float64, fixed int) []float64 {
			v := make([]float64, last+1)
			for range 40_000 {
				for n := range v {
					if n == fixed {
						continue
					}
					up, down := e.rates(n)
					sum := cost(n)
					if n < last {
						sum += up * v[n+1]
					} else {
						up = 0
					}
					if n > 0 {
						sum += down * v[n-1]
					}
					v[n] = sum / (up + down)
				}
			}
			return v
		}
		for from := range e.full {
			if e.up < e.down {
				want := solve(e.full+40, func(n int) float64 {
					if n >= e.full {
						return 1
					}
					return 0
				}, 0)[from]
				near(t, "lost", e.lost(from), want, 1e-6)
				continue
			}
			near(t, "idle", e.idle(from), solve(e.full, e.idles, e.full)[from], 1e-6)
		}
		pi, off := e.law(), 0.0
		for n := range e.full + 20 {
			up, _ := e.rates(n)
			_, down := e.rates(n + 1)
			off = math.Max(off, math.Abs(pi.prob(n)*up-pi.prob(n+1)*down))
		}
		if !(off < 1e-15) || math.Abs(pi.mass()-1) > 1e-12 {
			t.Errorf("%+v: flows differ by %g, mass %g", e, off, pi.mass())
		}
	}
}
