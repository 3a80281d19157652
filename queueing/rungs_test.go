package queueing

import (
	"math"
	"testing"
)

// Jumps to the rungs next to one have the mean and the variance of the number
// per second, wherever the distances allow it, and the mean everywhere.
func TestRungJumpsHaveTwoMoments(t *testing.T) {
	const servers, lam = 6, 5.5
	for _, scv := range []float64{0.25, 1, 4} {
		service := Lognormal{MeanTime: 1, Variability: scv}
		w := &rungWalk{cloud: cloud{at: newRungs(0, servers, 400, 0.5, 8)}}
		w.jumps(servers, service, 1.5)
		up, down := w.rates(0, len(w.at)-1, lam, 1, 0)
		for i := 1; i < len(w.at)-1; i++ {
			x, below, above := w.at[i], w.at[i]-w.at[i-1], w.at[i+1]-w.at[i]
			ends, v := math.Min(x, servers), scv
			if x < servers {
				v = 1
			}
			drift, spread := lam-ends, 1.5*lam+v*ends
			if got := up[i]*above - down[i]*below; math.Abs(got-drift) > 1e-12*(lam+ends) {
				t.Fatalf("SCV %g at %g: drift %g, want %g", scv, x, got, drift)
			}
			got := up[i]*above*above + down[i]*below*below
			if fits := spread > math.Abs(drift)*math.Max(above, below); fits && math.Abs(got-spread) > 1e-12*spread || got < spread*(1-1e-12) {
				t.Fatalf("SCV %g at %g: variance %g, want %g", scv, x, got, spread)
			}
			if up[i] < 0 || down[i] < 0 {
				t.Fatalf("SCV %g at %g: rates %g and %g", scv, x, up[i], down[i])
			}
		}
	}
}

// One request apart the chain is that of exponential servers: its stationary
// law, which implicit steps of any length tend to, is that of M/M/c.
func TestRungStepTendsToErlang(t *testing.T) {
	const servers, lam, most = 5, 4.0, 60
	w := &rungWalk{cloud: cloud{at: newRungs(0, most-1, most, 1, 1)}}
	w.p = make([]float64, len(w.at))
	w.p[40] = 1
	w.jumps(servers, Exponential{1}, 1)
	one := func(from, to float64) (speed, spread float64) { return 1, 0 }
	rate := func(from, to float64) float64 { return lam }
	for range 60 {
		var gone float64
		w.p, gone, _ = w.step(1e4, 0, len(w.p)-1, rate, one)
		if gone != 0 {
			t.Fatalf("%g is absorbed where nothing is", gone)
		}
	}
	want, sum := []float64{1}, 1.0
	for n := 1; n < len(w.p); n++ {
		want = append(want, want[n-1]*lam/math.Min(float64(n), servers))
		sum += want[n]
	}
	for n, p := range want {
		if p /= sum; math.Abs(w.p[n]/p-1) > 1e-10 {
			t.Errorf("P(%d) = %g, want %g", n, w.p[n], p)
		}
	}
}

// Moving a law to other rungs keeps its mass and mean; a sum adds means and,
// but for the distances of its rungs, variances.
func TestCloudsAddUp(t *testing.T) {
	moments := func(c cloud) (mass, mean, variance float64) {
		for i, x := range c.at {
			mass += c.p[i]
			mean += c.p[i] * x
			variance += c.p[i] * x * x
		}
		return mass, mean, variance - mean*mean
	}
	a, b := countCloud(Count{Fixed: 100, Poisson: 30}), normalCloud(50, 400)
	for name, c := range map[string]cloud{"sum": a.plus(b), "over": a.plus(b).over(newRungs(0, 10, 400, 1, 5)), "moved": a.plus(b).plus(normalCloud(0, 0))} {
		mass, mean, variance := moments(c)
		if math.Abs(mass-1) > 1e-9 || math.Abs(mean-180) > 1e-6 || variance < 430*(1-1e-6) || variance > 430+5*5/4.0+1 {
			t.Errorf("%s: mass %g, mean %g, variance %g; want 1, 180, 430", name, mass, mean, variance)
		}
	}
}
