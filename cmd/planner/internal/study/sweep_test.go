package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"

	"singlelane/queueing"
)

// gridCase varies the servers and the backlog of two designs: one that theory
// covers, and one that takes simulation.
func gridCase(t testing.TB) ([]Axis, func(texts []string) (Case, error)) {
	t.Helper()
	axes := []Axis{{Key: "servers", Values: []float64{1, 2, 3}, Texts: []string{"1", "2", "3"}},
		{Key: "backlog", Values: []float64{200, 300}, Texts: []string{"200", "300"}}}
	if testing.Short() { // of which a single server never drains
		axes[0].Values, axes[0].Texts = axes[0].Values[:2], axes[0].Texts[:2]
	}
	return axes, func(texts []string) (Case, error) {
		servers, err := strconv.Atoi(texts[0])
		backlog, wrong := strconv.Atoi(texts[1])
		if err = errors.Join(err, wrong); err != nil {
			return Case{}, err
		}
		a, err := queueing.NewArrivals(queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 12}},
			queueing.Stream{Name: "pool", Source: queueing.Pool{Instances: 300, Requests: 1, Delay: queueing.ExponentialDelay{MeanDelay: 40}}})
		if err != nil {
			return Case{}, err
		}
		c := Case{Name: "grid", Objective: Objective{60, 0.9}, Horizon: 3600}
		for _, s := range []queueing.Service{queueing.Exponential{MeanTime: 0.1}, queueing.Lognormal{MeanTime: 0.1, Variability: 2}} {
			l, err := queueing.NewLane(queueing.Config{Backlog: backlog, Arrivals: a, Servers: servers, Service: s})
			if err != nil {
				return Case{}, err
			}
			c.Designs = append(c.Designs, Design{Name: fmt.Sprintf("%T", s), Lanes: []*queueing.Lane{l}})
		}
		return c, nil
	}
}

// Every cell is what a single run says: theory to the error of a coarse law,
// and simulation to the last digit, since the random numbers are the same.
func TestSweepIsSingleRunsCellByCell(t *testing.T) {
	axes, compile := gridCase(t)
	s, err := Vary(t.Context(), axes, P99, compile, Options{Seed: 7, Replications: 300, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	simulated := 0
	for i := range s.Cells {
		c, err := compile(s.texts(i))
		if err != nil {
			t.Fatal(err)
		}
		for k := range c.Designs {
			got := &s.Cells[i].Answers[k]
			one := c
			one.Designs = c.Designs[k : k+1]
			o := Options{Seed: 7, Replications: 300}
			if got.Drain != nil && got.Drain.Quality == queueing.Simulated {
				o.Method = Simulate // theory would be approximate, and slow
			}
			r, err := Evaluate(t.Context(), one, o)
			if err != nil {
				t.Fatal(err)
			}
			want := &r.Designs[0]
			at := fmt.Sprintf("%v %s", s.texts(i), s.Designs[k])
			switch {
			case got.Status != want.Status:
				t.Errorf("%s: %s, a single run says %s", at, got.Status, want.Status)
			case got.Status == Never:
			case got.Drain.Quality == queueing.Simulated:
				simulated++
				if l := want.Simulated; got.Drain.P99 != l.P99 || got.Drain.Breach != l.Breach {
					t.Errorf("%s: %v and %v, a single run says %v and %v", at, got.Drain.P99, got.Drain.Breach, l.P99, l.Breach)
				}
			default:
				l := want.Drain
				if off := math.Abs(got.Drain.Breach.Value - l.Breach.Value); off > got.Drain.AbsError+l.AbsError {
					t.Errorf("%s: P(breach) %g, a single run says %g", at, got.Drain.Breach.Value, l.Breach.Value)
				}
				if off := math.Abs(got.Drain.P99.Value - l.P99.Value); off > 1e-3*l.P99.Value {
					t.Errorf("%s: P99 %g, a single run says %g", at, got.Drain.P99.Value, l.P99.Value)
				}
			}
		}
	}
	if simulated == 0 || simulated == len(s.Cells)*2 {
		t.Errorf("%d cells are simulated: both kinds are wanted", simulated)
	}
}

// An interrupted sweep keeps what was finished.
func TestSweepKeepsFinishedCells(t *testing.T) {
	axes, compile := gridCase(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s, err := Vary(ctx, axes, Breach, compile, Options{Seed: 7, Replications: 100, Workers: 1,
		Progress: func(done, total int) {
			if done == 2 {
				stop()
			}
		}})
	if !errors.Is(err, context.Canceled) || s.Done != 2 || s.Cells[1].Answers == nil || s.Cells[2].Answers != nil {
		t.Errorf("error %v, %d cells done", err, s.Done)
	}
}

func TestSweepRefusesTooManyCells(t *testing.T) {
	many := make([]float64, 50_000)
	texts := make([]string, len(many))
	axes := []Axis{{Key: "a", Values: many, Texts: texts}, {Key: "b", Values: many[:20_000], Texts: texts[:20_000]}}
	_, err := Vary(t.Context(), axes, Breach, func([]string) (Case, error) { return Case{}, errors.New("work began") }, Options{})
	var size *SizeError
	if !errors.As(err, &size) || size.Cells != 1e9 {
		t.Errorf("error %v", err)
	}
}
