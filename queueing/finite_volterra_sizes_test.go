package queueing

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Groups of several sizes at complex means against the chain's own circle, where services
// are phases: the two have but the points and the weights in common.
func TestSizesAtComplexMeans(t *testing.T) {
	threes, twos := atOnceOf(Pool{Instances: 4, Start: 4, Delay: ExponentialDelay{5}}, 3), atOnceOf(Pool{Instances: 3, Start: 3, Delay: ExponentialDelay{4}}, 2)
	single := Pool{Instances: 3, Requests: 1, Start: 5, Delay: ExponentialDelay{8}}
	for name, c := range map[string]Config{
		"idle":         {Service: Gamma{.5, 2}, Target: idle, Backlog: 1, Arrivals: arrivalsOf(t, Steady{.3}, threes, single)},
		"no wait":      {Service: Gamma{.5, 3}, Arrivals: arrivalsOf(t, Steady{.3}, threes, twos)},
		"two wait":     {Service: Gamma{.5, 2}, Target: Target{Waiting: 2}, Arrivals: arrivalsOf(t, Steady{.3}, threes, single)},
		"held, three":  {Service: Gamma{.5, 2}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, atOnceOf(heldPool(3, 5, 6), 2), atOnceOf(Pool{Instances: 2, Start: 6, Delay: ExponentialDelay{4}}, 4), single)},
		"hyper":        {Service: Hyperexponential{.3, .8, 2. / 7}, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, threes, single, Batch{2, 6})},
		"hyper, waits": {Service: Hyperexponential{.3, .8, 2. / 7}, Target: Target{Waiting: 1}, Arrivals: arrivalsOf(t, Steady{.3}, twos, single)},
	} {
		if testing.Short() && name != "idle" {
			continue
		}
		c.Servers = 1
		againstCircle(t, name, laneOf(t, c))
	}
}

// Services that are no phases, with groups of two sizes, against storms.
func TestSizesAgainstStorms(t *testing.T) {
	lognormal := distuv.LogNormal{Mu: -math.Log(1.5) / 2, Sigma: math.Sqrt(math.Log(1.5)), Src: rand.NewPCG(4, 7)}
	few, single := atOnceOf(Pool{Instances: 3, Start: 8, Delay: ExponentialDelay{10}}, 3), Pool{Instances: 4, Requests: 1, Start: 6, Delay: ExponentialDelay{12}}
	for i, c := range []struct {
		service Service
		rander  distuv.Rander
		level   int
	}{
		{Gamma{1, 2.5}, distuv.Gamma{Alpha: 2.5, Beta: 2.5, Src: rand.NewPCG(3, 7)}, 1},
		{Gamma{1, .4}, distuv.Gamma{Alpha: .4, Beta: .4, Src: rand.NewPCG(1, 7)}, 0},
		{Lognormal{1, .5}, lognormal, 0},
	} {
		if testing.Short() && i > 0 {
			continue
		}
		l := laneOf(t, Config{Servers: 1, Service: c.service, Arrivals: arrivalsOf(t, Steady{.3}, few, single), Target: Target{Idle: c.level == 0}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-6) || d.Method != DrainDensity {
			t.Errorf("%v: %s by %s, error %.2g: %s", c.service, d.Quality, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		storm{rate: .3, begin: begin, end: 400, level: c.level, pool: few, other: single, service: c.rander}.follow(t, d, uint64(70+i))
	}
}

// Hyperexponential services beside two pools of which one is small: phases have been
// taken to stand for them where these took too long to follow.
func TestSmallPoolBesideLarge(t *testing.T) {
	many := 150
	if testing.Short() {
		many = 20
	}
	c := Config{Servers: 1, Service: BalancedHyperexponential(.1, 4), Target: idle}
	l := laneOf(t, c.with(arrivalsOf(t, Steady{4}, groupsOf(many, 1, 20, 60), groupsOf(3, 1, 0, 300))))
	got, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
	if err != nil || got.AbsError > 1e-7 {
		t.Fatalf("%v, error %.1g", err, got.AbsError)
	}
	p, open := settledLane(t, l)
	law, _ := phases(p.cfg.Service)
	want, _, err := p.circled(open, law, 1e12)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "two pools", got, want)
}

// Averages over groups of two sizes, one number after the other, against the definition.
func TestSizeTerms(t *testing.T) {
	points := []circlePoint{{means: []complex128{1, 1}}, {means: []complex128{cmplx.Rect(1, .7), cmplx.Rect(1, -.4)}}, {means: []complex128{cmplx.Rect(1, .7), 1}}, {means: []complex128{cmplx.Rect(1, -.7), cmplx.Rect(1, .4)}}}
	const base, u = 2.5, 6.
	flows := []float64{1.5, 3}
	sizes := []int{3, 1}
	for _, s := range []Service{Gamma{1, 2.5}, Gamma{.7, .4}, BalancedHyperexponential(.8, 3), Lognormal{1, .5}} {
		sums := sumsOf(s).(*poleSums)
		if sums.paths != nil {
			sums.table = &serviceTable{sums: newMixtureSums(s.(Lognormal)), most: func(float64) int { return 80 }, few: 80}
		}
		alone := sumsOf(s).(*poleSums)
		density := func(n int) float64 { return float64(n) / u * alone.last(float64(n), u, 0) }
		kinds := map[string]struct {
			sizeKind
			k int
			q func(n int) float64
		}{
			"last":    {sizeLast, 2, func(n int) float64 { return alone.last(float64(n), u, 0) }},
			"density": {sizeDensity, 0, density},
			"aside":   {sizeDensity, -2, density},
			"below":   {sizeBelow, 1, func(n int) float64 { return alone.below(float64(n), u, 0) }},
			"beyond":  {sizeBeyond, -1, func(n int) float64 { return 1 - alone.below(float64(n), u, 0) }},
		}
		z := newSizeTerms(&countTerms{sums: sums, group: 3}, sizes, points)
		z.set(base, flows)
		for name, c := range kinds {
			z.listed(c.sizeKind, c.k, 0, u)
			got := make([]complex128, len(points))
			z.add(got, c.k, 1)
			for j, pt := range points {
				want := averageOver(pt.means, flows, sizes, base, func(n int) float64 {
					switch {
					case c.k+n > 0:
						return c.q(c.k + n)
					case c.sizeKind == sizeBelow:
						return 1
					}
					return 0
				})
				if off := cmplx.Abs(got[j] - want); !(off < 1e-10) {
					t.Errorf("%v, %s at %v: %v, by definition %v", s, name, pt.means, got[j], want)
				}
			}
		}
	}
}

// averageOver sums over all numbers of groups, and of others, in turn.
func averageOver(means []complex128, flows []float64, sizes []int, base float64, q func(n int) float64) complex128 {
	const most = 40
	values := map[int]float64{}
	sum := complex(0, 0)
	w0 := cmplx.Exp(-complex(flows[0], 0) * means[0])
	for i := range most {
		w1 := cmplx.Exp(-complex(flows[1], 0) * means[1])
		for j := range most {
			for k := range most {
				n := sizes[0]*i + sizes[1]*j + k
				if _, is := values[n]; !is {
					values[n] = q(n)
				}
				sum += w0 * w1 * complex(poissonProb(float64(k), base)*values[n], 0)
			}
			w1 *= complex(flows[1], 0) * means[1] / complex(float64(j+1), 0)
		}
		w0 *= complex(flows[0], 0) * means[0] / complex(float64(i+1), 0)
	}
	return sum
}
