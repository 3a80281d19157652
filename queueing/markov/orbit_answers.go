package markov

import (
	"fmt"
	"math"
)

// OrbitLaw is the chain of an [Orbit] in the long run.
type OrbitLaw struct {
	Lane       []float64 // law of the number in the lane
	Waiting    []float64 // law of the number in the orbit
	MeanLane   float64
	MeanQueue  float64 // in the lane, not in service
	MeanOrbit  float64
	Busy       float64 // mean number of busy servers
	Full       float64 // chance that the lane is full; a fresh arrival is refused with it
	Empty      float64 // chance that lane and orbit are both empty
	OrbitFull  float64 // chance that the orbit is full
	Throughput float64 // services ended, 1/s
	Attempts   float64 // fresh arrivals and retries, 1/s
	Lost       float64 // fresh arrivals and retries that leave unserved, 1/s
	Slope      OrbitSlope
}

// Stationary law of the chain. In an orbit that is cut at Size, OrbitFull says
// how much the cut matters; [Retrial] chooses Size so that it does not.
func (c Orbit) Stationary() (OrbitLaw, error) {
	g, err := c.Generator()
	if err != nil {
		return OrbitLaw{}, err
	}
	e, err := g.eliminated()
	if err != nil {
		return OrbitLaw{}, err
	}
	p := e.backward(e.out)
	law := c.summary(p)
	law.Slope = c.slope(e, p)
	return law, nil
}

func (c Orbit) summary(p []float64) OrbitLaw {
	l := OrbitLaw{Lane: make([]float64, c.Limit+1), Waiting: make([]float64, c.Size+1)}
	for q := range l.Lane {
		for o := range l.Waiting {
			w := p[c.Index(q, o)]
			l.Lane[q] += w
			l.Waiting[o] += w
			l.MeanLane += w * float64(q)
			l.MeanOrbit += w * float64(o)
			l.Busy += w * float64(min(q, c.Servers))
			l.MeanQueue += w * float64(max(0, q-c.Servers))
			if q == c.Limit {
				l.Lost += w * (c.Arrivals + c.RetryRate*float64(o)) * (1 - c.Refused)
				if o == c.Size {
					l.Lost += w * c.Arrivals * c.Refused
				}
			}
		}
	}
	l.Empty = p[c.Index(0, 0)]
	l.Full, l.OrbitFull = l.Lane[c.Limit], l.Waiting[c.Size]
	l.Throughput = l.Busy * c.ServiceRate
	l.Attempts = c.Arrivals + c.RetryRate*l.MeanOrbit
	return l
}

// Retrial is the M/M/c/K queue whose refused requests all wait in an orbit
// without bound and retry at the given rate each: its stationary law, with the
// orbit cut where less than tolerance (0: 1e-12) of the mass is at the cut. It
// is saturated, with a [FieldError], unless arrivals stay below servers times
// serviceRate.
func Retrial(arrivals, serviceRate float64, servers, limit int, retryRate, tolerance float64) (Orbit, OrbitLaw, error) {
	c := Orbit{Arrivals: arrivals, ServiceRate: serviceRate, Servers: servers, Limit: limit, RetryRate: retryRate, Refused: 1}
	if err := c.Validate(); err != nil {
		return c, OrbitLaw{}, err
	}
	if err := positive("Orbit.RetryRate", retryRate); err != nil {
		return c, OrbitLaw{}, err
	}
	capacity := float64(servers) * serviceRate
	if arrivals >= capacity {
		return c, OrbitLaw{}, &FieldError{"Orbit.Arrivals", arrivals, fmt.Sprintf("less than the capacity of %g/s", capacity)}
	}
	if tolerance <= 0 {
		tolerance = 1e-12
	}
	for c.Size = 64; ; c.Size *= 2 {
		law, err := c.Stationary()
		if err != nil {
			return c, law, err
		}
		if law.OrbitFull <= tolerance*(1-arrivals/capacity) {
			return c, law, nil
		}
	}
}

// Drain is the time until the lane holds at most level requests and the orbit
// is empty, by starting state: see [Orbit.Index].
func (c Orbit) Drain(level int) (Absorption, error) {
	return c.passage(func(q, o int) bool { return q <= level && o == 0 })
}

// Escape is the time until the lane holds at most level requests, whatever
// the orbit holds: how long an overloaded lane keeps itself overloaded.
func (c Orbit) Escape(level int) (Absorption, error) {
	return c.passage(func(q, _ int) bool { return q <= level })
}

func (c Orbit) passage(done func(q, o int) bool) (Absorption, error) {
	g, err := c.Generator()
	if err != nil {
		return Absorption{}, err
	}
	for q := 0; q <= c.Limit; q++ {
		for o := 0; o <= c.Size; o++ {
			if done(q, o) {
				g.Absorb(c.Index(q, o))
			}
		}
	}
	return g.Absorption()
}

// Amplification is the mean number of attempts that a request makes while
// every attempt times out, +Inf if clients never give up.
func (c Orbit) Amplification() float64 {
	if c.TimedOut == 0 || c.RetryRate == 0 {
		return 1
	}
	return 1 / (1 - c.TimedOut*c.RetryRate/(c.RetryRate+c.GiveUpRate))
}

// TippingLoad is the rate of fresh arrivals, in 1/s, below which the lane
// always finds its way back and above which it can keep itself overloaded:
// the capacity divided by the amplification.
func (c Orbit) TippingLoad() float64 {
	return float64(c.Servers) * c.ServiceRate / c.Amplification()
}

// offered is the mean-field rate of attempts while q stay in the lane: the
// orbit is then at its fixed point o = Arrivals r / (RetryRate (1-r) +
// GiveUpRate), r the chance that an attempt comes back to the orbit.
func (c Orbit) offered(late float64) float64 {
	again := c.TimedOut * late
	if c.RetryRate == 0 {
		return c.Arrivals
	}
	leave := c.RetryRate + c.GiveUpRate
	return c.Arrivals * leave / (c.GiveUpRate + c.RetryRate*(1-again))
}

// TippingBacklog is the least number in the lane from which, in the mean
// field, attempts come faster than they are served: beyond it the overload
// feeds itself. ok is false where there is no such number up to Limit, that
// is, where the mean field has one fixed point and not three.
func (c Orbit) TippingBacklog() (q int, ok bool) {
	capacity := float64(c.Servers) * c.ServiceRate
	if c.Arrivals >= capacity || c.Validate() != nil {
		return 0, false
	}
	late := c.late()
	for q := c.Servers; q < c.Limit; q++ {
		if c.offered(late[q]) > capacity {
			return q, true
		}
	}
	return 0, false
}

// At is the mean and the standard deviation of the time from state i, in s.
func (a Absorption) At(i int) (mean, stdDev float64) {
	return a.Mean[i], math.Sqrt(a.Variance[i])
}
