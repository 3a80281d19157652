package queueing

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// atOnceOf is a pool whose instances send several requests at once.
func atOnceOf(p Pool, requests int) Pool {
	p.Requests, p.Together = requests, true
	return p
}

// Groups at complex means against the chain's own circle, where services are phases:
// the two have but the points and the weights in common.
func TestGroupsAtComplexMeans(t *testing.T) {
	pool := atOnceOf(Pool{Instances: 5, Start: 4, Delay: ExponentialDelay{5}}, 3)
	for name, c := range map[string]Config{
		"idle":        {Service: Gamma{.5, 2}, Target: idle, Backlog: 1},
		"two wait":    {Service: Gamma{.5, 3}, Target: Target{Waiting: 2}},
		"held":        {Service: Gamma{.5, 2}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, atOnceOf(heldPool(5, 5, 6), 2))},
		"held, three": {Service: Gamma{.5, 2}, Target: Target{Waiting: 3}, Arrivals: arrivalsOf(t, Steady{.3}, atOnceOf(heldPool(5, 5, 6), 2), Batch{2, 5})},
		"two pools":   {Service: Gamma{.5, 2}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, atOnceOf(Pool{Instances: 2, Start: 3, Delay: ExponentialDelay{3}}, 2), atOnceOf(Pool{Instances: 1, Start: 4, Delay: ExponentialDelay{6}}, 2))},
		"busy":        {Service: Gamma{.5, 2}, Target: Target{FirstPassage: true}, Backlog: 6},
		"busy, hyper": {Service: Hyperexponential{.3, .8, 2. / 7}, Target: Target{Idle: true, FirstPassage: true}, Backlog: 6},
	} {
		if testing.Short() && name != "held" {
			continue
		}
		c.Servers = 1
		if len(c.Arrivals.streams) == 0 {
			c.Arrivals = arrivalsOf(t, Steady{.3}, pool)
		}
		againstCircle(t, name, laneOf(t, c))
	}
}

// againstCircle holds the law at complex means against that on the chain's own circle.
func againstCircle(t *testing.T, name string, l *Lane) {
	t.Helper()
	p, open := settledBy(t, l, DrainDensity)
	got, err := p.atComplexMeans(p.cfg.Target.FirstPassage)
	if err != nil {
		t.Fatal(name, err)
	}
	law, _ := phases(p.cfg.Service)
	want, _, err := p.circled(open, law, 1e11)
	if err != nil {
		t.Fatal(name, err)
	}
	if !(got.AbsError < 1e-7) {
		t.Errorf("%s: error %.1g", name, got.AbsError)
	}
	for q := 0.005; q < 1; q += 0.01 {
		x := want.Quantile(q)
		if off := math.Abs(got.CDF(x) - want.CDF(x)); !(off < 1e-8) {
			t.Errorf("%s: P(T <= %g) = %.12g, on the chain's circle %.12g", name, x, got.CDF(x), want.CDF(x))
		}
	}
}

// Rough and lognormal services, the latter also beyond their table, against storms.
func TestGroupsAgainstStorms(t *testing.T) {
	lognormal := distuv.LogNormal{Mu: -math.Log(1.5) / 2, Sigma: math.Sqrt(math.Log(1.5)), Src: rand.NewPCG(4, 7)}
	for i, c := range []struct {
		service Service
		rander  distuv.Rander
		pool    Pool
		level   int
	}{
		{Gamma{1, .4}, distuv.Gamma{Alpha: .4, Beta: .4, Src: rand.NewPCG(1, 7)}, atOnceOf(heldPool(3, 12, 10), 2), 0},
		{Gamma{1, 2.5}, distuv.Gamma{Alpha: 2.5, Beta: 2.5, Src: rand.NewPCG(3, 7)}, atOnceOf(Pool{Instances: 4, Start: 8, Delay: ExponentialDelay{10}}, 3), 1},
		{Lognormal{1, .5}, lognormal, atOnceOf(Pool{Instances: 3, Start: 8, Delay: ExponentialDelay{10}}, 2), 0},
	} {
		if testing.Short() && i != 1 {
			continue
		}
		l := laneOf(t, Config{Servers: 1, Service: c.service, Arrivals: arrivalsOf(t, Steady{.3}, c.pool), Target: Target{Idle: c.level == 0}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-6) || d.Method != DrainDensity {
			t.Errorf("%v: %s by %s, error %.2g: %s", c.service, d.Quality, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		storm{rate: .3, begin: begin, end: 400, level: c.level, pool: c.pool, service: c.rander}.follow(t, d, uint64(50+i))
	}
}

// Averages over groups by transforms, and sums over densities, are the same. Where the
// last requests are set aside a path through the saddle point of single requests has
// fewer digits for numbers of groups far from the mean.
func TestGroupTerms(t *testing.T) {
	for _, s := range []Gamma{{1, 2.5}, {1, .4}} {
		summed := countTerms{sums: sumsOf(s).(*poleSums), group: 3}
		inverted := countTerms{sums: &poleSums{service: s, edge: leftEdge(s)}, group: 3}
		for _, k := range []int{-2, 0, 1, 9} {
			for _, u := range []float64{2, 30} {
				m := &ringMean{base: 4, pool: 2.5}
				for name, of := range map[string]func(c *countTerms) (int, []float64){
					"last":   func(c *countTerms) (int, []float64) { return c.last(max(k, 1), u, m) },
					"aside":  func(c *countTerms) (int, []float64) { return c.aside(min(k, -1), u, m) },
					"below":  func(c *countTerms) (int, []float64) { return c.below(max(k, 0), u, m) },
					"beyond": func(c *countTerms) (int, []float64) { return c.beyond(k, u, m) },
				} {
					lo, got := of(&summed)
					other, want := of(&inverted)
					for i, x := range want {
						y := 0.0
						if j := other + i - lo; j >= 0 && j < len(got) {
							y = got[j]
						}
						allowed := 1e-12
						if name == "aside" || name == "beyond" {
							allowed = 1e-10
						}
						if !(math.Abs(x-y) < allowed) {
							t.Errorf("%v, %s(%d), %g s, %d groups: %g by densities, %g by transforms", s, name, k, u, other+i, y, x)
						}
					}
				}
			}
		}
	}
}
