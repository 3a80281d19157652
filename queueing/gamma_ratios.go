package queueing

import "math"

// Terms of [gammaSums.sum] follow from their neighbours as long as their ratios are
// neither huge nor tiny, which takes a shape of at most ratioShape, and have been
// found up to so many services.
const (
	ratioShape = 4.5
	ratioMost  = 2000
)

// gammaRatios are Gamma(n shape)/Gamma((n+1) shape) for n = 0, 1, … as far as they have
// been asked for, with Gamma(0) taken for Gamma(shape).
type gammaRatios struct {
	shape float64
	of    []float64
}

func (r *gammaRatios) at(n int) float64 {
	for i := len(r.of); i <= n; i++ {
		r.of = append(r.of, gammaRatio(float64(max(i, 1))*r.shape, float64(i+1)*r.shape))
	}
	return r.of[n]
}

// gammaRatio is Gamma(x)/Gamma(y) for y >= x > 0, by Stirling's series without the
// cancellation of its large terms.
func gammaRatio(x, y float64) float64 {
	if x == y {
		return 1
	}
	if x < 1 {
		return math.Gamma(x) / math.Gamma(y)
	}
	// ln Gamma(x+1) = (x+1/2) ln x - x + rest(x) + ln(2 pi)/2
	d := y - x
	return math.Exp(d-(x+0.5)*math.Log1p(d/x)-d*math.Log(y)+stirlingRest(x)-stirlingRest(y)) * y / x
}

// byRatios is [gammaSums.sum] over every stride-th n from centre, where the summand is
// top before it is weighted, both ways.
func (p gammaSums) byRatios(k, u, arrived, first, centre, stride, top float64, weight func(n float64) float64) float64 {
	step := math.Pow(p.rate*u, p.shape) * arrived
	each, least := int(stride), termsEnd*top
	total := top * weight(centre)
	n, came, v := int(centre), centre-k, top
	for v > least {
		for range each {
			came++
			v *= step * p.ratios.at(n) / came
			n++
		}
		total += v * weight(float64(n))
	}
	n, came, v = int(centre), centre-k, top
	for v > least && n-each >= int(first) {
		for range each {
			n--
			v *= came / (step * p.ratios.at(n))
			came--
		}
		total += v * weight(float64(n))
	}
	return total
}
