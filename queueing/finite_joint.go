package queueing

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// joint undoes the randomness of several pools' numbers at once. Fixing them
// one inside the other would take a number of solves that grows with a power
// of their count. The normal quantile z of P(T <= t) is nearly linear in the
// pools' means x_1, x_2, …, so that it is taken for
//
//	z(x) = z(0) + sum_i (z(x_i) - z(0)) + sum_(i<j) c_ij x_i x_j
//
// from solves with one mean moved and, for each c_ij, one with two; then each
// number is fixed as in [finite]. What is left out are products of three
// deviations and of higher powers of two.
type joint struct {
	middle *Drain
	pools  []jointPool
	corner map[[2]int]*Drain // both means at jointCorner
	crude  bool              // no products, to see what they change
	linear bool              // nor any other powers
	error  float64           // largest AbsError of the laws
	broken float64           // what continuations that break off may be off by, so far
}

type jointPool struct {
	finite
	fix    fixing
	drains []*Drain // at half cos(pi k/jointNodes)
	spread float64  // standard deviation of the number over half
}

const (
	jointNodes = 2
	jointReach = 1.0 // half over sqrt(N)
)

// jointLeast is the probability below which the middle law's value is taken:
// z is far from linear there.
const jointLeast = 1e-13

// jointCorner is the node at which two means are moved together.
const jointCorner = 0

// jointly solves for the streams that are open, for the problem's own lane and
// for others that differ from it only in the numbers of those streams' members:
// the same surface does for all.
func (p problem) jointly(open []int, solve func(problem) (Drain, error), lanes ...*Lane) ([]Drain, error) {
	p.Tolerance = math.Max(p.tolerance()/4, 1e-12)
	at := func(nodes map[int]int) (*Drain, error) {
		q := p
		q.effort = p.effort.share(1 + len(open)*(len(open)+3)/2)
		for _, i := range open {
			f, mean := p.inJoint(i), 1.0
			if k, moved := nodes[i]; moved {
				mean += f.half * math.Cos(math.Pi*float64(k)/jointNodes) / f.members
			}
			var err error
			if q, err = q.withMean(i, mean); err != nil {
				return nil, err
			}
		}
		d, err := solve(q)
		return &d, err
	}
	gather := p.gather
	if p.coarse() {
		gather = p.gatherCoarsely
	}
	j, err := gather(open, at)
	if err != nil {
		return nil, err
	}
	if d, all := sure(j.laws()); all {
		out := make([]Drain, len(lanes))
		for i := range out {
			out[i] = d
		}
		return out, nil
	}
	_, smooth := j.middle.Distribution.(*curve)
	out := make([]Drain, len(lanes))
	for i, l := range lanes {
		if !smooth {
			q := p
			q.Lane = l
			if out[i], err = q.fixing(solve, open); err != nil {
				return nil, err
			}
			continue
		}
		j.fix(l, open)
		d := mixedLaw(j.mix, j.laws(), *j.middle, j.left(), rightOf(p.coarse()))
		out[i] = p.finite(open[0]).orPoisson(d, *j.middle)
	}
	return out, nil
}

// fix takes the numbers of members from a lane.
func (j *joint) fix(l *Lane, open []int) {
	for k, i := range open {
		pool := &j.pools[k]
		n, _ := members(l.cfg.Arrivals.streams[i].Source)
		pool.fix = newFixing(float64(n), pool.members, pool.half, jointNodes, pool.coarse())
		pool.spread = math.Sqrt(float64(n)) / pool.half
	}
}

// inJoint moves the mean by less than a pool by itself does, since several are
// moved at once.
func (p problem) inJoint(stream int) finite {
	f := p.finite(stream)
	f.half *= jointReach / finiteReach
	return f
}

// gather solves for all the means that are needed, side by side.
func (p problem) gather(open []int, at func(map[int]int) (*Drain, error)) (*joint, error) {
	var moves []map[int]int // the largest means first, which are refused first
	for a, i := range open {
		for _, other := range open[:a] {
			moves = append(moves, map[int]int{i: jointCorner, other: jointCorner})
		}
	}
	for _, i := range open {
		moves = append(moves, map[int]int{i: 0})
	}
	moves = append(moves, nil)
	for _, i := range open {
		moves = append(moves, map[int]int{i: jointNodes})
	}
	laws, err := eachMoved(len(moves), at, func(k int) map[int]int { return moves[k] })
	if err != nil {
		return nil, err
	}
	j := &joint{corner: map[[2]int]*Drain{}}
	next := func() *Drain {
		d := laws[0]
		laws = laws[1:]
		return d
	}
	for a := range open {
		for b := range a {
			j.corner[[2]int{b, a}] = next()
		}
	}
	for _, i := range open {
		j.pools = append(j.pools, jointPool{finite: p.inJoint(i), drains: []*Drain{next(), nil, nil}})
	}
	j.middle = next()
	for k := range open {
		j.pools[k].drains[1], j.pools[k].drains[2] = j.middle, next()
	}
	return j.measured(), nil
}

// measured notes the largest error of the laws.
func (j *joint) measured() *joint {
	for _, d := range j.laws() {
		j.error = math.Max(j.error, d.AbsError)
	}
	return j
}

// laws are all that were solved.
func (j *joint) laws() []*Drain {
	all := []*Drain{j.middle}
	for _, pool := range j.pools {
		all = append(all, pool.drains...)
	}
	for b := range j.pools {
		for a := range b {
			if d := j.corner[[2]int{a, b}]; d != nil {
				all = append(all, d)
			}
		}
	}
	return all
}

// left estimates what is left out from what the products of two deviations have
// changed: those are of the second order, what is left out is of the third. One
// pool cut in parts shows a tenth of them. Where z bends for each pool by itself the
// third order is the power 3/2 of what all that is of the second has changed: up to
// 0.8 of it was seen against circles, 1.3 for 20 members, and 4.6 between the humps of
// laws that have two.
func (j *joint) left() float64 {
	crude, linear := *j, *j
	crude.crude = true
	linear.crude, linear.linear = true, true
	products, all := 0.0, 0.0
	j.broken = 0
	for _, t := range probes(*j.middle) {
		full := j.mix(below(t))
		products = math.Max(products, math.Abs(full-crude.mix(below(t))))
		all = math.Max(all, math.Abs(full-linear.mix(below(t))))
	}
	broken := j.broken
	fewest := math.Inf(1)
	for _, pool := range j.pools {
		fewest = math.Min(fewest, pool.members)
	}
	third := (1 + jointFew/fewest) * math.Pow(all, 1.5)
	if c, is := j.middle.Distribution.(*curve); is && c.humped() {
		third *= jointHumps
	}
	return math.Max(math.Max(jointProducts*products, third), broken)
}

// What is left of products and of the third order, of which more was seen where pools
// are small or a law has two humps.
const jointProducts, jointFew, jointHumps = 0.3, 10, 5

// humped tells whether the density falls and rises again.
func (c *curve) humped() bool {
	const points, deep = 400, 0.8
	lo, hi := c.Quantile(1e-4), c.Quantile(1-1e-4)
	high, low := 0.0, math.Inf(1)
	for i := range points {
		f := c.density(lo + (hi-lo)*(float64(i)+0.5)/points)
		switch {
		case f > high:
			high, low = f, f
		case f < low:
			low = f
		}
		if low < deep*high && f*deep > low && f > 1e-3*high {
			return true
		}
	}
	return false
}

// mix is the probability with fixed numbers.
func (j *joint) mix(of side) float64 {
	p, q := of(j.middle)
	if q < p {
		return 1 - j.small(func(d *Drain) (float64, float64) { x, y := of(d); return y, x })
	}
	return j.small(of)
}

func (j *joint) small(of side) float64 {
	s := surface{joint: j}
	p, _ := of(j.middle)
	least, most := p, p
	z := func(d *Drain) float64 {
		x, _ := of(d)
		least, most = math.Min(least, x), math.Max(most, x)
		q := mathext.NormalQuantile(math.Min(math.Max(x, 1e-300), 1-1e-16))
		s.noise = math.Max(s.noise, math.Min(j.error, 1e-6*x+1e-14)*math.Sqrt(2*math.Pi)*math.Exp(q*q/2))
		return q
	}
	s.middle = z(j.middle)
	s.read(z)
	if least < jointLeast {
		return p
	}
	return math.Min(math.Erfc(-s.fixed(nil, s.middle)/math.Sqrt2)/2, fixedMost*most)
}

// read takes what each pool, and each pair, does to z from their laws.
func (s *surface) read(z func(*Drain) float64) {
	j := s.joint
	s.moves(z)
	s.product = make([][]float64, len(j.pools))
	x := math.Cos(math.Pi * jointCorner / jointNodes)
	for b := range j.pools {
		s.product[b] = make([]float64, b)
		for a := range b {
			corner := j.corner[[2]int{a, b}]
			if corner == nil {
				s.product[b][a] = s.bent(a, b)
				continue
			}
			both := z(corner) - s.middle
			s.product[b][a] = (both - s.moved[a][jointCorner] - s.moved[b][jointCorner]) / (x * x)
		}
	}
}

// surface is z as a function of the pools' means, for one event.
type surface struct {
	*joint
	middle, noise float64
	moved         [][]float64 // z(x_i) - z(0) at the nodes
	product       [][]float64 // c_ij of pools i > j, in units of the nodes
}

// moves takes what each pool does by itself.
func (s *surface) moves(z func(*Drain) float64) {
	for _, pool := range s.pools {
		row := make([]float64, len(pool.drains))
		for k, d := range pool.drains {
			row[k] = z(d) - s.middle
		}
		s.moved = append(s.moved, row)
	}
}

// fixed is the normal quantile with the pools from len(at) on fixed and those
// before at the nodes x; z is what their deviations have made so far.
func (s surface) fixed(x []float64, z float64) float64 {
	i := len(x)
	if i == len(s.pools) {
		return z
	}
	if s.idle(i) {
		return s.fixed(append(x[:i:i], 0), z)
	}
	var quantiles []float64
	for k := 0; k <= jointNodes; k++ {
		here := math.Cos(math.Pi * float64(k) / jointNodes)
		at := z + s.moved[i][k]
		for j, other := range x {
			if !s.crude {
				at += s.product[i][j] * other * here
			}
		}
		quantiles = append(quantiles, s.fixed(append(x[:i:i], here), at))
	}
	fix := s.pools[i].fix
	if s.linear {
		fix = fix.linearly()
	}
	p, off := fix.continued(quantiles, s.noise)
	s.joint.broken = math.Max(s.joint.broken, off)
	if !(p > jointLeast) { // rounding has eaten it; linear z are fixed by their variance
		n := len(quantiles) - 1
		slope := (quantiles[0] - quantiles[n]) / 2 * s.pools[i].spread
		return quantiles[n/2] / math.Sqrt(math.Max(0.01, 1-slope*slope))
	}
	return mathext.NormalQuantile(math.Min(math.Max(p, 1e-300), 1-1e-16))
}

// idle tells whether a pool changes nothing: its number may be any.
func (s surface) idle(i int) bool {
	for _, d := range s.pools[i].drains {
		if d != s.joint.middle {
			return false
		}
	}
	return true
}
