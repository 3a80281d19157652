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
// another. far is the square of its angle over the largest that counts.
type ringPoint struct {
	mean, weight complex128 // the mean over the pool's own
	paired       bool
	far          float64
}

// ringOf places the points for n members, as far as reach standard deviations of
// the Poisson number, for an error of about eps.
func ringOf(n, reach, eps float64) []ringPoint {
	count := ringCount(n, eps)
	half := min(count/2, int(math.Ceil(reach/math.Sqrt(n)*float64(count)/(2*math.Pi))))
	ring := make([]ringPoint, half+1)
	total := 0.0
	for j := range ring {
		theta := 2 * math.Pi * float64(j) / float64(count)
		e := cmplx.Rect(1, theta)
		w := cmplx.Exp(complex(n, 0)*(e-1) - complex(0, n*theta))
		far := theta * math.Sqrt(n) / reach
		ring[j] = ringPoint{e, w, j > 0 && 2*j != count, math.Min(1, far*far)}
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

// ringCount is the least number of points on the whole circle with which the laws of
// n + count members and of n - count weigh less than eps.
func ringCount(n, eps float64) int {
	self, _ := math.Lgamma(n + 1)
	light := func(k float64) bool {
		more, _ := math.Lgamma(n + k + 1)
		if self+k*math.Log(n)-more > math.Log(eps) {
			return false
		}
		fewer, _ := math.Lgamma(math.Max(0, n-k) + 1)
		return k > n || self-fewer-k*math.Log(n) <= math.Log(eps)
	}
	k := math.Floor(math.Sqrt(-2*n*math.Log(eps))) - 1
	for k = math.Max(k, 2); !light(k); k++ {
	}
	return int(k)
}

// times takes each point once for each of those of the k-th pool's circle, as long as
// they are not too far all together: the terms fall like a normal density of all
// angles. Where it is the only one, and real, half the circle counts for its mirror
// image too.
func times(points []circlePoint, k int, ring []ringPoint) []circlePoint {
	var out []circlePoint
	for _, pt := range points {
		add := func(r ringPoint, mean, weight complex128) {
			next := pt
			next.means = slices.Clone(pt.means)
			next.means[k] = mean
			next.weight *= weight
			next.far += r.far
			out = append(out, next)
		}
		for _, r := range ring {
			switch {
			case pt.far+r.far > circleFar:
			case !r.paired:
				add(r, r.mean, r.weight)
			case len(points) == 1:
				add(r, r.mean, 2*r.weight)
			default:
				add(r, r.mean, r.weight)
				add(r, cmplx.Conj(r.mean), cmplx.Conj(r.weight))
			}
		}
	}
	return out
}

// circleFar bounds the sum of the squares of angles over the largest ones.
const circleFar = 1 + 1e-9

// onePoint is all the mass, at the pools' own means.
func onePoint(pools int) []circlePoint {
	means := make([]complex128, pools)
	for i := range means {
		means[i] = 1
	}
	return []circlePoint{{weight: 1, means: means}}
}

// circleReachOf is how far the points of a pool go for an error of about eps, in
// standard deviations of its Poisson number. F(M) is a mixture of laws over the number
// N', e^M F(M) a sum over N' of M^N'/N'! F_N', which on the circle falls like the
// transform of these terms, the product of a normal weight of variance N and of F_N' as
// a function of N'. That rises over as many members as vary T as much as T varies by
// itself: s^2 is N SCV/r at least, from their own services, r the size of their groups.
// The transform is that of a normal density of variance 1/(1/N + 1/s^2) at most, and
// is eps where half the square of the angle over that is ln(1/eps).
func circleReachOf(group int, s Service, eps float64) float64 {
	return math.Sqrt(-2 * math.Log(eps) * (1 + float64(group)/math.Min(1, s.SCV())))
}

// ring is that of the k-th pool.
func (c *circle) ring(k int) []ringPoint {
	if c.rings != nil {
		return c.rings[k]
	}
	return ringOf(c.members[k], circleReachOf(c.sizes[c.groups[k]], c.lane.cfg.Service, c.eps), c.eps)
}

// circleEps is the error of the points of each pool that a tolerance allows: where
// several multiply them no more than that is asked.
func circleEps(tolerance float64, pools int) float64 {
	least := 1e-11
	if pools > 1 {
		tolerance *= 10 / (2 * float64(pools))
		least = 2e-9
	}
	return math.Min(math.Max(tolerance/10, least), 1e-7)
}

// Far tails have digits of their own where the points leave deepEps, at most deepPools
// pools'.
const deepEps, deepPools = 1e-15, 2

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
	most := 1
	now := onePoint(len(c.pools))
	for i, k := range order {
		left := 0.0
		for _, before := range order[:i] {
			left += c.pools[before].Flow(begins(k), 1e300)
		}
		if left <= circleLeft*c.digits {
			now = now[:1]
		}
		ring := c.ring(k)
		if len(now)*len(ring) > circlePoints {
			return circlePoints
		}
		now = times(now, k, ring)
		most = max(most, len(now))
	}
	return most
}

// circlePoints are more than can be followed.
const circlePoints = 20000

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
	if len(c.points) == 1 || c.inflow != nil {
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
	c.points = []circlePoint{c.total()}
}

// total is the sum over the points.
func (c *circle) total() circlePoint {
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
	return sum
}

// sumAt sets what is asked of each stream, added up at each point: that of pools is
// for their own means.
func sumAt(dst []complex128, points []circlePoint, base, pools []Source, of func(Source) float64) {
	sum := 0.0
	for _, s := range base {
		sum += of(s)
	}
	for j := range dst {
		dst[j] = complex(sum, 0)
	}
	for i, s := range pools {
		f := of(s)
		for j := range dst {
			e := points[j].means[i]
			dst[j] += complex(f*real(e), f*imag(e))
		}
	}
}
