package queueing

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// latticeChain follows the number in the lane of one busy server whose services
// all take d from service end to service end, and takes out what is at the level
// at each, up to the last batch or to where rates are constant: from there on a
// [latticePassage] may be smooth from point to point, or its law in closed form,
// however many points it has. As [crommelin] does it moves
// those who are k above the level and more over k services at once. All terms
// are positive, so that rounding does not add up.
//
// A batch that comes at the very end of a service comes before it ends.
type latticeChain struct {
	crommelin
	of *latticePassage
	q  []float64 // passages at the end of each service
}

// chainFrom is the number of pairs of points from which on the chain is faster,
// and chainPairs about how many pairs take as long as a multiplication.
const (
	chainFrom  = 1e5
	chainPairs = 3e-2
)

// chained tells whether the chain is asked, and how many services it goes on for:
// as long as a law is not smooth, for batches come or rates vary where it begins,
// and as rates vary if it is as fast as a smooth law.
func (p *latticePassage) chained(first, varied, last int, tolerance float64) (services int, is bool) {
	if p.far > 0 && len(p.jumps) == 0 { // whose far tail it would cut
		return 0, false
	}
	n := float64(varied - first)
	if n*(float64(last-first)-n/2) < chainFrom || p.smoothFrom(first, varied, last, tolerance) == first && !p.broken(first, last) && p.chainWork(varied) > smoothPairs {
		return 0, false
	}
	if len(p.jumps) == 0 {
		return varied, true
	}
	until := p.start
	for _, j := range p.jumps {
		if j.At <= p.at(last) {
			until = j.At
		}
	}
	services = int((until-p.start)/p.d) + 1
	return min(services, last), true
}

// chainBreaks is the number of changes of the rate from which on no law between
// is worth to be called smooth.
const chainBreaks = 12

// broken tells whether rates change that often, and the chain does not take too
// long.
func (p *latticePassage) broken(first, last int) bool {
	return p.chainWork(last) < chainPairs*regularWork/8 && len(p.breaks(p.at(first), p.at(last))) > chainBreaks
}

// chainWork is about as many pairs of points as the chain takes as long as.
func (p *latticePassage) chainWork(services int) float64 {
	width := float64(len(p.from.p)) + 20*math.Sqrt(p.lane.cfg.Arrivals.Flow(p.start, p.at(services))+1)
	return chainPairs * float64(services) * width
}

// byChain is [latticePassage.solve] by the chain, so many services long.
func (p *latticePassage) byChain(services int, o SolveOptions) (first int, q []float64, err error) {
	defer catch(&err)
	p.chain = true
	c := newLatticeChain(p, services, o)
	n := c.follow(p.from, 0, services)
	rest := newLatticePassage(p.lane, p.at(services), n, p.level)
	if rest.from.mass() < lawEpsilon {
		return 1, c.q[1:], nil
	}
	rest.reach, rest.jumps = p.reach, nil // others come after the window
	later, tail, err := rest.solve(o)
	if err != nil {
		return 0, nil, err
	}
	switch early, wide := floats.Sum(c.q), services+later+len(tail) > latticeRoom; {
	case early == 0 || wide && early < lawEpsilon: // nothing comes before
		return services + later, tail, nil
	case wide:
		return 0, nil, &UnsupportedError{DrainDensity, fmt.Sprintf("its law has points %d services apart", later)}
	}
	all := append(c.q, make([]float64, later+len(tail)-1)...)
	for i, x := range tail {
		all[services+later+i] = x
	}
	return 1, all[1:], nil
}

// latticeRoom is the number of points that a law lists, those without mass included.
const latticeRoom = 4 * latticeMost

func newLatticeChain(p *latticePassage, services int, o SolveOptions) *latticeChain {
	c := &latticeChain{of: p, q: make([]float64, services+1)}
	c.crommelin = crommelin{lane: p.lane, d: p.d, up: p.start, cut: lawEpsilon, check: o.check, most: regularWork}
	return c
}

// follow is the law above the level so many services after the i-th end.
func (c *latticeChain) follow(n law, i, services int) law {
	for services > 0 && n.mass() > 0 {
		k := min(services, max(1, n.lo-c.of.level-1, len(n.p)/crommelinBlock))
		n = c.step(n, i, k)
		i, services = i+k, services-k
	}
	return n
}

// step moves a law over k services.
func (c *latticeChain) step(n law, i, k int) law {
	c.check()
	from, to := c.of.at(i), c.of.at(i+k)
	arrived := c.arrived(from, to, from+crommelinSnap*c.d, to+crommelinSnap*c.d)
	if k == 1 {
		n.lo--
		drained, left := c.convolve(n, arrived).upTo(c.of.level)
		c.q[i+1] += drained
		return left
	}
	few, many := n.upTo(c.of.level + k)
	many.lo -= k
	many = c.convolve(many, arrived)
	if few == 0 {
		return many
	}
	return c.follow(n.below(c.of.level+k), i, k).or(many)
}
