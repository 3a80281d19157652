package queueing

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// One server of any service that drops who is too old against storms, at a false-alarm rate
// of 1e-7 each, 9e-7 in all.
func TestServerOfAnyServiceThatDropsTheOld(t *testing.T) {
	measured, err := NewEmpirical([]float64{.5, 1, 1, 1.5})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		service        Service
		backlog, batch int
		at, age, down  float64
		surge          float64
		idles          bool
		most           float64
	}{
		"erlang":                   {Gamma{1, 3}, 30, 0, 0, 10, 0, 3, false, 2e-3},
		"equal, idle":              {Deterministic{1}, 10, 0, 0, 6, 0, 3, true, 1e-5},
		"equal, an odd age":        {Deterministic{1}, 10, 25, 7.25, 3.3, 0, 1, false, 2e-2},
		"two kinds":                {BalancedHyperexponential(1, 5), 30, 0, 0, 8, 0, 3, false, 2e-3},
		"lognormal, a batch":       {Lognormal{1, 1}, 5, 15, 7.3, 5, 0, 1, true, 1e-2},
		"measured":                 {measured, 20, 0, 0, 7.2, 0, 1, false, 1e-3},
		"younger than a service":   {Gamma{1, 3}, 3, 3, 9, .3, 0, 1, true, 1e-2},
		"down, batch as it is up":  {Gamma{1, .5}, 10, 4, 12, 9, 12, 1, true, 2e-3},
		"down for longer than age": {Exponential{1}, 40, 0, 0, 5, 30, 0, false, 2e-3},
	} {
		const rate, decay = .4, 12.
		sources := []Source{Steady{rate}}
		if c.surge > 0 {
			sources = append(sources, Surge{c.surge, decay})
		}
		if c.batch > 0 {
			sources = append(sources, Batch{c.batch, c.at})
		}
		l := laneOf(t, Config{Servers: 1, Service: c.service, Backlog: c.backlog, DownFor: c.down, Target: Target{Idle: c.idles},
			Arrivals: arrivalsOf(t, sources...), Mechanisms: Mechanisms{MaxAge: c.age}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || !(d.AbsError <= c.most) {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			return agedStorm(r, l, begin, rate, c.surge, decay, c.batch, c.at, 0, 0)
		})
	}
}

// Numbers in finite streams are fixed, and of groups, at a false-alarm rate of 1e-7 each.
func TestPoolBeforeServerThatDropsTheOld(t *testing.T) {
	const rate, delay = .3, 12.
	for name, c := range map[string]struct {
		service       Service
		members, size int
		most          float64
	}{
		"erlang":             {Gamma{1, 2}, 60, 1, 3e-3},
		"equal":              {Deterministic{1}, 120, 1, 3e-3},
		"exponential groups": {Exponential{1}, 30, 3, 2e-2},
	} {
		l := laneOf(t, Config{Servers: 1, Service: c.service, Backlog: 5, DownFor: 4, Mechanisms: Mechanisms{MaxAge: 6},
			Arrivals: arrivalsOf(t, Steady{rate}, Pool{Instances: c.members, Requests: c.size, Together: true, Delay: ExponentialDelay{delay}})})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || !(d.AbsError < c.most) {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			return agedStorm(r, l, begin, rate, 0, 1, 0, 0, c.members, delay)
		})
	}
}

// Where hardly anybody can be too old the law is that without an age.
func TestServerWithAnAgeThatIsNotReached(t *testing.T) {
	for name, s := range map[string]Service{"equal": Deterministic{1}, "erlang": Gamma{1, 2}, "lognormal": Lognormal{1, .5}} {
		for _, idles := range []bool{false, true} {
			config := Config{Servers: 1, Service: s, Backlog: 12, DownFor: 3, Target: Target{Idle: idles}, Arrivals: arrivalsOf(t, Steady{.3}, Surge{.7, 8}, Batch{4, 3})}
			want, err := SolveDrain(laneOf(t, config), SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			config.Mechanisms = Mechanisms{MaxAge: 60}
			got := followedServer(t, config)
			for _, q := range []float64{.01, .1, .3, .5, .7, .9, .99} {
				at := want.Quantile(q)
				if off := math.Abs(want.CDF(Until(at)) - got.CDF(Until(at))); !(off <= got.AbsError+want.AbsError && got.AbsError < 1e-3) {
					t.Errorf("%s, idle %t: P(T <= %.4g) = %.7f, where nobody is dropped %.7f, stated %.2g", name, idles, at, got.CDF(at), want.CDF(at), got.AbsError)
				}
			}
		}
	}
}

func followedServer(t *testing.T, c Config) Drain {
	t.Helper()
	p, err := newProblem(laneOf(t, c), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.followServer()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// One exponential server is followed in cells of two kinds.
func TestServerBesideExponentialOnes(t *testing.T) {
	for _, age := range []float64{.4, 3, 20} {
		config := Config{Servers: 1, Service: Exponential{1}, Backlog: 15, Arrivals: arrivalsOf(t, Steady{.5}, Surge{2, 10}, Batch{6, 4.2}), Mechanisms: Mechanisms{MaxAge: age}}
		got := followedServer(t, config)
		p, err := newProblem(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := p.followAge()
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []float64{.1, .3, .5, .7, .9, .99} {
			at := want.Quantile(q)
			if off := math.Abs(want.CDF(at) - got.CDF(at)); !(off <= got.AbsError+want.AbsError && off < 1e-3) {
				t.Errorf("age %g: P(T <= %.4g) = %.6f, of exponential servers %.6f, stated %.2g and %.2g", age, at, got.CDF(at), want.CDF(at), got.AbsError, want.AbsError)
			}
		}
	}
}

// All are there at 0 and nobody comes: who is served has waited no longer than tau.
func TestServerOfABacklogAlone(t *testing.T) {
	for age, served := range map[float64]float64{.5: 1, 3: 4, 3.5: 4, 8: 9, 11: 10} {
		config := Config{Servers: 1, Service: Deterministic{1}, Backlog: 10, Target: Target{Idle: true}, Mechanisms: Mechanisms{MaxAge: age}}
		if d := followedServer(t, config); math.Abs(d.CDF(Until(served))-1) > 1e-9 || d.CDF(served-1e-6) > 1e-9 {
			t.Errorf("age %g: %g are served, P(T <= %g) = %g", age, served, served, d.CDF(Until(served)))
		}
	}
	age := 2.2
	config := Config{Servers: 1, Service: Gamma{1, 2}, Backlog: 2, Target: Target{Idle: true}, Mechanisms: Mechanisms{MaxAge: age}}
	d := followedServer(t, config)
	one, _ := gammaTails(2, 2*age) // the second has not waited too long
	two, _ := gammaTails(4, 2*age)
	if got := d.CDF(age); math.Abs(got-two) > d.AbsError {
		t.Errorf("two are done by then with probability %g, want %g to %.2g", got, two, d.AbsError)
	}
	if got, want := d.Mean(), 2.-meanIf(age); math.Abs(got-want) > 1e-3 {
		t.Errorf("mean %g, want %g; one is done with probability %g", got, want, one)
	}
}

// meanIf is P(S > age), the services of one second that are spared by who is too old.
func meanIf(age float64) float64 {
	_, later := gammaTails(2, 2*age)
	return later
}

// What takes too long is refused at once, and a context that has ended stops what does not.
func TestServerThatDropsTheOldIsBounded(t *testing.T) {
	config := Config{Servers: 1, Service: Lognormal{1e-3, 3}, Backlog: 1000, Arrivals: arrivalsOf(t, Steady{900}, Surge{900, 3e4}), Mechanisms: Mechanisms{MaxAge: 1e3}}
	began := time.Now()
	if _, err := SolveDrain(laneOf(t, config), SolveOptions{Method: Chain}); !unsupported(err) || time.Since(began) > time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	config = Config{Servers: 1, Service: Lognormal{1, 2}, Backlog: 40, Arrivals: arrivalsOf(t, Steady{.4}, Surge{3, 20}), Mechanisms: Mechanisms{MaxAge: 30}}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	began = time.Now()
	if _, err := SolveDrain(laneOf(t, config), SolveOptions{Context: ctx}); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}
