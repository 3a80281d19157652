package queueing

import (
	"math"

	"singlelane/queueing/internal/skellam"
)

// poissonProb is P(N = n) for N Poisson, n >= 0 whole or, for interpolation,
// any real number: Loader's deviance form, which keeps its digits at any size
// (C. Loader, Fast and accurate computation of binomial probabilities, 2000).
func poissonProb(n, mean float64) float64 {
	switch {
	case n < 0 || mean < 0:
		return 0
	case mean == 0:
		if n == 0 {
			return 1
		}
		return 0
	case n < 1:
		return math.Exp(n*math.Log(mean)-mean) / math.Gamma(n+1)
	}
	return math.Exp(-mean*skellam.Deviance((n-mean)/mean)-stirlingRest(n)) / math.Sqrt(2*math.Pi*n)
}

// stirlingRest is ln Gamma(n+1) - (n + 1/2) ln n + n - ln(2 pi)/2 for n >= 1.
func stirlingRest(n float64) float64 {
	if n < 16 {
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - 0.5*math.Log(2*math.Pi)
	}
	m := n * n
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-1.0/1188/m)/m)/m)/m) / n
}

// binomialProb is P(K = k) of n trials, likewise.
func binomialProb(k, n, p float64) float64 {
	switch {
	case k < 0 || k > n:
		return 0
	case k == 0:
		return math.Exp(n * math.Log1p(-p))
	case k == n:
		return math.Exp(n * math.Log(p))
	}
	a, b := n*p, n*(1-p)
	e := a*skellam.Deviance((k-a)/a) + b*skellam.Deviance((a-k)/b)
	e += stirlingRest(k) + stirlingRest(n-k) - stirlingRest(n)
	return math.Exp(-e) * math.Sqrt(n/(2*math.Pi*k*(n-k)))
}
