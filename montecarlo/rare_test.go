package montecarlo

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
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

// checkRuns compares the mean of runs of the splitting with the exact
// probability. The fewest, 8, leave Student's law seven degrees of freedom:
// beyond 14 standard errors it has 2e-6 of its mass, and here there are six such checks.
func checkRuns(t *testing.T, r Rare, err error, want float64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if r.Method != queueing.Splitting || !(r.Relative < 0.15) {
		t.Errorf("by %s with a relative error of %g", r.Method, r.Relative)
	}
	if off := math.Abs(math.Log(r.Value/want)) / r.Relative; !(off < 14) {
		t.Errorf("%g, want %g: %.1f standard errors off", r.Value, want, off)
	}
	if mid := math.Sqrt(r.Lo * r.Hi); math.Abs(mid/r.Value-1) > 1e-9 || !(r.Hi > r.Value) {
		t.Errorf("%g in [%g, %g], which is not even in the logarithm", r.Value, r.Lo, r.Hi)
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

// Services of one length end at instants with mass of their own, here 224
// tenths of a second, which sums of tenths pass by some 4e-14 s: one that ends
// there is in time, whatever the method. The mass is .0137.
func TestRareAtAtoms(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 60, Service: queueing.Deterministic{Time: 0.1}, Servers: 1, Target: idle},
		queueing.Steady{PerSecond: 4}, queueing.Surge{Initial: 8, Decay: 10})
	const within = 22.4
	d, err := queueing.SolveDrain(l, queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := d.Exceed(within)
	if atom := d.Exceed(within-0.01) - want; atom < 0.01 {
		t.Fatalf("%g of mass at %g s: nothing to be seen", atom, within)
	}
	tilted, split, relative := 100_000, 200, 0.005
	if testing.Short() {
		tilted, split, relative = 10_000, 50, 0.015
	}
	r, err := RareEvent(context.Background(), l, within, Options{Seed: 3, Replications: tilted, Method: queueing.Tilting})
	checkRare(t, r, err, want, relative)
	r, err = RareEvent(context.Background(), l, within, Options{Seed: 3, Replications: split, Method: queueing.Splitting})
	checkRare(t, r, err, want, relative)
	if got := (Outcomes{within, within + 4e-14, within + 1e-6}).Exceed(within).Value; got != 1.0/3 {
		t.Errorf("%g of three values are later, want the last", got)
	}
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
		checkRuns(t, r, err, want)
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
	checkRuns(t, r, err, 1.39608e-4)
}

// What was never seen has an interval all the same.
func TestRareThatIsNotSeen(t *testing.T) {
	for work, want := range map[float64]float64{1: Proportion(0, 50).Hi, 40: Proportion(0, 2000).Hi} {
		if r := rareOf(Outcomes(slices.Repeat([]float64{math.Inf(-1)}, 50)), work); r.Value != 0 || r.Lo != 0 || r.Hi != want || !math.IsInf(r.Relative, 1) {
			t.Errorf("%+v, want [0, %g]", r, want)
		}
	}
}

// Estimates far below the square root of the least number keep their error.
func TestRareErrorDoesNotVanish(t *testing.T) {
	logs := make(Outcomes, 1000)
	for i := range logs {
		logs[i] = math.Log(float64(1 + i%2))
	}
	near := rareOf(logs, 1)
	for i := range logs {
		logs[i] -= 500
	}
	far := rareOf(logs, 1)
	if math.Abs(near.Value-1.5) > 1e-12 || math.Abs(near.Relative-0.5/1.5/math.Sqrt(999)) > 1e-12 {
		t.Errorf("%+v, want 1.5", near)
	}
	if math.Abs(far.Relative/near.Relative-1) > 1e-9 || math.Abs(math.Log(far.Hi/near.Hi)+500) > 1e-9 || math.Abs(math.Log(far.Value/near.Value)+500) > 1e-9 {
		t.Errorf("%+v, want %+v times exp(-500)", far, near)
	}
}

// A chance that no float holds is refused, not told to be 0.
func TestTiltingStopsWhereNumbersDo(t *testing.T) {
	_, err := RareEvent(context.Background(), surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle), 5000, Options{Seed: 8, Replications: 200})
	var refused *UnsupportedError
	if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "1e-300") {
		t.Errorf("%v, want it refused", err)
	}
}

// Runs of which one is all there is are told to be no estimate: the interval
// reaches to what storms without splitting leave open.
func TestUnlikeRunsGiveBounds(t *testing.T) {
	logs := Outcomes(slices.Repeat([]float64{math.Inf(-1)}, 20))
	logs[7] = -100
	plain := Proportion(0, 1000)
	r := rareOf(logs, 1000).byRuns(plain)
	if math.Abs(math.Log(r.Value)+100+math.Log(20)) > 1e-9 || math.Abs(r.Lo/r.Value-0.025) > 1e-9 || r.Hi != plain.Hi || !strings.Contains(r.Reason, "bound") {
		t.Errorf("%+v, want [%g, %g] and the reason", r, 0.025*math.Exp(-100)/20, plain.Hi)
	}
}

// What is too rare to be reached is refused in the time that the levels take.
func TestSplittingEnds(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 20, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle}, queueing.Steady{PerSecond: 4})
	_, err := RareEvent(context.Background(), l, 80, Options{Method: queueing.Splitting})
	var refused *UnsupportedError
	if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "too rare") {
		t.Errorf("%v, want it refused", err)
	}
}

// The score is Chernoff's exponent: exp(-I) bounds the chance that the
// requests outlast the services, and the bound is near in the logarithm.
func TestClosenessBoundsTheChance(t *testing.T) {
	const m, lam = 60.0, 20.0
	for _, k := range []float64{1, 10, 30} {
		late := 0.0 // P(services < k + arrivals)
		for a := range 200 {
			for d := range int(k) + a {
				late += massPoisson(float64(a), lam) * massPoisson(float64(d), m)
			}
		}
		if i := -closeness(k, m, lam); !(late <= math.Exp(-i)) || !(-math.Log(late) < 1.3*i+3) {
			t.Errorf("%g requests: exponent %g, ln of the chance %g", k, i, math.Log(late))
		}
	}
	for _, x := range [][3]float64{{40, 60, 20}, {50, 60, 20}, {0, 60, 0}, {5, 0, 3}, {-3, 60, 20}} {
		y := closeness(x[0], x[1], x[2])
		if want := x[0] - x[1] + x[2]; math.IsNaN(y) || y*want < 0 {
			t.Errorf("closeness(%v) = %g", x, y)
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
