package queueing

import (
	"math"
	"sort"
)

// lattice is a law on start + n d, n = first, first+1, ….
type lattice struct {
	start, d    float64
	first       int
	q           []float64
	left, right []float64 // left[i]: mass before point i, right[i]: from it on
}

func newLattice(start, d float64, first int, q []float64) *lattice {
	a := &lattice{start: start, d: d, first: first, q: q}
	a.left, a.right = make([]float64, len(q)+1), make([]float64, len(q)+1)
	for i, x := range q {
		q[i] = math.Max(x, 0)
		a.left[i+1] = a.left[i] + q[i]
	}
	for i := len(q) - 1; i >= 0; i-- {
		a.right[i] = a.right[i+1] + q[i]
	}
	return a
}

func (a *lattice) at(i int) float64 { return a.start + float64(a.first+i)*a.d }

// upTo is the number of points at or before t, points being what at says.
func (a *lattice) upTo(t float64) int {
	t = Until(t)
	return sort.Search(len(a.q), func(i int) bool { return a.at(i) > t })
}

func (a *lattice) CDF(t float64) float64 {
	i := a.upTo(t)
	if a.right[i] < 0.5 {
		return 1 - a.right[i]
	}
	return math.Min(a.left[i], 1)
}

func (a *lattice) Exceed(t float64) float64 {
	i := a.upTo(t)
	if a.right[i] < 0.5 {
		return a.right[i]
	}
	return math.Max(0, 1-a.left[i])
}

// Quantile is the smallest point with F >= p.
func (a *lattice) Quantile(p float64) float64 {
	i := sort.Search(len(a.q), func(i int) bool {
		if p > 0.5 {
			return a.right[i+1] <= 1-p
		}
		return a.left[i+1] >= p
	})
	return a.at(min(i, len(a.q)-1))
}

// moments about a centre.
func (a *lattice) moment(centre float64, power int) float64 {
	sum := 0.0
	for i, q := range a.q {
		v := q
		for range power {
			v *= a.at(i) - centre
		}
		sum += v
	}
	return sum / a.left[len(a.q)]
}

func (a *lattice) Mean() float64 {
	if len(a.q) == 0 {
		return math.NaN() // never built so
	}
	centre := a.at(len(a.q) / 2)
	return centre + a.moment(centre, 1)
}

func (a *lattice) StdDev() float64 { return math.Sqrt(a.moment(a.Mean(), 2)) }

func (a *lattice) MeanOver(t float64) float64 {
	sum := 0.0
	for i := len(a.q) - 1; i >= 0 && a.at(i) > t; i-- {
		sum += a.q[i] * (a.at(i) - t)
	}
	return sum
}
