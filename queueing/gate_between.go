package queueing

import "slices"

// clone is a state of its own.
func (g *gate) clone() *gate {
	c := *g
	c.pairs.rows = make([]*strip, len(g.pairs.rows))
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		c.pairs.rows[w] = g.pairs.rows[w].clone()
	}
	c.pairs.left = slices.Clone(g.pairs.left)
	c.flood.law = nil
	for _, a := range g.flood.law {
		c.flood.law = append(c.flood.law, law{a.lo, slices.Clone(a.p)})
	}
	c.flood.lane, c.flood.apart = nil, nil
	for i := range g.flood.lane {
		c.flood.lane = append(c.flood.lane, g.flood.lane[i].clone())
		c.flood.apart = append(c.flood.apart, g.flood.apart[i].clone())
	}
	return &c
}

// between takes the part x of the present state and the rest of that before.
func (g *gate) between(before *gate, x float64) {
	mix := func(into, other *strip) {
		into.scale(x)
		into.add(other, 0, 1-x)
	}
	for w := min(g.pairs.lo, before.pairs.lo); w < max(g.pairs.hi, before.pairs.hi); w++ {
		if g.pairs.rows[w] != nil {
			g.pairs.rows[w].scale(x)
		}
		if row := before.pairs.rows[w]; row != nil {
			g.pairs.give(w, row, 0, 1-x, before.pairs.left[w])
		}
	}
	for i := range g.flood.lane {
		mix(g.flood.lane[i], before.flood.lane[i])
		mix(g.flood.apart[i], before.flood.apart[i])
	}
	for i := range g.flood.law {
		g.flood.law[i] = g.flood.law[i].scaled(x)
	}
	for i, a := range before.flood.law {
		if len(a.p) > 0 {
			g.flood.take(before.flood.lo+i, a, 1-x)
		}
	}
	g.flood.least = min(g.flood.least, before.flood.least)
	g.flood.all = x*g.flood.all + (1-x)*before.flood.all
	g.gone = x*g.gone + (1-x)*before.gone
	g.apart = x*g.apart + (1-x)*before.apart
}
