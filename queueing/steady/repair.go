package steady

import (
	"errors"
	"math"
)

// Repair is the machine-repair model M/M/c//N, or finite-source queue: each
// of Sources fails, or asks, after an exponential time while it is up, and
// waits for one of Servers repairers (Gross et al. 2008, section 2.8).
// ArrivalRate is that of one source that is up; L counts those that are down
// and W the time they are, PWait is of the sources at the moment they fail.
// It never saturates. Rho is the repairers' utilisation.
type Repair struct {
	ArrivalRate float64 // 1/s of one source that is up, at least 0
	ServiceRate float64 // 1/s of one server, positive
	Servers     int     // 1 to MaxServers
	Sources     int     // 1 to MaxServers
}

// Validate reports every field out of its range.
func (m Repair) Validate() error {
	return errors.Join(nonNegative("Repair.ArrivalRate", m.ArrivalRate), positive("Repair.ServiceRate", m.ServiceRate),
		countBetween("Repair.Servers", m.Servers, 1, MaxServers), countBetween("Repair.Sources", m.Sources, 1, MaxServers))
}

func (m Repair) chain() birthDeath {
	r := offered(m.ArrivalRate, m.ServiceRate)
	return birthDeath{m.Sources, func(n int) float64 {
		return float64(m.Sources-n) * r / float64(min(n+1, m.Servers))
	}}
}

// logWeight is ln of p(n)/p(0). Up to n = c it is C(N,n) r^n, a binomial
// probability without its scale, which three Poisson ones make up; from there
// on N-n is, but for its scale, Poisson of mean c/r.
func (m Repair) logWeight(n int) float64 {
	r, sources := offered(m.ArrivalRate, m.ServiceRate), float64(m.Sources)
	if n == 0 || r == 0 {
		return 0
	}
	k := float64(min(n, m.Servers))
	ln := logPoisson(k, sources*(r/(1+r))) + logPoisson(sources-k, sources/(1+r)) - logPoisson(sources, sources) + sources*math.Log1p(r)
	if n > m.Servers {
		free := float64(m.Servers) / r
		ln += logPoisson(sources-float64(n), free) - logPoisson(sources-k, free)
	}
	return ln
}

// logP0 is ln p(0).
func (m Repair) logP0() float64 {
	chain := m.chain()
	return -m.logWeight(chain.mode()) - math.Log(chain.sum())
}

// Measures by the balance p(n+1) min(n+1,c) mu = p(n) (N-n) lambda (Gross et
// al. 2008, eq. 2.64).
func (m Repair) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	chain := m.chain()
	sum := chain.sum()
	var up, upWaits, busy, lq float64
	least := 1e-20
	if m.Servers > chain.mode() {
		least = 1e-300 // that few wait is a small probability, wanted to its last digits
	}
	chain.walk(least, func(n int, w float64) {
		w /= sum
		up += float64(m.Sources-n) * w
		busy += float64(min(n, m.Servers)) * w
		if n >= m.Servers {
			upWaits += float64(m.Sources-n) * w
			lq += float64(n-m.Servers) * w
		}
	})
	out := Measures{
		Sustainable: math.Inf(1), Rho: busy / float64(m.Servers), Busy: busy, P0: math.Exp(m.logP0()),
		L: busy + lq, Lq: lq, Throughput: m.ServiceRate * busy, W: 1 / m.ServiceRate,
	}
	if m.ArrivalRate > 0 {
		out.PWait = ratio(upWaits, up)
		out.Wq = ratio(lq, out.Throughput)
		out.W += out.Wq
	}
	return out, nil
}

// Offered is the arrival rate, 1/s.
func (m Repair) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m Repair) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m Repair) AtServers(c int) Staffed { m.Servers = c; return m }

// WaitTail is that of a failing source: it meets the steady state of the
// system with one source less (Sevcik & Mitrani, J. ACM 28, 1981) and starts
// after n-c+1 service ends when n >= c are down.
func (m Repair) WaitTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	return m.others().waitTail(m.Servers)(float64(m.Servers) * m.ServiceRate * t), nil
}

// others is the chain that a failing source meets.
func (m Repair) others() birthDeath {
	m.Sources--
	if m.ArrivalRate == 0 {
		m.Sources = 0
	}
	return m.chain()
}

// WaitQuantile is the smallest t in s with P(wait <= t) >= p, 0 <= p < 1;
// +Inf when saturated.
func (m Repair) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	tail, rate := m.others().waitTail(m.Servers), float64(m.Servers)*m.ServiceRate
	return tailQuantile(func(t float64) (float64, error) { return tail(rate * t), nil }, 1-p, 1/m.ServiceRate)
}

// States are the probabilities that 0, 1, ... sources are down.
func (m Repair) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, MaxLimit)); err != nil {
		return nil, err
	}
	p := make([]float64, upto+1)
	chain := m.chain()
	ln := m.logP0()
	for n := range min(upto, m.Sources) + 1 {
		p[n] = math.Exp(ln)
		if n < m.Sources {
			ln += math.Log(chain.ratio(n))
		}
	}
	return p, nil
}
