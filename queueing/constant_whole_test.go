package queueing

import (
	"fmt"
	"testing"
)

// asked are the figures of a law that a report holds, by which those that are
// worked out when they are asked for are.
func asked(d Drain) (sum float64) {
	sum = d.Mean() + d.StdDev()
	for _, p := range []float64{.5, .99, .9999} {
		sum += d.Quantile(p)
	}
	return sum + d.Exceed(1.2*d.Mean())
}

// The time of a law to 1e-10 with all that a report asks of it, the solver's choice
// of the method included; next to it is the error stated. Aimed at 50 microseconds.
func BenchmarkConstantWhole(b *testing.B) {
	laws := []struct {
		name string
		Service
	}{
		{"exponential", Exponential{.1}}, {"erlang-2", Gamma{.1, 2}}, {"erlang-4", Gamma{.1, 4}}, {"erlang-30", Gamma{.1, 30}}, {"erlang-100", Gamma{.1, 100}},
		{"gamma-0.25", Gamma{.1, .25}}, {"gamma-2.5", Gamma{.1, 2.5}}, {"hyperexponential-1.5", BalancedHyperexponential(.1, 1.5)},
		{"hyperexponential-4", BalancedHyperexponential(.1, 4)}, {"hyperexponential-20", BalancedHyperexponential(.1, 20)}, {"deterministic", Deterministic{.1}},
	}
	for _, n0 := range []int{1000, 1, 10, 100, 1e6, 1e9} {
		for _, rate := range []float64{4, 1, 9, 9.9} {
			for _, s := range laws {
				l := constantCase(b, n0, rate, s.Service, 1, idle)
				b.Run(fmt.Sprintf("%g/load %g/%s", float64(n0), rate/10, s.name), func(b *testing.B) {
					b.ReportAllocs()
					var d Drain
					for b.Loop() {
						var err error
						if d, err = SolveDrain(l, SolveOptions{Tolerance: 1e-10}); err != nil {
							b.Fatal(err)
						}
						asked(d)
					}
					b.ReportMetric(d.AbsError*1e12, "1e-12-error")
				})
			}
		}
	}
}
