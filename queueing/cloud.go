package queueing

import "math"

// cloud is a law over rungs.
type cloud struct {
	at rungs
	p  []float64
}

const (
	cloudDust  = 1e-12 // a mass that is not carried on
	cloudWidth = 7.0   // standard deviations of a normal law
	cloudNodes = 140   // and its points
)

func cloudOf(l law) cloud {
	at := make(rungs, len(l.p))
	for i := range at {
		at[i] = float64(l.lo + i)
	}
	return cloud{at, l.p}
}

// normalCloud has the given mean and variance.
func normalCloud(mean, variance float64) cloud {
	if variance <= 0 {
		return cloud{rungs{mean}, []float64{1}}
	}
	at := evenRungs(-cloudWidth, cloudWidth, cloudNodes)
	c := cloud{at, make([]float64, len(at))}
	sum := 0.0
	for i, z := range at {
		c.p[i] = math.Exp(-z * z / 2)
		sum += c.p[i]
	}
	for i, z := range at {
		c.p[i] /= sum
		c.at[i] = mean + z*math.Sqrt(variance)
	}
	return c
}

// countCloud is the law of a count, number by number where those are few.
func countCloud(c Count) cloud {
	sd := math.Sqrt(c.Variance())
	if sd < 10 && c.Mean() < 1e6 {
		return cloudOf(c.law())
	}
	return normalCloud(c.Mean(), c.Variance())
}

// plus is the law of the sum of independent numbers, in steps that change its
// variance by little.
func (c cloud) plus(d cloud) cloud {
	if len(d.at) == 1 { // all move alike
		at := make(rungs, len(c.at))
		for i, x := range c.at {
			at[i] = x + d.at[0]
		}
		return cloud{at, c.p}
	}
	lo, hi := c.at[0]+d.at[0], c.at[len(c.at)-1]+d.at[len(d.at)-1]
	n := int(math.Min(rungsAbove, math.Ceil((hi-lo)/(d.at[1]-d.at[0]))))
	out := cloud{evenRungs(lo, hi, max(n, 1)), make([]float64, max(n, 1)+1)}
	for i, x := range c.at {
		if c.p[i] <= cloudDust {
			continue
		}
		for j, y := range d.at {
			out.at.put(out.p, x+y, c.p[i]*d.p[j])
		}
	}
	return out
}

// over is the law over other rungs.
func (c cloud) over(r rungs) cloud {
	out := cloud{r, make([]float64, len(r))}
	for i, x := range c.at {
		if c.p[i] > 0 {
			r.put(out.p, x, c.p[i])
		}
	}
	return out
}

func (c cloud) mass() float64 { return law{0, c.p}.mass() }

// ends are the rungs beyond which there is at most the given mass.
func (c cloud) ends(mass float64) (lo, hi float64) {
	l := law{0, c.p}.without(mass)
	return c.at[l.lo], c.at[l.hi()]
}
