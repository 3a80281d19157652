package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// idling is the passage of a lane of c exponential servers, arrivals at a
// constant rate, from n requests to none. Birth-death chains go down one state
// at a time, and the steps are independent: with phi_i the transform of the
// step from i to i-1 and g_i = 1 - phi_i,
//
//	phi_i = i mu / (i mu + z + lam g_(i+1))              for i < c,
//	phi_i = theta, the busy period at the full rate c mu, for i >= c,
//
// with theta the root of lam g^2 + (z + c mu - lam) g - z = 0 in g
// (S. Karlin, J. McGregor, J. Math. Mech. 7 (1958); D. J. Daley, L. D. Servi,
// J. Appl. Prob. 35 (1998) for the busy periods of M/M/c). Each step's density
// is a mixture of exponential ones (J. Keilson, Markov Chain Models, Springer
// 1979, section 5.1), so that all singularities are on the negative axis: the
// cut of theta from -(sqrt(c mu) - sqrt(lam))^2 on, and poles. Nothing of this is
// longer for a load near 1, nor for a large backlog.
type idling struct {
	servers  int
	steps    float64 // n - c + 1 steps at the full rate, 0 if n < c
	last     int     // the step below c that comes first, min(n, c-1)
	mu, lam  float64 // of one server, and in
	cut, far float64 // (sqrt(c mu) -+ sqrt(lam))^2
	right    float64 // distance of the rightmost singularity from 0
}

const (
	idlingServers = 1000  // states that every value of the transform visits at most
	idlingMost    = 1e290 // s^3, for the third cumulant
	idlingFar     = 600.0 // -ln of the smallest tail, from which a density has room to fall
)

// idling is the passage of a lane of several exponential servers under constant
// rates until it is idle. Others get an [*UnsupportedError].
func (l *Lane) idling() (*idling, error) {
	c, err := l.constantStreams(DrainDensity)
	if err != nil {
		return nil, err
	}
	refuse := func(why string) (*idling, error) { return nil, &UnsupportedError{DrainDensity, why} }
	n, servers := l.Initial().Fixed, l.FinalServers()
	if _, is := l.cfg.Service.(Exponential); !is || servers == 1 || servers > idlingServers || !l.cfg.Target.Idle {
		return refuse("it is no lane of several exponential servers until they idle")
	}
	if n == 0 {
		return refuse(whyAtOnce)
	}
	p := newIdling(n, servers, 1/l.cfg.Service.Mean(), c.rate)
	if k := p.cumulants(); !(k.Third < idlingMost) {
		return refuse("it takes longer than a float64 holds")
	}
	return p, nil
}

// idles solves by the transform. A law on two scales of time far apart, such as
// that of one request that thirty servers meet at a load of 0.99, is refused.
func (p problem) idles() (d Drain, err error) {
	q, err := p.idling()
	if err != nil {
		return Drain{}, err
	}
	defer catch(&err)
	tolerance := math.Max(p.tolerance(), 1e-10) // it reaches a hundredth of it
	noise := 3e-17 * math.Sqrt((q.steps+float64(q.last))/(1-q.lam/(float64(q.servers)*q.mu)))
	v := &inversion{passageTransform: q, enough: math.Max(tolerance/100, 30*noise), check: p.check}
	lo, hi := v.window(-math.Log(outside))
	_, tail := v.window(-math.Log(outside) - tailDigits)
	if p.Tail > tail && !p.coarse() {
		_, last := v.window(idlingFar)
		tail = math.Min(p.Tail, last)
		hi = math.Max(hi, tail-math.Log(outside)/q.right)
	}
	panels, cut := logPanels(v.log, onset{}, lo, hi, q.cumulants(), noise, tolerance)
	d = p.result(newCurve(panels, nil, 0), DrainDensity, "constant rates: the transform of the passage to the idle lane, inverted with its saddle points")
	d.Tail = tail
	if d.AbsError += cut + v.off; !(d.AbsError <= math.Max(100*p.tolerance(), 1e-6)) {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("the inverse of its transform is off by %.0e", d.AbsError)}
	}
	return d, nil
}

func newIdling(n, servers int, mu, lam float64) *idling {
	full := float64(servers) * mu
	wide := math.Sqrt(full) + math.Sqrt(lam)
	p := &idling{servers: servers, steps: float64(max(n-servers+1, 0)), last: min(n, servers-1), mu: mu, lam: lam,
		cut: math.Pow((full-lam)/wide, 2), far: wide * wide}
	p.right = p.rightmost()
	return p
}

// rightmost is where, from 0 to the left, a denominator first is 0: between
// there and 0 all are positive. The logarithm of a distance is halved, which
// may be as small as a float64 is.
func (p *idling) rightmost() float64 {
	pole := func(d float64) bool {
		g := real(p.top(complex(-d, 0)))
		for i := p.servers - 1; i > 0; i-- {
			y := (p.lam*g - d) / (float64(i) * p.mu)
			if !(y > -1) {
				return true
			}
			g = y / (1 + y)
		}
		return false
	}
	if !pole(p.cut) {
		return p.cut
	}
	lo, hi := math.Log(math.SmallestNonzeroFloat64), math.Log(p.cut)
	return math.Exp(bisect(lo, hi, func(x float64) bool { return !pole(math.Exp(x)) }))
}

func (p *idling) edge() float64 { return p.right }

// top is g_c.
func (p *idling) top(z complex128) complex128 {
	b := z + complex(float64(p.servers)*p.mu-p.lam, 0)
	return 2 * z / (b + p.root(z))
}

// root is the square root that is positive to the right of the cut.
func (p *idling) root(z complex128) complex128 {
	return cmplx.Sqrt(z+complex(p.cut, 0)) * cmplx.Sqrt(z+complex(p.far, 0))
}

// at follows g and its derivative from c down.
func (p *idling) at(z complex128) (log, m complex128) {
	lam := complex(p.lam, 0)
	g := p.top(z)
	full := complex(float64(p.servers)*p.mu, 0)
	m1 := 1 / p.root(z)
	slope := full / (full + z + lam*g) * m1
	k := complex(p.steps, 0)
	log, m = -k*log1pc((z+lam*g)/full), k*m1
	product := complex(1, 0)
	for i := p.servers - 1; i > 0; i-- {
		rate := complex(1/(float64(i)*p.mu), 0)
		y := (z + lam*g) * rate
		e := 1 / (1 + y)
		m1 = (1 + lam*slope) * rate * e
		g, slope = y*e, e*m1
		if i <= p.last {
			product *= e
			m += m1
			if s := real(product); i&15 == 0 && math.Abs(s) < 1e-100 { // before it is too small
				log += cmplx.Log(product)
				product = 1
			}
		}
	}
	return log + cmplx.Log(product), m
}

// jets are sums over the steps of l = -ln phi and its derivatives: with y the
// sum of what is added to 1 in 1/phi, l = ln(1+y), and Faà di Bruno's formula
// gives those of l from those of y, and of g = 1 - exp(-l) from those of l.
func (p *idling) jets(z float64) (log float64, m [4]float64) {
	l := p.topJet(z)
	g := real(p.top(complex(z, 0)))
	y := (z + p.lam*g) / (float64(p.servers) * p.mu)
	log = -p.steps * math.Log1p(y)
	for j := range m {
		m[j] = p.steps * l[j]
	}
	e := 1 / (1 + y)
	for i := p.servers - 1; i > 0; i-- {
		d := defectJet(e, l)
		rate := 1 / (float64(i) * p.mu)
		y = (z + p.lam*g) * rate
		l = logJet(1/(1+y), [4]float64{(1 + p.lam*d[0]) * rate, p.lam * d[1] * rate, p.lam * d[2] * rate, p.lam * d[3] * rate})
		e = 1 / (1 + y)
		g = y * e
		if i <= p.last {
			log -= math.Log1p(y)
			for j := range m {
				m[j] += l[j]
			}
		}
	}
	return log, m
}

// topJet are the derivatives of -ln theta, the first of which is 1 over the
// root.
func (p *idling) topJet(z float64) [4]float64 {
	a, b := 1/(z+p.cut), 1/(z+p.far)
	r := math.Sqrt(a) * math.Sqrt(b)
	l1, l2, l3 := -(a+b)/2, (a*a+b*b)/2, -(a*a*a + b*b*b)
	return [4]float64{r, r * l1, r * (l2 + l1*l1), r * (l3 + 3*l1*l2 + l1*l1*l1)}
}

// logJet are the derivatives of ln(1+y), e = 1/(1+y).
func logJet(e float64, y [4]float64) [4]float64 {
	l1 := y[0] * e
	l2 := y[1]*e - l1*l1
	l3 := y[2]*e - 3*l1*l2 - l1*l1*l1
	return [4]float64{l1, l2, l3, y[3]*e - 4*l1*l3 - 3*l2*l2 - 6*l1*l1*l2 - l1*l1*l1*l1}
}

// defectJet are the derivatives of 1 - exp(-l), e = exp(-l).
func defectJet(e float64, l [4]float64) [4]float64 {
	q := l[0] * l[0]
	return [4]float64{e * l[0], e * (l[1] - q), e * (l[2] - 3*l[0]*l[1] + q*l[0]),
		e * (l[3] - 4*l[0]*l[2] - 3*l[1]*l[1] + 6*q*l[1] - q*q)}
}

// cumulants of the passage: those of its steps add up, and no term has another
// sign than the others.
func (p *idling) cumulants() Cumulants {
	_, m := p.jets(0)
	return Cumulants{m[0], -m[1], m[2]}
}
