package queueing

import (
	"errors"
	"math"
	"testing"
)

// scaledSurge: scale times (1000 waiting, 4/s and 8/s e^(-t/300 s) in, 10/s out).
func scaledSurge(t testing.TB, s Service, scale int) *Lane {
	f := float64(scale)
	return laneOf(t, Config{Backlog: 1000 * scale, Service: s.Scaled(1 / f), Servers: 1, Target: idle,
		Arrivals: arrivalsOf(t, Steady{4 * f}, Surge{8 * f, 300})})
}

// The surge by service law and size against values that long-double Taylor
// series, chains and lattice recursions gave.
func TestIdentitySurge(t *testing.T) {
	for _, c := range []struct {
		service       Service
		scale         int
		mean, sd, p99 float64
	}{
		{Exponential{.1}, 1, 487.779884390, 21.146133247, 537.538994631},
		{Exponential{.1}, 1000, 488.044675628, 0.668512391903, 489.600434294},
		{Exponential{.1}, 1e6, 488.044939894, 0.021140212100, 488.094119948},
		{Gamma{.1, 4}, 1, 487.890765326, 16.132574761, 525.76453210},
		{Gamma{.1, .25}, 1, 487.334418224, 34.579743940, 569.26945661},
		{Deterministic{.1}, 1, 487.927682716, 14.070627536, 520.9},
	} {
		d, err := IdentityDrain(scaledSurge(t, c.service, c.scale), SolveOptions{})
		if err != nil {
			t.Errorf("%T scale %d: %v", c.service, c.scale, err)
			continue
		}
		near(t, "mean", d.Mean(), c.mean, 2e-11)
		near(t, "sd", d.StdDev(), c.sd, 1e-8)
		near(t, "P99", d.Quantile(.99), c.p99, 1e-10)
		if d.AbsError > 1e-9 {
			t.Errorf("%T scale %d: error %.2g", c.service, c.scale, d.AbsError)
		}
		checkLaw(t, d)
	}
}

func TestIdentityMidpoint(t *testing.T) {
	l := scaledSurge(t, Exponential{.1}, 1)
	want, err := IdentityDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := IdentityMidpoint(l, 200)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for x := 430.0; x < 560; x++ {
		worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
	}
	if worst > got.AbsError || worst > 6e-4 || worst < 1e-6 {
		t.Errorf("differs by %.2g, stated %.2g", worst, got.AbsError)
	}
	if got.Quality != Approximate {
		t.Errorf("labelled %s", got.Quality)
	}
}

// Constant rates, where the ballot densities are closed.
func TestIdentityAgainstBallot(t *testing.T) {
	for _, c := range []struct {
		n0   int
		rate float64
		s    Service
	}{
		{1, 4, Exponential{.1}}, {1, 0, Exponential{.1}}, {5, 9, Exponential{.1}}, {1000, 4, Exponential{.1}},
		{3, 4, Gamma{.1, 4}}, {1000, 4, Deterministic{.1}}, {2, 7, Deterministic{.1}},
	} {
		l := constantCase(t, c.n0, c.rate, c.s, 1, idle)
		want, err := ClosedFormDrain(l, SolveOptions{Tolerance: 1e-11})
		if err != nil {
			t.Fatal(err)
		}
		got, err := IdentityDrain(l, SolveOptions{})
		if err != nil {
			t.Errorf("%T n0 %d rate %g: %v", c.s, c.n0, c.rate, err)
			continue
		}
		worst := 0.0
		for p := 0.003; p < 1; p += 0.0301 {
			x := want.Quantile(p) + 1e-9
			worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
		}
		if worst > 1e-9 || got.AbsError > 1e-9 {
			t.Errorf("%T n0 %d rate %g: differs by %.2g, stated %.2g", c.s, c.n0, c.rate, worst, got.AbsError)
		}
	}
}

// Few requests of deterministic service near full load have thousands of
// lattice points, of which the first weigh most: against Borel and Tanner's
// law, asked for by name.
func TestIdentityLongLattice(t *testing.T) {
	for _, c := range []struct {
		n0   int
		rate float64
		d    float64
	}{{5, 8.02274895, .112181}, {2, 9.5, .1}} {
		l := constantCase(t, c.n0, c.rate, Deterministic{c.d}, 1, idle)
		want, err := ClosedFormDrain(l, SolveOptions{Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		got, err := SolveDrain(l, SolveOptions{Method: DrainIdentity})
		if err != nil {
			t.Errorf("n0 %d: %v", c.n0, err)
			continue
		}
		if got.AbsError > 1e-10 {
			t.Errorf("n0 %d: stated %.2g", c.n0, got.AbsError)
		}
		for n := c.n0; n < 60; n++ {
			x := (float64(n) + 0.5) * c.d
			if off := math.Abs(got.CDF(x) - want.CDF(x)); off > got.AbsError+want.AbsError || got.Quality != Exact {
				t.Errorf("n0 %d after %d services: off by %.2g, %s, stated %.2g", c.n0, n, off, got.Quality, got.AbsError)
			}
		}
	}
}

// Services of little spread leave waves in the density that panels resolve in
// part: the error says how far.
func TestIdentityErrorOfErlang(t *testing.T) {
	for _, c := range []struct {
		n0   int
		rate float64
		s    Gamma
	}{{300, 4, Gamma{.1, 10}}, {30, 6.5, Gamma{.1, 10}}, {60, 5, Gamma{.1, .5}}} {
		l := constantCase(t, c.n0, c.rate, c.s, 1, idle)
		want, err := ClosedFormDrain(l, SolveOptions{Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		got, err := IdentityDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got.AbsError > 1e-6 {
			t.Errorf("n0 %d, shape %g: stated %.3g", c.n0, c.s.Shape, got.AbsError)
		}
		for p := .001; p < 1; p += .0099 {
			x := want.Quantile(p)
			if off := math.Abs(got.CDF(x) - want.CDF(x)); off > got.AbsError+want.AbsError {
				t.Errorf("n0 %d, shape %g at %g s: off by %.3g, stated %.3g", c.n0, c.s.Shape, x, off, got.AbsError)
			}
		}
	}
}

// Steps of capacity and arrivals, batches during the drain, several servers, a
// lane that is down at first, a bimodal first passage: against the chain.
func TestIdentityAgainstChain(t *testing.T) {
	step, err := NewTrace([]float64{0, 13, 200}, []float64{13 * 6, 187 * 3}, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]*Lane{
		"steps and batch": laneOf(t, Config{Backlog: 80, Servers: 1, Service: Exponential{.1}, Target: Target{Idle: true, FirstPassage: true},
			Arrivals: arrivalsOf(t, step, Batch{15, 9})}),
		"down": laneOf(t, Config{Backlog: 60, Servers: 3, Service: Exponential{.3}, DownFor: 5,
			Arrivals: arrivalsOf(t, Steady{4})}),
		"two may wait": laneOf(t, Config{Backlog: 60, Servers: 4, Service: Exponential{.4}, Target: Target{Waiting: 2},
			Arrivals: arrivalsOf(t, Steady{3}, Surge{3, 8})}),
		"bimodal": laneOf(t, Config{Backlog: 1, Servers: 1, Service: Exponential{1}, Target: Target{Idle: true, FirstPassage: true},
			Arrivals: arrivalsOf(t, Steady{.3}, Surge{1.5, 20})}),
	} {
		want, err := SolveDrain(l, SolveOptions{Method: Chain, Tolerance: 1e-10})
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := IdentityDrain(l, SolveOptions{Tolerance: 1e-9})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		worst := 0.0
		for p := 0.003; p < 1; p += 0.0301 {
			x := want.Quantile(p)
			worst = math.Max(worst, math.Abs(got.CDF(x)-want.CDF(x)))
		}
		if worst > 1e-8 || got.AbsError > 1e-8 {
			t.Errorf("%s: differs by %.2g, stated %.2g", name, worst, got.AbsError)
		}
	}
}

func TestIdentityServers(t *testing.T) {
	l := laneOf(t, Config{Backlog: 1000, Servers: 8, Service: Exponential{.8},
		Arrivals: arrivalsOf(t, Steady{4}, Surge{8, 300})})
	d, err := IdentityDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", d.Mean(), 485.968609535, 2e-11)
	near(t, "sd", d.StdDev(), 21.157652996, 1e-8)
	near(t, "P99", d.Quantile(.99), 535.752333129, 1e-10)
}

func TestIdentityRefuses(t *testing.T) {
	for name, l := range map[string]*Lane{
		"pool": laneOf(t, Config{Backlog: 100, Servers: 1, Service: Exponential{.1},
			Arrivals: arrivalsOf(t, Spread(40, 0, 9))}),
		"idle servers": laneOf(t, Config{Backlog: 100, Servers: 2, Service: Exponential{.1}, Target: idle}),
		"idle pair":    laneOf(t, Config{Backlog: 100, Servers: 2, Service: Gamma{.1, 2}, Target: idle}),
		"joins": laneOf(t, Config{Backlog: 100, Servers: 1, Service: Exponential{.1},
			ScaleOut: []Join{{4, 1}}}),
		"early": laneOf(t, Config{Backlog: 3, Servers: 1, Service: Exponential{.1},
			Arrivals: arrivalsOf(t, Batch{100, 60})}),
		"mechanisms": laneOf(t, Config{Backlog: 100, Servers: 1, Service: Exponential{.1}, Mechanisms: Mechanisms{MaxAge: 4}}),
	} {
		_, err := IdentityDrain(l, SolveOptions{})
		var no *UnsupportedError
		if !errors.As(err, &no) || no.Method != DrainIdentity {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := IdentityDrain(constantCase(t, 5, 11, Exponential{.1}, 1, idle), SolveOptions{}); !errors.Is(err, ErrNever) {
		t.Errorf("overloaded for ever: error %v", err)
	}
}

func BenchmarkIdentity(b *testing.B) {
	l := scaledSurge(b, Exponential{.1}, 1)
	for b.Loop() {
		if _, err := IdentityDrain(l, SolveOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// What a held pool lets go together is in the identities as it is in the
// density, be it before the lane comes up or while it drains.
func TestIdentitiesCountHeldPools(t *testing.T) {
	for _, start := range []float64{5, 20} {
		held := Pool{Instances: 60, Requests: 1, Delay: UniformDelay{60}, Start: start, Held: true}
		l := laneOf(t, Config{Backlog: 100, Servers: 4, Service: Exponential{.4}, DownFor: 10, Arrivals: arrivalsOf(t, Steady{4}, poissonPool{held, 1})})
		want, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		named, err := IdentityDrain(l, SolveOptions{Tolerance: 1e-6})
		if err != nil {
			t.Fatal(err)
		}
		if worst := worstBetween(named, want); worst > named.AbsError+want.AbsError+1e-9 {
			t.Errorf("held until %g s: the identity differs by %.2g, stated %.2g and %.2g", start, worst, named.AbsError, want.AbsError)
		}
		side, err := SuperpositionDrain(l)
		if err != nil {
			t.Fatal(err)
		}
		if worst := worstBetween(side, want); worst > side.AbsError {
			t.Errorf("held until %g s: the superposition differs by %.2g, stated %.2g", start, worst, side.AbsError)
		}
	}
}
