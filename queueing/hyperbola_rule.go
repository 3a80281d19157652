package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// hyperbolaRule is a trapezoidal rule on the hyperbola for one instant, for all
// from lo to hi: t f(t) is exp(size) times the sum of the real parts of
// w exp(s (t - at)).
type hyperbolaRule struct {
	at, lo, hi, size float64
	s, w             []complex128
}

const (
	ruleReach   = 2.2  // instants of a rule over the one that it is made for, or that over them
	ruleSpread  = 2.5  // and their distance from it, in standard deviations of the tilted time
	leastSpread = 0.01 // the same, where the law is far from normal
	firstStep   = 2.0  // over that of an [inversion]
	ruleRise    = 4.0  // of the integrand over its size at the vertex
	ruleBend    = 1e12
	// ruleHalved is the difference by the last halving of the step. Rules converge
	// geometrically, so that what is left is its square, or a little more.
	ruleHalved = 1e-8
)

// mixtureRules find the logarithm of the density.
type mixtureRules struct {
	*busyMixture
	inversion
	rules []hyperbolaRule
}

func newMixtureRules(p *busyMixture, check func()) *mixtureRules {
	return &mixtureRules{busyMixture: p, inversion: inversion{passageTransform: p, enough: ruleHalved, check: check}}
}

// log is ln f(t).
func (v *mixtureRules) log(t float64) float64 {
	for i := len(v.rules) - 1; i >= 0; i-- {
		if r := &v.rules[i]; r.lo <= t && t <= r.hi {
			return r.size + math.Log(r.sum(t)/t)
		}
	}
	r := v.rule(t)
	v.rules = append(v.rules, r)
	return r.size + math.Log(r.sum(t)/t)
}

// rule holds t, and later instants, which are asked for next, if it reaches as
// far.
func (v *mixtureRules) rule(t float64) hyperbolaRule {
	for spread := ruleSpread; spread > leastSpread; spread /= 2 {
		h, r := v.about(0.9*ruleReach*t, spread)
		if !(r.lo <= t) {
			h, r = v.about(t, spread)
		}
		if v.fill(&r, h) {
			return r
		}
	}
	panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("its transform is not inverted at %g s", t)}})
}

func (r *hyperbolaRule) sum(t float64) float64 {
	sum := 0.0
	for i, s := range r.s {
		sin, cos := math.Sincos(imag(s) * (t - r.at))
		sum += math.Exp(real(s)*(t-r.at)) * (real(r.w[i])*cos - imag(r.w[i])*sin)
	}
	return sum
}

// about is a rule for instants about t, without its points yet.
func (v *mixtureRules) about(t, spread float64) (hyperbola, hyperbolaRule) {
	v.check()
	h := v.through(t)
	_, m := v.jets(h.s)
	k2, _ := bends(m)
	reach := spread * math.Sqrt(k2)
	return h, hyperbolaRule{at: t, lo: math.Max(t/ruleReach, t-reach), hi: math.Min(t*ruleReach, t+reach), size: h.size}
}

// fill halves the step until that makes no difference at either end. Where the
// integrand rises on the way, as that of services on two scales of time may, the
// path is bent less.
func (v *mixtureRules) fill(r *hyperbolaRule, h hyperbola) (ok bool) {
	step := firstStep * h.step
	for rises := v.points(r, h, 0, step); rises && h.a < ruleBend; rises = v.points(r, h, 0, step) {
		h.a *= 2
		step /= 2
		r.s, r.w = nil, nil
	}
	for range hyperHalved {
		more := *r
		more.s, more.w = nil, nil
		v.points(&more, h, step/2, step)
		off := 0.0
		for _, t := range []float64{r.lo, r.at, r.hi} {
			off = math.Max(off, math.Abs(more.sum(t)/r.sum(t)-1)/2)
		}
		r.s, r.w = append(r.s, more.s...), append(r.w, more.w...)
		for i := range r.w {
			r.w[i] /= 2
		}
		if step /= 2; off <= v.enough {
			v.off = math.Max(v.off, off*math.Sqrt(off))
			return true
		}
	}
	return false
}

// points adds those at first, first + step, …; of one at 0 a half.
func (v *mixtureRules) points(r *hyperbolaRule, h hyperbola, first, step float64) (rises bool) {
	sin, cos := math.Sincos(bend)
	z, slope := v.root(complex(h.s, 0), complex(h.s+v.lam, 0))
	at := complex(h.s, 0)
	unit := h.a * cos * step / math.Pi // the term at the vertex
	sum, small := 0.0, 0
	for u := first; small < 3 && len(r.s) < hyperMost; u += step {
		e := math.Exp(u)
		cosh, sinh := (e+1/e)/2, (e-1/e)/2
		s := complex(h.s+h.a*sin*(1-cosh), h.a*cos*sinh)
		z, slope = v.root(s, z+(s-at)*reciprocal(slope))
		at = s
		log, m := v.weight(z, slope)
		w := cmplx.Exp(log+s*complex(h.t, 0)-complex(h.size, 0)) * m * complex(unit*cosh, unit*math.Tan(bend)*sinh)
		if u == 0 {
			w /= 2
		}
		r.s, r.w = append(r.s, s), append(r.w, w)
		size := cmplx.Abs(w)
		rises = rises || size > ruleRise*unit
		early := size * math.Exp((real(s)-h.s)*(r.lo-h.t)) // at lo, over the factor at the vertex
		sum += early
		if small++; early > hyperEnd*sum {
			small = 0
		}
	}
	return rises
}
