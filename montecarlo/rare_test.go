package montecarlo

import (
	"context"
	"errors"
	"math"
	"testing"

	"singlelane/queueing"
)

// checkRare compares with the exact probability; the estimate's own standard
// error must be small and its error no larger than chance makes it.
func checkRare(t *testing.T, r Rare, err error, want, relative float64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if !(r.Relative < relative) {
		t.Errorf("relative error %g, want below %g", r.Relative, relative)
	}
	if d := math.Abs(r.Value-want) / (r.Relative * want); !(d < sigmas) {
		t.Errorf("%s: %g, want %g: %.1f standard errors off", r.Method, r.Value, want, d)
	}
}

// The surge's tail beyond 620 s is 7.9971e-10 and beyond 554.227057 s 1e-3,
// from its drain density.
func TestTiltingReachesTheTail(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	for within, want := range map[float64]float64{620: 7.9971e-10, 554.227057462: 1e-3, 487.651538306: 0.5} {
		r, err := RareEvent(context.Background(), l, within, Options{Seed: 8})
		checkRare(t, r, err, want, 0.03)
		if within == 620 && !(r.Gain > 1e4) {
			t.Errorf("gain %g over plain simulation", r.Gain)
		}
	}
	r, err := RareEvent(context.Background(), surge(t, queueing.Exponential{MeanTime: 0.8}, 8, queueing.Target{}), 535.752333129, Options{Seed: 8})
	checkRare(t, r, err, 0.01, 0.03)
	r, err = RareEvent(context.Background(), surge(t, queueing.Gamma{MeanTime: 0.1, Shape: 4}, 1, idle), 525.76453210, Options{Seed: 8})
	checkRare(t, r, err, 0.01, 0.03)
	r, err = RareEvent(context.Background(), surge(t, queueing.BalancedHyperexponential(0.1, 4), 1, idle), 569.744308, Options{Seed: 8})
	checkRare(t, r, err, 0.01, 0.03)
}

// Tails far below rounding: the drain density, the first-kind identity and
// tilting find the same, and the ballot density where rates are constant.
func TestFarTails(t *testing.T) {
	steady := laneOf(t, queueing.Config{Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle}, queueing.Steady{PerSecond: 4})
	for _, c := range []struct {
		lane   *queueing.Lane
		within float64
		by     []queueing.Method
	}{
		{surge(t, queueing.Exponential{MeanTime: 0.1}, 1, queueing.Target{}), 800, []queueing.Method{queueing.DrainDensity, queueing.DrainIdentity}},
		{surge(t, queueing.Exponential{MeanTime: 0.8}, 8, queueing.Target{}), 1000, []queueing.Method{queueing.DrainDensity, queueing.DrainIdentity}},
		{surge(t, queueing.Gamma{MeanTime: 0.1, Shape: 4}, 1, idle), 700, []queueing.Method{queueing.DrainDensity}},
		{surge(t, queueing.BalancedHyperexponential(0.1, 4), 1, idle), 800, []queueing.Method{queueing.DrainDensity}},
		{steady, 300, []queueing.Method{queueing.DrainDensity, queueing.DrainIdentity}},
	} {
		r, err := RareEvent(context.Background(), c.lane, c.within, Options{Seed: 3})
		first := 0.0
		for i, m := range c.by {
			d, failed := queueing.SolveDrain(c.lane, queueing.SolveOptions{Method: m, Tail: c.within})
			if failed != nil || d.Tail < c.within {
				t.Fatalf("%s: digits up to %g s, want %g: %v", m, d.Tail, c.within, failed)
			}
			tail := d.Exceed(c.within)
			if checkRare(t, r, err, tail, 0.05); i == 0 {
				first = tail
			}
			if math.Abs(tail/first-1) > 1e-6 {
				t.Errorf("P(T > %g s) is %g by %s, %g by %s", c.within, tail, m, first, c.by[0])
			}
		}
		if c.lane == steady {
			if ballot := constantTail(1000, 4, 10, 300); math.Abs(first/ballot-1) > 1e-4 {
				t.Errorf("P(T > 300 s) is %g by the ballot density, %g by its own", ballot, first)
			}
		}
	}
}

// Splitting knows nothing of the lane but its fluid path, and finds the same
// tail down to 2e-9, which the drain density and the ballot density give.
func TestSplittingReachesTheTail(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 20, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle},
		queueing.Steady{PerSecond: 4})
	density, err := queueing.SolveDrain(l, queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for within, about := range map[float64]float64{10: 1.396e-4, 18: 2.3098e-9} {
		want := density.Exceed(within)
		if ballot := constantTail(20, 4, 10, within); math.Abs(ballot/want-1) > 1e-5 || math.Abs(want/about-1) > 1e-3 {
			t.Fatalf("P(T > %g s) is %g by its density, %g by the ballot density", within, want, ballot)
		}
		runs := 0
		if testing.Short() {
			runs = 8
		}
		r, err := RareEvent(context.Background(), l, within, Options{Seed: 8, Replications: runs, Method: queueing.Splitting})
		if err != nil {
			t.Fatal(err)
		}
		// The runs, each right to about a third, are too few and too skew for
		// Student's law far out: half a unit of the logarithm is more than
		// five times the standard error of the fewest.
		if off := math.Log(r.Value / want); r.Method != queueing.Splitting || !(r.Relative < 0.2) || !(math.Abs(off) < 0.6) {
			t.Errorf("P(T > %g s) is %g by %s with a relative error of %g, want %g", within, r.Value, r.Method, r.Relative, want)
		}
		x, err := RareEvent(context.Background(), l, within, Options{Seed: 8, Method: queueing.Tilting})
		checkRare(t, x, err, want, 0.06)
	}
}

// A lane that tilting does not cover, since urgent requests go first: its
// number in the lane is that of the plain lane, and so is its tail.
func TestSplittingCoversMechanisms(t *testing.T) {
	lane := func(d queueing.Discipline) *queueing.Lane {
		return laneOf(t, queueing.Config{Backlog: 20, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle,
			Mechanisms: queueing.Mechanisms{Discipline: d}}, queueing.Steady{PerSecond: 4})
	}
	if _, err := RareEvent(context.Background(), lane(queueing.UrgentFirst), 10, Options{Method: queueing.Tilting}); err == nil {
		t.Error("a lane with priorities is tilted")
	}
	r, err := RareEvent(context.Background(), lane(queueing.UrgentFirst), 10, Options{Seed: 9, Replications: 8})
	if err != nil || r.Method != queueing.Splitting || !(math.Abs(math.Log(r.Value/1.39608e-4)) < 0.6) || !(r.Relative < 0.2) {
		t.Errorf("%+v, %v, want 1.39608e-4 by splitting", r, err)
	}
}

// What was never seen has an interval all the same.
func TestRareThatIsNotSeen(t *testing.T) {
	for work, want := range map[float64]float64{1: Proportion(0, 50).Hi, 40: Proportion(0, 2000).Hi} {
		if r := rareOf(make(Outcomes, 50), work); r.Value != 0 || r.Lo != 0 || r.Hi != want || !math.IsInf(r.Relative, 1) {
			t.Errorf("%+v, want [0, %g]", r, want)
		}
	}
}

// States of millions of requests are refused before memory is taken.
func TestSplittingRefusesLargeStates(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 5e6, Service: queueing.Exponential{MeanTime: 1e-5}, Servers: 1}, queueing.Steady{PerSecond: 4})
	_, err := RareEvent(context.Background(), l, 60, Options{Method: queueing.Splitting})
	var refused *UnsupportedError
	if !errors.As(err, &refused) {
		t.Errorf("%v, want it refused", err)
	}
}

// constantTail is P(T > t) of M/M/1 from n0 to 0: with x = lambda + mu the
// integral of the density (n0/s) e^{-x s} (mu/lambda)^{n0/2} I_n0(2 s sqrt(lambda
// mu)), by the sum over the number of services (L. Takács 1962, chapter 1).
func constantTail(n0 int, lambda, mu, t float64) float64 {
	sum := 0.0
	const steps = 20_000
	end := 4 * t
	for i := range steps {
		s := t + (float64(i)+0.5)*(end-t)/steps
		density := 0.0
		for n := n0; n < n0+int(lambda*s+40*math.Sqrt(lambda*s))+40; n++ {
			lg, _ := math.Lgamma(float64(n))
			logGamma := float64(n)*math.Log(mu) + float64(n-1)*math.Log(s) - mu*s - lg
			density += float64(n0) / float64(n) * math.Exp(logGamma) * massPoisson(float64(n-n0), lambda*s)
		}
		sum += density * (end - t) / steps
		if density*(end-t) < 1e-9*sum {
			break
		}
	}
	return sum
}
