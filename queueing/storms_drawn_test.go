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
	againstSomeStorms(t, name, d, 30_000, draw)
}

// againstSomeStorms takes so many of them, a tenth in short tests.
func againstSomeStorms(t *testing.T, name string, d Drain, storms int, draw func(r *rand.Rand) float64) {
	t.Helper()
	if testing.Short() {
		storms /= 10
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

// Plain lanes of several servers that begin together, of services that vary wildly: by the
// diffusion, whose renewal function and variance move the mean by a fifth, within what is stated
// of storms at a false-alarm rate of 1e-7 each, and the mean within 6 % beside chance.
func TestWildServicesThatBeginTogether(t *testing.T) {
	for name, c := range map[string]struct {
		service     Service
		surge, mean float64
		pool        int
	}{
		"lognormal, pool":  {Lognormal{1, 9}, 0, 20, 300},
		"gamma, pool":      {Gamma{1, 1. / 9}, 0, 20, 300},
		"lognormal, surge": {Lognormal{1, 12}, 25, 20, 0},
	} {
		cfg := Config{Servers: 10, Service: c.service, Backlog: 30}
		sources := []Source{Steady{2}, Pool{Instances: c.pool, Requests: 1, Delay: ExponentialDelay{c.mean}}}
		if c.pool == 0 {
			sources[1] = Surge{c.surge, c.mean}
		}
		l := laneOf(t, cfg.with(arrivalsOf(t, sources...)))
		p, err := newProblem(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.exactly(problem.byRungs)
		if err != nil || d.Method != Diffusion {
			t.Fatal(name, err)
		}
		begin, _ := OverloadEnd(l)
		draws, sum, squares := 0.0, 0.0, 0.0
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			x := openStorm(r, cfg, stormComers(r, 2, c.surge, 20, c.pool, c.mean), begin, l.Level(begin))
			draws, sum, squares = draws+1, sum+x, squares+x*x
			return x
		})
		mean := sum / draws
		chance := 5.4 * math.Sqrt((squares/draws-mean*mean)/draws)
		if off := math.Abs(d.Mean() - mean); !(off <= .06*mean+chance) {
			t.Errorf("%s: mean %g, of storms %g", name, d.Mean(), mean)
		}
	}
}

// Equal services of two servers keep in step: before a pool, whose number is fixed from laws for
// Poisson numbers, against storms at a false-alarm rate of 1e-7, and the mean within 2 % beside
// chance.
func TestEqualServicesBeforePools(t *testing.T) {
	cfg := Config{Servers: 2, Service: Deterministic{.2}, Backlog: 40}
	l := laneOf(t, cfg.with(arrivalsOf(t, Steady{4}, Pool{Instances: 600, Requests: 1, Delay: ExponentialDelay{20}})))
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	begin, _ := OverloadEnd(l)
	draws, sum, squares := 0.0, 0.0, 0.0
	againstStorms(t, "in step", d, func(r *rand.Rand) float64 {
		x := openStorm(r, cfg, stormComers(r, 4, 0, 20, 600, 20), begin, l.Level(begin))
		draws, sum, squares = draws+1, sum+x, squares+x*x
		return x
	})
	mean := sum / draws
	chance := 5.4 * math.Sqrt((squares/draws-mean*mean)/draws)
	if off := math.Abs(d.Mean() - mean); !(off <= .02*mean+chance) {
		t.Errorf("mean %g, of storms %g", d.Mean(), mean)
	}
}
