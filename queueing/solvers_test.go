package queueing

import (
	"math"
	"testing"
)

// A lane at its target from the start, with no overload to come, has drained
// then, whatever its services are and however requests come later.
func TestStartsDrained(t *testing.T) {
	pool := Stream{Name: "pool", Source: Pool{Instances: 5, Requests: 3, Together: true, Delay: ExponentialDelay{11}}}
	for _, s := range []Service{Deterministic{.7}, Lognormal{.7, 4}, Exponential{.7}} {
		for _, first := range []int{1, 116, 117} {
			a, err := NewArrivals(Stream{Name: "steady", Source: Steady{16.3}}, Stream{Name: "first", Source: Batch{Size: first}}, pool)
			if err != nil {
				t.Fatal(err)
			}
			l, err := NewLane(Config{Name: "at its target", Arrivals: a, Service: s, Servers: 16, Target: Target{Waiting: 100}})
			if err != nil {
				t.Fatal(err)
			}
			p, err := newProblem(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if is := p.startsDrained(); is != (first <= 116) {
				t.Errorf("%T, %d requests: drained at once: %v", s, first, is)
			}
			if first > 116 {
				continue
			}
			d, err := SolveDrain(l, SolveOptions{})
			if err != nil || d.Quality != Exact || d.CDF(0) != 1 || !(d.AbsError <= 1e-12) {
				t.Errorf("%T, %d requests: %v %v", s, first, d, err)
			}
		}
	}
}

// What groups may add to an error is a number where nothing has varied by the
// median.
func TestQualifyAtOnce(t *testing.T) {
	a, err := NewArrivals(Stream{Name: "pool", Source: Pool{Instances: 5, Requests: 3, Together: true, Delay: ExponentialDelay{11}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLane(Config{Name: "empty", Arrivals: a, Service: Exponential{.1}, Servers: 1})
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d := p.qualify(atOnce(DrainIdentity, whyAtOnce)); !(d.AbsError == groupedError) {
		t.Errorf("the error is %g", d.AbsError)
	}
}

// A lane that cannot hold more than its target when overload ends is drained then,
// whatever its services.
func TestTooFewToWait(t *testing.T) {
	for backlog, sure := range map[int]bool{3: true, 11: true, 12: false} {
		l := laneOf(t, Config{Backlog: backlog - 2, Servers: 8, DownFor: 27.4, Service: Deterministic{8}, Target: Target{Waiting: 3}, Arrivals: arrivalsOf(t, Batch{1, 12}, Spread(1, 3, 5))})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if is := d.CDF(27.4) == 1 && d.Exceed(27.39) == 1 && d.Quality == Exact; is != sure {
			t.Errorf("%d requests: P(T <= 27.4) = %g, %s, by %s", backlog, d.CDF(27.4), d.Quality, d.Reason)
		}
	}
}

// Where phases are sooner followed but do not fix the numbers in a pool, the density
// does. A lane long at rest knows no clock: it drains as one does whose pool begins
// sooner, which phases fix.
func TestDensityWherePhasesDoNotFix(t *testing.T) {
	laws := map[float64]Drain{}
	for _, begin := range []float64{60, 900} {
		l := laneOf(t, Config{Servers: 1, Service: Gamma{.1, 4}, Arrivals: arrivalsOf(t, Steady{5}, Spread(60, begin, 60))})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Quality != Exact || d.AbsError > 1e-8 {
			t.Fatalf("%s, %s, %g: %v", d.Method, d.Quality, d.AbsError, err)
		}
		laws[begin] = d
	}
	if laws[60].Method != Chain || laws[900].Method != DrainDensity {
		t.Errorf("by %s and %s", laws[60].Method, laws[900].Method)
	}
	for x := 0.0; x < 3; x += .1 {
		if a, b := laws[60].CDF(60+x), laws[900].CDF(900+x); math.Abs(a-b) > 1e-8 {
			t.Errorf("%g s after the pool begins: %.10f and %.10f", x, a, b)
		}
	}
}
