package queueing

import (
	"errors"
	"math"
)

// Cumulants of a drain time: s, s^2 and s^3. The third is the skewness times
// Variance^1.5.
type Cumulants struct {
	Mean, Variance, Third float64
}

// DrainCumulants are the exact cumulants of the drain time of a lane with
// constant rates and one server of any service law, or several exponential
// ones until somebody idles: those of a busy period that the k0 requests above
// the target start; or of up to a thousand exponential ones until all idle,
// whose cumulants are sums over the steps down. Of a busy period, with S the service, lam the arrival rate and rho = lam E S,
//
//	mean      k0 E S / (1-rho)
//	variance  k0 [E S^2 / (1-rho)^3 - (E S)^2 / (1-rho)^2]
//	third     k0 [E S^3 / (1-rho)^4 + 3 lam (E S^2)^2 / (1-rho)^5
//	              - 3 E S^2 E S / (1-rho)^4 + 2 (E S)^3 / (1-rho)^3]
//
// (L. Kleinrock, Queueing Systems I, Wiley 1975, eq. 5.141 ff. gives the
// moments for k0 = 1; the cumulants of independent busy periods add up.) A
// lane at its target has zeros. [ErrNever] and [*UnsupportedError] are as for
// [ClosedFormDrain].
func DrainCumulants(l *Lane) (Cumulants, error) {
	if p, err := l.idling(); err == nil {
		return p.cumulants(), nil
	}
	c, err := constantRates(l, ClosedForm)
	if err != nil || c.k0 <= 0 {
		return Cumulants{}, err
	}
	return c.cumulants(), nil
}

func (c constantLane) cumulants() Cumulants {
	m, v := c.service.Mean(), c.service.SCV()
	m2, m3 := m*m*(1+v), thirdMoment(c.service)
	k, idle := float64(c.k0), 1-c.load()
	return Cumulants{
		Mean:     k * m / idle,
		Variance: k * m * m * (v + c.load()) / (idle * idle * idle),
		Third: k * (m3/math.Pow(idle, 4) + 3*c.rate*m2*m2/math.Pow(idle, 5) -
			3*m2*m/math.Pow(idle, 4) + 2*m*m*m/math.Pow(idle, 3)),
	}
}

// thirdMoment is E S^3.
func thirdMoment(s Service) float64 {
	switch s := s.(type) {
	case Exponential:
		return 6 * math.Pow(s.MeanTime, 3)
	case Gamma:
		return math.Pow(s.MeanTime, 3) * (1 + 1/s.Shape) * (1 + 2/s.Shape)
	case Deterministic:
		return math.Pow(s.Time, 3)
	case Hyperexponential:
		return 6 * (s.P1*math.Pow(s.Mean1, 3) + (1-s.P1)*math.Pow(s.Mean2, 3))
	case Lognormal:
		return math.Pow(s.MeanTime*(1+s.Variability), 3)
	}
	sum := 0.0
	each(s, func(x, w float64) { sum += w * x * x * x })
	return sum
}

// ClosedFormDrain is the drain of a lane with constant rates from its ballot
// density, which is closed up to one sum: exponential service (Kendall's
// Bessel function), gamma and Erlang service (Takács), deterministic service
// (the lattice law of Borel and Tanner), of one server; several servers with
// exponential service until somebody idles. Other lanes get an
// [*UnsupportedError], those that cannot drain [ErrNever].
//
// The accuracy is that of o, the mass found is its estimate. The tails keep
// relative accuracy down to about 1e-14.
func ClosedFormDrain(l *Lane, o SolveOptions) (Drain, error) {
	c, err := constantRates(l, ClosedForm)
	if err != nil {
		return Drain{}, err
	}
	if c.k0 <= 0 {
		return atOnce(ClosedForm, whyAtOnce), nil
	}
	d := Drain{Method: ClosedForm, Quality: Exact}
	lo, hi := c.bounds(outside)
	switch s := c.service.(type) {
	case Exponential:
		d.Reason = "constant rates, exponential service: Kendall's density"
		d.Distribution, d.AbsError = c.ballot(c.kendall(), nil, lo, hi, o.tolerance())
	case Gamma:
		d.Reason = "constant rates, gamma service: Takács's ballot density"
		d.Distribution, d.AbsError = c.ballot(c.takacs(s, o.tolerance()), nil, lo, hi, o.tolerance())
	case Deterministic:
		d.Reason = "constant rates, deterministic service: the Borel-Tanner law"
		d.Distribution, d.AbsError = c.borelTanner(s.Time, o.tolerance())
	default:
		return Drain{}, &UnsupportedError{ClosedForm, "no closed density for this service law"}
	}
	if math.IsNaN(d.AbsError) {
		return Drain{}, &UnsupportedError{ClosedForm, "its service times are so equal that nothing is left of its density between them"}
	}
	return d, nil
}

// byClosedForm is the ballot density of service laws that have a closed one. Of
// others the moments are closed, and an inverse-Gaussian law of the same mean and
// variance stands for the rest.
func (p problem) byClosedForm() (Drain, error) {
	switch p.cfg.Service.(type) {
	case Exponential, Gamma, Deterministic:
		return ClosedFormDrain(p.Lane, p.SolveOptions)
	}
	d, err := InverseGaussianDrain(p.Lane)
	if err == nil && d.Quality == Approximate {
		d.Reason = "constant rates: mean and standard deviation are exact, and the law is an inverse-Gaussian one of the same, its limit for large backlogs"
	}
	return d, err
}

// InverseGaussianDrain is the limit law of the drain of a lane with constant
// rates as the backlog grows: that of a Brownian motion with drift, with the
// exact mean and variance. Its error falls like k0^-1/2; AbsError is what the
// third cumulant, which it does not match, makes of it in the first term of
// Edgeworth's expansion, plus as much again for the further terms. With few
// arrivals the third cumulants of services and of what arrives may cancel
// though the law, a mixture of what drains without any arrival and of the rest,
// is no closer for it: what the smaller part of the mixture, or the second of
// those cumulants, makes of it is added. The lane must be as for
// [DrainCumulants].
func InverseGaussianDrain(l *Lane) (Drain, error) {
	c, err := constantRates(l, ClosedForm)
	if err != nil {
		return Drain{}, err
	}
	if c.k0 <= 0 {
		return atOnce(ClosedForm, whyAtOnce), nil
	}
	k := c.cumulants()
	law, err := NewInverseGaussian(k.Mean, math.Sqrt(k.Variance))
	if errors.Is(err, errNoSpread) { // no arrivals, deterministic service
		return Drain{}, &UnsupportedError{ClosedForm, "the drain time does not vary"}
	} else if err != nil {
		return Drain{}, err
	}
	// density of the Edgeworth term: at most 1/(6 sqrt(2 pi)) of the skewness
	edgeworth := 2 / (6 * math.Sqrt(2*math.Pi) * math.Pow(k.Variance, 1.5))
	missed := math.Abs(k.Third - 3*k.Variance*k.Variance/k.Mean)
	cv2 := k.Variance / (k.Mean * k.Mean)
	none := c
	none.rate = 0
	arrive := -math.Expm1(-c.rate * none.cumulants().Mean)
	few := math.Min(arrive*(1-arrive), edgeworth*math.Abs(k.Third-none.cumulants().Third))
	return Drain{Distribution: law, Method: ClosedForm, Quality: Approximate,
		Reason:   "inverse-Gaussian limit for large backlogs",
		AbsError: math.Min(1, edgeworth*missed+cv2+few)}, nil
}
