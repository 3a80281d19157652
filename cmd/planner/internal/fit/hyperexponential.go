package fit

import (
	"math"
	"math/rand/v2"
	"sort"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

// The hyperexponential law with balanced means is a mixture of two exponential
// laws, p of mean m/(2p) and q = 1-p of mean m/(2q), so that both carry half of
// the work. It is fitted by expectation and maximisation (A. P. Dempster, N. M.
// Laird, D. B. Rubin, JRSS B 39, 1977): with r_i the probability that time s_i
// was of the first kind, R_j the sums of the weights and S_j of the weighted
// times, the complete likelihood is greatest at
//
//	m = 2 (p S_1 + q S_2) / n,   R_1/p - R_2/q = (S_1 - S_2)/m
//
// which are solved in turn (X.-L. Meng, D. B. Rubin, Biometrika 80, 1993), the
// second as the root in (0,1) of d p^2 - (n + d) p + R_1 with d = (S_1-S_2)/m.

// groups are times put together where they differ by less than a per mille,
// each with its mean: what EM needs of millions.
type groups struct {
	mean, weight []float64
	n            float64
}

// group sorted times.
func group(sorted []float64) groups {
	const near = 1.001
	g := groups{n: float64(len(sorted))}
	for i := 0; i < len(sorted); {
		j := i + 1
		if len(sorted) > 20_000 {
			j = i + sort.SearchFloat64s(sorted[i:], sorted[i]*near)
			j = max(j, i+1)
		}
		sum := 0.0
		for _, x := range sorted[i:j] {
			sum += x
		}
		g.mean, g.weight = append(g.mean, sum/float64(j-i)), append(g.weight, float64(j-i))
		i = j
	}
	return g
}

// mixtureLaw is p of mean 1/a and 1-p of mean 1/b.
type mixtureLaw struct{ p, a, b float64 }

func balanced(m, p float64) mixtureLaw { return mixtureLaw{p, 2 * p / m, 2 * (1 - p) / m} }

func (l mixtureLaw) density(x float64) float64 {
	return l.p*l.a*math.Exp(-l.a*x) + (1-l.p)*l.b*math.Exp(-l.b*x)
}

func (l mixtureLaw) cdf(x float64) float64 {
	return -l.p*math.Expm1(-l.a*x) - (1-l.p)*math.Expm1(-l.b*x)
}

func (l mixtureLaw) draw(source *rand.Rand) float64 {
	if source.Float64() < l.p {
		return source.ExpFloat64() / l.a
	}
	return source.ExpFloat64() / l.b
}

// logDensity does not underflow far out.
func (l mixtureLaw) logDensity(x float64) float64 {
	u, v := math.Log(l.p*l.a)-l.a*x, math.Log((1-l.p)*l.b)-l.b*x
	if u < v {
		u, v = v, u
	}
	return u + math.Log1p(math.Exp(v-u))
}

func (l mixtureLaw) logLikelihood(s *sample) float64 {
	sum := 0.0
	for _, x := range s.sorted {
		sum += l.logDensity(x)
	}
	return sum
}

func (g groups) logLikelihood(l mixtureLaw) float64 {
	sum := 0.0
	for i, x := range g.mean {
		sum += g.weight[i] * l.logDensity(x)
	}
	return sum
}

// fitHyperexponential has no law where the times vary less than exponential
// ones: EM then ends at p = 1/2, which is the exponential law itself.
func fitHyperexponential(g groups) fitted {
	sum, squares := 0.0, 0.0
	for i, x := range g.mean {
		sum += g.weight[i] * x
		squares += g.weight[i] * x * x
	}
	m := sum / g.n
	scv := squares/g.n/(m*m) - 1
	p := balancedShare(math.Max(scv, 1.2))
	last := math.Inf(-1)
	for round := 0; round < 2000; round++ {
		m, p = g.step(m, p)
		if round%10 == 9 {
			now := g.logLikelihood(balanced(m, p))
			if now-last < 1e-7*g.n*1e-3+1e-9 {
				break
			}
			last = now
		}
	}
	scv = shareSCV(p)
	if !(scv > 1.001 && scv < 1e5) {
		return fitted{}
	}
	mean, v, ok := g.ranges(m, p)
	if !ok {
		return fitted{}
	}
	return fitted{Hyperexponential, balanced(m, p), 2, mean, v}
}

// balancedShare is the larger p of a balanced law with that SCV; shareSCV is
// its inverse, 1/(2p) + 1/(2q) - 1.
func balancedShare(scv float64) float64 { return (1 + math.Sqrt((scv-1)/(scv+1))) / 2 }

func shareSCV(p float64) float64 { return 1/(2*p) + 1/(2*(1-p)) - 1 }

// step is one round of expectation and maximisation.
func (g groups) step(m, p float64) (float64, float64) {
	l := balanced(m, p)
	var r1, s1, s2 float64
	for i, x := range g.mean {
		w := g.weight[i]
		r := 1 / (1 + (1-l.p)*l.b/(l.p*l.a)*math.Exp(-(l.b-l.a)*x))
		r1 += w * r
		s1 += w * r * x
		s2 += w * (1 - r) * x
	}
	m = 2 * (p*s1 + (1-p)*s2) / g.n
	d := (s1 - s2) / m
	b := g.n + d
	root := math.Sqrt(math.Max(0, b*b-4*d*r1))
	p = 2 * r1 / (b + math.Copysign(root, b))
	return m, math.Min(math.Max(p, 1e-6), 1-1e-6)
}

// ranges by the observed information in ln m and ln(SCV - 1).
func (g groups) ranges(m, p float64) (mean, scv Range, ok bool) {
	v := shareSCV(p)
	minus := func(x []float64) float64 {
		return -g.logLikelihood(balanced(math.Exp(x[0]), balancedShare(1+math.Exp(x[1]))))
	}
	h := mat.NewSymDense(2, nil)
	fd.Hessian(h, minus, []float64{math.Log(m), math.Log(v - 1)}, &fd.Settings{Formula: fd.Central, Step: 1e-3})
	var chol mat.Cholesky
	var cov mat.SymDense
	if !chol.Factorize(h) || chol.InverseTo(&cov) != nil {
		return mean, scv, false
	}
	excess := logRange(v-1, math.Sqrt(cov.At(1, 1)))
	return logRange(m, math.Sqrt(cov.At(0, 0))), Range{v, 1 + excess.Lo, 1 + excess.Hi}, true
}
