package queueing

import (
	"fmt"
	"math"
	"slices"
)

// serviceEnds are those of a server whose services all take d and which is busy until
// overload has ended, whatever the numbers in its finite streams and the sizes of their
// groups: [latticePoints] without what idles, from an instant on before which the lane is
// surely not drained.
//
// Several pools, and large ones, take the few points of [problem.byHermite] where those
// will do.
type serviceEnds struct {
	latticePoints
	level       int
	first, last int     // service ends before which, and after which, T is not
	each        float64 // multiplications of a point
}

const (
	busyEnd   = 45.0  // -ln of the chance that T is before, as if requests came by themselves
	busyParts = 8     // in which points are followed side by side
	busyWork  = 3e10  // multiplications that they may take: some eight seconds on two processors
	busyLeft  = 1e-14 // chance of an idle server that is none, and of T after the last end
)

// byBusyPoints is the law of T for one deterministic server that is surely busy until
// overload ends.
func (p problem) byBusyPoints() (d Drain, err error) {
	defer catch(&err)
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{DrainDensity, why} }
	s, is := p.cfg.Service.(Deterministic)
	if !is || p.FinalServers() > 1 || p.PoissonPools || p.coarse() || p.Method != Auto && p.Method != DrainDensity {
		return refuse("it is not one server with equal services and finite streams")
	}
	p, open, err := p.remembering().settled()
	if err != nil {
		return Drain{}, err
	}
	if len(open) == 0 || p.known != nil {
		return refuse("it has no finite streams, or was empty before")
	}
	c := &serviceEnds{latticePoints: latticePoints{problem: p, d: s.Time, apart: true, limit: busyWork}, level: p.Level(math.Inf(1))}
	if err := c.send(open); err != nil {
		return Drain{}, err
	}
	if err := c.frame(open); err != nil {
		return Drain{}, err
	}
	afford := func(points int) bool { return c.each*float64(points) <= busyWork }
	d, err = p.byHermite(open, func(rings [][]ringPoint) (Drain, error) { return c.at(c.lifted(open, rings)) }, afford)
	if err == nil && d.AbsError < fixClaim || err != nil && !unsupported(err) {
		return d, err
	}
	all, left := c.fewerOf(open, 0, c.end(c.first), afford)
	if all == nil {
		return refuse("its finite streams have too many members to follow")
	}
	d, err = c.at(all)
	if d.AbsError += left; err == nil && !(d.AbsError < fixClaim) {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("what is found for complex means is off by %.1g", d.AbsError)}
	}
	return d, err
}

// frame finds where T is, and what one point takes, at the pools' own means.
func (c *serviceEnds) frame(open []int) error {
	p, err := c.problem, error(nil)
	for _, i := range open {
		if p, err = p.withMean(i, 1); err != nil {
			return err
		}
	}
	up := c.cfg.DownFor
	q := newLatticePassage(p.Lane, up, c.Initial().Plus(c.cfg.Arrivals.batches(0, up)).law(), c.level)
	hi := q.latest(windowExponent * float64(c.largestGroup()))
	if len(q.from.p) == 0 || math.IsInf(hi, 1) {
		return &UnsupportedError{DrainDensity, "it may be drained at once, or never"}
	}
	c.first = max(0, int((q.earliest(hi, busyEnd*float64(c.largestGroup()))-up)/c.d)-1)
	c.last = c.first + latticeMost
	rows, work := c.follow(onePoint(len(c.pools)))
	c.last, c.each = c.first+len(rows), work
	return nil
}

// lifted are the points of rings, whose weights are over e^(Re M - |M|).
func (c *serviceEnds) lifted(open []int, rings [][]ringPoint) []circlePoint {
	all := onePoint(len(open))
	numbers := make([]float64, len(open))
	for k, i := range open {
		n, _ := members(c.cfg.Arrivals.streams[i].Source)
		numbers[k] = float64(n)
		all = times(all, k, rings[k])
	}
	overModuli(all, numbers)
	return all
}

// at adds the points up.
func (c *serviceEnds) at(points []circlePoint) (Drain, error) {
	parts := min(busyParts, len(points))
	rows := make([][][]complex128, parts)
	if err := sideBySide(parts, func(i int) error {
		rows[i], _ = c.follow(points[i*len(points)/parts : (i+1)*len(points)/parts])
		return nil
	}); err != nil {
		return Drain{}, err
	}
	q := make([]float64, c.last-c.first)
	total := 0.0
	for i := range rows {
		weights := weightsOf(points[i*len(points)/parts : (i+1)*len(points)/parts])
		for k, row := range rows[i] {
			q[k] += weighted(row, weights)
		}
	}
	for _, x := range q {
		total += x
	}
	d := Drain{Distribution: newLattice(c.cfg.DownFor, c.d, c.first+1, q), Method: DrainDensity, Quality: Exact, groups: true,
		Reason: evenlySpaced + ", and the number in the lane is followed for complex means that fix the numbers in its finite streams"}
	d.AbsError = math.Max(netError*math.Abs(1-total), 1e-13)
	return d, nil
}

// follow is the mass of each service end after the first at each point, up to the last,
// or to where at one point nothing is left; and what it takes. What is so far up that T
// cannot be in a block of services leaps over it.
func (c *serviceEnds) follow(points []circlePoint) (rows [][]complex128, work float64) {
	state := c.latticePoints
	state.points, state.all = points, points
	state.rest = state.toCome(0)
	state.laws = slices.Repeat([]complexLaw{complexOf(c.Initial().law())}, len(points))
	state.arrive(0, c.end(c.first))
	state.lower(c.first)
	alone := len(points) == 1 && points[0].means[0] == 1
	c.surely(state.gone(c.level), alone)
	for k := c.first; k < c.last && !(alone && span(state.laws[0].sum()) < busyLeft); k += leapServices {
		services := min(leapServices, c.last-k)
		above := overLeapt(&state, c.level, services, c.end(k), c.end(k+services))
		for i := k + 1; i <= k+services; i++ {
			rows = append(rows, c.serviceEnd(&state, i, alone))
		}
		state.join(above)
	}
	return rows, state.work
}

// end of the k-th service.
func (c *serviceEnds) end(k int) float64 { return c.cfg.DownFor + float64(k)*c.d }

// serviceEnd goes on to the end of the k-th service, and returns what is drained then.
func (c *serviceEnds) serviceEnd(state *latticePoints, k int, alone bool) []complex128 {
	c.check()
	state.serve()
	state.arrive(c.end(k-1), c.end(k))
	if !(Until(c.end(k)) < c.begin) {
		return state.gone(c.level)
	}
	c.surely(state.gone(0), alone)
	return make([]complex128, len(state.points))
}

// surely refuses what may idle, or be drained, before that is looked for.
func (c *serviceEnds) surely(gone []complex128, alone bool) {
	for _, x := range gone {
		if alone && span(x) > busyLeft {
			panic(stopped{c.mayIdle()})
		}
	}
}

// gone takes out those with no more than level in the lane, and returns their mass at
// each point, but for its weight.
func (c *latticePoints) gone(level int) []complex128 {
	out := make([]complex128, len(c.laws))
	for j, n := range c.laws {
		gone, lo, rest := upTo(level, n.lo, n.p, 1)
		out[j] = gone * complex(c.still(j), 0)
		c.laws[j] = complexLaw{lo, rest}
	}
	return out
}
