package queueing

import (
	"math"

	"singlelane/queueing/internal/skellam"
)

// The tail of the first passage, from the derivative of the identity. With X
// the backlog above the target if the servers never stop,
//
//	f(t) = r(0,t) - integral over (0,t) of r(s,t) f(s) ds,
//	r(s,t) = mu(t) P(X(t) = 1) - lam(t) P(X(t) = 0),
//
// where X starts from k0 at 0 and anew from 0 at s: the rate at which it falls
// to 0 less the one at which it rises above. In the tail all terms are of the
// size of f, so that P(T > t) has digits of its own however small it is, which
// 1 - F has not.
const (
	tailFrom   = 1e-3  // P(X >= 1) below which f is found so
	tailFall   = 4.0   // -ln of what the tail falls by over a panel
	tailNeeded = 1e-17 // share of f below which a panel's part is left out
	tailBroken = 1e-9  // shortest panel over the last instant
)

// further replaces the panels from where the passage is still to come with
// probability tailFrom, and goes on until the tail at t has its digits. It
// returns how far they reach: 0 where rates or batches jump on the way, where
// the services are not exponential, or where the tail is beyond what numbers
// hold. Then the panels are as they were.
func (q *identity) further(c *curve, t float64) (*curve, float64) {
	if _, is := q.lane.cfg.Service.(Exponential); !is || t <= 0 {
		return c, 0
	}
	var kept []panel
	for i := 0; i < len(c.panels) && q.above(c.panels[i].lo) > tailFrom; i++ {
		kept = append(kept, c.panels[i])
	}
	if len(kept) == 0 {
		return c, 0
	}
	a, last := kept[len(kept)-1].hi, math.Max(t, c.panels[len(c.panels)-1].hi)
	least := q.above(last) * math.Exp(-tailDigits)
	if least < math.Exp(-tailExtreme) {
		return c, 0
	}
	for q.above(a) > least {
		b := q.fallen(a)
		if b-a < tailBroken*b || len(q.breaks(a, b)) > 0 {
			return c, 0
		}
		kept, a = append(kept, q.next(kept, a, b)), b
	}
	return newCurve(kept, nil, 0), last
}

// above is P(X(t) >= 1).
func (q *identity) above(t float64) float64 {
	return skellamAtMost(q.k0-1+q.arrived(0, t), q.lane.Work(0, t), q.flow(0, t))
}

// fallen is an instant after a by which the tail has fallen by tailFall.
func (q *identity) fallen(a float64) float64 {
	want := q.above(a) * math.Exp(-tailFall)
	step := 1 / q.fastest(a)
	for q.above(a+step) > want {
		step *= 2
	}
	return bisect(a+step/2, a+step, func(t float64) bool { return q.above(t) > want })
}

// falls is r(s,t) of a process that is at k at s.
func (q *identity) falls(s, t float64, k int) float64 {
	l := q.lane
	served, arrived := l.Work(s, t), q.flow(s, t)
	n := float64(k + q.arrived(s, t)) // to fall by
	return l.Capacity(t)*skellam.Prob(n-1, served, arrived) - l.cfg.Arrivals.Rate(t)*skellam.Prob(n, served, arrived)
}

// next solves the panel (a,b].
func (q *identity) next(before []panel, a, b float64) panel {
	const n = identityPoints
	matrix, right := make([]float64, n*n), make([]float64, n)
	cardinal := make([]float64, n)
	for i, x := range identityNodes.x {
		q.check()
		t := (a+b)/2 + (b-a)/2*x
		right[i] = q.falls(0, t, q.k0) - q.again(before, t)
		matrix[i*n+i] = 1
		q.lagged(t, a, t, func(s, w float64) {
			identityNodes.cardinals(cardinal, (2*s-a-b)/(b-a))
			for k, c := range cardinal {
				matrix[i*n+k] += w * c
			}
		})
	}
	solveLinear(matrix, right, math.Abs)
	return newPanel(a, b, identityNodes.coefficients(right))
}

// again is the integral over the panels that are solved.
func (q *identity) again(panels []panel, t float64) float64 {
	sum, least := 0.0, tailNeeded*q.above(t)
	for i := len(panels) - 1; i >= 0; i-- {
		p := panels[i]
		if q.fastest(t)*skellamAtMost(q.arrived(p.hi, t), q.lane.Work(p.hi, t), q.flow(p.hi, t))*p.mass < least {
			continue
		}
		q.lagged(t, p.lo, p.hi, func(s, w float64) { sum += w * p.density(s) })
	}
	return sum
}

// lagged visits the points of [a,b] with their weights times r(s,t).
func (q *identity) lagged(t, a, b float64, visit func(s, weight float64)) {
	for _, cut := range q.graded(t, a, b) {
		half, mid := (cut[1]-cut[0])/2, (cut[1]+cut[0])/2
		for j, x := range identityGauss.x {
			s := mid + half*x
			visit(s, half*identityGauss.w[j]*q.falls(s, t, 0))
		}
	}
}
