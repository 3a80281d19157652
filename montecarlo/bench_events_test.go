package montecarlo

import (
	"context"
	"testing"

	"singlelane/queueing"
)

func benchEvents(b *testing.B, l *queueing.Lane, brief bool) {
	p, err := newPlan([]*queueing.Lane{l}, 1)
	if err != nil {
		b.Fatal(err)
	}
	e := newEvents(context.Background(), p.lanes[0], 4000, nil)
	e.brief = brief
	e.run(1)
	b.ReportAllocs()
	events := 0
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
		events += e.tally.events
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

func BenchmarkEventsSurge(b *testing.B) {
	benchEvents(b, surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle), true)
}

// The same lane with every request followed.
func BenchmarkEventsSurgeFollowed(b *testing.B) {
	benchEvents(b, surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle), false)
}

func BenchmarkEventsRetriesUrgent(b *testing.B) {
	benchEvents(b, laneWith(b, queueing.Config{Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.08}, Servers: 8, Mechanisms: queueing.Mechanisms{
		Discipline: queueing.UrgentFirst,
		Retries:    &queueing.Retries{Timeout: 5, MaxAttempts: 3, Backoff: 2, Jitter: queueing.FullJitter}}},
		queueing.Stream{Name: "clients", Source: queueing.Steady{PerSecond: 45}, Priority: 5, Retries: true},
		queueing.Stream{Name: "urgent", Source: queueing.Steady{PerSecond: 5}, Priority: 0, Retries: true},
		queueing.Stream{Name: "late", Source: queueing.Pool{Instances: 3000, Requests: 1, Start: 100, Delay: queueing.ExponentialDelay{MeanDelay: 100}}, Priority: 5, Retries: true}), false)
}
