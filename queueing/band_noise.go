package queueing

// bandNoise is what comes free of the throttle, comes to it, and is served more in each slice of
// a grid, of which the ends are given.
type bandNoise struct {
	ends []int
	of   [3][]float64
}

func (b *band) noNoise() *bandNoise {
	x := &bandNoise{ends: b.ends}
	for i := range x.of {
		x.of[i] = make([]float64, len(b.ends))
	}
	return x
}

// times is the noise times a factor.
func (x *bandNoise) times(by float64) *bandNoise {
	return x.mapped(x, func(a, _ float64) float64 { return by * a })
}

// plus is the sum of two.
func (x *bandNoise) plus(y *bandNoise) *bandNoise {
	return x.mapped(y, func(a, b float64) float64 { return a + b })
}

func (x *bandNoise) mapped(y *bandNoise, by func(a, b float64) float64) *bandNoise {
	out := &bandNoise{ends: x.ends}
	for i, a := range x.of {
		out.of[i] = make([]float64, len(a))
		for k := range a {
			out.of[i][k] = by(a[k], y.of[i][k])
		}
	}
	return out
}

// sum of all.
func (x *bandNoise) sum() (sum float64) {
	for _, a := range x.of {
		for _, v := range a {
			sum += v
		}
	}
	return sum
}
