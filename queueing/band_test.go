package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// laneStorm draws T of a lane with mechanisms, event by event: who comes, who is let through,
// refused, dropped as too old, and who begins when.
type laneStorm struct {
	Config
	r          *rand.Rand
	tokens, at float64
	ends       []float64 // of services
	held, line []float64 // when they came
	up         bool
}

func (s *laneStorm) passes(t float64) bool {
	g := s.Mechanisms.Throttle
	if g.MaxWaiting > 0 && len(s.line) > g.MaxWaiting {
		return false
	}
	if g.PerSecond > 0 {
		s.tokens = math.Min(math.Max(1, g.Burst), s.tokens+(t-s.at)*g.PerSecond)
		if s.at = t; s.tokens < 1-1e-9 {
			return false
		}
		s.tokens--
	}
	return true
}

func (s *laneStorm) enter(came, t float64) {
	if s.up && len(s.ends) < s.Servers {
		s.line = append(s.line, came)
		s.serve(t)
	} else if !s.Mechanisms.Limited || len(s.line) < s.Mechanisms.QueueLimit {
		s.line = append(s.line, came)
	}
}

func (s *laneStorm) serve(t float64) {
	for s.up && len(s.ends) < s.Servers && len(s.line) > 0 {
		came := s.line[0]
		s.line = s.line[1:]
		if m := s.Mechanisms.MaxAge; m > 0 && t-came > m {
			continue
		}
		took := drawnService(s.r, s.Service)
		if d := s.Mechanisms.SlowDown; d != nil {
			took *= 1 + (d.Factor-1)*math.Min(1, float64(len(s.line))/float64(d.At))
		}
		s.ends = append(s.ends, t+took)
	}
}

// drained follows the storm: free and held requests come at given instants.
func (s *laneStorm) drained(begin float64, free, held []float64) float64 {
	s.tokens, s.at, s.up = math.Max(1, s.Mechanisms.Throttle.Burst), 0, s.DownFor == 0
	for range s.Backlog {
		s.enter(0, 0)
	}
	for t := 0.0; ; {
		next, what := math.Inf(1), 0
		take := func(at float64, w int) {
			if at < next {
				next, what = at, w
			}
		}
		if len(free) > 0 {
			take(free[0], 1)
		}
		if len(held) > 0 {
			take(held[0], 2)
		}
		if !s.up {
			take(s.DownFor, 3)
		}
		if len(s.ends) > 0 {
			take(slices.Min(s.ends), 4)
		}
		g := s.Mechanisms.Throttle
		if len(s.held) > 0 && g.PerSecond > 0 && !(g.MaxWaiting > 0 && len(s.line) > g.MaxWaiting) {
			take(math.Max(t, s.at+math.Max(0, 1-s.tokens)/g.PerSecond), 5)
		}
		waiting := len(s.line) + len(s.held)
		if s.Target.Idle {
			waiting += len(s.ends)
		}
		if next > begin && waiting <= s.Target.Waiting {
			return math.Max(t, begin)
		}
		t = next
		switch what {
		case 1:
			s.enter(t, t)
			free = free[1:]
		case 2:
			s.held = append(s.held, t)
			held = held[1:]
		case 3:
			s.up = true
		case 4:
			s.ends = slices.Delete(s.ends, slices.Index(s.ends, t), slices.Index(s.ends, t)+1)
		}
		for s.serve(t); len(s.held) > 0 && s.passes(t); s.serve(t) {
			came := s.held[0]
			s.held = s.held[1:]
			s.enter(came, t)
		}
	}
}

// floodedLane has ten servers, of exponential services of 1 s unless others are given, and twenty
// who wait; a flood comes beside the base rate, as a surge or a pool.
func floodedLane(t *testing.T, base, surge, decay float64, pool int, c Config) *Lane {
	t.Helper()
	flood := Source(Surge{surge, decay})
	if pool > 0 {
		flood = Pool{Instances: pool, Requests: 1, Delay: ExponentialDelay{decay}}
	}
	var err error
	if c.Arrivals, err = NewArrivals(Stream{Name: "base", Source: Steady{base}}, Stream{Name: "flood", Source: flood}); err != nil {
		t.Fatal(err)
	}
	if c.Servers, c.Backlog = 10, 20; c.Service == nil {
		c.Service = Exponential{1}
	}
	return laneOf(t, c)
}

// Lanes with several mechanisms against storms: the mean within 4 % and what chance explains at
// a false-alarm rate of 1e-7, the standard deviation within a fifth.
func TestBandAgainstStorms(t *testing.T) {
	type lane struct {
		rate, surge float64
		pool        int
		most        int
		m           Mechanisms
		service     Service
		down        float64
		idle        bool
	}
	for name, c := range map[string]lane{
		"rate and length":      {rate: 6, surge: 25, most: 4},
		"as fast as the lane":  {rate: 8, surge: 25, most: 4},
		"faster than the lane": {rate: 12, surge: 25, most: 4},
		"equal services":       {rate: 6, surge: 25, most: 2, service: Deterministic{1}},
		"until idle":           {rate: 6, surge: 25, most: 4, idle: true},
		"down at first":        {rate: 6, surge: 25, most: 4, down: 8},
		"a pool":               {rate: 6, pool: 500, most: 4},
		"too old":              {rate: 12, surge: 25, m: Mechanisms{MaxAge: 10}},
		"too old, by tokens":   {rate: 9, surge: 25, most: 3, m: Mechanisms{MaxAge: 1}},
		"too old, both":        {rate: 6, surge: 25, most: 10, m: Mechanisms{MaxAge: 4}},
		"bounded, both":        {rate: 6, surge: 25, most: 10, m: Mechanisms{Limited: true, QueueLimit: 12}},
		"slower, both":         {rate: 6, surge: 25, most: 10, m: Mechanisms{SlowDown: &SlowDown{20, 1.25}}},
		"all of it": {rate: 7, surge: 25, most: 4, m: Mechanisms{MaxAge: 20, Limited: true, QueueLimit: 8,
			SlowDown: &SlowDown{20, 1.3}}},
	} {
		const base, decay = 2., 20.
		c.m.Throttle = &Throttle{PerSecond: c.rate, Burst: 5, MaxWaiting: c.most, Streams: []string{"flood"}}
		l := floodedLane(t, base, c.surge, decay, c.pool, Config{Service: c.service, DownFor: c.down, Target: Target{Idle: c.idle}, Mechanisms: c.m})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Quality != Approximate || d.AbsError != 1 || d.Reason == "" {
			t.Fatalf("%s: %v, %s to %g: %s", name, err, d.Quality, d.AbsError, d.Reason)
		}
		checkLaw(t, d)
		begin, _ := OverloadEnd(l)
		storms := 800
		if testing.Short() {
			storms = 300
		}
		r := rand.New(rand.NewPCG(3, 4))
		sum, square := 0.0, 0.0
		for range storms {
			s := laneStorm{Config: l.Config(), r: r}
			x := s.drained(begin, stormComers(r, base, 0, decay, 0, decay), stormComers(r, 0, c.surge, decay, c.pool, decay))
			sum, square = sum+x, square+x*x
		}
		mean := sum / float64(storms)
		sd := math.Sqrt(square/float64(storms) - mean*mean)
		if chance := 5.4 * sd / math.Sqrt(float64(storms)); !(math.Abs(d.Mean()-mean) < .04*mean+chance) {
			t.Errorf("%s: mean %.5g, of storms %.5g +- %.2g", name, d.Mean(), mean, chance)
		}
		if c.most == 0 || c.pool == 0 {
			if ratio := d.StdDev() / sd; !(ratio > .75 && ratio < 1.25) {
				t.Errorf("%s: standard deviation %.4g, of storms %.4g", name, d.StdDev(), sd)
			}
		}
	}
}

// At constant rates the mean and the standard deviation are those of the busy period, and of a
// finite pool those of the exact law; a path that drains soon leaves the noise after that out.
func TestBandOfPlainLanes(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 4}, BalancedHyperexponential(.1, 4)} {
		l := constantCase(t, 5000, 6, s, 1, idle)
		k, err := DrainCumulants(l)
		if err != nil {
			t.Fatal(err)
		}
		bandNear(t, "constant", l, k.Mean, math.Sqrt(k.Variance), 1e-3, .04)
	}
	l := laneOf(t, Config{Servers: 1, Service: Exponential{.1}, Arrivals: arrivalsOf(t, Steady{3}, Pool{Instances: 2000, Requests: 1, Delay: ExponentialDelay{60}})})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Quality != Exact {
		t.Fatal(err, d.Quality)
	}
	bandNear(t, "pool", l, d.Mean(), d.StdDev(), 2e-3, .04)
}

func bandNear(t *testing.T, name string, l *Lane, mean, sd, meanOff, sdOff float64) {
	t.Helper()
	p, err := newProblem(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.byBand()
	if err != nil {
		t.Fatal(err)
	}
	near(t, name+": mean", d.Mean(), mean, meanOff)
	near(t, name+": standard deviation", d.StdDev(), sd, sdOff)
}

// The columns of a factor give the covariance back.
func TestCholeskyColumns(t *testing.T) {
	p := []float64{.3, .2, 0, .5} // all of 10 members come in one of the four
	covariance := func() [][]float64 {
		c := make([][]float64, len(p))
		for i := range p {
			c[i] = make([]float64, len(p))
			for j := range p {
				c[i][j] = -10 * p[i] * p[j]
			}
			c[i][i] += 10 * p[i]
		}
		return c
	}
	want, got := covariance(), make([][]float64, len(p))
	columns := choleskyColumns(covariance())
	for i := range p {
		got[i] = make([]float64, len(p))
		for j := range p {
			for _, c := range columns {
				got[i][j] += c[i] * c[j]
			}
			if math.Abs(got[i][j]-want[i][j]) > 1e-9 {
				t.Errorf("%d, %d: %g for %g", i, j, got[i][j], want[i][j])
			}
		}
	}
}

// What is left until idle: with nobody to come the longest of so many exponential services;
// else a birth-and-death process, state by state.
func TestBandRest(t *testing.T) {
	for _, c := range []struct {
		servers int
		rate    float64
	}{{1, .5}, {3, 1.5}, {8, 0}, {300, 0}, {8, 2}} {
		l := laneOf(t, Config{Backlog: 2 * c.servers, Servers: c.servers, Service: Exponential{1}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{c.rate})})
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b := &band{problem: p}
		mean, variance := b.rest(passed{at: 1, n: float64(c.servers)})
		down := float64(c.servers) - c.rate
		first := 1 / down
		second := first*first + (c.rate+float64(c.servers))/(down*down*down)
		wantMean, wantVariance := first, second-first*first
		for n := c.servers - 1; n > 0; n-- {
			death := float64(n)
			own, up := (1+c.rate*first)/death, c.rate/(c.rate+death)
			all := 1 / (c.rate + death)
			second = (2*all*all + 2*all*up*(first+own) + up*(second+2*first*own)) / (1 - up)
			first = own
			wantMean, wantVariance = wantMean+first, wantVariance+second-first*first
		}
		near(t, "mean", mean, wantMean, .02)
		near(t, "variance", variance, wantVariance, .05)
	}
}

// The tokens that are lost, of one server and nobody else: from token to token the number in
// the lane and the bucket rises by one, if there is room, and as many leave as a server that
// finds them has served.
func TestSaturatedThrottle(t *testing.T) {
	for _, c := range []struct{ rate, capacity, length, burst int }{{4, 5, 5, 3}, {5, 5, 5, 3}, {6, 5, 9, 2}, {1, 2, 3, 1}, {9, 10, 20, 10}} {
		full := c.length + c.burst
		p := make([]float64, full+1)
		p[0] = 1
		ratio := float64(c.capacity) / float64(c.rate)
		lost := 0.0
		for range 20_000 {
			next := make([]float64, full+1)
			lost = p[full]
			for n, x := range p {
				n = min(n+1, full)
				left, gone := x, x*math.Exp(-ratio)
				for k := 0; k < n; k++ {
					next[n-k] += gone
					left -= gone
					gone *= ratio / float64(k+1)
				}
				next[0] += left
			}
			p = next
		}
		got := saturated(c.length, full, 1, 0, float64(c.rate), float64(c.capacity), 1)
		if off := math.Abs(got - (1 - lost)); !(off < .03) {
			t.Errorf("%+v: %.4f of the tokens are kept, token by token %.4f", c, got, 1-lost)
		}
	}
}
