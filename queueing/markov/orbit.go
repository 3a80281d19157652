package markov

import (
	"errors"
	"math"
)

// Orbit is a lane with room for Limit requests and an orbit of clients that
// try again, each after an exponential delay. Clients come to the orbit when
// they are refused, when their attempt is not answered within Timeout, or
// both. A timed-out request leaves a stale copy in the lane that still takes
// its service. The state is (q, o): q in the lane, o in the orbit.
//
// Whether an attempt will time out is decided as it joins, with the chance
// that its sojourn, given the q it finds, exceeds Timeout; so its client
// enters the orbit at once and not a Timeout later. That is the model of
// G. Falin and J. Templeton (Retrial Queues, Chapman & Hall 1997) for refused
// requests, and for timed-out ones the mean-field model of retry storms.
type Orbit struct {
	Arrivals    float64 // fresh requests, 1/s
	ServiceRate float64 // of one server, 1/s, positive
	Servers     int     // at least 1
	Limit       int     // in the lane, waiting or in service, at least Servers
	Size        int     // of the orbit; who finds it full is lost
	RetryRate   float64 // of each client in the orbit, 1/s
	GiveUpRate  float64 // of each client in the orbit, 1/s; 0: nobody
	Refused     float64 // chance that a refused request goes to the orbit, 0 to 1
	TimedOut    float64 // chance that a timed-out request goes to the orbit, 0 to 1
	Timeout     float64 // s of sojourn; used with TimedOut > 0
}

// Persistence is the chance to try again of a client who makes at most the
// given number of attempts in the mean: each attempt is the last one with
// chance 1/attempts.
func Persistence(attempts float64) float64 { return 1 - 1/attempts }

// Validate reports every field out of range.
func (c Orbit) Validate() error {
	chance := func(name string, p float64) error {
		if p >= 0 && p <= 1 {
			return nil
		}
		return &FieldError{name, p, "a number from 0 to 1"}
	}
	return errors.Join(nonNegative("Orbit.Arrivals", c.Arrivals), positive("Orbit.ServiceRate", c.ServiceRate),
		between("Orbit.Servers", c.Servers, 1, MaxStates), between("Orbit.Limit", c.Limit, c.Servers, MaxStates),
		between("Orbit.Size", c.Size, 0, MaxStates), nonNegative("Orbit.RetryRate", c.RetryRate),
		nonNegative("Orbit.GiveUpRate", c.GiveUpRate), chance("Orbit.Refused", c.Refused),
		chance("Orbit.TimedOut", c.TimedOut), nonNegative("Orbit.Timeout", c.Timeout))
}

// lateness is the chance that the sojourn of an attempt exceeds Timeout, and
// that it does not, neither found from the other.
type lateness struct{ late, inTime float64 }

// again is the chance that the attempt brings its client to the orbit, and done
// that it does not.
func (l lateness) again(c Orbit) (again, done float64) {
	return c.TimedOut * l.late, (1-c.TimedOut)*l.late + l.inTime
}

// lateness for each number found in the lane from 0 to Limit-1: the sojourn is
// k = max(0, q-Servers+1) services of the busy lane, then one of a single
// server. With x = Servers ServiceRate Timeout, s = 1 - 1/Servers and N Poisson
// with mean x it exceeds Timeout with the chance
//
//	P(N < k) + r(k),  r(k) = sum over j >= k of P(N = j) s^(j-k),
//
// and does not with v(k) = P(N >= k) - r(k) = s v(k+1) + (1-s) P(N > k), in
// which nothing is subtracted.
func (c Orbit) lateness() []lateness {
	p := make([]lateness, c.Limit)
	if c.TimedOut == 0 {
		for q := range p {
			p[q].inTime = 1
		}
		return p
	}
	most := c.Limit - c.Servers // greatest k
	x := float64(c.Servers) * c.ServiceRate * c.Timeout
	one := 1 / float64(c.Servers)
	w := poissonWeights(x, 1e-300)
	top := max(most, w.right) + 1
	rest, soon, more := make([]float64, top+1), make([]float64, top+1), 0.0 // r, v and P(N > j)
	for j := top - 1; j >= 0; j-- {
		rest[j] = w.at(j) + (1-one)*rest[j+1]
		soon[j] = (1-one)*soon[j+1] + one*more
		more += w.at(j)
	}
	below := 0.0 // P(N < k)
	for q := range p {
		k := max(0, q-c.Servers+1)
		if k > 0 {
			below += w.at(k - 1)
		}
		p[q] = lateness{math.Min(1, below+rest[k]), math.Min(1, soon[k])}
	}
	return p
}

// Index of state (q, o) in the generator: the shorter side varies faster.
func (c Orbit) Index(q, o int) int {
	if c.Size <= c.Limit {
		return q*(c.Size+1) + o
	}
	return o*(c.Limit+1) + q
}

// State is the pair (q, o) with the given number: see [Orbit.Index].
func (c Orbit) State(i int) (q, o int) {
	if c.Size <= c.Limit {
		return i / (c.Size + 1), i % (c.Size + 1)
	}
	return i % (c.Limit + 1), i / (c.Limit + 1)
}

// Generator of the chain over all (Limit+1)(Size+1) states.
func (c Orbit) Generator() (*Banded, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	n := (c.Limit + 1) * (c.Size + 1)
	g, err := NewBanded(n, min(min(c.Limit, c.Size)+2, n-1))
	if err != nil {
		return nil, err
	}
	var errs []error
	c.jumps(func(from, to int, fresh, fixed float64) {
		errs = append(errs, g.Add(from, to, fresh*c.Arrivals+fixed))
	})
	return g, errors.Join(errs...)
}

// jumps lists every jump of the chain: its rate is fresh times the rate of
// fresh arrivals plus fixed.
func (c Orbit) jumps(add func(from, to int, fresh, fixed float64)) {
	answers := c.lateness()
	for q := 0; q <= c.Limit; q++ {
		for o := 0; o <= c.Size; o++ {
			from := c.Index(q, o)
			retry := c.RetryRate * float64(o)
			if q < c.Limit {
				again, done := answers[q].again(c)
				kept := min(o+1, c.Size)
				if kept > o {
					add(from, c.Index(q+1, kept), again, 0)
					add(from, c.Index(q+1, o), done, retry*again)
				} else {
					add(from, c.Index(q+1, o), 1, retry*again)
				}
				if o > 0 {
					add(from, c.Index(q+1, o-1), 0, retry*done)
				}
			} else {
				if o < c.Size {
					add(from, c.Index(q, o+1), c.Refused, 0)
				}
				if o > 0 {
					add(from, c.Index(q, o-1), 0, retry*(1-c.Refused))
				}
			}
			if o > 0 {
				add(from, c.Index(q, o-1), 0, c.GiveUpRate*float64(o))
			}
			if q > 0 {
				add(from, c.Index(q-1, o), 0, c.ServiceRate*float64(min(q, c.Servers)))
			}
		}
	}
}
