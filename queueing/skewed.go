package queueing

import "math"

// skewed is an inverse-Gaussian law moved along the time axis, and turned
// round for a negative skewness: the law with three given cumulants. What
// would lie before 0 is at 0.
type skewed struct {
	base   InverseGaussian
	offset float64 // T = offset + base, or offset - base
	back   bool
}

// leastSkew is a skewness that stands for 0: it moves no probability by 1e-7.
const leastSkew = 1e-6

// newSkewed has the given mean and standard deviation, in seconds, and third
// cumulant.
func newSkewed(mean, sd, third float64) (skewed, error) {
	skew := third / (sd * sd * sd)
	g := skewed{back: skew < 0}
	m := 3 * sd / math.Max(math.Abs(skew), leastSkew)
	var err error
	g.base, err = NewInverseGaussian(m, sd)
	if g.offset = mean - m; g.back {
		g.offset = mean + m
	}
	return g, err
}

// to is the base's time.
func (g skewed) to(t float64) float64 {
	if g.back {
		return g.offset - t
	}
	return t - g.offset
}

// Mean in seconds.
func (g skewed) Mean() float64 {
	if g.back {
		return g.offset - g.base.Mean()
	}
	return g.offset + g.base.Mean()
}

// StdDev in seconds.
func (g skewed) StdDev() float64 { return g.base.StdDev() }

// CDF is P(T <= t).
func (g skewed) CDF(t float64) float64 {
	switch {
	case t < 0:
		return 0
	case g.back:
		return g.base.Exceed(g.to(t))
	}
	return g.base.CDF(g.to(t))
}

// Exceed is P(T > t).
func (g skewed) Exceed(t float64) float64 {
	switch {
	case t < 0:
		return 1
	case g.back:
		return g.base.CDF(g.to(t))
	}
	return g.base.Exceed(g.to(t))
}

// Quantile is the least t with P(T <= t) >= p.
func (g skewed) Quantile(p float64) float64 {
	if g.back {
		return math.Max(0, g.offset-g.base.Quantile(1-p))
	}
	return math.Max(0, g.offset+g.base.Quantile(p))
}

// MeanOver is E max(0, T - t).
func (g skewed) MeanOver(t float64) float64 {
	if g.back {
		return g.Mean() - t + g.base.MeanOver(g.to(t))
	}
	return g.base.MeanOver(g.to(t))
}
