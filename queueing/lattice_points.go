package queueing

import (
	"cmp"
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// latticePoints is the state of [idleMembers] at complex means: as on a [circle] the pools
// are Poisson streams of means on circles about 0, and what is found at the points adds up
// to the law of fixed numbers. The state is n alone, whose laws at service ends,
//
//	n(t+d) = (n(t) - 1)^+ + A(t,t+d],
//
// are as well those of complex A, for any number of members.
//
// Services that are equal spread nothing, so that F(M) need not fall along the circle, and
// all points are followed up to the end of overload. What has come with the mean M makes
// laws of a size of up to e^(|M| - Re M), which weights take back: both are left out of
// them, but for what is still to come. Points at which all P(n <= k) are next to nothing
// when overload ends are then left out from the beginning: what comes later hardly makes
// them larger.
type latticePoints struct {
	problem
	d      float64
	others []Source
	pools  []Source
	size   []int         // requests that come with a member
	points []circlePoint // while pools send; one before and after
	all    []circlePoint
	after  bool
	apart  bool         // points are not added up, nor one made all
	laws   []complexLaw // of n, at each point, over e^(|M| - Re M) of what has come
	rest   []float64    // members of each pool that are still to come, in the mean
	work   float64
	limit  float64 // of it
}

// complexLaw has p[k] for lo+k.
type complexLaw struct {
	lo int
	p  []complex128
}

const (
	pointsLeft  = 1e-11 // error of the points of each pool, at least
	pointsMost  = 6000  // points
	pointsReach = 1e6   // standard deviations of a Poisson number: all of a circle
	pointsCut   = 1e-18 // of a point's law that is left out at an end
	pointsCost  = 4.0   // multiplications of a complex one
	// pointsWork are those that points may take: some twelve seconds.
	pointsWork, pointsCoarse = 5e10, 1e8
)

// byIdlePoints is the law of T for one deterministic server that may be drained before
// overload ends, whatever the number of members to come.
func (p problem) byIdlePoints() (d Drain, err error) {
	defer catch(&err)
	if _, is := p.cfg.Service.(Deterministic); !is || p.FinalServers() > 1 || p.PoissonPools {
		return Drain{}, &UnsupportedError{DrainDensity, "it is not one server with equal services and finite streams"}
	}
	p, open, err := p.remembering().settled()
	if err != nil {
		return Drain{}, err
	}
	if len(open) == 0 {
		return Drain{}, &UnsupportedError{DrainDensity, "it has no finite streams"}
	}
	state := &latticePoints{problem: p, d: p.cfg.Service.(Deterministic).Time}
	left, err := state.place(open)
	if err != nil {
		return Drain{}, err
	}
	c, err := p.idleAtFirst(state.others)
	if err != nil {
		return Drain{}, err
	}
	if !p.mayDrainEarly(c.up, open) {
		return Drain{}, &UnsupportedError{DrainDensity, "it is not drained before overload ends"}
	}
	if c.most = pointsWork; p.coarse() {
		c.most = pointsCoarse
	}
	state.limit = c.most
	state.enter(c.up)
	c.first = state
	left += c.fewer(state)
	d, err = c.law()
	d.AbsError += left
	d.Reason += ", for complex means that fix the numbers in its finite streams"
	return d, err
}

// mayDrainEarly tells whether the server, up at an instant, may be at its level before
// begin.
func (p problem) mayDrainEarly(up float64, open []int) bool {
	for _, i := range open {
		var err error
		if p, err = p.withMean(i, 1); err != nil {
			return false
		}
	}
	b := p.starting()
	drained, _ := b.now.upTo(p.Level(math.Inf(1)))
	q := newLatticePassage(p.Lane, up, b.now, p.Level(math.Inf(1)))
	return drained > math.Exp(-sureExponent) || p.risky(&q.busyPassage)
}

// place puts points on the circles, and says what they leave.
func (c *latticePoints) place(open []int) (left float64, err error) {
	eps := math.Max(c.tolerance()/20, pointsLeft)
	c.points, c.all = onePoint(len(open)), onePoint(len(open))
	if err := c.send(open); err != nil {
		return 0, err
	}
	c.rest = c.toCome(0)
	if some, rest := c.fewerOf(open, c.filling(), c.begin, func(int) bool { return true }); len(some) > 0 && len(some) <= pointsMost {
		c.all = some
		return rest, nil
	}
	for k, i := range open {
		n, _ := members(c.cfg.Arrivals.streams[i].Source)
		ring := fullRing(float64(n), eps)
		if len(c.all)*len(ring) > pointsMost {
			return 0, &UnsupportedError{DrainDensity, "its finite streams have too many members to follow where it may idle"}
		}
		c.all = times(c.all, k, ring)
		left += eps
	}
	return left, nil
}

// send tells the streams that are open from the others.
func (c *latticePoints) send(open []int) error {
	for i, st := range c.cfg.Arrivals.streams {
		if !slices.Contains(open, i) {
			c.others = append(c.others, st.Source)
			continue
		}
		n, size := members(st.Source)
		if float64(n)*float64(size) > pointsRequests {
			return &UnsupportedError{DrainDensity, fmt.Sprintf("the requests of %q are more than %.0e", st.Name, pointsRequests)}
		}
		c.pools, c.size = append(c.pools, st.Source), append(c.size, size)
	}
	return nil
}

// pointsRequests of a stream are the most whose numbers are followed one by one.
const pointsRequests = 1e9

// fewerOf are the points of [ringsOf], F falling along the circles as beside services whose
// SCV is that of the requests from other streams: their variance from one instant to
// another over the mean number from pools. There are none if none are as few as may be.
func (c *latticePoints) fewerOf(open []int, from, to float64, few func(points int) bool) (all []circlePoint, left float64) {
	var numbers []float64
	requests := 0.0
	for k, i := range open {
		n, size := members(c.cfg.Arrivals.streams[i].Source)
		numbers = append(numbers, float64(n))
		requests += c.sends(c.pools[k], from, to) * float64(size)
	}
	scv := countOf(c.others, from, to).Variance() / math.Max(1, requests)
	for _, eps := range c.mayLeave(len(open)) {
		points, left := ringsOf(numbers, c.size, math.Max(scv, pointsSpread), eps, volterraGain)
		if points == nil || !few(len(points)) {
			continue
		}
		overModuli(points, numbers)
		return points, left
	}
	return nil, 0
}

// overModuli takes weights over e^(Re M - |M|), which laws leave out.
func overModuli(points []circlePoint, members []float64) {
	for j := range points {
		for k, n := range members {
			m := points[j].means[k]
			points[j].weight *= complex(math.Exp(n*(cmplx.Abs(m)-real(m))), 0)
		}
	}
}

// pointsSpread is an SCV with which all of a circle counts.
const pointsSpread = 1e-3

// fullRing is all of a circle, with weights over e^(Re M - |M|).
func fullRing(n, eps float64) []ringPoint {
	ring := ringOf(n, pointsReach, eps)
	total := 0.0
	for j := range ring {
		r := &ring[j]
		turn := n*imag(r.mean) - n*cmplx.Phase(r.mean)
		part := math.Exp(n*(real(r.mean)-1)) * math.Cos(turn)
		if total += part; r.paired {
			total += part
		}
		r.weight = cmplx.Rect(1, turn)
	}
	for j := range ring {
		ring[j].weight /= complex(total, 0)
	}
	return ring
}

// enter is what is there when the server is up.
func (c *latticePoints) enter(up float64) {
	c.laws = []complexLaw{complexOf(c.Initial().law())}
	c.arrive(0, up)
	if c.wasEmpty() {
		for j, n := range c.laws {
			c.laws[j] = complexLaw{0, []complex128{n.sum()}}
		}
	}
	c.work = 0
}

// fewer leaves out the points that count for next to nothing, and returns for how much
// together.
func (c *idleMembers) fewer(state *latticePoints) (left float64) {
	at := state.copied().(*latticePoints)
	at.split()
	c.toEnd(at, 1)
	if at.after { // pools are spent by then: any point may have counted
		return 0
	}
	counts := make([]float64, len(at.laws))
	order := make([]int, len(at.laws))
	for j, n := range at.laws {
		most, sum := 0.0, complex(0, 0)
		for _, x := range n.p {
			sum += x
			most = math.Max(most, span(sum))
		}
		counts[j] = most * span(at.points[j].weight)
		order[j] = j
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(counts[i], counts[j]) })
	allowed := math.Max(c.tolerance()/20, pointsLeft)
	for len(order) > 1 && left+counts[order[0]] < allowed {
		left += counts[order[0]]
		order = order[1:]
	}
	slices.Sort(order)
	var points []circlePoint
	var laws []complexLaw
	for _, j := range order {
		points = append(points, state.all[j])
		if len(state.points) > 1 {
			laws = append(laws, state.laws[j])
		}
	}
	if state.all = points; len(state.points) > 1 {
		state.points, state.laws = points, laws
	}
	return left
}

// split goes to all points.
func (c *latticePoints) split() {
	if len(c.points) > 1 || c.after || c.apart {
		return
	}
	c.points, c.laws = c.all, slices.Repeat(c.laws, len(c.all))
}

// unite adds all points up.
func (c *latticePoints) unite() {
	if c.after || c.apart {
		return
	}
	c.split()
	var sum complexLaw
	for j, n := range c.laws {
		w := complexLaw{n.lo, make([]complex128, len(n.p))}
		for k, x := range n.p {
			w.p[k] = complex(real(c.weight(j)*x), 0)
		}
		sum = sum.joined(w)
	}
	c.points, c.laws, c.after = onePoint(len(c.pools)), []complexLaw{sum}, true
}

// toCome is the mean number of members of each pool that come after t, or never.
func (c *latticePoints) toCome(t float64) (rest []float64) {
	for _, s := range c.pools {
		n, _ := members(s)
		never := math.Max(0, float64(n)-c.sends(s, 0, math.Inf(1)))
		rest = append(rest, c.sends(s, t, math.Inf(1))+never)
	}
	return rest
}

// weight of a point's law now.
func (c *latticePoints) weight(j int) complex128 {
	return c.points[j].weight * complex(c.still(j), 0)
}

// still is what is left out of a point's law for what is to come.
func (c *latticePoints) still(j int) float64 {
	sum := 0.0
	for i, n := range c.rest {
		m := c.points[j].means[i]
		sum += (cmplx.Abs(m) - real(m)) * n
	}
	return math.Exp(-sum)
}

// sends is the mean number of members that come in (s,t].
func (c *latticePoints) sends(pool Source, s, t float64) float64 {
	b := pool.Count(s, t).Binomials[0]
	return float64(b.N) * b.P
}
