package steady

import "math"

// geometricSum is the sum over j = 0..m of e^(uj) and the mean of j under
// those weights, for u <= 0 and m >= -1 (an empty sum is 0). The mean is
//
//	1/(e^v - 1) - (m+1)/(e^((m+1)v) - 1),  v = -u,
//
// which near v = 0 is written by h(v) = 1/(e^v-1) - 1/v + 1/2, so that the
// poles cancel on paper and not in the computer.
func geometricSum(u float64, m int) (sum, mean float64) {
	if m < 0 {
		return 0, 0
	}
	n, v := float64(m)+1, -u
	if v == 0 {
		return n, float64(m) / 2
	}
	if math.IsInf(v, 1) {
		return 1, 0
	}
	sum = math.Expm1(n*u) / math.Expm1(u)
	if n*v < 1 {
		return sum, float64(m)/2 + boseRest(v) - n*boseRest(n*v)
	}
	return sum, 1/math.Expm1(v) - n/math.Expm1(n*v)
}

// boseRest is 1/(e^v-1) - 1/v + 1/2 for 0 < v <= 1: the odd series with the
// Bernoulli numbers (Abramowitz & Stegun 23.1.1), whose radius is 2 pi.
func boseRest(v float64) float64 {
	coefficients := [...]float64{1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160,
		-691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000, 43867.0 / 5109094217170944000,
		-174611.0 / 802857662698291200000}
	x, sum := v*v, 0.0
	for i := len(coefficients) - 1; i >= 0; i-- {
		sum = sum*x + coefficients[i]
	}
	return sum * v
}

// peak is where terms that rise and then fall are largest, lo <= i <= hi.
func peak(lo, hi int, logTerm func(i int) float64) int {
	for lo < hi {
		mid := lo + (hi-lo)/2
		if logTerm(mid) < logTerm(mid+1) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// logConcaveSum adds e^logTerm(i) over lo <= i <= hi, for terms that rise to
// one peak and fall: from the peak outward until they no longer count.
func logConcaveSum(lo, hi int, logTerm func(i int) float64) float64 {
	if hi < lo {
		return 0
	}
	top := peak(lo, hi, logTerm)
	sum := math.Exp(logTerm(top))
	for _, step := range [...]int{1, -1} {
		for i := top + step; i >= lo && i <= hi; i += step {
			x := math.Exp(logTerm(i))
			sum += x
			if x <= 1e-18*sum {
				break
			}
		}
	}
	return sum
}
