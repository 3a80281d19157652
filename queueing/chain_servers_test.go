package queueing

import "testing"

// Each server's phase is followed: with phases that are alike the lane is one
// of exponential servers, and on one server it is that of the chain which
// follows the phase of its service.
func TestServersPhaseByPhase(t *testing.T) {
	streams := arrivalsOf(t, Steady{4}, Surge{9, 3}, Batch{25, 4})
	for name, c := range map[string]struct {
		lane Config
		like Service // of the lane that it is compared with
	}{
		"no wait": {Config{Backlog: 30, Servers: 4, Service: Hyperexponential{.3, .4, .4}}, Exponential{.4}},
		"idle":    {Config{Backlog: 3, Servers: 4, Service: Hyperexponential{.3, .4, .4}, Target: idle}, Exponential{.4}},
		"down":    {Config{Backlog: 10, Servers: 4, Service: Hyperexponential{.3, .4, .4}, DownFor: 2}, Exponential{.4}},
		"joins":   {Config{Backlog: 60, Servers: 3, Service: Hyperexponential{.3, .4, .4}, ScaleOut: []Join{{5, 2}}}, Exponential{.4}},
		"phases":  {Config{Backlog: 5, Servers: 1, Service: BalancedHyperexponential(.1, 4)}, BalancedHyperexponential(.1, 4)},
		"stages":  {Config{Backlog: 5, Servers: 1, Service: Gamma{.1, 2}, Target: Target{Waiting: 2}}, Gamma{.1, 2}},
	} {
		c.lane.Arrivals = streams
		l := laneOf(t, c.lane)
		end, _ := OverloadEnd(l)
		got, err := problem{Lane: l, begin: end, end: end, SolveOptions: SolveOptions{Tolerance: 1e-9}}.byServers()
		if err != nil {
			t.Fatal(name, err)
		}
		c.lane.Service = c.like
		want, err := SolveDrain(laneOf(t, c.lane), SolveOptions{Tolerance: 1e-9})
		if err != nil {
			t.Fatal(name, err)
		}
		if worst := worstBetween(got, want); worst > 2e-8 || got.AbsError > 1e-8 {
			t.Errorf("%s: differs by %.2g, stated %.2g and %.2g by %s", name, worst, got.AbsError, want.AbsError, want.Method)
		}
		checkLaw(t, got)
	}
}

// What stands for a law keeps its mean and, from 1/2 on, its variance.
func TestTwoPhaseMoments(t *testing.T) {
	for _, s := range []Service{Exponential{2}, Gamma{3, 2}, Gamma{3, 1.3}, Lognormal{.2, 4}, Hyperexponential{.1, 5, .5}} {
		p := twoPhaseOf(s)
		m1, m2 := 1/p.rate1, 1/p.rate2
		mean := p.first*(m1+p.on*m2) + (1-p.first)*m2
		square := p.first*(2*m1*m1+p.on*(2*m1*m2+2*m2*m2)) + (1-p.first)*2*m2*m2
		near(t, "mean", mean, s.Mean(), 1e-13)
		near(t, "SCV", square/(mean*mean)-1, s.SCV(), 1e-12)
	}
}
