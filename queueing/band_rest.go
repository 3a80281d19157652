package queueing

import "math"

const (
	bandRest  = 1e-9 // of the mass, that need not be idle
	bandHalts = 5000 // steps
	bandCrowd = 2000 // servers
)

// rest is the mean and the variance of what is left as the mean path has drained: until idle,
// the passage of the number in an M(t)/M/c queue to 0, from all servers busy or, where they are
// not as overload ends, from a Poisson number.
func (b *band) rest(from passed) (mean, variance float64) {
	if !b.cfg.Target.Idle {
		return 0, 0
	}
	at := math.Max(from.at, b.begin)
	c, m := b.ServersAt(at), b.cfg.Service.Mean()
	if c > bandCrowd { // the longest of so many exponential services
		return m * (math.Log(math.Max(1, from.n)) + euler), math.Pi * math.Pi / 6 * m * m
	}
	start := point(c)
	if from.at < at || from.n < float64(c) {
		start = poissonLaw(math.Max(from.n, 1e-9)).atMost(c).without(gateCut)
	}
	n := c + int(math.Max(20, 6*math.Sqrt(float64(c))))
	walk := rungWalk{cloud: cloudOf(start).over(evenRungs(0, float64(n), n)), absorbing: true}
	gone := walk.p[0]
	walk.p[0] = 0
	walk.jumps(c, Exponential{m}, 1)
	first, second := 0.0, 0.0
	even := func(_, _ float64) (speed, spread float64) { return 1, 0 }
	t, h := 0.0, m/float64(20*c)
	for range bandHalts {
		if 1-gone < bandRest {
			break
		}
		b.check()
		lam := func(s, u float64) float64 { return b.cfg.Arrivals.Flow(at+t+s, at+t+u) / (u - s) }
		p, absorbed, off := walk.step(h, 1, n, lam, even)
		if off > bandRough && h > m*1e-9 {
			h /= 2
			continue
		}
		walk.p = p
		mid := t + h/2
		gone, first, second = gone+absorbed, first+absorbed*mid, second+absorbed*mid*mid
		t += h
		if h *= 1.2; off > bandRough/8 {
			h /= 1.2
		}
		h = math.Min(h, math.Max(m/4, t/50))
	}
	if left := 1 - gone; left > bandRest {
		first, second = first+left*t, second+left*t*t
	}
	return first, math.Max(0, second-first*first)
}

// euler is the constant of the mean of a Gumbel law.
const euler = 0.57721566490153286

// bandRough is the error of a step of that passage.
const bandRough = 1e-6
