package queueing

import (
	"testing"
)

// Fixed numbers are found to the tolerance that is asked for, whatever they are continued
// to: by the density at complex means and by chains, which share but the points. A reason
// that does not own up says that it was reached.
func TestNumbersToTheTolerance(t *testing.T) {
	const tolerance = 1e-10
	large, small := Pool{Instances: 2400, Requests: 1, Delay: ExponentialDelay{300}}, Pool{Instances: 150, Requests: 1, Start: 1, Delay: ExponentialDelay{9}}
	one := func(s Service, n int, target Target, pool Source) Config {
		return Config{Backlog: n, Servers: 1, Service: s, Target: target, Arrivals: arrivalsOf(t, Steady{4}, pool)}
	}
	several := func(c Config) Config {
		c.Servers, c.Service = 8, c.Service.Scaled(8)
		return c
	}
	exponential, held := Exponential{.1}, small
	held.Held, held.Start = true, 5
	for name, x := range map[string]struct {
		Config
		chain bool // whether phases are followed for comparison
	}{
		"pool":           {one(exponential, 1000, idle, large), false},
		"gamma":          {one(Gamma{.1, 2.5}, 1000, idle, large), false},
		"erlang":         {one(Gamma{.1, 2}, 60, Target{}, small), true},
		"hyper":          {one(BalancedHyperexponential(.1, 3), 60, Target{Waiting: 2}, small), true},
		"held":           {one(exponential, 200, idle, held), true},
		"eight servers":  {several(one(exponential, 200, Target{}, small)), true},
		"eight idle":     {several(one(exponential, 300, idle, small)), true},
		"groups":         {several(one(exponential, 100, idle, Pool{Instances: 120, Requests: 2, Together: true, Delay: ExponentialDelay{9}})), true},
		"eight of 2,400": {several(one(exponential, 1000, idle, large)), false},
	} {
		t.Run(name, func(t *testing.T) {
			l := laneOf(t, x.Config)
			d, err := SolveDrain(l, SolveOptions{Tolerance: tolerance})
			if err != nil {
				t.Fatal(err)
			}
			if d.Quality != Exact || d.AbsError > tolerance {
				t.Errorf("%s: %s %.1g: %s", d.Method, d.Quality, d.AbsError, d.Reason)
			}
			rough, err := SolveDrain(l, SolveOptions{Tolerance: 1e-7})
			if err != nil {
				t.Fatal(err)
			}
			if off := mostApart(d, rough); !(off <= rough.AbsError+d.AbsError) {
				t.Errorf("%.1e from what was asked for to 1e-7, which states %.1e", off, rough.AbsError)
			}
			if !x.chain {
				return
			}
			p, err := newProblem(l, SolveOptions{Tolerance: tolerance})
			if err != nil {
				t.Fatal(err)
			}
			p, open, err := p.settled()
			if err != nil {
				t.Fatal(err)
			}
			law, _ := phases(l.cfg.Service)
			c, err := p.newCircle(open, law, 10*circleMost, nil)
			if err != nil {
				t.Fatal(err)
			}
			want, err := followLane(c.lane, stepByStep{c}, p.begin, p.SolveOptions)
			if err != nil {
				t.Fatal(err)
			}
			if off := mostApart(d, want); !(off <= 1.5*tolerance) {
				t.Errorf("%s is %.1e from the chain", d.Method, off)
			}
		})
	}
}

// What is asked for more closely than can be is not further off than what is found by
// default, and says so.
func TestToleranceThatIsNotMet(t *testing.T) {
	l := laneOf(t, Config{Backlog: 50, Servers: 1, Service: Gamma{.1, .4}, Target: idle, Arrivals: arrivalsOf(t, Steady{4}, Batch{200, 60})})
	d, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10})
	if err != nil {
		t.Fatal(err)
	}
	if d.Quality != Exact || !(d.AbsError <= defaultTolerance) {
		t.Errorf("%s: %s %.1g: %s", d.Method, d.Quality, d.AbsError, d.Reason)
	}
	loose, err := SolveDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if off := mostApart(d, loose); !(off <= d.AbsError+loose.AbsError) {
		t.Errorf("%.1e apart", off)
	}
}
