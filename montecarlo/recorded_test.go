package montecarlo

import (
	"context"
	"math"
	"testing"

	"singlelane/queueing"
)

func recordedLane(t *testing.T, src queueing.Recorded, discipline queueing.Discipline, service queueing.Service) *queueing.Lane {
	t.Helper()
	a, err := queueing.NewArrivals(queueing.Stream{Name: "measured", Source: src, Priority: 5})
	if err != nil {
		t.Fatal(err)
	}
	l, err := queueing.NewLane(queueing.Config{Name: "lane", Arrivals: a, Service: service, Servers: 1,
		Mechanisms: queueing.Mechanisms{Discipline: discipline}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRecordedInstantsAreExact: with services that are constant nothing is
// left to chance, so the backlog is that counted by hand, in either engine.
func TestRecordedInstantsAreExact(t *testing.T) {
	src, err := queueing.NewRecordedInstants([]float64{0, 1, 1, 1, 10})
	if err != nil {
		t.Fatal(err)
	}
	grid := []float64{0.5, 1.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5}
	want := []float64{1, 4, 3, 2, 1, 0, 1, 0}
	for _, d := range []queueing.Discipline{queueing.FIFO, queueing.LIFO} {
		l := recordedLane(t, src, d, queueing.Deterministic{Time: 2})
		p, err := FollowPaths(context.Background(), []*queueing.Lane{l}, PathOptions{Options: Options{Replications: 3, Horizon: 100}, Grid: grid})
		if err != nil {
			t.Fatal(err)
		}
		for i := range grid {
			if lo, hi := p.Backlog.At(i)[0], p.Backlog.At(i)[2]; lo != want[i] || hi != want[i] {
				t.Errorf("%v at %v: %v to %v requests, want %v", d, grid[i], lo, hi, want[i])
			}
		}
		if p.LastDone.Max() != 12 || p.Peak.Max() != 4 {
			t.Errorf("%v: last done %v, peak %v", d, p.LastDone, p.Peak)
		}
	}
}

// TestRecordedCountsAreExact: the count of an interval is never left to
// chance, the instants within are uniform. With services too short to overlap
// the number done by an edge is the count, and the share that has come by u of
// an interval is binomial: its mean over 4000 replications within five standard
// errors, a false alarm of 6e-7.
func TestRecordedCountsAreExact(t *testing.T) {
	src, err := queueing.NewRecordedCounts([]float64{0, 10, 30}, []int{8, 2})
	if err != nil {
		t.Fatal(err)
	}
	f := newRecordedFeed(src)
	var g generator
	const n = 4000
	early := 0
	for rep := range n {
		g.start(keyOf(1, "measured", 0), rep)
		f.reset(0)
		var at []float64
		for x := f.next(&g); !math.IsInf(x, 1); x = f.next(&g) {
			at = append(at, x)
		}
		if len(at) != 10 || at[7] > 10 || at[8] < 10 || at[9] > 30 {
			t.Fatalf("instants %v", at)
		}
		for i, x := range at {
			if i > 0 && x < at[i-1] {
				t.Fatalf("instants %v", at)
			}
			if x <= 2.5 {
				early++
			}
		}
		f.reset(0)
		if a, b, c := f.count(&g, 0, 2.5), f.count(&g, 2.5, 10), f.count(&g, 10, 50); a+b != 8 || c != 2 {
			t.Fatalf("counts %d %d %d", a, b, c)
		}
	}
	if mean, se := float64(early)/n, math.Sqrt(8*0.25*0.75/n); math.Abs(mean-2) > 5*se {
		t.Errorf("%v requests in a quarter of the interval, want 2 within %v", mean, 5*se)
	}
}
