package queueing

import (
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/markov"
)

// memberChain follows the chain of a lane, with phases or several exponential servers,
// whose finite streams have few members, by how many of each have come. With N members
// in all, of which each comes at an instant of density f(t) and has come by t with
// probability F(t), let p_k be the law of the chain together with k members having come.
// In
//
//	p_k = C(N,k) (1-F)^(N-k) g_k
//
// the rates (N-k) f/(1-F) at which the others come, which have no bound where a delay
// has an end, drop out of the forward equations:
//
//	dg_k/dt = g_k (A + b(t) (U - 1)) + k f(t) g_(k-1) U^r,
//
// A the services, b the rate of what comes one by one beside the pools, U an arrival
// and r the size of the groups. g_k is what k requests that have come for sure make of
// the chain, and so the k-th derivative in M of e^M F(M) at M = 0, F(M) that of
// [circle]: here nothing is complex, all terms are positive, and no number of points
// has an error. Several pools have an index each. What is drained goes on to count
// the members that come. Held members that are let go at one instant, each with
// probability F, make g_k = sum over j of C(k,j) F^j g_(k-j) U^(jr).
type memberChain struct {
	*circle           // the lane, what a step takes, and the instant; its points are not used
	counts  []int     // N of each pool
	radix   []int     // of an index: a member of pool i that has come counts for so many
	choose  []float64 // of an index: ln of the number of ways in which those may have come
	loose   []bool    // of each pool: whether nothing of it is held any more
	never   []float64 // the probability that a member of each pool does not come at all
	laws    []comers  // g, by the members that have come
}

// comers is the chain where so many have come: p[k*phases+i] is lo+k requests, phase i.
type comers struct {
	lo   int
	p    []float64
	gone float64 // drained
}

const (
	membersIndices = 4000 // numbers of members that have come
	neverLeast     = 1e-12
	membersStates  = 2e7 // of all indices and terms of a step: 160 MB
)

// byNumbers is the law of T followed so, and what it took.
func (p problem) byNumbers(open []int, law markov.PhaseType, most float64) (Drain, float64, error) {
	c, _, err := p.circleOf(open, law, nil)
	if err != nil {
		return Drain{}, 0, err
	}
	indices := c.numbers()
	if indices > membersIndices {
		return Drain{}, 0, &UnsupportedError{Chain, fmt.Sprintf("its finite streams may have sent more than %d numbers of requests", membersIndices)}
	}
	f := &memberChain{circle: c}
	radix := 1
	for i, s := range c.pools {
		n := int(c.members[i])
		f.counts, f.radix, f.loose = append(f.counts, n), append(f.radix, radix), append(f.loose, len(s.Jumps()) == 0)
		radix *= n + 1
		come := s.Flow(0, math.Inf(1))
		for _, j := range s.Jumps() {
			come += j.Size.Mean()
		}
		never := 1 - come/f.groupsOf(i)
		if never < neverLeast {
			never = 0
		}
		f.never = append(f.never, never)
	}
	f.laws, f.choose = make([]comers, indices), make([]float64, indices)
	for index := range f.choose {
		for i, n := range f.counts {
			f.choose[index] += lchoose(n, f.come(index, i))
		}
	}
	f.laws[0] = comersOf(c.points[0])
	c.points, c.most = nil, most
	p.effort = newEffort(most)
	d, err := followLane(c.lane, f, p.begin, p.SolveOptions)
	d.groups = true
	d.Reason = "the chain's states are followed one by one, for each number of members of its finite streams that may have come"
	return d, c.work, err
}

// numbers is how many numbers of members there are that may have come, far too many if
// they are let go more than once.
func (c *circle) numbers() int {
	indices := 1
	for i, s := range c.pools {
		if n := c.members[i]; n > membersIndices || len(s.Jumps()) > 1 || indices > membersIndices {
			return math.MaxInt
		}
		indices *= int(c.members[i]) + 1
	}
	return indices
}

func comersOf(pt circlePoint) comers {
	x := comers{lo: pt.lo, p: make([]float64, len(pt.p)), gone: real(pt.absorbed)}
	for i, v := range pt.p {
		x.p[i] = real(v)
	}
	return x
}

// come is how many of pool i have come at an index.
func (c *memberChain) come(index, i int) int {
	return index / c.radix[i] % (c.counts[i] + 1)
}

// weight is that of g in p at an instant, from the logarithms of [memberChain.left].
func (c *memberChain) weight(index int, left []float64) float64 {
	if len(c.counts) == 0 {
		return 1
	}
	sum := c.choose[index]
	for i, n := range c.counts {
		if k := c.come(index, i); k < n {
			sum += float64(n-k) * left[i]
		}
	}
	return math.Exp(sum)
}

// left is, of each pool, ln of the probability that a member has not come by t.
func (c *memberChain) left(t float64) []float64 {
	out := make([]float64, len(c.pools))
	for i, s := range c.pools {
		if c.loose[i] && t >= s.Begins() {
			out[i] = math.Log(math.Min(1, c.never[i]+s.Flow(t, math.Inf(1))/c.groupsOf(i)))
		}
	}
	return out
}

// lchoose is ln C(n,k).
func lchoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	d, _ := math.Lgamma(float64(n - k + 1))
	return a - b - d
}

func (c *memberChain) summed(of func(x comers) float64) float64 {
	left, sum := c.left(c.t), 0.0
	for index, x := range c.laws {
		if y := of(x); y > 0 {
			sum += c.weight(index, left) * y
		}
	}
	return sum
}

func (c *memberChain) Absorbed() float64 {
	return c.summed(func(x comers) float64 { return x.gone })
}

func (c *memberChain) Remaining() float64 {
	return c.summed(func(x comers) (sum float64) {
		for _, v := range x.p {
			sum += v
		}
		return sum
	})
}

func (c *memberChain) Mark() (back func()) {
	laws, loose, inner := slices.Clone(c.laws), slices.Clone(c.loose), *c.circle
	counts, radix := c.counts, c.radix
	return func() {
		work := c.work
		*c.circle = inner
		c.work = work
		c.laws, c.loose = slices.Clone(laws), slices.Clone(loose)
		c.counts, c.radix = counts, radix
	}
}

// arrive adds a batch and what pools let go then.
func (c *memberChain) arrive(size Count) error {
	if c.early {
		return nil
	}
	batch := size.law()
	for index, x := range c.laws {
		sum := comers{gone: x.gone}
		for i, w := range batch.p {
			if w > 0 {
				sum = c.plus(sum, c.raised(x, batch.lo+i), w)
			}
		}
		c.laws[index] = sum
	}
	for i, s := range c.pools {
		if !c.loose[i] && s.Begins() <= c.t {
			c.loose[i] = true
			c.letGo(i, 1-c.never[i]-s.Flow(c.t, math.Inf(1))/c.groupsOf(i))
		}
	}
	return nil
}

// groupsOf is the requests of pool i.
func (c *memberChain) groupsOf(i int) float64 {
	return c.members[i] * float64(c.sizes[c.groups[i]])
}

// letGo lets each member of pool i come with probability due, none of which has come.
func (c *memberChain) letGo(i int, due float64) {
	size := c.sizes[c.groups[i]]
	for index, x := range c.laws {
		if c.come(index, i) > 0 {
			continue
		}
		for k := 1; k <= c.counts[i]; k++ {
			w := math.Pow(due, float64(k))
			others := 1.0 // still to come
			if k < c.counts[i] {
				others = math.Exp(lchoose(c.counts[i], k) + float64(c.counts[i]-k)*math.Log1p(-due))
			}
			if others*w > 0 {
				c.laws[index+k*c.radix[i]] = c.plus(comers{gone: w * x.gone}, c.raised(x, k*size), w)
			}
		}
	}
}

// raised is the chain with so many more requests, without what is drained.
func (c *memberChain) raised(x comers, by int) comers {
	if by == 0 || len(x.p) == 0 || x.lo > 0 {
		return comers{lo: x.lo + by, p: x.p}
	}
	m := c.service.Phases()
	next := comers{lo: by, p: slices.Clone(x.p)}
	clear(next.p[:m])
	c.enters(next.p[:m], by, x.p[0])
	return next
}

// enters adds mass to n requests of which one begins its service.
func (c *memberChain) enters(to []float64, n int, mass float64) {
	if n == 0 {
		to[0] += mass
		return
	}
	for i, a := range c.service.Initial {
		to[i] += a * mass
	}
}

// plus adds another part with a weight, but for what is drained.
func (c *memberChain) plus(x, part comers, w float64) comers {
	if len(part.p) == 0 {
		return x
	}
	m := c.service.Phases()
	if len(x.p) == 0 {
		x.lo = part.lo
	}
	lo, hi := min(x.lo, part.lo), max(x.lo+len(x.p)/m, part.lo+len(part.p)/m)
	p := make([]float64, (hi-lo)*m)
	copy(p[(x.lo-lo)*m:], x.p)
	to := p[(part.lo-lo)*m:]
	for i, v := range part.p {
		to[i] += w * v
	}
	return comers{lo, p, x.gone}
}

func (c *memberChain) drained(level int) float64 {
	c.level = level
	m := c.service.Phases()
	before := c.Absorbed()
	for index := range c.laws {
		x := &c.laws[index]
		var gone float64
		gone, x.lo, x.p = upTo(level, x.lo, x.p, m)
		x.gone += gone
	}
	return c.Absorbed() - before
}

func (c *memberChain) Advance(t float64) error {
	_, err := c.Trace(t, nil)
	return err
}

// Trace goes on to t and gives the density of absorption at instants, in order,
// on the way.
func (c *memberChain) Trace(t float64, at []float64) (density []float64, err error) {
	return c.trace(t, at, func(s circleStep) error {
		c.unite()
		to := t
		for _, pool := range c.pools {
			if begins := pool.Begins(); begins > c.t {
				to = math.Min(to, begins)
			}
		}
		return c.stride(to, s, c.follow)
	})
}

// unite adds all numbers up once what is still to come hardly matters, as
// [circle.unite] does.
func (c *memberChain) unite() {
	left := 0.0
	for i, s := range c.pools {
		if !c.loose[i] {
			return
		}
		left += s.Flow(c.t, math.Inf(1))
	}
	if len(c.pools) == 0 || left > circleSpent {
		return
	}
	rest := left * c.Remaining()
	if rest > circleLeft*c.digits {
		return
	}
	c.err += rest
	sum, of := comers{}, c.left(c.t)
	for index, x := range c.laws {
		if len(x.p) > 0 || x.gone > 0 {
			w := c.weight(index, of)
			sum = c.plus(sum, x, w)
			sum.gone += w * x.gone
		}
	}
	c.pools, c.counts, c.radix, c.loose, c.laws = nil, nil, nil, nil, []comers{sum}
	c.sizes = []int{1}
}

// rest is the density of what is still to drain, once all numbers are one.
func (c *memberChain) rest(o SolveOptions) (panels []panel, ok bool) {
	if c.unite(); len(c.pools) > 0 {
		return nil, false
	}
	x := c.laws[0]
	pt := circlePoint{weight: 1, lo: x.lo, p: make([]complex128, len(x.p))}
	for i, v := range x.p {
		pt.p[i] = complex(v, 0)
	}
	c.points = []circlePoint{pt}
	return c.circle.rest(o)
}
