package queueing

import (
	"math"
	"testing"
)

// What is found for one t agrees with each excess by itself, whatever the streams.
func TestExcessToOneInstant(t *testing.T) {
	pool := func(n int, start float64, d Delay) Pool {
		return Pool{Instances: n, Requests: 2, Start: start, Delay: d}
	}
	late := pool(5040, 3960, ExponentialDelay{2400})
	held := pool(700, 60, ExponentialDelay{300})
	held.Held = true
	for name, a := range map[string]Arrivals{
		"nothing":   arrivalsOf(t),
		"steady":    arrivalsOf(t, Steady{2}),
		"surge":     arrivalsOf(t, Steady{2}, Surge{8, 300}),
		"fast":      arrivalsOf(t, Surge{8, 3}),
		"pool":      arrivalsOf(t, Steady{2}, late, pool(400, 0, UniformDelay{2400})),
		"Poisson":   arrivalsOf(t, Steady{2}, poissonPool{late, 1.02}, poissonPool{held, 0.9}),
		"lognormal": arrivalsOf(t, poissonPool{pool(400, 0, LognormalDelay{900, 1}), 1}),
		"hashed":    arrivalsOf(t, Hashed{pool(400, 0, ExponentialDelay{900}), 4}),
	} {
		for _, start := range []float64{0, 2400, 4100} {
			for _, at := range []float64{start + 7, start + 1900, start + 9000} {
				of := a.excessTo(start, at)
				for s := start; s < at; s += (at - start) / 37 {
					want, got := a.Excess(s, at), of(s)
					if !(math.Abs(got-want) <= 1e-11*math.Max(math.Abs(want), 1e-6*a.Flow(s, at))) {
						t.Errorf("%s: excess of (%g,%g] from %g on is %.15g, want %.15g", name, s, at, start, got, want)
					}
				}
			}
		}
	}
}
