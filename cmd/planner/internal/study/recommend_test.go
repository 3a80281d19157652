package study

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// answered is a design that has drained by late, and costs so much.
func answered(name string, meets bool, late, cost float64) Answer {
	a := Answer{Name: name, Status: Drains, MeetsObjective: meets, Decided: true,
		Drain: &Law{Quality: queueing.Exact, Late: plain(late)}}
	if cost > 0 {
		a.Cost = &Cost{Total: plain(cost)}
	}
	return a
}

func TestRecommend(t *testing.T) {
	slow, fast, never := answered("slow", true, 90, 0), answered("fast", true, 60, 0), Answer{Name: "never", Status: Never, Decided: true}
	missing, open := answered("missing", false, 300, 0), answered("open", true, 50, 0)
	open.Decided = false
	stuck := answered("stuck", false, math.Inf(1), 0)
	for _, c := range []struct {
		name                     string
		designs                  []Answer
		want, runnerUp, baseline string
		ground                   Ground
	}{
		{"the earliest of those that meet it", []Answer{missing, slow, fast}, "fast", "slow", "missing", Earliest},
		{"the first of two alike", []Answer{slow, slow}, "slow", "slow", "", Earliest},
		{"the only one", []Answer{slow, missing, never}, "slow", "missing", "", OnlyOne},
		{"the cheapest where all have a price", []Answer{answered("dear", true, 60, 9), answered("cheap", true, 90, 3)}, "cheap", "dear", "dear", LeastCost},
		{"the earliest of those that cost the same", []Answer{answered("dear", true, 30, 4), answered("late", true, 90, 3), answered("early", true, 60, 3.002)}, "early", "late", "dear", LeastCost},
		{"the cheaper where costs differ", []Answer{answered("early", true, 60, 3.01), answered("late", true, 90, 3)}, "late", "early", "early", LeastCost},
		{"no price where one lacks it", []Answer{answered("dear", true, 60, 9), slow}, "dear", "slow", "", Earliest},
		{"one without an end has no price", []Answer{answered("endless", true, 80, math.Inf(1)), answered("cheap", true, 90, 3)}, "endless", "cheap", "", Earliest},
		{"an open one is not shown to meet it", []Answer{never, open, slow}, "slow", "open", "never", OnlyOne},
		{"the nearest where none does", []Answer{missing, open}, "open", "missing", "missing", Nearest},
		{"nothing drains", []Answer{never, stuck}, "", "", "", Nearest},
	} {
		got := Recommend(&Result{Designs: c.designs})
		for what, pair := range map[string][2]string{"design": {nameOf(got.Design), c.want}, "runner-up": {nameOf(got.RunnerUp), c.runnerUp},
			"baseline": {nameOf(got.Baseline), c.baseline}, "ground": {string(got.Ground), string(c.ground)}} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s %q, want %q", c.name, what, pair[0], pair[1])
			}
		}
	}
}

// TestRecommendOverRanges: of the designs that meet the objective in the middle
// those that are robust over the ranges, or know no ranges, are chosen between, or
// else those that may be; where none may, the middle decides.
func TestRecommendOverRanges(t *testing.T) {
	drawn := func(a Answer, lo, hi float64) Answer {
		a.Ignorance = &Ignorance{MeanBreach: montecarlo.Estimate{Value: (lo + hi) / 2, Lo: lo, Hi: hi}}
		return a
	}
	cheap, dear, dearest := answered("cheap", true, 90, 3), answered("dear", true, 60, 9), answered("dearest", true, 50, 20)
	missing := answered("missing", false, 300, 1)
	for _, c := range []struct {
		name               string
		designs            []Answer
		want, passed, next string
		ground             Ground
	}{
		{"the one that is robust", []Answer{drawn(cheap, 0.2, 0.3), drawn(dear, 0, 0.001), drawn(missing, 0, 0)}, "dear", "cheap", "", OnlySafe},
		{"the cheapest of those", []Answer{drawn(cheap, 0.005, 0.3), drawn(dearest, 0, 0), dear}, "dear", "cheap", "dearest", LeastCost},
		{"the middle, which is robust too", []Answer{drawn(cheap, 0, 0), drawn(dear, 0.1, 0.2), dearest}, "cheap", "", "dearest", LeastCost},
		{"the one that may be", []Answer{drawn(cheap, 0.2, 0.3), drawn(dear, 0.001, 0.02), drawn(dearest, 0.1, 0.3)}, "dear", "cheap", "", OnlySafe},
		{"the cheapest of those that may be", []Answer{drawn(cheap, 0.2, 0.3), drawn(dear, 0.001, 0.02), drawn(dearest, 0, 0.02)}, "dear", "cheap", "dearest", LeastCost},
		{"the middle where none may be", []Answer{drawn(cheap, 0.2, 0.3), drawn(dear, 0.1, 0.2)}, "cheap", "", "dear", LeastCost},
		{"the middle where all are", []Answer{drawn(cheap, 0, 0), drawn(dear, 0, 0)}, "cheap", "", "dear", LeastCost},
		{"the only one, robust or not", []Answer{missing, drawn(dear, 0.5, 0.6)}, "dear", "", "missing", OnlyOne},
	} {
		got := Recommend(&Result{Objective: Objective{Within: 60, Confidence: 0.99}, Designs: c.designs})
		if nameOf(got.Design) != c.want || nameOf(got.PassedOver) != c.passed || nameOf(got.RunnerUp) != c.next || got.Ground != c.ground {
			t.Errorf("%s: %q for being %s, over %q, next %q; want %q for being %s, over %q, next %q", c.name,
				nameOf(got.Design), got.Ground, nameOf(got.PassedOver), nameOf(got.RunnerUp), c.want, c.ground, c.passed, c.next)
		}
	}
}

func nameOf(a *Answer) string {
	if a == nil {
		return ""
	}
	return a.Name
}

// TestStands: the interval of the chance decides, and holding the risk allowed
// decides nothing.
func TestStands(t *testing.T) {
	o := Objective{Within: 60, Confidence: 0.99}
	for _, c := range []struct {
		lo, hi float64
		want   Standing
	}{{0, 0.005, Robust}, {0, o.Risk(), Robust}, {0.005, 0.02, Unsure}, {0.011, 0.02, Fragile}, {1, 1, Fragile}} {
		g := Ignorance{MeanBreach: montecarlo.Estimate{Value: (c.lo + c.hi) / 2, Lo: c.lo, Hi: c.hi}}
		if got := g.Stands(o); got != c.want {
			t.Errorf("a chance in [%g, %g] is %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
}

// TestMeanChance: the interval of a mean of chances is the normal one where
// there is enough on either side, and near 0 and 1 it does not claim what so
// few draws cannot know: with probability 0.975 one breach or more comes among n
// draws of chance 1 - 0.025^(1/n).
func TestMeanChance(t *testing.T) {
	const n = 400
	of := func(value func(i int) float64) montecarlo.Estimate {
		all := make(montecarlo.Outcomes, n)
		for i := range all {
			all[i] = value(i)
		}
		return meanChance(all, montecarlo.Confidence)
	}
	bound := 1 - math.Pow(0.025, 1.0/n)
	if e := of(func(int) float64 { return 0 }); e.Value != 0 || e.Lo != 0 || math.Abs(e.Hi-bound) > 1e-12 {
		t.Errorf("no breach at all gives %g in [%g, %g], want [0, %g]", e.Value, e.Lo, e.Hi, bound)
	}
	if e := of(func(int) float64 { return 1 }); e.Value != 1 || e.Hi != 1 || math.Abs(1-e.Lo-bound) > 1e-12 {
		t.Errorf("nothing but breaches gives %g in [%g, %g], want [%g, 1]", e.Value, e.Lo, e.Hi, 1-bound)
	}
	few, exact := of(func(i int) float64 { return float64(max(0, 3-i)) / 4 }), montecarlo.Proportion(2, n)          // 0.75 + 0.5 + 0.25
	if want := montecarlo.Proportion(1, n).Lo; math.Abs(few.Hi-exact.Hi) > 1e-14 || math.Abs(few.Lo-want) > 1e-14 { // the same formula, with the level rounded otherwise
		t.Errorf("one and a half of %d give [%g, %g], want [%g, %g]", n, few.Lo, few.Hi, want, exact.Hi)
	}
	if e, half := of(func(i int) float64 { return float64(i % 2) }), 1.96*0.5/math.Sqrt(n); math.Abs(e.Hi-0.5-half) > 1e-3 || math.Abs(0.5-half-e.Lo) > 1e-3 {
		t.Errorf("one in two gives [%g, %g], want 0.5 within %g", e.Lo, e.Hi, half)
	}
}

// TestLooks: each look at the standing has a quarter of the chance of being
// wrong. Without a breach its interval ends where n draws all miss it with
// probability 0.05/4/2, and in the middle the interval is Student's, whose
// half-width has the quantile at 1 - 0.05/4/2.
func TestLooks(t *testing.T) {
	for most, want := range map[int]int{drawsBatch / 2: 1, drawsBatch: 1, 2 * drawsBatch: 2, mostDraws: 4} {
		if got := looks(most); got != want {
			t.Errorf("up to %d draws are looked at %d times, want %d", most, got, want)
		}
	}
	const n = 512
	none, half := make(montecarlo.Outcomes, n), make(montecarlo.Outcomes, n)
	for i := range half {
		half[i] = float64(i % 2)
	}
	confidence := 1 - 0.05/4
	e := meanChance(none, confidence)
	if math.Abs(math.Pow(1-e.Hi, n)-0.05/4/2) > 1e-12 {
		t.Errorf("no breach gives at most %g, which %d draws all miss with probability %g", e.Hi, n, math.Pow(1-e.Hi, n))
	}
	if g := (Ignorance{MeanBreach: meanChance(half, 0.95), looked: &e}); g.Stands(Objective{Within: 60, Confidence: 0.99}) != Robust {
		t.Errorf("in [%g, %g] the look does not decide", e.Lo, e.Hi)
	}
	e = meanChance(half, confidence)
	sd := math.Sqrt(float64(n) / (n - 1) / 4)
	z := (e.Hi - e.Value) / sd * math.Sqrt(n)
	x := (n - 1) / (n - 1 + z*z) // P(|t| > z) is the incomplete beta function of (n-1)/2 and 1/2 here
	if p := mathext.RegIncBeta((n-1)/2.0, 0.5, x); math.Abs(p-0.05/4) > 1e-9 || math.Abs(e.Value-e.Lo-(e.Hi-e.Value)) > 1e-12 {
		t.Errorf("half of %d give [%g, %g], beyond which Student's law has %g, want %g", n, e.Lo, e.Hi, p, 0.05/4)
	}
}
