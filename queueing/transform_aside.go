package queueing

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mathext"
)

// Sums of services of which the last few are set aside: of A requests, A
// Poisson of mean a, and k before them, k of either sign, (k + A)^+ count. For
// k = -L the transform S*^(k+A) of their work is averaged over A > L alone,
//
//	Phi(S*) = e^-a (e^(a S*) - sum over n <= L of (a S*)^n/n!) S*^-L
//	        = e^-a a^L/L! sum over m >= 1 of (a S*)^m L!/(m+L)!,
//
// by the first form where a S* is large and by the second elsewhere, on the
// parabola of [poleSums].

// asideMost is the largest number of services that may be set aside.
const asideMost = 60

// aside is the density at u > 0 of the work of (k + A)^+ services.
func (w *poleSums) aside(k, u, a float64) float64 {
	switch {
	case w.early(k, u):
		return 0
	case w.terms != nil:
		return w.terms.total(int(k), u, a, false)
	case w.series != nil:
		return w.series.sum(k, u, a, func(float64) float64 { return 1 })
	case w.table.covers(u, mostOf(int(k), a)):
		return w.table.sum(int(k), u, a, false)
	}
	if k >= 0 {
		if k == 0 {
			return a * w.last(1, u, a) / u
		}
		return math.Max(0, w.lasts(k, u, a, k, a)/u)
	}
	if a == 0 {
		return 0
	}
	p := w.asidePath(-k, u, a)
	return math.Max(0, p.integral(func(q pathPoint) complex128 { return q.over(-k, u, a) }))
}

// beyond is P((k + A)^+ services take longer than u), to absolute accuracy
// near rounding.
func (w *poleSums) beyond(k, u, a float64) float64 {
	if k >= 0 {
		return 1 - w.below(k, u, a)
	}
	switch {
	case a == 0:
		return 0
	case w.table.covers(u, mostOf(int(k), a)):
		return 1 - w.table.chance(int(k), math.Max(0, u), a)
	}
	if w.early(k, u) {
		return mathext.GammaIncReg(1-k, a)
	}
	return w.beyondAside(-k, u, a)
}

// beyondAside is P((A - l)^+ services take longer than u > 0), l >= 0.
func (w *poleSums) beyondAside(l, u, a float64) float64 {
	some := mathext.GammaIncReg(1+l, a)
	p, right := w.asideBy0(l, u, a)
	integral := p.integral(func(q pathPoint) complex128 { return q.over(l, u, a) * reciprocal(q.z) })
	if right {
		integral -= some
	}
	return math.Min(math.Max(-integral, 0), some)
}

// asidePath passes the saddle point with L set aside.
func (w *poleSums) asidePath(l, u, a float64) parabola {
	n, _ := excessCount(l, a)
	if w.paths != nil {
		return w.paths.path(w, 1, u, math.Max(n-1, 0), w.edge)
	}
	_, x, bend := w.asideTilt(l, u, a)
	p := w.parabola(x, math.Min(contourStep/(2*x*math.Sqrt(bend)), contourWide), -l, u, a, n)
	p.logs = true
	return p
}

// asideBy0 keeps its distance from the pole at 0.
func (w *poleSums) asideBy0(l, u, a float64) (p parabola, right bool) {
	n, _ := excessCount(l, a)
	if w.paths != nil {
		return w.paths.path(w, 1, u, math.Max(n-1, 0), 0), true
	}
	_, x, bend := w.asideTilt(l, u, a)
	x, h, right := w.pastPole(x, bend)
	p = w.parabola(x, h, -l, u, a, n)
	p.logs = true
	return p, right
}

// integral is 1/(2 pi i) times that of f along the path.
func (p parabola) integral(f func(q pathPoint) complex128) float64 {
	sum, end := 0.0, 0.0
	for j, small := 0, 0; j < contourTerms && small < p.patience; j++ {
		at := p.at(j)
		v := f(at) * p.turn(j, &at)
		size := span(v)
		if j == 0 {
			v /= 2
			end = contourEnd * size
		}
		sum += real(v)
		if small++; size > end {
			small = 0
		}
	}
	return 2 * p.x / math.Pi * p.h * sum
}

// over is e^(z u) Phi(S*(z)) with L set aside.
func (q pathPoint) over(l, u, a float64) complex128 {
	v := complex(a, 0) * q.value
	front := q.z*complex(u, 0) - complex(a, 0)
	if span(v) > l+8 {
		sum, term := complex(0, 0), complex(1, 0)
		for n := 1.0; n <= l+1; n++ {
			sum += term
			term *= v * complex(1/n, 0)
		}
		lift := complex(-l, 0) * q.log
		return cmplx.Exp(front+v+lift) - cmplx.Exp(front+lift)*sum
	}
	g, _ := math.Lgamma(l + 2)
	front += complex((l+1)*math.Log(a)-g, 0) + q.log
	sum, term := complex(0, 0), complex(1, 0)
	for m := 1.0; span(term) > contourEnd*span(sum); m++ {
		sum += term
		term *= v * complex(1/(m+1+l), 0)
	}
	return cmplx.Exp(front) * sum
}

// span is between |z| and 1.5 |z|.
func span(z complex128) float64 { return math.Abs(real(z)) + math.Abs(imag(z)) }

// asideTilt is the saddle point with L set aside.
func (w *poleSums) asideTilt(l, u, a float64) (c, x, bend float64) {
	return w.tilt(u, func(s float64) (mean, variance float64) { return excessCount(l, a*s) })
}

// excessCount is the mean and the variance of N - L for a Poisson number N of
// mean x that exceeds L.
func excessCount(l, x float64) (mean, variance float64) {
	if x > 2*l+100 {
		return x - l, x
	}
	var m0, m1, m2 float64
	term := 1.0
	for m := 1.0; term > 1e-9*m0; m++ {
		m0 += term
		m1 += m * term
		m2 += m * m * term
		term *= x / (m + 1 + l)
	}
	mean = m1 / m0
	return mean, m2/m0 - mean*mean
}
