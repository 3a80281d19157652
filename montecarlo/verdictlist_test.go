package montecarlo

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// TestVerdictList has two goroutines set neighbours, and compares with a plain
// slice.
func TestVerdictList(t *testing.T) {
	const n = 1000
	want, rng := make([]Verdict, n), rand.New(rand.NewPCG(1, 2))
	for i := range want {
		want[i] = Verdict(rng.IntN(4))
	}
	l := verdictList(nil).lengthened(n / 2).lengthened(n)
	var group sync.WaitGroup
	for side := range 2 {
		group.Go(func() {
			for i := side; i < n; i += 2 {
				l.set(i, want[i])
			}
		})
	}
	group.Wait()
	if got := l.slice(0, n); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var counted Verdicts
	for _, v := range want[:n-7] {
		counted.count(v)
	}
	if got := l.tally(n - 7); got != counted {
		t.Errorf("tally %+v, want %+v", got, counted)
	}
	if longer := l.lengthened(2 * n); !slices.Equal(longer.slice(0, n), want) || longer.at(2*n-1) != Drained {
		t.Error("a longer list forgets or invents verdicts")
	}
}

// TestFinished marks ranges in any order.
func TestFinished(t *testing.T) {
	f := newFinished(10)
	for _, c := range []struct{ from, to, upTo int }{
		{20, 30, 10}, {40, 50, 10}, {10, 20, 30}, {30, 35, 35}, {35, 40, 50},
	} {
		if f.mark(c.from, c.to); f.upTo != c.upTo {
			t.Errorf("after %d to %d: done up to %d, want %d", c.from, c.to, f.upTo, c.upTo)
		}
	}
	if len(f.later) != 0 {
		t.Errorf("ranges %v are kept", f.later)
	}
}
