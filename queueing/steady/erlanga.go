package steady

import (
	"errors"
	"math"
)

// ErlangA is the queue M/M/c+M (Palm 1957; Garnett, Mandelbaum & Reiman,
// Manufacturing & Service Operations Management 4, 2002): a waiting request
// gives up after an exponential patience. It never saturates. L, Lq, W, Wq,
// PWait and the law of the wait are of all arrivals, those that give up
// included: Wq is the mean time spent waiting.
type ErlangA struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s of one server, positive
	Servers     int     // 1 to MaxServers
	Patience    float64 // s, mean, positive
}

// Validate reports every field out of its range.
func (m ErlangA) Validate() error {
	return errors.Join(nonNegative("ErlangA.ArrivalRate", m.ArrivalRate), positive("ErlangA.ServiceRate", m.ServiceRate),
		countBetween("ErlangA.Servers", m.Servers, 1, MaxServers), positive("ErlangA.Patience", m.Patience))
}

// impatient is Erlang A with what its measures are made of.
type impatient struct {
	a, c       float64
	s, x, over float64 // c mu/theta, lambda/theta and their difference x - s
	loss       loss
	row        queueRow
	grow       float64 // ln (all weights / those up to c)
}

func (m ErlangA) impatient() impatient {
	q := impatient{a: offered(m.ArrivalRate, m.ServiceRate), c: float64(m.Servers)}
	q.s, q.x = q.c*m.ServiceRate*m.Patience, m.ArrivalRate*m.Patience
	q.over = math.FMA(-q.c, m.ServiceRate, m.ArrivalRate) * m.Patience
	q.loss = erlangLoss(q.c, q.a)
	q.row = newQueueRow(q.s, q.x, q.over)
	// 1 + B (sum - 1): where the sum is huge B is not small.
	q.grow = math.Log1p(q.loss.b * math.Expm1(q.row.logSum))
	if q.row.logSum > 600 {
		q.grow = q.loss.ln + q.row.logSum
	}
	return q
}

// Measures of Erlang A. Throughput is of the served, PAbandon = theta Lq /
// lambda the share of all arrivals that gives up.
func (m ErlangA) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	q := m.impatient()
	out := Measures{
		Sustainable: math.Inf(1), Rho: q.a / q.c, P0: math.Exp(-q.loss.lnNorm - q.grow),
		PWait: math.Exp(q.loss.ln + q.row.logSum - q.grow),
	}
	out.Lq = out.PWait * q.row.mean
	// Below c the balance n p_n = a p_(n-1) adds up to a P(n < c).
	out.Busy = q.a*q.loss.carried*math.Exp(-q.grow) + q.c*q.beyond()
	out.L = out.Lq + out.Busy
	out.Throughput = m.ServiceRate * out.Busy
	if m.ArrivalRate > 0 {
		out.PAbandon = math.Min(1, ratio(out.Lq, q.x))
		out.Wq, out.W = out.Lq/m.ArrivalRate, out.L/m.ArrivalRate
	}
	return out, nil
}

// beyond is P(n > c).
func (q impatient) beyond() float64 {
	if q.row.logSum > 600 {
		return math.Exp(q.loss.ln + q.row.logSum - q.grow)
	}
	return math.Exp(q.loss.ln-q.grow) * math.Expm1(q.row.logSum)
}

// Offered is the arrival rate, 1/s.
func (m ErlangA) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m ErlangA) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m ErlangA) AtServers(c int) Staffed { m.Servers = c; return m }

// WaitTail is P(time in the queue > t) of all arrivals: a request still waits
// at t if neither its patience nor the wait it was offered has ended,
//
//	e^-theta t P(wait) gamma(s, x e^-theta t) / gamma(s, x)
//
// with the lower incomplete gamma function (from the density of the offered
// wait, Zeltyn & Mandelbaum, Queueing Systems 51, 2005, section 3).
func (m ErlangA) WaitTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	if m.ArrivalRate == 0 {
		return 0, nil
	}
	q := m.impatient()
	return math.Exp(q.loss.ln + q.row.logSum - q.grow - t/m.Patience + q.logOffered(t/m.Patience)), nil
}

// logOffered is ln of gamma(s, x e^-theta) / gamma(s, x), the tail of the wait
// that is offered to those who wait.
func (q impatient) logOffered(theta float64) float64 {
	z, over := q.x*math.Exp(-theta), q.over+q.x*math.Expm1(-theta)
	if theta > 0.7 { // z is far from x
		over = z - q.s
	}
	if sure := 50 + 10*math.Sqrt(q.s); q.over > sure {
		// P(s,x) is 1 to the last bit: the ratio is P(s,z), which is 1 too, or
		// a Poisson probability times the row that begins at z.
		switch {
		case over > sure:
			return 0
		case q.s > 1e5 || over < 0:
			return logPoisson(q.s, z) + newQueueRow(q.s, z, over).logSum
		}
		return math.Log1p(-gammaUpper(q.s, z))
	}
	drift := -q.x*math.Expm1(-theta) - q.s*theta
	if theta < 0.05 { // (x-s) theta + x (1 - theta - e^-theta), free of cancellation
		drift = q.over*theta - q.x*expm1Minus(-theta)
	}
	return drift + newQueueRow(q.s, z, over).logSum - q.row.logSum
}

// expm1Minus is e^x - 1 - x for |x| <= 0.05.
func expm1Minus(x float64) float64 {
	return x * x * (0.5 + x*(1.0/6+x*(1.0/24+x*(1.0/120+x*(1.0/720+x*(1.0/5040+x*(1.0/40320+x/362880)))))))
}

// WaitQuantile is the smallest t in s with P(wait <= t) >= p, 0 <= p < 1;
// +Inf when saturated.
func (m ErlangA) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	return tailQuantile(m.WaitTail, 1-p, math.Min(m.Patience, 1/m.ServiceRate))
}

// States grow by a/n up to n = c and by x/(s+j) at n = c+j from there.
func (m ErlangA) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, MaxLimit)); err != nil {
		return nil, err
	}
	q := m.impatient()
	p := make([]float64, upto+1)
	for n := range p {
		p[n] = poissonState(float64(min(n, m.Servers)), q.a, q.loss.lnNorm-q.a+q.grow)
		if j := float64(n - m.Servers); j > 0 && m.ArrivalRate > 0 {
			p[n] = math.Exp(q.loss.ln - q.grow + logRising(q.s, q.x, j))
		}
	}
	return p, nil
}

// logRising is ln of x^j / ((s+1)...(s+j)).
func logRising(s, x, j float64) float64 {
	if s > 15 {
		return logPoisson(s+j, x) - logPoisson(s, x)
	}
	hi, _ := math.Lgamma(s + j + 1)
	lo, _ := math.Lgamma(s + 1)
	return j*math.Log(x) - hi + lo
}
