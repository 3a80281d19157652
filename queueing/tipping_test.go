package queueing

import (
	"math"
	"testing"
)

func retrying(t *testing.T, rate float64, servers int, service Service, m Mechanisms, more ...Stream) *Lane {
	t.Helper()
	a, err := NewArrivals(append(more, Stream{Name: "clients", Source: Steady{rate}, Retries: true})...)
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLane(Config{Arrivals: a, Service: service, Servers: servers, Mechanisms: m})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTipping(t *testing.T) {
	fast := Exponential{0.01}
	three := &Retries{Timeout: 5, MaxAttempts: 3}
	for _, c := range []struct {
		name    string
		lane    *Lane
		backlog float64
		stuck   bool
	}{
		{"three attempts", retrying(t, 40, 1, fast, Mechanisms{Retries: three}), 900, true},
		{"two attempts", retrying(t, 40, 1, fast, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 2}}), math.Inf(1), false},
		{"offered 99", retrying(t, 33, 1, fast, Mechanisms{Retries: three}), math.Inf(1), false},
		// 500 + 60 (5+1) + 20 (5+2)
		{"backoff", retrying(t, 40, 1, fast, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 4, Backoff: 1}}), 1000, true},
		{"overloaded", retrying(t, 100, 1, fast, Mechanisms{Retries: three}), 0, false},
		{"nothing", retrying(t, 40, 1, fast, Mechanisms{}), math.Inf(1), false},
		{"many servers", retrying(t, 40, 100, Exponential{1}, Mechanisms{Retries: three}), 900, true},
		// Capacity 80 is left: 400 + 40*5, as two rounds of 40 fill it.
		{"others take a part", retrying(t, 40, 1, fast, Mechanisms{Retries: three},
			Stream{Name: "urgent", Source: Steady{20}}), 600, true},
		{"budget of 10 %", retrying(t, 40, 1, fast, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 3, Budget: RetryBudget{Share: 0.1}}}), math.Inf(1), false},
		{"budget of 200 %", retrying(t, 40, 1, fast, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 9, Budget: RetryBudget{Share: 2}}}), 900, true},
		{"tokens below", retrying(t, 40, 1, fast, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 3, Budget: RetryBudget{Tokens: 9, Refill: 59}}}), math.Inf(1), false},
		{"tokens above", retrying(t, 40, 1, fast, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 3, Budget: RetryBudget{Tokens: 9, Refill: 61}}}), 900, true},
		{"short queue", retrying(t, 40, 1, fast, Mechanisms{Retries: three, Limited: true, QueueLimit: 499}), math.Inf(1), false},
		{"long queue", retrying(t, 40, 1, fast, Mechanisms{Retries: three, Limited: true, QueueLimit: 500}), 900, true},
		{"margin", retrying(t, 70, 100, Exponential{1}, Mechanisms{Retries: three, MaxAge: 4}), math.Inf(1), false},
		{"no margin", retrying(t, 70, 100, Exponential{1}, Mechanisms{Retries: &Retries{Timeout: 5, MaxAttempts: 3, DropStale: true}}), 650, true},
		{"the latest first", retrying(t, 40, 1, fast, Mechanisms{Retries: three, Discipline: LIFO}), math.Inf(1), false},
		{"slow-down", retrying(t, 50, 1, fast, Mechanisms{SlowDown: &SlowDown{At: 1000, Factor: 3}}), 501, true},
		{"slow-down of a short queue", retrying(t, 50, 1, fast, Mechanisms{SlowDown: &SlowDown{At: 1000, Factor: 3}, Limited: true, QueueLimit: 499}), math.Inf(1), false},
		{"slow-down of a queue just long enough", retrying(t, 50, 1, fast, Mechanisms{SlowDown: &SlowDown{At: 1000, Factor: 3}, Limited: true, QueueLimit: 500}), 501, true},
		{"mild slow-down", retrying(t, 50, 1, fast, Mechanisms{SlowDown: &SlowDown{At: 1000, Factor: 1.5}}), math.Inf(1), false},
	} {
		p, stuck := Tipping(c.lane)
		if stuck != c.stuck || math.Abs(p.Backlog-c.backlog) > 1e-9 && p.Backlog != c.backlog {
			t.Errorf("%s: backlog %g, stuck %v; want %g, %v", c.name, p.Backlog, stuck, c.backlog, c.stuck)
		}
	}
}
