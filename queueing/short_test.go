package queueing

import (
	"math"
	"testing"
)

// Ten requests that come within a time far shorter than any step: a surge at 0, and a
// pool some time later. As that time becomes 0 the laws are those of batches, of a
// Poisson number and of a fixed one.
func TestShortSurgesAreBatches(t *testing.T) {
	later := []Source{Batch{20, 0}, Batch{26, 25}, Steady{.1}}
	for name, s := range map[string]Service{"exponential": Exponential{1}, "Erlang": Gamma{1, 2}, "hyperexponential": BalancedHyperexponential(1, 4)} {
		mean := func(c Config) float64 {
			c.Servers, c.Service = 1, s
			d, err := SolveDrain(laneOf(t, c), SolveOptions{})
			if err != nil {
				t.Fatal(name, err)
			}
			if d.Quality != Exact {
				t.Errorf("%s: %s by %s, error %.1g", name, d.Quality, d.Method, d.AbsError)
			}
			return d.Mean()
		}
		surge := mean(Config{Arrivals: arrivalsOf(t, append(later, Surge{1e5, 1e-4})...)})
		poisson := 0.0
		weight := math.Exp(-10)
		for n := range 46 {
			poisson += weight * mean(Config{Backlog: n, Arrivals: arrivalsOf(t, later...)})
			weight *= 10 / float64(n+1)
		}
		if off := math.Abs(surge - poisson); !(off < 1e-3) {
			t.Errorf("%s: the mean is %.9g after a surge, %.9g after a batch", name, surge, poisson)
		}
		pool := mean(Config{Arrivals: arrivalsOf(t, append(later, Pool{Instances: 10, Requests: 1, Delay: LognormalDelay{10, 1e-3}})...)})
		batch := mean(Config{Arrivals: arrivalsOf(t, append(later, Batch{10, 10})...)})
		if off := math.Abs(pool - batch); !(off < 1e-3) {
			t.Errorf("%s: the mean is %.9g after a pool, %.9g after a batch", name, pool, batch)
		}
	}
}

// The end of overload sees a pool that comes at once, long after the start.
func TestOverloadByNarrowPools(t *testing.T) {
	for _, cv := range []float64{.005, 1e-3, 1e-6} {
		pool := Pool{Instances: 2000, Requests: 1, Delay: LognormalDelay{2400, cv}}
		l := laneOf(t, Config{Servers: 1, Service: Exponential{1}, Backlog: 20, Arrivals: arrivalsOf(t, pool, Steady{.1})})
		if end, ok := OverloadEnd(l); !ok || !(end >= 2400) || !(end < 2400*(1+5*cv)) {
			t.Errorf("a coefficient of variation of %g: overload ends at %g s", cv, end)
		}
	}
}

// The chance that a delay ends in an interval is the integral of its density.
func TestNarrowDelays(t *testing.T) {
	for _, cv := range []float64{1e-6, 1e-3, .04, 1, 3} {
		d := LognormalDelay{10, cv}
		mu, sigma := d.params()
		for _, z := range []float64{-4, -1, 0, 2, 5} {
			for _, width := range []float64{1e-6, 1e-3, .02, .05, .5} {
				x, y := math.Exp(mu+sigma*z), math.Exp(mu+sigma*(z+width))
				want := 0.0
				for i, g := range gauss16.x {
					want += (y - x) / 2 * gauss16.w[i] * d.Density((x+y)/2+(y-x)/2*g)
				}
				clock := 1e-15 / math.Min(1, sigma) // digits that instants have of deviations
				if got := d.Between(x, y); !(math.Abs(got-want) <= (1e-11+10*clock*(1+math.Abs(z)))*want) {
					t.Errorf("CV %g, at %g over %g: %g instead of %g", cv, z, width, got, want)
				}
			}
		}
	}
}
