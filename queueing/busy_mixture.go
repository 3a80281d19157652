package queueing

import "math"

// busyMixture is the busy period that k requests start, with hyperexponential
// services and arrivals at rate lam, by its transform S*(z)^k, where z is the
// root on the right of
//
//	s = z - lam (1 - S*(z)) = z (idle + lam z sum of p m^2/(1 + m z)),  idle = 1 - load
//
// (L. Takács, Introduction to the Theory of Queues, Oxford 1962, section 1.3).
// Of one request it is a mixture of exponential times (J. Keilson, Markov Chain
// Models, Springer 1979, section 5.1), so that all singularities are on the
// negative axis and a [hyperbola] goes round them. The one for an instant t does
// for others near it too: its points, each with a root to find, are kept in a
// [hyperbolaRule].
type busyMixture struct {
	k, lam, idle float64
	service      Hyperexponential
	right        float64 // distance of the branch point from 0
}

func (c constantLane) busyMixture(s Hyperexponential) *busyMixture {
	p := &busyMixture{k: float64(c.k0), lam: c.rate, idle: 1 - c.load(), service: s}
	r, _ := c.tilt(-c.branch(leftEdge(s)))
	p.right = -r
	return p
}

func (p *busyMixture) edge() float64 { return p.right }

// root is z of s by Newton's method from a start, with ds/dz there.
func (p *busyMixture) root(s, z complex128) (root, slope complex128) {
	m1, m2 := complex(p.service.Mean1, 0), complex(p.service.Mean2, 0)
	a1, a2 := complex(p.lam*p.service.P1, 0)*m1*m1, complex(p.lam*(1-p.service.P1), 0)*m2*m2
	idle := complex(p.idle, 0)
	for range rootSteps {
		r1, r2 := reciprocal(1+m1*z), reciprocal(1+m2*z)
		b1, b2 := a1*r1, a2*r2
		slope = idle + z*(b1*(1+r1)+b2*(1+r2)) // 1 - r^2 = m z r (1 + r)
		step := (z*(idle+z*(b1+b2)) - s) * reciprocal(slope)
		z -= step
		if math.Abs(real(step))+math.Abs(imag(step)) <= 1e-9*(math.Abs(real(z))+math.Abs(imag(z))) {
			r1, r2 = reciprocal(1+m1*z), reciprocal(1+m2*z)
			return z, idle + z*(a1*r1*(1+r1)+a2*r2*(1+r2))
		}
	}
	return z, slope
}

const rootSteps = 60

// weight is ln phi and M at the root z.
func (p *busyMixture) weight(z, slope complex128) (log, m complex128) {
	r1, r2 := reciprocal(1+z*complex(p.service.Mean1, 0)), reciprocal(1+z*complex(p.service.Mean2, 0))
	u1, u2 := complex(p.service.P1*p.service.Mean1, 0)*r1, complex((1-p.service.P1)*p.service.Mean2, 0)*r2
	at := complex(p.service.P1, 0)*r1 + complex(1-p.service.P1, 0)*r2
	k := complex(p.k, 0)
	return k * logOf(z*(u1+u2), at), k * (u1*r1 + u2*r2) * reciprocal(at*slope)
}

// at starts from the right, whence the real root is met without fail.
func (p *busyMixture) at(s complex128) (log, m complex128) {
	return p.weight(p.root(s, s+complex(p.lam, 0)))
}

// jets takes Taylor's series of S* and of s about the root, and reverts the
// latter.
func (p *busyMixture) jets(s float64) (log float64, m [4]float64) {
	root, slope := p.root(complex(s, 0), complex(s+p.lam, 0))
	z := real(root)
	l, _ := p.weight(root, slope)
	var at [5]float64 // of S*
	for _, phase := range [2][2]float64{{p.service.P1, p.service.Mean1}, {1 - p.service.P1, p.service.Mean2}} {
		r := 1 / (1 + z*phase[1])
		term := phase[0] * r
		for j := range at {
			at[j] += term
			term *= -phase[1] * r
		}
	}
	var ln [5]float64 // of ln S*, but for its value
	for j := 1; j < 5; j++ {
		sum := at[j]
		for i := 1; i < j; i++ {
			sum -= float64(i) / float64(j) * ln[i] * at[j-i]
		}
		ln[j] = sum / at[0]
	}
	a, b, c, d := real(slope), p.lam*at[2], p.lam*at[3], p.lam*at[4]
	h1 := 1 / a
	h2 := -b * h1 * h1 * h1
	h3 := (2*b*b - a*c) * math.Pow(h1, 5)
	h4 := (5*a*b*c - a*a*d - 5*b*b*b) * math.Pow(h1, 7)
	k := p.k
	return real(l), [4]float64{
		-k * ln[1] * h1,
		-2 * k * (ln[1]*h2 + ln[2]*h1*h1),
		-6 * k * (ln[1]*h3 + 2*ln[2]*h1*h2 + ln[3]*h1*h1*h1),
		-24 * k * (ln[1]*h4 + ln[2]*(h2*h2+2*h1*h3) + 3*ln[3]*h1*h1*h2 + ln[4]*h1*h1*h1*h1),
	}
}
