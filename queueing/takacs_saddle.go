package queueing

import "math"

// takacsSaddle is the density of the busy period that k requests start, with
// gamma services of shape a and rate r and arrivals at rate lam, without the sum
// over the number of services. On the line through the saddle of its transform
// (the exponents of Lagrange's theorem, with w = 1 + z/r = e^s e^(iy)),
//
//	f(t) = a k/t  1/(2 pi i) integral of exp(r t (w-1) + lam t (w^-a - 1) - a k ln w) dw/w
//	     = a k/t e^E 1/(2 pi) integral over (-pi,pi) of exp(X (e^iy - 1 - iy) + B (e^-iay - 1 + iay)) dy,
//	X = r t e^s,  B = lam t e^-as,  X - a B = a k,
//	E = r t (e^s - 1 - s) + lam t (e^-as - 1 + as) - a s (k - (r/a - lam) t).
//
// Of a = 1 it is Bessel's function and Kendall's density. E has no terms that
// are large and cancel, as the summands have. The integral is
// (2 pi V)^-1/2 with V = X + a^2 B, times the asymptotic series in 1/V that
// reversion of the exponent gives (F. W. J. Olver, Asymptotics and Special
// Functions, Academic Press 1974, section 4.6), as Debye's is of Bessel's
// function. What the series does not see, the ends of the path and, of large
// shapes, further saddles, is exp(-X (1 - cos y)) at y = min(pi, 2 pi/a).
type takacsSaddle struct {
	k, shape, rate, lam float64
	drift               float64 // r/a - lam
	least               float64 // X from which on what is not seen is rounding
	at                  float64 // s of the last saddle, where the next is looked for
}

const (
	unseenExponent = 40.0  // -ln of what is rounding
	saddleTerms    = 10    // of the series at most
	lastTerm       = 3e-15 // of the series
)

func (c constantLane) takacsSaddle(s Gamma) *takacsSaddle {
	half := math.Sin(math.Min(math.Pi, 2*math.Pi/s.Shape) / 2)
	return &takacsSaddle{k: float64(c.k0), shape: s.Shape, rate: s.Shape / s.MeanTime, lam: c.rate,
		drift: 1/s.MeanTime - c.rate, least: unseenExponent / (2 * half * half)}
}

// log is ln f(t), and whether the series has it.
func (p *takacsSaddle) log(t float64) (float64, bool) {
	a, x, b := p.shape, p.rate*t, p.lam*t
	if math.Max(x, a*(p.k+b)) < p.least { // X is less, whichever side of 0 the saddle is
		return 0, false
	}
	s, ok := p.saddle(a, x, b)
	if !ok {
		return 0, false
	}
	v := x*math.Exp(s) + a*a*b*math.Exp(-a*s)
	if x*math.Exp(s) < p.least {
		return 0, false
	}
	sum, ok := reverted(x*math.Exp(s)/v, a, v)
	peak := x*expExcess(s) + b*expExcess(-a*s) - a*s*(p.k-p.drift*t)
	return peak + math.Log(a*p.k*sum/(t*math.Sqrt(2*math.Pi*v))), ok
}

// saddle solves X - a B = a k by Newton's method, on the logarithm of X where
// it is far away.
func (p *takacsSaddle) saddle(a, x, b float64) (s float64, ok bool) {
	nu := a * p.k
	s = p.at
	for range 40 {
		up, down := x*math.Exp(s), a*b*math.Exp(-a*s)
		v := up + a*down
		step := (nu + down - up) / v
		if math.Abs(step) > 0.5 {
			step = math.Copysign(0.5, step)
		}
		s += step
		if math.Abs(step)*math.Sqrt(v) < 1e-5 {
			p.at = s
			return s, true
		}
	}
	return 0, false
}

// reverted is the series, 1 + O(1/V), and whether it has settled. With
// u^2/2 = [X (e^s - 1 - s) + B (e^-as - 1 + as)] / V and ds/du the sum of d_j u^j
// it is the sum over m of (-1)^m (2m-1)!! d_2m / V^m. The coefficients follow
// from G ds/du = u, where G = p (E - 1) + (1-p) (1 - F) / a with p = X/V, and
// from the equations E' = E s' and F' = -a F s' of the two exponentials.
func reverted(p, a, v float64) (sum float64, ok bool) {
	const most = 2*saddleTerms + 1
	var d, e, f, g [most + 1]float64
	d[0], e[0], f[0], e[1], f[1], g[1] = 1, 1, 1, 1, -a, 1
	sum = 1
	factor, before := 1.0, 1.0
	for j := 2; j <= most; j++ {
		var es, fs, gs float64 // what is known of the sums
		for i := 1; i < j; i++ {
			es += e[i] * d[j-1-i]
			fs += f[i] * d[j-1-i]
		}
		for i := 2; i < j; i++ {
			gs += g[i] * d[j-i]
		}
		rest := p*es + (1-p)*fs
		n := float64(j)
		d[j-1] = -(rest + n*gs) / (n + 1)
		e[j], f[j], g[j] = (es+d[j-1])/n, -a*(fs+d[j-1])/n, (rest+d[j-1])/n
		if j%2 == 0 {
			continue
		}
		factor *= -(n - 2) / v
		term := factor * d[j-1]
		sum += term
		if math.Abs(term) < lastTerm && math.Abs(before) < math.Sqrt(lastTerm) {
			return sum, true
		}
		if before = term; !(math.Abs(term) < 0.1) {
			break
		}
	}
	return sum, false
}
