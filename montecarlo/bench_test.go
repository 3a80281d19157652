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
	e := newLeaper(p.lanes[0], defaultHorizon)
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
