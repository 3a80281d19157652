package montecarlo

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// normal95 is the 97.5 % point of the standard normal law.
const normal95 = 1.959963984540054

func meanEstimate(mean, sd float64, n int) Estimate {
	e := Estimate{Value: mean, Lo: math.Inf(-1), Hi: math.Inf(1), Confidence: Confidence, N: n}
	if n < 2 || math.IsNaN(sd) || math.IsInf(mean, 0) {
		return e
	}
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile((1+Confidence)/2) * sd / math.Sqrt(float64(n))
	e.Lo, e.Hi = mean-half, mean+half
	return e
}

// Proportion estimates a probability from k cases in n with the exact
// interval of Clopper and Pearson, Biometrika 26 (1934).
func Proportion(k, n int) Estimate {
	e := Estimate{Value: math.NaN(), Lo: 0, Hi: 1, Confidence: Confidence, N: n}
	if n == 0 {
		return e
	}
	e.Value = float64(k) / float64(n)
	alpha := (1 - Confidence) / 2
	if k > 0 {
		e.Lo = mathext.InvRegIncBeta(float64(k), float64(n-k+1), alpha)
	}
	if k < n {
		e.Hi = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-alpha)
	}
	return e
}

// Wilson estimates a probability from k cases in n with the score interval of
// E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), shorter than the exact one and
// right on average.
func Wilson(k, n int) Estimate {
	e := Estimate{Value: math.NaN(), Lo: 0, Hi: 1, Confidence: Confidence, N: n}
	if n == 0 {
		return e
	}
	p, m, z2 := float64(k)/float64(n), float64(n), normal95*normal95
	mid := (p + z2/(2*m)) / (1 + z2/m)
	half := normal95 * math.Sqrt(p*(1-p)/m+z2/(4*m*m)) / (1 + z2/m)
	e.Value, e.Lo, e.Hi = p, max(0, mid-half), min(1, mid+half)
	return e
}

// quantileRanks are the ranks, from 0, of the order statistics that enclose
// the p-quantile of any law with the confidence used here (H. A. David, H. N.
// Nagaraja, Order Statistics, Wiley 2003, section 7.1). lo < 0 or hi >= n
// means that the sample has no such value.
func quantileRanks(n int, p float64) (lo, hi int) {
	alpha := (1 - Confidence) / 2
	// The number of values below the quantile is Bin(n,p). lo+1 is the
	// largest rank r with P(Bin < r) <= alpha, hi+1 the smallest with
	// P(Bin < r) >= 1-alpha.
	below := func(r int) float64 { // P(Bin(n,p) <= r-1)
		switch {
		case r <= 0:
			return 0
		case r > n:
			return 1
		}
		return mathext.RegIncBeta(float64(n-r+1), float64(r), 1-p)
	}
	mean, sd := float64(n)*p, math.Sqrt(float64(n)*p*(1-p))
	r := min(n, max(0, int(mean-3*sd)))
	for r > 0 && below(r) > alpha {
		r--
	}
	for r < n && below(r+1) <= alpha {
		r++
	}
	s := min(n, max(1, int(mean+1.5*sd)))
	for s > 1 && below(s-1) >= 1-alpha {
		s--
	}
	for s <= n && below(s) < 1-alpha {
		s++
	}
	return r - 1, s - 1
}
