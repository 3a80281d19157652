package queueing

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

// All chains of one way of solving share what they may take.
func TestEffortIsShared(t *testing.T) {
	e := newEffort(1000)
	for range 9 {
		if err := e.spend(100); err != nil {
			t.Fatal(err)
		}
	}
	var refused *UnsupportedError
	if err := e.spend(101); !errors.As(err, &refused) {
		t.Errorf("1001 of 1000 spent: %v", err)
	}
	var none *effort
	if err := none.spend(1e300); err != nil {
		t.Error(err)
	}
}

// A pool whose number is fixed by many chains, each with a tail near
// saturation, is given up by the exact ways, and is answered all the same.
func TestEffortEndsChains(t *testing.T) {
	a, err := NewArrivals(Stream{Name: "steady", Source: Steady{1.98}}, Stream{Name: "one", Source: Batch{At: 30, Size: 1}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLane(Config{Name: "near saturation", Arrivals: a, Service: BalancedHyperexponential(0.5, 20), Servers: 1})
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProblem(l, SolveOptions{Tolerance: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	p.effort = newEffort(1e6)
	var refused *UnsupportedError
	if _, err := p.byServers(); !errors.As(err, &refused) || refused.Method != Chain {
		t.Errorf("a million states times jumps sufficed: %v", err)
	}
}

// Near saturation the number in a lane some of whose servers idle is followed
// for so long only; the answer is then another method's.
func TestIdlingIsFollowedSoLong(t *testing.T) {
	l := constantCase(t, 1, 9.9999999, Exponential{.4}, 4, idle)
	b := &birthDeath{lane: l, now: law{1, []float64{1}}}
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var refused *UnsupportedError
	_, err = p.throughIdle(newSkellamPassage(l, 0, law{3, []float64{0}}, 3), b, []panel{newPanel(0, 1e12, []float64{1e-12})})
	if !errors.As(err, &refused) || refused.Method != DrainDensity {
		t.Errorf("10^13 jumps are followed: %v", err)
	}
}

// One of several like chains that takes more than one and a half times its even
// share is given up, whatever the others take.
func TestEffortInShares(t *testing.T) {
	e := newEffort(1000)
	one, other := e.share(10), e.share(10)
	var refused *UnsupportedError
	if err := one.spend(150); err != nil {
		t.Fatal(err)
	}
	if err := one.spend(1); !errors.As(err, &refused) || !strings.Contains(refused.Reason, "1e+03") {
		t.Errorf("151 of a share of 100 spent: %v", err)
	}
	if err := other.spend(150); err != nil {
		t.Errorf("another share: %v", err)
	}
	if alone := e.share(1); alone.left() != 1000 || one.left() != -1 {
		t.Errorf("%g is left to one alone, %g to one of ten", alone.left(), one.left())
	}
	var none *effort
	if none.share(3) != nil {
		t.Error("a share of what has no end has one")
	}
}

// What follows a failure is not begun, and the first of several is returned.
func TestSideBySideStops(t *testing.T) {
	var begun atomic.Int64
	first := errors.New("first")
	err := sideBySide(10000, func(i int) error {
		begun.Add(1)
		if i >= 3 {
			if i == 3 {
				return first
			}
			return errors.New("later")
		}
		return nil
	})
	if !errors.Is(err, first) {
		t.Errorf("got %v", err)
	}
	if n := begun.Load(); n < 4 || n == 10000 {
		t.Errorf("%d of 10000 were begun", n)
	}
}
