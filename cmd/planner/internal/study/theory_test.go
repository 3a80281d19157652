package study

import (
	"testing"

	"singlelane/queueing"
)

// The same lane under another pointer is not solved again; another lane, or
// another tolerance, is.
func TestSolutionsAreKeptByWhatIsAsked(t *testing.T) {
	lane := func(servers int) []*queueing.Lane {
		arrivals, err := queueing.NewArrivals(queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 1}})
		if err != nil {
			t.Fatal(err)
		}
		l, err := queueing.NewLane(queueing.Config{Name: "lane", Arrivals: arrivals, Backlog: 50, Service: queueing.Exponential{MeanTime: 0.5}, Servers: servers})
		if err != nil {
			t.Fatal(err)
		}
		return []*queueing.Lane{l}
	}
	s := &solutions{}
	for i, c := range []struct {
		lanes []*queueing.Lane
		o     queueing.SolveOptions
		known int
	}{
		{lane(1), queueing.SolveOptions{}, 1},
		{lane(1), queueing.SolveOptions{}, 1},
		{lane(2), queueing.SolveOptions{}, 2},
		{lane(1), queueing.SolveOptions{Tolerance: 1e-5}, 3},
		{lane(2), queueing.SolveOptions{}, 3},
	} {
		got, _, err := s.drain(c.lanes, c.o)
		if err != nil {
			t.Fatal(err)
		}
		want, _, err := drainByTheory(c.lanes, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if got.Quantile(0.99) != want.Quantile(0.99) {
			t.Errorf("question %d: P99 %g, want %g", i, got.Quantile(0.99), want.Quantile(0.99))
		}
		if len(s.known) != c.known {
			t.Errorf("question %d: %d laws are kept, want %d", i, len(s.known), c.known)
		}
	}
}
