package queueing

import (
	"fmt"
	"math"
	"slices"
)

// latticeMembers follows one busy server whose services all take d, with the numbers
// in its finite streams as they are. Services end at start + k d, and between two of
// them it does not matter when requests come: with n in the lane and m_i members of
// stream i still to come, n falls by one and rises by what others send and by sizes_i
// times binomial numbers of m_i, each member that has not come by s coming in (s,t]
// with probability
//
//	p_i = (F_i(t) - F_i(s)) / (1 - F_i(s)),
//
// F_i the law of its delay. So (n, m_1, m_2, …) at service ends is a Markov chain, in
// which requests that come together or were held are nothing special. T is the first
// service end from begin on with n at the level or below. It must not idle before.
type latticeMembers struct {
	problem
	d      float64
	pools  []Source
	others []Source
	size   []int // requests that come with a member
	radix  []int // of an index: a member of stream i counts for so many
	laws   []law // of n, by the members that are still to come
	work   float64
	most   float64
}

const (
	membersMost   = 3000 // indices
	membersWork   = 1.5e9
	membersCoarse = 1e7
	membersLeft   = 1e-15 // probability that is not followed further
	membersEnds   = 200_000
)

// byMembers is the law of T for one deterministic server with few members to come.
func (p problem) byMembers() (Drain, error) {
	c, err := p.newLatticeMembers()
	if err != nil {
		return Drain{}, err
	}
	up := p.cfg.DownFor
	c.arrive(0, up)
	level := p.Level(math.Inf(1))
	var atoms []Atom
	switch drained := c.leave(level); {
	case drained > membersLeft && up < p.begin:
		return Drain{}, p.mayIdle()
	case drained > 0:
		atoms = []Atom{{up, drained}}
	}
	var q []float64
	for k := 1; c.mass() > membersLeft; k++ {
		s, t := up+float64(k-1)*c.d, up+float64(k)*c.d
		if s < p.begin && p.begin < Until(t) && c.among(level) > membersLeft { // who may be all there are at begin
			return Drain{}, p.mayIdle()
		}
		c.serve()
		c.arrive(s, t)
		p.check()
		if c.work > c.most || k > membersEnds {
			return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("following the members of its finite streams takes more than %.0e multiplications", c.most)}
		}
		if Until(t) < p.begin {
			if c.leave(0) > membersLeft {
				return Drain{}, p.mayIdle()
			}
			q = append(q, 0)
			continue
		}
		q = append(q, c.leave(level))
	}
	return c.law(up, atoms, q)
}

// law puts what was found at service ends together.
func (c *latticeMembers) law(start float64, atoms []Atom, q []float64) (Drain, error) {
	first := 1
	if len(atoms) > 0 {
		q, first = append([]float64{atoms[0].Mass}, q...), 0
	}
	law := newLattice(start, c.d, first, q)
	d := Drain{Distribution: law, Method: DrainDensity, Quality: Exact, Atoms: atoms, groups: true,
		Reason: evenlySpaced + ", and the members of finite streams are followed one by one"}
	d.AbsError = math.Max(math.Abs(1-law.left[len(q)]), 1e-13)
	return d, nil
}

func (p problem) newLatticeMembers() (*latticeMembers, error) {
	refuse := func(why string) (*latticeMembers, error) { return nil, &UnsupportedError{DrainDensity, why} }
	if _, is := p.cfg.Service.(Deterministic); !is || p.FinalServers() > 1 || p.PoissonPools {
		return refuse("it is not one server with equal services and finite streams")
	}
	c, err := p.listMembers()
	if err == nil && len(c.pools) == 0 {
		return refuse("it has no finite streams")
	}
	return c, err
}

// listMembers has all members of finite streams still to come, those of one that is taken
// for a Poisson stream among the others.
func (p problem) listMembers() (*latticeMembers, error) {
	s := p.cfg.Service.(Deterministic)
	c := &latticeMembers{problem: p, d: s.Time, most: membersWork}
	if p.coarse() {
		c.most = membersCoarse
	}
	indices := 1
	for _, st := range p.cfg.Arrivals.streams {
		n, size := members(st.Source)
		if n == 0 {
			c.others = append(c.others, st.Source)
			continue
		}
		c.pools, c.size, c.radix = append(c.pools, st.Source), append(c.size, size), append(c.radix, indices)
		if indices *= n + 1; n > membersMost || indices > membersMost {
			return nil, &UnsupportedError{DrainDensity, "its finite streams have too many members to follow"}
		}
	}
	c.laws = make([]law, indices)
	c.laws[indices-1] = p.Initial().law()
	return c, nil
}

// left is how many members of stream i an index leaves to come.
func (c *latticeMembers) left(index, i int) int {
	above := len(c.laws)
	if i+1 < len(c.radix) {
		above = c.radix[i+1]
	}
	return index % above / c.radix[i]
}

// arrive lets requests come in (s,t].
func (c *latticeMembers) arrive(s, t float64) {
	if !(t > s) {
		return
	}
	if own := countOf(c.others, s, t).law(); len(own.p) > 1 || own.lo > 0 {
		for i, n := range c.laws {
			if len(n.p) > 0 {
				c.work += float64(len(n.p)) * float64(len(own.p))
				c.laws[i] = n.plus(own)
			}
		}
	}
	for i, x := range c.pools {
		if now := x.Count(s, t).Binomials[0].P; now > 0 {
			c.send(i, math.Min(1, now/math.Max(now, 1-x.Count(0, s).Binomials[0].P)))
		}
	}
}

// countOf is what all the sources send in (s,t].
func countOf(all []Source, s, t float64) (sent Count) {
	for _, x := range all {
		sent = sent.Plus(x.Count(s, t))
	}
	return sent
}

// rateOf is the rate at which they do.
func rateOf(all []Source, t float64) (rate float64) {
	for _, x := range all {
		rate += x.Rate(t)
	}
	return rate
}

// send lets each member of stream i come with probability p. What all become is sized
// first, and then added up.
func (c *latticeMembers) send(i int, p float64) {
	comes := make([]law, len(c.laws)) // empty: nothing comes from there
	next := make([]law, len(c.laws))
	spans := make([][2]int, len(c.laws))
	each := func(index int, visit func(to, up int, w float64)) {
		for k, w := range comes[index].p {
			if w > 0 {
				came := comes[index].lo + k
				visit(index-came*c.radix[i], came*c.size[i], w)
			}
		}
	}
	for index, n := range c.laws {
		if len(n.p) == 0 {
			continue
		}
		comes[index] = law{0, one}
		if left := c.left(index, i); left > 0 {
			comes[index] = binomialLaw(Binomial{N: left, P: p, Size: 1})
		}
		each(index, func(to, up int, _ float64) {
			lo, hi := n.lo+up, n.lo+up+len(n.p)
			if s := &spans[to]; s[0] == s[1] {
				*s = [2]int{lo, hi}
			} else {
				s[0], s[1] = min(s[0], lo), max(s[1], hi)
			}
		})
	}
	for to, s := range spans {
		if s[0] < s[1] {
			next[to] = law{s[0], make([]float64, s[1]-s[0])}
		}
	}
	for index, n := range c.laws {
		each(index, func(to, up int, w float64) {
			sum := next[to].p[n.lo+up-next[to].lo:]
			for j, x := range n.p {
				sum[j] += w * x
			}
			c.work += float64(len(n.p))
		})
	}
	c.laws = next
}

// mixed is the law with weight times another.
func (a law) mixed(b law, weight float64) law {
	if len(a.p) == 0 {
		a.lo = b.lo
	}
	lo, hi := min(a.lo, b.lo), max(a.lo+len(a.p), b.lo+len(b.p))
	if lo < a.lo || hi > a.lo+len(a.p) {
		out := make([]float64, hi-lo)
		copy(out[a.lo-lo:], a.p)
		a = law{lo, out}
	}
	for i, x := range b.p {
		a.p[b.lo-a.lo+i] += weight * x
	}
	return a
}

// serve ends a service.
func (c *latticeMembers) serve() {
	for i := range c.laws {
		c.laws[i].lo--
	}
}

// leave takes out those with no more than level in the lane, and returns their mass.
func (c *latticeMembers) leave(level int) float64 {
	sum := 0.0
	for i, n := range c.laws {
		if len(n.p) == 0 || n.lo > level {
			continue
		}
		gone, rest := n.upTo(level)
		sum += gone
		c.laws[i] = rest
	}
	return sum
}

// among is the probability of no more than level in the lane.
func (c *latticeMembers) among(level int) (sum float64) {
	for _, n := range c.laws {
		gone, _ := n.upTo(level)
		sum += gone
	}
	return sum
}

func (c *latticeMembers) mass() float64 {
	sum := 0.0
	for i, n := range c.laws {
		m := n.mass()
		if sum += m; m < membersDrop {
			c.laws[i] = law{}
		}
	}
	return sum
}

// membersDrop is the probability of an index that is dropped.
const membersDrop = 1e-20

// As a state of [idleMembers].

func (c *latticeMembers) copied() idleState {
	state := *c
	state.laws, state.work = slices.Clone(c.laws), 0
	return &state
}

func (c *latticeMembers) empty() idleState {
	state := *c
	state.laws, state.work = make([]law, len(c.laws)), 0
	return &state
}

func (c *latticeMembers) done() float64 { return c.work }

func (c *latticeMembers) idle() {
	for i, n := range c.laws {
		if len(n.p) > 0 {
			c.laws[i] = n.lessOne()
		}
	}
}

func (c *latticeMembers) above(level int) idleState {
	rest := *c
	rest.laws, rest.work = make([]law, len(c.laws)), 0
	for i, n := range c.laws {
		if k := min(max(level+1-n.lo, 0), len(n.p)); k < len(n.p) {
			rest.laws[i] = law{n.lo + k, slices.Clone(n.p[k:])}
			c.laws[i] = law{n.lo, n.p[:k:k]}
		}
	}
	return &rest
}

func (c *latticeMembers) lower(services int) {
	for i := range c.laws {
		c.laws[i].lo -= services
	}
}

func (c *latticeMembers) begins(from idleState, at float64) {
	rate := rateOf(c.others, at)
	add := func(index, n int, w float64) {
		if w > 0 {
			c.laws[index] = c.laws[index].mixed(law{n, one}, w)
		}
	}
	for index, n := range from.(*latticeMembers).laws {
		if len(n.p) == 0 || n.lo > 0 {
			continue
		}
		none := n.p[0] * c.d
		add(index, 1, rate*none)
		for i, x := range c.pools {
			left := c.left(index, i)
			if left == 0 {
				continue
			}
			members, _ := members(x)
			all := float64(members)
			if rest := 1 - x.Count(0, at).Binomials[0].P; rest > 0 {
				add(index-c.radix[i], c.size[i], float64(left)*x.Rate(at)/(all*float64(c.size[i])*rest)*none)
			}
		}
	}
}

func (c *latticeMembers) idled(ends idleState) idleState {
	met := c.empty().(*latticeMembers)
	for i, n := range c.laws {
		if len(n.p) > 0 {
			met.laws[i] = law{0, []float64{math.Max(0, n.prob(0)-ends.(*latticeMembers).laws[i].prob(0))}}
		}
	}
	return met
}

func (c *latticeMembers) join(other idleState) {
	c.work += other.done()
	for i, n := range other.(*latticeMembers).laws {
		if len(n.p) > 0 {
			c.laws[i] = c.laws[i].mixed(n, 1)
		}
	}
}
