package queueing

import "math"

// skellamAtLeast is P(D - A >= k) for independent Poisson D and A with means d
// and a. It inverts the generating function on a circle: with the cumulants
// K(z) = d (e^z - 1) + a (e^-z - 1),
//
//	P(D-A >= k) = 1/(2 pi) int exp(K(s+iy) - k (s+iy)) / (1 - e^-(s+iy)) dy,
//
// for any s > 0, by the trapezoidal rule, which converges exponentially on a
// periodic or rapidly falling integrand (L. N. Trefethen, J. A. C. Weideman,
// SIAM Rev. 56 (2014)). The smaller tail has a relative error near 1e-11 or
// less whatever the means, from 0 up to 1e12; the other one is its complement.
func skellamAtLeast(k int, d, a float64) float64 {
	switch {
	case a == 0:
		return poissonAtLeast(k, d)
	case d == 0:
		return 1 - poissonAtLeast(1-k, a)
	case float64(k)-0.5 > d-a:
		return skellamUpper(float64(k), d, a)
	}
	return 1 - skellamUpper(float64(1-k), a, d)
}

// skellamAtMost is P(D - A <= k).
func skellamAtMost(k int, d, a float64) float64 {
	return skellamAtLeast(-k, a, d)
}

// poissonAtLeast is P(N >= k) for N Poisson.
func poissonAtLeast(k int, mean float64) float64 {
	if k <= 0 {
		return 1
	}
	below, _ := gammaTails(float64(k), mean)
	return below
}

const (
	tailOffset = 2.5  // standard widths between the contour and the pole at 0
	tailStep   = 0.45 // trapezoidal step in standard widths
	tailReach  = 8.8  // where the integrand is below 1e-16 of its peak
	tailCircle = 40.0 // below this variance the whole circle is summed
)

// skellamUpper is P(D - A >= k) for k above the mean, d and a positive. All
// differences that cancel at large means are taken out by hand: with
// x = k - (d-a) and the saddle at s the exponent is
// d (e^s-1-s) + a (e^-s-1+s) - s x + i c1 y + (even and odd rest of K).
func skellamUpper(k, d, a float64) float64 {
	x := k - (d - a)
	w := math.Hypot(k, 2*math.Sqrt(d)*math.Sqrt(a))
	s := skellamSaddle(k, d, a, x, w)
	if w < tailCircle {
		return skellamCircle(math.Max(s, tailOffset/math.Sqrt(tailCircle)), d, a, x)
	}
	s = math.Max(s, tailOffset/math.Sqrt(w))
	f := newSkellamContour(s, d, a, x)
	h := tailStep / math.Sqrt(f.even)
	sum := f.at(0) / 2
	for y := h; y < tailReach/math.Sqrt(f.even) && y < math.Pi; y += h {
		sum += f.at(y)
	}
	return sum * h / math.Pi * math.Exp(f.peak)
}

// skellamSaddle is where the derivative of K(s) - k s vanishes,
// e^s = (k+w) / (2d) with w = sqrt(k^2 + 4 d a).
func skellamSaddle(k, d, a, x, w float64) float64 {
	if k < 0 { // then a > d, and k + w cancels
		return math.Log1p(4 * a * x / ((2*a + k + w) * (w - k)))
	}
	if delta := 2 * x / (w + 2*d - k); delta < 1 {
		return math.Log1p(delta)
	}
	return math.Log((k + w) / (2 * d))
}

// skellamCircle sums over the whole circle. With n points the sum repeats the
// tail at k-n, k-2n, ... damped by e^-sn, e^-2sn, ... and at k+n, ... raised
// by e^sn, which n above some ten standard widths keeps below rounding.
func skellamCircle(s, d, a, x float64) float64 {
	f := newSkellamContour(s, d, a, x)
	// the tail itself may be small: what is repeated must be small against it
	n := math.Ceil((38 + math.Max(0, -f.peak)) / s)
	n = math.Max(n, 20+10*math.Sqrt(f.even))
	n = 2 * math.Ceil(math.Min(n, 4096)/2)
	h := 2 * math.Pi / n
	sum := (f.at(0) + f.at(math.Pi)) / 2
	for i := 1.0; i < n/2; i++ {
		sum += f.at(i * h)
	}
	return sum * h / math.Pi * math.Exp(f.peak)
}

// skellamContour is the integrand on Re z = s over exp(peak).
type skellamContour struct {
	peak   float64
	even   float64 // d e^s + a e^-s
	odd    float64 // d e^s - a e^-s
	slope  float64 // K'(s) - k, 0 at the saddle
	e      float64 // e^-s
	defect float64 // 1 - e^-s
}

func newSkellamContour(s, d, a, x float64) skellamContour {
	up, down := d*math.Exp(s), a*math.Exp(-s)
	return skellamContour{
		peak:   d*expExcess(s) + a*expExcess(-s) - s*x,
		even:   up + down,
		odd:    up - down,
		slope:  d*math.Expm1(s) - a*math.Expm1(-s) - x,
		e:      math.Exp(-s),
		defect: -math.Expm1(-s),
	}
}

// at is the real part of the integrand at height y.
func (f skellamContour) at(y float64) float64 {
	half := math.Sin(y / 2)
	lower := 2 * half * half // 1 - cos y
	sin := math.Sin(y)
	im := f.odd*sinExcess(y, sin) + f.slope*y
	re, den := f.defect+f.e*lower, f.e*sin // 1 - e^-(s+iy)
	num := math.Exp(-f.even * lower)
	return num * (math.Cos(im)*re + math.Sin(im)*den) / (re*re + den*den)
}

// sinExcess is sin y - y, by its series where the two cancel.
func sinExcess(y, sin float64) float64 {
	if y > 0.3 {
		return sin - y
	}
	q := y * y
	return -y * q / 6 * (1 - q/20*(1-q/42*(1-q/72*(1-q/110))))
}
