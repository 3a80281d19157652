package steady

import "math"

// queueRow sums the weights of the states c, c+1, ... of a queue whose
// waiting requests give up, relative to that of state c: the terms
// x^j / ((s+1)...(s+j)), with s = c mu/theta and x = lambda/theta, so that
//
//	sum over j >= 0 = 1F1(1; s+1; x) = s integral over (0,1) of e^(xy) (1-y)^(s-1) dy
//
// (Palm 1957; Abramowitz & Stegun 13.2.1).
type queueRow struct {
	logSum float64 // ln of the sum
	mean   float64 // of j under these weights
}

// newQueueRow takes over = x - s apart, since it may be tiny beside both.
func newQueueRow(s, x, over float64) queueRow {
	switch {
	case x == 0:
		return queueRow{}
	case over > 40*math.Sqrt(x)+40:
		// A Poisson number of mean x falls below s with a probability of less
		// than e^-700: the row is the whole Poisson law but for its scale.
		return queueRow{math.Min(-logPoisson(s, x), math.MaxFloat64/4), over}
	case s > 1e5:
		return rowByIntegral(s, x, over)
	case x < s+1 || x < 1:
		sum, moment := risingSum(s, x, 1e-17)
		return queueRow{math.Log1p(sum), moment / (1 + sum)}
	}
	// The whole series is 1/pi - 1/B for the extended Erlang B, plus 1.
	ln := logPoisson(s, x)
	logSum := -ln + math.Log1p(-math.Exp(ln)*s*fraction(s, x))
	return queueRow{logSum, over + s*math.Exp(-logSum)}
}

// rowByIntegral evaluates the integral by Gauss-Legendre panels around its
// peak, each a fraction of its width, so that the cost does not grow with s.
func rowByIntegral(s, x, over float64) queueRow {
	slope := over + 1 // of the exponent at y = 0: x - (s-1)
	peak := math.Max(0, slope/x)
	// The exponent falls from its peak like a parabola or, if the peak is the
	// edge, at the rate -slope: the width is the smaller of the two scales.
	width := (1 - peak) / math.Sqrt(s)
	if slope < 0 {
		width = math.Min(width, -1/slope)
	}
	exponent := func(y float64) float64 { return slope*y + (s-1)*log1pMinus(-y) }
	top := exponent(peak)
	var mass, moment float64
	for _, direction := range [...]float64{1, -1} {
		for from := 0.0; from < 45; from += 1.5 {
			lo, hi := peak+direction*from*width, peak+direction*(from+1.5)*width
			lo, hi = math.Max(0, math.Min(lo, 1)), math.Max(0, math.Min(hi, 1))
			if lo == hi {
				break
			}
			a, b := panel(lo, hi, func(y float64) float64 { return math.Exp(exponent(y) - top) })
			mass += math.Abs(a)
			moment += math.Abs(b)
		}
	}
	logSum := top + math.Log(s*mass)
	if over > 0 {
		return queueRow{logSum, over + s*math.Exp(-logSum)}
	}
	// The derivative x d/dx of the sum is the first moment of j.
	return queueRow{logSum, x * moment / mass}
}

// panel integrates f and y f(y) over (lo,hi) with 10 Gauss-Legendre points.
func panel(lo, hi float64, f func(float64) float64) (mass, moment float64) {
	mid, half := (lo+hi)/2, (hi-lo)/2
	for i, x := range gaussNodes {
		for _, y := range [...]float64{mid - half*x, mid + half*x} {
			w := gaussWeights[i] * f(y)
			mass += w
			moment += w * y
		}
	}
	return mass * half, moment * half
}

// The positive nodes of the 10-point rule (Abramowitz & Stegun, table 25.4).
var (
	gaussNodes = [...]float64{0.148874338981631210884826001129720, 0.433395394129247190799265943165784,
		0.679409568299024406234327365114874, 0.865063366688984510732096688423493, 0.973906528517171720077964012084452}
	gaussWeights = [...]float64{0.295524224714752870173815619188769, 0.269266719309996355091226921569469,
		0.219086362515982043995534934228163, 0.149451349150580593145863396957699, 0.066671344308688137593568809893332}
)

// log1pMinus is ln(1+x) - x.
func log1pMinus(x float64) float64 {
	if math.Abs(x) > 0.05 {
		return math.Log1p(x) - x
	}
	// ln(1+x) = 2 artanh(r), r = x/(2+x); x = 2r/(1-r) = 2r + 2r^2/(1-r).
	r := x / (2 + x)
	y := r * r
	odd := r * y * (1.0/3 + y*(1.0/5+y*(1.0/7+y*(1.0/9+y*(1.0/11+y/13)))))
	return 2*odd - r*x
}
