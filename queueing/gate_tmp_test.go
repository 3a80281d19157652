package queueing

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestGateTmp(t *testing.T) {
	for _, rate := range []float64{6, 12, 2.5} {
		for _, burst := range []float64{5, 60} {
			a, err := NewArrivals(Stream{Name: "base", Source: Steady{2}}, Stream{Name: "flood", Source: Surge{25, 20}}, Stream{Name: "old", Source: Batch{20, 0}})
			if err != nil {
				t.Fatal(err)
			}
			l := laneOf(t, Config{Servers: 10, Service: Exponential{1}, Arrivals: a, Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: rate, Burst: burst, Streams: []string{"flood"}}}})
			p, err := newProblem(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range []int{2, 4, 8} {
				if k > 4 && os.Getenv("GATE") == "" {
					continue
				}
				g, _ := p.newGate(k)
				from := time.Now()
				err := g.run(nil)
				d := extrapolatedGate(g, g)
				if err != nil {
					fmt.Println(rate, burst, k, err, g.work, time.Since(from), g.time)
					continue
				}
				fmt.Printf("r %g b %g k %d mean %.6f P50 %.6f cdf(71) %.8f cdf(81) %.8f apart %.2g work %.2g %v\n", rate, burst, k, d.Mean(), d.Quantile(.5), d.CDF(71), d.CDF(81), g.apart, g.work, time.Since(from))
			}
		}
	}
}
