package queueing

import (
	"fmt"
	"math"
	"testing"

	"singlelane/queueing/markov"
)

// idlingLaw is the law and its cumulants for c servers of rate mu and n
// requests, without what [SolveDrain] adds to it.
func idlingLaw(t *testing.T, n, c int, rate, mean, tolerance float64) (Drain, Cumulants) {
	t.Helper()
	l := constantCase(t, n, rate, Exponential{mean}, c, idle)
	p, err := newProblem(l, SolveOptions{Tolerance: tolerance})
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.idles()
	if err != nil {
		t.Fatal(n, c, rate, err)
	}
	k, err := DrainCumulants(l)
	if err != nil {
		t.Fatal(err)
	}
	return d, k
}

// Mass, mean and standard deviation of the law that is inverted against 1 and
// the cumulants, which are sums over the states: from one request to 10^9, 2 to 20
// servers, empty to a load of 0.99999.
func TestIdlingMoments(t *testing.T) {
	cases := 0
	for _, c := range []int{2, 4, 10, 20} {
		for _, n := range []int{1, 7, 150, 1000, 1_000_000, 1_000_000_000} {
			for _, load := range []float64{0, .3, .9, .999, .9999, .99999} {
				if c > 10 && (n < 150 || n > 1_000_000) { // refused or seen
					continue
				}
				cases++
				d, k := idlingLaw(t, n, c, 2.5*load*float64(c), .4, 1e-8)
				name := fmt.Sprintf("%d requests, %d servers, load %g", n, c, load)
				near(t, "mean of "+name, d.Mean(), k.Mean, 1e-11)
				near(t, "sd of "+name, d.StdDev()+k.Mean, math.Sqrt(k.Variance)+k.Mean, 1e-11)
				if d.AbsError > 1e-8 || d.Quality != Exact {
					t.Errorf("%s: error %.2g, %s", name, d.AbsError, d.Quality)
				}
			}
		}
	}
	if cases < 100 {
		t.Errorf("%d cases", cases)
	}
}

// Without arrivals n requests of n servers are the latest of n exponential
// times: 1 - (1 - exp(-mu t))^n, whose tail is that of all digits.
func TestIdlingWithoutArrivals(t *testing.T) {
	for _, n := range []int{1, 2, 9, 60} {
		d, _ := idlingLaw(t, n, max(n, 2)+3, 0, .4, 1e-10)
		for _, p := range []float64{1e-3, .1, .5, .9, .999, 1 - 1e-9} {
			x := d.Quantile(p)
			tail := -math.Expm1(float64(n) * math.Log1p(-math.Exp(-x/.4)))
			near(t, fmt.Sprintf("P(T > %g) of %d", x, n), d.Exceed(x), tail, 2e-9)
			near(t, fmt.Sprintf("P(T <= %g) of %d", x, n), d.CDF(x), math.Pow(-math.Expm1(-x/.4), float64(n)), 2e-9)
		}
		x := .4 * math.Log(1e12*float64(n))
		near(t, fmt.Sprintf("tail of %d", n), d.Exceed(x), -math.Expm1(float64(n)*math.Log1p(-math.Exp(-x/.4))), 1e-7)
	}
}

// With one server the passage is the busy period, whose density is Kendall's.
func TestIdlingOfOneServer(t *testing.T) {
	for _, n := range []int{1, 20, 100_000} {
		for _, rate := range []float64{4, 9.999} {
			want := constantLane{n, rate, Exponential{.1}}
			log := want.kendall()
			v := &inversion{passageTransform: newIdling(n, 1, 10, rate), enough: 1e-11, check: func() {}}
			lo, hi := v.window(40)
			for i := range 40 {
				at := lo * math.Pow(hi/lo, (float64(i)+.5)/40)
				if d := math.Abs(v.log(at) - log(at)); d > 2e-9 {
					t.Errorf("%d requests, %g/s, at %g: density %.12g, want %.12g", n, rate, at, math.Exp(v.log(at)), math.Exp(log(at)))
				}
			}
		}
	}
}

// Tails as far as they are asked for.
func TestIdlingFarTail(t *testing.T) {
	l := constantCase(t, 30, 0, Exponential{.4}, 40, idle)
	for _, tail := range []float64{1e-15, 1e-60, 1e-200} {
		at := -.4 * math.Log(tail/30)
		d, err := SolveDrain(l, SolveOptions{Tail: at})
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprintf("P(T > %g)", at), d.Exceed(at), tail, 1e-6)
		if d.Tail < at {
			t.Errorf("digits up to %g, want %g", d.Tail, at)
		}
	}
}

// Several servers against the chain, followed state by state, and the variance
// by elimination.
func TestIdlingMeetsChain(t *testing.T) {
	for _, c := range []struct {
		n, servers int
		load       float64
	}{{1, 2, .9}, {30, 4, .9}, {3, 8, .5}, {25, 4, .95}} {
		rate := 2.5 * c.load * float64(c.servers)
		d, k := idlingLaw(t, c.n, c.servers, rate, .4, 1e-10)
		chain, err := SolveChain(constantCase(t, c.n, rate, Exponential{.4}, c.servers, idle), SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		agree(t, chain, d, 1e-9)
		const top = 4000
		g, err := markov.NewBanded(top, 1)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= top; n++ {
			if n < top {
				err = g.Add(n-1, n, rate)
			}
			if err == nil {
				err = g.Add(n-1, n-2, 2.5*float64(min(n, c.servers)))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		a, err := g.Absorption()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean by the recursion", k.Mean, a.Mean[c.n-1], 1e-10)
		near(t, "variance by the recursion", k.Variance, a.Variance[c.n-1], 1e-10)
	}
}

// BenchmarkIdling is a lane of four servers near saturation until it is idle.
func BenchmarkIdling(b *testing.B) {
	for _, n := range []int{1, 1000} {
		l := constantCase(b, n, 9.999, Exponential{.4}, 4, idle)
		b.Run(fmt.Sprintf("four servers at 0.9999 from %d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := SolveDrain(l, SolveOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
