package queueing

import (
	"fmt"
	"math"
)

// What the equations of [volterra] take, told before they are followed.
const (
	// volterraMost bounds points times pairs of instants, as long as one takes where
	// volterraArrivals come and services are gamma: some twelve seconds. Lognormal ones
	// take volterraTable times as long.
	volterraMost     = 2.5e8
	volterraArrivals = 30.0
	volterraTable    = 4.5
	// volterraThinned is how long it takes where arrivals are so many that terms are for
	// but some of their numbers.
	volterraThinned = 7.0
	// volterraLeast is about the fewest pairs of instants, and volterraRough where
	// densities are no polynomials at lags of 0.
	volterraLeast, volterraRough = 1e5, 2.5e5
)

// volterraLeft is what the points of one pool may leave, or of several: the first of
// these that takes no more than volterraMost, unless a share of a smaller tolerance does.
var volterraLeft = [...][]float64{{1e-9, 1e-8, 1e-7}, {1e-8, 1e-7, 4e-7}}

// volterraShare is that share, and volterraFinest the least that is asked of points.
const volterraShare, volterraFinest = 0.1, 1e-12

// mayLeave lists what the points of so many pools may leave, to be tried in turn.
func (p problem) mayLeave(pools int) []float64 {
	all := volterraLeft[min(pools, 2)-1]
	if left := math.Max(volterraShare*p.tolerance(), volterraFinest); left < all[0] {
		return append([]float64{left}, all...)
	}
	return all
}

// services is about the largest number of them in so much time, which the rates now
// and then tell.
func (v *volterra) services(q problem) func(u float64) int {
	pools, rate := v.pooled(), 0.0
	for i := range 101 {
		now := 0.0
		for _, s := range v.base {
			now += s.Rate(3 * q.begin * float64(i) / 100)
		}
		rate = math.Max(rate, now)
	}
	least := tableLeast * q.cfg.Service.Mean()
	return func(u float64) int { return v.mostIn(pools + rate*math.Max(u, least)) }
}

// pooled are the requests of all pools.
func (v *volterra) pooled() (sum float64) {
	for _, s := range v.pools {
		sum += s.Flow(0, math.Inf(1))
	}
	return sum
}

// fewest are the points that take no more than volterraMost for so many pairs of
// instants, and leave the least.
func (v *volterra) fewest(p problem, members []float64, pairs float64) (points []circlePoint, left float64, err error) {
	gain, each := v.effort(p, members)
	cost, most := 0.0, volterraMost
	if v.group > 1 || v.terms.sums.absolute() {
		most *= volterraMore
	}
	for _, eps := range p.mayLeave(len(members)) {
		points, left = ringsOf(members, v.sizes, p.cfg.Service.SCV(), eps, gain)
		if cost = pairs * each * float64(len(points)); points != nil && cost < most {
			return points, left, nil
		}
	}
	if points == nil {
		return nil, 0, &UnsupportedError{DrainDensity, "its finite streams take too many means"}
	}
	return nil, 0, &UnsupportedError{DrainDensity, fmt.Sprintf("following it for %d means takes %.0e values of kernels", len(points), cost)}
}

// effort is what rounding may be amplified by, and how long a value of a kernel takes
// over one where volterraArrivals come and services are gamma.
func (v *volterra) effort(p problem, members []float64) (most, each float64) {
	arrivals, from := 0.0, 0.0
	if p.known != nil && p.known.empty { // not much longer than since then
		from = p.known.at
	}
	for k, n := range members {
		if from > 0 {
			n = math.Min(n, n/v.pools[k].Flow(0, math.Inf(1))*v.pools[k].Flow(from, 2*p.begin-from))
		}
		arrivals += n
	}
	for _, x := range v.base {
		arrivals += x.Flow(from, p.begin)
	}
	most, each = volterraGain, math.Sqrt(arrivals/volterraArrivals)
	if v.terms.sums.series == nil { // terms are for some of the numbers
		each = math.Min(each, volterraThinned)
	}
	switch {
	case v.terms.sums.absolute():
		most, each = volterraAbsolute, volterraTable*each
	case v.resumption != nil && v.rough(): // its first panel leaves more than rounding
		most = volterraAbsolute
	}
	switch {
	case v.several():
		each = volterraSizes
	case v.group > 1:
		each = math.Min(volterraGroups*each, volterraStrides)
	}
	return most, each
}

// volterraGroups is about how much longer a value of a kernel takes where requests come
// in groups, and volterraStrides how long where these are so many that few terms do.
const volterraGroups, volterraStrides = 5.0, 20.0

// volterraSizes is how long where they come in groups of several sizes.
const volterraSizes = 2.0

// volterraMore is what groups, and lognormal services, may take over volterraMost:
// nothing else is near them.
const volterraMore = 1.5

// cost estimates pairs of instants.
func (v *volterra) cost() float64 {
	i, l, w := float64(len(v.idle)), float64(len(v.later)), float64(len(v.work))
	pairs := i*(i/2+6) + l*(l/2+6) + w*(i+6)
	switch {
	case i == 0:
		pairs += l * float64(len(v.before.begin.p)) / 16
	case v.aside == nil:
		pairs += l * (i + 6)
	default:
		pairs += l * (w + 6)
	}
	return 256 * pairs
}

// sampled refuses what sums over groups of several sizes take too long for, as some lags
// show before begin, before the median and before nine tenths of the law.
func (v *volterra) sampled() error {
	if v.bySize == nil {
		return nil
	}
	products, lags := 0.0, 0.0
	for _, t := range []float64{v.begin, v.poisson.Quantile(0.5), v.poisson.Quantile(0.9)} {
		far := v.far(t)
		for u := v.before.event(t); u < t-v.before.start; u *= 1 + pastGrowth {
			if far(t-u, t-u/(1+pastGrowth)) {
				continue
			}
			before := v.bySize.spent
			v.sizeBallot(v.kernel, v.size(t-u, t), t-u, t, u, func(x Source) float64 { return x.Excess(t-u, t) })
			products, lags = products+v.bySize.spent-before, lags+1
		}
	}
	most := sizeForeseen
	switch {
	case v.terms.sums.absolute():
		most = sizeAlone
	case v.soon:
		most /= soonSizes
	}
	if cost := v.cost() * products / math.Max(1, lags); cost > most {
		return &UnsupportedError{DrainDensity, fmt.Sprintf("requests come in groups of several sizes, and following them takes %.0e products and some times more", cost)}
	}
	return nil
}

// sizeForeseen is what such sums may be foreseen to take: they take three times as much,
// twenty seconds of two processors or so. sizeAlone is that where nodes are not set up
// side by side, which take more than is foreseen, and soonSizes the share of those that
// are to be tried first.
const sizeForeseen, sizeAlone, soonSizes = 4e9, 1.2e9, 4
