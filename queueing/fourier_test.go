package queueing

import (
	"errors"
	"math"
	"math/cmplx"
	"testing"
)

// The series agrees with the ballot densities, which share nothing with it but
// the window.
func TestFourierAgainstBallot(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 4}, Gamma{.1, .25}} {
		for _, c := range []struct {
			n0   int
			rate float64
			tol  float64
		}{{1000, 4, 1e-11}, {1000, 9, 1e-11}, {100, 4, 1e-10}, {30, 1, 1e-9}, {1_000_000, 9, 1e-10}, {1_000_000_000, 4, 1e-8}, {1_000_000_000, 9.999, 1e-8}} {
			l := constantCase(t, c.n0, c.rate, s, 1, idle)
			o := SolveOptions{Tolerance: c.tol}
			want, err := ClosedFormDrain(l, o)
			if err != nil {
				t.Fatal(err)
			}
			got, err := FourierDrain(l, o)
			if err != nil {
				t.Errorf("%T n0 %d rate %g: %v", s, c.n0, c.rate, err)
				continue
			}
			worst := 0.0
			for p := 0.001; p < 1; p += 0.0499 {
				x := want.Quantile(p)
				worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
			}
			if worst > got.AbsError+want.AbsError || got.AbsError > 2*c.tol {
				t.Errorf("%T n0 %d rate %g: differs by %.2g, stated %.2g", s, c.n0, c.rate, worst, got.AbsError)
			}
			near(t, "mean", got.Mean(), want.Mean(), 10*c.tol)
			near(t, "sd", got.StdDev(), want.StdDev(), 1000*c.tol)
			near(t, "P99", got.Quantile(.99), want.Quantile(.99), 10*c.tol)
			near(t, "mean over P90", got.MeanOver(want.Quantile(.9)), want.MeanOver(want.Quantile(.9)), 1e5*c.tol)
			checkLaw(t, got)
		}
	}
}

// Laws without a closed density: moments from the transform's series against
// the cumulants.
func TestFourierMoments(t *testing.T) {
	times := make([]float64, 0, 40)
	for i := range 40 {
		times = append(times, 0.05+0.1*math.Sqrt(2)*math.Pow(float64(i)/40, 2))
	}
	measured, err := NewEmpirical(times)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Service{BalancedHyperexponential(.1, 4), Lognormal{.1, 1}, Lognormal{.1, 4}, measured} {
		l := constantCase(t, 1000, 4, s, 1, idle)
		d, err := FourierDrain(l, SolveOptions{})
		if err != nil {
			t.Errorf("%T: %v", s, err)
			continue
		}
		k, err := DrainCumulants(l)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", d.Mean(), k.Mean, 1e-8)
		near(t, "sd", d.StdDev(), math.Sqrt(k.Variance), 1e-6)
		checkLaw(t, d)
	}
}

// Laws without exponential moments near full load: the window holds the mass,
// so that the moments of the series are the closed ones, or the series says
// that it does not get there.
func TestFourierHeavyTail(t *testing.T) {
	for _, c := range []struct {
		n0   int
		rate float64
		s    Service
	}{{106, 9.59, Lognormal{.1, .314}}, {476, 9.79, Lognormal{.1, .159}}, {997, 9.78, Lognormal{.1, .358}}, {418, 9.8, Lognormal{.1, 2.24}}} {
		l := constantCase(t, c.n0, c.rate, c.s, 1, idle)
		k, err := DrainCumulants(l)
		if err != nil {
			t.Fatal(err)
		}
		d, err := FourierDrain(l, SolveOptions{})
		if err != nil {
			t.Errorf("n0 %d: %v", c.n0, err)
			continue
		}
		near(t, "mean", d.Mean(), k.Mean, 1e-7)
		near(t, "sd", d.StdDev(), math.Sqrt(k.Variance), 1e-6)
		checkLaw(t, d)
	}
	var missed *AccuracyError
	l := constantCase(t, 30, 3.7104048, Lognormal{.261427, .2}, 1, idle)
	if d, err := FourierDrain(l, SolveOptions{}); !errors.As(err, &missed) || missed.Reached > 1 {
		t.Errorf("a spread above the mean: %v, mean %g", err, d.Mean())
	}
}

// A window that ends before the mass does shows in the moments, by no less
// than what lies outside.
func TestFourierLostMass(t *testing.T) {
	l := constantCase(t, 100, 8, Exponential{.1}, 1, idle)
	want, err := ClosedFormDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := constantRates(l, FourierSeries)
	if err != nil {
		t.Fatal(err)
	}
	lo, all := c.bounds(1e-9)
	y := complex(0, 0)
	transform := func(w float64) complex128 {
		y = c.busyDefect(complex(0, w), y)
		return cmplx.Exp(complex(float64(c.k0), 0) * log1pc(-y))
	}
	for _, p := range []float64{.9, .99, .9999, 1 - 1e-6} {
		hi := want.Quantile(p)
		y = 0
		f, _ := newFourierLaw(transform, func(float64) float64 { return 0 }, lo, hi, maxFourierTerms, 1e-10)
		if lost := c.lost(f); lost < want.Exceed(hi) || lost > 10*want.Exceed(hi) {
			t.Errorf("a window up to %g s: lost %.3g, in truth %.3g", hi, lost, want.Exceed(hi))
		}
	}
	y = 0
	f, _ := newFourierLaw(transform, func(float64) float64 { return 0 }, lo, all, maxFourierTerms, 1e-10)
	if lost := c.lost(f); lost > 1e-9 {
		t.Errorf("the whole window: lost %.3g", lost)
	}
}

func TestFourierRefuses(t *testing.T) {
	_, err := FourierDrain(constantCase(t, 2, 9, Exponential{.1}, 1, idle), SolveOptions{})
	var missed *AccuracyError
	if !errors.As(err, &missed) || missed.Reached < 1e-8 || missed.Asked != 1e-8 {
		t.Errorf("spread above the mean: %v", err)
	}
	var no *UnsupportedError
	if _, err := FourierDrain(constantCase(t, 1000, 4, Deterministic{.1}, 1, idle), SolveOptions{}); !errors.As(err, &no) {
		t.Errorf("deterministic service: %v", err)
	}
	grid, err := NewEmpirical([]float64{.05, .1, .15, .3})
	if err != nil {
		t.Fatal(err)
	}
	d, err := FourierDrain(constantCase(t, 1000, 4, grid, 1, idle), SolveOptions{})
	if err != nil || d.Quality != Approximate || d.AbsError < 1e-4 {
		t.Errorf("measured on a lattice: %v, %s, %g", err, d.Quality, d.AbsError)
	}
	if span := grid.span(); math.Abs(span-.05) > 1e-9 {
		t.Errorf("span %g, want 0.05", span)
	}
}

func BenchmarkFourier(b *testing.B) {
	l := constantCase(b, 1000, 4, Gamma{.1, 4}, 1, idle)
	for b.Loop() {
		if _, err := FourierDrain(l, SolveOptions{Tolerance: 1e-10}); err != nil {
			b.Fatal(err)
		}
	}
}
