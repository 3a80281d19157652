package scenario

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// The drain time is one question about one storm, so its answer does not jump
// where capacity crosses the peak load: on the storm of 2012, with capacity
// from just below to just above the greatest arrival rate after the relaunches
// start, a step of 0.3 % moves P50 by less than a tenth of P99. A rule that
// ended the overload at the last instant at which arrivals exceed capacity
// would move it by the minutes, or the hour, for which they just do.
func TestDrainDoesNotJumpAtThePeak(t *testing.T) {
	for _, name := range []string{"shared lane", "lane per zone"} {
		lane := designNamed(t, shipped(t, "us-east-1-2012.yaml"), name).Lanes[0]
		peak := 0.0
		for at := lane.Arrivals().Begins(); at < 12*3600; at += 10 {
			peak = math.Max(peak, lane.Arrivals().Rate(at))
		}
		var p50, p99 float64
		for step := -4; step <= 4; step++ {
			c := lane.Config()
			c.Service = queueing.Exponential{MeanTime: float64(lane.FinalServers()) / (peak * (1 + 0.0015*float64(step)))}
			l, err := queueing.NewLane(c)
			if err != nil {
				t.Fatal(err)
			}
			law, err := queueing.SolveDrain(l, queueing.SolveOptions{Tolerance: 1e-6})
			if err != nil {
				t.Fatal(err)
			}
			now := law.Quantile(0.5)
			if step > -4 && math.Abs(now-p50) > 0.1/2*p99 {
				t.Errorf("%s: P50 goes from %g to %g s within 0.15 %% of capacity, with P99 %g", name, p50, now, p99)
			}
			p50, p99 = now, law.Quantile(0.99)
		}
	}
}
