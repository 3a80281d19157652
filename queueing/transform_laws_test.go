package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Constant rates, where the Fourier series of the busy period knows no sums
// of services, as accurate as it gets.
func TestTransformAgainstFourier(t *testing.T) {
	for _, c := range []struct {
		n0              int
		rate, tolerance float64
		s               Service
	}{{200, 4, 1e-10, Lognormal{.1, 4}}, {200, 7, 1e-12, Lognormal{.1, .3}}, {30, 4, 1e-12, Lognormal{.1, 1}}, {1000, 5, 1e-8, measured(300, 1)}} {
		l := constantCase(t, c.n0, c.rate, c.s, 1, idle)
		got, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		want, err := SolveDrain(l, SolveOptions{Method: FourierSeries, Tolerance: c.tolerance})
		if err != nil {
			t.Fatal(err)
		}
		if worst := worstBetween(got, want); worst > math.Min(2e-6, got.AbsError+want.AbsError) {
			t.Errorf("%d waiting, %g/s, %T: differs by %.2g, stated %.2g and %.2g", c.n0, c.rate, c.s, worst, got.AbsError, want.AbsError)
		}
		checkLaw(t, got)
	}
}

// measured are n times drawn from an Erlang law of shape 2 of mean 0.1 s.
func measured(n int, seed uint64) Empirical {
	r := rand.New(rand.NewPCG(seed, 0))
	times := make([]float64, n)
	for i := range times {
		times[i] = .05 * (r.ExpFloat64() + r.ExpFloat64())
	}
	s, err := NewEmpirical(times)
	if err != nil {
		panic(err)
	}
	return s
}

// Rates that vary, against the first-kind identity on its grids, which are good
// to 1e-3.
func TestTransformAgainstIdentity(t *testing.T) {
	for _, s := range []Service{Lognormal{.1, 4}, Lognormal{.1, .3}, measured(300, 2)} {
		for _, n0 := range []int{30} {
			l := laneOf(t, Config{Backlog: n0, Servers: 1, Service: s, Target: Target{Idle: true, FirstPassage: true},
				Arrivals: arrivalsOf(t, Steady{3}, Surge{9, 4}, Batch{10, .5})})
			got, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
			if err != nil {
				t.Fatal(err)
			}
			want, err := SuperpositionDrain(l)
			if err != nil {
				t.Fatal(err)
			}
			if worst := worstBetween(got, want); worst > 1e-3 {
				t.Errorf("%d waiting, %T: differs by %.2g, stated %.2g", n0, s, worst, got.AbsError)
			}
		}
	}
}

func BenchmarkTransformLognormal(b *testing.B) {
	l := surgeLane(b, Lognormal{.1, 4})
	for b.Loop() {
		if _, err := SolveDrain(l, SolveOptions{Tolerance: 1e-8}); err != nil {
			b.Fatal(err)
		}
	}
}
