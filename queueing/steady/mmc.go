package steady

import (
	"errors"
	"math"
)

// MMc is the queue M/M/c of Erlang's delay formula: Poisson arrivals, c
// exponential servers, an unbounded queue, first come first served.
type MMc struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s of one server, positive
	Servers     int     // 1 to MaxServers
}

// Validate reports every field out of its range.
func (m MMc) Validate() error {
	return errors.Join(nonNegative("MMc.ArrivalRate", m.ArrivalRate), positive("MMc.ServiceRate", m.ServiceRate),
		countBetween("MMc.Servers", m.Servers, 1, MaxServers))
}

// spare is c mu - lambda rounded once; not positive when saturated.
func (m MMc) spare() float64 { return spare(m.ArrivalRate, m.ServiceRate, float64(m.Servers)) }

func (m MMc) loss() loss { return erlangLoss(float64(m.Servers), m.ArrivalRate/m.ServiceRate) }

// delay is the probability of waiting, for a stable queue.
func (m MMc) delay() float64 {
	return delay(m.loss(), slack(m.ArrivalRate, m.ServiceRate, float64(m.Servers)))
}

// Measures by Wq = C/(c mu - lambda) (Gross et al. 2008, section 2.3).
// Saturated when ArrivalRate >= Servers x ServiceRate.
func (m MMc) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	c, spare := float64(m.Servers), m.spare()
	if spare <= 0 {
		return saturated(m.ArrivalRate, m.ServiceRate, c), nil
	}
	a, left, l := m.ArrivalRate/m.ServiceRate, slack(m.ArrivalRate, m.ServiceRate, c), m.loss()
	wait := delay(l, left)
	wq := wait / spare
	lq := m.ArrivalRate * wq
	return Measures{
		Sustainable: c * m.ServiceRate, Rho: a / c, Busy: a, P0: math.Exp(-m.logNorm(l, left)), PWait: wait,
		L: a + lq, Lq: lq, W: wq + 1/m.ServiceRate, Wq: wq, Throughput: m.ArrivalRate,
	}, nil
}

// logNorm is -ln p0: the loss system's sum of a^k/k! grows by the factor
// 1 + B rho/(1-rho) when the states beyond c are added.
func (m MMc) logNorm(l loss, left float64) float64 {
	return l.lnNorm + math.Log1p(l.b*(1-left)/left)
}

// Offered is the arrival rate, 1/s.
func (m MMc) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m MMc) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m MMc) AtServers(c int) Staffed { m.Servers = c; return m }

// WaitTail is C e^-(c mu - lambda)t (Gross et al. 2008, eq. 2.37); 1 when
// saturated.
func (m MMc) WaitTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	spare := m.spare()
	if spare <= 0 {
		return 1, nil
	}
	return m.delay() * math.Exp(-spare*t), nil
}

// WaitQuantile is ln(C/(1-p)) / (c mu - lambda), 0 where no more than 1-p of
// the requests waits.
func (m MMc) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	spare := m.spare()
	if spare <= 0 {
		return math.Inf(1), nil
	}
	return math.Max(0, math.Log(m.delay()/(1-p))/spare), nil
}

// SojournTail is P(wait + service > t) (Gross et al. 2008, section 2.3): the
// wait is 0 or exponential with rate r = c mu - lambda and the service
// exponential with rate mu, so that it is
//
//	e^-mu t + C mu (e^-mu t - e^-r t) / (r - mu),
//
// with the limit C mu t e^-mu t of the second part where r = mu.
func (m MMc) SojournTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	spare := m.spare()
	if spare <= 0 {
		return 1, nil
	}
	mu := m.ServiceRate
	gap := spare - mu
	served := math.Exp(-mu * t)
	part := t // (1 - e^-gap t)/gap
	if gap != 0 {
		part = -math.Expm1(-gap*t) / gap
	}
	if gap*t < -700 {
		return m.delay() * mu / -gap * math.Exp(-spare*t), nil
	}
	return served * (1 + m.delay()*mu*part), nil
}

// States are p0 a^n/n! up to n = c and fall by rho from there (Gross et al.
// 2008, eq. 2.31); all 0 when saturated.
func (m MMc) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, MaxLimit)); err != nil {
		return nil, err
	}
	p := make([]float64, upto+1)
	if m.spare() <= 0 {
		return p, nil
	}
	a, c := m.ArrivalRate/m.ServiceRate, float64(m.Servers)
	left, l := slack(m.ArrivalRate, m.ServiceRate, c), m.loss()
	norm := m.logNorm(l, left) - a
	for n := range p {
		p[n] = poissonState(float64(min(n, m.Servers)), a, norm)
		if n > m.Servers {
			p[n] *= math.Exp(float64(n-m.Servers) * logRho(m.ArrivalRate, m.ServiceRate, c))
		}
	}
	return p, nil
}

// poissonState is e^(ln pois(n; a) - norm), with 0^0 = 1.
func poissonState(n, a, norm float64) float64 {
	if a == 0 {
		if n == 0 {
			return math.Exp(-norm)
		}
		return 0
	}
	return math.Exp(logPoisson(n, a) - norm)
}
