package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// passageTransform is the transform phi of a positive time whose singularities
// are all on the negative axis, by what the inversion along a [hyperbola] asks
// of it. With M = -(ln phi)', positive, which is the mean of the time under the
// density that exp(-z t) weighs:
type passageTransform interface {
	// edge is the distance of the rightmost singularity from 0.
	edge() float64
	// jets are ln phi and M, M', M'', M''' at a real z > -edge.
	jets(z float64) (log float64, m [4]float64)
	// at are ln phi and M at a complex z.
	at(z complex128) (log, m complex128)
}

// hyperbola inverts a transform at one instant t. It takes t f(t), whose
// transform phi M knows nothing of what f has at 0, so that heavy shares of
// short times do not cancel against the tail:
//
//	t f(t) = 1/(2 pi i) integral of exp(K(z)) dz,   K(z) = z t + ln phi(z) + ln M(z),
//
// on a hyperbola through the real saddle s of K (H. E. Daniels, Ann. Math.
// Statist. 25 (1954)), z(u) = s + a (sin b - sin(b - i u)), b = pi/4, which goes
// round all singularities and along which exp(z t) falls doubly exponentially.
// It bends as the path of steepest descent does at s, which gives
// a = 3 K2 sin b / (|K3| cos^2 b). The trapezoidal rule then converges
// geometrically (J. A. C. Weideman, L. N. Trefethen, Math. Comp. 76 (2007)).
// Since nothing is much larger on the path than at s, f keeps its relative
// accuracy however small it is.
type hyperbola struct {
	t, s, size float64 // size: ln of exp(K) at s
	a          float64
	step       float64 // the first one tried
}

const (
	bend        = math.Pi / 4
	hyperMost   = 4000  // points of one rule
	hyperHalved = 8     // times that the step is halved at most
	hyperEnd    = 1e-17 // size of the last terms over the sum
	// inversionMost are the points of all rules of a law, which takes a tenth of
	// them where it can be had.
	inversionMost = 4_000_000
)

// inversion finds the logarithm of the density of a time. Of the differences
// that halving the step has made last, off is the largest: an error far above
// the one there is.
type inversion struct {
	passageTransform
	enough float64 // relative difference at which it stops
	near   float64 // s + edge where it was last
	off    float64
	check  func() // called for every instant, to stop it
	spent  int    // points
}

// log is ln f(t).
func (v *inversion) log(t float64) float64 {
	v.check()
	h := v.through(t)
	n, step := 0, h.step
	sum, points := v.sum(h, 0, step)
	defer func() { v.spent += points }()
	for before := sum; ; before = sum {
		between, more := v.sum(h, step/2, step)
		sum, step, n = (sum+between)/2, step/2, n+1
		points += more
		if off := math.Abs(sum/before - 1); off <= v.enough {
			v.off = math.Max(v.off, off)
			return h.size + math.Log(sum/(math.Pi*t))
		}
		if n == hyperHalved || points > hyperMost || v.spent > inversionMost {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("its transform is not inverted at %g s with %d points", t, points)}})
		}
	}
}

// sum is step times the terms at first, first + step, …; of one at 0 a half.
func (v *inversion) sum(h hyperbola, first, step float64) (sum float64, points int) {
	sin, cos := math.Sincos(bend)
	small := 0
	for u := first; small < 3 && points < hyperMost; u += step {
		e := math.Exp(u)
		cosh, sinh := (e+1/e)/2, (e-1/e)/2
		log, m := v.at(complex(h.s+h.a*sin*(1-cosh), h.a*cos*sinh))
		power := log + cmplx.Log(m) + complex(h.t*(h.s+h.a*sin*(1-cosh))-h.size, h.t*h.a*cos*sinh)
		term := cmplx.Exp(power) * complex(h.a*cos*cosh, h.a*sin*sinh)
		if u == 0 {
			term /= 2
		}
		sum += real(term)
		points++
		if small++; cmplx.Abs(term) > hyperEnd*math.Abs(sum) {
			small = 0
		}
	}
	return step * sum, points
}

// through is the hyperbola for t.
func (v *inversion) through(t float64) hyperbola {
	d := v.saddle(t)
	s := d - v.edge()
	log, m := v.jets(s)
	k2, k3 := bends(m)
	width := math.Sqrt(2 / k2)
	h := hyperbola{t: t, s: s, size: s*t + log + math.Log(m[0])}
	h.a = math.Min(3*k2*math.Sin(bend)/(math.Abs(k3)*math.Pow(math.Cos(bend), 2)), 1e6*width)
	h.step = math.Min(0.24, math.Min(0.6*width, 0.5*d)/(h.a*math.Cos(bend)))
	return h
}

// slope is (ln phi + ln M)', minus the mean of t f(t) under the weight.
func slope(m [4]float64) float64 { return -m[0] + m[1]/m[0] }

// bends are the second and the third derivative of K.
func bends(m [4]float64) (k2, k3 float64) {
	r := m[1] / m[0]
	return -m[1] + m[2]/m[0] - r*r, -m[2] + m[3]/m[0] - 3*r*m[2]/m[0] + 2*r*r*r
}

// bracketed is the next of positive numbers that close in on a root, after d, if it is
// between lo and hi; else one that is.
func bracketed(next, d, lo, hi float64) float64 {
	switch {
	case next > lo && next < hi:
		return next
	case math.IsInf(hi, 1):
		return 8 * d
	case lo == 0:
		return d / 8
	}
	return math.Sqrt(lo * hi)
}

// saddle is s + edge at the root s of K', by Newton's method on the logarithms
// of both within a bracket.
func (v *inversion) saddle(t float64) float64 {
	lo, hi := 0.0, math.Inf(1)
	d := v.near
	if d == 0 {
		d = 1 / t
	}
	for range 200 {
		_, m := v.jets(d - v.edge())
		mean := -slope(m)
		if mean > t {
			lo = d
		} else {
			hi = d
		}
		k2, _ := bends(m)
		off := math.Log(mean / t)
		next := d * math.Exp(math.Min(math.Max(off*mean/(k2*d), -40), 40))
		if math.Abs(off) < 1e-9 || hi-lo < 1e-13*hi {
			break
		}
		d = bracketed(next, d, lo, hi)
	}
	v.near = d
	return d
}

// window holds all but exp(-exponent) of the time on either side, by
// Chernoff's bound.
func (v *inversion) window(exponent float64) (lo, hi float64) {
	edge := v.edge()
	beyond := func(d float64) (t float64, out bool) {
		log, m := v.jets(d - edge)
		return m[0], (d-edge)*m[0]+log < -exponent
	}
	bound := func(factor float64) float64 {
		inside, outside := edge, edge*factor
		for _, out := beyond(outside); !out && outside > 1e-250 && outside < 1e250; _, out = beyond(outside) {
			inside, outside = outside, outside*factor
		}
		for range 40 {
			mid := math.Sqrt(inside * outside)
			if _, out := beyond(mid); out {
				outside = mid
			} else {
				inside = mid
			}
		}
		t, _ := beyond(outside)
		return t
	}
	return bound(8), bound(0.125)
}
