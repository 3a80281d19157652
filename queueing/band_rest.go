package queueing

import "math"

// rest is the mean and the variance of what is left as the mean path has drained: until idle,
// the passage of an M/M/c queue down to 0.
func (b *band) rest(from passed) (mean, variance float64) {
	if !b.cfg.Target.Idle {
		return 0, 0
	}
	at := math.Max(from.at, b.begin)
	c, m := b.ServersAt(at), b.cfg.Service.Mean()
	rate := b.cfg.Arrivals.Rate(at)
	first, second := busyMoments(rate, float64(c)/m, b.cfg.Service.SCV())
	n := int(math.Min(float64(c), math.Ceil(from.n)))
	for k := c; k > 0; k-- {
		if k < c {
			first, second = stepDown(rate, float64(k)/m, first, second)
		}
		if k <= n {
			mean, variance = mean+first, variance+second-first*first
		}
	}
	return mean, variance
}

// busyMoments are those of the time in which a queue of several servers, all busy, falls by one.
func busyMoments(rate, capacity, scv float64) (first, second float64) {
	down := capacity - rate
	first = 1 / down
	return first, first*first + (rate+scv*capacity)/(down*down*down)
}

// stepDown are the first two moments of the time in which a birth-and-death process falls by one
// at some number, given those at the next number above.
func stepDown(birth, death, first, second float64) (float64, float64) {
	own := (1 + birth*first) / death
	all := birth + death
	up := birth / all
	return own, (2/(all*all) + 2/all*up*(first+own) + up*(second+2*first*own)) * all / death
}
