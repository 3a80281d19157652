package queueing

import (
	"math"
	"testing"
)

// fewToCome are lanes with two finite streams of so many members, which overlap.
func fewToCome(t *testing.T, first, second int) map[string]Config {
	early := Pool{Instances: first, Requests: 1, Start: 2, Delay: ExponentialDelay{3}}
	late := Pool{Instances: second, Requests: 1, Start: 3.5, Held: true, Delay: LognormalDelay{4, 1}}
	flat, held := Spread(second, 2.5, 2), late
	held.Instances = first
	all := late
	all.Delay = UniformDelay{3}
	with := func(c Config, sources ...Source) Config {
		for i, s := range sources {
			if a, is := s.(Pool); is && a.Instances == 0 { // none
				a.Instances = 1
				sources[i] = poissonPool{a, 0}
			}
		}
		c.Arrivals = arrivalsOf(t, append(sources, Steady{.5})...)
		return c
	}
	return map[string]Config{
		"idle servers":   with(Config{Backlog: 2, Servers: 3, Service: Exponential{2}, Target: idle}, early, late),
		"first passage":  with(Config{Backlog: 4, Servers: 1, DownFor: 2.7, Service: Gamma{.8, 2}, Target: Target{FirstPassage: true}}, early, flat),
		"hyperphases":    with(Config{Servers: 1, Service: BalancedHyperexponential(.7, 3), Target: Target{Waiting: 1}}, early, late),
		"all held":       with(Config{Servers: 1, Service: Gamma{.5, 2}, Target: idle}, early, all),
		"with a batch":   with(Config{Servers: 1, Service: Gamma{.5, 3}, Target: idle}, early, flat, Batch{3, 4}),
		"held and alone": with(Config{Backlog: 1, Servers: 2, Service: Exponential{1}}, held, flat),
	}
}

// numbered is the law for such numbers of members, from an instant on.
func numberedFrom(t *testing.T, c Config, begin float64) Drain {
	t.Helper()
	p, err := newProblem(laneOf(t, c), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.begin = begin
	p, open, err := p.fromUp().settled()
	if err != nil {
		t.Fatal(err)
	}
	law, is := phases(p.cfg.Service)
	if !is {
		t.Fatal("no phases")
	}
	d, _, err := p.byNumbers(open, law, 1e9)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ofPoisson is the law of a lane of Poisson streams, by the density of exponential
// servers and the chain of phases.
func ofPoisson(t *testing.T, l *Lane, begin float64) Drain {
	t.Helper()
	p, err := newProblem(l, SolveOptions{Tolerance: 1e-11})
	if err != nil {
		t.Fatal(err)
	}
	p.begin = begin
	var d Drain
	if _, is := l.cfg.Service.(Exponential); is {
		d, err = p.density()
	} else {
		law, _ := phases(l.cfg.Service)
		d, err = followPhases(l, law, begin, p.SolveOptions)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Averaged over Poisson numbers of members the laws for numbers that are fixed are that
// of Poisson streams, by the chain of those.
func TestMembersOnAverage(t *testing.T) {
	const first, second, most = .3, .4, 9
	poisson := func(mean float64) (w []float64) {
		w = []float64{math.Exp(-mean)}
		for n := 1; n < most; n++ {
			w = append(w, w[n-1]*mean/float64(n))
		}
		return w
	}
	for name, c := range fewToCome(t, 1, 1) {
		begin := 4.5
		if c.Target.FirstPassage {
			begin = c.DownFor
		}
		streams := c.Arrivals.Streams()
		streams[0].Source = poissonPool{streams[0].Source, first}
		streams[1].Source = poissonPool{streams[1].Source, second}
		var err error
		if c.Arrivals, err = NewArrivals(streams...); err != nil {
			t.Fatal(err)
		}
		want := ofPoisson(t, laneOf(t, c), begin)
		at := []float64{begin, begin + .3, begin + 1, begin + 2, begin + 4, begin + 8}
		sums := make([]float64, len(at))
		for i, v := range poisson(first) {
			for k, w := range poisson(second) {
				if v*w < 1e-9 {
					continue
				}
				d := numberedFrom(t, fewToCome(t, i, k)[name], begin)
				if !(d.AbsError < 1e-8) {
					t.Fatalf("%s, %d and %d members: error %g", name, i, k, d.AbsError)
				}
				for j, x := range at {
					sums[j] += v * w * d.CDF(x)
				}
			}
		}
		for j, x := range at {
			if off := math.Abs(sums[j] - want.CDF(x)); !(off < 3e-8) {
				t.Errorf("%s: P(T <= %g) off by %.1e", name, x, off)
			}
		}
	}
}

// A finite stream in two parts is the same stream, whatever finds the law of either, and
// where members are few that is exact: also before the server is there, of groups, and
// beside equal services.
func TestFewMembersInParts(t *testing.T) {
	spread := Pool{Instances: 9, Requests: 1, Start: 5.9, Delay: UniformDelay{.73}}
	before := Pool{Instances: 9, Requests: 1, Start: .8, Delay: UniformDelay{1.53}}
	groups := Pool{Instances: 9, Requests: 3, Together: true, Start: 3, Delay: ExponentialDelay{2}}
	for name, c := range map[string]struct {
		Config
		sources []Source
		cut     Pool
		first   int
	}{
		"into an idle lane": {Config{Servers: 1, Service: Exponential{.518}, Target: Target{Waiting: 3}}, []Source{Steady{1.24}, before}, spread, 2},
		"before it is up":   {Config{Backlog: 7, Servers: 1, DownFor: .11, Service: Gamma{.1, 3}, Target: Target{FirstPassage: true}}, []Source{Steady{6}}, spread, 5},
		"groups":            {Config{Backlog: 4, Servers: 4, Service: Exponential{1}, Target: idle}, []Source{Steady{1.5}, before}, groups, 4},
		"equal services":    {Config{Servers: 1, Service: Deterministic{.3}, Target: idle}, []Source{Steady{1}}, groups, 4},
	} {
		var laws []Drain
		for _, first := range []int{0, c.first} {
			sources := c.sources[:len(c.sources):len(c.sources)]
			one, two := c.cut, c.cut
			one.Instances, two.Instances = first, c.cut.Instances-first
			if first > 0 {
				sources = append(sources, one)
			}
			c.Arrivals = arrivalsOf(t, append(sources, two)...)
			d, err := SolveDrain(laneOf(t, c.Config), SolveOptions{})
			if err != nil || d.Quality != Exact || d.AbsError > 1e-8 {
				t.Fatalf("%s: %s to %g: %s, %v", name, d.Quality, d.AbsError, d.Reason, err)
			}
			laws = append(laws, d)
		}
		for _, p := range []float64{1e-6, .01, .1, .3, .5, .7, .9, .99, 1 - 1e-6} {
			x := laws[0].Quantile(p) * (1 + 1e-9)
			if off := math.Abs(laws[0].CDF(x) - laws[1].CDF(x)); off > laws[0].AbsError+laws[1].AbsError+1e-11 {
				t.Errorf("%s: P(T <= %g) in parts off by %.1e, %.1e and %.1e stated", name, x, off, laws[0].AbsError, laws[1].AbsError)
			}
		}
	}
}
