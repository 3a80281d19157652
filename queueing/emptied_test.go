package queueing

import (
	"math"
	"testing"
)

// twoWaves is a lane of one server whose early pool is long gone when a later one
// begins, and overload ends.
func twoWaves(t *testing.T, s Service, early Source) problem {
	t.Helper()
	sources := []Source{Steady{.3}, Pool{Instances: 30, Requests: 1, Start: 900, Delay: ExponentialDelay{20}}}
	if early != nil {
		sources = append(sources, early)
	}
	p, err := newProblem(laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, sources...)}), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What a lane has been through is forgotten once it has been idle: an early pool, of
// any number, changes nothing, and the law is that of the chain, which is followed
// from 0 on and knows nothing of this.
func TestEmptiedServersForget(t *testing.T) {
	for _, s := range []Service{Gamma{1, 2}, Gamma{1, 1}} {
		p := twoWaves(t, s, Spread(25, 10, 15))
		k := p.emptied()
		if k == nil || k.from <= 25 || k.from >= p.begin || p.begin < 900 {
			t.Fatalf("%T: empty at %+v, overload ends at %g", s, k, p.begin)
		}
		if _, open, err := p.remembering().settled(); err != nil || len(open) != 1 {
			t.Fatalf("%T: streams %v are to be fixed: %v", s, open, err)
		}
		alone := twoWaves(t, s, nil)
		chain, err := SolveDrain(alone.Lane, SolveOptions{Method: Chain})
		if err != nil {
			t.Fatal(err)
		}
		d, err := SolveDrain(p.Lane, SolveOptions{Method: DrainDensity})
		if err != nil || d.Quality != Exact {
			t.Fatalf("%T: %s: %v", s, d.Quality, err)
		}
		agree(t, chain, d, chain.AbsError+d.AbsError+1e-9)
	}
	p := twoWaves(t, Gamma{1, .4}, Spread(500, 10, 400))
	if k := p.emptied(); k != nil && k.from < 410 {
		t.Errorf("a lane with some hundreds of requests is empty at %g", k.from)
	}
	p = twoWaves(t, Gamma{1, .4}, Spread(1000, 10, 600))
	if k := p.emptied(); k != nil {
		t.Errorf("a lane that is busy when overload ends was empty at %g", k.from)
	}
}

// Services that are alike forget as well: of two pools the number in one is left to be
// fixed, and the law, lattice by lattice, is that of the lane without the early one.
func TestEmptiedRegularServersForget(t *testing.T) {
	p := twoWaves(t, Deterministic{1}, Spread(250, 10, 300))
	q, open, err := p.remembering().settled()
	if err != nil || len(open) != 1 {
		t.Fatalf("streams %v are to be fixed: %v", open, err)
	}
	if q, err = q.withMean(open[0], 1); err != nil || q.toFix() != 1 {
		t.Fatalf("the numbers in %d streams are to be fixed: %v", q.toFix(), err)
	}
	got, err := SolveDrain(p.Lane, SolveOptions{Method: DrainDensity})
	if err != nil || got.Quality != Exact {
		t.Fatalf("%s: %v", got.Quality, err)
	}
	alone, err := SolveDrain(twoWaves(t, Deterministic{1}, nil).Lane, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	if _, is := got.Distribution.(*phasedLaw); !is {
		t.Errorf("the law is a %T", got.Distribution)
	}
	for _, q := range []float64{0, .1, .5, .9, .999} {
		at := alone.Quantile(q) + 1e-6 // t* has digits of its own
		if off := math.Abs(got.CDF(at) - alone.CDF(at)); !(off <= got.AbsError+alone.AbsError+1e-9) {
			t.Errorf("P(T <= %g) is off by %.1e", at, off)
		}
	}
}

// A batch that finds the server idle keeps it busy for a time whose law is known: its
// tail is below Chernoff's bound. Lognormal services have an estimate for one, which
// is near.
func TestEmptiedBoundHolds(t *testing.T) {
	for s, slack := range map[Service]float64{Gamma{1, 2}: 0, Deterministic{1}: 0, BalancedHyperexponential(1, 3): 0, Lognormal{1, 2}: math.Log(2)} {
		p := twoWaves(t, s, Batch{20, 100})
		q, exponent := p.busyPeriods(0)
		if q == nil {
			t.Fatalf("%T: no bound", s)
		}
		l := laneOf(t, Config{Backlog: 20, Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{.3}), Target: idle})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, span := range []float64{40, 60, 90} {
			bound := exponent(20, 100, 100+span)
			if late := d.Exceed(span); !(-math.Log(late) >= bound-slack) {
				t.Errorf("%T: P(T > %g s) = %g, bound exp(-%g)", s, span, late, bound)
			}
		}
	}
}
