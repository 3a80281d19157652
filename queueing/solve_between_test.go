package queueing

import (
	"fmt"
	"math"
	"testing"
)

// idlesFirst is a lane of one server that may idle before overload ends.
func idlesFirst(t testing.TB, s Service, target Target) problem {
	t.Helper()
	p, err := newProblem(laneOf(t, Config{Backlog: 3, Servers: 1, Service: s, Target: target,
		Arrivals: arrivalsOf(t, Steady{4}, Surge{9, 20})}), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// within compares a law with another one, over its body and in its tail, to the
// errors that both state.
func within(t *testing.T, name string, d, want Drain) {
	t.Helper()
	hi, worst := want.Quantile(1-1e-6), 0.0
	for i := range 200 {
		x := hi * float64(i) / 200
		worst = math.Max(worst, math.Abs(d.CDF(x)-want.CDF(x)))
	}
	if !(worst <= d.AbsError+want.AbsError) {
		t.Errorf("%s: off by %.2g where it says %.2g", name, worst, d.AbsError)
	}
}

// Laws between those of Erlang services against the Erlang law that was left
// out, for no wait, and against the density, for idle.
func TestBetweenErlangs(t *testing.T) {
	for _, c := range []struct {
		shape  float64
		target Target
		most   float64 // error stated at most
	}{{5, Target{}, 1e-5}, {1 / .3, idle, 1e-5}} {
		p := idlesFirst(t, Gamma{.1, c.shape}, c.target)
		d, err := p.between()
		if err != nil {
			t.Fatal(err)
		}
		want, err := p.solve()
		if err != nil || want.Quality != Exact {
			t.Fatal(want.Reason, err)
		}
		within(t, fmt.Sprint("shape ", c.shape), d, want)
		if d.AbsError > c.most || want.AbsError > 1e-9 {
			t.Errorf("shape %g: error %g, beside one of %g", c.shape, d.AbsError, want.AbsError)
		}
		checkLaw(t, d)
	}
}

// Services of little spread, down to none: an Erlang law of 16 phases, far from
// those that are followed, and their limit.
func TestBetweenToDeterministic(t *testing.T) {
	p := idlesFirst(t, Gamma{.1, 16}, Target{})
	d, err := p.between()
	if err != nil {
		t.Fatal(err)
	}
	want, err := p.withService(Gamma{.1, 16})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "16 phases", d, want)
	limit, err := idlesFirst(t, Deterministic{.1}, Target{}).byMoments()
	if err != nil {
		t.Fatal(err)
	}
	atom := limit.Distribution.(*curve).peak() * .1
	if limit.Quality != Approximate || limit.AbsError > .55*atom || limit.AbsError < .5*atom {
		t.Errorf("deterministic: %s, error %g, where atoms are of %g", limit.Quality, limit.AbsError, atom)
	}
}

// Laws with three moments of the service against the Fourier series, where
// rates are constant.
func TestFittedServices(t *testing.T) {
	for _, s := range []Service{Gamma{.1, .5}, Gamma{.1, 3}, Lognormal{.1, .5}} {
		l := constantCase(t, 20, 4, s, 1, idle)
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.fitted()
		if err != nil {
			t.Fatal(err)
		}
		want, err := FourierDrain(l, SolveOptions{Tolerance: 1e-7})
		if err != nil {
			t.Fatal(s, err)
		}
		within(t, fmt.Sprintf("%T %v", s, s), d, want)
		if d.Quality != Approximate || d.AbsError > 0.01 {
			t.Errorf("%T %v: %s, error %g", s, s, d.Quality, d.AbsError)
		}
	}
	d, err := idlesFirst(t, Lognormal{.1, .5}, Target{}).byMoments()
	if err != nil || d.AbsError > 1e-3 || d.Quality != Approximate {
		t.Errorf("lognormal service: %s, error %g, %v", d.Quality, d.AbsError, err)
	}
}
