package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// orbitPassage is the time until a lane that refuses requests beyond its room K
// is at its level and its orbit is empty, at constant rates, by its transform
// x_o(q) = E exp(-z T) from q in the lane and o in the orbit. With theta the rate
// of retries of one client and mu_q = mu min(q, c),
//
//	(z + lam + mu_q + o theta) x_o(q) = lam x_o(q+1) + mu_q x_o(q-1) + o theta x_(o-1)(q+1)   for q < K,
//	(z + lam + mu_K) x_o(K) = mu_K x_o(K-1) + lam x_(o+1)(K),
//
// and 1 where it has drained (G. Falin, J. Templeton, Retrial Queues, Chapman &
// Hall 1997, section 2.2, for the rates). An orbit grows through x_(o+1)(K)
// alone: so each row is a_o + b_o x_(o+1)(K), of which one tridiagonal system
// finds both from the row before. For z >= 0 nothing is subtracted but in a
// pivot of a diagonally dominant matrix. It costs K times the rows where a chain
// that is followed costs K times the rows times the jumps.
type orbitPassage struct {
	lam, mu, retry float64 // 1/s; mu of one server, retry of one client
	servers, room  int
	level          int
	size           int // of the orbit: who finds it full is lost
	q, o           int // at the start
	p, r, a, b     []complex128
	up             []complex128 // of the tridiagonal system
	alpha, beta    []complex128
}

// orbitEdge is the chance of an orbit so large that it is cut there.
const orbitEdge = 1e-16

// orbitRows bounds the rows, orbitTerms the frequencies of the series.
const (
	orbitRows  = 100_000
	orbitTerms = 1500
)

func newOrbitPassage(l *Lane, r RetryOrbit, lam float64) *orbitPassage {
	p := &orbitPassage{lam: lam, mu: 1 / l.cfg.Service.Mean(), retry: 1 / r.MeanDelay, servers: l.cfg.Servers, room: l.room(),
		level: l.Level(0), q: l.Initial().Fixed, o: r.Waiting}
	// all there are change by lam up and, at a full lane, by the capacity down:
	// what they may rise by is geometric; the orbit rises while the lane is full
	rise := 40.0
	if load := lam / l.FinalCapacity(); load > 0 {
		rise += math.Log(orbitEdge) / math.Log(load)
	}
	// a lane that is not full loses by the retries it is still to get
	rise += 12 * math.Sqrt((lam+l.FinalCapacity())/p.retry)
	p.size = p.o + int(math.Min(rise, orbitRows))
	p.p, p.r = make([]complex128, p.room+1), make([]complex128, p.room+1)
	p.a, p.b, p.up = make([]complex128, p.room+1), make([]complex128, p.room+1), make([]complex128, p.room+1)
	p.alpha, p.beta = make([]complex128, p.size+1), make([]complex128, p.size+1)
	return p
}

// transform is E exp(-z T). ok is false at a real z to the left of the first
// singularity, where a pivot is not positive.
func (p *orbitPassage) transform(z complex128) (x complex128, ok bool) {
	var at, slope complex128 // of the starting row: x = at + slope x_(o+1)(K)
	k := p.room
	full := complex(p.mu*float64(p.servers), 0)
	lam := complex(p.lam, 0)
	for o := range p.size + 1 {
		if !p.row(z, o) {
			return 0, false
		}
		pivot := z + lam + full - full*p.r[k-1]
		if o == p.size {
			pivot -= lam
		}
		if imag(z) == 0 && !(real(pivot) > 0) {
			return 0, false
		}
		over := inverse(pivot)
		p.alpha[o], p.beta[o] = full*p.p[k-1]*over, lam*over
		if o == p.size {
			p.beta[o] = 0
		}
		for q := range k {
			p.a[q], p.b[q] = p.p[q]+p.r[q]*p.alpha[o], p.r[q]*p.beta[o]
		}
		p.a[k], p.b[k] = p.alpha[o], p.beta[o]
		if o == p.o {
			at, slope = p.a[p.q], p.b[p.q]
		}
	}
	y := complex(0, 0)
	for o := p.size; o > p.o; o-- {
		y = p.alpha[o] + p.beta[o]*y
	}
	return at + slope*y, true
}

// row solves for q < K in x_o(q) = p(q) + r(q) x_o(K), given that x_(o-1) is
// a + b x_o(K), by elimination from q = 0 up.
func (p *orbitPassage) row(z complex128, o int) bool {
	lam, again := complex(p.lam, 0), complex(p.retry*float64(o), 0)
	first := 0
	if o == 0 {
		for q := range p.level + 1 {
			p.p[q], p.r[q], p.up[q] = 1, 0, 0
		}
		first = p.level + 1
	}
	for q := first; q < p.room; q++ {
		serve := complex(p.mu*float64(min(q, p.servers)), 0)
		pivot := z + lam + serve + again
		source, rest := again*p.a[q+1], again*p.b[q+1]
		if q > 0 {
			pivot -= serve * p.up[q-1]
			source += serve * p.p[q-1]
			rest += serve * p.r[q-1]
		}
		if imag(z) == 0 && !(real(pivot) > 0) {
			return false
		}
		over := inverse(pivot)
		p.up[q], p.p[q], p.r[q] = lam*over, source*over, rest*over
	}
	p.r[p.room-1] += p.up[p.room-1]
	for q := p.room - 2; q >= first; q-- {
		p.p[q] += p.up[q] * p.p[q+1]
		p.r[q] += p.up[q] * p.r[q+1]
	}
	return true
}

// inverse is 1/z, of a z whose square a float64 holds.
func inverse(z complex128) complex128 {
	x, y := real(z), imag(z)
	over := 1 / (x*x + y*y)
	return complex(x*over, -y*over)
}

// rightmost is the distance from 0 of the rightmost singularity, up to which all
// pivots are positive.
func (p *orbitPassage) rightmost() float64 {
	return math.Exp(bisect(math.Log(1e-30), math.Log(p.lam+p.retry+p.mu*float64(p.servers)), func(u float64) bool {
		_, ok := p.transform(complex(-math.Exp(u), 0))
		return ok
	}))
}

// bounds are times outside which there is less than eps on either side, by
// Chernoff's bound.
func (p *orbitPassage) bounds(eps float64) (lo, hi float64) {
	log := func(z float64) (float64, bool) {
		x, ok := p.transform(complex(z, 0))
		return math.Log(real(x)), ok && real(x) > 0
	}
	need := -math.Log(eps)
	edge := p.rightmost() * (1 - 1e-9)
	hi = goldenMin(func(u float64) float64 {
		s := edge / (1 + math.Exp(-u))
		x, ok := log(-s)
		if !ok {
			return math.Inf(1)
		}
		return (x + need) / s
	}, -8, 20)
	lo = -goldenMin(func(u float64) float64 {
		s := edge * math.Exp(u)
		x, _ := log(s)
		return (x + need) / s
	}, -5, 15)
	return math.Max(lo, 0), hi
}

// orbitConstant is the passage of a lane of constant rates. Others get an
// [*UnsupportedError].
func orbitConstant(l *Lane, r RetryOrbit, m Method) (*orbitPassage, error) {
	plain := *l
	plain.cfg.Mechanisms = Mechanisms{}
	c, err := plain.constantStreams(m)
	if err != nil {
		return nil, err
	}
	p := newOrbitPassage(l, r, c.rate)
	if p.size-p.o >= orbitRows || p.room < 2 || p.level >= p.room {
		return nil, &UnsupportedError{m, "its orbit has too many states"}
	}
	return p, nil
}

// orbitSeries is the Fourier series of the passage of lanes of constant rates.
// Passages whose spread is too large for it get an [*UnsupportedError].
func orbitSeries(l *Lane, r RetryOrbit, o SolveOptions) (Drain, error) {
	p, err := orbitConstant(l, r, FourierSeries)
	if err != nil {
		return Drain{}, err
	}
	if p.q <= p.level && p.o == 0 {
		return atOnce(FourierSeries, whyAtOnce), nil
	}
	eps := o.tolerance() / 10
	lo, hi := p.bounds(eps)
	if math.IsInf(hi, 1) || math.IsNaN(hi-lo) {
		return Drain{}, &UnsupportedError{FourierSeries, "it takes too long"}
	}
	at := func(w float64) complex128 {
		o.check()
		x, _ := p.transform(complex(0, w))
		return x
	}
	tooWide := func(reached float64) error {
		return &AccuracyError{FourierSeries, reached, o.tolerance(), fmt.Sprintf("its spread is too large against its mean for %d terms", orbitTerms)}
	}
	if last := cmplx.Abs(at(2*math.Pi*orbitTerms/(hi-lo))) / math.Pi; last > o.tolerance() {
		return Drain{}, tooWide(last)
	}
	s, reached := newFourierLaw(at, func(float64) float64 { return 0 }, lo, hi, orbitTerms, eps)
	if reached > o.tolerance() {
		return Drain{}, tooWide(reached)
	}
	return Drain{Distribution: s, Method: FourierSeries, Quality: Exact, AbsError: reached + 2*eps,
		Reason: fmt.Sprintf("constant rates: Fourier series of the transform over the lane and its orbit (up to %d), %d terms", p.size, len(s.coef))}, nil
}
