package report

import (
	"context"
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/queueing"
)

// packed is a pack of as many designs as are compared at most in practice.
func packed(b *testing.B, designs int) *Pack {
	b.Helper()
	c := study.Case{Name: "a storm", Objective: study.Objective{Within: 600, Confidence: 0.99}, Horizon: 86400}
	for i := range designs {
		arrivals, err := queueing.NewArrivals(queueing.Stream{Name: "baseline", Source: queueing.Steady{PerSecond: 4}})
		if err != nil {
			b.Fatal(err)
		}
		lane, err := queueing.NewLane(queueing.Config{Name: "lane", Servers: 1, Backlog: 2000, Arrivals: arrivals,
			Service: queueing.Exponential{MeanTime: 0.1 - 0.001*float64(i)}})
		if err != nil {
			b.Fatal(err)
		}
		c.Designs = append(c.Designs, study.Design{Name: "design " + string(rune('A'+i)), Lanes: []*queueing.Lane{lane}, LaneKind: "shared"})
	}
	r, err := study.Evaluate(context.Background(), c, study.Options{Seed: 1, Replications: 1000, Curves: true})
	if err != nil {
		b.Fatal(err)
	}
	return &Pack{Result: r, Choice: study.Recommend(r), Version: "0"}
}

// BenchmarkDraw draws every chart of a pack of five designs and of twelve, in
// PNG and twice in SVG: 3 s are what a report may take on two cores.
func BenchmarkDraw(b *testing.B) {
	for name, n := range map[string]int{"5 designs": 5, "12 designs": 12} {
		p := packed(b, n)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := p.Draw(context.Background(), Look{Format: "png"}, 2); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
