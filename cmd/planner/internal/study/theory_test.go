package study

import (
	"strings"
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

// Nothing bounds what is missed where lanes that share a pool at random are taken
// as independent, be each lane's own law exact or with an error of its own.
func TestLanesThatShareAPoolStateNoBound(t *testing.T) {
	for _, service := range []queueing.Service{queueing.Exponential{MeanTime: 0.5}, queueing.Lognormal{MeanTime: 0.5, Variability: 2}} {
		pool := queueing.Pool{Instances: 100, Requests: 1, Delay: queueing.UniformDelay{Window: 20}}
		arrivals, err := queueing.NewArrivals(queueing.Stream{Name: "shared", Source: queueing.Hash(pool, 2)})
		if err != nil {
			t.Fatal(err)
		}
		var lanes []*queueing.Lane
		for _, name := range []string{"one", "two"} {
			l, err := queueing.NewLane(queueing.Config{Name: name, Arrivals: arrivals, Backlog: 40, Service: service, Servers: 2})
			if err != nil {
				t.Fatal(err)
			}
			lanes = append(lanes, l)
		}
		law, _, err := drainByTheory(lanes, queueing.SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if law.Quality != queueing.Approximate || law.AbsError != 1 || !strings.Contains(law.Reason, "taken as independent") {
			t.Errorf("%T: %s, error %g: %s", service, law.Quality, law.AbsError, law.Reason)
		}
	}
}
