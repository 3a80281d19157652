package markov

import (
	"fmt"
	"math"
	"sort"
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
	Answered   float64 // attempts answered within Timeout, 1/s
	Unanswered float64 // fresh requests none of whose attempts will be, 1/s
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
	answers := c.lateness()
	for q := range l.Lane {
		for o := range l.Waiting {
			w := p[c.Index(q, o)]
			l.Lane[q] += w
			l.Waiting[o] += w
			l.MeanLane += w * float64(q)
			l.MeanOrbit += w * float64(o)
			l.Busy += w * float64(min(q, c.Servers))
			l.MeanQueue += w * float64(max(0, q-c.Servers))
			if q < c.Limit {
				l.join(c, w, o, answers[q])
			}
			if q == c.Limit {
				l.Lost += w * (c.Arrivals + c.RetryRate*float64(o)) * (1 - c.Refused)
				if o == c.Size {
					l.Lost += w * c.Arrivals * c.Refused
				}
			}
		}
	}
	l.Unanswered += l.Lost + c.GiveUpRate*l.MeanOrbit
	l.Empty = p[c.Index(0, 0)]
	l.Full, l.OrbitFull = l.Lane[c.Limit], l.Waiting[c.Size]
	l.Throughput = l.Busy * c.ServiceRate
	l.Attempts = c.Arrivals + c.RetryRate*l.MeanOrbit
	return l
}

// join counts the attempts that find room in a state of probability w, fresh
// ones and the retries of o clients. Who is late and is not taken into the
// orbit, or as a fresh one finds it full, is never answered.
func (l *OrbitLaw) join(c Orbit, w float64, o int, a lateness) {
	retries := c.RetryRate * float64(o)
	l.Answered += w * (c.Arrivals + retries) * a.inTime
	stray := c.Arrivals * (1 - c.TimedOut)
	if o == c.Size {
		stray = c.Arrivals
	}
	l.Unanswered += w * (stray + retries*(1-c.TimedOut)) * a.late
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

// Fill is the time until the lane holds at least level requests, whatever the
// orbit holds: how long a calm lane stays out of overload.
func (c Orbit) Fill(level int) (Absorption, error) {
	return c.passage(func(q, _ int) bool { return q >= level })
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
// every attempt times out and the orbit has room, +Inf if clients never give up.
func (c Orbit) Amplification() float64 {
	if c.TimedOut == 0 || c.RetryRate == 0 {
		return 1
	}
	return 1 / (1 - c.TimedOut*c.RetryRate/(c.RetryRate+c.GiveUpRate))
}

// offered is the rate of attempts while each of them is late with the given
// chances. The orbit then grows by one at the rate Arrivals r and shrinks at the
// rate o (RetryRate (1-r) + GiveUpRate), r being the chance that an attempt
// brings its client to the orbit, up to Size: Erlang's loss system, whose mean
// is a (1 - B(Size, a)). If all are late and the orbit has no bound, that makes
// Arrivals times [Orbit.Amplification]. Less the capacity it is the drift of a
// long lane (M. F. Neuts, Matrix-Geometric Solutions, 1981, section 1.7).
func (c Orbit) offered(l lateness) float64 {
	again, done := l.again(c)
	if again == 0 || c.Arrivals == 0 || c.RetryRate == 0 {
		return c.Arrivals
	}
	return c.Arrivals + c.RetryRate*erlangMean(c.Size, c.Arrivals*again/(c.RetryRate*done+c.GiveUpRate))
}

// erlangMean is the mean number in service of Erlang's loss system, by the
// recursion for its loss; load +Inf is allowed.
func erlangMean(servers int, load float64) float64 {
	busy, loss := 0.0, 1.0
	for n := 1; n <= servers; n++ {
		if math.IsInf(load*loss, 1) {
			busy, loss = float64(n), 1
			continue
		}
		busy = load * (float64(n) / (float64(n) + load*loss))
		loss = load * loss / (float64(n) + load*loss)
	}
	return busy
}

// TippingLoad is the rate of fresh arrivals, in 1/s, up to which the lane always
// finds its way back, and above which it can keep itself overloaded: where, in
// the mean field, a lane with one free place is offered as many attempts as it
// serves. Below it the escape from a full lane takes a time that grows like the
// lane's length, above it exponentially. In an orbit that has room for all it is
// the capacity divided by the amplification; it is higher where the orbit fills
// up or a full lane still answers in time, and 0, to 1e-15 of the capacity, where
// clients never give up and a full orbit retries faster than the lane serves.
func (c Orbit) TippingLoad() float64 {
	capacity := float64(c.Servers) * c.ServiceRate
	nearlyFull := c.lateness()[c.Limit-1]
	lo, hi := 0.0, capacity
	for hi > 1e-15*capacity {
		c.Arrivals = lo + (hi-lo)/2
		if c.Arrivals <= lo || c.Arrivals >= hi {
			return hi
		}
		if c.offered(nearlyFull) > capacity {
			hi = c.Arrivals
		} else {
			lo = c.Arrivals
		}
	}
	return 0
}

// TippingBacklog is the least number in the lane from which, in the mean
// field, attempts come faster than they are served: beyond it the overload
// feeds itself. ok is false where there is no such number below Limit, that
// is, where the mean field has one fixed point and not three.
func (c Orbit) TippingBacklog() (q int, ok bool) {
	capacity := float64(c.Servers) * c.ServiceRate
	if c.Validate() != nil || c.Arrivals >= capacity {
		return 0, false
	}
	answers := c.lateness()
	q = c.Servers + sort.Search(c.Limit-c.Servers, func(i int) bool { return c.offered(answers[c.Servers+i]) > capacity })
	if q == c.Limit {
		return 0, false
	}
	return q, true
}

// At is the mean and the standard deviation of the time from state i, in s.
func (a Absorption) At(i int) (mean, stdDev float64) {
	return a.Mean[i], math.Sqrt(a.Variance[i])
}
