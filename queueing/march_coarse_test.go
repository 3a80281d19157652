package queueing

import (
	"math"
	"testing"
)

// coarseAndFine are a lane's laws to the tolerance of sweeps and to the usual one.
func coarseAndFine(t *testing.T, l *Lane) (coarse, fine Drain) {
	t.Helper()
	coarse, err := SolveDrain(l, SolveOptions{Tolerance: 1e-5})
	if err != nil {
		t.Fatal(err)
	}
	if fine, err = SolveDrain(l, SolveOptions{}); err != nil {
		t.Fatal(err)
	}
	return coarse, fine
}

// Coarse laws of one lane for a region, whose relaunches begin when the flood has been
// served, with means of moved pools whose tails have few digits: against the fine laws.
func TestCoarseTailsFixNumbersAsFineOnesDo(t *testing.T) {
	for _, c := range []struct {
		servers     int
		mean, delay float64
	}{{11, 2.5918367346938775, 2400}, {16, 2.5, 1273.469387755102}, {14, 2.5, 1493.8775510204082}} {
		pool := func(n, requests int, start float64, d Delay) Source {
			return Pool{Instances: n, Requests: requests, Delay: d, Start: start}
		}
		l := laneOf(t, Config{Servers: c.servers, Service: Exponential{c.mean}, Arrivals: arrivalsOf(t, Steady{2},
			pool(400, 1, 0, UniformDelay{2400}), pool(6000, 1, 600, UniformDelay{600}), pool(5040, 2, 3960, ExponentialDelay{c.delay}))})
		coarse, fine := coarseAndFine(t, l)
		sd := fine.StdDev()
		off := math.Abs(coarse.Mean()-fine.Mean()) / sd
		t.Logf("%v: mean off by %.1g sd, sd by %.1g of it, stated %.1g and %.1g", c, off, coarse.StdDev()/sd-1, coarse.AbsError, fine.AbsError)
		if !(off < 1e-5) || !(math.Abs(coarse.StdDev()/sd-1) < 1e-4) || !(coarse.AbsError < 1e-5) {
			t.Errorf("%v: mean off by %.2g sd, sd by %.2g of it, stated %.2g", c, off, coarse.StdDev()/sd-1, coarse.AbsError)
		}
		for p := 0.001; p < 1; p += 0.0201 {
			x := fine.Quantile(p)
			if off := math.Abs(coarse.CDF(x) - fine.CDF(x)); off > coarse.AbsError+fine.AbsError {
				t.Errorf("%v: P(T <= %g) is off by %.2g, stated %.2g and %.2g", c, x, off, coarse.AbsError, fine.AbsError)
			}
		}
	}
}

// The same for cells of grids whose lanes idle, hardly idle and never do when their
// relaunches begin, so that laws have one hump, two, or most of their mass at that instant,
// and five nodes, nine or only three fix their numbers: chains followed by long steps and
// nodes that stop early must be within what is stated.
func TestCoarseLawsOfGridsAreWithinWhatTheyState(t *testing.T) {
	for _, c := range []struct {
		servers, parts int
		mean, delay    float64
	}{{9, 1, 2.11, 2400}, {10, 1, 2.9, 2400}, {12, 1, 2.45, 2400}, {2, 5, 2.2, 2400}, {2, 7, 2.5, 1366}, {2, 8, 2.5, 1600}} {
		part := func(n int, start float64, d Delay) Source {
			return Pool{Instances: n / c.parts, Requests: 1, Delay: d, Start: start}
		}
		l := laneOf(t, Config{Servers: c.servers, Service: Exponential{c.mean}, Arrivals: arrivalsOf(t, Steady{2.05 / float64(c.parts)},
			part(400, 0, UniformDelay{2400}), part(6000, 600, UniformDelay{600}), part(10080, 3960, ExponentialDelay{c.delay}))})
		coarse, fine := coarseAndFine(t, l)
		worst := 0.0
		for p := 0.001; p < 1; p += 0.0201 {
			x := fine.Quantile(p)
			worst = math.Max(worst, math.Abs(coarse.CDF(x)-fine.CDF(x)))
		}
		off := math.Abs(coarse.Mean()-fine.Mean()) / fine.StdDev()
		t.Logf("%v: off by %.2g, mean by %.2g sd, stated %.2g and %.2g, by %s and %s", c, worst, off, coarse.AbsError, fine.AbsError, coarse.Method, fine.Method)
		if !(worst <= coarse.AbsError+fine.AbsError) || !(off < 2e-5) || !(coarse.AbsError <= 2e-5) {
			t.Errorf("%v: off by %.2g, mean by %.2g sd, stated %.2g and %.2g", c, worst, off, coarse.AbsError, fine.AbsError)
		}
	}
}
