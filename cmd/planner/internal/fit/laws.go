package fit

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// law is a candidate for the service time.
type law interface {
	logLikelihood(s *sample) float64
	cdf(x float64) float64
	density(x float64) float64
	draw(source *rand.Rand) float64
}

// sample is positive times in order, with the sums that the laws need.
type sample struct {
	sorted       []float64
	n, sum, logs float64 // their number, sum, and sum of logarithms
	spread       float64 // sum of the squares of the logarithms about their mean
}

func newSample(sorted []float64) *sample {
	s := &sample{sorted: sorted, n: float64(len(sorted))}
	for _, x := range sorted {
		s.sum += x
		s.logs += math.Log(x)
	}
	for _, x := range sorted {
		d := math.Log(x) - s.logs/s.n
		s.spread += d * d
	}
	return s
}

// fitted is a law with its numbers' ranges.
type fitted struct {
	name      Law
	law       law
	numbers   int
	mean, scv Range
}

// pointLaw is a constant.
type pointLaw struct{ at float64 }

func (l pointLaw) logLikelihood(*sample) float64 { return 0 }

func (l pointLaw) cdf(x float64) float64 {
	if x < l.at {
		return 0
	}
	return 1
}

func (l pointLaw) density(float64) float64 { return 0 }
func (l pointLaw) draw(*rand.Rand) float64 { return l.at }

// gammaLaw is that of distuv, with the sums that its likelihood needs.
type gammaLaw struct{ distuv.Gamma }

func (l gammaLaw) cdf(x float64) float64          { return l.CDF(x) }
func (l gammaLaw) density(x float64) float64      { return l.Prob(x) }
func (l gammaLaw) draw(source *rand.Rand) float64 { l.Src = source; return l.Rand() }

func (l gammaLaw) logLikelihood(s *sample) float64 {
	g, _ := math.Lgamma(l.Alpha)
	return s.n*(l.Alpha*math.Log(l.Beta)-g) + (l.Alpha-1)*s.logs - l.Beta*s.sum
}

// fitExponential has the exact range of the mean: 2 n m / mean is chi-squared
// with 2 n degrees of freedom.
func fitExponential(s *sample) fitted {
	sum, n := s.sum, s.n
	c := distuv.ChiSquared{K: 2 * n}
	return fitted{Exponential, gammaLaw{distuv.Gamma{Alpha: 1, Beta: n / sum}}, 1,
		Range{sum / n, 2 * sum / c.Quantile(0.95), 2 * sum / c.Quantile(0.05)}, Range{1, math.NaN(), math.NaN()}}
}

// fitGamma solves ln k - psi(k) = ln(mean) - mean(ln) by Newton's method on
// ln k (S. C. Choi, R. Wette, Technometrics 11, 1969). Mean and shape are
// orthogonal: var(ln mean) = 1/(n k), var(k) = 1/(n (psi'(k) - 1/k)).
func fitGamma(s *sample) fitted {
	n, mean := s.n, s.sum/s.n
	gap := math.Log(mean) - s.logs/n
	if !(gap > 1e-12) {
		return fitted{}
	}
	k := (3 - gap + math.Sqrt((gap-3)*(gap-3)+24*gap)) / (12 * gap)
	for range 50 {
		step := (math.Log(k) - mathext.Digamma(k) - gap) / (1 - k*trigamma(k))
		k *= math.Exp(-step)
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	if !(k > 1e-3 && k < 5e5) {
		return fitted{}
	}
	return fitted{Gamma, gammaLaw{distuv.Gamma{Alpha: k, Beta: k / mean}}, 2,
		studentRange(mean, math.Sqrt(1/(n*k)), n), logRange(1/k, math.Sqrt(1/(n*(trigamma(k)-1/k)))/k)}
}

// trigamma is psi', Hurwitz's zeta(2, x).
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }

// studentRange is logRange with Student's quantile, since the spread is
// estimated too.
func studentRange(x, se, n float64) Range {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.95)
	return Range{x, x * math.Exp(-t*se), x * math.Exp(t*se)}
}

// fitErlang is the gamma law of the whole shape of greatest likelihood, which
// is one beside the real one since the likelihood is concave in it.
func fitErlang(s *sample, g fitted) (fitted, bool) {
	if g.law == nil {
		return fitted{}, false
	}
	k := g.law.(gammaLaw).Alpha
	if k < 1.5 || k > 200 {
		return fitted{}, false
	}
	mean := g.mean.Value
	best, most := fitted{}, math.Inf(-1)
	for _, whole := range []float64{math.Floor(k), math.Ceil(k)} {
		if whole < 2 {
			continue
		}
		l := gammaLaw{distuv.Gamma{Alpha: whole, Beta: whole / mean}}
		if ll := l.logLikelihood(s); ll > most {
			best, most = fitted{Erlang, l, 2, studentRange(mean, math.Sqrt(1/(s.n*whole)), s.n),
				Range{1 / whole, g.scv.Lo, g.scv.Hi}}, ll
		}
	}
	return best, best.law != nil
}

// lognormalLaw is that of distuv.
type lognormalLaw struct{ distuv.LogNormal }

func (l lognormalLaw) cdf(x float64) float64          { return l.CDF(x) }
func (l lognormalLaw) density(x float64) float64      { return l.Prob(x) }
func (l lognormalLaw) draw(source *rand.Rand) float64 { l.Src = source; return l.Rand() }

func (l lognormalLaw) logLikelihood(s *sample) float64 {
	off := s.logs/s.n - l.Mu
	return -s.logs - (s.spread+s.n*off*off)/(2*l.Sigma*l.Sigma) - s.n*(math.Log(l.Sigma)+math.Log(2*math.Pi)/2)
}

// fitLognormal is closed: mean and variance of the logarithms. The SCV's range
// is exact, from the variance's chi-squared law; that of the mean is Cox's
// (C. E. Land, Technometrics 14, 1972, compares), with Student's quantile.
func fitLognormal(s *sample) fitted {
	n, mu, ss := s.n, s.logs/s.n, s.spread
	v := ss / n
	if !(v > 2e-6) {
		return fitted{}
	}
	c := distuv.ChiSquared{K: n - 1}
	scv := func(variance float64) float64 { return math.Expm1(variance) }
	mean := math.Exp(mu + v/2)
	return fitted{Lognormal, lognormalLaw{distuv.LogNormal{Mu: mu, Sigma: math.Sqrt(v)}}, 2,
		studentRange(mean, math.Sqrt(v/n+v*v/(2*(n-1))), n), Range{scv(v), scv(ss / c.Quantile(0.95)), scv(ss / c.Quantile(0.05))}}
}
