package steady

import (
	"errors"
	"math"
)

// Retrial is the M/M/c/K queue whose refused requests do not give up but wait
// in an orbit, from which each tries again after an exponential delay
// (G. I. Falin & J. G. C. Templeton, Retrial Queues, 1997). L and W count the
// orbit in, Lq and Wq are of all the time not in service, PBlock is the share
// of fresh requests that finds the lane full, PWait the share that does not
// start at once.
type Retrial struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s of one server, positive
	Servers     int     // 1 to MaxRetrial
	Limit       int     // K, Servers to MaxRetrial
	RetryDelay  float64 // s, mean, positive
}

// limited checks the limit, which is at least the servers where those are
// within theirs.
func (m Retrial) limited() error {
	least := m.Servers
	if least > MaxRetrial {
		least = 1
	}
	return countBetween("Retrial.Limit", m.Limit, least, MaxRetrial)
}

// Validate reports every field out of its range.
func (m Retrial) Validate() error {
	return errors.Join(nonNegative("Retrial.ArrivalRate", m.ArrivalRate), positive("Retrial.ServiceRate", m.ServiceRate),
		countBetween("Retrial.Servers", m.Servers, 1, MaxRetrial), m.limited(),
		positive("Retrial.RetryDelay", m.RetryDelay))
}

// InOrbit is the mean number in the orbit, +Inf when saturated.
func (m Retrial) InOrbit() (float64, error) {
	_, orbit, err := m.both()
	return orbit, err
}

// Measures from the chain of lane and orbit.
func (m Retrial) Measures() (Measures, error) {
	out, _, err := m.both()
	return out, err
}

func (m Retrial) both() (Measures, float64, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, 0, err
	}
	c := float64(m.Servers)
	if slack(m.ArrivalRate, m.ServiceRate, c) <= 0 {
		out := saturated(m.ArrivalRate, m.ServiceRate, c)
		out.PBlock = 1
		return out, math.Inf(1), nil
	}
	law, err := m.law()
	if err != nil {
		return Measures{}, 0, err
	}
	a := m.ArrivalRate / m.ServiceRate
	out := Measures{
		Sustainable: c * m.ServiceRate, Rho: a / c, Busy: a, P0: law.empty, PBlock: law.lane[m.Limit],
		Lq: law.orbit, W: 1 / m.ServiceRate, Throughput: m.ArrivalRate,
	}
	for n, p := range law.lane[m.Servers:] {
		out.PWait += p
		out.Lq += float64(n) * p
	}
	out.L = a + out.Lq
	if m.ArrivalRate > 0 {
		out.Wq = out.Lq / m.ArrivalRate
		out.W += out.Wq
	}
	return out, law.orbit, nil
}

// orbits holds the last chain solved.
var orbits recent[Retrial, orbitLaw]

// law of the chain.
func (m Retrial) law() (orbitLaw, error) { return orbits.ask(m, Retrial.solve) }

// slowOrbit is the mean number in the orbit when retries come so late that
// they are as good as fresh: those that come in all, at a rate of which the
// lane takes on lambda, less lambda.
func (m Retrial) slowOrbit() float64 {
	short := func(all float64) bool {
		x, err := MMcK{all, m.ServiceRate, m.Servers, m.Limit}.Measures()
		return err == nil && x.Throughput < m.ArrivalRate
	}
	hi := 2 * m.ArrivalRate
	for short(hi) && hi < largestSearched {
		hi *= 2
	}
	return (bisect(m.ArrivalRate, hi, short) - m.ArrivalRate) * m.RetryDelay
}

// Offered is the arrival rate, 1/s.
func (m Retrial) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m Retrial) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers keeps the limit, unless there are more servers.
func (m Retrial) AtServers(c int) Staffed {
	m.Servers, m.Limit = c, max(m.Limit, c)
	return m
}

// States of the lane alone, whatever the orbit holds.
func (m Retrial) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, MaxLimit)); err != nil {
		return nil, err
	}
	p := make([]float64, upto+1)
	if slack(m.ArrivalRate, m.ServiceRate, float64(m.Servers)) <= 0 {
		return p, nil
	}
	law, err := m.law()
	copy(p, law.lane)
	return p, err
}
