package montecarlo

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Published limits: Clopper and Pearson's 0 in n is 1 - 0.025^(1/n); 8 in 10
// is (0.4439, 0.9748). Wilson's 8 in 10 is (0.4902, 0.9433) (A. Agresti, B. A.
// Coull, Am. Stat. 52 (1998)).
func TestProportions(t *testing.T) {
	for _, c := range []struct {
		got    Estimate
		lo, hi float64
	}{
		{Proportion(0, 20), 0, 1 - math.Pow(0.025, 1.0/20)},
		{Proportion(20, 20), math.Pow(0.025, 1.0/20), 1},
		{Proportion(8, 10), 0.4439, 0.9748},
		{Wilson(8, 10), 0.4902, 0.9433},
		{Wilson(0, 0), 0, 1},
	} {
		if math.Abs(c.got.Lo-c.lo) > 5e-5 || math.Abs(c.got.Hi-c.hi) > 5e-5 {
			t.Errorf("(%.4f, %.4f), want (%.4f, %.4f)", c.got.Lo, c.got.Hi, c.lo, c.hi)
		}
	}
}

// The ranks are the tightest on each side whose tail is at most 2.5 %.
func TestQuantileRanks(t *testing.T) {
	for _, n := range []int{1, 5, 100, 1000, 10_000} {
		for _, p := range []float64{0.01, 0.5, 0.9, 0.99, 0.999} {
			b := distuv.Binomial{N: float64(n), P: p}
			below := func(r int) float64 { // P(fewer than r values lie below the quantile)
				if r <= 0 {
					return 0
				}
				return b.CDF(float64(r - 1))
			}
			lo, hi := quantileRanks(n, p)
			if lo >= 0 && below(lo+1) > 0.025+1e-12 {
				t.Errorf("n %d, p %g: lower rank %d misses in %g", n, p, lo, below(lo+1))
			}
			if lo+1 < n && below(lo+2) <= 0.025-1e-12 {
				t.Errorf("n %d, p %g: lower rank %d could be higher", n, p, lo)
			}
			if hi < n && below(hi+1) < 0.975-1e-12 {
				t.Errorf("n %d, p %g: upper rank %d misses in %g", n, p, hi, 1-below(hi+1))
			}
			if hi > 0 && below(hi) >= 0.975+1e-12 {
				t.Errorf("n %d, p %g: upper rank %d could be lower", n, p, hi)
			}
		}
	}
}

// Intervals hold what they promise: of 2000 samples 95 % cover the truth, but
// for chance.
func TestIntervalsCover(t *testing.T) {
	const samples, n = 2000, 400
	var g generator
	g.start(keyOf(1, "cover", 0), 0)
	missed := map[string]int{}
	law := distuv.Gamma{Alpha: 20, Beta: 1}
	q := law.Quantile(0.9)
	excess := 0.0 // E(X-q)^+ by the trapezoidal rule
	for x := q; x < 100; x += 0.01 {
		excess += 0.01 * law.Survival(x)
	}
	for range samples {
		v := make(Outcomes, n)
		for i := range v {
			v[i] = g.gamma(20)
		}
		sortedTimes(v)
		for name, c := range map[string]struct {
			e     Estimate
			truth float64
		}{
			"mean": {v.Mean(), 20}, "sd": {v.StdDev(), math.Sqrt(20)}, "p90": {v.Quantile(0.9), q},
			"exceed": {v.Exceed(q), 0.1}, "cvar": {v.CVaR(0.9), q + excess/0.1},
		} {
			if c.truth < c.e.Lo || c.truth > c.e.Hi {
				missed[name]++
			}
		}
	}
	// The large-sample intervals of sd and CVaR are a little short at n = 400.
	for name, m := range missed {
		promise := 0.05
		if name == "cvar" || name == "sd" {
			promise = 0.08
		}
		if d := (float64(m) - samples*promise) / math.Sqrt(samples*promise*(1-promise)); d > sigmas {
			t.Errorf("%s: %d of %d intervals miss", name, m, samples)
		}
	}
}

func TestEdgesOfEstimates(t *testing.T) {
	if e := (Outcomes{}).Mean(); !math.IsNaN(e.Value) || e.N != 0 {
		t.Errorf("mean of nothing: %+v", e)
	}
	if e := (Outcomes{1}).Quantile(0.5); e.Value != 1 || !math.IsInf(e.Lo, -1) || !math.IsInf(e.Hi, 1) {
		t.Errorf("quantile of one value: %+v", e)
	}
	v := Outcomes{1, 2, math.Inf(1)}
	if e := v.Mean(); !math.IsInf(e.Value, 1) {
		t.Errorf("mean with a replication that did not drain: %+v", e)
	}
	if e := v.Exceed(2); e.Value != 1.0/3 {
		t.Errorf("exceed %+v", e)
	}
	if e := v.CVaR(0.5); !math.IsInf(e.Value, 1) {
		t.Errorf("CVaR %+v", e)
	}
	constant := Outcomes{5, 5, 5, 5, 5, 5, 5, 5, 5, 5}
	if e := constant.Mean(); e.Lo != 5 || e.Hi != 5 {
		t.Errorf("mean of equal values %+v", e)
	}
}

// Bins are 1/64 of a power of two wide.
func TestWaitsQuantiles(t *testing.T) {
	var g generator
	g.start(keyOf(1, "waits", 0), 0)
	w, v := newWaits(), make(Outcomes, 50_000)
	for i := range v {
		v[i] = max(0, 30*g.exponential()-5)
		w.add(v[i])
	}
	sortedTimes(v)
	for _, p := range []float64{0.01, 0.5, 0.9, 0.99, 0.9999} {
		want := v.Quantile(p).Value
		if got := w.Quantile(p); math.Abs(got-want) > want/64 {
			t.Errorf("quantile %g is %g, want %g", p, got, want)
		}
	}
	if w.Max() != v.Max() || w.N() != 50_000 {
		t.Errorf("max %g, n %d", w.Max(), w.N())
	}
}
