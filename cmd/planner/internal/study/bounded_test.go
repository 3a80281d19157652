package study

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// TestBoundedByRequests: a bound on requests lowers the number of storms where
// they are drawn request by request, never below what shows that a design
// without a breach keeps the risk allowed, and not where leaps draw them.
func TestBoundedByRequests(t *testing.T) {
	retrying := lane(t, "lane", 100, 4, 0, func(c *queueing.Config) {
		c.Mechanisms.Retries = &queueing.Retries{Timeout: 30, MaxAttempts: 2, Backoff: 1}
	})
	for _, c := range []struct {
		name     string
		lane     *queueing.Lane
		requests float64
		want     int
	}{
		{"no bound", retrying, 0, 2000},
		{"above what is asked", retrying, 1e9, 2000},
		{"a storm brings 500 requests", retrying, 400_000, 800},
		{"never too few", retrying, 1, leastDrawn},
		{"leaps are soon done", lane(t, "lane", 100, 4, 0), 1, 2000},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := evaluate(t, oneDesign(100, c.lane), Options{Seed: 1, Replications: 2000, Requests: c.requests})
			if a := r.Designs[0]; a.Simulated.N != c.want || r.Replications != c.want {
				t.Errorf("%d storms of %d, want %d", a.Simulated.N, r.Replications, c.want)
			}
		})
	}
	tight := Objective{Within: 100, Confidence: 0.9999}
	if n := (Options{Replications: 1e6, Requests: 1}).bounded(1000, tight); math.Pow(tight.Confidence, float64(n)) > 0.025 {
		t.Errorf("%d storms without a breach do not keep a risk of %.0e", n, tight.Risk())
	}
}
