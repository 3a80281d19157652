package study

import (
	"context"
	"testing"

	"singlelane/queueing"
)

// The whole evaluation of a design with retries and urgent requests first. How
// much of it is the event loop a profile says:
//
//	go test ./cmd/planner/internal/study -run '^$' -bench RetriesUrgent -cpuprofile cpu.out
//	go tool pprof -top -cum study.test cpu.out | grep 'events..run$'
func BenchmarkEvaluateRetriesUrgent(b *testing.B) {
	arrivals, err := queueing.NewArrivals(
		queueing.Stream{Name: "clients", Source: queueing.Steady{PerSecond: 45}, Priority: 5, Retries: true},
		queueing.Stream{Name: "urgent", Source: queueing.Steady{PerSecond: 5}, Priority: 0, Retries: true},
		queueing.Stream{Name: "late", Source: queueing.Pool{Instances: 3000, Requests: 1, Start: 100, Delay: queueing.ExponentialDelay{MeanDelay: 100}}, Priority: 5, Retries: true})
	if err != nil {
		b.Fatal(err)
	}
	l, err := queueing.NewLane(queueing.Config{Name: "shared", Arrivals: arrivals, Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.08}, Servers: 8,
		Mechanisms: queueing.Mechanisms{Discipline: queueing.UrgentFirst,
			Retries: &queueing.Retries{Timeout: 5, MaxAttempts: 2, Backoff: 2, Jitter: queueing.FullJitter}}})
	if err != nil {
		b.Fatal(err)
	}
	c := Case{Name: "storm", Objective: Objective{600, 0.99}, Horizon: 3600, Designs: []Design{{Name: "base", Lanes: []*queueing.Lane{l}}}}
	for b.Loop() {
		if _, err := Evaluate(context.Background(), c, Options{Replications: 400}); err != nil {
			b.Fatal(err)
		}
	}
}
