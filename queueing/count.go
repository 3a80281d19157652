package queueing

import (
	"math"
	"slices"
)

// Count is the law of a number of requests: a fixed part, a Poisson part and
// independent binomial and compound Poisson parts. The sum of two such counts is
// such a count.
type Count struct {
	Fixed     int
	Poisson   float64 // mean of the Poisson part
	Binomials []Binomial
	Groups    []Groups
}

// Groups is the number of requests in a Poisson number of groups of Size
// requests each.
type Groups struct {
	Mean float64 // groups
	Size int     // requests
}

// Binomial is the number of requests from N instances that each send Size
// requests together with probability P.
type Binomial struct {
	N    int
	P    float64
	Size int
}

// Mean is the expected count.
func (c Count) Mean() float64 {
	m := float64(c.Fixed) + c.Poisson
	for _, b := range c.Binomials {
		m += float64(b.N) * b.P * float64(b.Size)
	}
	for _, g := range c.Groups {
		m += g.Mean * float64(g.Size)
	}
	return m
}

// Variance of the count.
func (c Count) Variance() float64 {
	v := c.Poisson
	for _, b := range c.Binomials {
		v += float64(b.N) * b.P * (1 - b.P) * float64(b.Size) * float64(b.Size)
	}
	for _, g := range c.Groups {
		v += g.Mean * float64(g.Size) * float64(g.Size)
	}
	return v
}

// Plus is the law of the sum of two independent counts.
func (c Count) Plus(d Count) Count {
	all := make([]Binomial, 0, len(c.Binomials)+len(d.Binomials))
	all = append(append(all, c.Binomials...), d.Binomials...)
	return Count{c.Fixed + d.Fixed, c.Poisson + d.Poisson, all, slices.Concat(c.Groups, d.Groups)}
}

// third is the third cumulant.
func (c Count) third() float64 {
	sum := c.Poisson
	for _, b := range c.Binomials {
		sum += float64(b.N) * b.P * (1 - b.P) * (1 - 2*b.P) * math.Pow(float64(b.Size), 3)
	}
	for _, g := range c.Groups {
		sum += g.Mean * math.Pow(float64(g.Size), 3)
	}
	return sum
}
