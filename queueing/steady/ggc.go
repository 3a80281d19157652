package steady

import (
	"errors"
	"math"

	"singlelane/queueing"
)

// Approximation names a formula for the mean wait of G/G/c.
type Approximation string

const (
	// Whitt is the refinement of Allen-Cunneen by W. Whitt, Approximations
	// for the GI/G/m queue, Production and Operations Management 2 (1993),
	// eq. 2.24: exact for M/M/c, but not for M/G/1. The default of several
	// servers.
	Whitt Approximation = "whitt"
	// AllenCunneen scales M/M/c by (ca^2 + cs^2)/2 (A. O. Allen, Probability,
	// Statistics, and Queueing Theory, 1990, section 5.3).
	AllenCunneen Approximation = "allen-cunneen"
	// KLB multiplies Allen-Cunneen by the correction of W. Kraemer and
	// M. Langenbach-Belz (8th International Teletraffic Congress, 1976): exact
	// for M/G/1. The default of one server.
	KLB Approximation = "klb"
	// Kingman is an upper bound of the mean wait: for one server Kingman
	// 1962 (Kleinrock 1976, eq. 2.22), for several Kingman 1970.
	Kingman Approximation = "kingman"
)

// Approximations lists the names that GGc takes.
func Approximations() []Approximation {
	return []Approximation{Whitt, AllenCunneen, KLB, Kingman}
}

// GGc is the queue G/G/c, known by two moments of its interarrival and
// service times. Its waits are approximate, or bounds, by the named formula;
// Rho, Busy and Throughput are exact, and so is P0 with one server. PWait is
// that of M/M/c. P0 is set for one server only.
type GGc struct {
	ArrivalRate float64       // 1/s, at least 0
	ServiceRate float64       // 1/s of one server, positive
	ArrivalSCV  float64       // of the interarrival times, at least 0
	ServiceSCV  float64       // at least 0
	Servers     int           // 1 to MaxServers
	By          Approximation // empty: KLB for one server, Whitt for several
}

// Used is the approximation that By, or the default, names.
func (m GGc) Used() Approximation {
	switch {
	case m.By != "":
		return m.By
	case m.Servers == 1:
		return KLB
	}
	return Whitt
}

// Validate reports every field out of its range.
func (m GGc) Validate() error {
	return errors.Join(nonNegative("GGc.ArrivalRate", m.ArrivalRate), positive("GGc.ServiceRate", m.ServiceRate),
		nonNegative("GGc.ArrivalSCV", m.ArrivalSCV), nonNegative("GGc.ServiceSCV", m.ServiceSCV),
		countBetween("GGc.Servers", m.Servers, 1, MaxServers), m.By.validate())
}

func (by Approximation) validate() error {
	switch by {
	case "", Whitt, AllenCunneen, KLB, Kingman:
		return nil
	}
	return &queueing.FieldError{Field: "GGc.By", Got: string(by), Want: "whitt, allen-cunneen, klb or kingman"}
}

// Measures scale the wait of M/M/c by a factor of the two SCVs. D/D/c below
// saturation never waits.
func (m GGc) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	out, err := MMc{m.ArrivalRate, m.ServiceRate, m.Servers}.Measures()
	if err != nil || out.Status == Saturated {
		return out, err
	}
	if m.Used() == Kingman {
		out.Wq = m.kingman()
	} else {
		out.Wq *= m.factor(out.Rho)
	}
	if m.ArrivalSCV == 0 && m.ServiceSCV == 0 {
		out.PWait = 0
	}
	if m.Servers > 1 {
		out.P0 = 0
	}
	out.W = out.Wq + 1/m.ServiceRate
	out.Lq = m.ArrivalRate * out.Wq
	out.L = out.Lq + out.Busy
	return out, nil
}

// kingman is lambda (va + vs) / (2 (1-rho)) for one server, with the
// variances of the interarrival and service times; for c servers
// lambda (va + vs/c + (c-1) E[S]^2/c^2) / (2 (1-rho)).
func (m GGc) kingman() float64 {
	if m.ArrivalRate == 0 {
		return 0
	}
	c, mean := float64(m.Servers), 1/m.ServiceRate
	service := mean * mean * (m.ServiceSCV/c + (c-1)/(c*c))
	return (m.ArrivalSCV/m.ArrivalRate + m.ArrivalRate*service) / (2 * slack(m.ArrivalRate, m.ServiceRate, c))
}

func (m GGc) factor(rho float64) float64 {
	ca, cs := m.ArrivalSCV, m.ServiceSCV
	mean := (ca + cs) / 2
	if mean == 0 || rho == 0 {
		return mean // nothing waits to be scaled
	}
	switch m.Used() {
	case AllenCunneen:
		return mean
	case KLB:
		if ca <= 1 {
			return mean * math.Exp(-2*(1-rho)*(1-ca)*(1-ca)/(3*rho*(ca+cs)))
		}
		return mean * math.Exp(-(1-rho)*(ca-1)/(ca+4*cs))
	}
	return mean * whitt(rho, ca, cs, float64(m.Servers))
}

// whitt is phi(rho, ca^2, cs^2, m) of Whitt 1993, eqs. 2.16 to 2.24.
func whitt(rho, ca, cs, servers float64) float64 {
	gamma := math.Min(0.24, (1-rho)*(servers-1)*(math.Sqrt(4+5*servers)-2)/(16*servers*rho))
	phi1 := 1 + gamma
	phi3 := (1 - 4*gamma) * math.Exp(-2*(1-rho)/(3*rho))
	phi4 := math.Min(1, (phi1+phi3)/2)
	psi := 1.0
	if mean := (ca + cs) / 2; mean < 1 {
		psi = math.Pow(phi4, 2*(1-mean))
	}
	if ca >= cs {
		return (4*(ca-cs)*phi1 + cs*psi) / (4*ca - 3*cs)
	}
	return ((cs-ca)*phi3 + (cs+3*ca)*psi) / (2 * (ca + cs))
}

// Offered is the arrival rate, 1/s.
func (m GGc) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m GGc) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers is the same queue with c servers.
func (m GGc) AtServers(c int) Staffed { m.Servers = c; return m }

// WaitTail is approximate: the wait is 0, or exponential with the mean
// Wq/PWait, as it is in M/M/c and in heavy traffic (Kingman 1962).
func (m GGc) WaitTail(t float64) (float64, error) {
	x, err := m.Measures()
	if err = errors.Join(err, nonNegative("t", t)); err != nil {
		return 0, err
	}
	switch {
	case x.Status == Saturated:
		return 1, nil
	case x.Wq == 0:
		return 0, nil
	}
	return x.PWait * math.Exp(-t*x.PWait/x.Wq), nil
}

// WaitQuantile is the smallest t in s with P(wait <= t) >= p, 0 <= p < 1;
// +Inf when saturated.
func (m GGc) WaitQuantile(p float64) (float64, error) {
	x, err := m.Measures()
	if err = errors.Join(err, level(p)); err != nil {
		return 0, err
	}
	switch {
	case x.Status == Saturated:
		return math.Inf(1), nil
	case x.Wq == 0:
		return 0, nil
	}
	return math.Max(0, math.Log(x.PWait/(1-p))*x.Wq/x.PWait), nil
}
