package study

import (
	"context"
	"errors"
	"math"
	"testing"

	"singlelane/queueing"
)

// sizedLane compiles a lane of 40 requests/s, and c servers of 100 ms, whose
// backlog or whose servers are the value.
func sizedLane(servers, backlog int) (Case, error) {
	a, err := queueing.NewArrivals(queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 40}})
	if err != nil {
		return Case{}, err
	}
	l, err := queueing.NewLane(queueing.Config{Backlog: backlog, Arrivals: a, Servers: servers, Service: queueing.Exponential{MeanTime: 0.1}})
	return Case{Objective: Objective{30, 0.99}, Horizon: 3600, Designs: []Design{{Name: "base", Lanes: []*queueing.Lane{l}}}}, err
}

// meets asks for one value by itself, with fine theory.
func meets(t *testing.T, c Case, err error) bool {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	law, err := queueing.SolveDrain(c.Designs[0].Lanes[0], queueing.SolveOptions{})
	if errors.Is(err, queueing.ErrNever) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	return law.Exceed(c.Objective.Within) <= c.Objective.Risk()
}

// The answers are those of trying every value.
func TestSizeIsBruteForce(t *testing.T) {
	least := 1
	for ; ; least++ {
		c, err := sizedLane(least, 1000)
		if meets(t, c, err) {
			break
		}
	}
	z, err := Size(t.Context(), SizeOptions{Lo: 1, Limit: 100, Whole: true,
		Compile: func(x float64) (Case, error) { return sizedLane(int(x), 1000) }}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !z.Found || z.Greatest || z.Best.Value != float64(least) || z.Missed.Value != float64(least-1) || !z.Monotone {
		t.Errorf("servers: %+v, trying each says %d", z.Best, least)
	}

	greatest := 0
	for n := 1; n <= 2000; n++ {
		if c, err := sizedLane(8, n); !meets(t, c, err) {
			break
		}
		greatest = n
	}
	z, err = Size(t.Context(), SizeOptions{Lo: 1, Hi: 2000, Whole: true,
		Compile: func(x float64) (Case, error) { return sizedLane(8, int(x)) }}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !z.Found || !z.Greatest || z.Best.Value != float64(greatest) || z.Missed.Value != float64(greatest+1) {
		t.Errorf("backlog: %+v, trying each says %d", z.Best, greatest)
	}
}

// A verdict that comes and goes is found out, and a range where nothing works
// names what comes nearest.
func TestSizeSaysWhenItIsNotMonotone(t *testing.T) {
	z, err := Size(t.Context(), SizeOptions{Lo: 1, Hi: 40, Whole: true, Compile: func(x float64) (Case, error) {
		backlog := 4000
		if x > 8 && x < 34 {
			backlog = 200
		}
		return sizedLane(8, backlog)
	}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if z.Monotone || !z.Found || z.Best.Value != 9 || z.Missed.Value != 8 || z.Greatest || len(z.Trials) != 40 {
		t.Errorf("an island of values from 9 to 33 that meet it: found %v, monotone %v, %g and not %g of %d tried",
			z.Found, z.Monotone, z.Best.Value, z.Missed.Value, len(z.Trials))
	}
	z, err = Size(t.Context(), SizeOptions{Lo: 1, Hi: 40, Whole: true, Compile: func(x float64) (Case, error) {
		backlog := 200
		if x == 11 || x == 12 || x > 38 {
			backlog = 4000
		}
		return sizedLane(8, backlog)
	}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if z.Monotone || !z.Greatest || z.Best.Value != 38 || z.Missed.Value != 39 {
		t.Errorf("a hole at 11 and 12: monotone %v, greatest %v, %g and not %g", z.Monotone, z.Greatest, z.Best.Value, z.Missed.Value)
	}
	z, err = Size(t.Context(), SizeOptions{Lo: 1, Hi: 6, Whole: true,
		Compile: func(x float64) (Case, error) { return sizedLane(int(x), 1000) }}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if z.Found || z.Best.Value != 6 || z.Reason != "no value in the range meets the objective" || len(z.Trials) != 6 {
		t.Errorf("nothing works: %+v", z)
	}
}

// Where the storms leave the answer open it is said from where to where, which
// holds every value that is not sure and none that is.
func TestSizeSaysWhatIsOpen(t *testing.T) {
	z, err := Size(t.Context(), SizeOptions{Lo: 1, Hi: 2000, Whole: true,
		Compile: func(x float64) (Case, error) { return sizedLane(8, int(x)) }}, Options{Method: Simulate, Seed: 1, Replications: 300})
	if err != nil {
		t.Fatal(err)
	}
	from, to, some := z.Open()
	if !some || z.Decided() || from > z.Best.Value || to < z.Missed.Value {
		t.Fatalf("300 storms about 1 %%: open %v from %g to %g about %g", some, from, to, z.Best.Value)
	}
	for _, trial := range z.Trials {
		if inside := trial.Value >= from && trial.Value <= to; inside == trial.Answer.Decided {
			t.Errorf("%g is decided: %v, and open is from %g to %g", trial.Value, trial.Answer.Decided, from, to)
		}
	}
	exact, err := Size(t.Context(), SizeOptions{Lo: 1, Hi: 2000, Whole: true,
		Compile: func(x float64) (Case, error) { return sizedLane(8, int(x)) }}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, some := exact.Open(); some || !exact.Decided() {
		t.Errorf("exact theory leaves it open: %+v", exact.Best)
	}
}

// A pace is the fastest that drains in time, and no answer where what it sends
// completes too late even so.
func TestSizeOfAPace(t *testing.T) {
	instances, unit := 3000, 1.0 // of time, s: a tenth of both has the same rates
	if testing.Short() {
		instances, unit = 300, 0.1
	}
	pace := func(within float64) (*Sized, error) {
		within *= unit
		return Size(t.Context(), SizeOptions{Lo: 10 * unit, Hi: 4000 * unit, Pace: Delay, Compile: func(x float64) (Case, error) {
			a, err := queueing.NewArrivals(queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 40}},
				queueing.Stream{Name: "pool", Source: queueing.Pool{Instances: instances, Requests: 1, Delay: queueing.UniformDelay{Window: x}}})
			if err != nil {
				return Case{}, err
			}
			l, err := queueing.NewLane(queueing.Config{Arrivals: a, Servers: 5, Service: queueing.Exponential{MeanTime: 0.1}})
			return Case{Objective: Objective{within, 0.99}, Horizon: 86400, Designs: []Design{{Name: "base", Lanes: []*queueing.Lane{l}}}}, err
		}}, Options{Seed: 1, Replications: 50})
	}
	z, err := pace(3000)
	if err != nil {
		t.Fatal(err)
	}
	// Within 10 s 3,000 + 400 come and 500 are served; the last of the pool
	// then waits for the others, and the lane drains at 300 s.
	if last := (10 + 2900/50.0) * unit; !z.Found || z.Best.Value != 10*unit || z.Best.Completed == nil || math.Abs(z.Best.Completed.P50.Value-last) > 0.1*last {
		t.Errorf("with time to spare: %+v", z.Best)
	}
	z, err = pace(200)
	if err != nil {
		t.Fatal(err)
	}
	if z.Found {
		t.Errorf("300 s to drain at any pace that is done in 200 s: %+v", z.Best)
	}
}

// An interrupt while nothing is known yet of a value is an end without answer.
func TestSizeIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	z, err := Size(ctx, SizeOptions{Lo: 5, Limit: 100, Whole: true, Compile: func(x float64) (Case, error) {
		cancel()
		return sizedLane(int(x), 1000)
	}}, Options{Method: Simulate})
	if z != nil && z.Found || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", z, err)
	}
}
