package queueing

import (
	"errors"
	"math"
	"testing"
)

// The end of overload by its definition on a fine grid: the last u from which
// the mean net input over some (u,v] exceeds theta.
func overloadByGrid(l *Lane, hi float64) float64 {
	const cells = 200000
	last, peak := 0.0, math.Inf(-1)
	net := func(t float64) float64 { return l.cfg.Arrivals.Mean(0, t) - l.Work(0, t) }
	for i := cells; i >= 0; i-- {
		u := hi * float64(i) / cells
		peak = math.Max(peak, net(u))
		if peak-net(u) > l.theta() {
			last = u
			break
		}
	}
	return math.Max(last, math.Max(l.cfg.Arrivals.Begins(), l.cfg.DownFor))
}

func TestOverloadEndByDefinition(t *testing.T) {
	trace, err := NewTrace([]float64{0, 100, 150, 400, 500}, []float64{50, 900, 400, 1300}, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Config{
		"surge":            {Backlog: 1000, Servers: 1, Arrivals: arrivalsOf(t, Steady{4}, Surge{8, 300})},
		"never overloaded": {Servers: 1, Arrivals: arrivalsOf(t, Steady{9})},
		"batch":            {Servers: 1, Arrivals: arrivalsOf(t, Steady{9}, Batch{300, 400})},
		"trace":            {Servers: 1, Arrivals: arrivalsOf(t, Steady{1}, trace)},
		"down at first":    {Servers: 1, DownFor: 77, Arrivals: arrivalsOf(t, Steady{1})},
		"servers join":     {Servers: 1, ScaleOut: []Join{{300, 1}}, Arrivals: arrivalsOf(t, Steady{12})},
		"lognormal pool": {Servers: 1, Arrivals: arrivalsOf(t, Steady{4},
			Pool{Instances: 5000, Requests: 1, Start: 60, Delay: LognormalDelay{200, 0.8}})},
		"spread": {Servers: 1, Arrivals: arrivalsOf(t, Steady{4}, Spread(900, 100, 100))},
	} {
		c.Service = Exponential{0.1}
		l := laneOf(t, c)
		got, ok := OverloadEnd(l)
		if want := overloadByGrid(l, 2000); !ok || math.Abs(got-want) > 0.03 {
			t.Errorf("%s: overload ends at %g (%v), by definition at %g", name, got, ok, want)
		}
	}
}

func TestOverloadNeverEnds(t *testing.T) {
	daily := func(peak float64) Source {
		tr, err := NewTrace([]float64{0, 80, 100}, []float64{80, peak * 20}, true)
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	lane := func(s ...Source) *Lane {
		return laneOf(t, Config{Backlog: 5, Servers: 1, Service: Exponential{0.1}, Arrivals: arrivalsOf(t, s...)})
	}
	for name, l := range map[string]*Lane{"at capacity": lane(Steady{10}), "beyond it": lane(Steady{6}, Steady{6}), "in every pass": lane(daily(30))} {
		if end, ok := OverloadEnd(l); ok || !math.IsInf(end, 1) {
			t.Errorf("%s: overload ends at %g", name, end)
		}
		if _, err := SolveDrain(l, SolveOptions{}); !errors.Is(err, ErrNever) {
			t.Errorf("%s: %v, want ErrNever", name, err)
		}
	}
	// a pass whose excess is below theta (10 requests) does not count
	if end, ok := OverloadEnd(lane(daily(10.4))); !ok || end != 0 {
		t.Errorf("overload of 8 requests a pass ends at %g (%v), want 0", end, ok)
	}
}

// One measured interval at 100.1 % of capacity does not move t*.
func TestOverloadEndDisregardsNoise(t *testing.T) {
	lane := func(last float64) *Lane {
		tr, err := NewTrace([]float64{0, 18000, 18060}, []float64{18000, last * 60}, false)
		if err != nil {
			t.Fatal(err)
		}
		return laneOf(t, Config{Backlog: 1000, Servers: 1, Service: Exponential{0.1}, Arrivals: arrivalsOf(t, tr)})
	}
	below, _ := OverloadEnd(lane(9.99))
	above, _ := OverloadEnd(lane(10.01))
	if below != above {
		t.Errorf("overload ends at %g below capacity and at %g above", below, above)
	}
}

// The fluid path against the closed forms of its two regimes.
func TestFluidPath(t *testing.T) {
	l := laneOf(t, Config{Backlog: 100, Servers: 8, Service: Exponential{2}, Arrivals: arrivalsOf(t, Steady{2}, Batch{30, 100})})
	path := FluidPath(l, []float64{0, 10, 46, 50, 99.999999, 100, 105})
	down := 100 - 2*46.0 // reaches 8 servers at 46 s
	want := []float64{100, 80, down, 4 + 4*math.Exp(-2), 4 + 4*math.Exp(-27), 34 + 4*math.Exp(-27), 24}
	for i := range want {
		if math.Abs(path[i]-want[i]) > 1e-6 {
			t.Errorf("point %d: %.9g, want %.9g", i, path[i], want[i])
		}
	}
	surge := surgeLane(t, Exponential{0.1})
	at := FluidPath(surge, []float64{200, 400})
	for i, u := range []float64{200, 400} {
		if w := 1000 - 6*u + 2400*(1-math.Exp(-u/300)); math.Abs(at[i]-w) > 1e-8 {
			t.Errorf("surge at %g: %.12g, want %.12g", u, at[i], w)
		}
	}
}

// A throttle's tokens are a capacity of their own. 1.5 requests a second over
// 1000 s never overload the lane, but a throttle of half a token a second: until
// the requests still to come exceed its tokens by no more than the burst, 100 s
// before the end. A throttle that lets enough through, has no tokens or holds
// other streams changes nothing.
func TestThrottleOverloads(t *testing.T) {
	for name, c := range map[string]struct {
		gate Throttle
		want float64
	}{
		"slow tokens":    {Throttle{PerSecond: 0.5, Burst: 100, Streams: []string{"crowd"}}, 910},
		"no bucket":      {Throttle{Streams: []string{"crowd"}, MaxWaiting: 5}, 10},
		"fast tokens":    {Throttle{PerSecond: 50, Burst: 1, Streams: []string{"crowd"}}, 10},
		"another stream": {Throttle{PerSecond: 5, Burst: 1, Streams: []string{"steady"}}, 10},
	} {
		a, err := NewArrivals(Stream{Name: "steady", Source: Steady{4}}, Stream{Name: "crowd", Source: Spread(1500, 10, 1000)})
		if err != nil {
			t.Fatal(err)
		}
		l := laneOf(t, Config{Servers: 1, Service: Exponential{0.1}, Arrivals: a, Mechanisms: Mechanisms{Throttle: &c.gate}})
		got, ok := OverloadEnd(l)
		if !ok || math.Abs(got-c.want) > 1 {
			t.Errorf("%s: overload ends at %g (%v), want about %g", name, got, ok, c.want)
		}
	}
	a, err := NewArrivals(Stream{Name: "steady", Source: Steady{4}})
	if err != nil {
		t.Fatal(err)
	}
	starved := laneOf(t, Config{Servers: 1, Service: Exponential{0.1}, Arrivals: a,
		Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: 3, Burst: 9, Streams: []string{"steady"}}}})
	if _, ok := OverloadEnd(starved); ok {
		t.Error("a throttle below its stream's rate comes to an end")
	}
}
