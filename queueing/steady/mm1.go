package steady

import (
	"errors"
	"math"
)

// MM1 is the queue M/M/1: Poisson arrivals, one exponential server, first
// come first served (Kleinrock 1975, section 3.2).
type MM1 struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s, positive
}

func (m MM1) Validate() error {
	return errors.Join(nonNegative("MM1.ArrivalRate", m.ArrivalRate), positive("MM1.ServiceRate", m.ServiceRate))
}

// Measures by L = rho/(1-rho) and Little's law (Kleinrock 1975, eqs. 3.24,
// 3.26). Saturated when ArrivalRate >= ServiceRate.
func (m MM1) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	if spare(m.ArrivalRate, m.ServiceRate, 1) <= 0 {
		return saturated(m.ArrivalRate, m.ServiceRate, 1), nil
	}
	rho, w := m.ArrivalRate/m.ServiceRate, 1/(m.ServiceRate-m.ArrivalRate)
	return Measures{
		Sustainable: m.ServiceRate, Rho: rho, Busy: rho, P0: slack(m.ArrivalRate, m.ServiceRate, 1), PWait: rho,
		L: m.ArrivalRate * w, Lq: rho * m.ArrivalRate * w, W: w, Wq: rho * w, Throughput: m.ArrivalRate,
	}, nil
}

func (m MM1) Offered() float64           { return m.ArrivalRate }
func (m MM1) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is an M/M/c with c servers.
func (m MM1) AtServers(c int) Staffed { return m.multi(c) }

func (m MM1) multi(c int) MMc { return MMc{m.ArrivalRate, m.ServiceRate, c} }

// WaitTail is rho e^-(mu-lambda)t (Kleinrock 1975, eq. 5.127).
func (m MM1) WaitTail(t float64) (float64, error) { return m.multi(1).WaitTail(t) }

func (m MM1) WaitQuantile(p float64) (float64, error) { return m.multi(1).WaitQuantile(p) }

// SojournTail is P(wait + service > t) = e^-(mu-lambda)t (Kleinrock 1975,
// eq. 5.119); 1 when saturated.
func (m MM1) SojournTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	return math.Exp(-math.Max(0, m.ServiceRate-m.ArrivalRate) * t), nil
}

// States are (1-rho) rho^n (Kleinrock 1975, eq. 3.23), 0 when saturated.
func (m MM1) States(upto int) ([]float64, error) { return m.multi(1).States(upto) }
