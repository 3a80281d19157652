package montecarlo

import (
	"context"
	"math"
	"slices"
	"testing"

	"singlelane/queueing"
)

// TestLogIsTheReplication: the log's backlog is what FollowPaths saw of the
// same replication, and its order and servers are those of the lane.
func TestLogIsTheReplication(t *testing.T) {
	a, err := queueing.NewArrivals(queueing.Stream{Name: "base", Source: queueing.Steady{PerSecond: 3}}, queueing.Stream{Name: "storm", Source: queueing.Surge{Initial: 5, Decay: 60}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := queueing.NewLane(queueing.Config{Name: "lane", Backlog: 20, Arrivals: a, Service: queueing.Gamma{MeanTime: 0.9, Shape: 2}, Servers: 4})
	if err != nil {
		t.Fatal(err)
	}
	grid := []float64{0, 10, 50, 100, 300, 600}
	o := Options{Seed: 4, Replications: 1, Horizon: 600}
	log, err := Log(context.Background(), l, o)
	if err != nil {
		t.Fatal(err)
	}
	p, err := FollowPaths(context.Background(), []*queueing.Lane{l}, PathOptions{Options: o, Grid: grid})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range grid {
		n := 0
		for _, r := range log {
			if r.Arrival <= at && r.End > at {
				n++
			}
		}
		if want := p.Backlog.At(i)[0]; float64(n) != want {
			t.Errorf("at %v: %d requests in the log, %v in the paths", at, n, want)
		}
	}
	if !slices.IsSortedFunc(log, func(a, b Request) int { return int(math.Copysign(1, a.Start-b.Start)) }) {
		t.Error("not served in order of arrival")
	}
	lifo, err := queueing.NewLane(queueing.Config{Name: "lane", Arrivals: a, Service: queueing.Gamma{MeanTime: 0.9, Shape: 2}, Servers: 4, Mechanisms: queueing.Mechanisms{Discipline: queueing.LIFO}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Log(context.Background(), lifo, o); err == nil {
		t.Error("a lane that serves the latest first was logged as if it did not")
	}
}
