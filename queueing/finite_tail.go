package queueing

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
)

const (
	tailJoin    = 1e-3 // P(T > t) from which on a tail is grafted
	tailBegins  = 1e-4 // of itself: what the law may be off by there, and where no other tail is called for
	tailSame    = 1e-3 // of itself: what the two may differ by there
	tailDegrees = 2e-4 // of itself: what two degrees may differ by
	tailDrop    = 2.0  // -ln of what is left in one panel of what was before it
)

// deepened is a law, found by whatever way, with a right tail that has digits of its own
// up to the instant to which they are wanted, where there is a way to them.
func (p problem) deepened(d Drain) Drain {
	if p.coarse() || p.PoissonPools || !(p.Tail > d.Tail) || !(p.Tail < math.Inf(1)) || d.Quality != Exact {
		return d
	}
	if d.Method == Chain {
		d = p.orDeep(d, problem.solve)
	}
	if !d.lacks(p.Tail) || p.Method != Auto && p.Method != DrainDensity {
		return d
	}
	g, err := p.tailGrid()
	if err != nil {
		return d
	}
	tail, err := g.tail(d.Distribution, math.Min(tailJoin, d.farOff()/tailBegins))
	if err == nil {
		d.Distribution, d.Tail = tail, p.Tail
		return d
	}
	if _, phased := phases(p.cfg.Service); phased && d.Method != Chain && p.Method == Auto {
		return p.orDeep(d, func(q problem) (Drain, error) { return g.onCircleOf(q) })
	}
	return d
}

// orDeep is the law, or one with a longer tail of digits, by a circle that is to have it.
func (p problem) orDeep(d Drain, solve func(problem) (Drain, error)) Drain {
	if !d.lacks(p.Tail) {
		return d
	}
	p.deep, p.tried = true, nil
	deep, err := solve(p)
	if err != nil || deep.Quality != Exact || !(deep.Tail > d.Tail) || deep.AbsError > math.Max(d.AbsError, p.tolerance()) {
		return d
	}
	return deep.risen()
}

// onCircleOf is the law on the circle of the grid's pools.
func (g *tailGrid) onCircleOf(p problem) (Drain, error) {
	q := g.problem
	q.deep, q.tried = p.deep, p.tried
	return q.around(g.open(), 1)
}

// farOff is what the law's far tail may be off by.
func (d Drain) farOff() float64 {
	if d.floor > 0 {
		return d.floor
	}
	return d.AbsError
}

// lacks tells whether P(T > t) is less accurate than it may be.
func (d Drain) lacks(t float64) bool { return t > d.Tail && d.farOff() > tailBegins*d.Exceed(t) }

// tail is the law with its end from where the two join.
func (g *tailGrid) tail(law Distribution, join float64) (Distribution, error) {
	switch law := law.(type) {
	case *curve:
		return g.curve(law, join)
	case *lattice:
		return g.lattice(law, join)
	}
	return nil, &UnsupportedError{DrainDensity, "its law is neither smooth nor on a lattice"}
}

// lattice is tail on a lattice.
func (g *tailGrid) lattice(a *lattice, join float64) (Distribution, error) {
	from := sort.Search(len(a.q)-1, func(i int) bool { return a.right[i+1] <= join })
	last := int(math.Ceil((Until(g.Tail)-a.start)/a.d)) - a.first + 1
	if last <= from {
		return nil, &UnsupportedError{DrainDensity, "its tail has no room"}
	}
	between := func(i int) float64 { return a.at(i) + a.d/4 } // where the law does not jump
	q, left := slices.Clone(a.q[:from+1]), a.right[from+1]
	for i := from; i < last; {
		centre, to, err := g.stretch(between(i), between(last))
		if err != nil {
			return nil, err
		}
		if begins, err := g.begins(between(i), centre); err != nil || i == from && !(math.Abs(begins/left-1) <= tailSame) {
			return nil, errors.Join(err, &UnsupportedError{DrainDensity, "its tail does not join the law"})
		}
		for i++; i <= last; i++ {
			now, err := g.exceed(between(i), centre, g.degree)
			if err != nil {
				return nil, err
			}
			if now > left*(1+tailSame) {
				return nil, &UnsupportedError{DrainDensity, "its tail rises"}
			}
			now = math.Min(now, left)
			q, left = append(q, left-now), now
			if between(i) >= to {
				break
			}
		}
	}
	return newLattice(a.start, a.d, a.first, append(q, left)), nil
}

// curve is tail where the law is smooth.
func (g *tailGrid) curve(c *curve, join float64) (Distribution, error) {
	lo, hi := c.span()
	from := bisect(lo, hi, func(t float64) bool { return c.above(t) > join })
	if n := len(c.atoms); n > 0 {
		from = math.Max(from, c.atoms[n-1].At)
	}
	if !(from < g.Tail) {
		return nil, &UnsupportedError{DrainDensity, "its tail has no room"}
	}
	var panels []panel
	for _, p := range splitPanels(c.panels, from) {
		if p.hi <= from*(1+1e-12) {
			panels = append(panels, p)
		}
	}
	first, left := true, c.above(from)
	for _, to := range g.stops(from, g.Tail) {
		for t := from; t < to; {
			p, end, begins, err := g.panel(t, to, left)
			if err != nil {
				return nil, err
			}
			if first && !(math.Abs(begins/left-1) <= tailSame) {
				return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("its tail begins with %g where the law has %g left", begins, left)}
			}
			first = false
			panels, left, t = append(panels, p), end, p.hi
		}
		from = to
	}
	last := panels[len(panels)-1]
	rate := last.density(last.hi) / left
	if !(rate > 0) {
		return nil, &UnsupportedError{DrainDensity, "its tail has no end"}
	}
	return newCurve(append(panels, exponentialTail(last.hi, left, rate)...), c.atoms, c.never), nil
}

// panel is the density from t on, as far as `to` or to where most of what is left has
// drained, with what is left at both ends.
func (g *tailGrid) panel(t, to, left float64) (p panel, end, begins float64, err error) {
	centre, to, err := g.stretch(t, to)
	if err != nil {
		return p, 0, 0, err
	}
	values := make([]float64, len(cheb16.x))
	for i, x := range cheb16.x {
		if values[i], err = g.exceed((t+to)/2+(to-t)/2*x, centre, g.degree); err != nil {
			return p, 0, 0, err
		}
		values[i] = math.Log(values[i])
	}
	logs := cheb16.coefficients(values)
	slope := derivative(logs, (to-t)/2)
	p = interpolated(t, to, func(s float64) float64 {
		x := (2*s - t - to) / (to - t)
		return -clenshaw(slope, x) * math.Exp(clenshaw(logs, x))
	})
	if begins, err = g.begins(t, centre); err == nil && !p.rises() {
		err = &UnsupportedError{DrainDensity, "its tail rises"}
	}
	return p, math.Exp(clenshaw(logs, 1)), begins, err
}

// stretch is one from t on in which most of what is left drains, `to` at the latest, with
// the means around whose saddle point it is fixed.
func (g *tailGrid) stretch(t, to float64) (centre []int, end float64, err error) {
	if centre, err = g.saddle(t); err != nil {
		return nil, 0, err
	}
	law, err := g.law(centre)
	if err != nil {
		return nil, 0, err
	}
	if now := law.Exceed(t); law.Exceed(to) < math.Exp(-tailDrop)*now {
		to = bisect(t, to, func(s float64) bool { return law.Exceed(s) > math.Exp(-tailDrop)*now })
	}
	if centre, err = g.saddle((t + to) / 2); err != nil {
		return nil, 0, err
	}
	return centre, to, g.solveAround(centre)
}

// begins is P(T > t) where a stretch begins, if fewer means agree.
func (g *tailGrid) begins(t float64, centre []int) (float64, error) {
	p, err := g.exceed(t, centre, g.degree)
	if err != nil {
		return 0, err
	}
	fewer, err := g.exceed(t, centre, g.degree-2)
	if off := math.Abs(fewer/p - 1); err == nil && !(off <= tailDegrees) {
		err = &UnsupportedError{DrainDensity, fmt.Sprintf("its tail after %g s is fixed to %.1g of itself", t, off)}
	}
	return p, err
}
