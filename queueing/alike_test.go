package queueing

import (
	"math"
	"testing"
)

// partOfFlood is a lane of one of several zones after a flood of which it has its part: early
// members of its first stream, others after 3960 s.
func partOfFlood(t *testing.T, service float64, early, late int) *Lane {
	return laneOf(t, Config{Servers: 2, Service: Exponential{service}, Arrivals: arrivalsOf(t, Steady{2.05 / 6},
		Pool{Instances: early, Requests: 1, Delay: UniformDelay{2400}}, Spread(1000, 600, 600),
		Pool{Instances: late, Requests: 1, Start: 3960, Delay: ExponentialDelay{2400}})})
}

// Lanes that differ by members that come early, and that are empty or busy when others begin,
// are each solved as by themselves: against the fine laws, which share nothing.
func TestLanesThatAreAlikeHaveLawsOfTheirOwn(t *testing.T) {
	for _, service := range []float64{2.5, 2.85, 3.1} {
		lanes := []*Lane{partOfFlood(t, service, 67, 1680), partOfFlood(t, service, 66, 1680), partOfFlood(t, service, 65, 1680)}
		o := SolveOptions{Tolerance: 1e-5}
		if groups := Alike(lanes, o); len(groups) != 1 {
			t.Fatalf("groups %v", groups)
		}
		laws, err := SolveAlike(lanes, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range lanes {
			fine, err := SolveDrain(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			worst := 0.0
			for p := 0.001; p < 1; p += 0.0201 {
				x := fine.Quantile(p)
				worst = math.Max(worst, math.Abs(laws[i].CDF(x)-fine.CDF(x)))
			}
			off := math.Abs(laws[i].Mean()-fine.Mean()) / fine.StdDev()
			apart := (laws[0].Mean() - laws[i].Mean()) / fine.StdDev()
			t.Logf("service %g, lane %d: off by %.2g, mean by %.2g sd, %.2g sd from the first, stated %.2g and %.2g", service, i, worst, off, apart, laws[i].AbsError, fine.AbsError)
			if !(worst <= laws[i].AbsError+fine.AbsError) || !(off < 2e-5) || !(laws[i].AbsError <= 2e-5) {
				t.Errorf("service %g, lane %d: off by %.2g, mean by %.2g sd, stated %.2g and %.2g", service, i, worst, off, laws[i].AbsError, fine.AbsError)
			}
			if service > 3 && i > 0 && !(apart > 1e-3) {
				t.Errorf("service %g: lane %d is %.2g sd from the first", service, i, apart)
			}
		}
	}
}

// A march over another's panels, with what that has had of the kernel, against one of its
// own and against a fine one; from what differs later there is none.
func TestMarchesAreTakenAgain(t *testing.T) {
	const begin = 4791.0
	q := func(early, late, n int) *skellamPassage {
		l := partOfFlood(t, 2.5, early, late)
		p := problem{Lane: l}
		var err error
		for i := 1; i <= 3; i++ {
			if p, err = p.withMean(i, 1); err != nil {
				t.Fatal(err)
			}
		}
		return newSkellamPassage(p.Lane, begin, poissonLaw(float64(n)), 1)
	}
	o := SolveOptions{Tolerance: 1e-5, nearly: &alike{first: partOfFlood(t, 2.5, 67, 1680)}}
	first := o.passage(q(67, 1680, 12))
	if len(o.nearly.marches) != 1 || len(o.nearly.marches[0].own) == 0 {
		t.Fatal("nothing is kept")
	}
	o.nearly.solved = true
	if before, place := o.alikeMarch(q(67, 1681, 12)); before != nil || place != nil {
		t.Error("another stream that goes on has the same march")
	}
	second := o.passage(q(66, 1680, 13))
	alone := newCurve(SolveOptions{Tolerance: 1e-5}.passage(q(66, 1680, 13)), nil, 0)
	fine := newCurve(SolveOptions{}.passage(q(66, 1680, 13)), nil, 0)
	if len(second) != len(first) || second[3].lo != first[3].lo {
		t.Errorf("%d panels, another's are %d", len(second), len(first))
	}
	again := newCurve(second, nil, 0)
	for p := 0.001; p < 1; p += 0.0201 {
		x := fine.Quantile(p)
		if off := math.Abs(again.CDF(x) - fine.CDF(x)); !(off <= 2*math.Abs(alone.CDF(x)-fine.CDF(x))+1e-7) {
			t.Errorf("P(T <= %g) is off by %.2g, by itself by %.2g", x, off, math.Abs(alone.CDF(x)-fine.CDF(x)))
		}
	}
	before := len(o.nearly.marches)
	o.nearly.solved = false
	o.passage(q(67, 1680, 12))
	o.nearly.solved = true
	if again, _ := o.alikeMarch(q(66, 1680, 12)); again != nil || len(o.nearly.marches) != before {
		t.Error("a march that was made twice is taken again")
	}
}
