package markov

import "math"

// A polynomial holds the coefficients of the powers of x, the share of a time
// step that has passed.
type polynomial []float64

func (p polynomial) at(x float64) float64 {
	sum := 0.0
	for j := len(p) - 1; j >= 0; j-- {
		sum = sum*x + p[j]
	}
	return sum
}

// highest degree of the polynomials in time.
const maxDegree = 7

// legendre are the Gauss-Legendre points on (0,1), by degree of the polynomial
// that interpolates there; so the integral over the step is exact to twice the
// order.
var legendre = func() (points [maxDegree + 1][]float64) {
	for n := 1; n <= maxDegree+1; n++ {
		for i := range n {
			x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
			for range 100 {
				f, slope := legendreAt(n, x)
				dx := f / slope
				if x -= dx; math.Abs(dx) < 1e-16 {
					break
				}
			}
			points[n-1] = append(points[n-1], (1-x)/2)
		}
	}
	return points
}()

// legendreAt is the Legendre polynomial of degree n and its slope.
func legendreAt(n int, x float64) (f, slope float64) {
	before, f := 0.0, 1.0
	for k := 1; k <= n; k++ {
		before, f = f, (float64(2*k-1)*x*f-float64(k-1)*before)/float64(k)
	}
	return f, float64(n) * (x*f - before) / (x*x - 1)
}

// fit interpolates h f(t + x h) at Gauss-Legendre points by a polynomial of
// the least degree whose deviation, measured between the points, is at most
// allowed, or the part noise of its size; deviation is what it is. mean, if not nil,
// is the integral of f over an interval: what f does between all points where it has
// been seen shows in the integral of the polynomial, and counts as a deviation.
func fit(f func(float64) float64, mean func(s, t float64) float64, t, h, allowed, noise float64) (p polynomial, deviation float64) {
	var probe [2*maxDegree + 3]float64
	for i := range probe {
		probe[i] = h * f(t+h*(float64(i)+0.5)/float64(len(probe)))
	}
	for degree := 0; degree <= maxDegree; degree++ {
		p = interpolate(legendre[degree], func(x float64) float64 { return h * f(t+h*x) })
		deviation = 0
		for i, y := range probe {
			x := (float64(i) + 0.5) / float64(len(probe))
			deviation = math.Max(deviation, math.Abs(y-p.at(x)))
		}
		if deviation <= math.Max(allowed, noise*p.size()) {
			break
		}
	}
	if mean == nil {
		return p, deviation
	}
	whole := mean(t, t+h)
	if missed := math.Abs(whole - p.integral()); missed > math.Max(meanDigits, clockDigits*(math.Abs(t)+h)/h)*whole {
		deviation = math.Max(deviation, missed)
	}
	return p, deviation
}

// meanDigits is the part of an integral that rounding may change, and clockDigits that
// of an instant.
const meanDigits, clockDigits = 1e-10, 1e-14

// integral over the step.
func (p polynomial) integral() float64 {
	sum := 0.0
	for j, c := range p {
		sum += c / float64(j+1)
	}
	return sum
}

// interpolate finds the polynomial through (x, y(x)) by divided differences.
func interpolate(points []float64, y func(float64) float64) polynomial {
	n := len(points)
	d := make([]float64, n)
	for i, x := range points {
		d[i] = y(x)
	}
	for k := 1; k < n; k++ {
		for i := n - 1; i >= k; i-- {
			d[i] = (d[i] - d[i-1]) / (points[i] - points[i-k])
		}
	}
	p := make(polynomial, n)
	p[0] = d[n-1]
	for k := n - 2; k >= 0; k-- { // p = p (x - points[k]) + d[k]
		for j := n - 1; j > 0; j-- {
			p[j] = p[j-1] - points[k]*p[j]
		}
		p[0] = d[k] - points[k]*p[0]
	}
	return p
}
