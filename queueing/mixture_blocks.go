package queueing

import (
	"math"
	"slices"
)

// mixtureBlock is the density of ln t, t f(t), on [at - half, at + half] by one path of
// [saddleRule], that of the middle: along it
//
//	t f(t) = exp(s0 (t - at)) times the sum of the real parts of w exp((s - s0) (t - at)),
//
// and exp(c x) on [-1,1] is I_0(c) and twice the sum of I_n(c) T_n(x) (NIST Handbook of
// Mathematical Functions 10.35.2), c = (s - s0) half. The sum of the coefficients of all
// points is what the block keeps.
type mixtureBlock struct {
	at, half float64
	s0, size float64 // size: ln of the factor
	coef     []float64
}

const (
	blockDegree = 31
	blockSpread = 2.3  // half of a block over the standard deviation of the tilted time,
	blockShare  = 0.55 // and over the instant, at most
	blockFirst  = 0.2  // first steps, as of saddleRule
	blockWide   = 0.45
	blockNear   = 0.2
	blockHalves = 3   // of the step
	blockLess   = 0.7 // half of a block over that of one which was too wide
	blockTries  = 6
	blockAhead  = 4.0 // the series has to settle there too, over where the next block begins
)

// mixturePieces are the density of ln t from lo to where its logarithm is smooth, or to hi.
func (c constantLane) mixturePieces(v *mixtureSaddle, lo, hi, allowed float64) (ps []expPiece) {
	if o := c.mixtureOnset(v.service, lo, hi); o != nil {
		ps = append(ps, expPiece{hi: o.end, exps: o.exps})
		lo = math.Exp(o.end)
	}
	return append(ps, v.blocks(lo, hi, allowed)...)
}

// blocks are the density of ln t from a to where the asymptotic series settles or to hi, or to
// where a block does not reach what is allowed.
func (v *mixtureSaddle) blocks(a, hi, allowed float64) (ps []expPiece) {
	for a < hi && !(v.settles(a) && v.settles(math.Min(hi, blockAhead*a))) {
		g, off, ok := v.block(a, allowed)
		if !ok {
			break
		}
		a = g.at + g.half
		ps = append(ps, expPiece{math.Log(math.Min(a, hi)), g.exps, off})
	}
	return ps
}

// settles tells whether the asymptotic series does at t.
func (v *mixtureSaddle) settles(t float64) bool {
	z, j, ok := v.saddle(t)
	if ok {
		_, ok = v.debye(z, t, j.k2)
	}
	return ok
}

// block begins at a.
func (v *mixtureSaddle) block(a, allowed float64) (g mixtureBlock, off float64, ok bool) {
	share, spread := blockShare, blockSpread
	for range blockTries {
		z, j, ok := v.middle(a, spread, share)
		if !ok {
			break
		}
		g := mixtureBlock{at: j.instant, half: j.instant - a}
		if off, ok := v.fill(&g, z, j, allowed); ok {
			return g, off, true
		}
		share, spread = blockLess*share, blockLess*spread
	}
	return g, 0, false
}

// middle is the saddle z, with its jet, of the instant from which a is about as far as half of a
// block may be wide.
func (v *mixtureSaddle) middle(a, spread, share float64) (z float64, j saddleJet, ok bool) {
	d := v.near
	for range saddleNewt {
		j = v.jet(d - v.branch)
		sd := -j.bend * j.instant / math.Sqrt(j.k2)
		off := math.Log((j.instant - math.Min(spread*sd, share*j.instant)) / a)
		if math.Abs(off) < 0.1 && j.instant > a {
			return d - v.branch, j, j.k2 > 0
		}
		d *= math.Exp(math.Min(math.Max(-off/(j.bend*d), -2), 2))
	}
	return 0, j, false
}

// fill finds the coefficients, on points and on those between them until that makes no
// difference; off is what is left out of the series, over the lesser of the values at the ends.
func (v *mixtureSaddle) fill(g *mixtureBlock, z float64, j saddleJet, allowed float64) (off float64, ok bool) {
	r, step := v.rule(z, g.at, j, blockFirst, blockWide, blockNear)
	_, s0, _ := r.at(complex(z, 0))
	g.s0 = real(s0)
	var sums [blockDegree + 1]float64
	rises, ok := r.coefs(&sums, g, 0, step)
	for bends := 0; ok && rises && bends < saddleBends; bends++ {
		r.a, step = 2*r.a, step/2
		rises, ok = r.coefs(&sums, g, 0, step)
	}
	for halves := 0; ok && !rises && halves < blockHalves; halves++ {
		if off, ok = r.halve(&sums, g, step); ok && off <= saddleHalved {
			v.off = math.Max(v.off, off*math.Sqrt(off))
			g.coef, g.size = append([]float64(nil), sums[:]...), r.log(1)+math.Log(r.t)
			off = last(g.coef) / lesserEnd(g.coef)
			return off, off <= allowed
		}
		step /= 2
	}
	return 0, false
}

// halve makes the coefficients those by half the step; off is their difference, over the lesser of
// the values at the ends.
func (r *saddleRule) halve(sums *[blockDegree + 1]float64, g *mixtureBlock, step float64) (off float64, ok bool) {
	var between [blockDegree + 1]float64
	_, ok = r.coefs(&between, g, step/2, step)
	for n, a := range sums {
		off += math.Abs(between[n] - a)
		sums[n] = (a + between[n]) / 2
	}
	return off / lesserEnd(sums[:]), ok
}

// lesserEnd is the lesser of the values at -1 and 1, or 0.
func lesserEnd(coef []float64) float64 {
	return math.Max(0, math.Min(clenshaw(coef, -1), clenshaw(coef, 1)))
}

// coefs are the coefficients by the points at first, first + step, …, as sum is of the density.
func (r *saddleRule) coefs(sums *[blockDegree + 1]float64, g *mixtureBlock, first, step float64) (rises, ok bool) {
	clear(sums[:])
	sin, cos := math.Sincos(bend)
	up := ruleRise * r.weight * r.a * cos
	e, grow := math.Exp(first), math.Exp(step)
	total := 0.0 // about the factor of exp(s0 (t - at)) at the beginning
	var waits blockPoint
	for u, points := first, 0; points < saddleMost; u += step {
		cosh, sinh := (e+1/e)/2, (e-1/e)/2
		e *= grow
		power, s, weight := r.at(complex(r.z+r.a*sin*(1-cosh), r.a*cos*sinh))
		c := (s - complex(g.s0, 0)) * complex(g.half, 0)
		w := weight * complex(step*r.a*cos*cosh, step*r.a*sin*sinh)
		if u == 0 {
			w /= 2
		}
		size := (math.Abs(real(w)) + math.Abs(imag(w))) * math.Exp(real(power)-r.size)
		rises = rises || size > up*step
		early := size * math.Exp(-real(c))
		total += size
		if !(math.Abs(real(c))+math.Abs(imag(c)) < besselMost) {
			return rises, false
		}
		at := blockPoint{c, w, power - complex(r.size, 0)}
		points++
		last := !(early > saddleEnd*total)
		switch {
		case c == 0:
			y, x := math.Sincos(imag(at.power))
			sums[0] += (real(w)*x - imag(w)*y) * math.Exp(real(at.power))
		case waits.w != 0:
			addPoints(sums, waits, at)
			waits.w = 0
		case last:
			addPoints(sums, at, blockPoint{c: c})
		default:
			waits = at
		}
		if last {
			return rises, true
		}
	}
	return rises, false
}

// blockPoint is w exp(power + c x).
type blockPoint struct{ c, w, power complex128 }

// addPoints adds the real parts of the coefficients of two points of about the same c, not 0, by
// J. C. P. Miller's recurrence for I_n(c) from where they are nothing, I_(n-1) = I_(n+1) + 2n/c I_n,
// which are exp(c) if added up (NIST Handbook of Mathematical Functions 3.6, 10.29.1, 10.35.5),
// side by side: one alone waits for its own last result.
func addPoints(sums *[blockDegree + 1]float64, p, q blockPoint) {
	pc, ps := rightward(p.c)
	qc, qs := rightward(q.c)
	from := besselFrom(math.Max(math.Hypot(real(pc), imag(pc)), math.Hypot(real(qc), imag(qc))))
	var a, b [blockDegree + 1]complex128
	ratio, other := 2*reciprocal(pc), 2*reciprocal(qc)
	pr, pi, qr, qi := real(ratio), imag(ratio), real(other), imag(other)
	const start = 1e-30
	x, y, xAbove, yAbove, xAll, yAll := start, 0.0, 0.0, 0.0, 0.0, 0.0
	u, v, uAbove, vAbove, uAll, vAll := start, 0.0, 0.0, 0.0, 0.0, 0.0
	for n := from; n > 0; n-- {
		if n <= blockDegree {
			a[n], b[n] = complex(x, y), complex(u, v)
		}
		xAll, yAll, uAll, vAll = xAll+x, yAll+y, uAll+u, vAll+v
		m := float64(n)
		k, l := m*pr, m*pi
		x, y, xAbove, yAbove = xAbove+(k*x-l*y), yAbove+(k*y+l*x), x, y
		k, l = m*qr, m*qi
		u, v, uAbove, vAbove = uAbove+(k*u-l*v), vAbove+(k*v+l*u), u, v
	}
	a[0], b[0] = complex(x/2, y/2), complex(u/2, v/2)
	unit := p.scale(pc) * reciprocal(complex(2*xAll+x, 2*yAll+y))
	also := q.scale(qc) * reciprocal(complex(2*uAll+u, 2*vAll+v))
	for n := 0; n < blockDegree; n += 2 {
		sums[n] += real(unit)*real(a[n]) - imag(unit)*imag(a[n]) + (real(also)*real(b[n]) - imag(also)*imag(b[n]))
		sums[n+1] += ps*(real(unit)*real(a[n+1])-imag(unit)*imag(a[n+1])) + qs*(real(also)*real(b[n+1])-imag(also)*imag(b[n+1]))
	}
}

// rightward is c, or -c on the left, with the sign: I_n(-c) is (-1)^n I_n(c).
func rightward(c complex128) (right complex128, sign float64) {
	if real(c) < 0 {
		return -c, -1
	}
	return c, 1
}

// scale is twice w exp(power + c).
func (p blockPoint) scale(c complex128) complex128 {
	if p.w == 0 {
		return 0
	}
	y, x := math.Sincos(imag(p.power) + imag(c))
	size := 2 * math.Exp(real(p.power)+real(c))
	return p.w * complex(size*x, size*y)
}

const (
	besselMost    = 150.0 // size of c
	besselNothing = 42.0  // -ln of I_n(c)
)

// besselOrders are the sizes of c up to which I_n(c), about (c/2)^n/n! there, is nothing for
// each n.
var besselOrders = func() (most [260]float64) {
	for n := 1; n < len(most); n++ {
		most[n] = 2 * math.Exp((lnFactorial(float64(n))-besselNothing)/float64(n))
	}
	return most
}()

// besselFrom is the first of the orders.
func besselFrom(size float64) int {
	n, _ := slices.BinarySearch(besselOrders[1:], size)
	return n + 1
}

// exps turns each ln t into the density of ln t.
func (g *mixtureBlock) exps(x []float64) {
	var at, sum [ballotPoints]float64
	u, sums := at[:len(x)], sum[:len(x)]
	for i, v := range x {
		u[i] = (math.Exp(v) - g.at) / g.half
	}
	clenshaws(sums, g.coef, u)
	for i, u := range u {
		x[i] = math.Exp(g.size+g.s0*g.half*u) * sums[i]
	}
}
