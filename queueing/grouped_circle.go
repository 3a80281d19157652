package queueing

import (
	"math"
	"slices"
)

// circleHeld is a pool that lets go at an instant what was due before. Of a
// Poisson number of mean M, each member with probability p, that is a compound
// Poisson number of mean M p, for complex M too: its generating function is
// exp(M p (x^r - 1)).
type circleHeld struct {
	at   float64
	pool int
	size int     // of a group
	mean float64 // groups, if the pool's mean is its own
}

// add notes a pool, the size of its groups and what it holds back.
func (c *circle) add(s Source) {
	n, size := members(s)
	i := slices.Index(c.sizes, size)
	if i < 0 {
		i = len(c.sizes)
		c.sizes = append(c.sizes, size)
	}
	for _, j := range s.Jumps() {
		c.held = append(c.held, circleHeld{j.At, len(c.pools), size, j.Size.Mean() / float64(size)})
	}
	c.pools, c.groups = append(c.pools, s), append(c.groups, i)
	c.members, c.begun = append(c.members, float64(n)), append(c.begun, false)
}

// release adds what is let go at the present instant.
func (c *circle) release() {
	rest := c.held[:0:0]
	for _, h := range c.held {
		if h.at > c.t {
			rest = append(rest, h)
			continue
		}
		if !(h.mean > 0) {
			continue
		}
		for j := range c.points {
			pt := &c.points[j]
			lo, weights := complexPoisson(pt.means[h.pool] * complex(h.mean, 0))
			c.join(pt, lo*h.size, h.size, weights)
		}
	}
	c.held = rest
}

// heldBack is a pool whose jumps bring nothing: [circle.release] adds them.
type heldBack struct{ poissonPool }

func (a heldBack) Jumps() []Jump {
	jumps := a.poissonPool.Jumps()
	for i := range jumps {
		jumps[i].Size = Count{}
	}
	return jumps
}

// arrivals is the mean number of instants at which requests come, spread the
// variance of their number as if those were Poisson.
func (c Count) arrivals() float64 {
	sum := float64(c.Fixed) + c.Poisson
	for _, b := range c.Binomials {
		sum += float64(b.N) * b.P
	}
	for _, g := range c.Groups {
		sum += g.Mean
	}
	return sum
}

func (c Count) spread() float64 {
	sum := float64(c.Fixed) + c.Poisson
	for _, b := range c.Binomials {
		sum += float64(b.N) * b.P * math.Pow(float64(b.Size), 2)
	}
	for _, g := range c.Groups {
		sum += g.Mean * math.Pow(float64(g.Size), 2)
	}
	return sum
}
