package queueing

import (
	"testing"
)

// A large pool cut into two, at few complex means, against the whole: by phases at
// evenly spread ones where the lane may be drained before overload ends, by a
// continuation where not.
func TestLargePoolsInParts(t *testing.T) {
	lane := func(s Service, level, backlog int, start float64, numbers ...int) *Lane {
		sources := []Source{Steady{.3}}
		for _, n := range numbers {
			sources = append(sources, Pool{Instances: n, Requests: 1, Start: start, Delay: ExponentialDelay{24}})
		}
		return laneOf(t, Config{Servers: 1, Service: s, Backlog: backlog, Target: Target{Idle: level == 0, Waiting: max(0, level-1)}, Arrivals: arrivalsOf(t, sources...)})
	}
	erlang, hyper, rough := Gamma{.1, 3}, BalancedHyperexponential(.1, 3), Gamma{.1, .6}
	for _, c := range []struct {
		name    string
		service Service
		level   int
		backlog int
		start   float64
	}{
		{"Erlang, two wait", erlang, 3, 5, 2},
		{"hyperexponential", hyper, 0, 5, 2},
		{"gamma, busy, two wait", rough, 3, 100, 0},
		{"hyperexponential, busy", hyper, 0, 100, 0},
	} {
		if testing.Short() && c.name == "hyperexponential" {
			continue
		}
		p, err := newProblem(lane(c.service, c.level, c.backlog, c.start, 120, 100), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.atComplexMeans(c.start == 0)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		whole, err := SolveDrain(lane(c.service, c.level, c.backlog, c.start, 220), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !(whole.AbsError < 2e-7) || !(d.AbsError < 4e-7) || d.Quality != Exact {
			t.Errorf("%s: errors %.1g, and %.1g of the whole: %s", c.name, d.AbsError, whole.AbsError, whole.Reason)
		}
		if off := mostApart(d, whole); !(off <= d.AbsError+whole.AbsError) {
			t.Errorf("%s: off by %.2g, stated %.2g and %.2g", c.name, off, d.AbsError, whole.AbsError)
		}
	}
}

// Two large pools that meet in an overload after a calm. Their numbers make nearly all
// that the time varies by, and what has come before is forgotten: the chain of phases,
// with points of its own, agrees.
func TestLargePoolsThatMeet(t *testing.T) {
	l := laneOf(t, Config{Servers: 1, Service: Gamma{1, 2}, Target: Target{Waiting: 0}, Arrivals: arrivalsOf(t, Steady{.3},
		Spread(320, 600, 260), Pool{Instances: 160, Requests: 1, Start: 880, Delay: ExponentialDelay{600}})})
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if from := p.filling(); from != 600 {
		t.Errorf("the lane fills from %g on", from)
	}
	d, err := p.byVolterra()
	if err != nil {
		t.Fatal(err)
	}
	chain, err := SolveDrain(l, SolveOptions{Method: Chain})
	if err != nil {
		t.Fatal(err)
	}
	if d.AbsError > 1e-7 || d.Quality != Exact {
		t.Errorf("%g reached, by the chain %g", d.AbsError, chain.AbsError)
	}
	agree(t, chain, d, d.AbsError+chain.AbsError)
}
