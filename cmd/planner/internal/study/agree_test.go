package study

import (
	"context"
	"math"
	"testing"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// A theory of slightly different rates is found out, and the right one is
// not, over seeds whose false alarms together have probability 20 * 1e-3 for
// the rule and are fixed here.
func TestAgreementTellsRightFromWrong(t *testing.T) {
	l := lane(t, "lane", 1000, 4, 8)
	right, err := queueing.SolveDrain(l, queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := queueing.SolveDrain(lane(t, "lane", 1000, 4.02, 8), queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		s, err := montecarlo.Drains(context.Background(), []*queueing.Lane{l}, montecarlo.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if g := agreement(theoryLaw(right, Objective{540, 0.99}), s, 540, 7); !g.Agrees {
			t.Errorf("seed %d: the right theory is refused: %+v", seed, g)
		}
		if g := agreement(theoryLaw(wrong, Objective{540, 0.99}), s, 540, 7); g.Agrees {
			t.Errorf("seed %d: a wrong theory passes: %+v", seed, g)
		}
	}
}

// What theory says of times later than the horizon is no ground to refuse it:
// of those the sample knows only that they are later.
func TestAgreementStopsAtTheHorizon(t *testing.T) {
	l := lane(t, "lane", 1000, 4, 8)
	right, err := queueing.SolveDrain(l, queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := queueing.SolveDrain(lane(t, "lane", 900, 4, 8), queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, horizon := range []float64{10, right.Quantile(0.3), right.Quantile(0.95)} {
		s, err := montecarlo.Drains(context.Background(), []*queueing.Lane{l}, montecarlo.Options{Horizon: horizon})
		if err != nil {
			t.Fatal(err)
		}
		if g := agreement(theoryLaw(right, Objective{540, 0.99}), s, 540, 7); !g.Agrees {
			t.Errorf("horizon %g s: the right theory is refused: %+v", horizon, g)
		}
		g := agreement(theoryLaw(wrong, Objective{540, 0.99}), s, 540, 7)
		if seen := s.NotDrained().Value < 1; g.Agrees == seen {
			t.Errorf("horizon %g s: a wrong theory passes: %t, although some drained: %t", horizon, g.Agrees, seen)
		}
	}
}

func TestPlausibleIsTheExactBinomialTest(t *testing.T) {
	const n, p, alarm = 50, 0.1, 0.01
	pmf := make([]float64, n+1)
	for k := range pmf {
		logp, _ := math.Lgamma(n + 1)
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(n - k + 1))
		pmf[k] = math.Exp(logp - a - b + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
	}
	for k := range pmf {
		below, above := 0.0, 0.0
		for i := range pmf {
			if i <= k {
				below += pmf[i]
			}
			if i >= k {
				above += pmf[i]
			}
		}
		if got, want := plausible(k, n, p, 0, alarm), below >= alarm/2 && above >= alarm/2; got != want {
			t.Errorf("plausible(%d of %d) = %v, want %v (%v, %v)", k, n, got, want, below, above)
		}
	}
	if !plausible(0, n, 0, 0, alarm) || plausible(1, n, 0, 0, alarm) || !plausible(n, n, 1, 0, alarm) || plausible(n-1, n, 1, 0, alarm) {
		t.Error("certain events")
	}
}

func TestRelativeOfEqualsIsZero(t *testing.T) {
	if relative(0, 0) != 0 || relative(math.Inf(1), math.Inf(1)) != 0 || math.Abs(relative(99, 100)+0.01) > 1e-15 {
		t.Error(relative(0, 0), relative(math.Inf(1), math.Inf(1)), relative(99, 100))
	}
}

// Equal services that are added up in another order end at the same time, whatever rounding
// makes of it.
func TestAgreementOfTimesAddedUpInAnotherOrder(t *testing.T) {
	l := lane(t, "lane", 40, 3, 8, func(c *queueing.Config) {
		c.Servers, c.Service, c.Target = 20, queueing.Deterministic{Time: 2.493}, queueing.Target{}
		c.Mechanisms = queueing.Mechanisms{Limited: true, QueueLimit: 100}
	})
	right, err := queueing.SolveDrain(l, queueing.SolveOptions{})
	if err != nil || right.Quality != queueing.Exact {
		t.Fatal(err, right.Reason)
	}
	s, err := montecarlo.Drains(context.Background(), []*queueing.Lane{l}, montecarlo.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if g := agreement(theoryLaw(right, Objective{100, 0.95}), s, 100, 6); !g.Agrees {
		t.Errorf("the right theory is refused: %+v", g)
	}
}
