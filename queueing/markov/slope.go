package markov

// OrbitSlope is how the long run of an [Orbit] answers to its rate of fresh
// arrivals, its Size staying what it is: derivatives by Arrivals.
type OrbitSlope struct {
	MeanLane, MeanQueue, MeanOrbit float64 // s
	Full                           float64 // s, of the chance that the lane is full
}

// slope is the derivative x of the stationary law p, where p Q = 0: it satisfies
//
//	x Q = -p Q',  sum x = 0
//
// with Q' the derivative of Q (P. J. Schweitzer, J. Appl. Probab. 5 (1968)
// 401), and the elimination that gave p gives it too. An orbit that is cut has
// the derivative of the cut chain: no difference of two cuts comes into it.
func (c Orbit) slope(e factors, p []float64) OrbitSlope {
	source := make([]float64, len(p)) // -p Q'
	c.jumps(func(from, to int, fresh, _ float64) {
		source[from] += p[from] * fresh
		source[to] -= p[from] * fresh
	})
	l := c.summary(e.perturbed(p, source))
	return OrbitSlope{l.MeanLane, l.MeanQueue, l.MeanOrbit, l.Full}
}

// perturbed solves x Q = b with sum x = 0 for a b whose sum is 0, Q being the
// eliminated generator and p its stationary law: the last states are
// eliminated first, as in [Banded.Stationary], x[0] is set to 0, and the sum
// put right by a multiple of p. It works in b.
func (f factors) perturbed(p, b []float64) []float64 {
	for k := f.n - 1; k > 0; k-- {
		g := b[k] / f.out[k]
		lo := max(0, k-f.band)
		for j, r := range f.rate[f.at(k, lo):f.at(k, k)] {
			b[lo+j] += g * r
		}
	}
	x, sum := make([]float64, f.n), 0.0
	for k := 1; k < f.n; k++ {
		into := -b[k]
		for i := max(0, k-f.band); i < k; i++ {
			into += x[i] * f.rate[f.at(i, k)]
		}
		x[k] = into / f.out[k]
		sum += x[k]
	}
	for k := range x {
		x[k] -= sum * p[k]
	}
	return x
}
