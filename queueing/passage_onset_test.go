package queueing

import (
	"errors"
	"math"
	"math/cmplx"
	"testing"
)

// Passages from few requests with gamma services, whose densities rise like a
// power of the time or fall from infinity: their Laplace transforms against the
// root of Kendall's equation, their moments against the closed ones, and the
// chance of a passage so early that nobody can have arrived against that of the
// services alone.
func TestGammaFromFew(t *testing.T) {
	for _, shape := range []float64{0.02, 0.25, 1.0 / 3, 0.8, 1.7, 4, 64.5} {
		for _, load := range []float64{0.5, 0.99, 0.9999} {
			for _, n := range []int{1, 2, 5} {
				if load == 0.9999 && (n == 2 || n == 1 && shape == 0.02) {
					continue // between others, and takes long
				}
				s := Gamma{0.1, shape}
				l := laneOf(t, Config{Backlog: n, Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{10 * load}), Target: idle})
				d, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
				if err != nil || d.Quality != Exact || d.AbsError > 1e-8 {
					t.Fatalf("shape %g, load %g, from %d: %s, error %.2g, %v", shape, load, n, d.Quality, d.AbsError, err)
				}
				k := d.Distribution.(knownMoments)
				c := k.Distribution.(*curve)
				_, mean, variance := c.moments()
				near(t, "mean", mean, k.mean, 1e-7)
				near(t, "sd", math.Sqrt(variance), k.sd, 1e-7)
				busy := constantLane{n, 10 * load, s}
				for _, r := range []float64{1e-3, 0.1, 10} {
					got := 0.0
					c.each(func(x, mass float64) { got += mass * math.Exp(-r*x) })
					want := real(cmplx.Pow(1-busy.busyDefect(complex(r, 0), 0), complex(float64(n), 0)))
					if math.Abs(got-want) > 1e-8 {
						t.Errorf("shape %g, load %g, from %d: transform at %g is %.12g, want %.12g", shape, load, n, r, got, want)
					}
				}
				early, _ := gammaTails(float64(n)*shape, 1e-9*shape/0.1)
				if got := d.CDF(1e-9); math.Abs(got-early) > 1e-8*early+1e-10 {
					t.Errorf("shape %g, load %g, from %d: drained at once with %g, want %g", shape, load, n, got, early)
				}
			}
		}
	}
}

// A first-kind equation that would take too many panels is no fault of the run.
func TestIdentityPanels(t *testing.T) {
	times, counts := []float64{0}, []float64(nil)
	for i := range 2 * identityPanels {
		times, counts = append(times, float64(i+1)), append(counts, float64(3+i%2))
	}
	trace, err := NewTrace(times, counts, false)
	if err != nil {
		t.Fatal(err)
	}
	l := laneOf(t, Config{Backlog: 2000, Servers: 1, Service: Exponential{0.1}, Arrivals: arrivalsOf(t, trace), Target: Target{Idle: true, FirstPassage: true}})
	_, err = IdentityDrain(l, SolveOptions{})
	var no *UnsupportedError
	if !errors.As(err, &no) || no.Method != DrainIdentity {
		t.Errorf("got %v", err)
	}
}

// Arrivals that have died away to less than a float64 can divide by end sums
// over services at once.
func TestGammaWithoutArrivals(t *testing.T) {
	l := laneOf(t, Config{Backlog: 5, Servers: 1, Service: Gamma{0.1, 2}, Arrivals: arrivalsOf(t, Steady{1}), Target: idle})
	p := newGammaPassage(l, 0, point(5), 0)
	one := func(float64) float64 { return 1 }
	near(t, "sum", p.sum(3, 0.2, 4e-309, one), p.sum(3, 0.2, 0, one), 1e-14)
}
