package queueing

import (
	"math"
	"testing"
)

// idleStarts are lanes of mean service 0.1 s that may idle before overload
// ends: constant rates, rates that vary, a batch that meets an idle lane, and
// one that may be of no request.
func idleStarts(t testing.TB) map[string]Config {
	return map[string]Config{
		"steady": {Arrivals: arrivalsOf(t, Steady{5})},
		"surge":  {Backlog: 2, Arrivals: arrivalsOf(t, Steady{3}, Surge{4, 6})},
		"batch":  {Backlog: 1, Arrivals: arrivalsOf(t, Steady{4}, Surge{3, 5}, Batch{4, 7})},
		"at end": {Arrivals: arrivalsOf(t, Steady{6}, Batch{3, 12})},
	}
}

// resumedFrom solves the lane, drained from 12 s on.
func resumedFrom(t testing.TB, c Config, s Service, target Target) (*Lane, problem, Drain) {
	t.Helper()
	c.Servers, c.Service, c.Target = 1, s, target
	l := laneOf(t, c)
	p := problem{Lane: l, begin: 12, end: 12, SolveOptions: SolveOptions{Method: DrainDensity, Shared: &Shared{}}}
	d, err := p.resume(&birthDeath{lane: l, now: l.Initial().law(), absorb: -1})
	if err != nil {
		t.Fatal(err)
	}
	return l, p, d
}

// A server that may idle before overload ends, with phases that are alike,
// against the birth-death chain of exponential service, and with Erlang and
// hyperexponential service against the chain of its phases: atoms, the CDF and
// the error that is stated.
func TestIdleBeforeBegin(t *testing.T) {
	for name, c := range idleStarts(t) {
		for _, s := range []Service{Hyperexponential{.3, .1, .1}, Gamma{.1, 4}, BalancedHyperexponential(.1, 4)} {
			if _, erlang := s.(Gamma); erlang && name != "batch" && (testing.Short() || name != "surge") {
				continue
			}
			l, p, got := resumedFrom(t, c, s, idle)
			want, err := solvePhases(l, p.begin, SolveOptions{Tolerance: 1e-10})
			if h, is := s.(Hyperexponential); is && h.Mean1 == h.Mean2 {
				c.Servers, c.Service, c.Target = 1, Exponential{.1}, idle
				q := problem{Lane: laneOf(t, c), begin: p.begin, end: p.end, SolveOptions: SolveOptions{Tolerance: 1e-11, Shared: &Shared{}}}
				want, err = q.density()
			}
			if err != nil {
				t.Fatal(name, err)
			}
			worst := math.Abs(got.CDF(p.begin) - want.CDF(p.begin))
			worst = math.Max(worst, worstBetween(got, want))
			if !(worst < 2e-9) || got.AbsError > 2e-9 || got.Quality != Exact {
				t.Errorf("%s, %T: differs by %.2g, stated %.2g, %s", name, s, worst, got.AbsError, got.Quality)
			}
			if atom := want.CDF(p.begin); atom > 1e-6 && (len(got.Atoms) != 1 || got.Atoms[0].At != p.begin) {
				t.Errorf("%s, %T: atoms %v, want %g at %g", name, s, got.Atoms, atom, p.begin)
			}
			checkLaw(t, got)
		}
	}
}

// A lane of constant rates that has idled for long is idle with probability
// 1 - rho, whatever its service.
func TestIdleAtRest(t *testing.T) {
	for _, s := range []Service{Gamma{.1, 4}, Gamma{.1, 1.5}, BalancedHyperexponential(.1, 9), Lognormal{.1, .3}, Lognormal{.1, 1}} {
		l := laneOf(t, Config{Backlog: 5, Servers: 1, Service: s, Target: idle, Arrivals: arrivalsOf(t, Steady{6})})
		sums := sumsOf(s).(*poleSums)
		p := problem{Lane: l, begin: 3600}
		c := &curve{panels: p.idleUpTo(newIdleChance(l, 0, l.Initial().law(), sums), p.check)}
		for _, at := range []float64{400, 1700, 3599.9} {
			near(t, "P(idle)", c.density(at), 0.4, 1e-9)
		}
	}
}

func BenchmarkIdleBeforeBegin(b *testing.B) {
	for name, s := range map[string]Service{"Erlang": Gamma{.1, 4}, "gamma": Gamma{.1, 2.5}, "hyperexponential": BalancedHyperexponential(.1, 4)} {
		b.Run(name+", an hour at 5/s in less than 1 s", func(b *testing.B) {
			l := laneOf(b, Config{Servers: 1, Service: s, Target: idle, Arrivals: arrivalsOf(b, Steady{5}, Batch{20, 3600})})
			for b.Loop() {
				if _, err := SolveDrain(l, SolveOptions{Method: DrainDensity}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A calm, in which the server is idle most of the time, before an overload that lasts for
// thousands of services: ever since the kernel has a narrow bump at what came long ago.
// The chain, which follows phases, knows nothing of kernels.
func TestOverloadAfterCalm(t *testing.T) {
	calm, err := NewTrace([]float64{0, 3000, 5000, 5500}, []float64{.45 * 3000, 1.4 * 2000, .45 * 500}, false)
	if err != nil {
		t.Fatal(err)
	}
	late := Pool{Instances: 300, Requests: 1, Start: 5500, Delay: ExponentialDelay{1000}}
	for _, target := range []Target{idle, {Waiting: 0}} {
		l := laneOf(t, Config{Servers: 1, Service: Gamma{1, 2}, Target: target, Arrivals: arrivalsOf(t, calm, late)})
		chain, err := SolveDrain(l, SolveOptions{Method: Chain, PoissonPools: true})
		if err != nil {
			t.Fatal(err)
		}
		d, err := SolveDrain(l, SolveOptions{Method: DrainDensity, PoissonPools: true})
		if err != nil {
			t.Fatal(err)
		}
		if d.AbsError > 1e-8 {
			t.Errorf("%+v: %g reached", target, d.AbsError)
		}
		agree(t, chain, d, 1e-8)
	}
}
