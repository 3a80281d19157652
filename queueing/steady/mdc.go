package steady

import (
	"errors"
	"math"
	"math/cmplx"
)

// MDc is the queue M/D/c: every service takes exactly 1/ServiceRate. Its
// measures and the law of its wait are exact (Crommelin 1932; Franx,
// Operations Research Letters 29, 2001), without the alternating sums of the
// classical formulas.
type MDc struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s of one server, positive: 1 / service time
	Servers     int     // 1 to MaxServers
}

// MD1 is M/D/1.
func MD1(arrivalRate, serviceRate float64) MDc { return MDc{arrivalRate, serviceRate, 1} }

// Validate reports every field out of its range.
func (m MDc) Validate() error {
	return errors.Join(nonNegative("MDc.ArrivalRate", m.ArrivalRate), positive("MDc.ServiceRate", m.ServiceRate),
		countBetween("MDc.Servers", m.Servers, 1, MaxServers))
}

// crommelin is what the measures need: ln P(no wait), ln P(nobody there) and
// the mean number waiting.
type crommelin struct{ logNoWait, logP0, lq float64 }

// Measures of M/D/c. Seen every service time D the number there follows
// Q' = (Q-c)^+ + A, with A Poisson of mean a. Far from saturation its law is
// Spitzer's sum, close to it that of the roots inside the unit circle.
func (m MDc) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	c, a := float64(m.Servers), m.ArrivalRate/m.ServiceRate
	left := slack(m.ArrivalRate, m.ServiceRate, c)
	if left <= 0 {
		return saturated(m.ArrivalRate, m.ServiceRate, c), nil
	}
	q := crommelin{}
	switch {
	case a == 0:
	case m.Servers == 1:
		idle := math.Log(left)
		if a < 0.5 {
			idle = math.Log1p(-a) // left has lost the digits of a small load
		}
		q = crommelin{idle, idle, a * a / (2 * left)}
	case -c*log1pMinus(-left) > 0.02: // 2000 terms at most
		q = spitzer(c, a)
	default:
		q = byRoots(m.Servers, a, left)
	}
	out := Measures{
		Sustainable: c * m.ServiceRate, Rho: a / c, Busy: a, P0: math.Exp(q.logP0), PWait: 0 - math.Expm1(q.logNoWait), // never -0
		L: a + q.lq, Lq: q.lq, W: 1 / m.ServiceRate, Throughput: m.ArrivalRate,
	}
	if m.ArrivalRate > 0 {
		out.Wq = q.lq / m.ArrivalRate
		out.W += out.Wq
	}
	return out, nil
}

// spitzer sums over n the positive parts of N(na) - nc, N Poisson (Spitzer,
// Trans. Amer. Math. Soc. 82, 1956): all terms positive, so that nothing
// cancels however small the waits are.
func spitzer(c, a float64) crommelin {
	var out crommelin
	for n := 1.0; n < 1e7; n++ {
		pi := math.Exp(logPoisson(n*c, n*a)) / n
		beyond, moment := risingSum(n*c, n*a, 1e-17)
		out.logNoWait -= pi * (1 + beyond)
		out.logP0 -= pi * beyond
		out.lq += pi * moment
		if pi*moment <= 1e-18*out.lq || pi == 0 {
			break
		}
	}
	out.logP0 -= a
	return out
}

// byRoots uses the c-1 roots z != 1 of z^c = e^(a(z-1)) in the unit disc
// (Janssen & van Leeuwaarden, Stat. Neerlandica 62, 2008):
//
//	P(no wait) = (c-a) / product (1-z),   P(Q=0) = (c-a) product z/(z-1),
//	Lq = c/(2(c-a)) - (c+a)/2 + sum 1/(1-z).
//
// They come in conjugate pairs, the k-th and the (c-k)-th.
func byRoots(servers int, a, left float64) crommelin {
	c := float64(servers)
	gap := func(z complex128) float64 { return math.Log(cmplx.Abs(1 - z)) }
	sum := func(f func(z complex128) float64) float64 {
		return pairSum(servers, func(k float64) float64 { return f(diskRoot(a/c, 2*math.Pi*k/c)) })
	}
	gaps := sum(gap)
	return crommelin{
		logNoWait: math.Log(c*left) - gaps,
		logP0:     math.Log(c*left) - gaps + sum(func(z complex128) float64 { return math.Log(cmplx.Abs(z)) }),
		lq:        1/(2*left) - (c+a)/2 + sum(func(z complex128) float64 { return real(1 / (1 - z)) }),
	}
}

// pairSum is the sum of f(k) over k = 1..n-1 for f(k) = f(n-k): the first
// terms one by one and the rest, where f varies on the scale of k, by the
// formula of Euler and Maclaurin (Abramowitz & Stegun 23.1.30), whose far end
// is the mirror image of the near one.
func pairSum(n int, f func(k float64) float64) float64 {
	const direct = 512
	sum := 0.0
	if n <= 4*direct {
		for k := 1; 2*k < n; k++ {
			sum += 2 * f(float64(k))
		}
		if n%2 == 0 {
			sum += f(float64(n / 2))
		}
		return sum
	}
	for k := 1.0; k < direct; k++ {
		sum += 2 * f(k)
	}
	steps := math.Ceil(4 * math.Log(float64(n)/(2*direct)))
	width := math.Log(float64(n)/(2*direct)) / steps
	for i := range int(steps) {
		from := math.Log(direct) + float64(i)*width
		part, _ := panel(from, from+width, func(y float64) float64 { k := math.Exp(y); return k * f(k) })
		sum += 2 * part
	}
	slope := (f(direct-2) - 8*f(direct-1) + 8*f(direct+1) - f(direct+2)) / 12
	bend := (f(direct+2) - 2*f(direct+1) + 2*f(direct-1) - f(direct-2)) / 2
	return sum + f(direct) - slope/6 + bend/360
}

// diskRoot solves z = e^(i angle) e^(rho (z-1)) by Newton's method, from the
// expansion of Lambert's W at its branch point: -rho z = W(-rho e^(i angle -
// rho)).
func diskRoot(rho, angle float64) complex128 {
	w := cmplx.Rect(1, angle)
	r := complex(rho, 0)
	p := cmplx.Sqrt(2 * (1 - r*w*cmplx.Exp(1-r)))
	z := (1 - p + p*p/3 - 11*p*p*p/72) / r
	if cmplx.Abs(z) > 1 {
		z = w * cmplx.Exp(r*(w-1))
	}
	for range 60 {
		image := w * cmplx.Exp(r*(z-1))
		step := (z - image) / (1 - r*image)
		z -= step
		if cmplx.Abs(step) < 1e-16 {
			break
		}
	}
	return z
}

// Offered is the arrival rate, 1/s.
func (m MDc) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m MDc) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m MDc) AtServers(c int) Staffed { m.Servers = c; return m }

// WaitTail is P(wait > t), exact also where it is small; 1 when saturated.
func (m MDc) WaitTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	law, err := newDelayLaw(m)
	if err != nil {
		return 0, err
	}
	return law.tail(t)
}

// WaitQuantile is the smallest t in s with P(wait <= t) >= p, 0 <= p < 1;
// +Inf when saturated.
func (m MDc) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	if slack(m.ArrivalRate, m.ServiceRate, float64(m.Servers)) <= 0 {
		return math.Inf(1), nil
	}
	law, err := newDelayLaw(m)
	if err != nil {
		return 0, err
	}
	return tailQuantile(law.tail, 1-p, 1/m.ServiceRate)
}

// States convolve the queue left over, (Q-c)^+, with the arrivals of one
// service time.
func (m MDc) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, 20_000)); err != nil {
		return nil, err
	}
	p := make([]float64, upto+1)
	if slack(m.ArrivalRate, m.ServiceRate, float64(m.Servers)) <= 0 {
		return p, nil
	}
	law, err := newDelayLaw(m)
	if err != nil {
		return nil, err
	}
	for n := range p {
		for k := 0; k <= n; k++ {
			p[n] += law.queue(k) * poissonState(float64(n-k), law.a, 0)
		}
	}
	return p, nil
}
