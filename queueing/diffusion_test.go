package queueing

import (
	"errors"
	"math"
	"testing"
)

// The mean and the standard deviation within the order that is left out, P99
// within 5e-4 with the third cumulant, the CDF within what is stated, against
// exact values.
func TestDiffusion(t *testing.T) {
	for name, c := range map[string]struct {
		l             *Lane
		mean, sd, p99 float64
	}{
		"exponential": {scaledSurge(t, Exponential{.1}, 1), 487.779884390, 21.146133247, 537.538994631},
		"10^6":        {scaledSurge(t, Exponential{.1}, 1000), 488.044675628, 0.668512391903, 489.600434294},
		"10^9":        {scaledSurge(t, Exponential{.1}, 1e6), 488.044939894, 0.021140212100, 488.094119948},
		"gamma 4":     {scaledSurge(t, Gamma{.1, 4}, 1), 487.890765326, 16.132574761, 525.76453210},
		"gamma 1/4":   {scaledSurge(t, Gamma{.1, .25}, 1), 487.334418224, 34.579743940, 569.26945661},
		"H2":          {scaledSurge(t, BalancedHyperexponential(.1, 4), 1), 487.335596, 34.564966, 569.744308},
		"pool": {laneOf(t, Config{Backlog: 1000, Servers: 1, Service: Exponential{.1}, Target: idle,
			Arrivals: arrivalsOf(t, Steady{4}, Pool{Instances: 2400, Requests: 1, Delay: ExponentialDelay{300}})}),
			487.762039, 19.189007, math.NaN()},
		"8 servers": {laneOf(t, Config{Backlog: 1000, Servers: 8, Service: Exponential{.8},
			Arrivals: arrivalsOf(t, Steady{4}, Surge{8, 300})}), 485.968609535, 21.157652996, 535.752333129},
		"constant": {constantCase(t, 1000, 4, Exponential{.1}, 1, idle), 1000. / 6, 8.05076, 186.202417},
	} {
		d, err := DiffusionDrain(c.l)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		near(t, name+" mean", d.Mean(), c.mean, 2e-4)
		near(t, name+" sd", d.StdDev(), c.sd, 0.002)
		if !math.IsNaN(c.p99) {
			near(t, name+" P99", d.Quantile(.99), c.p99, 5e-4)
			if got := d.CDF(c.p99); math.Abs(got-.99) > d.AbsError {
				t.Errorf("%s: CDF %g for 0.99, stated %g", name, got, d.AbsError)
			}
		}
		if d.Quality != Approximate || d.Reason == "" || d.Method != Diffusion {
			t.Errorf("%s: labelled %s, %s, %q", name, d.Method, d.Quality, d.Reason)
		}
		checkLaw(t, d)
	}
}

// At constant rates all three cumulants are those of the busy period.
func TestDiffusionCumulants(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 4}, Gamma{.1, .25}, Deterministic{.1}, BalancedHyperexponential(.1, 4), Lognormal{.1, 2}} {
		l := constantCase(t, 5000, 6, s, 1, idle)
		k, err := DrainCumulants(l)
		if err != nil {
			t.Fatal(err)
		}
		got, err := meanPath{l, 0, 5000}.law()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", got.mean, k.Mean, 1e-9)
		near(t, "variance", got.sd*got.sd, k.Variance, 1e-9)
		near(t, "third", got.third, k.Third, 1e-9)
		skewed, err := newSkewed(got.mean, got.sd, -got.third)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean turned round", skewed.Mean(), k.Mean, 1e-9)
		checkLaw(t, Drain{Distribution: skewed})
	}
}

// The error falls with size and stays below what is stated.
func TestDiffusionError(t *testing.T) {
	for _, n0 := range []int{50, 1000, 100_000} {
		l := constantCase(t, n0, 6, Gamma{.1, 2}, 1, idle)
		want, err := ClosedFormDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := DiffusionDrain(l)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for p := 0.005; p < 1; p += 0.005 {
			worst = math.Max(worst, math.Abs(got.CDF(want.Quantile(p))-p))
		}
		if worst > got.AbsError {
			t.Errorf("n0 %d: differs by %.2g, stated %.2g", n0, worst, got.AbsError)
		}
	}
}

// Laws whose spread reaches back to the start, of servers that are there all
// along.
func TestDiffusionWide(t *testing.T) {
	for _, c := range []struct {
		backlog, servers  int
		rate, surge, fade float64
	}{{5, 1, 8, 0, 1}, {20, 1, 9, 3, 60}, {20, 2, 9.7, 2, 60}, {60, 2, 9.7, 0, 1}, {400, 4, 9.9, 0, 1}, {100, 3, 9, 2, 100}} {
		l := laneOf(t, Config{Backlog: c.backlog, Servers: c.servers, Service: Exponential{.1 * float64(c.servers)},
			Arrivals: arrivalsOf(t, Steady{c.rate}, Surge{c.surge, c.fade})})
		got, err := DiffusionDrain(l)
		if err != nil {
			t.Error(c, err)
			continue
		}
		want, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(c, err)
		}
		for p := 0.005; p < 1; p += 0.005 {
			x := want.Quantile(p)
			if off := math.Abs(got.CDF(x) - want.CDF(x)); off > got.AbsError {
				t.Errorf("%+v at %g s: differs by %.2g, stated %.2g", c, x, off, got.AbsError)
			}
		}
	}
}

func TestDiffusionEdges(t *testing.T) {
	d, err := DiffusionDrain(laneOf(t, Config{Backlog: 3, Servers: 1, Service: Exponential{.1},
		Arrivals: arrivalsOf(t, Steady{5}, Batch{0, 60})}))
	if err != nil || len(d.Atoms) != 1 || d.Atoms[0].At != 60 {
		t.Errorf("drained before overload ends: %v, atoms %v", err, d.Atoms)
	}
	d, err = DiffusionDrain(laneOf(t, Config{Backlog: 100, Servers: 1, Service: Deterministic{.1}, Target: idle}))
	if err != nil || math.Abs(d.Mean()-10) > 1e-9 || d.StdDev() != 0 {
		t.Errorf("nothing varies: %v, mean %g", err, d.Mean())
	}
	var no *UnsupportedError
	if _, err := DiffusionDrain(laneOf(t, Config{Backlog: 100, Servers: 5, Service: Exponential{.1}, Target: idle})); !errors.As(err, &no) {
		t.Errorf("idle servers: %v", err)
	}
	if _, err := DiffusionDrain(constantCase(t, 100, 11, Exponential{.1}, 1, idle)); !errors.Is(err, ErrNever) {
		t.Errorf("overloaded for ever: %v", err)
	}
	joins := Config{Backlog: 100, Servers: 1, Service: Exponential{1}, ScaleOut: []Join{{50, 100}}}
	if _, err := DiffusionDrain(laneOf(t, joins)); !errors.As(err, &no) {
		t.Errorf("servers that join end the drain: %v", err)
	}
}

// Where the rates change so much within the spread of the drain time that the
// path's slope at the target says nothing, there is no such approximation, and
// what is answered instead, whatever the service, is no time before 0.
func TestDiffusionBend(t *testing.T) {
	for _, s := range []Service{Deterministic{.1}, Gamma{.1, 1.0 / 3}, Lognormal{.1, 4}} {
		l := laneOf(t, Config{Backlog: 2, Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{9.999}, Surge{8, 60})})
		var no *UnsupportedError
		if _, err := DiffusionDrain(l); !errors.As(err, &no) || no.Method != Diffusion {
			t.Errorf("%T: got %v", s, err)
		}
		d, err := answerInstead(l, s)
		if err != nil || d.Quality != Approximate || d.Mean() < 0.05*d.Quantile(.95) {
			t.Errorf("%T: %v, mean %g, P95 %g, %v", s, d.Quality, d.Mean(), d.Quantile(.95), err)
		}
	}
}

// answerInstead is what Auto answers; where the exact ways take long to refuse,
// by the way that it takes then.
func answerInstead(l *Lane, s Service) (Drain, error) {
	if _, quick := s.(Deterministic); quick {
		return SolveDrain(l, SolveOptions{})
	}
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		return Drain{}, err
	}
	return p.approximately(&UnsupportedError{"theory", "it is not asked"})
}

// What servers that idle before the overload leave behind is in the stated
// error: a batch on a lane in use, a backlog that may be gone before more comes,
// and a target reached on the way. The exact law is the oracle.
func TestDiffusionOwnsUpToIdleServers(t *testing.T) {
	for name, c := range map[string]Config{
		"in use": {Servers: 1, Service: Exponential{1}, Target: idle, Arrivals: arrivalsOf(t, Steady{.93}, Batch{Size: 50, At: 7000})},
		"nearly gone": {Backlog: 100, Servers: 1, Service: Exponential{.5}, Arrivals: arrivalsOf(t, Steady{1.7},
			Batch{Size: 20, At: 330}, Batch{Size: 200, At: 400})},
		"two servers":       {Servers: 2, Service: Exponential{2}, Arrivals: arrivalsOf(t, Steady{.8}, Batch{Size: 100, At: 500})},
		"below its target":  {Backlog: 200, Servers: 1, Service: Exponential{1}, Target: Target{Waiting: 60}, Arrivals: arrivalsOf(t, Steady{.7}, Batch{Size: 150, At: 600})},
		"busy all the time": {Backlog: 500, Servers: 1, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{.5}, Batch{Size: 500, At: 100})},
	} {
		l := laneOf(t, c)
		want, err := SolveDrain(l, SolveOptions{})
		if err != nil || want.Quality != Exact {
			t.Fatal(name, want.Quality, err)
		}
		d, err := DiffusionDrain(l)
		if err != nil {
			t.Fatal(name, err)
		}
		if worst := worstBetween(d, want); worst > d.AbsError {
			t.Errorf("%s: differs by %.2g, stated %.2g", name, worst, d.AbsError)
		}
	}
}
