package queueing

import "math"

// constant is the drain density of a lane with constant rates, whose kernel
// vanishes: what remains of the equation of [passage] is its source, Takács's
// ballot density, on as few points as it takes. It is tried before the general
// way, which integrates and follows panel by panel, and left to it where less
// than the tolerance is reached.
func (p problem) constant() (d Drain, ok bool) {
	c, err := constantRates(p.Lane, DrainDensity)
	if err != nil || c.k0 <= 0 {
		return d, false
	}
	switch s := c.service.(type) {
	case Exponential:
		d = p.fewOrBallot(c, c.kendall())
		d.Reason = fastestExponential
	case Gamma:
		d = p.fewOrBallot(c, c.takacs(s, p.tolerance()))
		d.Reason = fastestGamma
	case Hyperexponential:
		if d, err = p.busyMixture(c, s); err != nil {
			return d, false
		}
	case Deterministic:
		d.Reason = evenlySpaced
		d.Distribution, d.AbsError = c.borelTanner(s.Time, p.tolerance())
	}
	if d.Distribution == nil {
		return d, false
	}
	d.Method, d.Quality, d.AbsError = DrainDensity, Exact, math.Max(d.AbsError, 1e-13)
	return d, d.AbsError <= p.tolerance()
}

// fewOrBallot is the law as a mixture of few Erlang laws, or by the logarithm of its density if
// that can be followed.
func (p problem) fewOrBallot(c constantLane, log func(t float64) float64) (d Drain) {
	reach, tail := c.tail(p.SolveOptions)
	d.Tail = tail
	if m := c.erlangMixture(reach); m != nil && !p.panels {
		d.Distribution, d.AbsError = m, m.off+2e-17
	} else if s, is := c.service.(Gamma); !is || c.rate == 0 || s.Shape <= math.Max(rippling, float64(c.k0)) {
		d.Distribution, d.AbsError = c.ballot(log, nil, c.earliest(outsideExponent), c.latest(reach), p.tolerance())
	}
	return d
}

const fastestTransform = "the exact way for one server by the transform of its service time"

// rippling is the shape beyond which the density from few requests is peaks, one
// for each number of services, with next to nothing between: its logarithm is
// no smoother than itself.
const rippling = 128.0

// tail is the exponent of what may be left out on the right, and how far the
// tail has digits of its own with that, as for a [busyPassage].
func (c constantLane) tail(o SolveOptions) (reach, tail float64) {
	if o.coarse() {
		return windowExponent, 0
	}
	tail = c.latest(windowExponent - tailDigits)
	if o.Tail <= tail {
		return windowExponent, tail
	}
	if reach = c.late(o.Tail) + tailDigits; reach > tailExtreme {
		return windowExponent, tail
	}
	return math.Max(reach, windowExponent), o.Tail
}

// busyMixture is the law with hyperexponential service, by saddle points in the variable
// of its root, and along rules of its transform where those fail.
func (p problem) busyMixture(c constantLane, s Hyperexponential) (d Drain, err error) {
	defer catch(&err)
	rules, saddle := newMixtureRules(c.busyMixture(s), p.check), c.mixtureSaddle(s)
	log := func(t float64) float64 {
		p.check()
		if log, ok := saddle.log(t); ok {
			return log
		}
		return rules.log(t)
	}
	reach, tail := c.tail(p.SolveOptions)
	d.Distribution, d.AbsError = c.ballot(log, saddle, c.earliest(outsideExponent), c.latest(reach), p.tolerance())
	d.AbsError += math.Max(saddle.off, rules.off)
	d.Tail, d.Reason = tail, fastestTransform
	return d, nil
}
