package steady

import (
	"errors"
	"math"
)

// MMInf is the queue M/M/inf: every request has a server at once. The number
// there is Poisson with mean a = lambda/mu whatever the service law
// (Kleinrock 1975, section 3.4).
type MMInf struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s, positive
}

// Validate reports every field out of its range.
func (m MMInf) Validate() error {
	return errors.Join(nonNegative("MMInf.ArrivalRate", m.ArrivalRate), positive("MMInf.ServiceRate", m.ServiceRate))
}

// Measures of M/M/inf: no waits, no saturation; Rho is 0, as it is of one
// server among infinitely many.
func (m MMInf) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	a := m.ArrivalRate / m.ServiceRate
	return Measures{
		Sustainable: math.Inf(1), Busy: a, P0: math.Exp(-a), L: a, W: 1 / m.ServiceRate, Throughput: m.ArrivalRate,
	}, nil
}

// Offered is the arrival rate, 1/s.
func (m MMInf) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m MMInf) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// States are the Poisson probabilities of mean a.
func (m MMInf) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, MaxLimit)); err != nil {
		return nil, err
	}
	p := make([]float64, upto+1)
	for n := range p {
		p[n] = poissonState(float64(n), m.ArrivalRate/m.ServiceRate, 0)
	}
	return p, nil
}
