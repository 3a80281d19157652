package queueing

import (
	"errors"
	"math"
	"testing"
)

// Lanes of c servers until idle, from n0: the mean by the recursion of
// birth-death chains. At 12 servers the law can be followed to its end, at 100
// it takes ages.
func TestManyServersUntilIdle(t *testing.T) {
	for _, c := range []struct {
		servers, backlog int
		rate             float64
	}{{12, 20, 3}, {30, 50, 9}, {100, 150, 30}, {100, 150, 90}} {
		l := laneOf(t, Config{Backlog: c.backlog, Servers: c.servers, Service: Exponential{1}, Target: Target{Idle: true},
			Arrivals: arrivalsOf(t, Steady{c.rate})})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		h, mean := 1/(float64(c.servers)-c.rate), 0.0
		mean = h * float64(c.backlog-c.servers+1)
		for i := c.servers - 1; i > 0; i-- {
			h = (1 + c.rate*h) / float64(i)
			mean += h
		}
		if math.Abs(d.Mean()/mean-1) > 1e-7 {
			t.Errorf("%d servers, %g/s: mean %g, want %g", c.servers, c.rate, d.Mean(), mean)
		}
		if c.servers == 100 && math.Abs(d.StdDev()/mean-1) > 1e-3 {
			t.Errorf("%d servers: sd %g of a law that is all but exponential with mean %g", c.servers, d.StdDev(), mean)
		}
		if got := d.Exceed(mean * 20); c.servers == 100 && math.Abs(got/math.Exp(-20)-1) > 1e-3 {
			t.Errorf("%d servers: tail at 20 means %g", c.servers, got)
		}
	}
}

// Two thousand servers at three quarters of their capacity are never all idle
// within what a float64 holds; those that all idle at the start are.
func TestIdleBeyondNumbers(t *testing.T) {
	for n, refused := range map[int]bool{0: false, 20: true, 5000: true} {
		l := laneOf(t, Config{Backlog: n, Servers: 2000, Service: Exponential{.1}, Target: idle, Arrivals: arrivalsOf(t, Steady{15000})})
		for _, m := range []Method{Auto, DrainDensity, Chain} {
			d, err := SolveDrain(l, SolveOptions{Method: m})
			if errors.Is(err, ErrEndless) != refused {
				t.Errorf("%d requests by %q: %v", n, m, err)
			}
			if !refused && (err != nil || d.Quantile(.999) != 0) {
				t.Errorf("none by %q: %v", m, err)
			}
		}
	}
}

// A lane at its level from the start may fill before a surge is over, and then
// never idles either.
func TestEnduresNoSurge(t *testing.T) {
	surging := arrivalsOf(t, Steady{15000}, Surge{9000, 60})
	for target, refused := range map[Target]bool{idle: true, {Idle: true, FirstPassage: true}: false, {}: false} {
		l := laneOf(t, Config{Servers: 2000, Service: Exponential{.1}, Target: target, Arrivals: surging})
		if err := l.Endures(); errors.Is(err, ErrEndless) != refused {
			t.Errorf("%+v: %v", target, err)
		}
	}
}
