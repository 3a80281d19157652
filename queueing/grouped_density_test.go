package queueing

import (
	"math"
	"testing"
	"time"
)

// Groups by the equation of the second kind, numbers continued from Poisson ones,
// against the chain for complex means, which shares none of that.
func TestGroupedDensityOnCircle(t *testing.T) {
	pool := func(n, size int, start, delay float64) Pool {
		return Pool{Instances: n, Requests: size, Together: true, Start: start, Delay: ExponentialDelay{delay}}
	}
	for name, c := range map[string]struct {
		Config
		sources []Source
	}{
		"surge":            {Config{Servers: 1, Service: Exponential{.1}, Backlog: 300, Target: idle}, []Source{Steady{4}, pool(240, 3, 0, 100)}},
		"large groups":     {Config{Servers: 1, Service: Exponential{.1}, Backlog: 400, Target: idle}, []Source{Steady{2}, pool(200, 20, 0, 700)}},
		"Erlang":           {Config{Servers: 1, Service: Gamma{.1, 4}, Backlog: 150, Target: idle}, []Source{Steady{4}, pool(120, 4, 0, 100)}},
		"hyperexponential": {Config{Servers: 1, Service: BalancedHyperexponential(.1, 3), Backlog: 200}, []Source{Steady{3}, pool(120, 2, 0, 100)}},
		"eight servers":    {Config{Servers: 8, Service: Exponential{.8}, Backlog: 250}, []Source{Steady{4}, pool(150, 3, 0, 100)}},
		"down":             {Config{Servers: 1, Service: Exponential{.1}, Backlog: 100, DownFor: 20, Target: idle}, []Source{Steady{4}, pool(120, 3, 10, 100), Batch{30, 30}}},
		"two sizes":        {Config{Servers: 1, Service: Exponential{.1}, Backlog: 300, Target: idle}, []Source{Steady{3}, pool(110, 3, 0, 100), pool(120, 2, 0, 60)}},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			p, err := newProblem(laneOf(t, c.with(arrivalsOf(t, c.sources...))), SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			p, open, err := p.settled()
			if err != nil || len(open) == 0 {
				t.Fatal(open, err)
			}
			got, err := p.fixed(open, problem.groupedDensity)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			took := time.Since(begun)
			law, _ := phases(p.cfg.Service)
			want, _, err := p.circled(open, law, 1e11)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			worst := 0.0
			for q := 0.001; q < 1; q += 0.01 {
				x := want.Quantile(q)
				off := math.Abs(got.CDF(x) - want.CDF(x))
				worst = math.Max(worst, off)
				if off > got.AbsError+want.AbsError {
					t.Errorf("%s: P(T <= %g) is off by %.1e, stated %.1e and %.1e", name, x, off, got.AbsError, want.AbsError)
					break
				}
			}
			t.Logf("%s: %s err %.1e worst %.1e took %v, %v; %g", name, got.Quality, got.AbsError, worst, took, time.Since(begun)-took, got.Quantile(.5))
		})
	}
}

func (c Config) with(a Arrivals) Config {
	c.Arrivals = a
	return c
}
