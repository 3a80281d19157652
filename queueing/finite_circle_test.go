package queueing

import (
	"math"
	"math/cmplx"
	"testing"
)

// circled finds P(T <= t) at the given instants, in order, for fixed numbers of
// members by another way than the solvers': Cauchy's formula on the circle
// |M| = N itself, where nothing is continued and nothing amplified. For complex
// means the forward equations of M_t/M_t/c are those of any birth-death process,
// dp/dt = p Q(t), with complex birth rates; they are integrated by the classical
// Runge-Kutta method. k points find the number N and, with a weight that falls as
// N! N^k/(N+k)!, N + k. Several pools take one circle each.
func circled(l *Lane, steps int, at ...float64) []float64 {
	begin := 0.0
	if !l.cfg.Target.FirstPassage {
		begin, _ = OverloadEnd(l)
	}
	c := &circledChain{lane: l, begin: begin, steps: steps, at: at}
	for _, st := range l.cfg.Arrivals.streams {
		if n, _ := members(st.Source); n > 0 {
			c.pools, c.members = append(c.pools, st.Source), append(c.members, n)
			continue
		}
		c.base = append(c.base, st.Source)
	}
	sum := make([]float64, len(at))
	for i, f := range c.around(nil, 1) {
		sum[i] = real(f)
	}
	return sum
}

type circledChain struct {
	lane        *Lane
	begin       float64
	steps       int // between breaks
	at          []float64
	base, pools []Source
	members     []int
}

// around sums over the circle of the pool after those that have means already.
func (c *circledChain) around(means []complex128, weight complex128) []complex128 {
	k := len(means)
	if k == len(c.pools) {
		f := c.integrated(means)
		for i := range f {
			f[i] *= weight
		}
		return f
	}
	n := float64(c.members[k])
	points := int(14*math.Sqrt(n)) + 22
	sum := make([]complex128, len(c.at))
	peak, _ := math.Lgamma(n + 1)
	for j := range points {
		theta := 2 * math.Pi * float64(j) / float64(points)
		if k == 0 && theta > math.Pi+1e-9 { // the mirror image
			continue
		}
		m := cmplx.Rect(n, theta)
		w := cmplx.Exp(m-complex(n*math.Log(n)-peak, n*theta)) / complex(float64(points), 0)
		if k == 0 && j > 0 && theta < math.Pi-1e-9 {
			w *= 2
		}
		for i, f := range c.around(append(means[:k:k], m/complex(n, 0)), weight*w) {
			if k == 0 {
				f = complex(real(f), 0)
			}
			sum[i] += f
		}
	}
	return sum
}

// integrated is P(T <= t) at each instant for pools of complex means.
func (c *circledChain) integrated(means []complex128) []complex128 {
	out := make([]complex128, len(c.at))
	l := c.lane
	most := 0
	for _, n := range c.members {
		most += n
	}
	top := most + 45
	p := make([]complex128, top+1)
	for i, x := range l.Initial().law().p {
		p[l.Initial().law().lo+i] = complex(x, 0)
	}
	absorb := -1
	rate := func(t float64) complex128 {
		sum := complex(0, 0)
		for _, s := range c.base {
			sum += complex(s.Rate(t), 0)
		}
		for i, s := range c.pools {
			sum += means[i] * complex(s.Rate(t), 0)
		}
		return sum
	}
	slope := func(t float64, p, d []complex128) {
		lam := rate(t)
		mu := float64(l.ServersAt(t)) / l.cfg.Service.Mean() / float64(max(l.ServersAt(t), 1))
		for n := range d {
			d[n] = 0
		}
		for n := absorb + 1; n <= top; n++ {
			x := lam * p[n]
			if n < top {
				d[n] -= x
				d[n+1] += x
			}
			if n > 0 {
				y := complex(mu*float64(min(n, l.ServersAt(t))), 0) * p[n]
				d[n] -= y
				d[n-1] += y
			}
		}
	}
	stops := append([]float64{c.begin}, c.at...)
	now := 0.0
	d1, d2, d3, d4, q := make([]complex128, top+1), make([]complex128, top+1), make([]complex128, top+1), make([]complex128, top+1), make([]complex128, top+1)
	to := func(t float64) {
		for _, stop := range l.stops(now, t) {
			if stop <= now {
				continue
			}
			n := int(math.Ceil((stop - now) * float64(c.steps)))
			h := (stop - now) / float64(n)
			for i := range n {
				s := now + float64(i)*h
				end := math.Min(s+h, math.Nextafter(stop, 0))
				step := func(d []complex128, f float64) {
					for k := range q {
						q[k] = p[k] + complex(f*h, 0)*d[k]
					}
				}
				slope(s, p, d1)
				step(d1, .5)
				slope(s+h/2, q, d2)
				step(d2, .5)
				slope(s+h/2, q, d3)
				step(d3, 1)
				slope(end, q, d4)
				for k := range p {
					p[k] += complex(h/6, 0) * (d1[k] + 2*d2[k] + 2*d3[k] + d4[k])
				}
			}
			now = stop
			for _, j := range l.cfg.Arrivals.jumps {
				if j.At == stop {
					copy(p[j.Size.Fixed:], append([]complex128(nil), p...))
					clear(p[:j.Size.Fixed])
				}
			}
		}
	}
	for i, t := range stops {
		if i > 0 && t < c.begin {
			continue
		}
		to(t)
		if i == 0 {
			absorb = l.Level(t)
			continue
		}
		for n := 0; n <= absorb; n++ {
			out[i-1] += p[n]
		}
	}
	return out
}

// The circle of the solvers against the plain one, where T may be at the end of
// overload and where it may not, and servers idle.
func TestFixedNumbersOnCircle(t *testing.T) {
	pool := func(n int, delay float64) Pool {
		return Pool{Instances: n, Requests: 1, Start: 5, Delay: ExponentialDelay{delay}}
	}
	one, four := Exponential{1}, Exponential{4}
	cases := map[string]Config{
		"one member":        {Servers: 1, Service: one, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, pool(1, 3))},
		"three, no wait":    {Servers: 1, Service: one, Arrivals: arrivalsOf(t, Steady{.6}, pool(3, 8))},
		"twelve, five wait": {Servers: 1, Service: one, Target: Target{Waiting: 5}, Arrivals: arrivalsOf(t, Steady{.3}, pool(12, 3))},
		"thirty":            {Servers: 1, Service: one, Target: idle, Arrivals: arrivalsOf(t, Steady{.05}, pool(30, 3))},
		"spread":            {Servers: 1, Service: one, Target: idle, Arrivals: arrivalsOf(t, Steady{.05}, Spread(12, 5, 10))},
		"lognormal delay": {Servers: 1, Service: one, Arrivals: arrivalsOf(t, Steady{.3},
			Pool{Instances: 5, Requests: 1, Start: 2, Delay: LognormalDelay{6, 1}})},
		"first passage": {Servers: 1, Service: one, Target: Target{Idle: true, FirstPassage: true}, Backlog: 2,
			Arrivals: arrivalsOf(t, Steady{.3}, pool(6, 5))},
		"four servers": {Servers: 4, Service: four, Target: idle, Arrivals: arrivalsOf(t, Steady{.4}, pool(9, 4))},
		"down, batch":  {Servers: 1, Service: one, DownFor: 4, Arrivals: arrivalsOf(t, Steady{.3}, pool(4, 4), Batch{3, 8})},
		"two pools":    {Servers: 1, Service: one, Target: idle, Arrivals: arrivalsOf(t, Steady{.3}, pool(2, 3), Spread(2, 4, 6))},
	}
	if testing.Short() { // the plain integration takes the longest for these
		delete(cases, "thirty")
		delete(cases, "two pools")
	}
	for name, c := range cases {
		l := laneOf(t, c)
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Quality != Exact || d.AbsError > 1e-7 {
			t.Errorf("%s: %s, error %.1g: %s", name, d.Quality, d.AbsError, d.Reason)
		}
		at := []float64{d.Quantile(1e-3)}
		for _, p := range []float64{.6, .9} {
			if x := d.Quantile(p); x > at[len(at)-1] {
				at = append(at, x)
			}
		}
		for i, want := range circled(l, 50, at...) {
			if off := math.Abs(d.CDF(at[i]) - want); !(off <= d.AbsError+3e-8) { // the plain integration's own
				t.Errorf("%s: P(T <= %g) = %.12g (error %.1g), want %.12g", name, at[i], d.CDF(at[i]), d.AbsError, want)
			}
		}
	}
}

// One member's law by another way, without any Poisson number: it joins at x
// with the density of its delay, and the lane is then one with a batch of 1
// at x.
func TestOneMemberIsABatchAtItsDelay(t *testing.T) {
	for name, c := range map[string]Config{
		"Erlang, idle":              {Servers: 1, Service: Gamma{1, 3}, Target: idle},
		"hyperexponential, no wait": {Servers: 1, Service: BalancedHyperexponential(1, 3), Backlog: 2},
		"four servers":              {Servers: 4, Service: Exponential{4}, Backlog: 5},
	} {
		const start = 3.0
		delay := ExponentialDelay{4}
		base := Steady{.4}
		c.Arrivals = arrivalsOf(t, base, Pool{Instances: 1, Requests: 1, Start: start, Delay: delay})
		d, err := SolveDrain(laneOf(t, c), SolveOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		begin, _ := OverloadEnd(laneOf(t, c))
		at := []float64{begin, begin + 1, begin + 4, begin + 15}
		want := make([]float64, len(at))
		joined := func(x, weight float64) {
			c.Arrivals = arrivalsOf(t, base)
			if !math.IsInf(x, 1) {
				c.Arrivals = arrivalsOf(t, base, Batch{1, x})
			}
			l := laneOf(t, c)
			l.overload = &begin
			b, err := SolveChain(l, SolveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range at {
				if x <= s {
					want[i] += weight * b.CDF(s)
				}
			}
		}
		edges := append([]float64{start}, at...)
		for i := 1; i < len(edges); i++ {
			lo, hi := edges[i-1], edges[i]
			for k, x := range gauss16.x {
				s := (lo+hi)/2 + (hi-lo)/2*x
				joined(s, gauss16.w[k]*(hi-lo)/2*delay.Density(s-start))
			}
		}
		without := c
		without.Arrivals = arrivalsOf(t, base)
		l := laneOf(t, without)
		l.overload = &begin
		never, err := SolveChain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range at { // it joins after s
			want[i] += delay.Beyond(s-start) * never.CDF(s)
			if off := math.Abs(d.CDF(s) - want[i]); !(off <= d.AbsError+1e-8) || d.AbsError > 1e-7 {
				t.Errorf("%s: P(T <= %g) = %.12g (error %.1g), want %.12g", name, s, d.CDF(s), d.AbsError, want[i])
			}
		}
	}
}

// What a continuation leaves beside an atom is in its stated error; the oracle is
// the circle, which continues nothing.
func TestContinuationsOwnUpBesideAtoms(t *testing.T) {
	for _, c := range []struct {
		members    int
		base, mean float64
	}{{20, .05, .5}, {12, .05, .5}, {5, .4, .5}, {3, .8, .5}, {40, .8, .5}, {80, .9, 1.5}, {150, .05, .7}} {
		pool := Pool{Instances: c.members, Requests: 1, Start: 10, Delay: ExponentialDelay{c.mean * float64(c.members)}}
		p, err := newProblem(laneOf(t, Config{Servers: 1, Service: Exponential{1}, Arrivals: arrivalsOf(t, Steady{c.base}, pool)}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p.known = p.forgotten()
		p, open, err := p.settled()
		if err != nil || len(open) != 1 {
			t.Fatal(open, err)
		}
		got, err := p.fixed(open, problem.poissonDensity)
		if err != nil {
			t.Fatal(err)
		}
		want, err := p.onCircle(open)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Atoms) == 0 {
			t.Fatalf("%+v: no atom", c)
		}
		for q := 0.0005; q < 1; q += 0.01 {
			x := want.Quantile(q)
			if off := math.Abs(got.CDF(x) - want.CDF(x)); off > got.AbsError+want.AbsError {
				t.Errorf("%+v: P(T <= %g) is off by %.1e, stated %.1e", c, x, off, got.AbsError)
			}
		}
	}
}

// settledLane is the problem of a lane, and its finite streams that matter.
func settledLane(t *testing.T, l *Lane) (problem, []int) {
	t.Helper()
	return settledBy(t, l, Auto)
}

func settledBy(t *testing.T, l *Lane, m Method) (problem, []int) {
	t.Helper()
	p, err := newProblem(l, SolveOptions{Method: m})
	if err != nil {
		t.Fatal(err)
	}
	p, open, err := p.settled()
	if err != nil {
		t.Fatal(err)
	}
	return p, open
}
