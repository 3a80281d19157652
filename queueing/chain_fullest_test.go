package queueing

import (
	"context"
	"testing"
)

// Where the phases of several servers take too much at the largest of the means
// that fix the number in a finite stream, no node is followed: with a context that
// has ended none could be.
func TestNoNodeIsFollowedInVain(t *testing.T) {
	l := laneOf(t, Config{Backlog: 8, Servers: 2, Service: BalancedHyperexponential(.2, 9),
		Arrivals: arrivalsOf(t, Steady{8.5}, Surge{10, 16}, Pool{Instances: 420, Requests: 1, Start: .65676, Delay: LognormalDelay{3.87446, .8325546}})})
	ended, end := context.WithCancel(context.Background())
	end()
	p, err := newProblem(l, SolveOptions{Method: Chain, Context: ended})
	if err != nil {
		t.Fatal(err)
	}
	for _, mean := range []float64{1, .8} {
		q, err := p.withMean(2, mean)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.byServers(); !unsupported(err) {
			t.Errorf("at %g of the pool's mean: %v", mean, err)
		}
	}
	q, err := p.withMean(2, .8)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.affords(twoPhaseOf(l.cfg.Service), q.serversTop()); err != nil {
		t.Errorf("the least mean alone: %v", err)
	}
}
