package queueing

import "math"

// ballotPoints is the number of Chebyshev points of a panel.
const ballotPoints = 16

var ballotNodes = newChebyshev(ballotPoints)

// ballot is the law with the given density of the busy period of c, on panels
// that follow its scale and are halved until their last coefficients are
// negligible or noise: exponents of some n^(1/2) are known to n^(1/2) 1e-16.
// reached is the mass that misses, plus what was cut off.
func (c constantLane) ballot(density func(t float64) float64, tol float64) (*curve, float64) {
	lo, hi := c.bounds(math.Min(1e-14, tol*1e-4))
	ps, cut := c.panels(density, lo, hi, tol)
	law := newCurve(ps, nil, 0)
	return law, math.Abs(law.total()-1) + cut + 2e-17
}

// panels of the density from lo to hi, and the error of the CDF in cutting
// their series.
func (c constantLane) panels(density func(t float64) float64, lo, hi, tol float64) (ps []panel, cut float64) {
	k := c.cumulants()
	step := math.Inf(1)
	if sd := math.Sqrt(k.Variance); sd < k.Mean {
		step = 3.2 * sd
	}
	tol = math.Max(tol/10, 3e-17*math.Sqrt(float64(c.k0)/(1-c.load())))
	for a := lo; a < hi; {
		b := math.Min(hi, a+math.Min(1.2*a, step))
		if hi-b < 0.3*(b-a) {
			b = hi
		}
		var left float64
		ps, left = appendPanels(ps, density, a, b, tol, 0)
		cut += left
		a = b
	}
	return ps, cut
}

// appendPanels interpolates density on [a,b], halving it up to 9 times.
func appendPanels(ps []panel, density func(float64) float64, a, b, tol float64, depth int) ([]panel, float64) {
	var values [ballotPoints]float64
	for i, x := range ballotNodes.x {
		values[i] = density((a+b)/2 + (b-a)/2*x)
	}
	coef := ballotNodes.coefficients(values[:])
	n := len(coef)
	rest := (math.Abs(coef[n-1]) + math.Abs(coef[n-2])) * (b - a)
	if rest <= tol || depth == 9 {
		return append(ps, newPanel(a, b, coef)), rest
	}
	ps, left := appendPanels(ps, density, a, (a+b)/2, tol/2, depth+1)
	ps, right := appendPanels(ps, density, (a+b)/2, b, tol/2, depth+1)
	return ps, left + right
}

// kendall is the density of the busy period with exponential service,
// k0/t times the probability that departures less arrivals up to t are k0
// (D. G. Kendall, J. R. Statist. Soc. B 19 (1957), eq. 25).
func (c constantLane) kendall() func(t float64) float64 {
	k, mu := float64(c.k0), 1/c.service.Mean()
	drift := mu - c.rate
	return func(t float64) float64 { return k / t * skellamMassOff(k, mu*t, c.rate*t, k-drift*t) }
}

// takacs is the density of the busy period with gamma service,
//
//	sum over n >= k0 of (k0/n) g_n(t) pois(n-k0; lam t),
//
// g_n the density of n services (L. Takács, Introduction to the Theory of
// Queues, Oxford 1962, section 1.3, theorem 3). The summand is close to a
// Gaussian in n around its mode; where it is wide only every h-th term is
// taken, which by Poisson's summation formula leaves a relative error of
// about 2 exp(-2 pi^2 sigma^2 / h^2).
func (c constantLane) takacs(s Gamma) func(t float64) float64 {
	k := float64(c.k0)
	return func(t float64) float64 {
		lam, x := c.rate*t, t*s.Shape/s.MeanTime
		term := func(n float64) float64 {
			return k / n * poissonMass(n-k, lam) * gammaMass(n*s.Shape, x)
		}
		if lam == 0 {
			return term(k) / t
		}
		n, sigma := c.mode(s, t, lam, x)
		h := 1.0
		if n-k > 150 { // else the summand ends before it has fallen
			h = math.Max(1, math.Floor(sigma/1.15))
		}
		return h * around(term, k, n, h) / t
	}
}

// mode is near the n of the largest summand, where the derivative of its
// logarithm, shape ln(x / (n shape)) + ln(lam / (n-k)), is 0, with its width.
func (c constantLane) mode(s Gamma, t, lam, x float64) (n, sigma float64) {
	k := float64(c.k0)
	n = math.Max(t/s.MeanTime, k) // ends, the first guess; n - k are arrivals
	a := math.Max(n-k, math.Min(lam, 1))
	for range 30 {
		slope := s.Shape*math.Log(x/((k+a)*s.Shape)) + math.Log(lam/a)
		bend := s.Shape/(k+a) + 1/a
		step := slope / bend
		a = math.Max(a+step, a/8)
		if math.Abs(step) < 0.01/math.Sqrt(bend) {
			break
		}
	}
	return k + math.Floor(a), 1 / math.Sqrt(s.Shape/(k+a)+1/(a+1))
}

// around adds term(n), term(n+h), term(n-h), ... until they are negligible.
func around(term func(float64) float64, least, n, h float64) float64 {
	sum := term(n)
	for i := n + h; ; i += h {
		v := term(i)
		sum += v
		if v <= 1e-17*sum {
			break
		}
	}
	for i := n - h; i >= least; i -= h {
		v := term(i)
		sum += v
		if v <= 1e-17*sum {
			break
		}
	}
	return sum
}

// gammaMass is x times the gamma density of the given shape, scale 1:
// x^shape e^-x / Gamma(shape).
func gammaMass(shape, x float64) float64 {
	if shape < 20 {
		lg, _ := math.Lgamma(shape)
		return math.Exp(shape*math.Log(x) - x - lg)
	}
	return math.Exp(-shape*excessOfLog(x/shape-1)-stirlingSeries(shape)) * math.Sqrt(shape/(2*math.Pi))
}
