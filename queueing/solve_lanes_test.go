package queueing

import (
	"fmt"
	"math"
	"testing"
)

// zoneLane is a lane of one surviving zone: shifts, a flood, and relaunches
// that begin when the flood is nearly served.
func zoneLane(t testing.TB, shifts, flood, relaunches int, mean float64) *Lane {
	pool := func(n int, start float64, d Delay) Source {
		return Pool{Instances: n, Requests: 1, Delay: d, Start: start}
	}
	return laneOf(t, Config{Servers: 2, Service: Exponential{2.5}, Arrivals: arrivalsOf(t, Steady{0.4},
		pool(shifts, 0, UniformDelay{2400}), pool(flood, 600, UniformDelay{600}), pool(relaunches, 3960, ExponentialDelay{mean}))})
}

// Coarse laws are within what they state of fine ones, whether the pools are
// of one kind (a long flood), of two (it ends as relaunches begin) or the
// first no longer matter.
func TestCoarseLawsAreNearFineOnes(t *testing.T) {
	for _, flood := range []int{1500, 1200, 700} {
		l := zoneLane(t, 80, flood, 2016, 2400)
		fine, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		coarse, err := SolveDrain(l, SolveOptions{Tolerance: 1e-5})
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for p := 0.001; p < 1; p += 0.0201 {
			x := fine.Quantile(p)
			worst = math.Max(worst, math.Abs(coarse.CDF(x)-fine.CDF(x)))
		}
		t.Logf("flood %d: off by %.2g, stated %.2g and %.2g", flood, worst, coarse.AbsError, fine.AbsError)
		if worst > 1e-5+coarse.AbsError || coarse.AbsError > fine.AbsError+1e-4 {
			t.Errorf("flood %d: off by %.2g, stated %.2g", flood, worst, coarse.AbsError)
		}
	}
}

// Lanes that were dealt one more or one less are solved by one surface; each
// by itself has the same law.
func TestNearlyAlikeLanesAreSolvedAtOnce(t *testing.T) {
	lanes := []*Lane{zoneLane(t, 133, 1200, 1500, 2400), zoneLane(t, 134, 1200, 1500, 2400), zoneLane(t, 133, 1200, 1500, 2400),
		zoneLane(t, 133, 1202, 1500, 2400), zoneLane(t, 133, 1300, 1500, 2400)}
	if got := fmt.Sprint(Alike(lanes, SolveOptions{})); got != "[[0 1 2 3] [4]]" {
		t.Errorf("groups %s", got)
	}
	laws, err := SolveAlike(lanes[:4], SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range lanes[:4] {
		if i == 2 {
			continue
		}
		alone, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for p := 0.01; p < 1; p += 0.0491 {
			x := alone.Quantile(p)
			if off := math.Abs(laws[i].CDF(x) - alone.CDF(x)); off > laws[i].AbsError+alone.AbsError {
				t.Errorf("lane %d at %.2f: off by %.2g, stated %.2g and %.2g", i, p, off, laws[i].AbsError, alone.AbsError)
			}
		}
	}
	shift := laws[3].Quantile(0.5) - laws[0].Quantile(0.5)
	// They take 2/(0.8-0.4) s, unless the lane has emptied before the relaunches begin.
	if most := 2 / (0.8 - 0.4); !(shift > 0.2*most && shift < most) {
		t.Errorf("two more requests drain %.3g s later, want less than %.3g", shift, most)
	}
}

// What a what-if study costs a lane.
func BenchmarkCoarse(b *testing.B) {
	l := zoneLane(b, 80, 1200, 2016, 2400)
	for name, tolerance := range map[string]float64{"fine": 0, "coarse": 1e-5} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := SolveDrain(l, SolveOptions{Tolerance: tolerance}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
