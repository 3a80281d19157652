package queueing

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The equations at complex means against the chain's own circle, where services are
// phases: the two have but the points and the weights in common.
func TestComplexMeansOfPhases(t *testing.T) {
	pool := Pool{Instances: 6, Requests: 1, Start: 4, Delay: ExponentialDelay{5}}
	two := []Source{Steady{.3}, Pool{Instances: 2, Requests: 1, Start: 2, Delay: ExponentialDelay{3}}, Pool{Instances: 1, Requests: 1, Start: 3, Delay: ExponentialDelay{2}}}
	for name, c := range map[string]Config{
		"exponential, idle": {Service: Exponential{1}, Target: idle},
		"Erlang, idle":      {Service: Gamma{1, 2}, Target: idle, Backlog: 1},
		"Erlang, two wait":  {Service: Gamma{1, 3}, Target: Target{Waiting: 1}},
		"two pools":         {Service: Gamma{1, 2}, Arrivals: arrivalsOf(t, two...)},
		"batches":           {Service: Gamma{1, 2}, Arrivals: arrivalsOf(t, Steady{.3}, pool, Batch{2, 1}, Batch{1, 7.5})},
	} {
		if testing.Short() && name != "Erlang, idle" {
			continue
		}
		c.Servers = 1
		if len(c.Arrivals.streams) == 0 {
			c.Arrivals = arrivalsOf(t, Steady{.3}, pool)
		}
		p, open := settledBy(t, laneOf(t, c), DrainDensity)
		v, err := p.newVolterra(open, false)
		if err != nil {
			t.Fatal(name, err)
		}
		got := v.law()
		p.Method = Chain
		want, err := p.onCircle(open)
		if err != nil {
			t.Fatal(name, err)
		}
		if !(got.AbsError < 1e-8) || len(got.Atoms) == 0 {
			t.Errorf("%s: error %.1g, atoms %v", name, got.AbsError, got.Atoms)
		}
		for q := 0.005; q < 1; q += 0.03 {
			x := want.Quantile(q)
			if off := math.Abs(got.CDF(x) - want.CDF(x)); !(off < 1e-8) {
				t.Errorf("%s: P(T <= %g) = %.12g, on the chain's circle %.12g", name, x, got.CDF(x), want.CDF(x))
			}
		}
	}
}

// A batch that comes to an idle lane and has about gone when a pool begins: the kernel
// counts at lags of about its work, and at neither end of the lags around. The lane
// is idle where the pool begins with the probability that a sum of gamma services is
// shorter than the time since the batch.
func TestComplexMeansAfterBatch(t *testing.T) {
	const size, at, shape = 10, 30.0, 10.0
	pool := Pool{Instances: 2, Requests: 1, Start: at + size + .5, Delay: ExponentialDelay{1}}
	l := laneOf(t, Config{Servers: 1, Service: Gamma{1, shape}, Target: idle, Arrivals: arrivalsOf(t, pool, Batch{size, at})})
	p, err := newProblem(l, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	p, open, err := p.settled()
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.newVolterra(open, false)
	if err != nil {
		t.Fatal(err)
	}
	d := v.law()
	sum := distuv.Gamma{Alpha: size * shape, Beta: shape}
	if off := d.CDF(p.begin) - sum.CDF(p.begin-at); !(math.Abs(off) < 1e-10) || !(d.AbsError < 1e-7) {
		t.Errorf("P(T = %g) = %.12g is off by %.2g, error %.2g", p.begin, d.CDF(p.begin), off, d.AbsError)
	}
}

// Rough services, and a fixed number of members, against storms.
func TestComplexMeansOfRoughServices(t *testing.T) {
	for i, level := range []int{0, 2} {
		if testing.Short() && i == 0 {
			continue
		}
		s := Gamma{1, .25}
		pool := Pool{Instances: 5, Requests: 1, Start: 15, Delay: ExponentialDelay{10}}
		l := laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{.3}, pool), Target: Target{Idle: level == 0, Waiting: max(0, level-1)}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-8) || d.Method != DrainDensity {
			t.Errorf("down to %d: %s by %s, error %.2g: %s", level, d.Quality, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		storm{rate: .3, begin: begin, end: 400, level: level, pool: pool, service: distuv.Gamma{Alpha: s.Shape, Beta: s.Shape, Src: rand.NewPCG(uint64(i), 4)}}.follow(t, d, uint64(10+i))
	}
}

// Lognormal services, by their table, against storms.
func TestComplexMeansOfLognormalServices(t *testing.T) {
	for i, scv := range []float64{.5, 4} {
		if testing.Short() && i > 0 {
			continue
		}
		s := Lognormal{1, scv}
		mu, sigma := s.Params()
		pool := Pool{Instances: 8, Requests: 1, Start: 6, Delay: ExponentialDelay{6}}
		l := laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{.3}, pool), Target: Target{Idle: i > 0}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-6) || d.Method != DrainDensity {
			t.Errorf("SCV %g: %s by %s, error %.2g: %s", scv, d.Quality, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		storm{rate: .3, begin: begin, end: 400, level: 1 - i, pool: pool, service: distuv.LogNormal{Mu: mu, Sigma: sigma, Src: rand.NewPCG(uint64(i), 5)}}.follow(t, d, uint64(20+i))
	}
}

// A pool cut into several whose delays are the same ones.
func TestPoolInParts(t *testing.T) {
	follow := func(s Service, numbers ...int) Drain {
		sources := []Source{Steady{.3}}
		for _, n := range numbers {
			sources = append(sources, Pool{Instances: n, Requests: 1, Start: 4, Delay: ExponentialDelay{5}})
		}
		p, err := newProblem(laneOf(t, Config{Servers: 1, Service: s, Target: idle, Arrivals: arrivalsOf(t, sources...)}), SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.byVolterra()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		service Service
		whole   int
		parts   []int
	}{{Gamma{1, 2}, 5, []int{3, 2}}, {Gamma{1, 2}, 3, []int{1, 1, 1}}, {Lognormal{1, .5}, 3, []int{2, 1}}} {
		whole, d := follow(c.service, c.whole), follow(c.service, c.parts...)
		if !(d.AbsError < fixClaim) {
			t.Errorf("%v: %v in parts: error %.1g", c.service, c.parts, d.AbsError)
		}
		for q := 0.005; q < 1; q += 0.01 {
			x := whole.Quantile(q)
			if off := math.Abs(d.CDF(x) - whole.CDF(x)); !(off <= d.AbsError+whole.AbsError) {
				t.Errorf("%v: %v in parts: P(T <= %g) is off by %.2g, stated %.2g", c.service, c.parts, x, off, d.AbsError)
			}
		}
	}
}

// Two pools that send at the same time, against storms.
func TestComplexMeansOfTwoPools(t *testing.T) {
	s := Gamma{1, 2.5}
	pool, other := Pool{Instances: 4, Requests: 1, Start: 5, Delay: ExponentialDelay{6}}, Pool{Instances: 3, Requests: 1, Start: 6, Delay: ExponentialDelay{4}}
	l := laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{.4}, pool, other), Target: idle})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Quality != Exact || d.Method != DrainDensity {
		t.Errorf("%s by %s, error %.2g: %s", d.Quality, d.Method, d.AbsError, d.Reason)
	}
	begin, _ := OverloadEnd(l)
	storm{rate: .4, begin: begin, end: 100, pool: pool, other: other, service: distuv.Gamma{Alpha: s.Shape, Beta: s.Shape, Src: rand.NewPCG(3, 6)}}.follow(t, d, 30)
}

// Averages over some of the numbers of arrivals, where there are so many that their terms
// hardly change from one to the next, are those over all of them.
func TestThinnedTerms(t *testing.T) {
	var points []circlePoint
	for _, angle := range []float64{0, .02, .05, .1} {
		points = append(points, circlePoint{means: []complex128{cmplx.Rect(1, angle)}})
	}
	m := newRingMean(points)
	for _, s := range []Service{Lognormal{1, 2}, BalancedHyperexponential(1, 3)} {
		c := countTerms{sums: sumsOf(s).(*poleSums), group: 1}
		for name, of := range map[string]func(u float64) (int, []float64){
			"last 1": func(u float64) (int, []float64) { return c.last(1, u, m) },
			"last 5": func(u float64) (int, []float64) { return c.last(5, u, m) },
			"aside":  func(u float64) (int, []float64) { return c.aside(-2, u, m) },
			"below":  func(u float64) (int, []float64) { return c.below(2, u, m) },
			"beyond": func(u float64) (int, []float64) { return c.beyond(-2, u, m) },
		} {
			for _, u := range []float64{1450, 1600, 1700} {
				average := func(wide float64) (sum []complex128, every int) {
					m.set(900, []float64{700})
					m.wide = math.Max(m.wide, wide)
					lo, terms := of(u)
					sum = make([]complex128, len(points))
					m.add(sum, 1, lo, terms)
					return sum, m.every
				}
				got, every := average(0)
				want, each := average(1e3)
				if every < 5 || each > 1 {
					t.Fatalf("terms are for every %d numbers, and every %d", every, each)
				}
				for j, x := range want {
					if off := cmplx.Abs(got[j] - x); !(off < 1e-11*math.Max(cmplx.Abs(want[0]), cmplx.Abs(x))) {
						t.Errorf("%T, %s, %g s: %g at angle %d over some numbers, %g over all", s, name, u, got[j], j, x)
					}
				}
			}
		}
	}
}

// A batch whose requests go to one lane or another by chance is a pool that lets go at
// once: against the chain, which takes the batch for what it is.
func TestBatchesByChance(t *testing.T) {
	size := 300
	if testing.Short() {
		size = 120
	}
	c := Config{Servers: 1, Service: Gamma{.1, 3}, Target: idle}
	l := laneOf(t, c.with(arrivalsOf(t, Steady{3}, Hash(Batch{size, 20}, 3), Hash(groupsOf(3*size, 1, 30, 60), 3))))
	p, err := newProblem(l, SolveOptions{Method: DrainDensity})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.byVolterra()
	if err != nil || got.AbsError > 2e-7 {
		t.Fatalf("%v, error %.1g", err, got.AbsError)
	}
	want, err := SolveDrain(l, SolveOptions{Method: Chain})
	if err != nil || want.AbsError > 2e-8 {
		t.Fatalf("%v, error %.1g", err, want.AbsError)
	}
	closeTo(t, "by chance", got, want)
}
