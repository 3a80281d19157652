package steady

import (
	"errors"
	"math"
)

// loss is Erlang's loss probability and what else comes with it.
type loss struct {
	b, ln   float64 // B and ln B
	carried float64 // 1 - B
	lnNorm  float64 // ln of sum over k <= c of a^k/k!, for whole c
}

// erlangLoss evaluates Erlang B for real c >= 0 servers and load a >= 0. With
// pi the Poisson probability of c at mean a, extended to real c,
//
//	B = pi / Q(c+1, a)                    (Jagerman 1974, eq. 5)
//
// where the load is below the servers Q is 1 minus a small sum; above,
// 1/B - 1 = c e^a a^-c Gamma(c,a) (from the recurrence 1/B(c) = 1 + c/(a
// B(c-1))) is a sum of positive terms for whole c and a continued fraction
// for others.
func erlangLoss(c, a float64) loss {
	switch {
	case c == 0:
		return loss{b: 1}
	case a == 0:
		return loss{ln: math.Inf(-1), carried: 1}
	case a < c+1 || a < 2:
		ln := logPoisson(c, a)
		pi := math.Exp(ln)
		sum := tailSum(c, a, pi)
		q := 1 - pi*sum
		return loss{b: pi / q, ln: ln - math.Log(q), carried: (1 - pi*(1+sum)) / q, lnNorm: a + math.Log(q)}
	}
	over := c * overload(c, a) // 1/B - 1
	b := 1 / (1 + over)
	return loss{b: b, ln: -math.Log1p(over), carried: over * b, lnNorm: a + logPoisson(c, a) + math.Log1p(over)}
}

// tailSum is risingSum(c, a) where only its product with pi counts, beside 1.
func tailSum(c, a, pi float64) float64 {
	sum, term := 0.0, 1.0
	for j := c + 1; ; j++ {
		r := a / j
		term *= r
		sum += term
		if pi*term*r <= 1e-17*(1-r) || term == 0 {
			return sum
		}
	}
}

// overload is e^a a^-c Gamma(c,a) for a >= c+1.
func overload(c, a float64) float64 {
	if c != math.Trunc(c) {
		return fraction(c, a)
	}
	// (1/a) (1 + (c-1)/a + (c-1)(c-2)/a^2 + ...), which ends at 0.
	sum, term := 1.0, 1.0
	for k := c - 1; k > 0; k-- {
		term *= k / a
		sum += term
		if term < 1e-17*sum*(1-k/a) {
			break
		}
	}
	return sum / a
}

// ErlangB is Erlang's loss probability B(c, a): the share of requests lost by
// c servers without a queue at an offered load of a erlang. The servers may
// be any real number of at least 0 (Jagerman's continuous extension): B(0,a)
// is 1. The load is at least 0 and finite. NaN for arguments out of range.
// Where the result underflows to 0 use [LogErlangB].
func ErlangB(servers, load float64) float64 {
	if !(servers >= 0 && load >= 0) || math.IsInf(servers, 1) || math.IsInf(load, 1) {
		return math.NaN()
	}
	return erlangLoss(servers, load).b
}

// LogErlangB is ln B(c, a), finite where B itself underflows.
func LogErlangB(servers, load float64) float64 {
	if !(servers >= 0 && load >= 0) || math.IsInf(servers, 1) || math.IsInf(load, 1) {
		return math.NaN()
	}
	return erlangLoss(servers, load).ln
}

// ErlangBElasticity is d ln B / d ln a = c - a(1-B): by how many per cent the
// loss grows when the load grows by one (Jagerman 1974, theorem 15). It is the
// mean number of idle servers; where less than one is idle the difference has
// lost digits and the recurrence of B gives it as (1-B(c)) (c - a (1-B(c-1))).
func ErlangBElasticity(servers, load float64) float64 {
	if !(servers >= 0 && load >= 0) || math.IsInf(servers, 1) || math.IsInf(load, 1) {
		return math.NaN()
	}
	carried := erlangLoss(servers, load).carried
	idle := servers - load*carried
	if idle < 1 && servers >= 1 {
		return carried * (servers - load*erlangLoss(servers-1, load).carried)
	}
	return idle
}

// ErlangBServers is the real number of servers at which the loss is exactly
// b, for 0 < b < 1 and a load > 0: the inverse of the continuous extension.
// It returns NaN out of range.
func ErlangBServers(load, b float64) float64 {
	if !(load > 0 && b > 0 && b < 1) || math.IsInf(load, 1) {
		return math.NaN()
	}
	target := math.Log(b)
	hi := 1.0
	for erlangLoss(hi, load).ln > target {
		hi *= 2
	}
	return bisect(0, hi, func(c float64) bool { return erlangLoss(c, load).ln > target })
}

// MMcc is the Erlang loss system M/M/c/c: requests that find every server
// busy are lost. Its measures hold for any service law with the same mean.
type MMcc struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s, positive
	Servers     int     // 0 to MaxServers
}

// Validate reports every field out of its range.
func (m MMcc) Validate() error {
	return errors.Join(nonNegative("MMcc.ArrivalRate", m.ArrivalRate), positive("MMcc.ServiceRate", m.ServiceRate),
		countBetween("MMcc.Servers", m.Servers, 0, MaxServers))
}

// Measures of the loss system; nobody ever waits and it never saturates.
func (m MMcc) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	a, c := offered(m.ArrivalRate, m.ServiceRate), float64(m.Servers)
	l := erlangLoss(c, a)
	busy := a * l.carried
	out := Measures{
		Sustainable: math.Inf(1), Rho: ratio(a, c), Busy: busy, P0: math.Exp(-l.lnNorm), PBlock: l.b,
		L: busy, W: 1 / m.ServiceRate, Throughput: m.ArrivalRate * l.carried,
	}
	return out, nil
}

// ratio is x/y, 0 where both are 0, +Inf where y alone is.
func ratio(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x / y
}

// Offered is the arrival rate, 1/s.
func (m MMcc) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m MMcc) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m MMcc) AtServers(c int) Staffed { m.Servers = c; return m }

// States are the truncated Poisson probabilities.
func (m MMcc) States(upto int) ([]float64, error) {
	return MMcK{m.ArrivalRate, m.ServiceRate, m.Servers, m.Servers}.States(upto)
}
