package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing/markov"
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

// Measures from the chain of lane and orbit, its orbit cut where less than
// 1e-12 of the probability is.
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
	law, err := m.orbit()
	if err != nil {
		return Measures{}, 0, err
	}
	a := m.ArrivalRate / m.ServiceRate
	out := Measures{
		Sustainable: c * m.ServiceRate, Rho: a / c, Busy: a, P0: law.Empty, PBlock: law.Full,
		L: a + law.MeanQueue + law.MeanOrbit, Lq: law.MeanQueue + law.MeanOrbit,
		W: 1 / m.ServiceRate, Throughput: m.ArrivalRate,
	}
	for _, p := range law.Lane[m.Servers:] {
		out.PWait += p
	}
	if m.ArrivalRate > 0 {
		out.Wq = out.Lq / m.ArrivalRate
		out.W += out.Wq
	}
	return out, law.MeanOrbit, nil
}

// maxRetrialWork bounds the chain: states times the square of its band, and
// what a state costs beside.
const (
	maxRetrialWork = 1e9
	perState       = 1000
)

// orbits holds the last chain solved.
var orbits recent[Retrial, markov.OrbitLaw]

// orbit is the law of the chain.
func (m Retrial) orbit() (markov.OrbitLaw, error) { return orbits.ask(m, Retrial.solve) }

// slowOrbit is the mean number in the orbit when retries come so late that
// they are as good as fresh: x B(x) of them a second, with x = lambda + x B(x)
// all that come and B their chance to be refused, by fixed points from below.
func (m Retrial) slowOrbit() float64 {
	again := 0.0
	for range 200 {
		all := m.ArrivalRate + again
		x, err := MMcK{all, m.ServiceRate, m.Servers, m.Limit}.Measures()
		if err != nil || all*x.PBlock <= again*(1+1e-6) {
			break
		}
		again = all * x.PBlock
	}
	return again * m.RetryDelay
}

// solve finds the law. The orbit falls off about like rho^n, so the size
// that it takes is known beforehand, and refused rather than tried.
func (m Retrial) solve() (markov.OrbitLaw, error) {
	left := slack(m.ArrivalRate, m.ServiceRate, float64(m.Servers))
	lane := float64(m.Limit + 1)
	far := m.slowOrbit()
	states := lane * (64 + 30/left + far + 12*math.Sqrt(far))
	if work := states * ((lane+1)*(lane+1) + perState); work > maxRetrialWork {
		return markov.OrbitLaw{}, fmt.Errorf("%w: the chain of %d places and an orbit at load %.6g and with this retry delay takes some %.2g steps, want at most %.2g",
			ErrTooLarge, m.Limit, 1-left, work, maxRetrialWork)
	}
	_, law, err := markov.Retrial(m.ArrivalRate, m.ServiceRate, m.Servers, m.Limit, 1/m.RetryDelay, 0)
	return law, err
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

// slope is the chain's own: differences of two rates would be those of two
// cuts of the orbit.
func (m Retrial) slope(now Measures) (Slope, error) {
	law, err := m.orbit()
	if err != nil {
		return Slope{}, err
	}
	d, x := law.Slope, m.ArrivalRate
	out := Slope{L: d.MeanLane + d.MeanOrbit}
	out.W = (out.L - now.W) / x
	out.ElasticL = out.L * x / now.L
	if out.ElasticW = out.ElasticL - 1; math.Abs(out.ElasticW) < 1e-14 {
		out.ElasticW = 0 // a difference of roundings
	}
	if now.Lq > 0 {
		out.ElasticWq = (d.MeanQueue+d.MeanOrbit)*x/now.Lq - 1
	}
	if now.PBlock > 0 {
		out.ElasticBlocked = d.Full * x / now.PBlock
	}
	return out, nil
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
	law, err := m.orbit()
	copy(p, law.Lane)
	return p, err
}
