package queueing

import (
	"errors"
	"math"
)

// inLawOf weighs the passages from every number of a law. Only the steps that
// all of them share are products: Horner's rule goes down from the highest.
func (p *idling) inLawOf(n law, z complex128) complex128 {
	lam := complex(p.lam, 0)
	full := complex(float64(p.servers)*p.mu, 0)
	g := p.top(z)
	step := inverse(1 + (z+lam*g)/full)
	sum := complex(0, 0)
	at := func(i int) complex128 {
		if i < n.lo || i > n.hi() {
			return 0
		}
		return complex(n.p[i-n.lo], 0)
	}
	for i := n.hi(); i >= p.servers; i-- {
		sum = (sum + at(i)) * step
	}
	for i := p.servers - 1; i > 0; i-- {
		y := (z + lam*g) * complex(1/(float64(i)*p.mu), 0)
		step = inverse(1 + y)
		g = y * step
		sum = (sum + at(i)) * step
	}
	return sum
}

const (
	restWork   = 3e6   // states times jumps of a tail that are followed as they are
	restBefore = 1.5e8 // and of what comes before, a second or so
	restMost   = 40.0  // time constants of the slowest mode that make a tail
	restEnough = 1e-10 // relative error of the density
	restFloor  = 1e-14 // error of the density of ln t
)

// comingToRest is the density of the drain of several servers until they idle
// where rates become constant soon, but the lane is so near saturation that its
// tail would take long: hundreds of requests for thousands of seconds. The chain
// is followed from the start of the passage q, or from where before is, until
// rates are constant. What is left then is a mixture of the passages from every
// number that is there, whose transforms are known ([idling]): their sum is
// inverted along a [contour]. No panels and no error mean that another way will do.
func (p problem) comingToRest(q *skellamPassage, before *birthDeath) ([]panel, error) {
	level := p.Level(math.Inf(1))
	settled, is := p.restsFrom(q.start)
	if c := p.FinalServers(); q.level <= level || level > 0 || c > idlingServers || !is {
		return nil, nil
	}
	b := &birthDeath{lane: p.Lane, check: p.check, t: q.start, now: q.from, absorb: level, record: true, cut: p.cut()}
	if before != nil {
		b.now = before.now
	}
	c, lam := p.FinalCapacity(), p.cfg.Arrivals.LongRun()
	peak, _ := p.fluidEnd()
	states := peak + 8*math.Sqrt(peak) + restMost/math.Log(c/lam) + 20
	tail := newIdling(int(peak)+p.FinalServers(), p.FinalServers(), 1/p.cfg.Service.Mean(), lam)
	jumps := (c + lam) * states
	first, last := (settled-q.start)*jumps, restMost/tail.right*jumps
	if !(1/tail.right < tailMost) || last < restWork || first > math.Min(3*last, restBefore) {
		return nil, nil
	}
	b.run(settled)
	var refused *UnsupportedError
	if err := b.rest(tail); err != nil && !errors.As(err, &refused) {
		return nil, err
	} else if err != nil {
		return nil, nil
	}
	return b.panels, nil
}

// restsFrom is an instant from which on, after t, rates are constant, if there is
// one.
func (l *Lane) restsFrom(t float64) (at float64, is bool) {
	if l.constantFrom(t) {
		return t, true
	}
	step := 1.0
	for ; !l.constantFrom(t + step); step *= 2 {
		if step > tailMost {
			return 0, false
		}
	}
	return t + bisect(step/2, step, func(u float64) bool { return !l.constantFrom(t + u) }), true
}

// rest ends a chain on its way to the idle lane whose rates are constant. As it
// goes on for a little while first, there is no need of the density at the start
// of the passages.
func (b *birthDeath) rest(q *idling) (err error) {
	defer catch(&err)
	begin, from := b.t, law{b.now.lo, append([]float64(nil), b.now.p...)}
	b.run(begin + 20*stepTerms/b.exitRate(begin+1))
	if b.now.mass() < outside { // nothing to speak of is left
		return nil
	}
	c := &contour{theta: q.right, enough: restEnough, floor: restFloor, start: begin, check: func() {
		if b.check != nil {
			b.check()
		}
	}, phi: func(z complex128) complex128 { return q.inLawOf(from, z) }}
	ps, _ := c.panels(b.t-begin, 0, b.now.mass())
	b.panels = append(b.panels, ps...)
	return nil
}
