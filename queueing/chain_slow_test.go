package queueing

import (
	"math"
	"testing"
)

// slowBrute are the states of a server that slows down by the number that its service
// found waiting when it began, not by those who have come since.
type slowBrute struct {
	slow       SlowDown
	mean, step float64
	top        int
	rate       func(t float64) float64
	p          [][]float64 // by requests, and by who waited when the service began
}

func newSlowBrute(slow SlowDown, mean, step float64, top int, rate func(t float64) float64) *slowBrute {
	return &slowBrute{slow, mean, step, top, rate, squareOf(top + 1)}
}

func squareOf(n int) [][]float64 {
	p := make([][]float64, n)
	for i := range p {
		p[i] = make([]float64, n)
	}
	return p
}

// slope adds the forward equation at t, with the states up to a level absorbing.
func (s *slowBrute) slope(dst, p [][]float64, t float64, level int) {
	for n := range p {
		clear(dst[n])
	}
	lam := s.rate(t)
	for n := level + 1; n <= s.top; n++ {
		for w, x := range p[n] {
			if x == 0 {
				continue
			}
			if n < s.top {
				dst[n][w] -= lam * x
				dst[n+1][w] += lam * x
			}
			if n == 0 {
				continue
			}
			out := x / (s.mean * (1 + (s.slow.Factor-1)*math.Min(1, float64(w)/float64(s.slow.At))))
			dst[n][w] -= out
			dst[n-1][max(n-2, 0)] += out
		}
	}
}

// run goes from one instant to another by the classical Runge-Kutta method.
func (s *slowBrute) run(from, to float64, level int) {
	steps := int(math.Ceil((to - from) / s.step))
	h := (to - from) / float64(steps)
	var k [4][][]float64
	for i := range k {
		k[i] = squareOf(s.top + 1)
	}
	at := squareOf(s.top + 1)
	for i := range steps {
		for j, c := range [...]float64{0, .5, .5, 1} {
			for n, row := range s.p {
				for w, x := range row {
					at[n][w] = x
					if j > 0 {
						at[n][w] += c * h * k[j-1][n][w]
					}
				}
			}
			s.slope(k[j], at, from+(float64(i)+c)*h, level)
		}
		for n, row := range s.p {
			for w := range row {
				row[w] += h / 6 * (k[0][n][w] + 2*k[1][n][w] + 2*k[2][n][w] + k[3][n][w])
			}
		}
	}
}

// add lets a batch come.
func (s *slowBrute) add(size int) {
	next := squareOf(s.top + 1)
	for n, row := range s.p {
		for w, x := range row {
			next[min(n+size, s.top)][w] += x
		}
	}
	s.p = next
}

func (s *slowBrute) below(level int) (sum float64) {
	for _, row := range s.p[:level+1] {
		for _, x := range row {
			sum += x
		}
	}
	return sum
}

// A server that slows down, from empty and full lanes, with a batch on the way and a
// bound on the queue, and overload that ends later.
func TestServerThatSlowsDown(t *testing.T) {
	slow := SlowDown{At: 12, Factor: 2.5}
	for _, c := range []struct {
		name                  string
		backlog, batch, limit int // limit of those who wait; 0: none
		surge                 float64
		drained, top          int // in the lane
	}{
		{"few waiting", 9, 0, 0, 0, 0, 48},
		{"a batch on the way", 6, 7, 0, 0, 0, 48},
		{"overload at first, up to three may wait", 2, 0, 0, 6, 4, 60},
		{"a bound", 15, 9, 10, 9, 0, 11},
	} {
		const rate, mean, decay, when = 1., .2, 3., 2.
		config := Config{Servers: 1, Service: Exponential{mean}, Backlog: c.backlog, Target: Target{Idle: c.drained == 0, Waiting: max(0, c.drained-1)},
			Mechanisms: Mechanisms{SlowDown: &slow, Limited: c.limit > 0, QueueLimit: c.limit}}
		sources := []Source{Steady{rate}}
		if c.surge > 0 {
			sources = append(sources, Surge{c.surge, decay})
		}
		if c.batch > 0 {
			sources = append(sources, Batch{c.batch, when})
		}
		l := laneOf(t, config.with(arrivalsOf(t, sources...)))
		d, err := SolveDrain(l, SolveOptions{})

		if err != nil || d.Quality != Exact || d.Method != Chain {
			t.Fatalf("%s: %v: %s", c.name, err, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		s := newSlowBrute(slow, mean, .004, c.top, func(t float64) float64 { return rate + c.surge*math.Exp(-t/decay) })
		s.p[min(c.backlog, c.top)][0] = 1
		now, come := 0.0, c.batch == 0
		move := func(to float64) {
			if !come && to >= when {
				s.run(now, when, -1) // overload ends with the batch
				s.add(c.batch)
				now, come = when, true
			}
			if to > now {
				level := -1
				if now >= begin {
					level = c.drained
				}
				s.run(now, to, level)
				now = to
			}
		}
		move(begin)
		for _, q := range []float64{.05, .3, .6, .9, .99, .9999} {
			at := math.Max(begin, d.Quantile(q))
			move(at)
			if off := math.Abs(d.CDF(at) - s.below(c.drained)); !(off < 1e-8) {
				t.Errorf("%s: P(T <= %g) = %.10g, by Runge-Kutta %.10g", c.name, at, d.CDF(at), s.below(c.drained))
			}
		}
	}
}

// With a factor of 1 nothing slows down; before down-time all wait, and later services
// find fewer.
func TestSlowDownOfNothing(t *testing.T) {
	c := Config{Servers: 1, Service: Exponential{.2}, Backlog: 20, DownFor: 3, Target: idle}
	arrivals := arrivalsOf(t, Steady{2}, Spread(400, 1, 100))
	plain, err := SolveDrain(laneOf(t, c.with(arrivals)), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c.Mechanisms = Mechanisms{SlowDown: &SlowDown{At: 5, Factor: 1}}
	same, err := SolveDrain(laneOf(t, c.with(arrivals)), SolveOptions{})
	if err != nil || same.AbsError > 1e-5 {
		t.Fatalf("%v: %s to %.1g", err, same.Reason, same.AbsError)
	}
	for _, q := range []float64{.01, .2, .5, .8, .99} {
		at := plain.Quantile(q)
		if off := math.Abs(same.CDF(at) - plain.CDF(at)); !(off <= same.AbsError+1e-8) {
			t.Errorf("P(T <= %g) = %.9g, without slow-down %.9g: off by %.1e, stated %.1e", at, same.CDF(at), plain.CDF(at), off, same.AbsError)
		}
	}
}

// Arrivals that come in a peak too narrow to be seen at a few instants are not more than
// the offsets that are followed.
func TestSlowDownBesidePeak(t *testing.T) {
	slow := SlowDown{At: 12, Factor: 3}
	peak, err := NewTrace([]float64{0, .99, 1, 2}, []float64{0, 20, 0}, false)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Servers: 1, Service: Exponential{1}, Backlog: 2, Target: idle, Mechanisms: Mechanisms{SlowDown: &slow}}
	l := laneOf(t, c.with(arrivalsOf(t, peak)))
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Quality != Exact {
		t.Fatalf("%v: %s", err, d.Reason)
	}
	rate := 0.0
	s := newSlowBrute(slow, 1, .01, 60, func(float64) float64 { return rate })
	s.p[2][0] = 1
	begin, _ := OverloadEnd(l)
	at := d.Quantile(.6)
	s.run(0, .99, -1)
	s.step, rate = 1e-5, 2000
	s.run(.99, begin, -1) // when no more than one is still to come in the mean
	s.run(begin, 1, 0)
	s.step, rate = .01, 0
	s.run(1, at, 0)
	if off := math.Abs(d.CDF(at) - s.below(0)); !(off < 1e-7) {
		t.Errorf("P(T <= %g) = %.10g, by Runge-Kutta %.10g", at, d.CDF(at), s.below(0))
	}
}

// What may never drain is left to those who follow it.
func TestSlowDownForEver(t *testing.T) {
	c := Config{Servers: 1, Service: Exponential{.2}, Backlog: 20, Target: idle, Mechanisms: Mechanisms{SlowDown: &SlowDown{At: 5, Factor: 3}}}
	if d, err := SolveDrain(laneOf(t, c.with(arrivalsOf(t, Steady{2}))), SolveOptions{}); !unsupported(err) {
		t.Errorf("load 1.2 when slowed down: %v, %s", err, d.Reason)
	}
}
