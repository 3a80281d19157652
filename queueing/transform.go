package queueing

import (
	"math"
	"math/cmplx"
)

// workSums answers what the drain density asks of a service law: with g_n the
// density of the sum of n services and A Poisson of mean a,
//
//	last(k,u,a) = sum over n >= k of (u/n) g_n(u) P(A = n-k),  k >= 1,
//
// the density at u of the work of k + A services, weighted by the mean length
// of the last of them, and the exponent of Chernoff's bound for {k + A
// services take u}.
type workSums interface {
	last(k, u, a float64) float64
	exponent(k, u, a float64) float64
	shortest() float64 // s, in which the service density changes
}

// sumsOf is nil for laws without a density.
func sumsOf(s Service) workSums {
	switch s := s.(type) {
	case Gamma:
		series := newGammaSums(s)
		return &poleSums{service: s, edge: leftEdge(s), series: &series}
	case Exponential, Hyperexponential:
		return &poleSums{service: s, edge: leftEdge(s)}
	case Lognormal:
		return newMixtureSums(s)
	case Empirical:
		return newAtomSums(s)
	}
	return nil
}

// poleSums inverts the transform
//
//	last(k,u,a) = 1/(2 pi i) integral of e^(z u - a (1-S*)) S*^(k-1) (-S*') dz
//
// on the parabola z = -edge + x (1 + i theta)^2 through the real saddle point
// x - edge. All singularities of the transforms of exponential, gamma and
// hyperexponential laws lie on the real axis at -edge and to the left of it,
// inside the parabola, along which the integrand falls like a normal density
// even where, for few services, it hardly falls along a vertical line. The
// trapezoidal rule then converges geometrically (J. A. C. Weideman, L. N.
// Trefethen, Math. Comp. 76 (2007)).
//
// Lognormal service is a [gammaMixture]. Its paths are in [mixturePaths]. The
// densities of gamma service are sums over the number of services, term by term,
// where a series stands for them: up to seventy times faster for short times.
type poleSums struct {
	service  Service
	edge     float64       // 1/s
	x        float64       // of the last saddle, 1/s
	halvings int           // of the step that a path was found to need
	paths    *mixturePaths // of lognormal service; nil: none
	series   *gammaSums    // of gamma service; nil: none
	table    *serviceTable // of whole numbers of services; nil: none
	terms    *countTerms   // by which the series is summed for whole numbers; nil: by itself
}

const (
	contourStep   = 0.36 // of the trapezoidal rule, in standard deviations
	contourWide   = 0.16 // and at most, for the singularity at distance 1
	contourGraded = 0.04 // and at most, of graded steps
	contourEnd    = 1e-16
	contourTerms  = 20000

	contourOff      = 2e-6 // of steps twice as long: its square is near rounding
	contourHalvings = 4
)

func (w *poleSums) shortest() float64 {
	switch s := w.service.(type) {
	case Hyperexponential:
		return math.Min(s.Mean1, s.Mean2)
	case Gamma:
		return s.MeanTime / math.Max(1, math.Sqrt(s.Shape))
	case Lognormal:
		return LognormalDelay{s.MeanTime, math.Sqrt(s.Variability)}.Quantile(1e-3)
	}
	return w.service.Mean()
}

func (w *poleSums) last(k, u, a float64) float64 {
	switch {
	case w.early(k, u):
		return 0
	case w.terms != nil:
		return w.terms.total(int(k), u, a, true)
	case w.series != nil:
		return w.series.sum(k, u, a, func(n float64) float64 { return u / n })
	}
	return math.Max(0, w.lasts(k, u, a, 1, 0))
}

// lasts is p last(k) + q last(k+1) along one path, in steps short enough for
// every other one to do as well.
func (w *poleSums) lasts(k, u, a, p, q float64) float64 {
	if w.early(k, u) {
		return 0
	}
	if w.table.covers(u, mostOf(int(k)+1, a)) {
		sum := p * w.table.sum(int(k), u, a, true)
		if q != 0 {
			sum += q * w.table.sum(int(k)+1, u, a, true)
		}
		return sum
	}
	if q == 0 && p != 1 {
		return p * w.lasts(k, u, a, 1, 0)
	}
	path := w.path(k, u, a)
	path.logs = k != 1
	if path.kept != nil {
		sum, _ := path.lasts(k, u, a, p, q)
		return sum
	}
	for path.h = math.Ldexp(path.h, -w.halvings); ; path.h /= 2 {
		sum, off := path.lasts(k, u, a, p, q)
		switch {
		case off > contourOff && w.halvings < contourHalvings:
			w.halvings++
			continue
		case off < contourOff*contourOff && w.halvings > 0:
			w.halvings-- // what comes next may do with fewer
		}
		return sum
	}
}

// lasts is the integral along the path by the trapezoidal rule. Steps twice as
// long change it by off of what it is without signs: their error is about the
// root of this one's.
func (path *parabola) lasts(k, u, a, p, q float64) (integral, off float64) {
	first := path.at(0)
	top := real(first.phase(k-1, u, a))
	weighted := func(at *pathPoint) complex128 {
		if q == 0 {
			return at.slope
		}
		return at.slope * complex(p+q*real(at.value), q*imag(at.value))
	}
	start := real(path.turn(0, &first))
	sum, small := start*real(weighted(&first))/2, 0
	alternating, size := sum, math.Abs(sum)
	end := contourEnd * start * real(first.slope) * (math.Abs(p) + math.Abs(q)*real(first.value))
	for j := 1; j < contourTerms && small < path.patience; j++ {
		at := path.at(j)
		phase := at.phase(k-1, u, a)
		sin, cos := math.Sincos(imag(phase))
		slope := weighted(&at) * path.turn(j, &at)
		v := math.Exp(real(phase)-top) * (cos*real(slope) - sin*imag(slope))
		sum += v
		alternating = v - alternating
		size += math.Abs(v)
		if math.Abs(v) < end {
			small++
		} else {
			small = 0
		}
	}
	return 2 * path.x / math.Pi * path.h * sum * math.Exp(top), math.Abs(alternating) / size
}

// defect is 1 - S*, its derivative and S*.
func (w *poleSums) defect(z complex128) (d, slope, value complex128) {
	if g, is := w.service.(Gamma); is {
		return gammaDefect(g, z)
	}
	s, is := w.service.(Hyperexponential)
	if !is {
		return defect(w.service, z), defectSlope(w.service, z), w.service.Transform(z)
	}
	m, n := complex(s.Mean1, 0), complex(s.Mean2, 0)
	a, b := reciprocal(1+z*m), reciprocal(1+z*n)
	r, q := complex(s.P1, 0)*a, complex(1-s.P1, 0)*b
	return z * (m*r + n*q), m*r*a + n*q*b, r + q
}

// gammaDefect takes one logarithm for all.
func gammaDefect(s Gamma, z complex128) (d, slope, value complex128) {
	x := z * complex(s.MeanTime/s.Shape, 0)
	l := complex(-s.Shape, 0) * log1pc(x)
	if real(l) < -1 {
		value = cmplx.Exp(l)
		d = 1 - value
	} else {
		d = -expm1c(l)
		value = 1 - d
	}
	return d, complex(s.MeanTime, 0) * value * reciprocal(1+x), value
}

func reciprocal(z complex128) complex128 {
	x, y := real(z), imag(z)
	f := 1 / (x*x + y*y)
	return complex(x*f, -y*f)
}

// log of the transform, whose defect is d.
func (w *poleSums) log(z, d complex128) complex128 {
	switch s := w.service.(type) {
	case Exponential:
		return -log1pc(z * complex(s.MeanTime, 0))
	case Gamma:
		return complex(-s.Shape, 0) * log1pc(z*complex(s.MeanTime/s.Shape, 0))
	}
	return logOf(d, w.service.Transform(z))
}

// logOf is the logarithm of at = 1 - d.
func logOf(d, at complex128) complex128 {
	if math.Abs(real(d))+math.Abs(imag(d)) < 0.5 {
		return log1pc(-d)
	}
	return cmplx.Log(at)
}

// saddle is the real point c at which the mean of the tilted work of k + A
// services is u, its distance x from the edge, and the tilted variance.
func (w *poleSums) saddle(k, u, a float64) (c, x, bend float64) {
	k = math.Max(k, 1)
	return w.tilt(u, func(s float64) (mean, variance float64) { return a*s + k, a * s })
}

// tilt is [poleSums.saddle] for a number of services whose tilted mean and
// variance count gives at a value of the transform.
func (w *poleSums) tilt(u float64, count func(s float64) (mean, variance float64)) (c, x, bend float64) {
	y := math.Log(w.x)
	if w.x == 0 {
		y = math.Log(w.edge)
	}
	lo, hi, width := math.Inf(-1), math.Inf(1), math.Inf(1)
	for range 100 {
		x = math.Exp(y)
		c = x - w.edge
		first, second, at := w.tilted(c)
		n, variance := count(at)
		mean := n * first
		bend = n*(second-first*first) + variance*first*first
		f := math.Log(mean / u)
		if f > 0 {
			lo = y
		} else {
			hi = y
		}
		next := y + f*mean/(x*bend)
		switch {
		case math.Abs(next-y)*x*math.Sqrt(bend) < 1e-2:
			w.x = x
			return c, x, bend
		case !(next > lo && next < hi), hi-lo > width/2: // it overflows far left of the saddle, or goes round it
			next = (lo + hi) / 2
		}
		width = hi - lo
		y = math.Min(math.Max(next, y-3), y+3)
	}
	w.x = x
	return c, x, bend
}

// tilted are the first two moments of a service, tilted by a real point, and S*.
func (w *poleSums) tilted(c float64) (first, second, at float64) {
	phase := func(p, m float64) {
		r := 1 / (1 + c*m)
		at += p * r
		first += p * m * r * r
		second += 2 * p * m * m * r * r * r
	}
	switch s := w.service.(type) {
	case Exponential:
		phase(1, s.MeanTime)
	case Hyperexponential:
		if s.P1 > 0 {
			phase(s.P1, s.Mean1)
		}
		if s.P1 < 1 {
			phase(1-s.P1, s.Mean2)
		}
	case Gamma:
		r := 1 / (1 + c*s.MeanTime/s.Shape)
		return s.MeanTime * r, s.MeanTime * s.MeanTime * (1 + 1/s.Shape) * r * r, math.Pow(r, s.Shape)
	}
	return first / at, second / at, at
}

func (w *poleSums) exponent(k, u, a float64) float64 {
	if k == 0 && a == 0 {
		return math.Inf(1)
	}
	if w.paths != nil {
		return w.paths.exponent(k, u, a)
	}
	c, _, _ := w.saddle(math.Max(k, 1e-9), u, a)
	z := complex(c, 0)
	d := defect(w.service, z)
	return math.Max(0, a*real(d)-k*real(w.log(z, d))-c*u)
}
