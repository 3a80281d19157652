package queueing

import (
	"math"
	"testing"

	"singlelane/queueing/markov"
)

// Phase by phase against the density of a sum of services, and against the
// moments of the delay busy period (Takács 1962).
func TestPhasesMeetDensity(t *testing.T) {
	erlang := Gamma{0.1, 4}
	for name, l := range map[string]*Lane{
		"surge":    laneOf(t, Config{Backlog: 60, Servers: 1, Service: erlang, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{3}, Surge{4, 20})}),
		"constant": laneOf(t, Config{Backlog: 40, Servers: 1, Service: erlang, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4})}),
		"a batch":  laneOf(t, Config{Backlog: 40, Servers: 1, Service: erlang, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4}, Batch{20, 1.5})}),
	} {
		t.Run(name, func(t *testing.T) {
			a, err := SolveChain(l, SolveOptions{Tolerance: 1e-9})
			if err != nil {
				t.Fatal(err)
			}
			b, err := SolveDrain(l, SolveOptions{Tolerance: 1e-9})
			if err != nil {
				t.Fatal(err)
			}
			agree(t, a, b, 5e-9)
		})
	}
}

func TestHyperexponentialMoments(t *testing.T) {
	h := BalancedHyperexponential(0.1, 4)
	l := laneOf(t, Config{Backlog: 30, Servers: 1, Service: h, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{4})})
	d, err := SolveChain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const rho = 0.4
	mean := 30 * 0.1 / (1 - rho)
	variance := 30 * 0.01 * (4 + rho) / math.Pow(1-rho, 3)
	if math.Abs(d.Mean()/mean-1) > 1e-8 || math.Abs(d.StdDev()/math.Sqrt(variance)-1) > 1e-7 {
		t.Errorf("mean %.10g, sd %.10g, want %.10g and %.10g", d.Mean(), d.StdDev(), mean, math.Sqrt(variance))
	}
}

// A limit that is never reached changes nothing; one that is reached drains
// in the mean time that elimination gives.
func TestLimitedLane(t *testing.T) {
	open := Config{Backlog: 30, Servers: 2, Service: Exponential{0.2}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{6})}
	a, err := SolveChain(laneOf(t, open), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	open.Mechanisms = Mechanisms{Limited: true, QueueLimit: 500}
	b, err := SolveChain(laneOf(t, open), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, a, b, 1e-8)
	open.Mechanisms.QueueLimit = 30
	c, err := SolveChain(laneOf(t, open), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	birth, death := make([]float64, 32), make([]float64, 32)
	for i := range birth {
		birth[i], death[i] = 6, 5*math.Min(2, float64(i+1)) // state i has i+1 requests
	}
	birth[31] = 0
	g, err := markov.BirthDeath(birth, death)
	if err != nil {
		t.Fatal(err)
	}
	m, err := g.Absorption()
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := m.At(29)
	if math.Abs(c.Mean()/mean-1) > 1e-9 || math.Abs(c.StdDev()/sd-1) > 1e-8 {
		t.Errorf("mean %.12g, sd %.12g, want %.12g and %.12g", c.Mean(), c.StdDev(), mean, sd)
	}
}

// The orbit's drain against the mean and deviation by elimination.
func TestOrbitDrain(t *testing.T) {
	l := laneOf(t, Config{Backlog: 8, Servers: 2, Service: Exponential{0.5}, Target: Target{Idle: true},
		Arrivals: arrivalsOf(t, Steady{2.5}), Mechanisms: Mechanisms{Limited: true, QueueLimit: 6}})
	d, err := SolveOrbit(l, RetryOrbit{Waiting: 10, MeanDelay: 2}, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := markov.Orbit{Arrivals: 2.5, ServiceRate: 2, Servers: 2, Limit: 8, Size: 80, RetryRate: 0.5, Refused: 1}
	a, err := c.Drain(0)
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := a.At(c.Index(8, 10))
	if math.Abs(d.Mean()/mean-1) > 1e-8 || math.Abs(d.StdDev()/sd-1) > 1e-7 {
		t.Errorf("mean %.12g, sd %.12g, want %.12g and %.12g (%s)", d.Mean(), d.StdDev(), mean, sd, d.Reason)
	}
}

// A lane of seven states is followed however long its overload: once it is full what has
// come before no longer matters, and it drains as one does whose surge begins later.
func TestLimitedLaneUnderLongOverload(t *testing.T) {
	const decay, later = 600.0, 500.0
	law := func(backlog int, since float64) Drain {
		l := laneOf(t, Config{Backlog: backlog, Servers: 5, Service: Exponential{.5}, Target: Target{Idle: true},
			Arrivals: arrivalsOf(t, Surge{500 * math.Exp(-since/decay), decay}), Mechanisms: Mechanisms{Limited: true, QueueLimit: 2}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Quality != Exact {
			t.Fatalf("%s, %s: %v", d.Quality, d.Reason, err)
		}
		return d
	}
	early, late := law(2, 0), law(7, later)
	for _, p := range []float64{1e-6, .01, .3, .5, .8, .99, 1 - 1e-6} {
		x := late.Quantile(p) + 1e-6 // past the end of overload, at which there is an atom
		if was, is := late.CDF(x), early.CDF(x+later); math.Abs(is-was) > 1e-8 {
			t.Errorf("P(T <= %g) = %.10f, and %.10f where the surge begins %g s earlier", x, was, is, later)
		}
	}
}
