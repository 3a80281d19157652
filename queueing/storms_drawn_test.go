package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// stormComers are the instants, in order, at which requests come up to 150 s: at a rate with a
// surge that decays, thinned, and from a pool with exponential delays.
func stormComers(r *rand.Rand, rate, surge, decay float64, pool int, delay float64) (came []float64) {
	for t := r.ExpFloat64() / (rate + surge); t < 150; t += r.ExpFloat64() / (rate + surge) {
		if r.Float64()*(rate+surge) < rate+surge*math.Exp(-t/decay) {
			came = append(came, t)
		}
	}
	for range pool {
		came = append(came, delay*r.ExpFloat64())
	}
	slices.Sort(came)
	return came
}

// againstStorms holds a law against drain times that are drawn, at a false-alarm rate of 1e-7.
func againstStorms(t *testing.T, name string, d Drain, draw func(r *rand.Rand) float64) {
	t.Helper()
	storms := 30_000
	if testing.Short() {
		storms = 3000
	}
	chance := math.Sqrt(math.Log(2/1e-7) / float64(2*storms))
	r := rand.New(rand.NewPCG(1, 2))
	var drawn []float64
	for range storms {
		drawn = append(drawn, draw(r))
	}
	slices.Sort(drawn)
	for _, q := range []float64{.05, .2, .4, .6, .8, .95, .999} {
		at := d.Quantile(q)
		part, _ := slices.BinarySearch(drawn, Until(at)+1e-9)
		if off := math.Abs(d.CDF(at) - float64(part)/float64(storms)); !(off <= d.AbsError+chance) {
			t.Errorf("%s: P(T <= %g) = %.5f, of storms %.5f, off by %.2g where chance explains %.2g", name, at, d.CDF(at), float64(part)/float64(storms), off, chance)
		}
	}
}

// drawnService draws a service time.
func drawnService(r *rand.Rand, s Service) float64 {
	switch s := s.(type) {
	case Deterministic:
		return s.Time
	case Gamma:
		return distuv.Gamma{Alpha: s.Shape, Beta: s.Shape / s.MeanTime, Src: r}.Rand()
	case Hyperexponential:
		if r.Float64() < s.P1 {
			return s.Mean1 * r.ExpFloat64()
		}
		return s.Mean2 * r.ExpFloat64()
	case Lognormal:
		mu, sigma := s.Params()
		return math.Exp(mu + sigma*r.NormFloat64())
	case Empirical:
		return s.times[r.IntN(len(s.times))]
	}
	return s.Mean() * r.ExpFloat64()
}
