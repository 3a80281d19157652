package queueing

import "testing"

// Where a lane is down until its pools have sent most of what they send, their
// Poisson numbers vary by far more than what is served and than what they are: a
// normal law as much wider is off by as much as is stated, beside what else is.
func TestPoissonPoolsOwnUpToTheirWidth(t *testing.T) {
	uniform := func(n int, over float64) Source { return Spread(n, 0, over) }
	for _, c := range []struct {
		name         string
		pools        []Source
		least, below float64
	}{
		{"spent", []Source{uniform(50, 100), uniform(150, 120)}, 0.25, 0.5 + 1e-12},
		{"hardly begun", []Source{uniform(50, 1e6), uniform(150, 1e6)}, 0, 0.01},
	} {
		l := laneOf(t, Config{Servers: 1, DownFor: 110, Service: Gamma{1, 4}, Arrivals: arrivalsOf(t, c.pools...)})
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if off := p.widened(310); !(off >= c.least && off < c.below) {
			t.Errorf("%s: off by %g", c.name, off)
		}
	}
	// 200 sent for sure, and the services of all: 200/4 against 200/4 + 200
	l := laneOf(t, Config{Servers: 1, DownFor: 110, Service: Gamma{1, 4}, Arrivals: arrivalsOf(t, uniform(200, 100))})
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "all sent", p.widened(310), 0.30901699437494745, 1e-12) // (sqrt 5 - 1)/4
}
