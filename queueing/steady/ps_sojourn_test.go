package steady

import (
	"math"
	"testing"
)

// TestSharedSojourn: Pollaczek's integral against the walk of those who share
// the server with one request until it is done, and its first two moments
// against theirs: the mean 1/(mu-lambda), the variance (2+rho)/(2-rho) times
// its square (E. G. Coffman, R. R. Muntz & H. Trotter, J. ACM 17, 1970).
func TestSharedSojourn(t *testing.T) {
	for _, rho := range []float64{1e-6, 0.3, 0.8, 0.95} {
		m := PS{rho, 1, 1}
		tail := func(x float64) float64 {
			p, err := m.SojournTail(x)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		want(t, "P(sojourn > 0)", tail(0), 1, 1e-11)
		for _, x := range []float64{0.5, 3, 20} {
			if got, walked := tail(x), sharedWalk(rho, x); math.Abs(got-walked) > 1e-11 {
				t.Errorf("load %g: P(sojourn > %g) = %.14g, walked %.14g", rho, x, got, walked)
			}
		}
		mean, half := 0.0, 0.0
		for from, width := 0.0, 0.5; from < 60/(1-rho)/(1-math.Sqrt(rho)); from, width = from+width, 1.2*width {
			a, b := panel(from, from+width, tail)
			mean, half = mean+a, half+b
		}
		want(t, "mean sojourn", mean, 1/(1-rho), 1e-9)
		want(t, "variance of the sojourn", 2*half-mean*mean, (2+rho)/(2-rho)/((1-rho)*(1-rho)), 1e-8)
		q, err := m.SojournQuantile(0.99)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "tail at the quantile", tail(q), 0.01, 1e-9)
	}
	// Next to saturation the sojourn is an exponential service drawn out by an
	// exponential factor (S. F. Yashkov, Queueing Systems 2, 1987): the tail of
	// x means is 2 sqrt x K1(2 sqrt x), 0.27973176363 at 1.
	p, err := PS{1 - 1e-9, 1, 1}.SojournTail(1e9)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "tail next to saturation", p, 0.27973176363, 1e-6)
}

// sharedWalk is P(sojourn > t) by uniformisation: n others, geometric at
// first, and the request done at the rate 1/(n+1).
func sharedWalk(rho, t float64) float64 {
	const most = 900
	others := make([]float64, most+1)
	for n := range others {
		others[n] = (1 - rho) * math.Pow(rho, float64(n))
	}
	rate := 1 + rho
	total, weight := 0.0, math.Exp(-rate*t)
	for step := 1; step < 400; step++ {
		next, left := make([]float64, most+1), 0.0
		for n, p := range others {
			left += p
			next[min(n+1, most)] += p * rho / rate
			if n > 0 {
				next[n-1] += p * float64(n) / float64(n+1) / rate
			}
		}
		total += weight * left
		weight *= rate * t / float64(step)
		others = next
	}
	return total
}
