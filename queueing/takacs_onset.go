package queueing

import "math"

// takacsOnset is the density of [takacsPower] from 0 on as long as the logarithm
// of its series, in y = x^a lam t, is a polynomial: the logarithm is analytic but
// for the zeros of the series, all on the negative axis of y where it is Bessel's
// (a = 1), and nearer to 0 than a few times the first of them no others matter.
// In ln t, where the density falls over hundreds of powers of e towards 0 while
// y is next to nothing, nothing else is left to be found there: the power and
// the exponential before the series are known.
type takacsOnset struct {
	power *takacsPower
	most  float64   // y at the end
	coef  []float64 // of the logarithm of the series, in y from 0 to most; nil: it is 0, of no arrivals
	first float64   // ln of the first summand's factor: r^(ak) / Gamma(ak)
	scale float64   // ln (r^a lam)
	end   float64   // ln t at the end
	// peaks are what follows of services much alike: each number of them is a peak
	// of its own, up to peaksEnd.
	peaks    *takacsTerms
	peaksEnd float64 // ln t
}

const (
	onsetZeros = 3.3  // y at the end over the first zero
	onsetTries = 4    // halvings of the end
	peakShape  = 12.  // of services so much alike
	peakMost   = 1.45 // services over the shape: the standard deviation of their sum is above one
)

// takacsOnset of gamma services of shape a, or of exponential ones with a = 1,
// up to hi at most, with its logarithm to tol; nil for other services. It may
// end at once.
func (c constantLane) takacsOnset(hi, tol float64) *takacsOnset {
	var s Gamma
	switch law := c.service.(type) {
	case Exponential:
		s = Gamma{law.MeanTime, 1}
	case Gamma:
		s = law
	default:
		return nil
	}
	p := c.takacsPower(s)
	o := &takacsOnset{peaksEnd: math.Inf(-1), power: p, first: p.k*p.shape*math.Log(p.rate) - p.first, end: math.Inf(-1)}
	if s.Shape >= peakShape && s.Shape <= rippling && p.lam > 0 {
		o.peaks = &takacsTerms{lane: c, service: s}
		o.peaksEnd = math.Log(s.MeanTime * math.Min(peakMost*s.Shape, p.k+fewSummands))
	}
	if !(p.first < onsetLargest) {
		return o
	}
	if p.lam == 0 {
		o.end = math.Log(hi)
		return o
	}
	o.scale = p.shape*math.Log(p.rate) + math.Log(p.lam)
	o.most = math.Exp(o.scale + (1+p.shape)*math.Log(math.Min(hi, powerFast/(p.rate+p.lam))))
	if most := onsetZeros * p.firstZero(); !(o.most <= most) {
		o.most = most
	}
	for range onsetTries {
		if !(o.most > 0) {
			break
		}
		series := func(y float64) float64 { return math.Log(p.series(y)) }
		b := appendBlocks(nil, series, 0, o.most, tol, 0)[0]
		if b.off <= tol {
			o.coef = b.coef
			o.end = (math.Log(o.most) - o.scale) / (1 + p.shape)
			return o
		}
		o.most /= 2
	}
	return o
}

// onsetLargest is the size of logarithms whose rounding is far below what is
// asked for.
const onsetLargest = 2000.0

// firstZero is about the distance from 0 of the nearest zero of the series, from
// below: the sum of the cubes of the inverses of all, by Newton's identities.
func (p *takacsPower) firstZero() float64 {
	for len(p.ratios) < 3 {
		p.grow()
	}
	e1 := p.ratios[0]
	e2 := e1 * p.ratios[1]
	e3 := e2 * p.ratios[2]
	return 1 / math.Cbrt(e1*(e1*e1-2*e2)-e2*e1+3*e3)
}

// exps turns each ln t, in increasing order, into the density of ln t.
func (o *takacsOnset) exps(x []float64) {
	p := o.power
	rate, power := p.rate+p.lam, p.k*p.shape
	if o.coef == nil {
		for i, v := range x {
			x[i] = math.Exp(power*v + o.first - rate*math.Exp(v))
		}
		return
	}
	var at, sum [ballotPoints]float64
	u, sums := at[:len(x)], sum[:len(x)]
	last := x[len(x)-1]
	if math.Max(o.scale+(1+p.shape)*last, math.Log(rate)+last) < rounding { // the power alone is left
		for i, v := range x {
			x[i] = math.Exp(power*v + o.first)
		}
		return
	}
	for i, x := range x {
		u[i] = 2*math.Exp(o.scale+(1+p.shape)*x)/o.most - 1
	}
	clenshaws(sums, o.coef, u)
	for i, v := range x {
		x[i] = math.Exp(power*v + o.first - rate*math.Exp(v) + sums[i])
	}
}

// rounding is the logarithm of what is nothing beside 1.
const rounding = -39.0
