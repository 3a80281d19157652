package queueing

import (
	"fmt"
	"math"
	"testing"
)

// Two requests of fixed length near saturation: the lattice is too long to be
// stepped through. Mean k s / (1 - rho) and variance k rho s^2 / (1 - rho)^3
// of a busy period that k requests of length s start.
func TestFixedServiceNearSaturation(t *testing.T) {
	const k, s, rho = 2, 0.1, 0.9999
	l := laneOf(t, Config{Backlog: k, Servers: 1, Service: Deterministic{s}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{rho / s})})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Quality != Exact {
		t.Errorf("%s is %s: %s", d.Method, d.Quality, d.Reason)
	}
	mean, sd := k*s/(1-rho), s*math.Sqrt(k*rho/math.Pow(1-rho, 3))
	if math.Abs(d.Mean()/mean-1) > 1e-6 || math.Abs(d.StdDev()/sd-1) > 1e-6 {
		t.Errorf("mean %g, sd %g; want %g, %g", d.Mean(), d.StdDev(), mean, sd)
	}
}

// What a cell of the density holds is the mass of its lattice point: narrow
// laws and wide, where few requests have arrived and where many have, to the
// sixth standard deviation. The mass's own exponent has sqrt(a) 1e-15 of noise.
func TestCellsHoldTheirPoints(t *testing.T) {
	for _, c := range []borelTanner{{1, .9}, {1, .9999}, {10, .99}, {1000, .4}, {300, .5}, {1e6, .1}, {1e6, 1e-3}, {1e9, .4}} {
		mean, sd := c.k/(1-c.rho), math.Sqrt(c.k*c.rho/math.Pow(1-c.rho, 3))
		for z := -6.0; z <= 6; z++ {
			n := math.Max(math.Round(mean+z*sd), c.k+fewArrived)
			got := gaussPiece(n-.5, n+.5, func(x float64) float64 { return math.Exp(c.cell(x)) })
			near(t, fmt.Sprintf("k %g, load %g: cell of %g", c.k, c.rho, n), got, c.mass(n), 1e-10+2e-15*math.Sqrt(n-c.k))
		}
	}
}

// The law by cells against all of its points, listed one by one: both tails,
// moments and the mean excess, on the points and between them.
func TestCellsMeetThePoints(t *testing.T) {
	for _, c := range []struct {
		k    int
		rate float64
	}{{1, 9}, {30, 9}, {1000, 4}, {3, 9.7}, {20000, 6}} {
		l := constantCase(t, c.k, c.rate, Deterministic{.1}, 1, idle)
		d, err := ClosedFormDrain(l, SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		law, is := d.Distribution.(longLattice)
		if !is {
			t.Errorf("%d at %g/s: %T", c.k, c.rate, d.Distribution)
			continue
		}
		q := borelTanner{float64(c.k), c.rate / 10}
		_, end := law.tail.span()
		points := make([]float64, int(end/.1)-c.k)
		for i := range points {
			points[i] = q.mass(float64(c.k + i))
		}
		all := newLattice(0, .1, c.k, points)
		near(t, "mean", d.Mean(), all.Mean(), 1e-10)
		near(t, "sd", d.StdDev(), all.StdDev(), 1e-10)
		for _, p := range []float64{1e-4, .01, .5, .9, .99, .9999} {
			if got, want := d.Quantile(p), all.Quantile(p); got != want {
				t.Errorf("%d at %g/s: P%g is %.17g, want %.17g", c.k, c.rate, 100*p, got, want)
			}
			for _, at := range []float64{all.Quantile(p), all.Quantile(p) + .03} {
				near(t, "CDF", d.CDF(at), all.CDF(at), 1e-11)
				near(t, "P(T > t)", d.Exceed(at), all.Exceed(at), 1e-10)
				near(t, "E(T-t)^+", d.MeanOver(at), all.MeanOver(at), 1e-9)
			}
		}
		far := all.Quantile(1 - 1e-12)
		near(t, "P(T > t) far out", d.Exceed(far), all.Exceed(far), 1e-7)
	}
}
