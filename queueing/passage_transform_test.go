package queueing

import (
	"fmt"
	"math"
	"testing"
)

// The contour integral against sums of gamma densities.
func TestTransformSums(t *testing.T) {
	for _, shape := range []float64{.25, 1, 4} {
		w := &poleSums{service: Gamma{.1, shape}, edge: shape / .1}
		g := newGammaSums(Gamma{.1, shape})
		for _, c := range [][3]float64{{1, .01, 0}, {1, .1, .05}, {3, .2, .7}, {100, 14, 30}, {1000, 480, 3900}, {2, 1e-4, .001}, {1, 30, 280}} {
			got, want := w.last(c[0], c[1], c[2]), g.sum(c[0], c[1], c[2], func(n float64) float64 { return c[1] / n })
			near(t, fmt.Sprintf("shape %g at %v", shape, c), got, want, 1e-12)
		}
	}
}

func worstBetween(a, b Drain) float64 {
	worst := 0.0
	for p := 0.003; p < 1; p += 0.0301 {
		x := b.Quantile(p)
		worst = math.Max(worst, math.Abs(a.CDF(x)-b.CDF(x)))
	}
	return worst
}

func TestTransformSurge(t *testing.T) {
	d, err := SolveDrain(surgeLane(t, BalancedHyperexponential(.1, 4)), SolveOptions{Tolerance: 1e-10})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", d.Mean(), 487.335596, 2e-9)
	near(t, "sd", d.StdDev(), 34.564966, 2e-8)
	near(t, "P99", d.Quantile(.99), 569.744308, 2e-9)
	if d.Quality != Exact || d.AbsError > 1e-9 {
		t.Errorf("%s, error %g", d.Quality, d.AbsError)
	}
	checkLaw(t, d)
}

// Services that are exponential after all, against the Skellam form; gamma
// services by the transform against the gamma sums; and hyperexponential
// services against the chain of their phases. Each kind of lane meets each kind
// of service, and one of two laws of either.
func TestTransformAgainstOthers(t *testing.T) {
	step, err := NewTrace([]float64{0, 2, 30, 80}, []float64{22, 120, 50}, false)
	if err != nil {
		t.Fatal(err)
	}
	balanced, rare := BalancedHyperexponential(.1, 4), Hyperexponential{.05, 1, .0525}
	for name, c := range map[string]struct {
		Config
		mixture Hyperexponential
		shape   float64
	}{
		"surge":  {Config{Backlog: 25, Arrivals: arrivalsOf(t, Steady{2}, Surge{12, 4})}, rare, .5},
		"one":    {Config{Backlog: 1, Arrivals: arrivalsOf(t, Steady{3}, Surge{15, 2}), Target: Target{Idle: true, FirstPassage: true}}, balanced, 4},
		"batch":  {Config{Backlog: 40, Arrivals: arrivalsOf(t, step, Batch{25, 3}), Target: Target{FirstPassage: true}}, balanced, 4},
		"waits":  {Config{Backlog: 30, Arrivals: arrivalsOf(t, Steady{4}, Batch{9, 1}), Target: Target{Waiting: 5, FirstPassage: true}}, rare, .5},
		"no one": {Config{Backlog: 30, Arrivals: arrivalsOf(t, Surge{9, 6}), Target: Target{}}, balanced, 4},
	} {
		c.Servers = 1
		if name != "waits" && name != "no one" {
			c.Target.Idle = true
		}
		c.Service = c.mixture
		got, err := SolveDrain(laneOf(t, c.Config), SolveOptions{Method: DrainDensity, Tolerance: 1e-10})
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := SolveDrain(laneOf(t, c.Config), SolveOptions{Method: Chain, Tolerance: 1e-9})
		if err != nil {
			t.Fatal(name, err)
		}
		if worst := worstBetween(got, want); worst > got.AbsError+1e-9 || got.AbsError > 1e-7 {
			t.Errorf("%s: differs by %.2g, stated %.2g and %.2g", name, worst, got.AbsError, want.AbsError)
		}
		c.Service = Gamma{.1, c.shape}
		l := laneOf(t, c.Config)
		if want, err = SolveDrain(l, SolveOptions{Method: DrainDensity, Tolerance: 1e-10}); err != nil {
			t.Fatal(name, err)
		}
		q := newTransformPassage(l, 0, l.Initial().law(), l.Level(0), &poleSums{service: c.Service, edge: c.shape / .1})
		got = Drain{Distribution: newCurve((SolveOptions{Tolerance: 1e-10}).passage(q), nil, 0)}
		if worst := worstBetween(got, want); worst > want.AbsError+1e-8 {
			t.Errorf("%s shape %g: differs by %.2g, stated %.2g; mass %g", name, c.shape, worst, want.AbsError, got.Distribution.(*curve).total()-1)
		}
	}
}

// A lane that is down at first works off what has come by then.
func TestTransformDown(t *testing.T) {
	for _, target := range []Target{{Idle: true}, {Idle: true, FirstPassage: true}, {Waiting: 3}} {
		c := Config{Backlog: 90, Servers: 1, DownFor: 4, Target: target, Arrivals: arrivalsOf(t, Steady{3}, Surge{4, 5}, Batch{12, 3}, Batch{9, 6})}
		c.Service = Exponential{.1}
		want, err := SolveDrain(laneOf(t, c), SolveOptions{Method: DrainDensity, Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		c.Service = Hyperexponential{.3, .1, .1}
		got, err := SolveDrain(laneOf(t, c), SolveOptions{Method: DrainDensity, Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		if worst := worstBetween(got, want); worst > 1e-9 {
			t.Errorf("%+v: differs by %.2g, stated %.2g and %.2g", target, worst, got.AbsError, want.AbsError)
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	for _, scale := range []int{1, 1e6} {
		l := scaledSurge(b, BalancedHyperexponential(.1, 4), scale)
		b.Run(fmt.Sprintf("hyperexponential surge of %d thousand", scale), func(b *testing.B) {
			for b.Loop() {
				if _, err := SolveDrain(l, SolveOptions{Tolerance: 1e-8}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
