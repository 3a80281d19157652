package montecarlo

import (
	"context"
	"testing"

	"singlelane/queueing"
)

func BenchmarkLeapsSurge(b *testing.B) {
	p, err := newPlan([]*queueing.Lane{surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle)}, 1)
	if err != nil {
		b.Fatal(err)
	}
	e := newLeaper(p.lanes[0], defaultHorizon, findLull(p.lanes[0]))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
	}
}

func BenchmarkRecursionSurge(b *testing.B) {
	for name, full := range map[string]bool{"drain": false, "full": true} {
		b.Run(name, func(b *testing.B) {
			p, err := newPlan([]*queueing.Lane{surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle)}, 1)
			if err != nil {
				b.Fatal(err)
			}
			e := newFCFS(context.Background(), p.lanes[0], defaultHorizon, full, nil)
			b.ReportAllocs()
			requests := 0
			for i := 0; b.Loop(); i++ {
				p.start(i)
				e.run(i)
				requests += e.came
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(requests), "ns/request")
		})
	}
}

// storm is the size of a real region's incident: tens of thousands of
// requests, a lull before the relaunches, and eight servers.
func storm(tb testing.TB) *queueing.Lane {
	return laneOf(tb, queueing.Config{Service: queueing.Exponential{MeanTime: 0.9}, Servers: 8},
		queueing.Steady{PerSecond: 4}, queueing.Batch{Size: 900}, queueing.Spread(2500, 600, 600),
		queueing.Pool{Instances: 4800, Requests: 2, Start: 3960, Delay: queueing.ExponentialDelay{MeanDelay: 2400}})
}

func BenchmarkLeapsStorm(b *testing.B) {
	p, err := newPlan([]*queueing.Lane{storm(b)}, 1)
	if err != nil {
		b.Fatal(err)
	}
	e := newLeaper(p.lanes[0], defaultHorizon, findLull(p.lanes[0]))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
	}
}

func BenchmarkRecursionStorm(b *testing.B) {
	p, err := newPlan([]*queueing.Lane{storm(b)}, 1)
	if err != nil {
		b.Fatal(err)
	}
	var grid []float64
	for i := range 240 {
		grid = append(grid, float64(60*i))
	}
	e := newFCFS(context.Background(), p.lanes[0], defaultHorizon, true, grid)
	b.ReportAllocs()
	requests := 0
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
		requests += e.came
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(requests), "ns/request")
	b.ReportMetric(float64(requests)/float64(b.N), "requests/op")
}

func BenchmarkLeapsSurgePeak(b *testing.B) {
	p, err := newPlan([]*queueing.Lane{surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle)}, 1)
	if err != nil {
		b.Fatal(err)
	}
	e := newLeaper(p.lanes[0], defaultHorizon, nil)
	e.peaks = newPeaks(p.lanes[0])
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
	}
}
