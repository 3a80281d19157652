package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"singlelane/queueing/markov"
)

// inGroups finds P(T <= t) at the given instants, in order, for pools whose
// instances send several requests at once by another way than the solvers': the
// forward equations of the chain of (number in the lane, phase of the one service,
// instances of each pool that are still to come). With G(t) the probability that
// an instance is still to come, p = G^j y has
//
//	y_j' = y_j (services, steady arrivals) + (j+1) phi(t) y_(j+1) one group up,
//
// without the hazard phi/G, which has a pole where a delay is bounded. They are
// integrated by the classical Runge-Kutta method, in so many steps a second.
type inGroups struct {
	lane    *Lane
	service markov.PhaseType
	rate    float64 // of what is steady
	pools   []Pool
	share   float64 // of the instances that come to the lane
	top     int
	steps   float64
	level   int
}

func (c *inGroups) at(n, i int, left []int) int {
	k := 0
	for p, j := range left {
		k = k*(c.pools[p].Instances+1) + j
	}
	states := 1
	for _, p := range c.pools {
		states *= p.Instances + 1
	}
	return (n*c.service.Phases()+i)*states + k
}

// each visits every state.
func (c *inGroups) each(visit func(n, i int, left []int)) {
	left := make([]int, len(c.pools))
	var choose func(p int, then func())
	choose = func(p int, then func()) {
		if p == len(left) {
			then()
			return
		}
		for left[p] = 0; left[p] <= c.pools[p].Instances; left[p]++ {
			choose(p+1, then)
		}
	}
	for n := 0; n <= c.top; n++ {
		for i := range c.service.Phases() {
			choose(0, func() { visit(n, i, left) })
		}
	}
}

// survive is the probability of the instances that are still to come.
func (c *inGroups) survive(t float64, left []int) float64 {
	g := 1.0
	for p, j := range left {
		if a := c.pools[p]; t >= a.Start {
			g *= math.Pow(math.Max(0, 1-c.share*a.Delay.Between(0, t-a.origin())), float64(j))
		}
	}
	return g
}

func (c *inGroups) below(at ...float64) []float64 {
	begin, _ := OverloadEnd(c.lane)
	if c.lane.cfg.Target.FirstPassage {
		begin = 0
	}
	size := c.at(c.top+1, 0, make([]int, len(c.pools)))
	m := c.service.Phases()
	type move struct{ from, to, kind int } // of pool kind from 0, or of others
	var moves []move
	var rates []float64
	enter := func(from, n int, left []int, kind int, rate float64) {
		for i, a := range c.service.Initial {
			if n == 0 && i > 0 {
				break
			}
			if n == 0 {
				a = 1
			}
			moves, rates = append(moves, move{from, c.at(n, i, left), kind}), append(rates, rate*a)
		}
	}
	add := func(from, to, kind int, rate float64) {
		moves, rates = append(moves, move{from, to, kind}), append(rates, rate)
	}
	c.level = -1
	const drained, steady = -2, -1
	var survivors []([]int)
	build := func() {
		moves, rates = nil, nil
		survivors = make([][]int, size)
		c.each(func(n, i int, left []int) {
			from := c.at(n, i, left)
			survivors[from] = append([]int(nil), left...)
			if n == 0 && i > 0 || n <= c.level {
				return
			}
			up := func(k, kind int, rate float64, left []int) {
				switch {
				case n+k > c.top:
				case n == 0:
					enter(from, n+k, left, kind, rate)
				default:
					add(from, c.at(n+k, i, left), kind, rate)
				}
			}
			if c.rate > 0 {
				up(1, steady, c.rate, left)
			}
			for p, j := range left {
				if j > 0 {
					next := append([]int(nil), left...)
					next[p]--
					up(c.pools[p].Requests, p, float64(j), next)
				}
			}
			if n == 0 {
				return
			}
			for k, r := range c.service.Rates[i] {
				if k != i && r > 0 {
					add(from, c.at(n, k, left), steady, r)
				}
			}
			exit := c.service.Exit[i] * float64(min(n, c.lane.FinalServers()))
			if n-1 <= c.level {
				add(from, -1, drained, exit)
				return
			}
			enter(from, n-1, left, steady, exit)
		})
	}
	y := make([]float64, size+1) // the last is what has drained
	all := make([]int, len(c.pools))
	for p, a := range c.pools {
		all[p] = a.Instances
	}
	start := c.lane.Initial().Fixed
	for i, a := range c.service.Initial {
		if start == 0 {
			a = float64(max(0, 1-i))
		}
		y[c.at(start, i, all)] = a
	}
	slope := func(t float64, y []float64) []float64 {
		d := make([]float64, size+1)
		phi := make([]float64, len(c.pools))
		for p, a := range c.pools {
			if t >= a.Start {
				phi[p] = c.share * a.Delay.Density(t-a.origin())
			}
		}
		g := map[int]float64{}
		for k, mv := range moves {
			x := rates[k] * y[mv.from]
			switch mv.kind {
			case drained:
				key := mv.from % (size / (m * (c.top + 1)))
				if _, is := g[key]; !is {
					g[key] = c.survive(t, survivors[mv.from])
				}
				d[size] += x * g[key]
				d[mv.from] -= x
			case steady:
				d[mv.to] += x
				d[mv.from] -= x
			default:
				d[mv.to] += x * phi[mv.kind]
			}
		}
		return d
	}
	build()
	var out []float64
	now := 0.0
	to := func(t float64) {
		for _, stop := range c.lane.stops(now, t) {
			h := (stop - now) / math.Ceil((stop-now)*c.steps)
			plus := func(d []float64, h float64) []float64 {
				z := append([]float64(nil), y...)
				for i := range z {
					z[i] += h * d[i]
				}
				return z
			}
			for range int(math.Ceil((stop - now) * c.steps)) {
				last := math.Min(now+h, math.Nextafter(stop, 0))
				k1 := slope(now, y)
				k2 := slope(now+h/2, plus(k1, h/2))
				k3 := slope(now+h/2, plus(k2, h/2))
				k4 := slope(last, plus(k3, h))
				for i := range y {
					y[i] += h / 6 * (k1[i] + 2*k2[i] + 2*k3[i] + k4[i])
				}
				now += h
			}
			now = stop
			c.letGo(stop, y)
		}
	}
	if begin > 0 {
		to(begin)
	}
	c.level = c.lane.Level(begin)
	c.each(func(n, i int, left []int) {
		if n <= c.level {
			k := c.at(n, i, left)
			y[size] += y[k] * c.survive(begin, left)
			y[k] = 0
		}
	})
	build()
	for _, t := range at {
		if t > now {
			to(t)
		}
		out = append(out, y[size])
	}
	return out
}

// letGo adds what pools have held back until t.
func (c *inGroups) letGo(t float64, y []float64) {
	for p, a := range c.pools {
		if !a.Held || a.Start != t {
			continue
		}
		due := c.share * a.Delay.Between(0, a.Start)
		before := append([]float64(nil), y...)
		c.each(func(n, i int, left []int) {
			k := c.at(n, i, left)
			if left[p] != a.Instances || before[k] == 0 {
				return
			}
			next := append([]int(nil), left...)
			for gone := 1; gone <= a.Instances && n+gone*a.Requests <= c.top; gone++ {
				next[p] = a.Instances - gone
				w := binomialProb(float64(gone), float64(a.Instances), due) / math.Pow(1-due, float64(next[p]))
				if n > 0 {
					y[c.at(n+gone*a.Requests, i, next)] += w * before[k]
					continue
				}
				for q, init := range c.service.Initial {
					y[c.at(n+gone*a.Requests, q, next)] += w * init * before[k]
				}
			}
		})
	}
}

// What comes in groups, followed for complex means, against the chain that knows
// how many instances are still to come.
func TestGroupsOnCircle(t *testing.T) {
	pool := func(n, size int, delay float64) Pool {
		return Pool{Instances: n, Requests: size, Together: true, Start: 5, Delay: ExponentialDelay{delay}}
	}
	held := pool(5, 3, 6)
	held.Held = true
	alone := Pool{Instances: 5, Requests: 1, Start: 4, Held: true, Delay: ExponentialDelay{5}}
	spread := Pool{Instances: 5, Requests: 4, Together: true, Start: 3, Delay: UniformDelay{9}}
	one := Exponential{1}
	for name, c := range map[string]struct {
		Config
		base  float64
		pools []Pool
	}{
		"idle before":       {Config{Servers: 1, Service: one, Target: idle}, .05, []Pool{pool(6, 4, 12)}},
		"large groups":      {Config{Servers: 1, Service: one, Target: idle}, .02, []Pool{pool(4, 14, 10)}},
		"no wait":           {Config{Servers: 1, Service: one, Backlog: 3}, .3, []Pool{pool(6, 2, 5)}},
		"first passage":     {Config{Servers: 1, Service: one, Backlog: 4, Target: Target{Idle: true, FirstPassage: true}}, .2, []Pool{pool(6, 3, 5)}},
		"spread":            {Config{Servers: 1, Service: one, Target: idle}, .1, []Pool{spread}},
		"held":              {Config{Servers: 1, Service: one, Target: idle}, .1, []Pool{held}},
		"held one by one":   {Config{Servers: 1, Service: one}, .3, []Pool{alone}},
		"Erlang":            {Config{Servers: 1, Service: Gamma{1, 4}, Target: idle}, .1, []Pool{pool(4, 3, 6)}},
		"hyperexponential":  {Config{Servers: 1, Service: BalancedHyperexponential(1, 3)}, .2, []Pool{pool(4, 4, 6)}},
		"held, Erlang":      {Config{Servers: 1, Service: Gamma{1, 2}, Target: idle}, .1, []Pool{held}},
		"eight, idle":       {Config{Servers: 8, Service: Exponential{4}, Target: idle}, .3, []Pool{pool(5, 5, 4)}},
		"eight, no wait":    {Config{Servers: 8, Service: Exponential{4}, Backlog: 12}, .5, []Pool{pool(6, 4, 4)}},
		"two pools":         {Config{Servers: 1, Service: one, Target: idle}, .1, []Pool{pool(3, 3, 5), spread}},
		"hashed":            {Config{Name: "hashed", Servers: 1, Service: one, Target: idle}, .1, []Pool{held}},
		"one and in groups": {Config{Servers: 1, Service: one, Target: idle}, .1, []Pool{pool(3, 3, 5), {Instances: 4, Requests: 1, Start: 2, Delay: ExponentialDelay{6}}}},
	} {
		if _, exponential := c.Service.(Exponential); testing.Short() && (!exponential || len(c.pools) > 1) {
			continue
		}
		sources := []Source{Steady{c.base}}
		total := c.Backlog
		for _, p := range c.pools {
			if total += p.Total(); c.Name == "hashed" {
				sources = append(sources, Hash(p, 2))
				continue
			}
			sources = append(sources, p)
		}
		c.Arrivals = arrivalsOf(t, sources...)
		l := laneOf(t, c.Config)
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Quality != Exact || d.AbsError > 1e-8 {
			t.Errorf("%s: %s, error %.1g: %s", name, d.Quality, d.AbsError, d.Reason)
		}
		law, is := phases(c.Service)
		if !is {
			t.Fatal(c.Service)
		}
		at := []float64{d.Quantile(1e-3)}
		for _, p := range []float64{.3, .7, .95} {
			if x := d.Quantile(p); x > at[len(at)-1] {
				at = append(at, x)
			}
		}
		share := 1.0
		if c.Name == "hashed" {
			share = 0.5
		}
		oracle := &inGroups{share: share, lane: l, service: law, rate: c.base, pools: c.pools, top: total + 25, steps: 60 * largest(law.Exit) * float64(c.Servers)}
		p, open := settledLane(t, l)
		points, _, err := p.byPoints(open, law, circleMost)
		if err != nil || points.AbsError > 1e-8 {
			t.Errorf("%s: at complex means error %.1g: %v", name, points.AbsError, err)
			continue
		}
		for i, want := range oracle.below(at...) {
			for _, d := range []Drain{d, points} {
				if off := math.Abs(d.CDF(at[i]) - want); !(off <= d.AbsError+1e-9) {
					t.Errorf("%s: P(T <= %g) = %.12g (error %.1g), want %.12g", name, at[i], d.CDF(at[i]), d.AbsError, want)
				}
			}
		}
	}
}

// What the circle adds up to are probabilities, for members that come in groups or
// whose services hardly vary as for others: their law at the end of overload is
// nowhere negative, and as much is drained as there is.
func TestCircleAddsUpToProbabilities(t *testing.T) {
	for _, c := range []struct {
		n, size int
		service Service
	}{{25, 1, Gamma{1, 8}}, {20, 10, Exponential{1}}, {40, 1, Exponential{1}}} {
		p, open := settledLane(t, laneOf(t, Config{Servers: 1, Service: c.service, Target: idle, Arrivals: arrivalsOf(t, Steady{.02}, groupsOf(c.n, c.size, 5, 10))}))
		law, _ := phases(c.service)
		chain, err := p.newCircle(open, law, 1e11, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := chain.Advance(p.begin); err != nil {
			t.Fatal(err)
		}
		sum := map[int]float64{}
		for _, pt := range chain.points {
			for k, x := range pt.p {
				sum[pt.lo*law.Phases()+k] += real(pt.weight * x)
			}
		}
		for k, x := range sum {
			if x < -1e-9 {
				t.Errorf("%+v: state %d has probability %.1e", c, k, x)
			}
		}
		d, err := followLane(chain.lane, chain, p.begin, p.SolveOptions)
		if err != nil || d.AbsError > 1e-8 {
			t.Errorf("%+v: %v, error %.1e", c, err, d.AbsError)
		}
	}
}

// Beside a pool whose requests come one by one a circle of groups may take too
// long. What is called exact all the same cannot be one law for groups of all sizes.
func TestDroppedGroupsAreOwnedUp(t *testing.T) {
	solve := func(instances, size int) Drain {
		d, err := SolveDrain(laneOf(t, Config{Servers: 2, Service: Exponential{2}, Arrivals: arrivalsOf(t,
			Steady{.7}, Surge{.3, 206},
			Pool{Instances: instances, Requests: size, Together: true, Delay: ExponentialDelay{2000. / 3}},
			Pool{Instances: 1, Requests: 3, Start: 6.4, Delay: UniformDelay{20}},
		)}), SolveOptions{})
		if err != nil || len(d.Atoms) != 1 {
			t.Fatal(d.Atoms, err)
		}
		return d
	}
	few, many := solve(10, 10), solve(20, 5)
	off := math.Abs(few.Atoms[0].Mass - many.Atoms[0].Mass)
	if few.Quality == Exact && many.Quality == Exact && off < 1e-3 {
		t.Errorf("P(T = t*) is %g for groups of 10 and %g for groups of 5", few.Atoms[0].Mass, many.Atoms[0].Mass)
	}
	if few.Quality != Exact && few.AbsError < groupedError {
		t.Errorf("an error of %g is owned up to: %s", few.AbsError, few.Reason)
	}
}

// Groups in large numbers before a lane that is empty at first: the chain at complex means,
// which leaps while all servers are busy, against the equation for one server and against
// storms of several, at a false-alarm rate of 1e-7 each.
func TestManyGroupsFromEmpty(t *testing.T) {
	pool := Pool{Instances: 120, Requests: 4, Together: true, Delay: ExponentialDelay{12}}
	one := laneOf(t, Config{Servers: 1, Service: Exponential{.1}, Arrivals: arrivalsOf(t, Steady{3}, pool)})
	chain, err := SolveDrain(one, SolveOptions{Method: Chain})
	if err != nil {
		t.Fatal(err)
	}
	density, err := SolveDrain(one, SolveOptions{Method: DrainDensity})
	if err != nil || chain.Method == density.Method || chain.Quality != Exact || density.Quality != Exact {
		t.Fatal(err, chain.Reason, density.Reason)
	}
	if off := furthestAt(density, chain); !(off <= chain.AbsError+density.AbsError) {
		t.Errorf("the chain is off by %.2g, said %.2g and %.2g", off, chain.AbsError, density.AbsError)
	}
	cfg := Config{Servers: 8, Service: Exponential{.8}, Target: idle}
	l := laneOf(t, cfg.with(arrivalsOf(t, Steady{3}, pool)))
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Quality != Exact || d.Method != Chain {
		t.Fatalf("%v: %s, off by %.2g", err, d.Reason, d.AbsError)
	}
	begin, _ := OverloadEnd(l)
	againstStorms(t, "groups", d, func(r *rand.Rand) float64 {
		came := stormComers(r, 3, 0, 1, 0, 0)
		for range pool.Instances {
			at := pool.Delay.Mean() * r.ExpFloat64()
			came = append(came, at, at, at, at)
		}
		slices.Sort(came)
		return openStorm(r, cfg, came, begin, l.Level(begin))
	})
}
