package steady

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWholeDomain draws every scalar model from the whole of its domain, each
// number evenly on a logarithmic scale, with loads from nothing to next to
// saturation on both sides and far above it: what is asked of it stays finite,
// ordered and lawful.
func TestWholeDomain(t *testing.T) {
	draws := 150
	if testing.Short() {
		draws = 40
	}
	r := rand.New(rand.NewPCG(1962, 1909))
	log := func(lo, hi float64) float64 { return lo * math.Pow(hi/lo, r.Float64()) }
	count := func(most float64) int { return int(log(1, most)) }
	for i := range draws {
		mu, c := log(1e-12, 1e12), count(1e7)
		load := []float64{1 - log(1e-12, 1), 1 + log(1e-9, 1), log(1e-20, 1), 1 - log(1e-4, 1), log(1, 1e12)}[i%5]
		rate := load * float64(c) * mu
		batch := log(1, 1e6)
		for _, m := range []Model{
			MMc{rate, mu, c}, MMcc{rate, mu, c}, PS{rate, mu, c}, MMcK{rate, mu, c, count(1e6)}, MMcK{rate, mu, c, c + count(1e4)},
			ErlangA{rate, mu, c, log(1e-9, 1e12)}, ErlangA{rate, mu, c, log(1e-3, 1e3) / mu},
			GGc{rate, mu, log(1e-6, 1e6), log(1e-6, 1e6), c, Approximations()[i%4]},
			MG1{load * mu, TwoMoments(1/mu, []float64{0, 1, 0.25, 0.3, 7, 400, 1e6}[i%7])},
			BatchMM1{load * mu / batch, mu, batch, LeastBatchSCV(batch) + log(1e-3, 1e3)},
			MDc{load * mu * float64(1+i%50), mu, 1 + i%50}, Repair{mu * log(1e-5, 1e3), mu, count(100), count(1e4)},
		} {
			check(t, m)
			if x := measures(t, m); x.Status == Saturated {
				continue
			}
			s, err := LoadSlope(m.(Loaded))
			if err != nil || math.IsNaN(s.ElasticW+s.ElasticL+s.ElasticWq+s.ElasticBlocked) {
				t.Errorf("%s: slope %+v (%v)", name(m), s, err)
			}
		}
	}
}

// TestDecimalsSaturate: rates whose decimals add up to the capacity saturate,
// though the numbers nearest to them may fall short of it; one part in 10^12 less
// does not.
func TestDecimalsSaturate(t *testing.T) {
	third := 0.1 // a variable, since constants are exact
	for _, c := range []struct {
		full, less Model
	}{
		{MMc{0.3, third, 3}, MMc{0.3 * (1 - 1e-12), third, 3}},
		{MDc{0.3, third, 3}, MDc{0.3 * (1 - 1e-12), third, 3}},
		{MM1{third + 0.2, 0.3}, MM1{(third + 0.2) * (1 - 1e-12), 0.3}},
		{MG1{7, TwoMoments(1/7.0, 0)}, MG1{7 * (1 - 1e-12), TwoMoments(1/7.0, 0)}},
	} {
		if x := measures(t, c.full); x.Status != Saturated {
			t.Errorf("%+v: %s at rho %.17g", c.full, x.Status, x.Rho)
		}
		if x := measures(t, c.less); x.Status != Stable {
			t.Errorf("%+v: %s at rho %.17g", c.less, x.Status, x.Rho)
		}
	}
	classes := Priority{Servers: 1, Classes: []Class{{"a", 0.7, 1, 1}, {"b", 0.2, 1, 1}, {"c", third, 1, 1}}}
	if x := measures(t, classes); x.Status != Saturated {
		t.Errorf("priority classes of .7, .2 and .1: %s at rho %.17g", x.Status, x.Rho)
	}
}
