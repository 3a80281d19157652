package queueing

import "testing"

// Pools that are spent before another begins, at a time when the lane may or may not
// have emptied: by the number in the lane then, against the circle, which follows
// both pools' means all the way. A law for all pools at once is far off.
func TestSpentPools(t *testing.T) {
	for _, flood := range []int{240, 400} {
		f := float64(flood) / 1200
		l := laneOf(t, Config{Servers: 2, Service: Exponential{2.5 / f}, Arrivals: arrivalsOf(t, Steady{.4 * f},
			Spread(flood, 600, 600), Pool{Instances: 168, Requests: 1, Start: 3960, Delay: ExponentialDelay{2400}})})
		for _, tolerance := range []float64{1e-8, 1e-5} {
			p, err := newProblem(l, SolveOptions{Tolerance: tolerance})
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.pastSpent()
			if err != nil {
				t.Fatal(err)
			}
			p, open, err := p.settled()
			if err != nil || len(open) != 2 {
				t.Fatal(open, err)
			}
			law, _ := phases(l.cfg.Service)
			want, _, err := p.circled(open, law, 10*circleMost)
			if err != nil {
				t.Fatal(err)
			}
			worst := mostApart(got, want)
			if stated := got.AbsError + want.AbsError; !(worst <= stated) || stated > 2e-5 {
				t.Errorf("flood %d, tolerance %g: off by %.2g, stated %.2g", flood, tolerance, worst, stated)
			}
		}
	}
}

// Pools still to send, or held back, are not spent.
func TestPoolsThatAreNotSpent(t *testing.T) {
	first, later := Spread(50, 10, 90), Pool{Instances: 50, Requests: 1, Start: 200, Delay: ExponentialDelay{80}}
	for name, c := range map[string]struct {
		sources []Source
		spent   int
	}{
		"one after the other":  {[]Source{Steady{.1}, first, later}, 1},
		"both at once":         {[]Source{Steady{.1}, Spread(50, 10, 191), later}, 0},
		"never quite spent":    {[]Source{Steady{.1}, Pool{Instances: 50, Requests: 1, Delay: ExponentialDelay{1}}, later}, 0},
		"in groups":            {[]Source{Steady{.1}, first, Pool{Instances: 5, Requests: 10, Together: true, Start: 200, Delay: ExponentialDelay{80}}}, 0},
		"one alone":            {[]Source{Steady{.1}, first}, 0},
		"two before the third": {[]Source{Steady{.1}, first, Spread(9, 50, 100), later}, 2},
	} {
		p, err := newProblem(laneOf(t, Config{Servers: 1, Service: Exponential{1}, Backlog: 3, Arrivals: arrivalsOf(t, c.sources...)}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p, open, err := p.settled()
		if err != nil {
			t.Fatal(err)
		}
		if early, at := p.spent(open); len(early) != c.spent || c.spent > 0 && (at < 100 || at > 200) {
			t.Errorf("%s: %d are spent by %g, want %d", name, len(early), at, c.spent)
		}
	}
}
