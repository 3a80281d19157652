package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing"
	"singlelane/queueing/markov"
)

// FiniteRetrial is [Retrial] with an orbit of bounded size, in which clients may
// also wait whose request is not answered in time, and from which they may give
// up. A request that timed out stays in the lane and takes its service in vain,
// beside the retry of its client: with long lanes an overload can so keep itself
// going (N. Bronson et al., HotOS 2021; P. Alvaro et al., Formal Analysis of
// Metastable Failures in Software Systems, arXiv:2510.03551, 2025). Whether an
// attempt is late is decided as it joins, by what it finds: see [markov.Orbit].
//
// L counts the lane, stale requests included, and the orbit; W is L over the
// arrival rate: the time that all attempts of a request spend in the lane and
// its pauses in the orbit take together, of all requests. Lq and Wq leave out
// the services. PBlock is the share of fresh requests that finds the lane full,
// PWait the share that does not start at once, Throughput the services that end.
type FiniteRetrial struct {
	ArrivalRate float64 // 1/s of fresh requests, at least 0
	ServiceRate float64 // 1/s of one server, positive
	Servers     int     // 1 to MaxRetrial
	Limit       int     // K, Servers to MaxRetrial
	OrbitLimit  int     // clients that the orbit has room for, 0 to MaxRetrial; who finds it full gives up
	RetryDelay  float64 // s, mean time in the orbit, positive
	Retries     float64 // mean number of retries of who is never answered, at least 0; +Inf: nobody gives up
	Timeout     float64 // s, positive; +Inf: every request is waited for
	LoseRefused bool    // refused requests are lost; else they go to the orbit
}

// MaxOrbitChain bounds the numbers that the chain of a finite orbit takes, and
// MaxTimedOut the services that the lane does within a time-out.
const (
	MaxOrbitChain = 20_000_000
	MaxTimedOut   = 10_000_000
)

// Validate reports every field out of its range.
func (m FiniteRetrial) Validate() error {
	own := m.unbounded().Validate()
	err := errors.Join(renamed(own), countBetween("FiniteRetrial.OrbitLimit", m.OrbitLimit, 0, MaxRetrial))
	if !(m.Retries >= 0) {
		err = errors.Join(err, &queueing.FieldError{Field: "FiniteRetrial.Retries", Got: m.Retries, Want: "a number of at least 0"})
	}
	if !(m.Timeout > 0) {
		err = errors.Join(err, &queueing.FieldError{Field: "FiniteRetrial.Timeout", Got: m.Timeout, Want: "a positive number"})
	}
	if err != nil {
		return err
	}
	return errors.Join(m.solvable(), m.within())
}

// solvable refuses chains that take too long.
func (m FiniteRetrial) solvable() error {
	least := float64(min(m.Limit, m.OrbitLimit))
	if size := float64(m.Limit+1) * float64(m.OrbitLimit+1) * (2*least + 5); size > MaxOrbitChain {
		return &queueing.FieldError{Field: "FiniteRetrial.OrbitLimit", Got: m.OrbitLimit,
			Want: fmt.Sprintf("less: the chain of a lane of %d with it takes %.2g numbers, at most %.2g are held", m.Limit, size, float64(MaxOrbitChain))}
	}
	return nil
}

func (m FiniteRetrial) within() error {
	most := MaxTimedOut / (float64(m.Servers) * m.ServiceRate)
	if !math.IsInf(m.Timeout, 1) && m.Timeout > most {
		return &queueing.FieldError{Field: "FiniteRetrial.Timeout", Got: m.Timeout,
			Want: fmt.Sprintf("at most %.6g s, in which the lane does %.0g services; without a time-out every request is waited for", most, float64(MaxTimedOut))}
	}
	return nil
}

// unbounded is the model without a bound of the orbit, which has the fields in
// common.
func (m FiniteRetrial) unbounded() Retrial {
	return Retrial{m.ArrivalRate, m.ServiceRate, m.Servers, m.Limit, m.RetryDelay}
}

// renamed are the field errors of Retrial as those of FiniteRetrial.
func renamed(err error) error {
	if err == nil {
		return nil
	}
	var all []error
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var field *queueing.FieldError
		if errors.As(e, &field) {
			f := *field
			f.Field = "Finite" + f.Field
			e = &f
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

// chain of lane and orbit. A client leaves the orbit at the rate 1/RetryDelay,
// to retry with the chance Retries/(Retries+1).
func (m FiniteRetrial) chain() markov.Orbit {
	leave := 1 / m.RetryDelay
	c := markov.Orbit{Arrivals: m.ArrivalRate, ServiceRate: m.ServiceRate, Servers: m.Servers, Limit: m.Limit, Size: m.OrbitLimit,
		GiveUpRate: leave / (m.Retries + 1), Refused: 1}
	c.RetryRate = leave - c.GiveUpRate
	if !math.IsInf(m.Retries, 1) {
		c.RetryRate = leave * m.Retries / (m.Retries + 1)
	}
	if m.LoseRefused {
		c.Refused = 0
	}
	if !math.IsInf(m.Timeout, 1) {
		c.TimedOut, c.Timeout = 1, m.Timeout
	}
	return c
}

// finiteOrbits holds the last chain solved.
var finiteOrbits recent[FiniteRetrial, markov.OrbitLaw]

func (m FiniteRetrial) law() (markov.OrbitLaw, error) {
	if err := m.Validate(); err != nil {
		return markov.OrbitLaw{}, err
	}
	return finiteOrbits.ask(m, func(m FiniteRetrial) (markov.OrbitLaw, error) { return m.chain().Stationary() })
}

// Measures from the chain of lane and orbit, which is never saturated.
func (m FiniteRetrial) Measures() (Measures, error) {
	law, err := m.law()
	if err != nil {
		return Measures{}, err
	}
	out := Measures{
		Sustainable: math.Inf(1), Rho: m.ArrivalRate / (float64(m.Servers) * m.ServiceRate), Busy: law.Busy, P0: law.Empty,
		PBlock: law.Full, L: law.MeanLane + law.MeanOrbit, Lq: law.MeanQueue + law.MeanOrbit, W: 1 / m.ServiceRate, Throughput: law.Throughput,
	}
	for _, p := range law.Lane[m.Servers:] {
		out.PWait += p
	}
	if m.ArrivalRate > 0 {
		out.W, out.Wq = out.L/m.ArrivalRate, out.Lq/m.ArrivalRate
	}
	return out, nil
}

// States of the lane alone, whatever the orbit holds.
func (m FiniteRetrial) States(upto int) ([]float64, error) {
	if err := countBetween("upto", upto, 0, MaxLimit); err != nil {
		return nil, errors.Join(m.Validate(), err)
	}
	law, err := m.law()
	p := make([]float64, upto+1)
	copy(p, law.Lane)
	return p, err
}

// A Passage is the time from one state to another: its mean and standard
// deviation in s, +Inf where they are beyond a float64 or there is no way.
type Passage struct{ Mean, StdDev float64 }

// Overload is how a lane with an orbit gets into overload and out of it.
type Overload struct {
	InOrbit    float64 // mean number in the orbit
	Goodput    float64 // 1/s, attempts answered within Timeout
	Unanswered float64 // share of fresh requests none of whose attempts is

	TippingRate    float64 // 1/s: see [markov.Orbit.TippingLoad]
	Tips           bool    // the lane can keep itself overloaded
	TippingBacklog int     // requests in the lane from which it does; see [markov.Orbit.TippingBacklog]
	Beyond         float64 // chance of TippingBacklog or more in the lane, in the long run

	Escape Passage // from lane and orbit full until the lane is empty
	Drain  Passage // from lane and orbit full until both are empty
	Fill   Passage // from both empty until the lane is full
}

// Overload of the model.
func (m FiniteRetrial) Overload() (Overload, error) {
	law, err := m.law()
	if err != nil {
		return Overload{}, err
	}
	c := m.chain()
	out := Overload{InOrbit: law.MeanOrbit, Goodput: law.Answered, TippingRate: c.TippingLoad()}
	if m.ArrivalRate > 0 {
		out.Unanswered = math.Min(1, law.Unanswered/m.ArrivalRate) // but for rounding
	}
	if out.TippingBacklog, out.Tips = c.TippingBacklog(); out.Tips {
		for _, p := range law.Lane[out.TippingBacklog:] {
			out.Beyond = math.Min(1, out.Beyond+p)
		}
	}
	var errs [3]error
	full := [2]int{m.Limit, m.OrbitLimit}
	out.Escape, errs[0] = passage(c, full, func(c markov.Orbit) (markov.Absorption, error) { return c.Escape(0) })
	out.Drain, errs[1] = passage(c, full, func(c markov.Orbit) (markov.Absorption, error) { return c.Drain(0) })
	out.Fill, errs[2] = passage(c, [2]int{}, func(c markov.Orbit) (markov.Absorption, error) { return c.Fill(c.Limit) })
	return out, errors.Join(errs[:]...)
}

// passage from a state of the chain. Where the square of the time is beyond a
// float64, and the time itself is not, it is asked for again in a unit between
// them, in which rates keep within range too; a way whose chance is below any number is none.
func passage(c markov.Orbit, from [2]int, solve func(markov.Orbit) (markov.Absorption, error)) (Passage, error) {
	a, err := solve(c)
	if errors.Is(err, markov.ErrReducible) {
		return Passage{math.Inf(1), math.Inf(1)}, nil
	}
	if err != nil {
		return Passage{}, err
	}
	mean, sd := a.At(c.Index(from[0], from[1]))
	if !math.IsInf(sd, 1) || math.IsInf(mean, 1) {
		return Passage{mean, sd}, nil
	}
	unit := math.Pow(mean, 0.75)
	slow, err := solve(inUnits(c, unit))
	if err != nil {
		return Passage{}, err
	}
	_, sd = slow.At(c.Index(from[0], from[1]))
	return Passage{mean, unit * sd}, nil
}

// inUnits is the chain with a unit of time of so many seconds.
func inUnits(c markov.Orbit, seconds float64) markov.Orbit {
	c.Arrivals *= seconds
	c.ServiceRate *= seconds
	c.RetryRate *= seconds
	c.GiveUpRate *= seconds
	c.Timeout /= seconds
	return c
}
