package fit

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/queueing"
)

// drawn is n times of a law of the scenario file, with mean 2 s.
func drawn(name Law, scv float64, n int, g *rand.Rand) []float64 {
	const mean = 2.0
	out := make([]float64, n)
	for i := range out {
		switch name {
		case Exponential:
			out[i] = mean * g.ExpFloat64()
		case Erlang:
			for range int(math.Round(1 / scv)) {
				out[i] += mean * scv * g.ExpFloat64()
			}
		case Lognormal:
			v := math.Log1p(scv)
			out[i] = math.Exp(math.Log(mean) - v/2 + math.Sqrt(v)*g.NormFloat64())
		case Hyperexponential:
			out[i] = balanced(mean, balancedShare(scv)).draw(g)
		case Deterministic:
			out[i] = mean
		}
	}
	return out
}

// TestLikelihoodIsGreatest maximises each likelihood a second way, by a
// simplex that knows nothing of the laws' equations.
func TestLikelihoodIsGreatest(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 4))
	for name, times := range map[string][]float64{
		"exponential": drawn(Exponential, 1, 300, g), "erlang": drawn(Erlang, 0.25, 300, g),
		"lognormal": drawn(Lognormal, 2, 300, g), "hyperexponential": drawn(Hyperexponential, 6, 300, g),
	} {
		slices.Sort(times)
		data := newSample(times)
		best := func(at func(x []float64) float64, start ...float64) float64 {
			r, err := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 { return -at(x) }}, start,
				&optimize.Settings{Converger: &optimize.FunctionConverge{Absolute: 1e-12, Iterations: 200}}, &optimize.NelderMead{})
			if err != nil {
				t.Fatal(err)
			}
			return -r.F
		}
		gamma := best(func(x []float64) float64 {
			sum := 0.0
			for _, s := range times {
				k, th := math.Exp(x[0]), math.Exp(x[1])
				lg, _ := math.Lgamma(k)
				sum += (k-1)*math.Log(s) - s/th - lg - k*math.Log(th)
			}
			return sum
		}, 0, 0)
		same(t, name+" as gamma", fitGamma(data).law.logLikelihood(data), gamma)
		lognormal := best(func(x []float64) float64 {
			sum := 0.0
			for _, s := range times {
				y := (math.Log(s) - x[0]) / math.Exp(x[1])
				sum -= math.Log(s) + x[1] + y*y/2 + math.Log(2*math.Pi)/2
			}
			return sum
		}, 0, 0)
		same(t, name+" as lognormal", fitLognormal(data).law.logLikelihood(data), lognormal)
		if h := fitHyperexponential(group(times)); h.law != nil {
			mixture := best(func(x []float64) float64 {
				p, m := 0.5+0.5/(1+math.Exp(-x[0])), math.Exp(x[1])
				sum := 0.0
				for _, s := range times {
					sum += math.Log(2*p*p/m*math.Exp(-2*p*s/m) + 2*(1-p)*(1-p)/m*math.Exp(-2*(1-p)*s/m))
				}
				return sum
			}, 0, 0)
			same(t, name+" as hyperexponential", h.law.logLikelihood(data), mixture)
		} else if name == "hyperexponential" {
			t.Error("no hyperexponential law was fitted to its own sample")
		}
	}
}

// same to 1e-6 in a logarithm of the likelihood: what both ways must reach.
func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
		t.Errorf("%s: ln L = %.9f, by the simplex %.9f", what, got, want)
	}
}

// TestLawsAreTold draws 4000 times of each law; AIC must name it. That it does
// not has a chance far below 1e-6: the nearest rival's expected loss is 40.
func TestLawsAreTold(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		law Law
		scv float64
	}{{Exponential, 1}, {Erlang, 0.25}, {Erlang, 0.5}, {Lognormal, 0.5}, {Lognormal, 3}, {Hyperexponential, 4}, {Deterministic, 0}} {
		times := drawn(c.law, c.scv, 4000, g)
		s, warnings := fitService(times, 1e-9, Options{})
		if s.Law != c.law && (c.law != Exponential || s.Law != Gamma) && (c.law != Erlang || s.Law != Gamma) {
			t.Errorf("%s of SCV %v was taken for %s: %+v", c.law, c.scv, s.Law, s.Laws)
		}
		// Five standard errors of a mean: a false alarm of 6e-7 each.
		if math.Abs(s.Mean.Value-2) > 5*2*math.Sqrt(max(c.scv, 1e-12)/4000) {
			t.Errorf("%s: mean %v", c.law, s.Mean)
		}
		if q := s.Queueing(); q.Validate() != nil || math.Abs(q.Mean()-s.Mean.Value) > 1e-9 || math.Abs(q.SCV()-s.SCV.Value) > 1e-9*(1+q.SCV()) {
			t.Errorf("%s as a lane's law has mean %v and SCV %v, fitted %v and %v", c.law, q.Mean(), q.SCV(), s.Mean.Value, s.SCV.Value)
		}
		if s.P < 0.01 {
			t.Errorf("%s: p = %v, warnings %v", c.law, s.P, warnings)
		}
	}
}

// TestBalancedMeans: the share and the SCV are each other's inverse, and the
// law is that of a lane.
func TestBalancedMeans(t *testing.T) {
	for _, scv := range []float64{1.01, 1.5, 4, 100} {
		if got := shareSCV(balancedShare(scv)); math.Abs(got-scv) > 1e-10*scv {
			t.Errorf("SCV %v came back as %v", scv, got)
		}
		l, q := balanced(2, balancedShare(scv)), queueing.BalancedHyperexponential(2, scv)
		const h = 1e-6 // E S by the transform's slope at 0, and the law's median both ways
		if slope := (1 - real(q.Transform(complex(h, 0)))) / h; math.Abs(slope-2) > 1e-4*scv {
			t.Errorf("mean %v", slope)
		}
		times := make([]float64, 200_000)
		g := rand.New(rand.NewPCG(7, 8))
		for i := range times {
			times[i] = l.draw(g)
		}
		mean := stat.Mean(times, nil)
		if se := 2 * math.Sqrt(scv/200_000); math.Abs(mean-2) > 5*se {
			t.Errorf("SCV %v: mean %v, five standard errors are %v", scv, mean, 5*se)
		}
	}
}

// TestGroupedEM: putting times together moves the fit by less than a
// thousandth of its range.
func TestGroupedEM(t *testing.T) {
	times := drawn(Hyperexponential, 5, 30_000, rand.New(rand.NewPCG(9, 10)))
	slices.Sort(times)
	whole := groups{times, slices.Repeat([]float64{1}, len(times)), float64(len(times))}
	a, b := fitHyperexponential(group(times)), fitHyperexponential(whole)
	if len(group(times).mean) > len(times)/2 {
		t.Error("nothing was put together")
	}
	if d := math.Abs(a.mean.Value - b.mean.Value); d > 1e-3*(b.mean.Hi-b.mean.Lo) {
		t.Errorf("mean %v, ungrouped %v", a.mean, b.mean)
	}
	if d := math.Abs(a.scv.Value - b.scv.Value); d > 1e-3*(b.scv.Hi-b.scv.Lo) {
		t.Errorf("SCV %v, ungrouped %v", a.scv, b.scv)
	}
}

// TestPublishedMoments: the quantiles of a law at even ranks, taken as a sample,
// give back its mean and SCV as N. L. Johnson, S. Kotz and N. Balakrishnan,
// "Continuous Univariate Distributions" vol. 1, Wiley 1994, state them from the
// law's own parameters: gamma k theta and 1/k (17.10), lognormal e^(mu + s^2/2)
// and e^(s^2) - 1 (14.8), and of a mixture of exponentials those of its parts.
// 20,000 ranks leave out 1/40,000 at either end, which moves no number by 0.5 %.
func TestPublishedMoments(t *testing.T) {
	const n = 20_000
	normal := distuv.Normal{Mu: 0, Sigma: 1}
	mixture := mixtureLaw{0.7887, 1.5774, 0.4226}
	for name, c := range map[string]struct {
		quantile  func(p float64) float64
		fit       func(*sample) fitted
		mean, scv float64
	}{
		"gamma":       {distuv.Gamma{Alpha: 2.5, Beta: 0.8}.Quantile, fitGamma, 2.5 / 0.8, 1 / 2.5},
		"small gamma": {distuv.Gamma{Alpha: 0.4, Beta: 3}.Quantile, fitGamma, 0.4 / 3, 1 / 0.4},
		"lognormal": {func(p float64) float64 { return math.Exp(0.3 + 0.7*normal.Quantile(p)) }, fitLognormal,
			math.Exp(0.3 + 0.49/2), math.Exp(0.49) - 1},
		"exponential": {func(p float64) float64 { return -3 * math.Log1p(-p) }, fitExponential, 3, 1},
		"mixture": {func(p float64) float64 { return inverse(mixture, p, 10) }, func(s *sample) fitted { return fitHyperexponential(group(s.sorted)) },
			0.7887/1.5774 + 0.2113/0.4226, 2*(0.7887/(1.5774*1.5774)+0.2113/(0.4226*0.4226)) - 1},
	} {
		times := make([]float64, n)
		for i := range times {
			times[i] = c.quantile((float64(i) + 0.5) / n)
		}
		f := c.fit(newSample(times))
		if f.law == nil || math.Abs(f.mean.Value/c.mean-1) > 0.005 || math.Abs(f.scv.Value/c.scv-1) > 0.005 {
			t.Errorf("%s: mean %v and SCV %v, want %v and %v", name, f.mean.Value, f.scv.Value, c.mean, c.scv)
		}
	}
}
