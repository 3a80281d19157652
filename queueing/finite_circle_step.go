package queueing

import "math"

// circleStep is what all points share in one step.
type circleStep struct {
	from, h, q float64
	servers    int
	base       []float64   // arrivals in the step, as a polynomial of its share
	pools      [][]float64 // in groups
	sizes      []int       // of groups
	groups     []int       // of each pool
	traced     []float64
	density    []float64
	source     []complex128 // terms of h e^(q x) times what enters a point's chain from outside; nil: nothing
}

// step chooses the next one, over which the rates are polynomials.
func (c *circle) step(to, terms float64) (float64, circleStep) {
	servers := c.lane.ServersAt(c.t)
	leaving := c.leaving() * float64(servers)
	base := func(t float64) float64 { return rateOf(c.base, t) }
	rate := func(t float64) float64 { // of groups, whatever their size
		sum := base(t)
		for i, s := range c.pools {
			sum += s.Rate(t) / float64(c.sizes[c.groups[i]])
		}
		return sum
	}
	most := func(h float64) float64 {
		lam := 0.0
		for _, x := range [...]float64{0, .25, .5, .75, 1 - 1e-9} {
			lam = math.Max(lam, rate(c.t+x*h))
		}
		return lam
	}
	h := to - c.t
	for range 60 {
		q := 1.02 * h * (leaving + most(h))
		if q <= terms {
			break
		}
		h *= math.Max(0.3, 0.98*terms/q)
	}
	for range 60 {
		s := circleStep{sizes: c.sizes, groups: c.groups, from: c.t, h: h, servers: servers, q: 1.02*h*(leaving+most(h)) + 1e-300}
		worst := 0.0
		s.base, worst = c.polynomials(h, base, func(s, t float64) (sum float64) {
			for _, x := range c.base {
				sum += x.Flow(s, t)
			}
			return sum
		})
		for i, pool := range c.pools {
			size := float64(c.sizes[c.groups[i]])
			poly, off := c.polynomials(h, func(t float64) float64 { return pool.Rate(t) / size }, func(s, t float64) float64 { return pool.Flow(s, t) / size })
			off *= size
			s.pools, worst = append(s.pools, poly), worst+off
		}
		if worst*h <= circleRates*math.Max(1, s.q) || h < 1e-9*(to-c.t) {
			c.err += worst * h
			return h, s
		}
		h *= 0.6
	}
	return h, circleStep{}
}

// leaving is the largest rate out of a phase.
func (c *circle) leaving() float64 {
	most := largest(c.service.Exit)
	for i := range c.service.Rates {
		sum := c.service.Exit[i]
		for _, r := range c.service.Rates[i] {
			sum += r
		}
		most = math.Max(most, sum)
	}
	return most
}

// polynomials are the coefficients of a rate in the share of the step, and how
// far they are off, what they lack of the mean included.
func (c *circle) polynomials(h float64, rate func(float64) float64, mean func(s, t float64) float64) (coef []float64, off float64) {
	values := make([]float64, len(circleNodes.x))
	for i, x := range circleNodes.x {
		values[i] = rate(c.t + h*(1+x)/2)
	}
	coef = monomials(circleNodes.coefficients(values))
	for _, x := range [...]float64{0.03, 0.25, 0.5, 0.75, 0.97} {
		off = math.Max(off, math.Abs(polynomial(coef, x)-rate(c.t+x*h)))
	}
	whole, sum := mean(c.t, c.t+h), 0.0
	for i, x := range coef {
		sum += x / float64(i+1)
	}
	if missed := math.Abs(whole - sum*h); missed > meanRounding(c.t, h)*whole {
		off = math.Max(off, missed/h)
	}
	for n := len(coef) - 1; n > 0 && math.Abs(coef[n])*h < circleRates/4; n-- {
		coef, off = coef[:n], off+math.Abs(coef[n])
	}
	return coef, off
}
