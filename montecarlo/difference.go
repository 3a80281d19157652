package montecarlo

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Difference estimates how much greater a number is for one design than for
// another. Designs that were drawn under the same seed share their random
// numbers, replication by replication (common random numbers), which the
// functions here use: what varies alike in both cancels.
type Difference struct {
	Estimate
	// Less and More are one-sided p-values: the chance of a difference as far
	// below, or above, zero as was seen if in truth there is none.
	Less, More float64
}

// Known is a difference without chance.
func Known(d float64) Difference {
	out := Difference{Estimate: Estimate{Value: d, Lo: d, Hi: d, Confidence: 1}, Less: 1, More: 1}
	switch {
	case d < 0:
		out.Less = 0
	case d > 0:
		out.More = 0
	}
	return out
}

const (
	// fewestSections and mostSections bound the sections of a sample;
	// sectionTail is the least number of values beyond the quantile in each.
	fewestSections = 5
	mostSections   = 20
	sectionTail    = 4
)

// QuantileDifference estimates q_p(Y) - q_p(X) from x and y in the order of
// their replications, equally long.
//
// The interval is that of sectioning (S. Asmussen, P. W. Glynn, Stochastic
// Simulation, Springer 2007, III.5a; for quantiles M. K. Nakayama, ACM Trans.
// Model. Comput. Simul. 24 (2014) article 19): the sample is cut into equal
// runs of replications, each gives a difference of its own, and their
// deviations from the difference over all have Student's law. The pairs stay
// together, so what x and y share cancels. A sample too small for that has the
// interval between the ends of two intervals by order statistics, each of
// half the error (Bonferroni), which covers whatever the laws are.
func QuantileDifference(x, y []float64, p, confidence float64) Difference {
	d := quantileOf(y, p) - quantileOf(x, p)
	sections := min(mostSections, int(float64(len(x))*math.Min(p, 1-p)/sectionTail))
	if sections < fewestSections || math.IsInf(d, 0) || math.IsNaN(d) {
		return apart(x, y, p, confidence, d)
	}
	sum, run := 0.0, len(x)/sections
	for i := range sections {
		one := quantileOf(y[i*run:(i+1)*run], p) - quantileOf(x[i*run:(i+1)*run], p)
		sum += (one - d) * (one - d)
	}
	if math.IsInf(sum, 0) || math.IsNaN(sum) {
		return apart(x, y, p, confidence, d)
	}
	k := float64(sections)
	return student(d, math.Sqrt(sum/(k-1)/k), k-1, len(x), confidence)
}

// student is an estimate with its standard error and degrees of freedom.
func student(value, se, nu float64, n int, confidence float64) Difference {
	d := Difference{Estimate: Estimate{Value: value, Lo: value, Hi: value, Confidence: confidence, N: n}, Less: 0.5, More: 0.5}
	law := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: nu}
	if se > 0 {
		half := law.Quantile((1+confidence)/2) * se
		d.Lo, d.Hi, d.Less, d.More = value-half, value+half, law.CDF(value/se), law.CDF(-value/se)
		return d
	}
	if value != 0 {
		d.Less, d.More = Known(value).Less, Known(value).More
	}
	return d
}

func quantileOf(v []float64, p float64) float64 { return sorted(v).at(p) }

// apart bounds the difference by an interval for each of the two quantiles.
// Its p-values are the least error at which one-sided bounds of the two, of
// half the error each, lie apart.
func apart(x, y []float64, p, confidence, d float64) Difference {
	xs, ys := sorted(x), sorted(y)
	beta := (1 - confidence) / 4
	e := Estimate{Value: d, Confidence: confidence, N: len(x)}
	e.Lo, e.Hi = ys.bound(p, beta, -1)-xs.bound(p, beta, 1), ys.bound(p, beta, 1)-xs.bound(p, beta, -1)
	return Difference{e, separate(ys, xs, p), separate(xs, ys, p)}
}

// separate is the p-value of the lower sample's quantile being the lower one.
func separate(lower, upper Outcomes, p float64) float64 {
	open, clear := 0.0, math.Log(1e-15) // logarithms of the error of each bound
	if !(lower.bound(p, math.Exp(open), 1) < upper.bound(p, math.Exp(open), -1)) {
		return 1
	}
	if lower.bound(p, math.Exp(clear), 1) < upper.bound(p, math.Exp(clear), -1) {
		return 2 * math.Exp(clear)
	}
	for range 30 {
		if mid := (open + clear) / 2; lower.bound(p, math.Exp(mid), 1) < upper.bound(p, math.Exp(mid), -1) {
			open = mid
		} else {
			clear = mid
		}
	}
	return math.Min(1, 2*math.Exp(open))
}

// EnoughForQuantiles is the least number of replications with which two
// p-quantiles, and so their difference, are bounded on both sides at the given
// confidence, whatever the laws are: the largest value of the sample then lies
// above the quantile.
func EnoughForQuantiles(p, confidence float64) int {
	return int(math.Ceil(math.Log((1-confidence)/4) / math.Log(math.Max(p, 1-p))))
}

// Bounded is a difference of which only the interval is known: its p-values
// are what that leaves to chance, or 1.
func Bounded(e Estimate) Difference {
	d := Difference{e, 1, 1}
	if d.Hi < 0 {
		d.Less = 1 - d.Confidence
	}
	if d.Lo > 0 {
		d.More = 1 - d.Confidence
	}
	return d
}

// QuantileAt is the p-quantile of a sample, in any order, with the interval by
// order statistics at the given confidence.
func QuantileAt(v []float64, p, confidence float64) Estimate {
	s, beta := sorted(v), (1-confidence)/2
	return Estimate{Value: s.at(p), Lo: s.bound(p, beta, -1), Hi: s.bound(p, beta, 1), Confidence: confidence, N: len(s)}
}

func sorted(v []float64) Outcomes {
	s := Outcomes(slices.Clone(v))
	slices.Sort(s)
	return s
}

// at is the p-quantile of sorted outcomes.
func (v Outcomes) at(p float64) float64 {
	return v[min(len(v)-1, max(0, int(math.Ceil(p*float64(len(v))-1e-9))-1))]
}

// bound is the order statistic that lies below the p-quantile of the law
// (side < 0), or above it, with probability 1-beta; infinite where the sample
// has none.
func (v Outcomes) bound(p, beta float64, side int) float64 {
	n := len(v)
	if side < 0 { // the greatest rank r, from 1, with P(Bin(n,p) < r) <= beta
		if r := sort.Search(n, func(r int) bool { return fewer(r+1, n, p) > beta }); r > 0 {
			return v[r-1]
		}
		return math.Inf(-1)
	}
	// the least rank r with P(Bin(n,p) < r) >= 1-beta
	if r := 1 + sort.Search(n, func(r int) bool { return fewer(r+1, n, p) >= 1-beta }); r <= n {
		return v[r-1]
	}
	return math.Inf(1)
}

// fewer is P(Bin(n,p) < k).
func fewer(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 0
	case k > n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k+1), float64(k), 1-p)
}

// QuantileAgainst estimates q_p(X) - q where q is known. Its p-values are
// those of the sign test: under q the number of values at most q is binomial.
func QuantileAgainst(x []float64, q, p, confidence float64) Difference {
	e := QuantileAt(x, p, confidence)
	d := Difference{Estimate: e}
	d.Value, d.Lo, d.Hi = e.Value-q, e.Lo-q, e.Hi-q
	below, upTo := 0, 0
	for _, t := range x {
		if t < q {
			below++
		}
		if t <= q {
			upTo++
		}
	}
	d.Less = 1 - fewer(below, len(x), p) // P(Bin >= below): many values below q
	d.More = fewer(upTo+1, len(x), p)
	return d
}

// ProportionDifference estimates P(Y) - P(X) of two events from the number of
// replications in which only X, and only Y, came about, of n. The interval is
// T. Tango's score interval for paired proportions (Statist. Med. 17 (1998)
// 891-908); the p-values are those of the exact test of McNemar, in which the
// replications that differ are binomial with one half.
func ProportionDifference(onlyX, onlyY, n int, confidence float64) Difference {
	e := Estimate{Value: float64(onlyY-onlyX) / float64(n), Confidence: confidence, N: n}
	z := distuv.UnitNormal.Quantile((1 + confidence) / 2)
	score := func(d float64) float64 { return tango(float64(onlyY), float64(onlyX), float64(n), d) }
	e.Lo = falling(score, z, -1, e.Value)
	e.Hi = falling(score, -z, e.Value, 1)
	differ := onlyX + onlyY
	return Difference{e, 1 - fewer(onlyX, differ, 0.5), 1 - fewer(onlyY, differ, 0.5)}
}

// tango is the score statistic of the difference d when b replications have
// the one event alone and c the other: (b - c - n d) over its standard
// deviation, with the probability of c maximised under d.
func tango(b, c, n, d float64) float64 {
	lin := -b - c + (2*n-b+c)*d
	q := (math.Sqrt(math.Max(0, lin*lin+8*n*c*d*(1-d))) - lin) / (4 * n)
	variance := n * (2*q + d*(1-d))
	if variance <= 0 {
		return math.Copysign(math.Inf(1), b-c-n*d)
	}
	return (b - c - n*d) / math.Sqrt(variance)
}

// falling is where a function that falls from lo to hi has the value.
func falling(f func(float64) float64, value, lo, hi float64) float64 {
	for range 60 {
		mid := (lo + hi) / 2
		if f(mid) > value {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// ProportionAgainst estimates P(X) - p where p is known, from k of n, by the
// exact interval of Clopper and Pearson and the binomial test.
func ProportionAgainst(k, n int, p, confidence float64) Difference {
	e := Estimate{Value: float64(k)/float64(n) - p, Lo: -p, Hi: 1 - p, Confidence: confidence, N: n}
	alpha := (1 - confidence) / 2
	if k > 0 {
		e.Lo = mathext.InvRegIncBeta(float64(k), float64(n-k+1), alpha) - p
	}
	if k < n {
		e.Hi = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-alpha) - p
	}
	return Difference{e, fewer(k+1, n, p), 1 - fewer(k, n, p)}
}

// MeanDifference estimates E Y - E X by Student's interval for the mean of
// the differences, replication by replication. Pairs that differ in fewer than
// eight replications from what is usual say too little for it: ok is false.
func MeanDifference(x, y []float64, confidence float64) (d Difference, ok bool) {
	all := make([]float64, len(x))
	for i := range x {
		all[i] = y[i] - x[i]
		if math.IsInf(all[i], 0) || math.IsNaN(all[i]) {
			return Difference{}, false
		}
	}
	usual, unusual := quantileOf(all, 0.5), 0
	for _, a := range all {
		if a != usual {
			unusual++
		}
	}
	if unusual < fewestUnusual {
		return Difference{}, false
	}
	mean, sd := stat.MeanStdDev(all, nil)
	n := float64(len(all))
	return student(mean, sd/math.Sqrt(n), n-1, len(all), confidence), true
}

const fewestUnusual = 8
