package queueing

import (
	"errors"
	"math"
)

// InverseGaussian is the law of the first passage of a Brownian motion with
// drift: the limit of drain times from large backlogs. Its skewness is three
// times its coefficient of variation. Build it with [NewInverseGaussian].
type InverseGaussian struct {
	mean, shape float64
}

var errNoSpread = errors.New("queueing: an inverse-Gaussian law needs a positive standard deviation")

// NewInverseGaussian has the given mean and standard deviation in seconds,
// both positive and finite.
func NewInverseGaussian(mean, sd float64) (InverseGaussian, error) {
	if err := positive("InverseGaussian.mean", mean); err != nil {
		return InverseGaussian{}, err
	}
	if !(sd > 0) || math.IsInf(sd, 1) {
		return InverseGaussian{}, errNoSpread
	}
	return InverseGaussian{mean, mean * (mean / sd) * (mean / sd)}, nil
}

func (g InverseGaussian) Mean() float64   { return g.mean }
func (g InverseGaussian) StdDev() float64 { return g.mean * math.Sqrt(g.mean/g.shape) }

// parts of both tails: with y, z = sqrt(shape/t) (t/mean -+ 1) the CDF is
// Phi(y) + second, second = e^(2 shape/mean) Phi(-z), and e^(2 shape/mean - z^2/2)
// = e^(-y^2/2) keeps it finite (N. L. Johnson, S. Kotz, N. Balakrishnan,
// Continuous Univariate Distributions I, 1994, eq. 15.9).
func (g InverseGaussian) parts(t float64) (y, second, gauss float64, z float64) {
	root := math.Sqrt(g.shape / t)
	y, z = root*(t/g.mean-1), root*(t/g.mean+1)
	gauss = math.Exp(-y * y / 2)
	return y, gauss / 2 * erfcx(z/math.Sqrt2), gauss, z
}

func (g InverseGaussian) CDF(t float64) float64 {
	if t <= 0 {
		return 0
	}
	if math.IsInf(t, 1) {
		return 1
	}
	y, second, _, _ := g.parts(t)
	return math.Min(1, math.Erfc(-y/math.Sqrt2)/2+second)
}

// Exceed takes the factor that the two parts share out of their difference.
func (g InverseGaussian) Exceed(t float64) float64 {
	if t <= g.mean {
		return 1 - g.CDF(t)
	}
	if math.IsInf(t, 1) {
		return 0
	}
	y, _, gauss, z := g.parts(t)
	return math.Max(0, gauss/2*(erfcx(y/math.Sqrt2)-erfcx(z/math.Sqrt2)))
}

func (g InverseGaussian) Quantile(p float64) float64 {
	short := func(t float64) bool { return g.CDF(t) < p }
	if p > 0.5 {
		short = func(t float64) bool { return g.Exceed(t) > 1-p }
	}
	hi := g.mean
	for short(hi) {
		hi *= 2
	}
	return bisect(0, hi, short)
}

// MeanOver uses E[T; T > t] = mean (Phi(-y) + second).
func (g InverseGaussian) MeanOver(t float64) float64 {
	if t <= 0 {
		return g.mean - t
	}
	if math.IsInf(t, 1) {
		return 0
	}
	y, second, gauss, z := g.parts(t)
	if y <= 0 {
		return (g.mean-t)*math.Erfc(y/math.Sqrt2)/2 + (g.mean+t)*second
	}
	return math.Max(0, gauss/2*((g.mean+t)*erfcx(z/math.Sqrt2)-(t-g.mean)*erfcx(y/math.Sqrt2)))
}

// erfcx is e^(x^2) erfc(x) for x >= 0: by a continued fraction where erfc
// would underflow (NIST Handbook 7.9.1).
func erfcx(x float64) float64 {
	if x < 5 {
		return math.Exp(x*x) * math.Erfc(x)
	}
	f := x
	for k := 40.0; k > 0; k-- {
		f = x + k/2/f
	}
	return 1 / (f * math.Sqrt(math.Pi))
}
