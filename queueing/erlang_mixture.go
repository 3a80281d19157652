package queueing

import "math"

// erlangMixture is the law of the busy period that k requests start, with services of a whole
// number a of exponential stages at rate r and arrivals at rate lam, as a mixture of Erlang
// laws. What happens at all, stages that end and arrivals, does so at rate c = lam + r, and the
// period ends with the p-th of them, p = a k + (a+1) j, if j requests arrive in it, which has
// the probability
//
//	w_j = k/(k+j) binomial(p-1, j) (lam/c)^j (r/c)^(p-j)
//
// (G. C. Jain, P. C. Consul, SIAM J. Appl. Math. 21 (1971), 501, whose m is a k and beta a + 1;
// the terms of Takács's density are w_j times Erlang's). So P(T > t) is the sum over m of the
// probability that m things have happened, which is Poisson, times that of more that are needed.
// All terms are positive.
type erlangMixture struct {
	c            float64   // 1/s
	first, every int       // a k and a + 1
	weight       []float64 // w_j
	left, right  []float64 // left[j]: weight before j, right[j]: from it on
	mean, sd     float64   // s
	off          float64   // of the sum of the weights from 1, as they were found
}

const (
	mixtureWork   = 20000.0 // stages of all weights at most,
	mixtureEvents = 2000    // and things that happen in the mean, where services have few stages
	mixtureAlike  = 10.0    // stages that make that twice as many: the density has peaks then
	mixtureLeast  = -600.0  // ln w_0
	poissonEnd    = 1e-18   // the last terms over the sum
)

// erlangMixture leaves out what has less than exp(-reach) on the right; nil where it would
// take long.
func (c constantLane) erlangMixture(reach float64) *erlangMixture {
	stages, rate := 1.0, 1/c.service.Mean()
	if s, is := c.service.(Gamma); is {
		stages, rate = s.Shape, s.Shape*rate
	}
	k := float64(c.k0)
	all := c.rate + rate
	if stages != math.Trunc(stages) || all*c.cumulants().Mean > mixtureEvents*(1+stages/mixtureAlike) {
		return nil
	}
	arrival, stage := c.rate/all, rate/all
	limit := math.Exp((stages+1)*math.Log1p(stages)-stages*math.Log(stages)+stages*math.Log(stage)) * arrival // of w_(j+1)/w_j
	least := k * stages * math.Log(stage)
	if least < mixtureLeast || !(reach*(stages+4) < -math.Log(limit)*mixtureWork) {
		return nil
	}
	m := &erlangMixture{c: all, first: int(k * stages), every: int(stages) + 1}
	for j, w, before := 0.0, math.Exp(least), 0.0; ; j++ {
		m.weight = append(m.weight, w)
		ends := math.Max(limit, w/before)
		if ends < 1 && w*ends < math.Exp(-reach)*(1-ends) {
			break
		}
		before = w
		p, done := k*stages+(stages+1)*j, stages*(k+j)
		w *= (p + stages) / (j + 1) * arrival
		for i := 0.0; i < stages; i++ {
			w *= (p + i) / (done + 1 + i) * stage
		}
	}
	m.off = math.Abs(m.sum() - 1)
	return m
}

// sum makes weights add up to 1, and is what they did before; it finds masses and moments.
func (m *erlangMixture) sum() (before float64) {
	for _, w := range m.weight {
		before += w
	}
	n := len(m.weight)
	masses := make([]float64, 2*n+2)
	m.left, m.right = masses[:n+1], masses[n+1:]
	for j := range m.weight {
		m.weight[j] /= before
		w := m.weight[j]
		m.left[j+1] = m.left[j] + w
		m.mean += w * float64(m.ends(j))
	}
	for j := n - 1; j >= 0; j-- {
		m.right[j] = m.right[j+1] + m.weight[j]
	}
	m.mean /= m.left[n]
	variance := 0.0
	for j, w := range m.weight {
		p := float64(m.ends(j))
		variance += w * ((p-m.mean)*(p-m.mean) + p)
	}
	m.mean, m.sd = m.mean/m.c, math.Sqrt(variance/m.left[n])/m.c
	return before
}

// ends is the number of things that happen if j requests arrive.
func (m *erlangMixture) ends(j int) int { return m.first + m.every*j }

// before is the least j for which more than n happen, or the number of weights, and begins the n
// from which on it is j.
func (m *erlangMixture) before(n int) int {
	if n < m.first {
		return 0
	}
	return min((n-m.first)/m.every+1, len(m.weight))
}

func (m *erlangMixture) begins(j int) int {
	if j == 0 {
		return 0
	}
	return m.ends(j - 1)
}

// top is the number of things to begin sums at: where Poisson probabilities of mean x are
// largest or masses, from the right or from the left, begin. It has masses.
func (m *erlangMixture) top(x float64, right bool) int {
	if right {
		return int(math.Min(x, float64(m.ends(len(m.weight)-1)-1)))
	}
	return int(math.Max(x, float64(m.first)))
}

// sums are P(T > t), or P(T <= t), by the masses on that side, and the density.
func (m *erlangMixture) sums(t float64, right bool) (mass, density float64) {
	x, masses := math.Max(0, m.c*t), m.left
	if right {
		masses = m.right
	}
	if n := len(m.weight); x > 4*float64(m.ends(n))+1e4 {
		return masses[n], 0
	}
	top := m.top(x, right)
	term := poissonFar(float64(top), x)
	if !(term > 0) {
		return 0, 0
	}
	end := poissonEnd * term * masses[m.before(top)]
	up, f := m.upward(masses, x, top, term, end)
	down, g := m.downward(masses, x, top, term, end)
	return up + down, m.c * (f + g)
}

// poissonFar is [poissonMass], which loses digits where the mean is next to nothing beside n.
func poissonFar(n, mean float64) float64 {
	if ratio := mean / n; n >= stirlingLeast && ratio < 0.5 {
		return math.Exp(-n*(ratio-1-math.Log(ratio))-stirlingSeries(n)) / math.Sqrt(2*math.Pi*n)
	}
	return poissonMass(n, mean)
}

// downward is the sum of the masses times the probabilities of n things and fewer, the first of
// which is term, down to end, and that of the weights times the probabilities of all things but
// the last.
func (m *erlangMixture) downward(masses []float64, x float64, n int, term, end float64) (mass, density float64) {
	for j := m.before(n); j >= 0; j-- {
		if j < len(m.weight) && n == m.ends(j)-1 {
			density += m.weight[j] * term
		}
		sum := 0.0
		for from := m.begins(j); n >= from && term > end; n-- {
			sum += term
			term *= float64(n) / x
		}
		mass += masses[j] * sum
		if !(term > end) {
			break
		}
	}
	return mass, density
}

// upward is downward from n, whose own mass is not counted, upwards.
func (m *erlangMixture) upward(masses []float64, x float64, n int, term, end float64) (mass, density float64) {
	for j := m.before(n + 1); ; j++ {
		last := math.MaxInt
		if j < len(m.weight) {
			last = m.ends(j) - 1
		} else if masses[j] == 0 {
			break
		}
		sum := 0.0
		for n < last && term > end {
			n++
			term *= x / float64(n)
			sum += term
		}
		mass += masses[j] * sum
		if !(term > end) {
			break
		}
		density += m.weight[j] * term
	}
	return mass, density
}

// Mean in seconds.
func (m *erlangMixture) Mean() float64 { return m.mean }

// StdDev in seconds.
func (m *erlangMixture) StdDev() float64 { return m.sd }

// Exceed is P(T > t).
func (m *erlangMixture) Exceed(t float64) float64 {
	if above, _ := m.sums(t, true); above < 0.5 {
		return above
	}
	below, _ := m.sums(t, false)
	return math.Max(0, 1-below)
}

// CDF is P(T <= t).
func (m *erlangMixture) CDF(t float64) float64 {
	if above, _ := m.sums(t, true); above < 0.5 {
		return 1 - above
	}
	below, _ := m.sums(t, false)
	return below
}

// Quantile is found by Newton's method on the logarithm of the smaller side, over ln t on the
// left.
func (m *erlangMixture) Quantile(p float64) float64 {
	right, goal := p > 0.5, p
	if right {
		goal = 1 - p
	}
	lo, hi, t := 0.0, math.Inf(1), m.mean
	for try := 1; try < quantileTries && hi-lo > ulp(lo); try++ {
		mass, f := m.sums(t, right)
		if mass > goal == right {
			lo = t
		} else {
			hi = t
		}
		scale := mass / f
		step := scale * math.Log(mass/goal)
		next := t + step
		if !right {
			step = -step
			next = t * math.Exp(math.Min(math.Max(step/t, -20), 20))
		}
		if math.Abs(step) <= quantileStep*math.Min(scale, t) {
			return next
		}
		if try%quantileHalved == 0 {
			next = math.NaN()
		}
		t = bracketed(next, t, lo, hi)
	}
	return hi
}

const (
	quantileTries  = 400
	quantileStep   = 1e-8 // the last step over how far the mass changes, and over the instant
	quantileHalved = 6    // of steps one halves, as between peaks Newton's do little
)

// MeanOver is the integral of P(T > t) from t on: the sum over n of the probability that n things
// have happened, times the sum of the probabilities that more than i are needed, i from n on, over
// c.
func (m *erlangMixture) MeanOver(t float64) float64 {
	if t < 0 {
		return m.mean - t
	}
	x, n := m.c*t, m.ends(len(m.weight)-1)
	over := make([]float64, n+1)
	for i := n - 1; i >= 0; i-- {
		over[i] = over[i+1] + m.right[m.before(i)]
	}
	if x > 4*float64(n)+1e4 {
		return 0
	}
	top := m.top(x, true)
	first := poissonFar(float64(top), x)
	sum, end := first*over[top], poissonEnd*first*over[top]/over[0]
	for i, term := top, first; i > 0 && term > end; i-- {
		term *= float64(i) / x
		sum += term * over[i-1]
	}
	for i, term := top+1, first; i < n && term > end; i++ {
		term *= x / float64(i)
		sum += term * over[i]
	}
	return sum / m.c
}
