package queueing

import (
	"math"
	"math/cmplx"
)

// atomSums inverts the transform of measured times on vertical lines. Lines are
// few, since their real part and step are rounded, and the transform along each
// is kept. Where k + A is small, so that the integrand hardly falls, a gamma law
// with their mean and variance stands for them; as it grows the one passes
// smoothly into the other, or no panel would hold both.
type atomSums struct {
	service Service
	x, w    []float64
	few     *poleSums
	lines   map[[2]float64]*atomLine
	c       float64 // the last saddle, 1/s
}

// atomFew is the number of services below which few answers, and atomMany the
// one from which on the lines do.
const (
	atomFew  = 48
	atomMany = 2 * atomFew
)

// atomEnd is the relative size at which an integrand is cut off.
const atomEnd = 1e-11

func newAtomSums(s Empirical) *atomSums {
	a := &atomSums{service: s, lines: map[[2]float64]*atomLine{}}
	a.few = &poleSums{service: Gamma{s.Mean(), 1 / s.SCV()}, edge: 1 / (s.SCV() * s.Mean())}
	each(s, func(x, w float64) { a.x, a.w = append(a.x, x), append(a.w, w) })
	return a
}

func (a *atomSums) shortest() float64 { return a.few.shortest() }

func (a *atomSums) last(k, u, arrived float64) float64 {
	few := a.fewness(k, u, arrived)
	sum := 0.0
	if few > 0 {
		sum = few * a.few.last(k, u, arrived)
	}
	if few < 1 && u > k*a.x[0] {
		c, bend, _ := a.saddle(math.Max(k, 1), u, arrived)
		sum += (1 - few) * a.line(c, contourStep/math.Sqrt(bend)).last(k, u, arrived)
	}
	return sum
}

// fewness is the weight of the gamma law, from 1 to 0, by the mean number of
// services and by the number in a time of u: the smaller one is at most the
// tilted number.
func (a *atomSums) fewness(k, u, arrived float64) float64 {
	many := func(n float64) float64 {
		x := math.Min(math.Max((n-atomFew)/(atomMany-atomFew), 0), 1)
		return x * x * x * (10 - x*(15-6*x))
	}
	return 1 - many(math.Max(k, 1)+arrived)*many(u/a.service.Mean())
}

// saddle is the real point at which the mean of the tilted work is u, with the
// tilted variance and number of services.
func (a *atomSums) saddle(k, u, arrived float64) (c, bend, n float64) {
	c = a.c
	lo, hi := math.Inf(-1), math.Inf(1)
	for range 100 {
		at, first, second := a.tilted(c)
		mean := (arrived*at + k) * first
		bend = (arrived*at+k)*second - k*first*first
		n = k + arrived*at
		f := math.Log(mean / u)
		if f > 0 {
			lo = c
		} else {
			hi = c
		}
		next := c + f*mean/bend
		if math.Abs(next-c)*math.Sqrt(bend) < 0.2 {
			break
		}
		if next < lo || next > hi {
			next = (lo + hi) / 2
		}
		step := math.Max(3/a.service.Mean(), 0.75*math.Abs(c))
		c = math.Min(math.Max(next, c-step), c+step)
	}
	a.c = c
	return c, bend, n
}

// tilted is S* at a real point and the first two moments of the tilted law.
func (a *atomSums) tilted(c float64) (at, first, second float64) {
	least := a.x[0]
	for i, x := range a.x {
		v := a.w[i] * math.Exp(-c*(x-least))
		at += v
		v *= x
		first += v
		second += v * x
	}
	return at * math.Exp(-c*least), first / at, second / at
}

func (a *atomSums) exponent(k, u, arrived float64) float64 {
	if k == 0 && arrived == 0 || u <= k*a.x[0] {
		return math.Inf(1)
	}
	c, _, _ := a.saddle(math.Max(k, 1e-9), u, arrived)
	y := real(defect(a.service, complex(c, 0)))
	return math.Max(0, arrived*y-k*math.Log1p(-math.Min(y, 1-1e-16))-c*u)
}

// line is the one with the real part and step, both rounded.
func (a *atomSums) line(c, h float64) *atomLine {
	h = math.Exp2(math.Floor(2*math.Log2(h)) / 2)
	c = math.Round(c/h) * h // 0.36 standard deviations at most from the saddle
	key := [2]float64{c, h}
	if a.lines[key] == nil {
		a.lines[key] = &atomLine{sums: a, c: c, h: h}
	}
	return a.lines[key]
}

// atomLine holds 1 - S*, its derivative and ln S* at c + ijh.
type atomLine struct {
	sums                *atomSums
	c, h                float64
	defects, slope, log []complex128
}

func (l *atomLine) upTo(j int) {
	for i := len(l.slope); i <= j; i++ {
		z := complex(l.c, l.h*float64(i))
		d, s := complex(0, 0), complex(0, 0)
		for n, x := range l.sums.x {
			e := expm1c(-z * complex(x, 0))
			w := l.sums.w[n]
			d -= complex(w*real(e), w*imag(e))
			w *= x
			s += complex(w*(1+real(e)), w*imag(e))
		}
		l.defects, l.slope, l.log = append(l.defects, d), append(l.slope, s), append(l.log, logOf(d, 1-d))
	}
}

func (l *atomLine) last(k, u, a float64) float64 {
	l.upTo(0)
	phase := func(j int) (re, im float64) {
		d, g := l.defects[j], l.log[j]
		return l.c*u - a*real(d) + (k-1)*real(g), l.h*float64(j)*u - a*imag(d) + (k-1)*imag(g)
	}
	top, _ := phase(0)
	sum, small := real(l.slope[0])/2, 0
	end := atomEnd * real(l.slope[0])
	for j := 1; j < contourTerms && small < 3; j++ {
		l.upTo(j)
		re, im := phase(j)
		sin, cos := math.Sincos(im)
		size := math.Exp(re - top)
		sum += size * (cos*real(l.slope[j]) - sin*imag(l.slope[j]))
		if size*cmplx.Abs(l.slope[j]) < end {
			small++
		} else {
			small = 0
		}
	}
	return math.Max(0, l.h/math.Pi*sum*math.Exp(top))
}
