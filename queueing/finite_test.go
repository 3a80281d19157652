package queueing

import (
	"math"
	"math/cmplx"
	"testing"
)

// The continued normal law against its series around 0 and on the real axis.
func TestNormalBelowComplex(t *testing.T) {
	for _, x := range []float64{-8, -3, -1, 0, 0.5, 2} {
		if got, want := real(normalBelow(complex(x, 0))), math.Erfc(-x/math.Sqrt2)/2; math.Abs(got-want) > 1e-12*want {
			t.Errorf("at %g: %g, want %g", x, got, want)
		}
	}
	for _, z := range []complex128{1i, 0.5 + 2i, -1 - 1.5i, -2 + 3i} {
		term, sum := z, z
		for k := 1.0; k < 80; k++ {
			term *= -z * z / complex(2*k, 0)
			sum += term / complex(2*k+1, 0)
		}
		want := 0.5 + sum/complex(math.Sqrt(2*math.Pi), 0)
		if got := normalBelow(z); cmplx.Abs(got-want) > 1e-11*(1+cmplx.Abs(want)) {
			t.Errorf("at %v: %v, want %v", z, got, want)
		}
	}
}

// A pool that all comes at once is a batch: with a very short window the
// drain is that of a batch of its size.
func TestShortPoolIsABatch(t *testing.T) {
	lane := func(s Source) *Lane {
		return laneOf(t, Config{Backlog: 30, Servers: 1, Service: Exponential{0.1}, Target: Target{Idle: true}, Arrivals: arrivalsOf(t, Steady{2}, s)})
	}
	a, err := SolveDrain(lane(Spread(60, 0, 1e-7)), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := SolveDrain(lane(Batch{60, 0}), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, a, b, 1e-6)
}

// Chains of the pool's own: the law of (number in the lane, members still to
// come) by a plain explicit method, extrapolated from two step sizes.
func TestPoolAgainstTwoDimensionalChain(t *testing.T) {
	const backlog, pool, base, mu, delay = 6, 8, 0.5, 2.0, 5.0
	l := laneOf(t, Config{Backlog: backlog, Servers: 1, Service: Exponential{1 / mu}, Target: Target{Idle: true, FirstPassage: true},
		Arrivals: arrivalsOf(t, Steady{base}, Pool{Instances: pool, Requests: 1, Delay: ExponentialDelay{delay}})})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if (d.Quality == Exact) != (d.AbsError <= fixClaim) {
		t.Errorf("quality %s with error %.1g: %s", d.Quality, d.AbsError, d.Reason)
	}
	for _, at := range []float64{2, 6, 12} {
		want := emptiedBy(at, backlog, pool, base, mu, delay)
		if got := d.CDF(at); math.Abs(got-want) > d.AbsError+1e-9 || d.AbsError > 1e-4 {
			t.Errorf("P(T <= %g) = %.10g (error %.1g), want %.10g", at, got, d.AbsError, want)
		}
	}
}

// emptiedBy integrates the chain by the classical Runge–Kutta method.
func emptiedBy(t float64, backlog, pool int, base, mu, delay float64) float64 {
	const top = 60
	size := (top + 1) * (pool + 1)
	at := func(n, j int) int { return n*(pool+1) + j }
	slope := func(p []float64) []float64 {
		dp := make([]float64, size)
		for n := 1; n <= top; n++ {
			for j := 0; j <= pool; j++ {
				x := p[at(n, j)]
				move := func(m, k int, rate float64) {
					dp[at(n, j)] -= rate * x
					dp[at(m, k)] += rate * x
				}
				move(n-1, j, mu)
				if n < top {
					move(n+1, j, base)
					if j > 0 {
						move(n+1, j-1, float64(j)/delay)
					}
				}
			}
		}
		return dp
	}
	plus := func(p, d []float64, h float64) []float64 {
		out := make([]float64, size)
		for i := range out {
			out[i] = p[i] + h*d[i]
		}
		return out
	}
	const steps = 3000
	h := t / steps
	p := make([]float64, size)
	p[at(backlog, pool)] = 1
	for range steps {
		k1 := slope(p)
		k2 := slope(plus(p, k1, h/2))
		k3 := slope(plus(p, k2, h/2))
		k4 := slope(plus(p, k3, h))
		for i := range p {
			p[i] += h / 6 * (k1[i] + 2*k2[i] + 2*k3[i] + k4[i])
		}
	}
	sum := 0.0
	for j := 0; j <= pool; j++ {
		sum += p[at(0, j)]
	}
	return sum
}

// A lane that is drained from the start is so whatever its pools will send.
func TestFirstPassageAtOnceKnowsNoPools(t *testing.T) {
	pool := Pool{Instances: 5, Requests: 1, Start: 5, Delay: ExponentialDelay{5}}
	for _, s := range []Service{Gamma{1, .25}, Gamma{1, 2.5}, Lognormal{1, 2}, Deterministic{1}, Exponential{1}} {
		for _, sources := range [][]Source{{Steady{.3}, pool}, {Steady{.3}, pool, Spread(40, 3, 9)}} {
			d, err := SolveDrain(laneOf(t, Config{Servers: 1, Service: s, Target: Target{FirstPassage: true}, Arrivals: arrivalsOf(t, sources...)}), SolveOptions{})
			if err != nil || d.Quality != Exact || d.AbsError > 1e-9 || d.CDF(0) < 1-1e-9 {
				t.Errorf("%v: %v, %s, P(T = 0) = %g with error %.1g: %s", s, err, d.Quality, d.CDF(0), d.AbsError, d.Reason)
			}
		}
	}
}
