package queueing

import (
	"math"
	"testing"
)

// Batches on the way of a wide law, one of which comes as a service ends on
// paper, and one of random size, against the number in the lane from service end
// to service end, one by one.
func TestLatticeThroughBatches(t *testing.T) {
	const d, states, level = .1, 1000, 1
	services := 2500
	if testing.Short() {
		services = 400
	}
	held := Pool{Instances: 40, Requests: 1, Delay: ExponentialDelay{10}, Start: 21.15, Held: true}
	a := arrivalsOf(t, Steady{8.3}, Surge{4, 10}, Batch{50, .3}, Batch{40, 20}, poissonPool{Source: held})
	l := laneOf(t, Config{Backlog: 150, Servers: 1, Service: Deterministic{d}, Arrivals: a, Target: Target{FirstPassage: true}})
	q := newLatticePassage(l, 0, l.Initial().law(), level)
	first, varied, last := q.points(1e-8)
	if _, is := q.chained(first, varied, last, 1e-8); !is {
		t.Fatal("the chain is not asked")
	}
	got, err := SolveDrain(l, SolveOptions{Method: DrainDensity, PoissonPools: true})
	if err != nil || got.Quality != Exact || got.AbsError > 1e-10 {
		t.Fatal(got.Quality, got.AbsError, err)
	}
	now := make([]float64, states)
	now[150] = 1
	jumps := a.jumps
	for i := range services {
		to := float64(i+1) * d
		come := Count{Poisson: a.Flow(float64(i)*d, to)}
		for ; len(jumps) > 0 && jumps[0].At < to+1e-6*d; jumps = jumps[1:] {
			come = come.Plus(jumps[0].Size)
		}
		next, left := make([]float64, states), 0.0
		arrived := come.law()
		for n := level + 1; n < states; n++ {
			for k, p := range arrived.p {
				if m := n - 1 + arrived.lo + k; m > level && m < states {
					next[m] += now[n] * p
					left += now[n] * p
				}
			}
		}
		now = next
		if tail := got.Exceed(to + d/2); math.Abs(tail-left) > 1e-11 {
			t.Fatalf("P(T > %g s) = %.15g, want %.15g", to+d/2, tail, left)
		}
	}
}

// Point by point and by the chain, from a law of numbers: through a batch, and
// after rates beyond capacity that come when the lane has long been calm.
func TestLatticeByPoints(t *testing.T) {
	trace, err := NewTrace([]float64{0, 3, 9, 18}, []float64{3, 71, 9}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []Arrivals{arrivalsOf(t, Steady{8}, Surge{3, 20}, Batch{20, 12.03}), arrivalsOf(t, Steady{1}, trace)} {
		l := laneOf(t, Config{Servers: 1, Service: Deterministic{.1}, Arrivals: a, Target: idle})
		q := newLatticePassage(l, 1, law{2, []float64{.2, 0, .5, .3}}, 0)
		first, varied, last := q.points(1e-8)
		got, mass, err := q.byChain(111, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var want []float64
		for n := first; n <= last; n++ {
			want = append(want, q.source(float64(n))-q.earlier(n, first, varied, want))
		}
		total := 0.0
		for i, x := range want {
			total += x
			y := 0.0
			if first+i-got < len(mass) {
				y = mass[first+i-got]
			}
			if !(math.Abs(x-y) < 1e-13) {
				t.Errorf("at service %d: %.3g, want %.3g", first+i, y, x)
			}
		}
		near(t, "mass", total, 1, 1e-12)
	}
}
