package queueing

import (
	"math"
	"testing"
)

// Where arithmetic done plainly fails; the chain's and the Bessel function's
// own are beside them (a generator times a time of 1e7, order 5000, escape
// times of 1e30 s).
func TestHardCases(t *testing.T) {
	solve := func(l *Lane) Drain {
		t.Helper()
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		checkDrainLaw(t, d)
		if d.AbsError > 1e-8 || d.Quality != Exact {
			t.Errorf("%s, error %g: %s", d.Quality, d.AbsError, d.Reason)
		}
		return d
	}

	// Utilisation 0.9999: the busy period's cumulants.
	l := constantCase(t, 1000, 9.999, Exponential{.1}, 1, idle)
	k, err := DrainCumulants(l)
	if err != nil {
		t.Fatal(err)
	}
	d := solve(l)
	near(t, "mean at 0.9999", d.Mean(), k.Mean, 1e-9)
	near(t, "sd at 0.9999", d.StdDev(), math.Sqrt(k.Variance), 1e-9)

	// A surge meets one request: two modes, a mean far above the median.
	d = solve(laneOf(t, Config{Backlog: 1, Servers: 1, Service: Exponential{1}, Target: Target{Idle: true, FirstPassage: true},
		Arrivals: arrivalsOf(t, Steady{.3}, Surge{1.5, 20})}))
	near(t, "mean of one request", d.Mean(), 17.3, 5e-3)
	near(t, "median of one request", d.Quantile(.5), 2.7, 2e-2)
	near(t, "P99 of one request", d.Quantile(.99), 76, 1e-2)

	// A hundred thousand servers, all busy, are one that is as fast.
	d = solve(laneOf(t, Config{Backlog: 250_000, Servers: 100_000, Service: Exponential{100}, Arrivals: arrivalsOf(t, Steady{900})}))
	one := solve(constantCase(t, 150_000, 900, Exponential{1e-3}, 1, idle))
	for _, p := range []float64{1e-6, .01, .5, .99, .999999} {
		near(t, "quantile of 1e5 servers", d.Quantile(p), one.Quantile(p), 1e-9)
	}

	// Arrivals exceed capacity for 50 minutes of the 63: from what is there at
	// their end, a Skellam number, the rest is a busy period (Wald).
	trace, err := NewTrace([]float64{0, 3000, 20000}, []float64{36_000, 17_000}, false)
	if err != nil {
		t.Fatal(err)
	}
	d = solve(laneOf(t, Config{Backlog: 1000, Servers: 1, Service: Exponential{.1}, Target: idle, Arrivals: arrivalsOf(t, trace)}))
	near(t, "mean after a long overload", d.Mean(), 3000+7000./9, 1e-9)
	near(t, "sd after a long overload", d.StdDev(), math.Sqrt(66_000./81+7000*1.1/72.9), 1e-8)
}

// A batch late in the drain: what comes after it is the small difference of
// two large terms, and the mass that is found shows whether they were kept.
func TestBatchNearTheEnd(t *testing.T) {
	l := laneOf(t, Config{Backlog: 60, Servers: 1, Service: Exponential{.25}, Target: Target{FirstPassage: true},
		Arrivals: arrivalsOf(t, Steady{2}, Batch{100, 40})})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d.AbsError > 1e-9 || d.Quality != Exact {
		t.Errorf("%s, error %g: %s", d.Quality, d.AbsError, d.Reason)
	}
	chain, err := SolveDrain(l, SolveOptions{Method: Chain})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []float64{.01, .5, .9, .99, .9999} {
		if x := chain.Quantile(p); math.Abs(d.CDF(x)-chain.CDF(x)) > 1e-8 {
			t.Errorf("at %g: %.12g, by the chain %.12g", x, d.CDF(x), chain.CDF(x))
		}
	}
}
