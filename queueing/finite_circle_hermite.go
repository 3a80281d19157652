package queueing

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/integrate/quad"
)

// Where a pool's number makes but a small part of what T varies by, its circle needs
// fewer points. With theta = x/sqrt(N) the weight is nearly the normal density of x,
// and F, as a function of it, nearly e^(r x^2/2 + i sqrt(r) y x): it is the normal
// transform of a density at y standard deviations, r the pool's share of the variance.
// Gauss-Hermite points take such products, a handful of them where evenly spread ones
// are twenty. How many it takes is told by this model with the weight of N members.
// What they leave is measured, pool by pool with the others Poisson: as much of what two
// points fewer change as it would be in the model, ten times.

// hermiteFrom is the number of members from which on F varies smoothly with the number.
const hermiteFrom = 100

const (
	hermiteLate = 0.999 // P(T <= t) up to which a pool's number matters
	hermiteFall = 10    // times what the model leaves
)

// hermiteEps is asked of the points.
func (p problem) hermiteEps() float64 {
	return math.Min(math.Max(p.tolerance(), 3e-8), 2e-7)
}

// hermiteMost is the largest number of points; more are no better than even ones.
const hermiteMost = 15

// ringOfHermite places so many points, an odd number, for n members.
func ringOfHermite(n float64, points int) []ringPoint {
	at, weight := make([]float64, points), make([]float64, points)
	quad.Hermite{}.FixedLocations(at, weight, math.Inf(-1), math.Inf(1))
	ring := make([]ringPoint, 0, points/2+1)
	total := 0.0
	for j := points / 2; j < points; j++ {
		x := math.Sqrt2 * at[j]
		if j == points/2 {
			x = 0
		}
		theta := x / math.Sqrt(n)
		e := cmplx.Rect(1, theta)
		w := complex(weight[j], 0) * cmplx.Exp(complex(n, 0)*(e-complex(1, theta))+complex(x*x/2, 0))
		ring = append(ring, ringPoint{mean: e, weight: w, paired: x > 0})
		total += real(w)
		if x > 0 {
			total += real(w)
		}
	}
	for j := range ring {
		ring[j].weight /= complex(total, 0)
	}
	return ring
}

// hermitePoints is the least number of points of n members with which a share r of
// the variance leaves eps at most, 0 if there is none, and by how much it leaves less
// than two points fewer do.
func hermitePoints(n, r, eps float64) (points int, falls float64) {
	exact := hermiteModel(evenly(n), n, r)
	before := math.Inf(1)
	for points = 3; points <= hermiteMost; points += 2 {
		off := 0.0
		for i, x := range hermiteModel(ringOfHermite(n, points), n, r) {
			off = math.Max(off, math.Abs(x-exact[i]))
		}
		if off < eps && points > 3 {
			return points, math.Min(1, hermiteFall*off/before)
		}
		before = off
	}
	return 0, 0
}

// evenly spread points on all of the circle that counts.
func evenly(n float64) []ringPoint { return ringOf(n, 9, 1e-14) }

// hermiteModel is what the points make of normal densities 0 to 6 standard deviations
// from their mean, of whose variance the number makes a share r.
func hermiteModel(ring []ringPoint, n, r float64) []float64 {
	var out []float64
	for y := 0.0; y <= 6; y += 0.5 {
		sum := 0.0
		for _, p := range ring {
			x := cmplx.Phase(p.mean) * math.Sqrt(n)
			f := real(p.weight * cmplx.Exp(complex(r*x*x/2-y*y/2, math.Sqrt(r)*y*x)))
			if sum += f; p.paired {
				sum += real(p.weight * cmplx.Exp(complex(r*x*x/2-y*y/2, math.Sqrt(r)*y*x)))
			}
		}
		out = append(out, sum)
	}
	return out
}

// shares is what each pool's number makes of the variance of how much has come and
// been served in (from,end], if the others' numbers are fixed.
func (p problem) shares(open []int, from, end float64) []float64 {
	rest := 0.0
	for _, st := range p.cfg.Arrivals.streams {
		rest += st.Source.Count(from, end).spread()
	}
	arrived := p.cfg.Arrivals.Mean(from, end)
	if from == 0 {
		arrived += p.Initial().Mean()
	}
	rest += p.cfg.Service.SCV() * math.Min(arrived, p.Work(from, end))
	out := make([]float64, len(open))
	for k, i := range open {
		out[k] = p.numberSpread(i, from, end)
		rest -= out[k]
	}
	for k, x := range out {
		if x > 0 {
			out[k] = x / (rest + x)
		}
	}
	return out
}

// filling is the instant at which the mean path of the lane was last empty before
// overload ends, what came before which does not matter; 0 where it has been busy from
// the beginning, or is not.
func (p problem) filling() float64 {
	since, most := 0.0, p.Initial().Mean()+p.cfg.Arrivals.Mean(0, p.begin)-p.Work(0, p.begin)
	at := append(p.cfg.Arrivals.Breaks(0, p.begin), p.CapacityBreaks(0, p.begin)...)
	for i := 1; i < fillingProbes; i++ {
		at = append(at, p.begin*float64(i)/fillingProbes)
	}
	for _, s := range at {
		if gain := p.cfg.Arrivals.Mean(s, p.begin) - p.Work(s, p.begin); gain > math.Max(0, most) {
			since, most = s, gain
		}
	}
	return since
}

// fillingProbes is the number of places at which the mean path is looked at.
const fillingProbes = 64

// numberSpread is how much of the variance of a Poisson pool's arrivals its number
// makes: N Phi^2 of N Phi.
func (p problem) numberSpread(stream int, from, end float64) float64 {
	s := p.cfg.Arrivals.streams[stream].Source
	n, size := members(s)
	sent := s.Count(from, end).Mean() / float64(n*size)
	return float64(n) * sent * sent * float64(size*size)
}

// byHermite fixes the numbers by Gauss-Hermite points. The first solve is for one point,
// which tells whether so many can be afforded.
func (p problem) byHermite(open []int, solve func(rings [][]ringPoint) (Drain, error), afford func(points int) bool) (Drain, error) {
	if p.fewest(open) < hermiteFrom {
		return Drain{}, &UnsupportedError{Chain, "a pool has few members"}
	}
	alone := func(k int, ring []ringPoint) (Drain, error) { // the other pools stay Poisson
		rings := make([][]ringPoint, len(open))
		for i := range rings {
			rings[i] = ringOfHermite(1, 1)
		}
		if ring != nil {
			rings[k] = ring
		}
		return solve(rings)
	}
	poisson, err := alone(0, nil)
	if err != nil {
		return Drain{}, err
	}
	choices, err := p.hermiteRings(open, poisson.Distribution)
	if err != nil {
		return Drain{}, err
	}
	var rings [][]ringPoint
	all, alike := 1, 0
	for _, c := range choices {
		all, alike = all*c.points(), alike+c.points()
		rings = append(rings, c.ring)
	}
	if all = (all+1)/2 + alike; !afford(all) {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("%d of them would take too long", all)}
	}
	d, err := solve(rings)
	if err != nil {
		return Drain{}, err
	}
	for k, c := range choices {
		some, err := alone(k, c.ring)
		if err != nil {
			return Drain{}, err
		}
		less, err := alone(k, c.fewer)
		if err != nil {
			return Drain{}, err
		}
		d.AbsError += c.leaves(some.Distribution, less.Distribution)
	}
	return d, nil
}

// hermiteRing is a pool's points, two fewer, and what is left of what these change.
type hermiteRing struct {
	ring, fewer []ringPoint
	fall        float64
}

// points on both halves of the circle.
func (c hermiteRing) points() int { return 2*len(c.ring) - 1 }

// leaves is the error of the points, given the laws with them and with the fewer.
func (c hermiteRing) leaves(some, less Distribution) float64 {
	off := 0.0
	if a, is := some.(*curve); is {
		off = furthest(a, less.(*curve))
	} else {
		off = furthestAt(some, less)
	}
	return c.fall*off + 1e-9
}

// furthestAt is the largest difference of two laws at quantiles of the first.
func furthestAt(a, b Distribution) (most float64) {
	const quantiles = 400
	for i := range quantiles {
		t := a.Quantile((float64(i) + 0.5) / quantiles)
		most = math.Max(most, math.Abs(a.CDF(t)-b.CDF(t)))
	}
	return most
}

// hermiteRings chooses each pool's points, given the law for Poisson numbers.
func (p problem) hermiteRings(open []int, poisson Distribution) ([]hermiteRing, error) {
	from := p.filling()
	shares := p.shares(open, from, poisson.Quantile(0.5))
	for k, r := range p.shares(open, from, poisson.Quantile(hermiteLate)) {
		shares[k] = math.Max(shares[k], r)
	}
	var choices []hermiteRing
	for k, r := range shares {
		n, _ := members(p.cfg.Arrivals.streams[open[k]].Source)
		points, fall := hermitePoints(float64(n), r, p.hermiteEps())
		if points == 0 {
			return nil, &UnsupportedError{Chain, fmt.Sprintf("a pool's number makes %.2g of the variance", r)}
		}
		choices = append(choices, hermiteRing{ringOfHermite(float64(n), points), ringOfHermite(float64(n), points-2), fall})
	}
	return choices, nil
}
