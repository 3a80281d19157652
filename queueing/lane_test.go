package queueing

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func mustLane(t *testing.T, c Config) *Lane {
	t.Helper()
	l, err := NewLane(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Work is the integral of Capacity; the midpoint rule is exact between breaks.
func TestWorkIntegratesCapacity(t *testing.T) {
	l := mustLane(t, Config{Service: Exponential{0.5}, Servers: 3, DownFor: 20,
		ScaleOut: []Join{{60, 4}, {10, 2}, {60, 1}}})
	for _, span := range [][2]float64{{0, 10}, {0, 100}, {15, 25}, {20, 60}, {59, 61}, {70, 90}} {
		edges := append([]float64{span[0]}, l.CapacityBreaks(span[0], span[1])...)
		edges = append(edges, span[1])
		want := 0.0
		for i := range edges[1:] {
			want += l.Capacity((edges[i]+edges[i+1])/2) * (edges[i+1] - edges[i])
		}
		if got := l.Work(span[0], span[1]); math.Abs(got-want) > 1e-12*(1+want) {
			t.Errorf("Work%v = %g, want %g", span, got, want)
		}
	}
	for _, c := range []struct {
		at      float64
		servers int
	}{{0, 0}, {19.99, 0}, {20, 5}, {59, 5}, {60, 10}, {1e6, 10}} {
		if got := l.ServersAt(c.at); got != c.servers {
			t.Errorf("%d servers at %g, want %d", got, c.at, c.servers)
		}
	}
}

func TestLaneLevel(t *testing.T) {
	c := Config{Service: Exponential{1}, Servers: 8, ScaleOut: []Join{{100, 2}}, Target: Target{Waiting: 5}}
	l := mustLane(t, c)
	if l.Level(0) != 13 || l.Level(100) != 15 {
		t.Errorf("levels %d and %d, want 13 and 15", l.Level(0), l.Level(100))
	}
	c.Target.Idle = true
	if l := mustLane(t, c); l.Level(50) != 0 {
		t.Errorf("idle: level %d", l.Level(50))
	}
}

// Batches at 0 are part of the start, not of any interval.
func TestInitial(t *testing.T) {
	a, err := NewArrivals(Stream{Name: "now", Source: Batch{900, 0}}, Stream{Name: "later", Source: Batch{50, 10}},
		Stream{Name: "steady", Source: Steady{1}})
	if err != nil {
		t.Fatal(err)
	}
	l := mustLane(t, Config{Backlog: 7, Arrivals: a, Service: Exponential{1}, Servers: 1})
	if got := l.Initial(); got.Fixed != 907 || got.Variance() != 0 {
		t.Errorf("starts with %+v", got)
	}
	if got := a.Mean(0, 10); got != 60 {
		t.Errorf("mean in (0,10] is %g, want 60", got)
	}
}

// Every fault is named, not only the first.
func TestNewLaneNamesAllFaults(t *testing.T) {
	_, err := NewLane(Config{Name: "x", Backlog: -1, Servers: 0, DownFor: math.NaN(), ScaleOut: []Join{{-1, 0}},
		Mechanisms: Mechanisms{SlowDown: &SlowDown{At: 0, Factor: 0.5}, Retries: &Retries{}}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, field := range []string{"Backlog", "Servers", "DownFor", "Join.After", "Join.Servers", "SlowDown.At",
		"SlowDown.Factor", "Retries.Timeout", "Retries.MaxAttempts", "no service law", `lane "x"`} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%q is missing in:\n%v", field, err)
		}
	}
	var field *FieldError
	if !errors.As(err, &field) {
		t.Errorf("%T holds no *FieldError", err)
	}
}
