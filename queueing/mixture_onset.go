package queueing

import "math"

// mixtureOnset is the density of [busyMixture] from 0 on by its series in the time, of
// which all terms are positive. With mu the rate of the short phase, of share p, and d =
// mu - nu, the other's being nu, of share q, it is Takács's sum over the number n of
// services, whose density is the term of w^(n-1+m)/(n-1+m)! for each of x^m:
//
//	f(t) = exp(-(mu + lam) t) sum over n, m of k/n (lam t)^(n-k)/(n-k)! r_nm t^(n+m-1)/(n+m-1)!,
//	sum over m of r_nm x^m = (p mu + q nu/(1 - d x))^n
//
// (L. Takács, Introduction to the Theory of Queues, Oxford 1962, section 1.3, theorem 3;
// 1/(1 - d x) is a service of rate nu seen at the instants of rate mu, some of which are
// none: A. Jensen, Skand. Aktuarietidskr. 36 (1953)).
type mixtureOnset struct {
	k     float64
	fall  float64 // mu + lam, 1/s
	first float64 // ln of the first term over t^k
	rate  float64 // mu, 1/s
	coef  []float64
	end   float64 // ln t
}

const (
	onsetOrder = 72    // of the series
	onsetLeast = 1.5   // end over the beginning of the window
	onsetEnd   = 3e-15 // of what is left out over the sum
	onsetTried = 60    // ends
)

// mixtureOnset is nil where the window, from lo to hi, begins too late.
func (c constantLane) mixtureOnset(s Hyperexponential, lo, hi float64) *mixtureOnset {
	if s.Mean1 > s.Mean2 {
		s = Hyperexponential{1 - s.P1, s.Mean2, s.Mean1}
	}
	mu, k := 1/s.Mean1, float64(c.k0)
	if !(onsetLeast*mu*lo < k+onsetOrder) {
		return nil
	}
	slow := (1 - s.P1) * s.Mean1 / s.Mean2 // q nu over mu
	size := s.P1 + slow
	lnGamma, _ := math.Lgamma(k)
	o := &mixtureOnset{k: k, fall: mu + c.rate, rate: mu, first: k*math.Log(size*mu) - lnGamma}
	o.coef = onsetSeries(k, s.P1/size, 1-s.Mean1/s.Mean2, c.rate*s.Mean1*size)
	x := o.reach(mu * hi)
	if !(x > onsetLeast*mu*lo) {
		return nil
	}
	o.end = math.Log(x / mu)
	return o
}

// onsetSeries are the coefficients of the sum over that of its first term, in powers of mu
// t, with short for p mu and flow for lam, in such units that the r_n0 are 1.
func onsetSeries(k, short, d, flow float64) []float64 {
	const n = onsetOrder + 1
	var r, masses [n]float64 // masses are (k-1)!/(k+i-1)!
	onsetPower(r[:], k, short, d)
	masses[0] = 1
	for i := range n - 1 {
		masses[i+1] = masses[i] / (k + float64(i))
	}
	coef := make([]float64, n)
	arrivals := 1.0 // flow^j/j!
	for j := 0; 2*j < n && arrivals > 0; j++ {
		share, sum := arrivals*k/(k+float64(j)), 0.0
		for m, out := range coef[2*j:] {
			coef[2*j+m] = out + share*r[m]*masses[j+m]
			sum = d*sum + r[m]
			r[m] = short*r[m] + (1-short)*sum
		}
		arrivals *= flow / float64(j+1)
	}
	return coef
}

// onsetPower writes the series of y = (p + (1-p)/(1 - d x))^k by that of
// (1 - (1+p) d x + p d^2 x^2) y' = k (1-p) d y.
func onsetPower(r []float64, k, p, d float64) {
	r[0] = 1
	before := 0.0
	for m := range len(r) - 1 {
		i := float64(m)
		r[m+1] = ((k*(1-p)+(1+p)*i)*d*r[m] - p*d*d*(i-1)*before) / (i + 1)
		before = r[m]
	}
}

// reach is the largest mu t up to most at which the series has settled, or 0. Of phases that are
// alike every other coefficient is 0.
func (o *mixtureOnset) reach(most float64) float64 {
	x := math.Min(most, o.k+onsetOrder)
	before, last := o.coef[onsetOrder-2:], o.coef[onsetOrder-1:]
	for range onsetTried {
		rest := (last[0] + last[1]*x) * math.Pow(x, onsetOrder-1)
		ratio := last[1] * x * x / before[0]
		if rest == 0 || ratio < 1 && rest*ratio <= onsetEnd*polynomial(o.coef, x)*(1-ratio) {
			return x
		}
		x *= 0.95
	}
	return 0
}

// exps turns each ln t, in increasing order, into the density of ln t.
func (o *mixtureOnset) exps(x []float64) {
	var at, sum [ballotPoints]float64
	u, sums := at[:len(x)], sum[:len(x)]
	for i, v := range x {
		u[i] = o.rate * math.Exp(v)
	}
	polynomials4(sums, o.upTo(u[len(u)-1]), u)
	for i, v := range x {
		x[i] = math.Exp(o.k*v+o.first-o.fall/o.rate*u[i]) * sums[i]
	}
}

// upTo are the coefficients that count at x and before.
func (o *mixtureOnset) upTo(x float64) []float64 {
	sum, before, power := 0.0, math.Inf(1), 1.0
	for n, c := range o.coef {
		term := c * power
		sum += term
		if term < powerEnd*sum && before < powerEnd*sum {
			return o.coef[:n]
		}
		before = term
		power *= x
	}
	return o.coef
}

// polynomials4 is [polynomial] for each x, four side by side as in [clenshaws].
func polynomials4(sums, coef, x []float64) {
	for len(x) >= 4 {
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		var a, b, c, d float64
		for i := len(coef) - 1; i >= 0; i-- {
			f := coef[i]
			a, b, c, d = a*x0+f, b*x1+f, c*x2+f, d*x3+f
		}
		sums[0], sums[1], sums[2], sums[3] = a, b, c, d
		x, sums = x[4:], sums[4:]
	}
	for i, x := range x {
		sums[i] = polynomial(coef, x)
	}
}
