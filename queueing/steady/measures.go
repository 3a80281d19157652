package steady

import (
	"fmt"
	"math"

	"singlelane/queueing"
)

// Status tells whether a model has a steady state.
type Status int

const (
	// Stable: the measures are those of the steady state.
	Stable Status = iota
	// Saturated: more is offered than can be served. The queue and the waits
	// are +Inf, the throughput is the capacity, nobody finds a free server.
	Saturated
)

// String is stable or saturated.
func (s Status) String() string {
	if s == Saturated {
		return "saturated"
	}
	return "stable"
}

// Measures of a queue in steady state, where L = lambda W (J. D. C. Little,
// Operations Research 9, 1961). A model sets what it has (its comment
// says what it lacks); none is ever NaN.
type Measures struct {
	Status      Status
	Sustainable float64 // 1/s, the arrival rate at which the model saturates; +Inf: at none
	Rho         float64 // offered load of a server, lambda/(c mu); above 1 where more is offered
	Busy        float64 // mean number of busy servers
	P0          float64 // probability that nobody is there
	PWait       float64 // probability that a request that gets in has to wait
	PBlock      float64 // probability that a request is refused
	PAbandon    float64 // probability that a request gives up waiting
	L, Lq       float64 // mean number in the system, and waiting
	W, Wq       float64 // s, mean sojourn and wait of a request that gets in
	Throughput  float64 // 1/s, requests served
}

// A Model is a queue with a steady state, or the lack of one.
type Model interface {
	// Validate reports every field out of its range.
	Validate() error
	// Measures errs when Validate does.
	Measures() (Measures, error)
}

// A Loaded model can be asked about another arrival rate.
type Loaded interface {
	Model
	// Offered is its arrival rate in 1/s (a finite source's: of one source).
	Offered() float64
	// AtRate is the same model under another arrival rate.
	AtRate(rate float64) Loaded
}

// A Staffed model can be asked about another number of servers.
type Staffed interface {
	Model
	AtServers(c int) Staffed
}

// A Waiter knows the law of its requests' waits.
type Waiter interface {
	Model
	// WaitTail is P(wait > t), for t >= 0 s.
	WaitTail(t float64) (float64, error)
	// WaitQuantile is the smallest t with P(wait <= t) >= p, for 0 <= p < 1;
	// +Inf when the model is saturated.
	WaitQuantile(p float64) (float64, error)
}

// A Stater knows the probabilities of its states.
type Stater interface {
	Model
	// States are the probabilities that 0, 1, ..., upto are in the system.
	States(upto int) ([]float64, error)
}

// MaxServers and MaxLimit bound the counts that a model takes, MaxRetrial those
// of a lane with an orbit, whose chain has states for each.
const (
	MaxServers = queueing.MaxServers
	MaxLimit   = 1_000_000_000
	MaxRetrial = 100_000
)

func positive(field string, x float64) error {
	if x > 0 && !math.IsInf(x, 1) {
		return nil
	}
	return &queueing.FieldError{Field: field, Got: x, Want: "a positive finite number"}
}

func nonNegative(field string, x float64) error {
	if x >= 0 && !math.IsInf(x, 1) {
		return nil
	}
	return &queueing.FieldError{Field: field, Got: x, Want: "a finite number of at least 0"}
}

func share(field string, x float64) error {
	if x >= 0 && x <= 1 {
		return nil
	}
	return &queueing.FieldError{Field: field, Got: x, Want: "a number from 0 to 1"}
}

func countBetween(field string, n, lo, hi int) error {
	if n >= lo && n <= hi {
		return nil
	}
	return &queueing.FieldError{Field: field, Got: n, Want: fmt.Sprintf("a whole number from %d to %d", lo, hi)}
}

// level checks the p of a quantile.
func level(p float64) error {
	if p >= 0 && p < 1 {
		return nil
	}
	return &queueing.FieldError{Field: "p", Got: p, Want: "a number from 0 up to but not including 1"}
}

// offered is the load lambda/mu, kept finite.
func offered(lambda, mu float64) float64 { return math.Min(lambda/mu, math.MaxFloat64) }

// spare is c mu - lambda, rounded once, so that it keeps its digits when the
// load is next to 1; 0 where it is but what decimals leave.
func spare(lambda, mu, c float64) float64 {
	d := -math.FMA(-c, mu, lambda)
	if math.Abs(d) <= queueing.Decimals*lambda {
		return 0
	}
	return d
}

// slack is 1 - lambda/(c mu), in the same way.
func slack(lambda, mu, c float64) float64 { return spare(lambda, mu, c) / (c * mu) }

// saturated is what every queue without a bound shows when lambda >= c mu.
func saturated(lambda, mu, c float64) Measures {
	inf := math.Inf(1)
	return Measures{
		Status: Saturated, Sustainable: c * mu, Rho: lambda / (c * mu), Busy: c, PWait: 1,
		L: inf, Lq: inf, W: inf, Wq: inf, Throughput: c * mu,
	}
}
