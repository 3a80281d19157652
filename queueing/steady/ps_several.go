package steady

import (
	"math"
	"math/cmplx"
	"slices"
)

// severalShared is the law of the sojourn of exponential service at several
// servers that are shared (J. Braband, Stochastic Models 10, 1994, gives its
// transform implicitly). In mean service ends of all servers, let q(m) be the
// transform at z of P(the request is there, m requests in all): it finds the
// M/M/c probabilities p(m-1) and, as long as it is there,
//
//	(z + rho + min(m,c)/c) q(m) = p(m-1) + rho q(m-1) + min(m,c-1)/c q(m+1),      m < c,
//	(z + rho + 1)          q(m) = p(m-1) + rho q(m-1) + m/(m+1)       q(m+1),      m >= c,
//
// for of m+1 requests one is ours. It is done at the rate 1/c, or 1/m when they
// are more than c, so that E e^-zS is the sum of q(m)/c below c and of
// u(m) = q(m)/m from c on. Where few states count all are solved by elimination.
// Next to saturation only those below c are; those from c on have a generating
// function U(x) of the first order,
//
//	k(x) U' + U/x = R(x) = -v x^(c-1) + (rho q(c-1) + p(c-1)/(1 - rho x)) x^c,
//
// with v = (c-1) u(c), and k(x) = (z+rho+1) x - rho x^2 - 1 = rho (x-x1)(x2-x),
// |x1| < 1 < |x2|. As U is free of poles at x1 it is, with a = x2/(x2-x1) and
//
//	e(y) = (y-x1)^(a-1) (x2-y)^-a,
//
// the integral of e(y) R(y)/y from x1 to x over rho e(x) (x-x1)(x2-x)/x; that U
// begins with x^c makes the integral from 0 to x1 vanish, which gives v.
type severalShared struct {
	servers   float64
	rho, left float64 // and 1 - rho
	states    []sharedState
	arrive    complex128 // p(c-1), where the states end at c-1; 0: they are all
}

// sharedState is m requests, ours among them: the probability that the others
// are found, and the rates at which one of those leaves and at which ours does.
type sharedState struct{ found, down, done complex128 }

func (l severalShared) state(m, found float64) sharedState {
	busy := math.Min(m, l.servers) / l.servers
	return sharedState{complex(found, 0), complex(busy*(m-1)/m, 0), complex(busy/m, 0)}
}

// mostStates is how many from c on are eliminated: what takes no longer than
// the integrals.
const mostStates = 4000

// leastFound is the least probability of a state that counts.
const leastFound = 1e-24

// severalShared is the law for a stable queue, all states being solved for where
// no more than so many from c on count; false where so few requests find all
// servers busy that none is slowed down, as far as numbers go.
func (m PS) severalShared(most float64) (severalShared, bool) {
	c, mmc := float64(m.Servers), m.markov()
	a := m.ArrivalRate / m.ServiceRate
	l := severalShared{servers: c, left: slack(m.ArrivalRate, m.ServiceRate, c)}
	l.rho = 1 - l.left
	p := poissonState(c-1, a, mmc.logNorm(mmc.loss(), l.left)-a)
	if p < leastFound {
		return l, false
	}
	all, below := p, c-1
	for below >= 0 && (p >= leastFound || below > a) {
		l.states = append(l.states, l.state(below+1, p))
		p *= below / a
		below--
	}
	slices.Reverse(l.states)
	if beyond := math.Log(leastFound) / math.Log1p(-l.left); beyond < most {
		for k := 1.0; k < beyond; k++ {
			all *= l.rho
			l.states = append(l.states, l.state(c+k, all))
		}
		return l, true
	}
	l.states = l.states[:len(l.states)-1] // p(c-1) is of the part from c on
	l.arrive = complex(all, 0)
	return l, true
}

// eliminate solves for the states, with f the flow down to the last one: its q
// is a + f b, and the transform as far as it is of them whole + f each; short is
// 1 - rho b, which is found without the difference.
func (l severalShared) eliminate(z complex128) (a, b, short, whole, each complex128) {
	rho := complex(l.rho, 0)
	short = 1
	for _, s := range l.states {
		leaves := z + s.done + s.down*short
		b = 1 / (rho + leaves)
		a, short = (s.found+rho*a)*b, leaves*b
		more := s.done + each*s.down
		whole, each = whole+more*a, more*b
	}
	return a, b, short, whole, each
}

// roots are what the part from c on is made of at z: x1, 1-x1, the power a, and
// (1-x1)/(x2-1).
type roots struct{ x1, gap, power, slope complex128 }

func (l severalShared) roots(z complex128) roots {
	rho, left := complex(l.rho, 0), complex(l.left, 0)
	root := cmplx.Sqrt(left*left + z*(2+2*rho+z))
	x1, beyond := 2/(1+rho+z+root), left+z+root // 2 rho (x2-1)
	gap := 2 * z / beyond
	return roots{x1, gap, (1 + rho + z + root) / (2 * root), 2 * rho * gap / beyond}
}

// below integrates e(y) y^(c-2) times 1-y, y and y/(1 - rho y) from 0 to x1,
// all but for a common factor. With y = x1/(1+E) that is, over ln E, of
//
//	(1+E)^-(c-1) (1 + 1/(aE))^-a,
//
// along the line through its saddle, where that is complex: the straight way
// would be one of waves. The curvature there is at most 2 sqrt c, for which the
// step is made.
func (l severalShared) below(r roots) (off, mean, rates complex128) {
	others := complex(l.servers-1, 0)
	half := others - r.power
	saddle := 2 * r.power / (half + cmplx.Sqrt(half*half+4*others*r.power*r.power))
	ln := func(e complex128) complex128 { return -others*log1p(e) - r.power*log1p(1/(r.power*e)) }
	top := ln(saddle)
	step := math.Min(0.125, 0.4/math.Sqrt(math.Sqrt(l.servers)))
	add := func(k int) bool {
		here := saddle * complex(math.Exp(float64(k)*step), 0)
		exponent := ln(here) - top
		if real(exponent) < -negligible {
			return false
		}
		rest := 1 / (1 + here)
		y, less := r.x1*rest, r.gap+r.x1*here*rest // and 1-y
		e := cmplx.Exp(exponent)
		off += e * less
		mean += e * y
		rates += e * y / (complex(l.left, 0) + complex(l.rho, 0)*less)
		return true
	}
	for k := 0; add(k); k++ {
	}
	for k := -1; add(k); k-- {
	}
	return off, mean, rates
}

// negligible is the logarithm by which a term may fall behind the largest.
const negligible = 45

// above integrates e(y) R(y)/y from x1 to 1 over what is e(1) without its
// factors, with y = 1 - (1-x1)(1-s): R is there of excess = rho q(c-1) - v and
// of what is taken off it with 1-y.
func (l severalShared) above(r roots, excess, next complex128) complex128 {
	const step = 0.125
	sum := complex128(0)
	for tau := float64(negligible); tau >= -negligible; tau -= step {
		rest := 1 / (1 + math.Exp(tau)) // 1-s
		off := r.gap * complex(rest, 0) // 1-y
		exponent := r.power*(complex(-math.Log1p(math.Exp(-tau)), 0)-log1p(r.slope*complex(rest, 0))) + complex(l.servers-2, 0)*log1p(-off)
		if real(exponent) < -negligible {
			break
		}
		sum += cmplx.Exp(exponent) * complex(rest*step, 0) * (excess - off*next + l.arrive*(1-off)/(complex(l.left, 0)+complex(l.rho, 0)*off))
	}
	return sum
}

// late is (1 - E e^-zS)/z.
func (l severalShared) late(z complex128) complex128 {
	a, b, short, whole, each := l.eliminate(z)
	if l.arrive == 0 {
		return (1 - whole) / z
	}
	rho, r := complex(l.rho, 0), l.roots(z)
	flow, excess := complex128(0), complex128(0) // of 0 servers in others' hands there is none
	if l.servers > 1 {
		off, mean, rates := l.below(r)
		common := off + short*mean
		flow = (rho*a*mean + l.arrive*rates) / common
		excess = (rho*a*off - short*l.arrive*rates) / common
	}
	beyond := r.gap / z * l.above(r, excess, rho*(a+b*flow))
	return (1 - whole - each*flow - beyond) / z
}

// log1p is ln(1+w) for small w too.
func log1p(w complex128) complex128 {
	u := 1 + w
	if u == 1 {
		return w
	}
	return cmplx.Log(u) * (w / (u - 1))
}

// tail is P(sojourn > u) for u > 0.
func (l severalShared) tail(u float64) float64 {
	return math.Max(0, math.Min(1, eulerSum(func(z complex128) float64 { return real(l.late(z)) }, u)))
}
