package queueing

import (
	"math"
	"sort"
)

// Quantile is that of the sum from the left for p up to 1/2 and of the one from
// the right beyond: by Newton's method, and bisection of what that leaves.
func (c *curve) Quantile(p float64) float64 {
	lo, hi := c.span()
	short := func(t float64) bool { return c.below(t) < p }
	if p > 0.5 {
		short = func(t float64) bool { return c.above(t) > 1-p }
	}
	if short(hi) {
		if c.never > 1-p {
			return math.Inf(1)
		}
		return hi
	}
	if !short(lo) {
		return lo
	}
	n := len(c.panels)
	i := sort.Search(n, func(i int) bool { return !short(c.panels[i].hi) })
	if i > 0 {
		lo = math.Max(lo, c.panels[i-1].hi)
	}
	if i < n {
		hi = math.Min(hi, c.panels[i].hi)
		lo, hi = c.panels[i].close(lo, hi, c.lack(p), short)
	}
	return bisect(lo, hi, short)
}

// lack is what the distribution function at t lacks to p, by the sum that Quantile
// compares.
func (c *curve) lack(p float64) func(t float64) float64 {
	if p > 0.5 {
		return func(t float64) float64 { return c.above(t) - (1 - p) }
	}
	return func(t float64) float64 { return p - c.below(t) }
}

// newtonSteps are those to a quantile at most; further digits are left to bisection.
const newtonSteps = 12

// close is an interval within (lo,hi), which the panel covers, at the ends of which
// short still holds and does not: by Newton's method on the panel's own variable, with
// bisection where that leaves the interval, and from where it has converged outwards.
func (p panel) close(lo, hi float64, lack func(t float64) float64, short func(t float64) bool) (from, to float64) {
	t := lo + (hi-lo)/2
	for range newtonSteps {
		missing, f := lack(t), p.density(t)
		if missing > 0 {
			lo = t
		} else {
			hi = t
		}
		step := missing / f
		if p.octave != nil {
			step = t * math.Expm1(missing/(f*t))
		}
		if math.Abs(step) <= 1e-9*(p.hi-p.lo) && math.Abs(step) <= 1e-9*t {
			return straddle(t+step, 4*ulp(t)+1e-3*math.Abs(step), lo, hi, short)
		}
		if t += step; !(t > lo && t < hi) {
			t = lo + (hi-lo)/2
			if p.octave != nil && lo > 0 {
				t = math.Sqrt(lo) * math.Sqrt(hi)
			}
		}
	}
	return lo, hi
}

// ulp is the distance of t > 0 from the next number.
func ulp(t float64) float64 { return math.Nextafter(t, math.Inf(1)) - t }

// straddle is an interval within (lo,hi) about t, at the ends of which short holds and
// does not, as at lo and hi.
func straddle(t, reach, lo, hi float64, short func(t float64) bool) (from, to float64) {
	for ; t-reach > lo || t+reach < hi; reach *= 4 {
		if a := t - reach; a > lo {
			if !short(a) {
				hi = a
				continue
			}
			lo = a
		}
		if b := t + reach; b < hi {
			if short(b) {
				lo = b
				continue
			}
			hi = b
		}
		break
	}
	return lo, hi
}
