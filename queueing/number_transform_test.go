package queueing

import "testing"

// The number when the finite streams have sent everything, by its transform, against
// the circle, which follows complex means all the way. Loads before the flood are .67
// to .83, and the first stream has 133 members.
func TestNumberByTransform(t *testing.T) {
	for _, c := range []struct {
		servers int
		service float64
		part    int // of the requests
	}{{2, 2, 3}, {2, 2.5, 3}, {8, 3, 1}} {
		p := floodProblem(t, c.servers, c.service, c.part)
		besideCircle(t, p, p.numberByTransform, 5e-5)
	}
}

// Servers idle again before the first stream has sent everything: in parts, against the
// circle.
func TestNumberInParts(t *testing.T) {
	p := floodProblem(t, 2, 2.7, 7)
	besideCircle(t, p, p.numberInParts, 2e-5)
}

// besideCircle holds a law of the number, which may state no more than an error, against
// that of the circle.
func besideCircle(t *testing.T, p problem, find func(open []int) (law, float64, error), most float64) {
	t.Helper()
	_, open, err := p.settled()
	if err != nil || len(open) != 2 {
		t.Fatal(open, err)
	}
	got, off, err := find(open)
	if err != nil {
		t.Fatal(err)
	}
	p.Tolerance = 1e-10
	want, less, err := p.numberOnCircle(open)
	if err != nil {
		t.Fatal(err)
	}
	if worst := lawsApart(got, want); !(worst <= off+less) || off > most {
		t.Errorf("%d servers, service %g: off by %.2g, stated %.2g", p.FinalServers(), p.cfg.Service.Mean(), worst, off)
	}
}

// Servers that may idle when the streams are spent, and few members, are refused.
func TestNumberByTransformRefuses(t *testing.T) {
	for _, p := range []problem{floodProblem(t, 14, 2, 1), floodProblem(t, 8, 2, 12), floodProblem(t, 2, 15.0/7, 5)} {
		_, open, err := p.settled()
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.numberByTransform(open); !unsupported(err) {
			t.Error(err)
		}
	}
}

// floodProblem asks for the number in a lane at 2400 s, after a flood of a part of 6000
// requests.
func floodProblem(t *testing.T, servers int, service float64, part int) problem {
	l := laneOf(t, Config{Servers: servers, Service: Exponential{service},
		Arrivals: arrivalsOf(t, Steady{2 / float64(part)}, Spread(400/part, 0, 2400), Spread(6000/part, 600, 600))})
	return problem{Lane: l, begin: 2400, end: 2400, SolveOptions: SolveOptions{Tolerance: 1e-5, Shared: &Shared{}}}
}
