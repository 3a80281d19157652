package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// maxFourierTerms is where FourierDrain gives up: a law with a spread near its
// mean or above it has a density that a Fourier series is the wrong tool for.
const maxFourierTerms = 512

// AccuracyError says that a method stops short of the accuracy asked for.
type AccuracyError struct {
	Method  Method
	Reached float64 // error of the CDF that it would have
	Asked   float64
	Reason  string
}

func (e *AccuracyError) Error() string {
	return fmt.Sprintf("queueing: %s reaches an error of %.2g of the %.2g asked for: %s", e.Method, e.Reached, e.Asked, e.Reason)
}

// Unwrap makes it a kind of [UnsupportedError].
func (e *AccuracyError) Unwrap() error {
	return &UnsupportedError{e.Method, fmt.Sprintf("its error would be %.2g: %s", e.Reached, e.Reason)}
}

// FourierDrain is the drain of a lane with constant rates as the Fourier
// series of the k0-th power of the busy period's transform theta, the root of
// theta = S*(r + lam (1 - theta)) (D. G. Kendall, J. R. Statist. Soc. B 13
// (1951), eq. 28), over a window that Chernoff's bound says to hold all of the
// mass, and that its moments confirm. It covers one server with any service law, and several with
// exponential service until somebody idles.
//
// The number of terms follows from the size of the last ones. Above 512 it
// returns an [*AccuracyError]. On a lattice the series smooths the atoms by up
// to half of their mass: deterministic service is refused, measured service
// times that are multiples of one span are Approximate.
func FourierDrain(l *Lane, o SolveOptions) (Drain, error) {
	c, err := constantRates(l, FourierSeries)
	if err != nil {
		return Drain{}, err
	}
	if c.k0 <= 0 {
		return atOnce(FourierSeries, whyAtOnce), nil
	}
	if _, is := c.service.(Deterministic); is {
		return Drain{}, &UnsupportedError{FourierSeries, "deterministic service puts the drain on a lattice"}
	}
	eps := math.Max(o.tolerance()/10, 1e-13)
	s, reached := c.series(eps)
	reached = math.Min(1, reached+c.lost(s))
	if reached > o.tolerance() {
		return Drain{}, &AccuracyError{FourierSeries, reached, o.tolerance(),
			fmt.Sprintf("its spread is too large against its mean for %d terms", maxFourierTerms)}
	}
	reached += 2*eps + c.rounding()
	d := Drain{Distribution: s, Method: FourierSeries, Quality: Exact, AbsError: reached,
		Reason: fmt.Sprintf("constant rates: Fourier series of the busy period's transform, %d terms", len(s.coef))}
	if e, is := c.service.(Empirical); is {
		if span := e.span(); span > 0 {
			d.Quality, d.Reason = Approximate, "the series smooths the lattice on which measured service times lie"
			d.AbsError += span / 2 / s.StdDev()
		}
	}
	return d, nil
}

// lost is the mass beyond the window as the moments show it. The series takes
// what ends at u > width after its beginning for u - width or earlier, so that
// its mean of u is too small by at least width times that mass, and that of u^2
// by width^2 times it; mean and variance of the busy period are closed
// ([DrainCumulants]). What the terms left out change is seen likewise.
func (c constantLane) lost(f fourierLaw) float64 {
	k := c.cumulants()
	mean, square := f.moments()
	u := k.Mean - f.lo
	return math.Max(math.Abs(u-mean)/f.width, math.Abs(u*u+k.Variance-square)/(f.width*f.width))
}

// rounding is what the k0-th power makes of the rounding of theta.
func (c constantLane) rounding() float64 {
	cv := math.Sqrt((c.service.SCV() + c.load()) / (float64(c.k0) * (1 - c.load())))
	return 4e-16 / math.Min(cv, 1)
}

// fourierLaw is a distribution on a window by the Fourier series of its
// density, period the window's width.
type fourierLaw struct {
	lo, width float64
	coef      []complex128 // E exp(-i w_j (T - lo)) / (i w_j), w_j = 2 pi j / width, from j = 1
	hold      complex128   // sum of coef
}

// series is that of the k0-th power of theta; each root is the start for the
// next.
func (c constantLane) series(eps float64) (f fourierLaw, reached float64) {
	lo, hi := c.bounds(eps)
	k := float64(c.k0)
	y := complex(0, 0) // 1 - theta
	power := func(w float64) complex128 {
		y = c.busyDefect(complex(0, w), y)
		return cmplx.Exp(complex(k, 0) * log1pc(-y))
	}
	return newFourierLaw(power, func(w float64) float64 { return c.harmonic(w, hi-lo) }, lo, hi, maxFourierTerms, eps)
}

// newFourierLaw goes up in frequency w through the transform E exp(-i w T) until
// what is left out is below eps/4; again estimates what comes at far higher
// frequencies. reached estimates the sum of what is left out.
func newFourierLaw(transform func(w float64) complex128, again func(w float64) float64, lo, hi float64, most int, eps float64) (f fourierLaw, reached float64) {
	f = fourierLaw{lo: lo, width: hi - lo}
	small := 0
	size := make([]float64, most+1)
	for j := 1; j <= most; j++ {
		w := 2 * math.Pi * float64(j) / f.width
		power := transform(w) * cmplx.Exp(complex(0, w*lo))
		f.coef = append(f.coef, power/complex(0, w))
		size[j] = cmplx.Abs(power)
		// of terms that fall like j^-m the rest adds up to j/m times the last
		m := math.Log2(size[(j+1)/2] / size[j])
		reached = size[j] / (math.Pi * float64(j)) * (1 + float64(j)/math.Max(m, 1e-9))
		if small++; reached > eps/4 {
			small = 0
		}
		if small == 4 {
			if again(w) < eps/4 {
				break
			}
			small = 0
		}
		if j == most {
			reached = math.Max(reached, again(w))
		}
	}
	for _, z := range f.coef {
		f.hold += z
	}
	return f, reached
}

// harmonic estimates, as forty times the largest, the sum of the terms about
// the next multiples of the service frequency 2 pi / E S beyond w: laws of
// little spread are nearly lattices, on which terms become large again.
func (c constantLane) harmonic(w, width float64) float64 {
	base := 2 * math.Pi / c.service.Mean()
	h := math.Ceil(w/base + 0.1)
	most := 0.0
	y := complex(0, 0)
	for i := range 11 {
		at := base * h * (0.92 + 0.02*float64(i))
		y = c.busyDefect(complex(0, at), y)
		most = math.Max(most, math.Exp(float64(c.k0)*real(log1pc(-y))))
	}
	return 40 * most / (math.Pi * h * width / c.service.Mean())
}

// busyDefect is 1 - theta(r), the root y of y = 1 - S*(r + lam y), by Newton's
// method from the root at a frequency nearby.
func (c constantLane) busyDefect(r, y complex128) complex128 {
	lam := complex(c.rate, 0)
	if y == 0 {
		y = r * complex(c.service.Mean()/(1-c.load()), 0)
		if a := cmplx.Abs(y); a > 1 {
			y /= complex(a, 0)
		}
	}
	for range 100 {
		z := r + lam*y
		if real(z) < 0 {
			z = complex(0, imag(z))
		}
		step := (defect(c.service, z) - y) / (1 - lam*defectSlope(c.service, z))
		y += step
		if cmplx.Abs(step) <= 1e-13*cmplx.Abs(y) {
			break
		}
	}
	return y
}

// CDF rises up to the rounding and truncation that AbsError states.
func (f fourierLaw) CDF(t float64) float64 { return math.Min(1, math.Max(0, f.raw(t))) }

func (f fourierLaw) raw(t float64) float64 {
	u := t - f.lo
	switch {
	case u <= 0:
		return 0
	case u >= f.width:
		return 1
	}
	sum := f.sum(u, f.coef)
	return u/f.width + 2/f.width*real(sum-f.hold)
}

// sum adds coef_j exp(i w_j u) by Horner's scheme.
func (f fourierLaw) sum(u float64, coef []complex128) complex128 {
	turn := cmplx.Exp(complex(0, 2*math.Pi*u/f.width))
	sum := complex(0, 0)
	for j := len(coef) - 1; j >= 0; j-- {
		sum = (sum + coef[j]) * turn
	}
	return sum
}

// Exceed has the absolute accuracy of the CDF, no more.
func (f fourierLaw) Exceed(t float64) float64 { return 1 - f.CDF(t) }

func (f fourierLaw) Quantile(p float64) float64 {
	return bisect(f.lo, f.lo+f.width, func(t float64) bool { return f.CDF(t) < p })
}

// Mean and StdDev integrate the series term by term.
func (f fourierLaw) Mean() float64 {
	m, _ := f.moments()
	return f.lo + m
}

func (f fourierLaw) StdDev() float64 {
	m, square := f.moments()
	return math.Sqrt(math.Max(0, square-m*m))
}

// moments of T - lo: width - int F, and width^2 - 2 int u F.
func (f fourierLaw) moments() (mean, square float64) {
	first, second := f.hold, complex(0, 0)
	for j, z := range f.coef {
		second += z / complex(0, 2*math.Pi*float64(j+1))
	}
	mean = f.width/2 + 2*real(first)
	square = f.width*f.width/3 + f.width*(2*real(first)-4*real(second))
	return mean, square
}

// MeanOver is the integral of 1 - F from t to the end of the window.
func (f fourierLaw) MeanOver(t float64) float64 {
	m, _ := f.moments()
	u := t - f.lo
	switch {
	case u <= 0:
		return m - u
	case u >= f.width:
		return 0
	}
	under := u*u/(2*f.width) - 2/f.width*u*real(f.hold) // int_0^u F
	for j, z := range f.coef {
		iw := complex(0, 2*math.Pi*float64(j+1)/f.width)
		under += 2 / f.width * real(z/iw*(cmplx.Exp(iw*complex(u, 0))-1))
	}
	return math.Max(0, m-u+under)
}

// span is the greatest number, at least a millionth of the mean, of which all
// measured times are multiples to nine digits, or 0.
func (s Empirical) span() float64 {
	g := 0.0
	for _, x := range s.times {
		a, b := x, g
		for b > 1e-9*s.mean {
			a, b = b, math.Mod(a, b)
			if a-b < 1e-9*s.mean {
				b = 0
			}
		}
		g = a
	}
	if g < 1e-6*s.mean {
		return 0
	}
	return g
}
