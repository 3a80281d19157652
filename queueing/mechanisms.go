package queueing

import (
	"errors"
	"math"
	"slices"
)

// Discipline is the order in which waiting requests are taken into service.
type Discipline int

const (
	FIFO        Discipline = iota // in the order of arrival
	LIFO                          // the latest first
	UrgentFirst                   // by Stream.Priority, not interrupting a service, FIFO within
)

func (d Discipline) String() string {
	return [...]string{"fifo", "lifo", "urgent-first"}[d]
}

// Throttle is a token bucket before the lane: a request of one of the streams
// passes when there is a token and fewer than MaxWaiting requests wait. What
// it holds back keeps its order and counts as waiting.
type Throttle struct {
	PerSecond  float64  // tokens per second; 0 means no bucket
	Burst      float64  // tokens that the bucket holds, full at first
	Streams    []string // names
	MaxWaiting int      // 0 means no such limit
}

// SlowDown multiplies service times by a factor that grows linearly from 1
// with nobody waiting to Factor with At waiting, and stays there.
type SlowDown struct {
	At     int
	Factor float64 // at least 1
}

// Jitter is how a retry's backoff b is randomised.
type Jitter int

const (
	NoJitter    Jitter = iota // b
	EqualJitter               // uniform over (b/2, b)
	FullJitter                // uniform over (0, b)
)

// Retries is what clients do whose attempt has not been answered in Timeout,
// or was refused: try again after Backoff, which doubles each time, until
// MaxAttempts attempts have been made.
type Retries struct {
	Timeout     float64 // s of sojourn, positive
	MaxAttempts int     // the first one counts
	Backoff     float64 // s before the second attempt
	Jitter      Jitter
	DropStale   bool // the server discards timed-out copies at no cost
	Budget      RetryBudget
}

// RetryBudget bounds retries: a share of first attempts, or a bucket of
// Tokens with Refill tokens per second. The zero value is no bound.
type RetryBudget struct {
	Share  float64
	Tokens float64
	Refill float64
}

// Bounded tells whether the budget limits anything.
func (b RetryBudget) Bounded() bool { return b.Share > 0 || b.Tokens > 0 }

// Mechanisms is what a lane does beyond serving in order of arrival. The
// zero value is nothing.
type Mechanisms struct {
	Discipline Discipline
	QueueLimit int     // more waiting than this are refused; -1 or 0 with Limited unset: no limit
	Limited    bool    // whether QueueLimit holds (0 is a limit too)
	MaxAge     float64 // s; older requests are dropped at the head; 0: none
	Throttle   *Throttle
	SlowDown   *SlowDown
	Retries    *Retries
}

// Names lists the scenario keys of the mechanisms that are switched on.
func (m Mechanisms) Names() []string {
	var on []string
	add := func(is bool, name string) {
		if is {
			on = append(on, name)
		}
	}
	add(m.Discipline != FIFO, "discipline: "+m.Discipline.String())
	add(m.Limited, "queue_limit")
	add(m.MaxAge > 0, "max_age")
	add(m.Throttle != nil, "throttle")
	add(m.SlowDown != nil, "slow_down")
	add(m.Retries != nil, "retries")
	return on
}

func (m Mechanisms) validate() error {
	errs := []error{nonNegative("Mechanisms.MaxAge", m.MaxAge)}
	if m.Discipline < FIFO || m.Discipline > UrgentFirst {
		errs = append(errs, &FieldError{"Mechanisms.Discipline", int(m.Discipline), "FIFO, LIFO or UrgentFirst"})
	}
	if m.Limited {
		errs = append(errs, countBetween("Mechanisms.QueueLimit", m.QueueLimit, 0, MaxCount))
	}
	if t := m.Throttle; t != nil {
		errs = append(errs, nonNegative("Throttle.PerSecond", t.PerSecond), nonNegative("Throttle.Burst", t.Burst),
			countBetween("Throttle.MaxWaiting", t.MaxWaiting, 0, MaxCount))
	}
	if s := m.SlowDown; s != nil {
		errs = append(errs, countBetween("SlowDown.At", s.At, 1, MaxCount))
		if !(s.Factor >= 1) || math.IsInf(s.Factor, 1) {
			errs = append(errs, &FieldError{"SlowDown.Factor", s.Factor, "a finite number of at least 1"})
		}
	}
	if r := m.Retries; r != nil {
		errs = append(errs, positive("Retries.Timeout", r.Timeout), countBetween("Retries.MaxAttempts", r.MaxAttempts, 1, 1000),
			nonNegative("Retries.Backoff", r.Backoff), nonNegative("RetryBudget.Share", r.Budget.Share),
			nonNegative("RetryBudget.Tokens", r.Budget.Tokens), nonNegative("RetryBudget.Refill", r.Budget.Refill))
	}
	return errors.Join(errs...)
}

// Throttled is the long-run rate of the streams that the lane's throttle holds
// back, in requests per second, and the rate at which its bucket lets them
// through, +Inf without one. Without named streams the throttle holds finite
// pools, which have no long-run rate. Where the first is not below the second
// the lane never drains.
func Throttled(l *Lane) (rate, limit float64) {
	t := l.cfg.Mechanisms.Throttle
	if t == nil || t.PerSecond <= 0 {
		return 0, math.Inf(1)
	}
	for _, s := range l.cfg.Arrivals.streams {
		if slices.Contains(t.Streams, s.Name) {
			rate += s.Source.LongRun()
		}
	}
	return rate, t.PerSecond
}
