package montecarlo

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// Replications that begin at t* have the law of those that live through the
// lull, whatever came before it.
func TestLullIsForgotten(t *testing.T) {
	exp := queueing.Exponential{MeanTime: 0.5}
	for _, c := range []struct {
		name string
		lane *queueing.Lane
	}{
		{"spread, then a pool", laneOf(t, queueing.Config{Service: exp, Servers: 3}, queueing.Steady{PerSecond: 4.5},
			queueing.Batch{Size: 50}, queueing.Spread(100, 10, 30),
			queueing.Pool{Instances: 60, Requests: 1, Start: 1500, Delay: queueing.ExponentialDelay{MeanDelay: 30}})},
		{"batch at the end of overload", laneOf(t, queueing.Config{Backlog: 40, Service: exp, Servers: 2, Target: idle},
			queueing.Steady{PerSecond: 2.5}, queueing.Batch{Size: 20, At: 600})},
		{"held pool, trace", laneOf(t, queueing.Config{Service: exp, Servers: 2, ScaleOut: []queueing.Join{{After: 20, Servers: 1}}},
			trace(t, []float64{0, 5, 10}, []float64{30, 10}, true),
			queueing.Pool{Instances: 50, Requests: 1, Start: 400, Held: true, Delay: queueing.UniformDelay{Window: 450}})},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := newPlan([]*queueing.Lane{c.lane}, 11)
			if err != nil {
				t.Fatal(err)
			}
			l := findLull(p.lanes[0])
			if l == nil {
				t.Fatal("no lull found")
			}
			long, short := make(Outcomes, reduced(8000)), make(Outcomes, reduced(8000))
			slow, fast := newLeaper(p.lanes[0], defaultHorizon, nil), newLeaper(p.lanes[0], defaultHorizon, l)
			for r := range long {
				p.start(r)
				long[r] = slow.run(r)
				short[r] = fast.run(r + len(long))
			}
			checkSame(t, sortedTimes(long), sortedTimes(short))
		})
	}
}

// The bound on the backlog holds in simulation, by far.
func TestHoldsAtMost(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 30, Service: queueing.Exponential{MeanTime: 0.5}, Servers: 3},
		queueing.Steady{PerSecond: 5}, queueing.Spread(100, 10, 30))
	p := follow(t, 5000, []float64{60}, l)
	most := holdsAtMost(l, 60)
	if seen := p.Backlog.At(0).Max(); seen > most || most > 40*seen || math.IsNaN(most) {
		t.Errorf("bound %g, largest of 5000 backlogs %g", most, seen)
	}
}
