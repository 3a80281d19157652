package queueing

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// gammaMixture is a lognormal law S as a mixture of gamma laws of one whole
// shape k, so that its transform is a short sum of rational terms, whose poles
// lie on the negative real axis, where the lognormal law's own has a cut.
//
// Write S = Y G/k, G a gamma variable of shape k and mean k, Y independent of
// it. Moments of any complex order s multiply,
//
//	E Y^s = exp(mu s + sigma^2 s^2/2) Gamma(k) k^s / Gamma(k+s),
//
// mu and sigma those of ln S, and by Mellin's inversion ln Y has the density
//
//	nu(y) = 1/(2 pi i) integral of E Y^s e^(-s y) ds
//
// along any line Re s = c > -k. It is smooth, since |E Y^(iw)| falls like
// exp(-sigma^2 w^2/2 + pi w/2), and the trapezoidal rule in y is exponentially
// accurate: with nodes a distance h apart, what the mixture's E S^(iw) lacks is
// E Y^(i(w-W)) E (G/k)^(iw) for the multiples W of 2 pi/h (Poisson summation).
//
// Y is no random variable: right of y0 = min over c of (ln E Y^c)', reached at
// c0, where trigamma(k+c0) = sigma^2, a real saddle point tells that nu is
// positive; left of it 1/Gamma(k+s) makes it swing about 0. But nu(y0) is about
// E Y^c0 e^(-c0 y0), which falls fast as k grows. k is the least at which that
// is rounding, and what is left of y0 is left out: the mixture is a law.
type gammaMixture struct {
	Lognormal
	shape  int
	scale  []float64 // s, increasing: mean over shape
	weight []float64 // add up to 1
}

const (
	mixtureDigits  = 30.0 // -ln of what the trapezoidal rule is off by, and of what is left out
	mixtureMoments = 3    // moments that what is left out on the right does not change
	mixturePeriod  = 14.0 // sigma, of the trapezoidal rule for nu
	shapeStep      = 1.05
)

func newGammaMixture(s Lognormal) *gammaMixture {
	k, lowest := mixtureShape(s)
	m := &gammaMixture{Lognormal: s, shape: int(k)}
	d := newMixingDensity(s, k)
	h := d.step()
	var left, right [][2]float64 // place and weight
	first := d.slope(0)
	c := 0.0
	for y := first; ; y += h {
		c = d.saddle(y, c)
		w := h * d.at(y, c)
		right = append(right, [2]float64{y, w})
		if c > mixtureMoments && math.Log(w)+mixtureMoments*y < real(d.log(mixtureMoments))-mixtureDigits {
			break
		}
	}
	c = 0
	for y := first - h; y > d.slope(lowest); y -= h {
		c = d.saddle(y, math.Max(c, lowest))
		w := h * d.at(y, c)
		if !(w > math.Exp(-mixtureDigits-4)) {
			break
		}
		left = append(left, [2]float64{y, w})
	}
	slices.Reverse(left)
	nodes, total := append(left, right...), 0.0
	for _, n := range nodes {
		total += n[1]
	}
	for _, n := range nodes {
		m.scale = append(m.scale, math.Exp(n[0])/k)
		m.weight = append(m.weight, n[1]/total)
	}
	return m
}

// mixtureShape is the least shape, in steps of a few percent, at which nu is
// but rounding where it is no longer positive, and the order of the moment
// whose saddle point is there.
func mixtureShape(s Lognormal) (k, lowest float64) {
	_, sigma := s.Params()
	edge := 1 / (sigma * sigma)
	for range 80 { // Newton for trigamma(edge) = sigma^2; its derivative is -2 zeta(3,.)
		edge += (mathext.Zeta(2, edge) - sigma*sigma) / (2 * mathext.Zeta(3, edge))
	}
	for k = math.Ceil(edge); ; k = math.Ceil(k * shapeStep) {
		d := newMixingDensity(s, k)
		lowest = edge - k
		if real(d.log(complex(lowest, 0)))-lowest*d.slope(lowest) < -mixtureDigits {
			return k, lowest
		}
	}
}

// mixingDensity is nu for one k.
type mixingDensity struct{ mu, sigma, k float64 }

func newMixingDensity(s Lognormal, k float64) mixingDensity {
	mu, sigma := s.Params()
	return mixingDensity{mu, sigma, k}
}

// log is ln E Y^s.
func (d mixingDensity) log(s complex128) complex128 {
	return complex(d.mu, 0)*s + complex(d.sigma*d.sigma/2, 0)*s*s - logGammaMoment(d.k, s)
}

// slope is the derivative of log on the real axis.
func (d mixingDensity) slope(c float64) float64 {
	return d.mu + d.sigma*d.sigma*c + math.Log(d.k) - mathext.Digamma(d.k+c)
}

// saddle is the c with slope y, right of where slope is least, by Newton's
// method: slope is convex, and from the first step on it comes from the right.
func (d mixingDensity) saddle(y, c float64) float64 {
	for range 100 {
		curve := d.sigma*d.sigma - mathext.Zeta(2, d.k+c)
		if curve < 1e-3*d.sigma*d.sigma {
			curve = 1e-3 * d.sigma * d.sigma
		}
		next := c + (y-d.slope(c))/curve
		if math.Abs(next-c) < 1e-6/d.sigma {
			return next
		}
		c = math.Max(next, c-d.k/2)
	}
	return c
}

// at is nu(y) by the trapezoidal rule along Re s = c.
func (d mixingDensity) at(y, c float64) float64 {
	h := 2 * math.Pi / (mixturePeriod * d.sigma)
	top := real(d.log(complex(c, 0))) - c*y
	sum := 0.5
	for j := 1; ; j++ {
		s := complex(c, h*float64(j))
		z := d.log(s) - s*complex(y, 0) - complex(top, 0)
		if real(z) < -mixtureDigits-4 {
			return h / math.Pi * sum * math.Exp(top)
		}
		sum += math.Exp(real(z)) * math.Cos(imag(z))
	}
}

// step is the distance of nodes.
func (d mixingDensity) step() float64 {
	own := func(w float64) float64 { return real(logGammaMoment(d.k, complex(0, w))) }
	w := 0.0
	for small := false; !small; {
		w += 0.1 / d.sigma
		small = true
		for i := 0; i <= 64 && small; i++ {
			v := w * float64(i) / 64
			small = real(d.log(complex(0, v)))+own(w-v) < -mixtureDigits
		}
	}
	return 2 * math.Pi / w
}

// logGammaMoment is ln E (G/k)^s = ln(Gamma(k+s)/Gamma(k)) - s ln k, by
// Stirling's series, after a shift to where it has converged.
func logGammaMoment(k float64, s complex128) complex128 {
	sum := complex(0, 0)
	n := k
	for ; n < stirlingFrom; n++ {
		sum -= log1pc(s / complex(n, 0))
	}
	sum += s * complex(math.Log(n/k), 0)
	z := complex(n, 0) + s
	return sum + (z-0.5)*log1pc(s/complex(n, 0)) - s + stirling(z) - stirling(complex(n, 0))
}

const stirlingFrom = 36

// stirling is ln Gamma(z) - (z-1/2) ln z + z - ln(2 pi)/2 (NIST Handbook of
// Mathematical Functions 5.11.1), for |z| of 20 and more.
func stirling(z complex128) complex128 {
	r := 1 / z
	q := r * r
	return r * (1./12 + q*(-1./360+q*(1./1260+q*(-1./1680+q*(1./1188-q*691/360360)))))
}

// at is 1 - S*, its derivative and S* at a point. From 1 - r = z b r, r = 1/(1
// + z b), powers of r and what they lack to 1 double together, nothing
// cancelling.
func (m *gammaMixture) at(z complex128) (d, slope, at complex128) {
	for i, b := range m.scale {
		x := z * complex(b, 0)
		r := reciprocal(1 + x)
		power, lack := m.raise(r, x*r)
		w := complex(m.weight[i], 0)
		d += w * lack
		power *= w
		at += power
		slope += complex(b*float64(m.shape), 0) * r * power
	}
	return d, slope, at
}

// raise is r^k and 1 - r^k.
func (m *gammaMixture) raise(r, lack complex128) (power, out complex128) {
	power = 1
	for k := m.shape; k > 0; k >>= 1 {
		if k&1 == 1 {
			out += power * lack
			power *= r
		}
		lack += r * lack
		r *= r
	}
	return power, out
}

// tilted is the law tilted by exp(-c t). Powers are those over the largest.
func (m *gammaMixture) tilted(c float64) tiltedLaw {
	t := tiltedLaw{c: c}
	k := float64(m.shape)
	least := 1 + c*m.scale[0]
	for i, b := range m.scale {
		r := 1 / (1 + c*b)
		w := m.weight[i]
		for k, x := m.shape, least*r; k > 0; k >>= 1 {
			if k&1 == 1 {
				w *= x
			}
			x *= x
		}
		t.at += w
		w *= k * b * r
		t.first += w
		t.second += w * (k + 1) * b * r
	}
	t.first, t.second = t.first/t.at, t.second/t.at
	t.at *= math.Pow(least, -k)
	return t
}
