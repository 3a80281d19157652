package queueing

import (
	"math"
	"testing"
)

// The diffusion with a bound on the queue, or servers that slow down, against laws that
// are exact, or nearly: of exponential servers it is their chain but for the rungs.
func TestRungsBesideChains(t *testing.T) {
	for name, c := range map[string]struct {
		service Service
		servers int
		m       Mechanisms
		idles   bool
		most    float64
	}{
		"bounded":            {Exponential{.25}, 2, Mechanisms{Limited: true, QueueLimit: 25}, false, 0.015},
		"bounded until idle": {Exponential{.5}, 4, Mechanisms{Limited: true, QueueLimit: 40}, true, 0.02},
		"gamma":              {Gamma{.125, 3}, 1, Mechanisms{Limited: true, QueueLimit: 25}, false, 0.06},
		"slow":               {Exponential{1}, 8, Mechanisms{SlowDown: &SlowDown{200, 1.5}}, false, 0.05},
		"slow and bounded":   {Exponential{.125}, 1, Mechanisms{SlowDown: &SlowDown{80, 1.5}, Limited: true, QueueLimit: 60}, true, 0.05},
	} {
		l := laneOf(t, Config{Servers: c.servers, Service: c.service, Backlog: 30, Target: Target{Idle: c.idles}, Mechanisms: c.m,
			Arrivals: arrivalsOf(t, Steady{3}, Surge{8, 20})})
		want, err := SolveDrain(l, SolveOptions{})
		if err != nil || want.Method == Diffusion || want.AbsError > 0.02 {
			t.Fatalf("%s: %v: %s", name, err, want.Reason)
		}
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.throughOpen(problem.byRungs)
		got = p.lagging(got)
		if err != nil || got.Method != Diffusion || got.Quality != Approximate {
			t.Fatalf("%s: %v: %s", name, err, got.Reason)
		}
		for _, q := range []float64{.01, .1, .3, .5, .7, .9, .99} {
			at := want.Quantile(q)
			if off := math.Abs(got.CDF(at) - want.CDF(at)); !(off <= c.most && off <= got.AbsError) {
				t.Errorf("%s: P(T <= %.4g) = %.4f, by the %s %.4f, stated %.2g", name, at, got.CDF(at), want.Method, want.CDF(at), got.AbsError)
			}
		}
	}
}

// Services and servers that no chain follows have a law with a bound on the queue, or with
// servers that slow down, and groups before them, too; others are refused.
func TestLawsWhereNoChainGoes(t *testing.T) {
	lognormal, groups := Lognormal{.125, 2}, Pool{Instances: 30, Requests: 4, Together: true, Delay: ExponentialDelay{20}}
	for name, c := range map[string]struct {
		config  Config
		sources []Source
		covered bool
	}{
		"lognormal":           {Config{Servers: 1, Service: lognormal, Mechanisms: Mechanisms{Limited: true, QueueLimit: 30}}, nil, true},
		"several":             {Config{Servers: 6, Service: Lognormal{.75, 2}, Mechanisms: Mechanisms{Limited: true, QueueLimit: 30}}, nil, true},
		"slow":                {Config{Servers: 1, Service: lognormal, Mechanisms: Mechanisms{SlowDown: &SlowDown{80, 1.5}}}, nil, true},
		"slow, groups":        {Config{Servers: 2, Service: Exponential{.25}, Mechanisms: Mechanisms{SlowDown: &SlowDown{80, 1.5}}}, []Source{groups}, true},
		"down, joined":        {Config{Servers: 2, Service: Gamma{.5, 4}, DownFor: 5, ScaleOut: []Join{{After: 12, Servers: 2}}, Mechanisms: Mechanisms{Limited: true, QueueLimit: 60}}, nil, true},
		"shorter than equals": {Config{Servers: 20, Service: Deterministic{2.5}, Mechanisms: Mechanisms{Limited: true, QueueLimit: 5}}, []Source{Surge{9, 20}}, true},
		"too old":             {Config{Servers: 2, Service: lognormal, Mechanisms: Mechanisms{MaxAge: 5}}, []Source{Surge{12, 20}}, true},
		"tokens and a length": {Config{Servers: 1, Service: Exponential{.1}, Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: 5, MaxWaiting: 3}}}, nil, true},
		"retries":             {Config{Servers: 1, Service: Exponential{.1}, Mechanisms: Mechanisms{Retries: &Retries{Timeout: 3, MaxAttempts: 4}}}, nil, false},
	} {
		l := laneOf(t, c.config.with(arrivalsOf(t, append(c.sources, Steady{3}, Spread(60, 2, 10))...)))
		d, err := SolveDrain(l, SolveOptions{})
		switch {
		case !c.covered && !unsupported(err):
			t.Errorf("%s: %v: %s", name, err, d.Reason)
		case c.covered && (err != nil || d.Quality != Approximate || !(d.AbsError <= boundMost) && c.config.Mechanisms.MaxAge == 0 && c.config.Mechanisms.Throttle == nil && name != "shorter than equals"):
			t.Errorf("%s: %v: %s, off by %.2g", name, err, d.Reason, d.AbsError)
		case c.covered:
			last := 0.0
			for q := 0.05; q < 1; q += .05 {
				at := d.Quantile(q)
				if !(at >= last) || !(d.CDF(at) >= q-1e-9) {
					t.Errorf("%s: the quantile of %.2g is %g, where the CDF is %g", name, q, at, d.CDF(at))
				}
				last = at
			}
		}
	}
}
