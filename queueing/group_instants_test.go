package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Over the instants of a few groups the laws of batches at fixed times add up to the exact law
// of the groups, as far as so many points of a hypercube tell.
func TestInstantsOfFewGroups(t *testing.T) {
	for name, c := range map[string]struct {
		pool Pool
		idle bool
	}{
		"spread":     {Pool{Instances: 8, Requests: 40, Together: true, Delay: UniformDelay{60}}, false},
		"until idle": {Pool{Instances: 8, Requests: 40, Together: true, Delay: ExponentialDelay{20}}, true},
	} {
		l := laneOf(t, Config{Servers: 4, Service: Exponential{.4}, Backlog: 60, Arrivals: arrivalsOf(t, Steady{2}, c.pool), Target: Target{Idle: c.idle}})
		want, err := SolveDrain(l, SolveOptions{})
		if err != nil || want.AbsError > 1e-6 {
			t.Fatalf("%s: %v, %s to %.2g", name, err, want.Reason, want.AbsError)
		}
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.byInstants(func(q problem) (Drain, error) {
			q.Tolerance = 1e-5
			return q.solve()
		})
		if err != nil {
			t.Fatal(err)
		}
		checkLaw(t, got)
		if off := math.Abs(got.Mean() - want.Mean()); !(off < .1*want.StdDev()) {
			t.Errorf("%s: mean %.5g for %.5g +- %.3g", name, got.Mean(), want.Mean(), want.StdDev())
		}
		if off := furthestAt(want, got); !(off < .1) {
			t.Errorf("%s: %.3f off", name, off)
		}
	}
}

// Few large groups before lanes that drop requests against storms: the mean within a tenth of
// that of the storms, beside what chance explains at a false-alarm rate of 1e-7.
func TestFewGroupsBeforeMechanisms(t *testing.T) {
	pool := Pool{Instances: 8, Requests: 40, Together: true, Delay: ExponentialDelay{20}}
	gate := &Throttle{PerSecond: 6, Burst: 5, MaxWaiting: 10, Streams: []string{"groups"}}
	for name, m := range map[string]Mechanisms{
		"too old":       {MaxAge: 4},
		"bounded, slow": {Limited: true, QueueLimit: 20, SlowDown: &SlowDown{30, 1.5}},
		"at the gate":   {Throttle: gate, MaxAge: 4},
	} {
		arrivals, err := NewArrivals(Stream{Name: "base", Source: Steady{2}}, Stream{Name: "groups", Source: pool})
		if err != nil {
			t.Fatal(err)
		}
		l := laneOf(t, Config{Servers: 10, Service: Exponential{1}, Backlog: 30, Arrivals: arrivals, Mechanisms: m})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Quality != Approximate || d.AbsError != 1 {
			t.Fatalf("%s: %v, %s to %g: %s", name, err, d.Quality, d.AbsError, d.Reason)
		}
		checkLaw(t, d)
		begin, _ := OverloadEnd(l)
		r := rand.New(rand.NewPCG(5, 6))
		const storms = 3000
		sum, square := 0.0, 0.0
		for range storms {
			var groups []float64
			for range pool.Instances {
				at := r.ExpFloat64() * 20
				for range pool.Requests {
					groups = append(groups, at)
				}
			}
			slices.Sort(groups)
			config := l.Config()
			if config.Mechanisms.Throttle == nil {
				config.Mechanisms.Throttle = &Throttle{}
			}
			s := laneStorm{Config: config, r: r}
			x := s.drained(begin, stormComers(r, 2, 0, 20, 0, 20), groups)
			sum, square = sum+x, square+x*x
		}
		mean := sum / storms
		chance := 5.4 * math.Sqrt((square/storms-mean*mean)/storms)
		if off := math.Abs(d.Mean() - mean); !(off < .1*mean+chance) {
			t.Errorf("%s: mean %.5g, of storms %.5g +- %.2g", name, d.Mean(), mean, chance)
		}
	}
}
