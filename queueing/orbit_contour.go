package queueing

import (
	"fmt"
	"math"
)

// orbitSlow is the least rate at which an orbit may drain in the end, over the
// rates of its lane: below it the transform's pivots have too few digits left.
const orbitSlow = 1e-6

// orbitStates of lane and orbit take some ten seconds.
const orbitStates = 250_000

// orbitDensity inverts the transform of lanes of constant rates along a
// [contour], which takes a law as wide as its mean, and follows its tail to
// digits of its own.
func orbitDensity(l *Lane, r RetryOrbit, o SolveOptions) (d Drain, err error) {
	defer catch(&err)
	p, err := orbitConstant(l, r, DrainDensity)
	if err != nil {
		return Drain{}, err
	}
	if p.q <= p.level && p.o == 0 {
		return atOnce(DrainDensity, whyAtOnce), nil
	}
	if states := (p.room + 1) * (p.size + 1); states > orbitStates {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("its transform takes %d states of lane and orbit", states)}
	}
	tolerance := math.Max(o.tolerance(), 1e-10)
	c := &contour{theta: p.rightmost(), enough: tolerance / 100, floor: 1e-5 * tolerance, check: o.check,
		phi: func(z complex128) complex128 { x, _ := p.transform(z); return x }}
	if !(c.theta > orbitSlow*(p.lam+l.FinalCapacity())) {
		return Drain{}, &UnsupportedError{DrainDensity, "it drains too slowly for its transform"}
	}
	ps, tail := c.panels(c.earliest(), o.Tail, 1)
	d = problem{}.result(newCurve(ps, nil, 0), DrainDensity,
		fmt.Sprintf("constant rates: the transform over the lane and its orbit (up to %d), inverted with its saddle points", p.size))
	d.Tail = tail
	if d.AbsError += c.off; !(d.AbsError <= math.Max(100*o.tolerance(), 1e-6)) {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("the inverse of its transform is off by %.0e", d.AbsError)}
	}
	return d, nil
}
