package markov

import "math"

// Law is the law of a number, given on First, First+1, … Mass may be missing:
// what was absorbed or cut off.
type Law struct {
	First int
	P     []float64
}

// Point is the law that puts all its mass on n.
func Point(n int) Law { return Law{n, []float64{1}} }

// Poisson is the Poisson law with the given mean, cut off where a term is
// below 1e-20 of the largest.
func Poisson(mean float64) Law {
	w := poissonWeights(mean, 1e-20)
	return Law{w.left, w.p}
}

// Binomial is the law of the number of successes in n trials of chance p, cut
// off where a term is below 1e-20 of the largest.
func Binomial(n int, p float64) Law {
	if n <= 0 || p <= 0 {
		return Point(0)
	}
	if p >= 1 {
		return Point(n)
	}
	mode := min(n, int(float64(n+1)*p))
	odds := p / (1 - p)
	up := ratios(func(i int) float64 { return odds * float64(n-mode-i) / float64(mode+i+1) })
	down := ratios(func(i int) float64 { return float64(mode-i) / (odds * float64(n-mode+i+1)) })
	return around(mode, down, up)
}

// Skellam is the law of a Poisson number with mean up less an independent one
// with mean down, cut off where a term is below 1e-20 of the largest. Its term n
// is in proportion to (up/down)^(n/2) I_n(x), x = 2 sqrt(up down) (J. G. Skellam,
// J. R. Statist. Soc. 109 (1946) 296).
func Skellam(up, down float64) Law {
	switch {
	case down <= 0:
		return Poisson(up)
	case up <= 0:
		return Poisson(down).negative()
	}
	mode := int(math.Round(up - down))
	reach := int(12*math.Sqrt(up+down)) + 60
	least := max(0, max(mode, -mode)-reach-1)
	rise := besselRatios(2*math.Sqrt(up*down), least, max(mode, -mode)+reach+1, reach)
	tilt := math.Sqrt(up / down)
	ratio := func(n int) float64 { // of the term after n to that of n
		if n >= 0 {
			return tilt * rise[n-least]
		}
		return tilt / rise[-n-1-least]
	}
	return around(mode,
		ratios(func(i int) float64 { return 1 / ratio(mode-i-1) }),
		ratios(func(i int) float64 { return ratio(mode + i) }))
}

// besselRatios are I_(n+1)(x)/I_n(x) for n in least..most by the recurrence
// r_n = 1/(2(n+1)/x + r_(n+1)), which has no subtraction and forgets where it
// began, spare steps further up (W. Gautschi, SIAM Rev. 9 (1967) 24).
func besselRatios(x float64, least, most, spare int) []float64 {
	out := make([]float64, most-least+1)
	above := float64(most + spare + 1)
	r := x / (above + math.Hypot(above, x))
	for n := most + spare; n >= least; n-- {
		r = 1 / (2*float64(n+1)/x + r)
		if n <= most {
			out[n-least] = r
		}
	}
	return out
}

// around is the law whose terms below and above mode are in the given
// proportions to that of mode.
func around(mode int, below, above []float64) Law {
	l := Law{mode - len(below), make([]float64, 0, len(below)+1+len(above))}
	for i := len(below) - 1; i >= 0; i-- {
		l.P = append(l.P, below[i])
	}
	l.P = append(append(l.P, 1), above...)
	scale(l.P, 1/l.Mass())
	return l
}

// negative is the law of the number with its sign changed.
func (l Law) negative() Law {
	out := Law{-(l.First + len(l.P) - 1), make([]float64, len(l.P))}
	for i, p := range l.P {
		out.P[len(l.P)-1-i] = p
	}
	return out
}

// ratios multiplies successive ratios until the product is negligible.
func ratios(next func(i int) float64) []float64 {
	var out []float64
	for w, i := next(0), 0; w > 1e-20; i++ {
		out = append(out, w)
		w *= next(i + 1)
	}
	return out
}

// Mass is the sum of the probabilities.
func (l Law) Mass() float64 {
	sum := 0.0
	for _, p := range l.P {
		sum += p
	}
	return sum
}

// Mean of the number, given that it is in the law's support.
func (l Law) Mean() float64 {
	sum := 0.0
	for i, p := range l.P {
		sum += float64(i) * p
	}
	return float64(l.First) + sum/l.Mass()
}

// Variance of the number, given that it is in the law's support.
func (l Law) Variance() float64 {
	m := l.Mean() - float64(l.First)
	sum := 0.0
	for i, p := range l.P {
		sum += (float64(i) - m) * (float64(i) - m) * p
	}
	return sum / l.Mass()
}

// At is the probability of n.
func (l Law) At(n int) float64 {
	if n < l.First || n >= l.First+len(l.P) {
		return 0
	}
	return l.P[n-l.First]
}

// CDF is the probability of n or less.
func (l Law) CDF(n int) float64 {
	sum := 0.0
	for i := range min(len(l.P), max(0, n-l.First+1)) {
		sum += l.P[i]
	}
	return math.Min(sum, 1)
}

// Exceed is the probability of more than n.
func (l Law) Exceed(n int) float64 {
	sum := 0.0
	for i := len(l.P) - 1; i >= max(0, n-l.First+1); i-- {
		sum += l.P[i]
	}
	return math.Min(sum, 1)
}

// Plus is the law of the sum of two independent numbers.
func (l Law) Plus(m Law) Law {
	if len(l.P) == 0 || len(m.P) == 0 {
		return Law{l.First + m.First, nil}
	}
	out := Law{l.First + m.First, make([]float64, len(l.P)+len(m.P)-1)}
	for i, p := range l.P {
		for j, q := range m.P {
			out.P[i+j] += p * q
		}
	}
	return out
}

// Times is the law of size times the number.
func (l Law) Times(size int) Law {
	if size == 1 || len(l.P) == 0 {
		return l
	}
	out := Law{l.First * size, make([]float64, (len(l.P)-1)*size+1)}
	for i, p := range l.P {
		out.P[i*size] += p
	}
	return out
}
