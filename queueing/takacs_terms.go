package queueing

import "math"

// takacsTerms are the summands of Takács's density one by one. That of j
// arrivals is a power of t times an exponential, t^(p-1) e^(-ct) but for a
// constant, with p = j + a n, n = k0 + j, and c = lam + r: t times it is
//
//	exp(h - p (e - ln(1+e))),  e = t/u - 1,  u = p/c,
//
// with h its logarithm at its largest, at u, which is worked out once. The j-th
// is proportional to the j-th power of one function of t: what the ratio of two
// that follow each other changes by from one to the next does not depend on t.
type takacsTerms struct {
	lane    constantLane
	service Gamma
	peaks   []takacsPeak // of j = 0, 1, …
	bends   []float64    // of j = 0, 1, …: ratio of j+2 and j+1 over that of j+1 and j
}

// takacsPeak is the place of a summand's peak, in s and in ln t, and t times its value there, with
// the logarithm of what the next one is over it there.
type takacsPeak struct{ power, at, lnAt, log, next float64 }

// log of the j-th summand.
func (p *takacsTerms) log(j int, t float64) float64 {
	q := p.summand(j)
	ratio := t / q.at
	if ratio < 0.5 { // little may be left of it beside the 1
		return q.log - q.power*(ratio-1-math.Log(ratio)) - math.Log(t)
	}
	return q.log - q.power*excessOfLog(ratio-1) - math.Log(t)
}

func (p *takacsTerms) summand(j int) *takacsPeak {
	for len(p.peaks) <= j {
		p.peaks = append(p.peaks, p.peak(float64(len(p.peaks))))
	}
	return &p.peaks[j]
}

// ratio is that of the summand after the j-th to the j-th at t = exp(v), a power of t. It is
// taken from where the j-th has its peak, so that little is left of the logarithms.
func (p *takacsTerms) ratio(j int, v float64) float64 {
	if q := p.summand(j); math.IsNaN(q.next) {
		next := p.log(j+1, q.at) - p.log(j, q.at)
		p.peaks[j].next, p.peaks[j].lnAt = next, math.Log(q.at)
	}
	q := &p.peaks[j]
	return math.Exp(q.next + (1+p.service.Shape)*(v-q.lnAt))
}

func (p *takacsTerms) peak(j float64) takacsPeak {
	k, a := float64(p.lane.k0), p.service.Shape
	n, rate := k+j, a/p.service.MeanTime
	q := takacsPeak{power: j + a*n, next: math.NaN()}
	q.at = q.power / (p.lane.rate + rate)
	q.log = lnPoissonMass(j, p.lane.rate*q.at) + lnGammaMass(n*a, rate*q.at) + math.Log(k/n)
	return q
}

// bend is the j-th of bends. With z = a (n+1) the second difference of ln Gamma
// is by Stirling's series (z+a-1/2) ln(1+a/z) + (z-a-1/2) ln(1-a/z) and what its
// remainders leave, none of which is as large as the logarithms themselves.
func (p *takacsTerms) bend(j int) float64 {
	for i := len(p.bends); i <= j; i++ {
		n, a := float64(p.lane.k0+i), p.service.Shape
		z := a * (n + 1)
		var gamma float64
		if a*n < stirlingLeast {
			before, _ := math.Lgamma(z - a)
			at, _ := math.Lgamma(z)
			after, _ := math.Lgamma(z + a)
			gamma = after - 2*at + before
		} else {
			gamma = (z+a-0.5)*math.Log1p(a/z) + (z-a-0.5)*math.Log1p(-a/z) +
				stirlingSeries(z+a) - 2*stirlingSeries(z) + stirlingSeries(z-a)
		}
		p.bends = append(p.bends, math.Exp(-gamma)*(n+1)*(n+1)/(n*(n+2))*(float64(i)+1)/(float64(i)+2))
	}
	return p.bends[j]
}

const (
	stirlingLeast  = 20.0  // of the argument of stirlingSeries
	negligibleTerm = 1e-15 // over the sum
	steepest       = 1e150 // ratio of summands whose square still is a number
)

// sum is the logarithm of all summands, of which the j-th is about the largest.
func (p *takacsTerms) sum(j int, t float64) float64 {
	peak, over := p.over(j, t, math.Log(t))
	return peak + math.Log(over)
}

// exps turns each ln t into the density of ln t. About as many services as fit
// have ended then; of services that are much alike the sum has few terms.
func (p *takacsTerms) exps(x []float64) {
	for i, v := range x {
		t := math.Exp(v)
		peak, over := p.over(max(0, int(t/p.service.MeanTime+0.5)-p.lane.k0), t, v)
		x[i] = math.Exp(peak+v) * over
	}
}

// over is, at t = exp(v), the logarithm of the j-th summand and the sum of all over it, for j up
// to [fewSummands]: the rounding of ratios adds up with their number squared.
func (p *takacsTerms) over(j int, t, v float64) (peak, sum float64) {
	peak = p.log(j, t)
	ratio := p.ratio(j, v)
	if !(ratio < steepest && ratio > 1/steepest) {
		return peak, p.sumSteep(j, t, peak)
	}
	sum = 1.0
	term := 1.0
	for i, r := j, ratio; ; i++ {
		term *= r
		sum += term
		if !(term > negligibleTerm*sum) {
			break
		}
		r *= p.bend(i)
	}
	term = 1
	for i, r := j-1, 1/ratio; i >= 0; i-- {
		r *= p.bend(i)
		term *= r
		sum += term
		if !(term > negligibleTerm*sum) {
			break
		}
	}
	return peak, sum
}

// sumSteep is the sum over the j-th summand where next to it there may be
// nothing.
func (p *takacsTerms) sumSteep(j int, t, peak float64) float64 {
	sum := 1.0
	for i := j + 1; ; i++ {
		v := math.Exp(p.log(i, t) - peak)
		sum += v
		if !(v > negligibleTerm*sum) {
			break
		}
	}
	for i := j - 1; i >= 0; i-- {
		v := math.Exp(p.log(i, t) - peak)
		sum += v
		if !(v > negligibleTerm*sum) {
			break
		}
	}
	return sum
}
