package montecarlo

import (
	"context"
	"runtime"
	"testing"

	"singlelane/queueing"
)

// allocated is how many bytes a call allocates in all.
func allocated(t *testing.T, call func()) float64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// A further replication takes eight bytes for each number that is kept of it,
// one for its verdict, and one to know that it is done; whatever it simulates
// takes no more than the one before.
func TestMemoryIsFlatInReplications(t *testing.T) {
	n := 4000
	if testing.Short() {
		n = 1500
	}
	one := func(n int) Options { return Options{Replications: n, Workers: 1, Horizon: 1000} }
	lane := func(m queueing.Mechanisms) []*queueing.Lane {
		return []*queueing.Lane{laneOf(t, queueing.Config{Backlog: 20, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Mechanisms: m}, queueing.Steady{PerSecond: 4})}
	}
	drains := func(m queueing.Mechanisms) func(int) float64 {
		return func(n int) float64 {
			return allocated(t, func() {
				if _, err := Drains(context.Background(), lane(m), one(n)); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
	retries := queueing.Mechanisms{Retries: &queueing.Retries{Timeout: 1, MaxAttempts: 2}}
	grid := []float64{0, 5}
	c := newStreamColumns(0)
	kept := 9 + 2*len(grid) + 3 + 2*(len(c.all())+8) // numbers: of the region, the grid, the lane, two streams and their fates
	for name, x := range map[string]struct {
		bytes func(int) float64
		per   int
	}{
		"leaps":  {drains(queueing.Mechanisms{}), 8 + 2},
		"events": {drains(retries), 8 + 2},
		"paths": {func(n int) float64 {
			return allocated(t, func() {
				if _, err := FollowPaths(context.Background(), lane(retries), PathOptions{one(n), grid}); err != nil {
					t.Fatal(err)
				}
			})
		}, 8*kept + 2},
	} {
		few, many := x.bytes(n), x.bytes(4*n)
		if per := (many - few) / float64(3*n); per > 1.05*float64(x.per) || per < 8 {
			t.Errorf("%s: %.2f bytes a further replication, want at most %d", name, per, x.per)
		}
	}
}
