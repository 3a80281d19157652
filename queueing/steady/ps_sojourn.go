package steady

import (
	"errors"
	"fmt"
	"math"
)

// SojournTail is P(sojourn > t) of exponential service; it depends on the
// service law where the mean does not. 1 when saturated.
//
// With one server the sojourn is the wait of those who wait in M/M/1 served in
// random order (S. C. Borst, O. J. Boxma, J. A. Morrison & R. Nunez Queija,
// Oper. Res. Letters 31, 2003), whose law is Pollaczek's integral (L. Flatto,
// Ann. Appl. Probab. 7, 1997): in units of the mean service, with s the root of
// rho and d = 1 + rho - 2 s cos u,
//
//	2 (1-rho) times the integral over u in (0, pi) of
//	e^((2 phi - u) cot u) / (1 + e^(pi cot u)) sin u / d^2 e^(-d t),
//
// tan phi = sin u / (cos u - s), 0 <= phi <= pi. With several servers it comes
// from its transform, with an absolute error of about 1e-10.
func (m PS) SojournTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	return m.sojourn()(t), nil
}

// sojourn is P(sojourn > t) as a function of t.
func (m PS) sojourn() func(t float64) float64 {
	c := float64(m.Servers)
	alone := func(t float64) float64 { return math.Exp(-t * m.ServiceRate) }
	switch {
	case slack(m.ArrivalRate, m.ServiceRate, c) <= 0:
		return func(float64) float64 { return 1 }
	case m.ArrivalRate == 0:
		return alone
	case m.Servers == 1:
		return m.sharedByAll
	}
	law, slowed := m.severalShared(mostStates)
	if !slowed {
		return alone
	}
	return func(t float64) float64 {
		if t*m.ServiceRate <= 1e-100 { // where transforms overflow
			return 1
		}
		return law.tail(t * m.ServiceRate * c)
	}
}

// sharedByAll is Pollaczek's integral for one server.
func (m PS) sharedByAll(t float64) float64 {
	left := slack(m.ArrivalRate, m.ServiceRate, 1)
	s := math.Sqrt(m.ArrivalRate / m.ServiceRate)
	gap := left / (1 + s) // 1 - s
	f := func(u float64) float64 {
		half := math.Sin(u / 2)
		d := gap*gap + 4*s*half*half
		return math.Exp(turning(u, gap)-d*t*m.ServiceRate) * math.Sin(u) / (d * d)
	}
	sum := 0.0
	// What is below a thousandth of 1-s is e^-3000; the scales above it are
	// covered in logarithms.
	const width = 0.25
	for y := math.Log(1e-3 * gap); y < math.Log(math.Pi/2); y += width {
		part, _ := panel(y, math.Min(y+width, math.Log(math.Pi/2)), func(y float64) float64 { u := math.Exp(y); return u * f(u) })
		sum += part
	}
	const panels = 24
	for i := range panels {
		step := math.Pi / 2 / panels
		part, _ := panel(math.Pi/2+float64(i)*step, math.Pi/2+float64(i+1)*step, f)
		sum += part
	}
	return math.Min(1, 2*left*sum)
}

// turning is (2 phi - u) cot u - ln(1 + e^(pi cot u)), with psi = pi/2 - phi,
// so that no large numbers are subtracted where cot u is large.
func turning(u, gap float64) float64 {
	half := math.Sin(u / 2)
	psi := math.Atan2(gap-2*half*half, math.Sin(u))
	cot := 1 / math.Tan(u)
	if cot > 0 {
		return -(2*psi+u)*cot - math.Log1p(math.Exp(-math.Pi*cot))
	}
	return (math.Pi-2*psi-u)*cot - math.Log1p(math.Exp(math.Pi*cot))
}

// SojournQuantile is the smallest t in s with P(sojourn <= t) >= p, for 0 <=
// p < 1; +Inf when saturated. See [PS.SojournTail]. With several servers it errs
// for p beyond 1 - 1e-8, which the inversion cannot tell from 1.
func (m PS) SojournQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	x, err := m.Measures()
	if err != nil || x.Status == Saturated {
		return math.Inf(1), err
	}
	within := 1e-15
	if m.Servers > 1 {
		if p > 1-1e-8 {
			return 0, fmt.Errorf("steady: quantile %v of the sojourn is beyond the reach of transform inversion, want at most 1 - 1e-8", p)
		}
		within = 1e-11
	}
	tail := m.sojourn()
	return tailQuantileWithin(func(t float64) (float64, error) { return tail(t), nil }, 1-p, math.Max(x.W, 1/m.ServiceRate), within)
}
