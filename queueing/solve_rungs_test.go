package queueing

import (
	"errors"
	"math"
	"testing"
)

// Where services are exponential the mean and the variance are all that the
// number in a lane knows: followed over rungs it is within the rungs' distances
// of the exact law, whatever the lane does.
func TestRungsAgainstExact(t *testing.T) {
	surge := Surge{6, 60}
	cases := map[string]Config{
		"no wait":       {Backlog: 100, Servers: 4, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{3}, surge)},
		"idle":          {Backlog: 60, Servers: 4, Service: Exponential{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{2}, surge)},
		"some wait":     {Backlog: 300, Servers: 20, Service: Exponential{2}, Target: Target{Waiting: 30}, Arrivals: arrivalsOf(t, Steady{8})},
		"later batch":   {Servers: 8, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{6}, Batch{Size: 200, At: 100})},
		"down at first": {Servers: 8, Service: Exponential{1}, DownFor: 60, Arrivals: arrivalsOf(t, Steady{6})},
		"servers join": {Backlog: 400, Servers: 5, Service: Exponential{1}, ScaleOut: []Join{{After: 90, Servers: 3}}, Target: idle,
			Arrivals: arrivalsOf(t, Steady{3})},
		"saturated": {Backlog: 20, Servers: 3, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{2.97})},
	}
	for name, cfg := range cases {
		p, err := newProblem(laneOf(t, cfg), SolveOptions{})
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := p.byDensity()
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := p.byRungs()
		if err != nil {
			t.Fatal(name, err)
		}
		for _, q := range []float64{0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999} {
			at := want.Quantile(q)
			if d := math.Abs(got.CDF(at) - want.CDF(at)); d > 0.004 {
				t.Errorf("%s: CDF(%g) = %.5f, want %.5f", name, at, got.CDF(at), want.CDF(at))
			}
		}
		if math.Abs(got.Mean()/want.Mean()-1) > 0.01 {
			t.Errorf("%s: mean %g, want %g", name, got.Mean(), want.Mean())
		}
	}
}

// One server of other services, against laws that follow each of them.
func TestRungsOfOneServer(t *testing.T) {
	for name, service := range map[string]Service{"deterministic": Deterministic{1}, "erlang": Gamma{1, 4}, "hyperexponential": BalancedHyperexponential(1, 4)} {
		for target, level := range map[string]Target{"no wait": {}, "idle": idle} {
			l := laneOf(t, Config{Backlog: 40, Servers: 1, Service: service, Target: level, Arrivals: arrivalsOf(t, Steady{0.9})})
			want, err := SolveDrain(l, SolveOptions{})
			if err != nil || want.Quality != Exact {
				t.Fatal(name, want.Quality, err)
			}
			p, err := newProblem(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.byRungs()
			if err != nil {
				t.Fatal(name, err)
			}
			for _, q := range []float64{0.05, 0.3, 0.5, 0.7, 0.95, 0.99} {
				at := want.Quantile(q)
				if d := math.Abs(got.CDF(at) - want.CDF(at)); d > got.AbsError {
					t.Errorf("%s until %s: CDF(%g) = %.4f, want %.4f to %g", name, target, at, got.CDF(at), want.CDF(at), got.AbsError)
				}
			}
		}
	}
}

// Servers that idle all at once after ages: the rare end has the mean of the
// recursion of birth-death chains, and takes no more work than a short one.
func TestRungsOfRareEnds(t *testing.T) {
	for servers, rate := range map[int]float64{30: 27, 300: 40, 900: 90, 3000: 100} {
		l := laneOf(t, Config{Backlog: servers, Servers: servers, Service: Exponential{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{rate})})
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p.effort = newEffort(3e7)
		got, err := p.byRungs()
		if err != nil {
			t.Fatal(servers, err)
		}
		h := 1 / (float64(servers) - rate)
		mean := h
		for n := servers - 1; n > 0; n-- {
			h = (1 + rate*h) / float64(n)
			mean += h
		}
		if math.Abs(got.Mean()/mean-1) > 1e-2 {
			t.Errorf("%d servers: mean %g, want %g", servers, got.Mean(), mean)
		}
	}
}

// Lanes near saturation whose servers' phases would take long to follow are
// refused before that, and answered with little work. From a large backlog the
// mean is that of the mean path, whatever the variance.
func TestNearSaturationTakesLittleWork(t *testing.T) {
	for name, batch := range map[string]Batch{"at first": {2000, 0}, "later": {2000, 200}} {
		l := laneOf(t, Config{Servers: 3, Service: BalancedHyperexponential(1, 4), Target: idle, Arrivals: arrivalsOf(t, Steady{2.97}, batch)})
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p.effort = newEffort(1)
		var refused *UnsupportedError
		if _, err := p.byServers(); !errors.As(err, &refused) || p.effort.spent > 0 {
			t.Errorf("%s: after %g states times jumps: %v", name, p.effort.spent, err)
		}
		p.effort = newEffort(1e7)
		if _, err := p.byRungs(); err != nil {
			t.Error(name, err)
		}
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Diffusion || d.Quality != Approximate || !(d.AbsError >= 0.01 && d.AbsError < 0.25) {
			t.Errorf("%s: %s, %s, to %g, %v", name, d.Method, d.Quality, d.AbsError, err)
		}
		mean := 2000/0.03 + batch.At
		if m := d.Mean(); math.Abs(m/mean-1) > 0.05 {
			t.Errorf("%s: mean %g, want about %g", name, m, mean)
		}
	}
}

// Nine hundred servers of any law at nine tenths of their capacity never idle.
func TestNeverIdleWhateverTheLaw(t *testing.T) {
	for name, s := range map[string]Service{"erlang": Gamma{1, 4}, "lognormal": Lognormal{1, 2}, "deterministic": Deterministic{1}} {
		l := laneOf(t, Config{Backlog: 1000, Servers: 900, Service: s, Target: idle, Arrivals: arrivalsOf(t, Steady{810})})
		if err := l.Endures(); !errors.Is(err, ErrEndless) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := SolveDrain(l, SolveOptions{}); !errors.Is(err, ErrEndless) {
			t.Errorf("%s is solved: %v", name, err)
		}
		l = laneOf(t, Config{Backlog: 1000, Servers: 900, Service: s, Target: idle, Arrivals: arrivalsOf(t, Steady{20})})
		if err := l.Endures(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
