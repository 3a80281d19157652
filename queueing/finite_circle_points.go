package queueing

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"
)

// A pool's mean matters from when it begins until it has nothing left to send. So
// its points of the circle are there only then: pools that follow each other take
// one circle after the other, and only those that send at the same time one for
// each point of the others'.

// ringPoint is a point of the upper half of the circle of one pool, with the weight
// that makes the pool's number a fixed one; paired says that its mirror image is
// another.
type ringPoint struct {
	mean, weight complex128 // the mean over the pool's own
	paired       bool
}

// ringOf places the points for n members, as far as reach standard deviations of
// the Poisson number.
func ringOf(n, reach float64) []ringPoint {
	count := int(9.5*math.Sqrt(n)) + 9
	half := min(count/2, int(math.Ceil(reach/math.Sqrt(n)*float64(count)/(2*math.Pi))))
	ring := make([]ringPoint, half+1)
	total := 0.0
	for j := range ring {
		theta := 2 * math.Pi * float64(j) / float64(count)
		e := cmplx.Rect(1, theta)
		w := cmplx.Exp(complex(n, 0)*(e-1) - complex(0, n*theta))
		ring[j] = ringPoint{e, w, j > 0 && 2*j != count}
		total += real(w)
		if ring[j].paired {
			total += real(w)
		}
	}
	for j := range ring {
		ring[j].weight /= complex(total, 0)
	}
	return ring
}

// times takes each point once for each of those of the k-th pool's circle. Where it
// is the only one, and real, half the circle counts for its mirror image too.
func times(points []circlePoint, k int, ring []ringPoint) []circlePoint {
	var out []circlePoint
	for _, pt := range points {
		add := func(mean, weight complex128) {
			next := pt
			next.means = slices.Clone(pt.means)
			next.means[k] = mean
			next.weight *= weight
			out = append(out, next)
		}
		for _, r := range ring {
			switch {
			case !r.paired:
				add(r.mean, r.weight)
			case len(points) == 1:
				add(r.mean, 2*r.weight)
			default:
				add(r.mean, r.weight)
				add(cmplx.Conj(r.mean), cmplx.Conj(r.weight))
			}
		}
	}
	return out
}

// onePoint is all the mass, at the pools' own means.
func onePoint(pools int) []circlePoint {
	means := make([]complex128, pools)
	for i := range means {
		means[i] = 1
	}
	return []circlePoint{{weight: 1, means: means}}
}

// circleReachOf is how far the points of a pool go, in standard deviations of its Poisson
// number. F(M) is a mixture of laws over the number N', e^M F(M) a sum over N' of
// M^N'/N'! F_N', which on the circle falls like the transform of these terms, the
// product of a normal weight of variance N and of F_N' as a function of N'. That
// rises over as many members as vary T as much as T varies by itself: s^2 is N SCV/r
// at least, from their own services, r the size of their groups. The reach of a
// transform of width (1/N + 1/s^2)^(1/2) is [circleReach] where both are the same.
func circleReachOf(group int, s Service) float64 {
	return circleReach * math.Sqrt((1+float64(group)/math.Min(1, s.SCV()))/2)
}

// ring is that of the k-th pool.
func (c *circle) ring(k int) []ringPoint {
	return ringOf(c.members[k], circleReachOf(c.sizes[c.groups[k]], c.lane.cfg.Service))
}

// split goes to the points of pools that have begun, and returns t or the instant
// at which the next one does.
func (c *circle) split(t float64) float64 {
	for k, s := range c.pools {
		switch at := s.Begins(); {
		case c.begun[k]:
		case at <= c.t:
			c.points = times(c.points, k, c.ring(k))
			c.begun[k] = true
		default:
			t = math.Min(t, at)
		}
	}
	return t
}

// mostPoints is how many there are at most, if pools that have sent all but
// negligibly little when another begins have been added up.
func (c *circle) mostPoints() int {
	order := make([]int, len(c.pools))
	for k := range order {
		order[k] = k
	}
	begins := func(k int) float64 { return math.Max(c.t, c.pools[k].Begins()) }
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(begins(i), begins(k)) })
	most, now := 1, 1
	for i, k := range order {
		left := 0.0
		for _, before := range order[:i] {
			left += c.pools[before].Flow(begins(k), 1e300)
		}
		if left <= circleLeft*c.digits {
			now = 1
		}
		ring := c.ring(k)
		if now == 1 {
			now = len(ring)
		} else {
			now *= 2*len(ring) - 1
		}
		most = max(most, now)
	}
	return most
}

// circleSpent is the mean number that pools may have still to send when the points
// are added up, if that hardly matters: the more have come, the likelier it is
// that the lane is not drained, so that the probability that it matters is less
// than the product. circleLeft of the tolerance is hardly.
const (
	circleSpent = 0.01
	circleLeft  = 0.01
)

// unite adds all points up once the pools that have begun have sent about
// everything.
func (c *circle) unite() {
	if len(c.points) == 1 {
		return
	}
	left := 0.0
	for k, s := range c.pools {
		if c.begun[k] {
			left += s.Flow(c.t, 1e300)
		}
	}
	if left > circleSpent {
		return
	}
	rest := left * c.Remaining()
	if rest > circleLeft*c.digits {
		return
	}
	c.err += rest
	m := c.service.Phases()
	lo, hi := math.MaxInt, 0
	for _, pt := range c.points {
		lo, hi = min(lo, pt.lo), max(hi, pt.lo+len(pt.p)/m)
	}
	sum := onePoint(len(c.pools))[0]
	sum.lo, sum.p = min(lo, hi), make([]complex128, max(0, hi-lo)*m)
	for _, pt := range c.points {
		sum.absorbed += complex(real(pt.weight*pt.absorbed), 0)
		for i, x := range pt.p {
			sum.p[(pt.lo-lo)*m+i] += complex(real(pt.weight*x), 0)
		}
	}
	c.points = []circlePoint{sum}
}
