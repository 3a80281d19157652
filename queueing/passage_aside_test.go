package queueing

import (
	"math"
	"testing"
)

// A server that may be down at its level before overload ends, against the
// chain of the phases of its service: atoms, the CDF and the error that is
// stated.
func TestSetAside(t *testing.T) {
	starts := idleStarts(t)
	for _, x := range []struct {
		name    string
		service Service
		waiting int
	}{
		{"batch", Gamma{.1, 4}, 0}, {"steady", BalancedHyperexponential(.1, 4), 0}, {"surge", BalancedHyperexponential(.1, 4), 1},
		{"batch", BalancedHyperexponential(.1, 4), 1}, {"at end", BalancedHyperexponential(.1, 4), 5},
	} {
		if testing.Short() && x.name != "surge" {
			continue
		}
		l, p, got := resumedFrom(t, starts[x.name], x.service, Target{Waiting: x.waiting})
		want, err := solvePhases(l, p.begin, SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(x, err)
		}
		worst := math.Abs(got.CDF(p.begin) - want.CDF(p.begin))
		worst = math.Max(worst, worstBetween(got, want))
		if !(worst < 1e-9) || got.AbsError > 1e-9 || got.Quality != Exact {
			t.Errorf("%v: differs by %.2g, stated %.2g, %s", x, worst, got.AbsError, got.Quality)
		}
		checkLaw(t, got)
	}
}

// With nobody set aside the law is that of the busy periods that go on, also where
// a service's density is a power that no polynomial is near.
func TestNobodySetAside(t *testing.T) {
	services := []Service{Exponential{.1}, Gamma{.1, 2.5}}
	if testing.Short() {
		services = services[:1]
	}
	for _, s := range services {
		l, p, want := resumedFrom(t, idleStarts(t)["surge"], s, idle)
		sums := sumsOf(s).(*poleSums)
		r := &resumed{before: newIdleChance(l, 0, l.Initial().law(), sums)}
		r.idle = p.idleUpTo(r.before, p.check)
		r.transformPassage = newTransformPassage(l, p.begin, point(0), 0, sums)
		r.riseAll(sums)
		q := &setAside{transformPassage: r.transformPassage, before: r.before, idle: r.idle}
		chance := q.tabulate(p.SolveOptions, p.check)
		got, err := p.rest(q, chance, r.latest(resumeExponent), "")
		if err != nil {
			t.Fatal(s, err)
		}
		near(t, "P(T = begin)", got.CDF(p.begin), want.CDF(p.begin), 1e-9)
		seen := 0
		for _, x := range []float64{.3, .5, .9, .99, .9999} {
			at := want.Quantile(x)
			if at <= p.begin {
				continue
			}
			seen++
			if off := got.Exceed(at) - want.Exceed(at); !(math.Abs(off) < 1e-9) {
				t.Errorf("%v: P(T > %g) is off by %.2g", s, at, off)
			}
		}
		if seen == 0 {
			t.Errorf("%v: no quantile is later than the end of overload", s)
		}
	}
}

// A lane of constant rates that has long been at rest has at most one request
// with probability (1 - rho)/S*(lambda) (Kleinrock, Queueing Systems I, Wiley
// 1975, section 5.6: its generating function at 0, and its slope), and is
// drained at once with that.
func TestSetAsideAtRest(t *testing.T) {
	const rate = 4.0
	for s, begin := range map[Service]float64{Gamma{.1, .5}: 20, BalancedHyperexponential(.1, 4): 40, Lognormal{.1, 1}: 20} {
		l := laneOf(t, Config{Backlog: 5, Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{rate})})
		p := problem{Lane: l, begin: begin, end: begin, SolveOptions: SolveOptions{Method: DrainDensity, Shared: &Shared{}}}
		d, err := p.resume(&birthDeath{lane: l, now: l.Initial().law(), absorb: -1})
		if err != nil {
			t.Fatal(err)
		}
		atMostOne := (1 - rate*s.Mean()) / real(s.Transform(rate))
		allowed := 1e-9
		if _, is := s.(Lognormal); is {
			allowed = 3e-8
		}
		if off := d.CDF(begin) - atMostOne; !(math.Abs(off) < allowed) || d.Quality != Exact || d.AbsError > allowed {
			t.Errorf("%v: P(at most one) is off by %.2g, stated %.2g, %s", s, off, d.AbsError, d.Quality)
		}
	}
}

func BenchmarkSetAside(b *testing.B) {
	for name, s := range map[string]Service{"Erlang": Gamma{.1, 4}, "gamma": Gamma{.1, 2.5}, "hyperexponential": BalancedHyperexponential(.1, 4)} {
		b.Run(name+", an hour at 5/s in less than 1 s", func(b *testing.B) {
			l := laneOf(b, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(b, Steady{5}, Batch{20, 3600})})
			for b.Loop() {
				if _, err := SolveDrain(l, SolveOptions{Method: DrainDensity}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Beside a finite stream, whose number takes many solves to fix, a service that
// is slow to follow is left to other methods unless this one is named.
func TestSlowServicesBesidePools(t *testing.T) {
	for s, slow := range map[Service]bool{Gamma{5, 2.9}: false, Lognormal{5, 1}: true, Gamma{5, 3}: false, BalancedHyperexponential(5, 4): false} {
		pool := Pool{Instances: 2, Requests: 1, Delay: ExponentialDelay{50}, Start: 300}
		l := laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{.1}, pool)})
		for method, refused := range map[Method]bool{Auto: slow, DrainDensity: false} {
			p := problem{Lane: l, begin: 300, end: 300, SolveOptions: SolveOptions{Method: method, Shared: &Shared{}}}
			q, err := p.withMean(1, 1)
			if err != nil {
				t.Fatal(err)
			}
			b := &birthDeath{lane: q.Lane, now: q.Initial().law(), absorb: -1}
			if err := q.resumable(b, sumsOf(s).(*poleSums)); (err != nil) != refused {
				t.Errorf("%v by %q: %v", s, method, err)
			}
		}
	}
}
