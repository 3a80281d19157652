package steady

import "errors"

// PS is M/G/c with egalitarian processor sharing: each of n requests is
// served at the rate min(1, c/n). Its states are those of M/M/c whatever the
// service law (insensitivity: Kelly, Reversibility and Stochastic Networks,
// 1979, section 3.3). Nobody waits; Wq is the mean delay W - E[S] that
// sharing costs, Lq the matching number.
type PS struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s, positive: 1 / mean service time
	Servers     int     // 1 to MaxServers
}

// Validate reports every field out of its range.
func (m PS) Validate() error { return m.markov().Validate() }

func (m PS) markov() MMc { return MMc(m) }

// Measures with PWait 0, or 1 when saturated.
func (m PS) Measures() (Measures, error) {
	out, err := m.markov().Measures()
	if out.Status == Stable {
		out.PWait = 0
	}
	return out, err
}

// Slowdown is W(x)/x, the mean sojourn of a request over its own service
// time, the same for requests of every size: 1/(1-rho) for one server
// (Kleinrock 1976, eq. 4.17). It errs for several servers, where it does
// depend on the size.
func (m PS) Slowdown() (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("PS.Servers", m.Servers, 1, 1)); err != nil {
		return 0, err
	}
	out, err := m.Measures()
	return out.W * m.ServiceRate, err
}

// Offered is the arrival rate, 1/s.
func (m PS) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m PS) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m PS) AtServers(c int) Staffed { m.Servers = c; return m }

// States are those of M/M/c.
func (m PS) States(upto int) ([]float64, error) { return m.markov().States(upto) }
