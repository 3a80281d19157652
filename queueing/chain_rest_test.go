package queueing

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// surging is a lane of two servers that a surge of 120 requests meets, until it
// is idle.
func surging(t testing.TB, rate float64) *Lane {
	return laneOf(t, Config{Backlog: 20, Servers: 2, Service: Exponential{.2}, Target: idle, Arrivals: arrivalsOf(t, Steady{rate}, Surge{2, 60})})
}

// The end of a law by the transforms of the passages that are left against the
// chain that follows it all the way.
func TestRestOfChain(t *testing.T) {
	l := surging(t, 9.2)
	d, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	chain, err := SolveChain(l, SolveOptions{Tolerance: 1e-11})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, chain, d, 1e-10)
	for _, p := range []float64{1e-3, 1e-5, 1e-7} {
		x := chain.Quantile(1 - p)
		near(t, "tail", d.Exceed(x), chain.Exceed(x), 1e-5)
	}
}

// Next to saturation, where the chain would take ages, the masses that are
// followed and those that are inverted add up to 1.
func TestRestOfChainNearSaturation(t *testing.T) {
	last := 0.0
	for _, rate := range []float64{9.5, 9.7} {
		d, err := SolveDrain(surging(t, rate), SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		if d.AbsError > 1e-9 || !(d.Mean() > last) {
			t.Errorf("at %g/s: %+v, mean %g", rate, d, d.Mean())
		}
		last = d.Mean()
	}
}

// Nineteen servers idle at once after hundreds of years: a batch that comes
// after a second makes the difference of a second to one that is there at 0,
// whose passage is inverted instant by instant.
func TestRestOfChainEscapes(t *testing.T) {
	config := Config{Servers: 19, Service: Exponential{18.8988}, Target: idle, Arrivals: arrivalsOf(t, Steady{1.00435}, Batch{214, 1})}
	d, err := SolveDrain(laneOf(t, config), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	config.Backlog, config.Arrivals = 214, arrivalsOf(t, Steady{1.00435})
	want, err := SolveDrain(laneOf(t, config), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Quality != Exact || d.Method != DrainDensity {
		t.Errorf("%+v", d)
	}
	near(t, "mean", d.Mean(), want.Mean(), 1e-6)
	for _, p := range []float64{.5, 1e-3, 1e-9} {
		near(t, "quantile", d.Quantile(1-p), want.Quantile(1-p), 1e-6)
	}
}

// A lane that has come to rest forgets how long ago: a batch that meets it later
// drains as much later.
func TestRestBeforeBatch(t *testing.T) {
	law := func(at float64) Drain {
		d, err := SolveDrain(laneOf(t, Config{Servers: 4, Service: Exponential{.4}, Backlog: 40,
			Arrivals: arrivalsOf(t, Steady{8}, Batch{100, at})}), SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	soon, late := law(500), law(50_000)
	for _, p := range []float64{.01, .5, .99, .9999} {
		near(t, "quantile after the batch", late.Quantile(p)-50_000, soon.Quantile(p)-500, 1e-9)
	}
}

// BenchmarkRestOfChain has both ways beside each other: the ratio of their times
// is what the transforms save.
func BenchmarkRestOfChain(b *testing.B) {
	for _, m := range []Method{DrainDensity, Chain} {
		b.Run(string(m), func(b *testing.B) {
			l := surging(b, 9.8)
			for b.Loop() {
				if _, err := SolveDrain(l, SolveOptions{Method: m}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A surge on servers that hardly anything else arrives at leaves nothing for the
// transforms once rates are constant. The chain is the oracle.
func TestRestOfNothing(t *testing.T) {
	l := laneOf(t, Config{Backlog: 200, Servers: 40, Service: Exponential{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{1e-103}, Surge{60, 2.7})})
	got, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	want, err := SolveDrain(l, SolveOptions{Method: Chain})
	if err != nil {
		t.Fatal(err)
	}
	if worst := worstBetween(got, want); worst > got.AbsError+want.AbsError+1e-12 {
		t.Errorf("differs by %.1g, stated %.1g and %.1g", worst, got.AbsError, want.AbsError)
	}
}

// Rates that add up to the capacity but for rounding never drain; next to it a
// law is found. Its oracle is the inverse Gaussian limit without drift: the first
// passage from k requests is that of a Brownian motion, erfc(k / sqrt(2 v t)) by
// t, with v = 1 + SCV the variance of arrivals less services a second.
func TestNextToSaturation(t *testing.T) {
	const rate = 2.74876e-08
	if _, err := SolveDrain(laneOf(t, Config{Backlog: 9, Servers: 1, Service: Gamma{1 / rate, 100}, Arrivals: arrivalsOf(t, Steady{rate})}), SolveOptions{}); !errors.Is(err, ErrNever) {
		t.Errorf("got %v", err)
	}
	for shape, s := range map[float64]Service{1: Exponential{1 - 5e-15}, 4: Gamma{1 - 5e-15, 4}} {
		d, err := SolveDrain(laneOf(t, Config{Backlog: 1e6, Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{1})}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		x := 1e12
		near(t, fmt.Sprintf("shape %g", shape), d.CDF(x), math.Erfc(1e6/math.Sqrt(2*x*(1+1/shape))), 1e-5)
	}
}
