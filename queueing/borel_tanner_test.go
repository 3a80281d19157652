package queueing

import (
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
