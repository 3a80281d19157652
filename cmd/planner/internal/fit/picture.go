package fit

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// histogram of the services up to their 99.5 % point, or eight medians where
// the longest are very long, with the laws' densities.
func histogram(sorted []float64, fits []fitted, order []Model) Histogram {
	n := len(sorted)
	hi := math.Min(sorted[min(n-1, int(0.995*float64(n)))], math.Max(8*sorted[n/2], sorted[min(n-1, int(0.8*float64(n)))]))
	lo := 0.0
	if sorted[0] > 0.5*hi {
		lo = sorted[0]
	}
	bins := min(60, max(8, int(math.Sqrt(float64(n)))))
	if !(hi > lo) {
		return Histogram{}
	}
	var h Histogram
	width := (hi - lo) / float64(bins)
	for i := 0; i <= bins; i++ {
		h.Edges = append(h.Edges, lo+width*float64(i))
	}
	h.Edges[bins] = hi
	h.Share = float64(sort.SearchFloat64s(sorted, hi)) / float64(n)
	for i := range bins {
		from, to := sort.SearchFloat64s(sorted, h.Edges[i]), sort.SearchFloat64s(sorted, h.Edges[i+1])
		h.Density = append(h.Density, float64(to-from)/float64(n)/width)
	}
	const points = 240
	for _, m := range order[:min(3, len(order))] {
		for _, f := range fits {
			if f.law == nil || string(f.name) != m.Name {
				continue
			}
			d := Density{Law: f.name}
			for k := 1; k <= points; k++ {
				x := lo + (hi-lo)*float64(k)/points
				d.At, d.Each = append(d.At, x), append(d.Each, f.law.density(x))
			}
			h.Fits = append(h.Fits, d)
		}
	}
	return h
}

// quantiles of the data, with the 95 % ranges that order statistics give,
// against the law's.
func quantiles(sorted []float64, l law) []QuantileOf {
	const points = 25
	n := len(sorted)
	var all []QuantileOf
	for k := range points {
		p := (float64(k) + 0.5) / points
		b := distuv.Binomial{N: float64(n), P: p}
		half := 1.96 * b.StdDev()
		at := func(rank float64) float64 { return sorted[min(n-1, max(0, int(math.Round(rank))))] }
		all = append(all, QuantileOf{inverse(l, p, sorted[n-1]), at(p * float64(n)), at(p*float64(n) - half), at(p*float64(n) + half)})
	}
	return all
}

// inverse of the distribution function by bisection.
func inverse(l law, p, hi float64) float64 {
	for l.cdf(hi) < p {
		hi *= 2
	}
	lo := 0.0
	for range 200 {
		if mid := lo + (hi-lo)/2; l.cdf(mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
