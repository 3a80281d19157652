package fit

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// law is a candidate for the service time.
type law interface {
	logLikelihood(sorted []float64) float64
	cdf(x float64) float64
	density(x float64) float64
	draw(source *rand.Rand) float64
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

func (l pointLaw) logLikelihood([]float64) float64 { return 0 }

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

func (l gammaLaw) logLikelihood(sorted []float64) float64 {
	sum, logs := sums(sorted)
	g, _ := math.Lgamma(l.Alpha)
	n := float64(len(sorted))
	return n*(l.Alpha*math.Log(l.Beta)-g) + (l.Alpha-1)*logs - l.Beta*sum
}

func sums(xs []float64) (sum, logs float64) {
	for _, x := range xs {
		sum += x
		logs += math.Log(x)
	}
	return sum, logs
}

// fitExponential has the exact range of the mean: 2 n m / mean is chi-squared
// with 2 n degrees of freedom.
func fitExponential(sorted []float64) fitted {
	sum, _ := sums(sorted)
	n := float64(len(sorted))
	c := distuv.ChiSquared{K: 2 * n}
	return fitted{Exponential, gammaLaw{distuv.Gamma{Alpha: 1, Beta: n / sum}}, 1,
		Range{sum / n, 2 * sum / c.Quantile(0.95), 2 * sum / c.Quantile(0.05)}, Range{1, math.NaN(), math.NaN()}}
}

// fitGamma solves ln k - psi(k) = ln(mean) - mean(ln) by Newton's method on
// ln k (S. C. Choi, R. Wette, Technometrics 11, 1969). Mean and shape are
// orthogonal: var(ln mean) = 1/(n k), var(k) = 1/(n (psi'(k) - 1/k)).
func fitGamma(sorted []float64) fitted {
	sum, logs := sums(sorted)
	n := float64(len(sorted))
	mean := sum / n
	s := math.Log(mean) - logs/n
	if !(s > 1e-12) {
		return fitted{}
	}
	k := (3 - s + math.Sqrt((s-3)*(s-3)+24*s)) / (12 * s)
	for range 50 {
		step := (math.Log(k) - mathext.Digamma(k) - s) / (1 - k*trigamma(k))
		k *= math.Exp(-step)
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	if !(k > 1e-3 && k < 1e6) {
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
func fitErlang(sorted []float64, g fitted) (fitted, bool) {
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
		if ll := l.logLikelihood(sorted); ll > most {
			best, most = fitted{Erlang, l, 2, studentRange(mean, math.Sqrt(1/(float64(len(sorted))*whole)), float64(len(sorted))),
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

func (l lognormalLaw) logLikelihood(sorted []float64) float64 {
	sum := 0.0
	for _, x := range sorted {
		y := (math.Log(x) - l.Mu) / l.Sigma
		sum -= math.Log(x) + y*y/2
	}
	return sum - float64(len(sorted))*(math.Log(l.Sigma)+math.Log(2*math.Pi)/2)
}

// fitLognormal is closed: mean and variance of the logarithms. The SCV's range
// is exact, from the variance's chi-squared law; that of the mean is Cox's
// (C. E. Land, Technometrics 14, 1972, compares), with Student's quantile.
func fitLognormal(sorted []float64) fitted {
	n := float64(len(sorted))
	_, logs := sums(sorted)
	mu, ss := logs/n, 0.0
	for _, x := range sorted {
		d := math.Log(x) - mu
		ss += d * d
	}
	v := ss / n
	if !(v > 1e-9) {
		return fitted{}
	}
	c := distuv.ChiSquared{K: n - 1}
	scv := func(variance float64) float64 { return math.Expm1(variance) }
	mean := math.Exp(mu + v/2)
	return fitted{Lognormal, lognormalLaw{distuv.LogNormal{Mu: mu, Sigma: math.Sqrt(v)}}, 2,
		studentRange(mean, math.Sqrt(v/n+v*v/(2*(n-1))), n), Range{scv(v), scv(ss / c.Quantile(0.95)), scv(ss / c.Quantile(0.05))}}
}
