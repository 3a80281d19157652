package queueing

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"
)

// The points of Cauchy's formula for an error that is given, for several pools at
// once. On the circle |M| = rho, which need not be N, K points evenly spread give
//
//	F_N + sum over j = N +- K, N +- 2K, ... of N! rho^(j-N)/j! (F_j - F_N),
//
// if their weights N! e^M/(M^N K) are made to add up to 1. What rounding may be
// amplified by is the sum of the weights' moduli times e^(rho - Re M), the most that
// |F(M)| may be: N! e^rho/rho^N. It is least, (2 pi N)^(1/2), for rho = N; where rho is
// half of that, a pool of a few members takes about half as many points.
//
// F(M) falls short of that most where F_N depends on N but slowly. If T depends on the
// requests that the members of some pools make, r each, and not on the others', F is
// about a normal distribution function of their number, whose variance is SCV r rho at
// least from services, SCV at most 1 as in [circleReachOf], and r^2 rho from Poisson
// numbers. With the mean A = sum of r M of these pools
//
//	|w F| is about e^-E of its most, E = sum over all pools of rho - Re M, less (|A| - Re A) |r rho|/(|r^2 rho| + SCV |r rho|)
//
// where |x| adds up x over these. That is so exactly for one pool and exponential
// services: with them F is an integral of e^(2 (Mt)^(1/2) - M - t). If members matter
// with a probability each, E is concave in these: it is least where each is 0 or 1. So
// the points that count are those where E is small for one choice of pools or another.

// poolCircle is one pool's circle.
type poolCircle struct {
	members, size, radius float64
	count                 int
	left                  float64 // weights of the other numbers
}

// circleGains are what rounding may be amplified by, over that for rho = N.
var circleGains = []float64{2, 30, 300, 1e4}

const (
	// circleTail is the normal distribution function at an imaginary argument z over
	// e^(|z|^2/2): 1/((2 pi)^(1/2) |z|), z as large as it is at the edge.
	circleTail = 0.07
	// circleOut is an E from which on no point counts.
	circleOut = 40.0
	// circlePlaces bounds the places that are looked at.
	circlePlaces = 3e4
)

// ringsOf places the fewest points that fix the numbers of members in several pools at
// once, each with size requests, to eps, and amplify rounding so much at most; one of
// each pair of mirror images counts for both. left is what bounds the error. There are
// none if there are too many to choose from.
func ringsOf(members []float64, sizes []int, scv, eps, most float64) (points []circlePoint, left float64) {
	scv = math.Min(1, scv)
	for _, gain := range circleGains {
		if gain > most {
			break
		}
		gain = math.Pow(gain, 1/float64(len(members)))
		var pools []poolCircle
		for k, n := range members {
			c := circleOf(n, eps/(2*float64(len(members))), gain)
			c.size = float64(sizes[k])
			pools = append(pools, c)
		}
		among := 1.0
		for _, c := range pools {
			lo, hi := c.reach(scv)
			among *= float64(hi - lo + 1)
		}
		if among > circlePlaces {
			continue
		}
		places, rest := placesFor(pools, scv, eps/2)
		if points != nil && len(places) >= len(points) {
			continue
		}
		points, left = pointsAt(pools, places), rest
		for _, c := range pools {
			left += c.left
		}
	}
	return points, left
}

// gain is ln of N! e^rho/rho^N.
func (c *poolCircle) gain() float64 {
	f, _ := math.Lgamma(c.members + 1)
	return f + c.radius - c.members*math.Log(c.radius)
}

// weight of the law of j members.
func (c *poolCircle) weight(j float64) float64 {
	if j < 0 {
		return 0
	}
	p, _ := math.Lgamma(c.members + 1)
	q, _ := math.Lgamma(j + 1)
	return math.Exp(p - q + (j-c.members)*math.Log(c.radius))
}

// reach is that of the places that may count.
func (c *poolCircle) reach(scv float64) (lo, hi int) {
	lo, hi = -(c.count-1)/2, c.count/2
	if cos := 1 - circleOut*(1+scv)/(scv*c.radius); cos > -1 {
		far := int(math.Acos(cos)/(2*math.Pi)*float64(c.count)) + 1
		lo, hi = max(lo, -far), min(hi, far)
	}
	return lo, hi
}

// circleOf is the circle of about the fewest points, and the largest of those.
func circleOf(n, eps, gain float64) poolCircle {
	const steps = 64
	most := math.Log(gain) + math.Log(2*math.Pi*n)/2
	for count := 2; ; count += 1 + count/100 {
		for i := steps; i > 0; i-- {
			c := poolCircle{members: n, radius: n * float64(i) / steps, count: count}
			if c.gain() > most {
				break
			}
			for k := float64(count); k < 4*float64(count); k += float64(count) {
				c.left += c.weight(n+k) + c.weight(n-k)
			}
			if c.left < eps {
				return c
			}
		}
	}
}

// place is that of a point on each circle, or of two mirror images.
type place struct {
	at       []int
	exponent float64 // E
	counts   float64
}

// placesFor leaves those places out that count for no more than eps together.
func placesFor(pools []poolCircle, scv, eps float64) (places []place, left float64) {
	places = placed(pools, nil, scv)
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.exponent, b.exponent) })
	most := circleTail
	for _, c := range pools {
		most *= math.Exp(c.gain()) / float64(c.count)
	}
	for len(places) > 1 {
		last := places[len(places)-1]
		out := last.counts * most * math.Exp(-last.exponent)
		if left+out > eps {
			break
		}
		left += out
		places = places[:len(places)-1]
	}
	return places, left
}

// placed lists all places after those on the first circles.
func placed(pools []poolCircle, at []int, scv float64) (out []place) {
	k := len(at)
	if k == len(pools) {
		x := place{slices.Clone(at), exponentOf(pools, at, scv), 1}
		switch side := sideOf(pools, at); {
		case side < 0 || x.exponent > circleOut:
			return nil
		case side > 0:
			x.counts = 2
		}
		return []place{x}
	}
	lo, hi := pools[k].reach(scv)
	for j := lo; j <= hi; j++ {
		out = append(out, placed(pools, append(at, j), scv)...)
	}
	return out
}

// sideOf tells mirror images apart; 0 is a point that is its own.
func sideOf(pools []poolCircle, at []int) int {
	for k, j := range at {
		if j != 0 && 2*j != pools[k].count {
			return j
		}
	}
	return 0
}

func (c *poolCircle) angle(j int) float64 { return 2 * math.Pi * float64(j) / float64(c.count) }

// short is rho - Re M.
func (c *poolCircle) short(j int) float64 { return c.radius * (1 - math.Cos(c.angle(j))) }

// exponentOf is E.
func exponentOf(pools []poolCircle, at []int, scv float64) float64 {
	all, most := 0.0, 0.0
	for k := range pools {
		all += pools[k].short(at[k])
	}
	for chosen := 1; chosen < 1<<len(pools); chosen++ {
		mean, variance, sum := 0.0, 0.0, complex(0, 0)
		for k := range pools {
			if chosen>>k&1 == 0 {
				continue
			}
			c := &pools[k]
			mean += c.size * c.radius
			variance += c.size * c.radius * (c.size + scv)
			sum += cmplx.Rect(c.size*c.radius, c.angle(at[k]))
		}
		most = math.Max(most, (cmplx.Abs(sum)-real(sum))*mean/variance)
	}
	return all - most
}

// pointsAt have means over the pools' own.
func pointsAt(pools []poolCircle, places []place) []circlePoint {
	var points []circlePoint
	total := 0.0
	for _, x := range places {
		pt := circlePoint{weight: complex(x.counts, 0)}
		for k := range pools {
			c := &pools[k]
			theta := c.angle(x.at[k])
			e := cmplx.Rect(1, theta)
			pt.weight *= cmplx.Exp(complex(c.radius, 0)*(e-1) - complex(0, c.members*theta))
			pt.means = append(pt.means, e*complex(c.radius/c.members, 0))
		}
		total += real(pt.weight)
		points = append(points, pt)
	}
	for j := range points {
		points[j].weight /= complex(total, 0)
	}
	return points
}
