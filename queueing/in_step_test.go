package queueing

import (
	"errors"
	"math"
	"math/cmplx"
	"testing"
)

// meanEnds is the mean number of services of c servers from k0 above the target
// on, by C. D. Crommelin's roots (Post Office Electr. Eng. J. 25 (1932)): each z
// with z^c = e^(a(z-1)), |z| <= 1, a the arrivals in a service, makes z^X a
// martingale of the walk, which ends at 0, -1, … or 1-c. So E z^X = z^k0 at the
// end, for c roots, gives the law of X there, and Wald's equation the mean.
func meanEnds(t *testing.T, c, k0 int, a float64) float64 {
	t.Helper()
	rows, right := make([][]complex128, c), make([]complex128, c)
	for m := range c {
		turn := cmplx.Rect(1, 2*math.Pi*float64(m)/float64(c))
		z := complex(0, 0)
		for range 2000 {
			z = turn * cmplx.Exp(complex(a/float64(c), 0)*(z-1))
		}
		if m == 0 {
			z = 1
		}
		for i := range c {
			rows[m] = append(rows[m], cmplx.Pow(z, complex(float64(c-1-i), 0))) // z^(c-1) z^-i
		}
		right[m] = cmplx.Pow(z, complex(float64(k0+c-1), 0))
	}
	for k := range c {
		for i := range c {
			if i == k {
				continue
			}
			f := rows[i][k] / rows[k][k]
			for j := range c {
				rows[i][j] -= f * rows[k][j]
			}
			right[i] -= f * right[k]
		}
	}
	under := 0.0
	for i := range c {
		under += float64(i) * real(right[i]/rows[i][i])
	}
	return (float64(k0) + under) / (float64(c) - a)
}

func TestInStepByRoots(t *testing.T) {
	for _, c := range []struct {
		servers, backlog int
		rate             float64
	}{{2, 3, 1}, {3, 30, 1.8}, {8, 1000, 5}, {5, 40, 4.5}} {
		l := laneOf(t, Config{Backlog: c.backlog, Servers: c.servers, Service: Deterministic{2}, DownFor: 0, Arrivals: arrivalsOf(t, Steady{c.rate / 2})})
		d, err := SolveDrain(l, SolveOptions{Method: DrainIdentity})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || d.AbsError > 1e-10 {
			t.Errorf("%+v: %s, error %.2g", c, d.Quality, d.AbsError)
		}
		near(t, "mean", d.Mean(), 2*meanEnds(t, c.servers, c.backlog-c.servers, c.rate), 1e-9)
	}
}

// One server, whose law is known by other means, at rates that vary, with batches
// and down at first; and several to whom nothing comes by chance.
func TestInStepAgainstOthers(t *testing.T) {
	l := laneOf(t, Config{Backlog: 60, Servers: 1, Service: Deterministic{.1}, DownFor: 1.5, Target: Target{FirstPassage: true},
		Arrivals: arrivalsOf(t, Steady{2}, Surge{6, 9}, Batch{25, 7.03})})
	got, err := inStepDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	for p := .01; p < 1; p += .07 {
		at := want.Quantile(p) + .05
		near(t, "CDF", got.CDF(at), want.CDF(at), 1e-9)
	}
	l = laneOf(t, Config{Backlog: 47, Servers: 4, Service: Deterministic{3}, Arrivals: arrivalsOf(t, Batch{9, 20})})
	got, err = inStepDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sure, err := certainDrain(l)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "instant", got.Mean(), sure.Mean(), 1e-12)
}

// What takes long is refused before it is done, and what only looks long is not:
// the services in which nothing can be drained are not followed one by one.
func TestInStepIsBounded(t *testing.T) {
	lane := func(backlog, servers int, rate float64) *Lane {
		return laneOf(t, Config{Backlog: backlog, Servers: servers, Service: Deterministic{1}, Target: Target{FirstPassage: true}, Arrivals: arrivalsOf(t, Steady{rate})})
	}
	d, err := inStepDrain(lane(1e6, 2, 2e-9), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "nothing comes", d.CDF(499999.5), math.Exp(-2e-9*499999), 1e-12)
	var refused *UnsupportedError
	if _, err := inStepDrain(lane(1e7, 2, 1.9), SolveOptions{}); !errors.As(err, &refused) {
		t.Errorf("near saturation: %v", err)
	}
}
