package queueing

import (
	"math"
	"testing"

	"singlelane/queueing/internal/skellam"
)

// A law is the same whether another lane's solve has left what they share or
// not: lanes that differ in their last stream alone, and one that differs
// before it and must not take the others'.
func TestSharedStartsChangeNoLaw(t *testing.T) {
	shared := &Shared{}
	for _, l := range []*Lane{zoneLane(t, 80, 1200, 2016, 2400), zoneLane(t, 80, 1200, 2016, 1200), zoneLane(t, 80, 1250, 2016, 2400)} {
		alone, err := SolveDrain(l, SolveOptions{Tolerance: 1e-5})
		if err != nil {
			t.Fatal(err)
		}
		with, err := SolveDrain(l, SolveOptions{Tolerance: 1e-5, Shared: shared})
		if err != nil {
			t.Fatal(err)
		}
		for p := 0.001; p < 1; p += 0.0333 {
			x := alone.Quantile(p)
			if alone.CDF(x) != with.CDF(x) {
				t.Errorf("%v: P(T <= %g) is %.17g alone, %.17g with others", l.cfg.Arrivals, x, alone.CDF(x), with.CDF(x))
			}
		}
	}
	if len(shared.kept) != 2 { // of two pasts, with their numbers fixed
		t.Errorf("%d laws are kept, want 2", len(shared.kept))
	}
}

// The recurrence has the same source as the sum of Skellam probabilities, term
// by term, in the middle of the window and far off.
func TestSourceByRecurrence(t *testing.T) {
	l := zoneLane(t, 0, 0, 2016, 2400)
	from := poissonLaw(300)
	for _, level := range []int{0, 40, 150} {
		p := newSkellamPassage(l, 3960, from, level)
		for _, at := range []float64{3961, 4000, 4300, 5000, 7000, 12000} {
			served, arrived := l.Work(3960, at), l.cfg.Arrivals.Flow(3960, at)
			rise, tilt := 0.8/served, -0.1
			want := 0.0
			for i, w := range p.from.p {
				k := float64(p.from.lo + i - level)
				if math.Abs(k-served+arrived) <= 10*math.Sqrt(served+arrived)+40 {
					want += w * (rise*k*skellam.Prob(k, served, arrived) + tilt*skellam.Prob(k+1, served, arrived))
				}
			}
			got := p.descend(0, served, arrived, math.Sqrt(served+arrived), rise, tilt)
			if math.Abs(got-want) > 1e-11*math.Abs(want) {
				t.Errorf("level %d at %g: %.15g, summed %.15g", level, at, got, want)
			}
		}
	}
}
