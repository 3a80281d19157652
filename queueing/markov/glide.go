package markov

import "math"

// glide moves the law to a time up to end in one go, if births and deaths do
// not depend on the state wherever the process can be with a probability that
// the tolerance, per second, does not disregard. It reports whether it moved.
func (r *Run) glide(end, tolerance float64) bool {
	const worth = 400 // mean jumps below which other steps are as fast
	room, birth, death := r.alike()
	if room < 64 {
		return false
	}
	whole := end - r.time
	for h := whole; ; h *= 0.75 {
		l, spread, ok := integral(r.process.Arrivals, r.time, h)
		m, spreadM, okM := integral(r.process.speed, r.time, h)
		l, m = l*birth, m*death
		if !(l+m >= worth) {
			return false
		}
		if !ok || !okM {
			continue
		}
		below := passage(float64(room), l, m, spread.most*birth/(spreadM.least*death))
		above, high := upward(l, m, spreadM.most*death/(spread.least*birth), tolerance*h/8)
		if below <= tolerance*h/8 && r.flatAbove(high, birth, death) {
			r.convolve(l, m, h, tolerance)
			r.lost += below + above
			r.traced.quiet(r.time + h)
			if r.time += h; h == whole {
				r.time = end
			}
			return true
		}
	}
}

// alike is the number of states below the law's lowest one that have the same
// rates as the law's states; 0 if those differ.
func (r *Run) alike() (room int, birth, death float64) {
	lowest := max(r.floor, 1, r.law.First-1_000_000)
	if r.law.First-lowest < 64 {
		return 0, 0, 0
	}
	n := r.law.First + len(r.law.P) - lowest
	b := &r.spare
	b.birth, b.death = sized(b.birth, n), sized(b.death, n)
	r.process.shapes(r.process.middle(r.time), lowest, b.birth, b.death)
	birth, death = b.birth[n-1], b.death[n-1]
	for i := n - 1; i >= 0 && b.birth[i] == birth && b.death[i] == death; i-- {
		room = lowest + i
	}
	return r.law.First - room, birth, death
}

// upward is a number of states by which births with mean l exceed deaths with
// mean m on the way with a chance of at most most, and a bound of that chance;
// steep is the greatest ratio of deaths to births.
func upward(l, m, steep, most float64) (chance float64, states int) {
	reach, step := math.Max(0, l-m)+40, math.Sqrt(l+m)
	for {
		chance = passage(reach, 0, l, 1) // as if there were no deaths
		if c := passage(reach, m, l, steep); c < chance {
			chance = c
		}
		if chance <= most {
			return chance, int(reach)
		}
		reach += step
		step *= 1.1
	}
}

// flatAbove tells whether the rates stay alike as far as reach states above
// the law.
func (r *Run) flatAbove(reach int, birth, death float64) bool {
	top := r.law.First + len(r.law.P) - 1
	if r.process.Top > 0 && top+reach >= r.process.Top {
		return false
	}
	b := &r.spare
	b.birth, b.death = sized(b.birth, reach), sized(b.death, reach)
	r.process.shapes(r.process.middle(r.time), top+1, b.birth, b.death)
	for i := range b.birth {
		if b.birth[i] != birth || b.death[i] != death {
			return false
		}
	}
	return true
}

// passage bounds the chance that deaths with mean m ever exceed births with
// mean l by k on the way, by Doob's inequality for exp(theta (D - A)) with
// exp(theta) at least steep, the greatest ratio of births to deaths.
func passage(k, l, m, steep float64) float64 {
	if m == 0 {
		return 0
	}
	theta := math.Log(math.Max((k+math.Sqrt(k*k+4*l*m))/(2*m), math.Max(steep, 1)))
	return math.Exp(math.Min(0, -theta*k+m*math.Expm1(theta)+l*math.Expm1(-theta)))
}

// convolve adds a Poisson number with mean l and takes off one with mean m.
func (r *Run) convolve(l, m, h, tolerance float64) {
	law := r.law.Plus(Skellam(l, m))
	cut := tolerance * h * r.law.Mass() / 4
	lo, hi := 0, len(law.P)
	for sum := law.P[lo]; law.First+lo < r.floor+1 || sum < cut/2; sum += law.P[lo] {
		r.lost += law.P[lo]
		lo++
	}
	for sum := law.P[hi-1]; sum < cut/2; sum += law.P[hi-1] {
		r.lost += law.P[hi-1]
		hi--
	}
	r.law = trimmed(Law{law.First + lo, law.P[lo:hi]})
}

// extremes of a function over an interval, as far as some points tell.
type extremes struct{ least, most float64 }

// integral of f over (t,t+h) by Gauss' rule with 8 points on more and more
// panels; ok is false when it does not settle to 1e-14.
func integral(f func(float64) float64, t, h float64) (sum float64, e extremes, ok bool) {
	before := math.NaN()
	for panels := 1; panels <= 64; panels *= 2 {
		sum = 0
		e = extremes{math.Inf(1), 0}
		w := h / float64(panels)
		for i := range panels {
			for j, x := range legendre[maxDegree] {
				y := f(t + w*(float64(i)+x))
				sum += w * gaussWeights[j] * y
				e = extremes{math.Min(e.least, y), math.Max(e.most, y)}
			}
		}
		if math.Abs(sum-before) <= 1e-14*sum {
			return sum, e, true
		}
		before = sum
	}
	return sum, e, false
}

// gaussWeights belong to the points legendre[maxDegree].
var gaussWeights = func() (w [maxDegree + 1]float64) {
	n := maxDegree + 1
	for i, x := range legendre[maxDegree] {
		y := 1 - 2*x
		_, slope := legendreAt(n, y)
		w[i] = 1 / ((1 - y*y) * slope * slope)
	}
	return w
}()
