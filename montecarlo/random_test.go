package montecarlo

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// fits compares draws with a law's distribution function by Kolmogorov and
// Smirnov.
func fits(t *testing.T, name string, n int, draw func() float64, cdf func(float64) float64) {
	t.Helper()
	v := make([]float64, n)
	for i := range v {
		v[i] = draw()
	}
	slices.Sort(v)
	worst := 0.0
	for i, x := range v {
		p := cdf(x)
		worst = max(worst, math.Abs(p-float64(i)/float64(n)), math.Abs(p-float64(i+1)/float64(n)))
	}
	if x := worst * math.Sqrt(float64(n)); 2*math.Exp(-2*x*x) < falseAlarm {
		t.Errorf("%s: Kolmogorov-Smirnov %.2f", name, x)
	}
}

func TestContinuousSamplers(t *testing.T) {
	var g generator
	g.start(keyOf(1, "samplers", 0), 0)
	n := reduced(200_000)
	fits(t, "uniform", n, g.uniform, func(x float64) float64 { return x })
	fits(t, "exponential", n, g.exponential, distuv.Exponential{Rate: 1}.CDF)
	fits(t, "normal", n, g.normal, distuv.UnitNormal.CDF)
	for _, k := range []float64{0.25, 1, 1.5, 4, 1000, 1e6} {
		fits(t, fmt.Sprintf("gamma %g", k), n, func() float64 { return g.gamma(k) }, distuv.Gamma{Alpha: k, Beta: 1}.CDF)
	}
	fits(t, "beta", n, func() float64 { return g.beta(3, 5) }, distuv.Beta{Alpha: 3, Beta: 5}.CDF)
}

// The tails of the ziggurats lie beyond 7.7 and 3.65.
func TestZigguratTails(t *testing.T) {
	var g generator
	g.start(keyOf(1, "tails", 0), 0)
	n := float64(reduced(2_000_000))
	exp, normal := 0, 0
	for range int(n) {
		if g.exponential() > 8 {
			exp++
		}
		if math.Abs(g.normal()) > 3.7 {
			normal++
		}
	}
	for name, c := range map[string][2]float64{"exponential": {float64(exp), math.Exp(-8)}, "normal": {float64(normal), math.Erfc(3.7 / math.Sqrt2)}} {
		if d := (c[0] - n*c[1]) / math.Sqrt(n*c[1]); math.Abs(d) > sigmas {
			t.Errorf("%s: %g beyond, want %g", name, c[0], n*c[1])
		}
	}
}

// counts compares the frequencies of a whole number with its law, each cell
// by its own normal limit where it is expected often enough.
func counts(t *testing.T, name string, draw func() int, p func(int) float64) {
	t.Helper()
	n := float64(reduced(100_000))
	seen := map[int]int{}
	for range int(n) {
		seen[draw()]++
	}
	for k, m := range seen {
		want := n * p(k)
		if want < 50 {
			if float64(m) > want+sigmas*math.Sqrt(want)+20 {
				t.Errorf("%s: %d came %d times, want %g", name, k, m, want)
			}
			continue
		}
		if d := (float64(m) - want) / math.Sqrt(want*(1-p(k))); math.Abs(d) > sigmas+0.5 {
			t.Errorf("%s: %d came %d times, want %g", name, k, m, want)
		}
	}
}

func TestCountSamplers(t *testing.T) {
	var g generator
	g.start(keyOf(1, "counts", 0), 0)
	for _, mean := range []float64{0, 0.3, 5, 9.99, 10, 37.5, 1000} {
		counts(t, fmt.Sprintf("poisson %g", mean), func() int { return g.poisson(mean) },
			func(k int) float64 {
				if mean == 0 {
					return 1
				}
				return distuv.Poisson{Lambda: mean}.Prob(float64(k))
			})
	}
	for _, c := range []struct {
		n int
		p float64
	}{{0, 0.5}, {1, 0.3}, {20, 0.1}, {40, 0.9}, {200, 0.3}, {1000, 0.995}, {100_000, 0.01}} {
		b := distuv.Binomial{N: float64(c.n), P: c.p}
		counts(t, fmt.Sprintf("binomial %d %g", c.n, c.p), func() int { return g.binomial(c.n, c.p) },
			func(k int) float64 {
				if c.n == 0 {
					return 1
				}
				return b.Prob(float64(k))
			})
	}
}

// The masses by which counts are accepted are those of gonum, which has them
// by the gamma function, exact to the last bits of k ln k.
func TestMasses(t *testing.T) {
	for _, mean := range []float64{10, 37.5, 1000, 1e5} {
		sd := math.Sqrt(mean)
		for k := math.Floor(max(0, mean-6*sd)); k < mean+6*sd; k += math.Ceil(sd / 9) {
			if got, want := massPoisson(k, mean), (distuv.Poisson{Lambda: mean}).Prob(k); !(math.Abs(got/want-1) < 1e-12+8e-16*k*math.Log(k+1)) {
				t.Errorf("P(Poisson(%g) = %g) is %g, gonum says %g", mean, k, got, want)
			}
		}
	}
	for _, b := range []distuv.Binomial{{N: 30, P: 0.4}, {N: 1000, P: 0.3}, {N: 1e6, P: 1e-4}, {N: 1e6, P: 0.5}} {
		mode := math.Floor((b.N + 1) * b.P)
		for d := -40.0; d <= 40; d++ {
			k := mode + d
			if k < 0 || k > b.N {
				continue
			}
			if got, want := binomialOverMode(k, mode, b.N, b.P), b.Prob(k)/b.Prob(mode); !(math.Abs(got/want-1) < 1e-8) {
				t.Errorf("%+v: mass at %g over that of the mode is %g, gonum says %g", b, k, got, want)
			}
		}
	}
}

// Large counts: the standardised draws are normal but for the lattice.
func TestLargeCounts(t *testing.T) {
	var g generator
	g.start(keyOf(1, "large", 0), 0)
	for _, mean := range []float64{1e6, 1e9, 1e12} {
		fits(t, fmt.Sprintf("poisson %g", mean), 50_000, func() float64 {
			return (float64(g.poisson(mean)) + g.uniform() - 0.5 - mean) / math.Sqrt(mean)
		}, distuv.UnitNormal.CDF)
		fits(t, fmt.Sprintf("binomial %g", mean), 50_000, func() float64 {
			return (float64(g.binomial(int(mean), 0.3)) + g.uniform() - 0.5 - 0.3*mean) / math.Sqrt(0.21*mean)
		}, distuv.UnitNormal.CDF)
	}
}

// Streams of different names, lanes and replications share no beginning.
func TestStreamsDiffer(t *testing.T) {
	seen := map[uint64]string{}
	for seed := range uint64(3) {
		for _, name := range []string{"", "a", "b", "ab"} {
			for lane := range 3 {
				for r := range 100 {
					var g generator
					g.start(keyOf(seed, name, lane), r)
					x := g.Uint64()
					if old, found := seen[x]; found {
						t.Fatalf("seed %d, name %q, lane %d, replication %d begins like %s", seed, name, lane, r, old)
					}
					seen[x] = fmt.Sprint(seed, name, lane, r)
				}
			}
		}
	}
}
