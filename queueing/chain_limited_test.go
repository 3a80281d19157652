package queueing

import (
	"math"
	"testing"
)

// boundedMembers is a lane of one exponential server with room for top requests, and a pool
// whose members are all followed: the state is the number that have come, and the number
// that are there.
type boundedMembers struct {
	rate, serve, delay, start float64
	members, top              int
	size                      int     // requests that each member sends; 0: one
	step                      float64 // of time
}

// slope is the forward equation, drained states absorbing from begin on.
func (b boundedMembers) slope(dst, p []float64, t float64, absorbing int) {
	clear(dst)
	width := b.top + 1
	for m := range b.members + 1 {
		join := 0.0
		if t >= b.start {
			join = float64(b.members-m) / b.delay
		}
		for n := range width {
			x := p[m*width+n]
			if x == 0 || n <= absorbing {
				continue
			}
			up := min(n+1, b.top)
			dst[m*width+n] -= (b.rate + join) * x
			dst[m*width+up] += b.rate * x
			if m < b.members {
				dst[(m+1)*width+min(n+max(b.size, 1), b.top)] += join * x
			}
			if n > 0 {
				dst[m*width+n] -= b.serve * x
				dst[m*width+n-1] += b.serve * x
			}
		}
	}
}

// run moves the law from s to t by the classical Runge-Kutta method.
func (b boundedMembers) run(p []float64, s, t float64, absorbing int) {
	steps := int(math.Ceil((t - s) / b.step))
	h := (t - s) / float64(steps)
	var k [4][]float64
	for i := range k {
		k[i] = make([]float64, len(p))
	}
	at := make([]float64, len(p))
	for i := range steps {
		u := s + h*float64(i)
		for j, c := range [...]float64{0, .5, .5, 1} {
			for x := range at {
				at[x] = p[x]
				if j > 0 {
					at[x] += c * h * k[j-1][x]
				}
			}
			b.slope(k[j], at, math.Max(u, s)+c*h*.999999, absorbing)
		}
		for x := range p {
			p[x] += h / 6 * (k[0][x] + 2*k[1][x] + 2*k[2][x] + k[3][x])
		}
	}
}

// left is the probability of a request in the lane.
func (b boundedMembers) left(p []float64) (sum float64) {
	for i, x := range p {
		if i%(b.top+1) > 0 {
			sum += x
		}
	}
	return sum
}

// A pool before a bounded queue, which loses some of its requests, against the chain that
// follows its members.
func TestPoolBeforeBoundedQueue(t *testing.T) {
	for _, b := range []boundedMembers{
		{rate: 2, serve: 5, delay: 8, start: 2, members: 40, top: 12, step: .004},
		{rate: 2, serve: 5, delay: 30, start: 2, members: 150, top: 20, step: .004},
		{rate: 2, serve: 5, delay: 8, start: 2, members: 12, size: 5, top: 16, step: .004}, // of whom some groups find room in part
		{rate: .5, serve: 5, delay: 20, start: 0, members: 40, size: 30, top: 20, step: .004},
	} {
		if testing.Short() && b.members > 100 {
			continue
		}
		c := Config{Servers: 1, Service: Exponential{1 / b.serve}, Backlog: 10, Target: idle, Mechanisms: Mechanisms{Limited: true, QueueLimit: b.top - 1}}
		l := laneOf(t, c.with(arrivalsOf(t, Steady{b.rate}, groupsOf(b.members, max(b.size, 1), b.start, b.delay))))
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || d.AbsError > 1e-8 {
			t.Fatalf("%v: %s to %.1g: %s", err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		p := make([]float64, (b.members+1)*(b.top+1))
		p[10] = 1
		b.run(p, 0, b.start, -1)
		b.run(p, b.start, begin, -1)
		now := begin
		for _, q := range []float64{.2, .5, .9, .99} {
			at := math.Max(begin, d.Quantile(q))
			if at > now {
				b.run(p, now, at, 0)
				now = at
			}
			want := 0.0
			for m := range b.members + 1 {
				want += p[m*(b.top+1)]
			}
			if off := math.Abs(d.CDF(at) - want); !(off <= d.AbsError+1e-8) {
				t.Errorf("%d members: P(T <= %g) = %.9g, member by member %.9g: off by %.1e, stated %.1e", b.members, at, d.CDF(at), want, off, d.AbsError)
			}
		}
	}
}

// A pool of nobody before a bounded queue is none.
func TestNobodyBeforeBoundedQueue(t *testing.T) {
	c := Config{Servers: 1, Service: Exponential{.2}, Backlog: 10, Target: idle, Mechanisms: Mechanisms{Limited: true, QueueLimit: 11}}
	solve := func(sources ...Source) Drain {
		d, err := SolveDrain(laneOf(t, c.with(arrivalsOf(t, sources...))), SolveOptions{})
		if err != nil || d.Quality != Exact {
			t.Fatalf("%v: %s", err, d.Reason)
		}
		return d
	}
	closeTo(t, "nobody", solve(Steady{2}, groupsOf(0, 1, 0, 5)), solve(Steady{2}))
}

// No more are there at the start than a bounded queue has room for.
func TestMoreThanABoundedQueueHolds(t *testing.T) {
	for _, s := range []Service{Exponential{.2}, Gamma{.2, 3}, BalancedHyperexponential(.2, 3)} {
		solve := func(backlog int, sources ...Source) Drain {
			c := Config{Servers: 1, Service: s, Backlog: backlog, Target: idle, Mechanisms: Mechanisms{Limited: true, QueueLimit: 9}}
			d, err := SolveDrain(laneOf(t, c.with(arrivalsOf(t, append(sources, Steady{3}, Batch{8, 2})...))), SolveOptions{})
			if err != nil || d.Quality != Exact || d.Method != Chain {
				t.Fatalf("%v: %s", err, d.Reason)
			}
			return d
		}
		full := solve(10)
		closeTo(t, "many waiting", solve(300), full)
		closeTo(t, "a large batch at once", solve(4, Batch{7, 0}), full)
	}
}

// A bounded queue before servers that are down at first: as many as have come, or find
// room to wait, are there when they are up, and from there on nothing is new.
func TestBoundedQueueDownAtFirst(t *testing.T) {
	const limit, rate, up = 9, 3., 2.
	for _, c := range []Config{
		{Servers: 1, Service: Exponential{.2}}, {Servers: 3, Service: Exponential{.6}}, {Servers: 1, Service: Gamma{.2, 2}},
	} {
		c.Mechanisms, c.Target = Mechanisms{Limited: true, QueueLimit: limit}, Target{Idle: true}
		lane := func(backlog int, down float64) Drain {
			c.Backlog, c.DownFor = backlog, down
			d, err := SolveDrain(laneOf(t, c.with(arrivalsOf(t, Steady{rate}))), SolveOptions{})
			if err != nil || d.Quality != Exact {
				t.Fatalf("%v: %s", err, d.Reason)
			}
			return d
		}
		const backlog = 2
		got := lane(backlog, up)
		var parts [limit + 1]Drain
		for n := backlog; n <= limit; n++ {
			parts[n] = lane(n, 0)
		}
		for after := .1; after < 20; after *= 1.7 {
			want, left := 0.0, 1.0
			for n := backlog; n <= limit; n++ {
				chance := poissonProb(float64(n-backlog), rate*up)
				if n == limit {
					chance = left
				}
				left -= chance
				want += chance * parts[n].CDF(after)
			}
			if off := math.Abs(got.CDF(up+after) - want); !(off < 1e-9) {
				t.Errorf("%d servers, %v: P(T <= %g) = %.12g, from the numbers at %g s %.12g", c.Servers, c.Service, up+after, got.CDF(up+after), up, want)
			}
		}
	}
}

// A lane with a bounded queue that is drained before its server is up is not followed from
// there.
func TestBoundedQueueDrainedWhileDown(t *testing.T) {
	c := Config{Servers: 1, Service: Exponential{1}, DownFor: 3, Target: Target{Idle: true, FirstPassage: true}, Mechanisms: Mechanisms{Limited: true, QueueLimit: 6}}
	d, err := SolveDrain(laneOf(t, c.with(arrivalsOf(t, Batch{9, 2}))), SolveOptions{})
	if err == nil && d.Quantile(.5) > 0 || err != nil && !unsupported(err) {
		t.Errorf("idle at 0: median %g s (%s), %v", d.Quantile(.5), d.Reason, err)
	}
}

// Servers that join take from a bounded queue, and more find room: against the forward
// equations by the classical Runge-Kutta method.
func TestBoundedQueueScalesOut(t *testing.T) {
	for _, batch := range []int{2, 3} { // as they join, when it comes first, and later
		boundedQueueScalesOut(t, batch)
	}
}

func boundedQueueScalesOut(t *testing.T, batch int) {
	const limit, rate, mean, join, step = 5, 4., .5, 2., 1e-3
	c := Config{Servers: 1, ScaleOut: []Join{{join, 2}}, Service: Exponential{mean}, Backlog: 4, Target: Target{Idle: true, FirstPassage: true},
		Mechanisms: Mechanisms{Limited: true, QueueLimit: limit}}
	d, err := SolveDrain(laneOf(t, c.with(arrivalsOf(t, Steady{rate}, Batch{20, float64(batch)}))), SolveOptions{})
	if err != nil || d.Quality != Exact || d.Method != Chain {
		t.Fatalf("%v: %s", err, d.Reason)
	}
	p := make([]float64, limit+4)
	p[4] = 1
	slope := func(dst, p []float64, servers int) {
		clear(dst)
		for n, x := range p[1:] {
			n++
			if n < servers+limit {
				dst[n] -= rate * x
				dst[n+1] += rate * x
			}
			out := float64(min(n, servers)) / mean
			dst[n] -= out * x
			dst[n-1] += out * x
		}
	}
	var k [4][]float64
	for i := range k {
		k[i] = make([]float64, len(p))
	}
	at := make([]float64, len(p))
	for i := 0; i < 12000; i++ {
		now, servers := float64(i)*step, 1
		if i > 2000 || i == 2000 && batch != 2 {
			servers = 3
		}
		if i == 1000*batch { // it fills the queue, of those who have not drained
			full := servers + limit
			for n := 1; n < len(p); n++ {
				if n != full {
					p[full] += p[n]
					p[n] = 0
				}
			}
		}
		if i == 2000 {
			servers = 3
		}
		if i%500 == 0 && math.Abs(d.CDF(now)-p[0]) > 1e-9 {
			t.Errorf("P(T <= %g) = %.12g, by Runge-Kutta %.12g", now, d.CDF(now), p[0])
		}
		for j, h := range [...]float64{0, .5, .5, 1} {
			for n := range at {
				at[n] = p[n]
				if j > 0 {
					at[n] += h * step * k[j-1][n]
				}
			}
			slope(k[j], at, servers)
		}
		for n := range p {
			p[n] += step / 6 * (k[0][n] + 2*k[1][n] + 2*k[2][n] + k[3][n])
		}
	}
}

// Tails of pools have digits of their own: against the chain that follows the members, whose
// numbers are all positive.
func TestTailsOfPools(t *testing.T) {
	b := boundedMembers{rate: 2, serve: 10, delay: 3, start: 0, members: 24, top: 90, step: .0015}
	c := Config{Servers: 1, Service: Exponential{1 / b.serve}, Backlog: 8, Target: idle}
	l := laneOf(t, c.with(arrivalsOf(t, Steady{b.rate}, groupsOf(b.members, 1, b.start, b.delay))))
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Quality != Exact {
		t.Fatalf("%v: %s", err, d.Reason)
	}
	begin, _ := OverloadEnd(l)
	p := make([]float64, (b.members+1)*(b.top+1))
	p[8] = 1
	if begin > 0 {
		b.run(p, 0, begin, -1)
	}
	now := begin
	for _, x := range []struct{ tail, allowed float64 }{{1e-3, 1e-8}, {1e-6, 1e-7}, {1e-9, 1e-5}, {1e-12, 5e-3}} {
		at := bisect(begin, 1e3, func(t float64) bool { return d.Exceed(t) > x.tail })
		b.run(p, now, at, 0)
		now = at
		left := b.left(p)
		if off := math.Abs(d.Exceed(at)/left - 1); !(off < x.allowed) {
			t.Errorf("P(T > %g) = %.6g, member by member %.6g: off by %.1e of it", at, d.Exceed(at), left, off)
		}
	}
}
