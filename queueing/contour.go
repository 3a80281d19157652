package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// contour inverts a transform phi of a positive time for all instants of a
// panel at once by one set of values of phi, for those that take long to find.
// With theta the distance from 0 of the rightmost singularity, it integrates
//
//	f(t) = 1/(2 pi i) integral of phi(z) exp(z t) dz
//
// by the trapezoidal rule along z(u) = s + a (sin b - sin(b - i u)), b = pi/4,
// as a [hyperbola] does, but through the saddle s of phi(z) exp(z t) for the
// middle of the panel. Ends that are a factor of two from there add exp(1) or so
// to the size of the terms where the law is wide, which costs a digit. For
// powers phi = (theta / (z + theta))^k the path of steepest descent bends at s
// with a = 3 sin b / (2 cos^2 b) (s + theta); for a single pole anything up to
// (s + theta) / (1 - sin b) stays clear of it (J. A. C. Weideman, L. N.
// Trefethen, Math. Comp. 76 (2007)).
//
// The rule's error falls as exp(-v/step): halving the step squares it. What the
// last halving has changed is, over the sum of the terms' sizes, the root of the
// error that is left.
//
// Singularities may be anywhere within an eighth of a turn of the axis to the
// left of -theta. One outside would be left out of the integral, and show in
// what the density adds up to.
type contour struct {
	phi    func(z complex128) complex128
	theta  float64
	near   float64 // s + theta where it was last
	enough float64 // relative error of the density
	floor  float64 // error of the density of ln t that will do however small that is
	off    float64 // the largest one that did
	start  float64 // s: times count from there, and panels are of t; 0: of ln t
	check  func()
}

var contourBend = 1.5 * math.Sin(bend) / math.Pow(math.Cos(bend), 2)

const (
	contourFirst  = 0.24
	contourMost   = 3000 // values of phi for one panel
	contourWidth  = 0.7  // of the first panel, in ln t
	contourLeast  = 0.01 // of any panel
	contourPanels = 2000
	contourReach  = 2 // -ln of the terms' size at the ends of a panel over that in the middle
)

// size is ln(phi(s) exp(s t)) at s = d - theta.
func (c *contour) size(d, t float64) float64 {
	x := real(c.phi(complex(d-c.theta, 0)))
	if !(x > 0) {
		return math.Inf(1)
	}
	return math.Log(x) + (d-c.theta)*t
}

// saddle is about where size is least over d, which it falls to and rises from.
func (c *contour) saddle(t float64) float64 {
	d := c.near
	if d == 0 {
		d = 1 / t
	}
	size := c.size(d, t)
	for factor := 1.6; factor > 1.1; factor = math.Sqrt(factor) {
		for _, f := range [...]float64{1 / factor, factor} {
			for next := c.size(d*f, t); next < size; next = c.size(d*f, t) {
				d, size = d*f, next
			}
		}
	}
	c.near = d
	return d
}

// densities are f at the given instants, in s, all of about the same size.
func (c *contour) densities(ts []float64) []float64 {
	d := c.saddle(math.Sqrt(ts[0] * ts[len(ts)-1]))
	s, a, step := d-c.theta, contourBend*d, contourFirst
	sums, sizes, points := c.sum(ts, s, a, 0, step)
	for {
		between, more, n := c.sum(ts, s, a, step/2, step)
		points += n
		worst := 0.0
		for i, t := range ts {
			sizes[i] = (sizes[i] + more[i]) / 2
			next := (sums[i] + between[i]) / 2
			off := math.Abs(next - sums[i])
			if off *= off / sizes[i]; off > c.enough*math.Abs(next) {
				worst = math.Max(worst, t*off)
			}
			sums[i] = next
		}
		if step /= 2; worst <= c.floor {
			c.off = math.Max(c.off, worst)
			return sums
		}
		if points > contourMost {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("its transform is not inverted at %g s with %d points", ts[0], points)}})
		}
	}
}

// sum is, for each instant, step times the terms at first, first + step, …; of
// one at 0 a half. sizes are the sums of what they are without their signs.
func (c *contour) sum(ts []float64, s, a, first, step float64) (sums, sizes []float64, points int) {
	sin, cos := math.Sincos(bend)
	sums, sizes = make([]float64, len(ts)), make([]float64, len(ts))
	small := 0
	for u := first; small < 2 && points < contourMost; u += step {
		c.check()
		z := complex(s+a*sin*(1-math.Cosh(u)), a*cos*math.Sinh(u))
		w := c.phi(z) * complex(a*cos*math.Cosh(u), a*sin*math.Sinh(u)) * complex(step/math.Pi, 0)
		if u == 0 {
			w /= 2
		}
		points++
		small++
		for i, t := range ts {
			term := w * cmplx.Exp(z*complex(t, 0))
			sums[i] += real(term)
			size := cmplx.Abs(term)
			if sizes[i] += size; size > hyperEnd*sizes[i] {
				small = 0
			}
		}
	}
	return sums, sizes, points
}

// panels of the density from lo on, which has the given mass there, to where it
// falls below outside of it, and to `to` at least. tail is up to where what is
// beyond has digits of its own.
func (c *contour) panels(lo, to, mass float64) (ps []panel, tail float64) {
	floor, found := c.floor, 0.0
	defer func() { c.floor = floor }()
	for a, width := math.Log(lo), contourWidth; ; {
		if found > mass/2 {
			c.floor = 0
		}
		p, enough := c.panel(a, a+width)
		_, last := chebyshevTail(p.coef)
		if last > enough {
			if width /= 2; width < contourLeast {
				panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("its density varies too fast at %g s", p.lo)}})
			}
			continue
		}
		if ps = append(ps, p); len(ps) > contourPanels {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("of its density half the mass is not found in %d pieces", contourPanels)}})
		}
		found += p.mass
		if found > mass/2 && p.hi > to && p.mass < outside*mass {
			return ps, p.hi - tailDigits/c.theta
		}
		a += width
		if last < 0.01*enough {
			width *= 1.4
		}
		width = math.Min(width, 2*math.Log1p(contourReach/(c.near*math.Exp(a))))
	}
}

// panel is that from exp(a) to exp(b), and how large its last coefficients may
// be.
func (c *contour) panel(a, b float64) (p panel, enough float64) {
	ts := make([]float64, len(cheb16.x))
	for i, x := range cheb16.x {
		if c.start > 0 {
			ts[i] = (math.Exp(a)+math.Exp(b))/2 + (math.Exp(b)-math.Exp(a))/2*x
		} else {
			ts[i] = math.Exp((a+b)/2 + (b-a)/2*x)
		}
	}
	values := c.densities(ts)
	if enough = c.floor; c.start > 0 {
		p = newPanel(c.start+math.Exp(a), c.start+math.Exp(b), cheb16.coefficients(values))
		enough /= math.Exp(b)
	} else {
		for i := range values {
			values[i] *= ts[i]
		}
		p = newOctaves(a, b, cheb16.coefficients(values))
	}
	most, _ := chebyshevTail(p.coef)
	return p, math.Max(panelSpare*most, enough)
}

// earliest is an instant before which there is less than a mass of outside, by
// Chernoff's bound, from a late one down; 0 where there is mass at any.
func (c *contour) earliest() float64 {
	for t := 1 / c.theta; t > leastOnset/c.theta; t /= 1.5 {
		if d := c.saddle(t); c.size(d, t) < math.Log(outside) {
			return t
		}
	}
	return leastOnset / c.theta
}

// leastOnset, over the slowest time constant, is where what comes earlier is
// given up.
const leastOnset = 1e-13
