package queueing

import "math"

// takacsTerms are the summands of Takács's density one by one. That of j
// arrivals is a power of t times an exponential, t^(p-1) e^(-ct) but for a
// constant, with p = j + a n, n = k0 + j, and c = lam + r: t times it is
//
//	exp(h - p (e - ln(1+e))),  e = t/u - 1,  u = p/c,
//
// with h its logarithm at its largest, at u, which is worked out once.
type takacsTerms struct {
	lane    constantLane
	service Gamma
	peaks   []takacsPeak // of j = 0, 1, …
}

type takacsPeak struct{ power, at, log float64 }

// log of the j-th summand.
func (p *takacsTerms) log(j int, t float64) float64 {
	for len(p.peaks) <= j {
		p.peaks = append(p.peaks, p.peak(float64(len(p.peaks))))
	}
	q := &p.peaks[j]
	ratio := t / q.at
	if ratio < 0.5 { // little may be left of it beside the 1
		return q.log - q.power*(ratio-1-math.Log(ratio)) - math.Log(t)
	}
	return q.log - q.power*excessOfLog(ratio-1) - math.Log(t)
}

func (p *takacsTerms) peak(j float64) takacsPeak {
	k, a := float64(p.lane.k0), p.service.Shape
	n, rate := k+j, a/p.service.MeanTime
	q := takacsPeak{power: j + a*n}
	q.at = q.power / (p.lane.rate + rate)
	q.log = lnPoissonMass(j, p.lane.rate*q.at) + lnGammaMass(n*a, rate*q.at) + math.Log(k/n)
	return q
}

// sum is the logarithm of all summands, of which the j-th is about the largest.
func (p *takacsTerms) sum(j int, t float64) float64 {
	const negligibleTerm = 1e-15
	peak, sum := p.log(j, t), 1.0
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
	return peak + math.Log(sum)
}
