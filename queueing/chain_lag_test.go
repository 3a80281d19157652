package queueing

import (
	"math"
	"testing"
)

// twoSlow are the states of two servers that slow down, by the number in the lane and by
// what each service that goes on found waiting when it began: state 0 is the empty lane.
type twoSlow struct {
	slow    SlowDown
	rate    float64
	mu      float64
	most    int // found waiting
	top     int // in the lane
	p       []float64
	drained int      // in the lane
	next    [][3]int // lane grows; first, second server ends
	out     [][2]float64
}

func (s *twoSlow) state(n, a, b int) int {
	if n == 0 {
		return 0
	}
	a, b = max(a, b), min(a, b)
	return 1 + ((n-1)*(s.most+1)+min(a, s.most))*(s.most+1) + min(b, s.most)
}

func newTwoSlow(slow SlowDown, mean, rate float64, backlog, top int) *twoSlow {
	s := &twoSlow{slow: slow, rate: rate, mu: 1 / mean, most: slow.At, top: top}
	size := s.state(top, s.most, s.most) + 1
	s.p, s.next, s.out = make([]float64, size), make([][3]int, size), make([][2]float64, size)
	pace := func(w int) float64 { return s.mu / (1 + (slow.Factor-1)*float64(w)/float64(slow.At)) }
	for n := 1; n <= top; n++ {
		for a := 0; a <= s.most; a++ {
			for b := 0; b <= a; b++ {
				at := s.state(n, a, b)
				if n == 1 { // a alone
					s.next[at] = [3]int{s.state(2, a, 0), 0, 0}
					s.out[at] = [2]float64{pace(a), 0}
					continue
				}
				found := max(0, n-1-2)
				s.next[at][0] = s.state(min(n+1, top), a, b)
				if n == 2 {
					s.next[at][1], s.next[at][2] = s.state(1, b, 0), s.state(1, a, 0)
				} else {
					s.next[at][1], s.next[at][2] = s.state(n-1, found, b), s.state(n-1, a, found)
				}
				s.out[at] = [2]float64{pace(a), pace(b)}
			}
		}
	}
	s.p[s.state(backlog, 0, 0)] = 1
	return s
}

// run follows the forward equations to an instant by the classical Runge-Kutta method.
func (s *twoSlow) run(from, to, step float64) {
	steps := int((to-from)/step) + 1
	h := (to - from) / float64(steps)
	k := make([]float64, len(s.p))
	at, sum := make([]float64, len(s.p)), make([]float64, len(s.p))
	ends := max(1, s.state(s.drained+1, 0, 0))
	for range steps {
		copy(at, s.p)
		copy(sum, s.p)
		for j, c := range [...]float64{.5, .5, 1, 0} {
			clear(k)
			for i, x := range at {
				if x == 0 || i < ends {
					continue
				}
				k[i] -= (s.rate + s.out[i][0] + s.out[i][1]) * x
				k[s.next[i][0]] += s.rate * x
				k[s.next[i][1]] += s.out[i][0] * x
				k[s.next[i][2]] += s.out[i][1] * x
			}
			weight := [...]float64{1. / 6, 1. / 3, 1. / 3, 1. / 6}[j]
			for i, x := range k {
				sum[i] += weight * h * x
				at[i] = s.p[i] + c*h*x
			}
		}
		copy(s.p, sum)
	}
}

// below is what has drained.
func (s *twoSlow) below() (sum float64) {
	for _, x := range s.p[:max(1, s.state(s.drained+1, 0, 0))] {
		sum += x
	}
	return sum
}

// Two servers that slow down, against what each of their services found waiting.
func TestServersThatSlowDown(t *testing.T) {
	for _, c := range []struct {
		slow  SlowDown
		rate  float64
		idles bool
		down  bool // at first, so that those who are first find others waiting
		most  float64
	}{
		{SlowDown{3, 1.5}, .05, true, false, .02}, {SlowDown{3, 1.5}, .9, false, true, .01},
		{SlowDown{12, 4}, .05, true, false, .03}, {SlowDown{12, 4}, .4, false, true, .005},
		{SlowDown{12, 1.5}, .05, true, true, .01}, {SlowDown{20, 2}, .4, true, true, .01},
		{SlowDown{2, 4}, .3, false, true, .05}, // the lag is more than all births and deaths
	} {
		config := Config{Servers: 2, Service: Exponential{1}, Backlog: 25, Target: Target{Idle: c.idles}, Mechanisms: Mechanisms{SlowDown: &c.slow}}
		if c.down {
			config.DownFor = 1e-9
		}
		d, err := SolveDrain(laneOf(t, config.with(arrivalsOf(t, Steady{c.rate}))), SolveOptions{})
		if err != nil || d.Method != Chain || d.Quality != Approximate {
			t.Fatalf("%+v: %v: %s", c, err, d.Reason)
		}
		s, now := newTwoSlow(c.slow, 1, c.rate, 25, 40), 0.
		if c.down {
			s.p[s.state(25, 0, 0)], s.p[s.state(25, 24, 23)] = 0, 1
		}
		if !c.idles {
			s.drained = 2
		}
		for _, q := range []float64{.05, .3, .6, .9, .99} {
			at := d.Quantile(q)
			s.run(now, at, .05)
			now = at
			if off := math.Abs(d.CDF(at) - s.below()); !(off <= d.AbsError && off <= c.most) {
				t.Errorf("%+v: P(T <= %.4g) = %.5f, by Runge-Kutta %.5f, stated %.2g", c, at, d.CDF(at), s.below(), d.AbsError)
			}
		}
	}
}

// The more a service's pace is that of its beginning, the less the lag makes: At large, and
// the law is that of a birth-death chain; with a factor of 1 it is that of no slow-down.
func TestLagOfLittle(t *testing.T) {
	config := Config{Servers: 4, Service: Exponential{1}, Backlog: 30, DownFor: 2, Target: idle, ScaleOut: []Join{{After: 6, Servers: 2}}}
	arrivals := arrivalsOf(t, Steady{2}, Batch{6, 4})
	plain, err := SolveDrain(laneOf(t, config.with(arrivals)), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, slow := range []SlowDown{{5, 1}, {MaxCount, 1.5}} {
		config.Mechanisms = Mechanisms{SlowDown: &slow}
		d, err := SolveDrain(laneOf(t, config.with(arrivals)), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []float64{.01, .2, .5, .8, .99} {
			at := plain.Quantile(q)
			if off := math.Abs(d.CDF(at) - plain.CDF(at)); !(off <= d.AbsError+1e-8) || !(off < 1e-7) {
				t.Errorf("%+v: P(T <= %g) = %.9g, without slow-down %.9g, stated %.1e", slow, at, d.CDF(at), plain.CDF(at), d.AbsError)
			}
		}
	}
}
