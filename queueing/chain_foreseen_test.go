package queueing

import (
	"errors"
	"testing"
)

// evenChain takes as much for each second as for any other, and absorbs nothing.
type evenChain struct {
	follower
	t, each float64
}

func (c *evenChain) Advance(t float64) error { c.t = t; return nil }
func (c *evenChain) Time() float64           { return c.t }
func (c *evenChain) Work() float64           { return c.each * c.t }

// A chain is given up as soon as it shows that it would take more than there is,
// and not where it would do.
func TestForeseen(t *testing.T) {
	a, err := NewArrivals(Stream{Name: "steady", Source: Steady{5}}, Stream{Name: "first", Source: Batch{Size: 500}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLane(Config{Name: "100 s", Arrivals: a, Service: Exponential{.1}, Servers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ each, most, until float64 }{{10, 1e4, 100}, {10, 300, 10}, {10, 0, 10}, {1000, 1e4, 10}} {
		chain := &evenChain{each: c.each}
		r := &chainRecord{chain: chain, effort: newEffort(c.most)}
		r.expect(l, 0)
		err := r.advance(80)
		var refused *UnsupportedError
		switch {
		case c.until > 80 && (err != nil || chain.t != 80):
			t.Errorf("%g of %g a second: %v after %g s", c.each, c.most, err, chain.t)
		case c.until <= 80 && (!errors.As(err, &refused) || chain.t > c.until):
			t.Errorf("%g of %g a second: %v after %g s", c.each, c.most, err, chain.t)
		}
	}
}
