package queueing

import "math"

// crowd is the finite streams that need tokens, whose members are followed as if each were of
// one or the other by chance: together they are as many as there are.
type crowd struct {
	streams []Source
	pools   []Pool
	weights []float64 // members on the mean
	size    int       // requests of each
}

func (c *crowd) add(s Source) {
	share := 1.0
	of := s
	if h, is := s.(Hashed); is {
		share, of = h.share(), h.Of
	}
	n, size := members(s)
	c.streams, c.pools = append(c.streams, s), append(c.pools, of.(Pool))
	c.weights, c.size = append(c.weights, share*float64(n)), size
}

// left is the mean number of members that have not come by s, those held for a start included.
func (c *crowd) left(s float64) (sum float64) {
	for i, p := range c.pools {
		sum += c.weights[i] * p.left(s)
	}
	return sum
}

// left is the probability that a member has not come by s.
func (a Pool) left(s float64) float64 {
	if s < a.Start {
		return 1
	}
	return a.Delay.Between(s-a.origin(), math.Inf(1))
}

// due is the probability that a member that has not come by s comes up to t, with those held
// for a start not included.
func (c *crowd) due(s, t float64) float64 {
	sum := 0.0
	for i, p := range c.pools {
		sum += c.weights[i] * p.Due(s, t)
	}
	if left := c.left(s); sum > 0 && left > 0 {
		return math.Min(1, sum/left)
	}
	return 0
}

// held is the probability that a member that has not come before t comes at t with those that
// were held for a start.
func (c *crowd) held(t float64) float64 {
	sum, left := 0.0, 0.0
	for i, p := range c.pools {
		if p.Held && p.Start == t && t > 0 {
			sum += c.weights[i] * p.Delay.Between(0, t)
			left += c.weights[i]
		} else {
			left += c.weights[i] * p.left(t)
		}
	}
	if sum > 0 {
		return math.Min(1, sum/left)
	}
	return 0
}

// everybody is the law of the number of members that will come.
func (c *crowd) everybody() law {
	all := point(0)
	for _, s := range c.streams {
		n, _ := members(s)
		if h, is := s.(Hashed); is {
			all = all.plus(binomialLaw(Binomial{n, h.share(), 1}).without(gateCut))
		} else {
			all = all.plus(point(n))
		}
	}
	return all
}

// unlike is how far the law of how many have come by t is from that of several streams, each
// of which has a number of its own.
func (c *crowd) unlike(t float64) float64 {
	if len(c.streams) < 2 {
		return 0
	}
	each, all := point(0), 0.0
	for i, p := range c.pools {
		n, _ := members(c.streams[i])
		each = each.plus(binomialLaw(Binomial{n, p.left(t) * c.weights[i] / float64(n), 1}))
		all += float64(n)
	}
	sum := 0.0
	one := binomialLaw(Binomial{int(all), c.left(t) / all, 1})
	for n := min(one.lo, each.lo); n <= max(one.hi(), each.hi()); n++ {
		sum += math.Abs(one.prob(n) - each.prob(n))
	}
	return sum / 2
}

// thinning tells how many of those who are left come, each with the same probability.
type thinning struct {
	due  float64
	laws map[int]law // by how many are left
}

// part is a number of members that come, with its probability and the law of those left.
type part struct {
	come   int
	chance float64
	left   law
}

// of is the law of how many of m come.
func (t *thinning) of(m int) law {
	if t.due == 0 || m == 0 {
		return point(0)
	}
	if t.laws == nil {
		t.laws = map[int]law{}
	}
	n, is := t.laws[m]
	if !is {
		n = binomialLaw(Binomial{m, t.due, 1}).without(gateThin)
		t.laws[m] = n
	}
	return n
}

// most is how many may come where the pairs are.
func (t *thinning) most(g *gate) (n int) {
	for w := g.pairs.lo; w < g.pairs.hi; w++ {
		if g.pairs.rows[w] != nil {
			n = max(n, t.of(g.pairs.left[w].hi()).hi())
		}
	}
	return n
}

// parts lists what may come of a number of which the law is given.
func (t *thinning) parts(left law) []part {
	if t.due == 0 {
		return []part{{0, 1, left}}
	}
	lo, hi := t.of(left.lo).lo, t.of(left.hi()).hi()
	all := make([]part, hi-lo+1)
	width := len(left.p)
	room := make([]float64, width*len(all)) // of those left, moved down by those who come
	for j := range all {
		all[j] = part{come: lo + j, left: law{left.lo - lo - j, room[j*width : (j+1)*width]}}
	}
	for i, p := range left.p {
		n := t.of(left.lo + i)
		for k, q := range n.p {
			x := &all[n.lo+k-lo]
			x.left.p[i] = p * q
			x.chance += p * q
		}
	}
	out := all[:0]
	for _, x := range all {
		if x.chance > 0 {
			for i := range x.left.p {
				x.left.p[i] /= x.chance
			}
			x.left = x.left.without(gateThin)
			out = append(out, x)
		}
	}
	return out
}
