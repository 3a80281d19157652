package study

import (
	"context"
	"math"
	"slices"
	"testing"

	"singlelane/queueing"
)

func plainLane(t *testing.T, service queueing.Service, servers int) *queueing.Lane {
	t.Helper()
	a, err := queueing.NewArrivals(queueing.Stream{Name: "elsewhere", Source: queueing.Steady{PerSecond: 3}, Priority: 5})
	if err != nil {
		t.Fatal(err)
	}
	l, err := queueing.NewLane(queueing.Config{Name: "lane", Arrivals: a, Service: service, Servers: servers})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestReplayIsExactWithoutChance: constant services leave nothing to chance,
// and the backlog is what was counted by hand; another measured path is off by
// what it is off.
func TestReplayIsExactWithoutChance(t *testing.T) {
	at, err := queueing.NewRecordedInstants([]float64{0, 1, 1, 1, 10})
	if err != nil {
		t.Fatal(err)
	}
	r := Replay{Arrivals: at, Backlog: 1, Span: 20, Measured: Series{Times: []float64{0.5, 1.5, 2.5, 4.5, 8.5, 12.5}, Values: []float64{2, 5, 4, 3, 1, 3}}}
	d := Design{Name: "base", Lanes: []*queueing.Lane{plainLane(t, queueing.Deterministic{Time: 2}, 1)}}
	got, err := r.Run(context.Background(), d, Options{Replications: 20})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{2, 5, 4, 3, 1, 0} // services end at 2, 4, 6, 8, 10 and 12
	for _, path := range [][]float64{got.P5, got.P50, got.Mean, got.P95} {
		if !slices.Equal(path, want) {
			t.Errorf("%v, want %v", path, want)
		}
	}
	e := got.Error
	if e.Worst != -3 || e.WorstAt != 12.5 || math.Abs(e.RMS-3/math.Sqrt(6)) > 1e-12 || math.Abs(e.Mean+0.5) > 1e-12 || math.Abs(e.Inside-5.0/6) > 1e-12 || e.Peak != 0 {
		t.Errorf("%+v", e)
	}
	if s := got.Summary; s.Peak != 5 || s.PeakAt != 1.5 || s.Cleared != 8.5 {
		t.Errorf("%+v", s)
	}
}

// TestReplayDealsEveryRequest: over several lanes, in turn or at random, no
// request is lost or doubled.
func TestReplayDealsEveryRequest(t *testing.T) {
	instants := make([]float64, 1000)
	for i := range instants {
		instants[i] = float64(i)
	}
	byInstant, err := queueing.NewRecordedInstants(instants)
	if err != nil {
		t.Fatal(err)
	}
	byCount, err := queueing.NewRecordedCounts([]float64{0, 10, 500}, []int{333, 667})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []queueing.Recorded{byInstant, byCount} {
		for _, kind := range []string{"per-zone", "hashed"} {
			d := Design{Name: kind, LaneKind: kind}
			for range 3 {
				d.Lanes = append(d.Lanes, plainLane(t, queueing.Exponential{MeanTime: 0.1}, 2))
			}
			lanes, _, err := Replay{Arrivals: a, Backlog: 8, Span: 1000}.lanes(d, 5)
			if err != nil {
				t.Fatal(err)
			}
			sum, backlog := 0.0, 0
			for _, l := range lanes {
				n := l.Arrivals().Mean(-1, 2000)
				sum, backlog = sum+n, backlog+l.Config().Backlog
				// Each lane's share is binomial: five standard errors, 6e-7.
				if math.Abs(n-1000.0/3) > 5*math.Sqrt(1000*2.0/9) {
					t.Errorf("%s: a lane has %v requests", kind, n)
				}
			}
			if math.Abs(sum-1000) > 1e-9 || backlog != 8 {
				t.Errorf("%s: %v requests, backlog %d", kind, sum, backlog)
			}
		}
	}
}
