package queueing

import (
	"errors"
	"math"
	"testing"

	"singlelane/queueing/markov"
)

// A chain that drains slowly is followed on past its work if it is exact, up to
// the mass that may be left, and given up if it is an approximation.
func TestChainRecordWork(t *testing.T) {
	for _, c := range []struct {
		most, spare float64
		rough, no   bool
		left        float64 // of the mass, at most
	}{
		{most: 0, left: 1e-12},
		{most: 1, spare: 0, left: 1e-12},
		{most: 1, spare: 2, left: 1},
		{most: 1, spare: 0, rough: true, no: true, left: 1},
		{most: 1e9, spare: 0, rough: true, left: 1e-12},
	} {
		fixed, err := markov.NewSparse(2, []markov.Jump{{From: 1, To: 0, Rate: 1}})
		if err != nil {
			t.Fatal(err)
		}
		w, err := markov.Sources{Fixed: fixed}.Start(0, markov.Point(1), markov.Options{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		w.Absorb(func(state int) bool { return state == 0 })
		if err := w.Advance(0.1); err != nil {
			t.Fatal(err)
		}
		r := &chainRecord{chain: w, length: 0.5, most: c.most, spare: c.spare, rough: c.rough}
		err = r.record(1e3, 1e-12)
		var no *UnsupportedError
		if errors.As(err, &no) != c.no || !c.no && err != nil || w.Remaining() > c.left || w.Work() <= 1 {
			t.Errorf("%+v: %v, %.2g left after %g", c, err, w.Remaining(), w.Work())
		}
		if c.spare > 1 && w.Remaining() < 0.5 {
			t.Errorf("%+v: went on to %.2g", c, w.Remaining())
		}
	}
}

// The kernels of an identity that would take minutes are not summed.
func TestIdentityTerms(t *testing.T) {
	l := laneOf(t, Config{Backlog: 50, Servers: 1, Service: Gamma{.1, 3}, Arrivals: arrivalsOf(t, Steady{4}), Target: idle})
	q, err := newIdentity(l)
	if err != nil {
		t.Fatal(err)
	}
	q.check = func() {}
	if _, _, err := q.collocate(1e-6); err != nil || q.terms == 0 {
		t.Fatal(err, q.terms)
	}
	q.terms = 2 * identityTerms
	var no *UnsupportedError
	if _, _, err := q.collocate(1e-6); !errors.As(err, &no) {
		t.Errorf("got %v", err)
	}
}

// A batch that comes a unit in the last place after a panel ends, or whose first
// panel is cut in two, starts the settling anew: what follows is that of a batch
// at any instant nearby, and of the density.
func TestABatchStartsSettlingAnew(t *testing.T) {
	for _, x := range []float64{2.077594673831112, math.Nextafter(4/1.4, 3), 4 / 1.4, 2.5} {
		chain := func(x float64) Drain {
			l := laneOf(t, Config{Servers: 1, Service: Gamma{1, 3}, Target: idle, Arrivals: arrivalsOf(t, Steady{.4}, Batch{1, x + 3})})
			begin := 3.0
			l.overload = &begin
			d, err := SolveChain(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		at, near := chain(x), chain(x+1e-7)
		if worst := worstBetween(at, near); worst > 1e-6 { // a density below 10/s
			t.Errorf("a batch at %.17g s and one 1e-7 s later: laws differ by %.2g", x, worst)
		}
		l := laneOf(t, Config{Backlog: 3, Servers: 1, Service: Gamma{1, 3}, Target: Target{Idle: true, FirstPassage: true},
			Arrivals: arrivalsOf(t, Steady{.4}, Batch{1, x})})
		got, err := SolveChain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		if worst := worstBetween(got, want); worst > 1e-9 {
			t.Errorf("a batch at %.17g s: chain and density differ by %.2g", x, worst)
		}
	}
}
