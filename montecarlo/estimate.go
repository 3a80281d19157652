package montecarlo

import (
	"math"
	"sort"

	"singlelane/queueing"
)

// Confidence is the level of every interval that is reported here.
const Confidence = 0.95

// Estimate is a simulated number with its interval. Lo and Hi are -Inf and
// +Inf where the sample is too small to bound the value on that side.
type Estimate struct {
	Value, Lo, Hi float64
	Confidence    float64
	N             int // replications behind it
}

// Outcomes are the values that one quantity took, one a replication, sorted.
// +Inf stands for what did not happen before the horizon.
type Outcomes []float64

// N is the number of replications.
func (v Outcomes) N() int { return len(v) }

// Max is the largest value seen, NaN without any.
func (v Outcomes) Max() float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	return v[len(v)-1]
}

// Mean with Student's interval; +Inf, unbounded, where a value is +Inf.
func (v Outcomes) Mean() Estimate {
	mean, sd := v.moments()
	return meanEstimate(mean, sd, len(v))
}

// StdDev is the sample standard deviation. Its interval is the large-sample
// one, from the fourth central moment.
func (v Outcomes) StdDev() Estimate {
	return spreadEstimate(len(v), func() (mean, sd, m4 float64) {
		mean, sd = v.moments()
		for _, x := range v {
			d := x - mean
			m4 += d * d * d * d / float64(len(v))
		}
		return mean, sd, m4
	})
}

func spreadEstimate(n int, central func() (mean, sd, m4 float64)) Estimate {
	mean, sd, m4 := central()
	e := Estimate{Value: sd, Lo: math.Inf(-1), Hi: math.Inf(1), Confidence: Confidence, N: n}
	switch {
	case n < 8 || math.IsInf(mean, 0) || math.IsNaN(sd):
		return e
	case sd == 0:
		e.Lo, e.Hi = 0, 0
		return e
	}
	half := normal95 * math.Sqrt(max(0, m4-sd*sd*sd*sd)/float64(n)) / (2 * sd)
	e.Lo, e.Hi = max(0, sd-half), sd+half
	return e
}

// Quantile is the least value seen with a share of at least p at or below it,
// 0 < p < 1, with the interval by order statistics.
func (v Outcomes) Quantile(p float64) Estimate {
	return byRanks(len(v), p, func(rank int) float64 { return v[rank] })
}

// byRanks asks for the values of ranks.
func byRanks(n int, p float64, at func(rank int) float64) Estimate {
	e := Estimate{Value: math.NaN(), Lo: math.Inf(-1), Hi: math.Inf(1), Confidence: Confidence, N: n}
	if n == 0 || !(p > 0 && p < 1) {
		return e
	}
	e.Value = at(min(n-1, max(0, int(math.Ceil(p*float64(n)-1e-9))-1)))
	lo, hi := quantileRanks(n, p)
	if lo >= 0 {
		e.Lo = at(lo)
	}
	if hi < n {
		e.Hi = at(hi)
	}
	return e
}

// Exceed is the share of values above t, by more than rounding
// ([queueing.Until]), with the interval of Clopper and Pearson.
func (v Outcomes) Exceed(t float64) Estimate {
	t = queueing.Until(t)
	above := len(v) - sort.Search(len(v), func(i int) bool { return v[i] > t })
	return Proportion(above, len(v))
}

// CVaR is the mean of the worst 1-p of the values, 0 < p < 1, with the
// large-sample interval of A. A. Trindade et al., J. Banking Finance 31
// (2007): the variance of (X - q)^+ over (1-p)^2 n.
func (v Outcomes) CVaR(p float64) Estimate {
	q := v.Quantile(p)
	if len(v) == 0 {
		return q
	}
	if math.IsInf(v.Max(), 1) {
		return cvarOf(p, q, math.Inf(1), math.NaN())
	}
	over := make(Outcomes, len(v))
	for i, x := range v {
		over[i] = max(0, x-q.Value)
	}
	mean, sd := over.moments()
	return cvarOf(p, q, mean, sd)
}

// cvarOf is that of values of quantile q whose (X - q)^+ have such moments.
func cvarOf(p float64, q Estimate, mean, sd float64) Estimate {
	e := Estimate{Value: q.Value + mean/(1-p), Lo: math.Inf(-1), Hi: math.Inf(1), Confidence: Confidence, N: q.N}
	if n := float64(q.N); n*(1-p) >= 8 && sd <= math.MaxFloat64 {
		half := normal95 * sd / ((1 - p) * math.Sqrt(n))
		e.Lo, e.Hi = e.Value-half, e.Value+half
	}
	return e
}

// moments are the mean and the sample standard deviation, by two passes.
func (v Outcomes) moments() (mean, sd float64) {
	if len(v) == 0 {
		return math.NaN(), math.NaN()
	}
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	if len(v) < 2 || math.IsInf(mean, 0) {
		return mean, math.NaN()
	}
	for _, x := range v {
		sd += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(sd / float64(len(v)-1))
}
