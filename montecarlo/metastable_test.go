package montecarlo

import (
	"context"
	"math"
	"testing"

	"singlelane/queueing"
)

// storming is a lane of 100 requests per second whose clients time out.
func storming(t testing.TB, rate float64, backlog int, service queueing.Service, servers int, r queueing.Retries, m queueing.Mechanisms) *queueing.Lane {
	m.Retries = &r
	return laneWith(t, queueing.Config{Backlog: backlog, Service: service, Servers: servers, Mechanisms: m},
		queueing.Stream{Name: "clients", Source: queueing.Steady{PerSecond: rate}, Priority: 5, Retries: true})
}

var fast = queueing.Exponential{MeanTime: 0.01}

func verdicts(t *testing.T, l *queueing.Lane, n int) Verdicts {
	t.Helper()
	s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Seed: 2, Replications: n, Horizon: 2000})
	if err != nil {
		t.Fatal(err)
	}
	return s.Verdicts
}

// Two attempts at 40/s cannot overload 100/s, three can: the tipping backlog
// is 100*5 + (100-40)*5 + (100-80)*5 = 900. Below and above it by 200 chance
// decides nothing any more.
func TestThreeAttemptsTip(t *testing.T) {
	const all = 40
	for _, c := range []struct {
		name     string
		rate     float64
		backlog  int
		attempts int
		stuck    int // of all; -1: some but not all
	}{
		{"two attempts, 3000", 40, 3000, 2, 0},
		{"three attempts, 700", 40, 700, 3, 0},
		{"three attempts, 900", 40, 900, 3, -1},
		{"three attempts, 1100", 40, 1100, 3, all},
		{"offered 99", 33, 3000, 3, 0},
		{"offered 102", 34, 3000, 3, all},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := all
			switch {
			case testing.Short() && c.rate != 40:
				n = 5
			case testing.Short() && c.stuck >= 0:
				n = 10
			}
			l := storming(t, c.rate, c.backlog, fast, 1, queueing.Retries{Timeout: 5, MaxAttempts: c.attempts}, queueing.Mechanisms{})
			v := verdicts(t, l, n)
			if c.stuck < 0 && (v.Stuck == 0 || v.Stuck == n) || c.stuck >= 0 && v.Stuck != c.stuck*n/all {
				t.Errorf("%+v, want %d stuck", v, c.stuck)
			}
			if v.Draining+v.Undecided > 0 && c.rate != 33 {
				t.Errorf("%+v: a replication is neither drained nor stuck", v)
			}
			p, stuck := queueing.Tipping(l)
			if stuck != (c.attempts == 3 && c.rate != 33) || c.rate == 40 && stuck && p.Backlog != 900 {
				t.Errorf("tipping point %+v, %v", p, stuck)
			}
		})
	}
}

// Where the timeout covers the response and service takes a good part of it,
// a server that drops only what has timed out always begins what is about to.
// Dropping at age > timeout - E[S] leaves it time to answer.
func TestDroppingStaleCopiesNeedsAMargin(t *testing.T) {
	n := 20
	if testing.Short() { // more than half of them are stuck, so that of 12 one in ten thousand times none is
		n = 12
	}
	r := queueing.Retries{Timeout: 5, MaxAttempts: 3, DropStale: true}
	service := queueing.Exponential{MeanTime: 1}
	v := verdicts(t, storming(t, 70, 3000, service, 100, r, queueing.Mechanisms{}), n)
	if v.Stuck == 0 {
		t.Errorf("dropping stale copies alone: %+v, want some stuck", v)
	}
	v = verdicts(t, storming(t, 70, 3000, service, 100, r, queueing.Mechanisms{MaxAge: 4}), n)
	if v.Drained != n {
		t.Errorf("dropping with a margin: %+v, want all drained", v)
	}
}

// Each of the cures drains a lane that is stuck without it.
func TestCures(t *testing.T) {
	const n = 20
	base := queueing.Retries{Timeout: 5, MaxAttempts: 4, Backoff: 1, Jitter: queueing.EqualJitter}
	with := func(f func(*queueing.Retries)) queueing.Retries { r := base; f(&r); return r }
	for _, c := range []struct {
		name  string
		r     queueing.Retries
		m     queueing.Mechanisms
		stuck int
	}{
		{"nothing", base, queueing.Mechanisms{}, n},
		{"budget by share", with(func(r *queueing.Retries) { r.Budget.Share = 0.1 }), queueing.Mechanisms{}, 0},
		{"budget by tokens", with(func(r *queueing.Retries) { r.Budget = queueing.RetryBudget{Tokens: 100, Refill: 1} }), queueing.Mechanisms{}, 0},
		{"queue limit", base, queueing.Mechanisms{Limited: true, QueueLimit: 200}, 0},
		{"lifo", base, queueing.Mechanisms{Discipline: queueing.LIFO, Limited: true, QueueLimit: 5000}, 0},
		{"stale dropped", with(func(r *queueing.Retries) { r.DropStale = true }), queueing.Mechanisms{MaxAge: 4}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := verdicts(t, storming(t, 40, 3000, fast, 1, c.r, c.m), n)
			if v.Stuck != c.stuck || c.stuck == 0 && v.Drained < n {
				t.Errorf("%+v, want %d stuck", v, c.stuck)
			}
		})
	}
}

// A lane that slows down under load is stuck without any retries once its
// capacity has fallen below the arrivals.
func TestSlowDownTips(t *testing.T) {
	const n = 20
	for backlog, stuck := range map[int]int{300: 0, 1000: n} {
		l := laneOf(t, queueing.Config{Backlog: backlog, Service: fast, Servers: 1,
			Mechanisms: queueing.Mechanisms{SlowDown: &queueing.SlowDown{At: 1000, Factor: 3}}}, queueing.Steady{PerSecond: 50})
		p, ok := queueing.Tipping(l)
		if want := 1000*(100.0/50-1)/2 + 1; !ok || math.Abs(p.Backlog-want) > 1e-9 {
			t.Errorf("tipping backlog %g, want %g", p.Backlog, want)
		}
		if v := verdicts(t, l, n); v.Stuck != stuck {
			t.Errorf("backlog %d: %+v, want %d stuck", backlog, v, stuck)
		}
	}
}
