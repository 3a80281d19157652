package queueing

import (
	"errors"
	"math"
)

// Pool is a finite number of instances that each send requests after a random
// delay, independent of the others'. With Together unset each of the
// Instances*Requests requests has a delay of its own; with Together set an
// instance sends all of its requests at once.
//
// Delays count from Start; with Held set they count from 0, and what is due
// before Start arrives at Start, as one batch of random size.
type Pool struct {
	Instances int
	Requests  int // a instance, at least 1
	Together  bool
	Start     float64 // s
	Held      bool
	Delay     Delay
}

// Spread is exactly count requests at independent instants, uniform over
// (at, at+over].
func Spread(count int, at, over float64) Pool {
	return Pool{Instances: count, Requests: 1, Start: at, Delay: UniformDelay{over}}
}

// Draws is the number of independent delays, and size the requests that come
// with each.
func (a Pool) Draws() (n, size int) {
	if a.Together {
		return a.Instances, a.Requests
	}
	return a.Instances * a.Requests, 1
}

// Total is the number of requests that the pool sends in all.
func (a Pool) Total() int { return a.Instances * a.Requests }

// Due is the probability that one delay ends in (s,t], the held batch
// excluded.
func (a Pool) Due(s, t float64) float64 {
	s = math.Max(s, a.Start)
	if t <= s {
		return 0
	}
	return a.Delay.Between(s-a.origin(), t-a.origin())
}

func (a Pool) origin() float64 {
	if a.Held {
		return 0
	}
	return a.Start
}

func (a Pool) Rate(t float64) float64 {
	if t < a.Start {
		return 0
	}
	return float64(a.Total()) * a.Delay.Density(t-a.origin())
}

func (a Pool) Flow(s, t float64) float64 { return float64(a.Total()) * a.Due(s, t) }

func (a Pool) Excess(s, t float64) float64 {
	total := float64(a.Total())
	if s < a.Start || t < a.Start {
		return total*a.Due(s, t) - a.Rate(t)*(t-s)
	}
	return total * a.Delay.Excess(s-a.origin(), t-a.origin())
}

func (a Pool) Jumps() []Jump {
	if !a.Held || a.Start == 0 {
		return nil
	}
	n, size := a.Draws()
	p := a.Delay.Between(0, a.Start)
	return []Jump{{At: a.Start, Size: Count{Binomials: []Binomial{{n, p, size}}}}}
}

func (a Pool) Breaks(lo, hi float64) []float64 {
	all := inside(a.Start, lo, hi)
	for _, x := range a.Delay.Breaks() {
		if at := a.origin() + x; at > a.Start {
			all = append(all, inside(at, lo, hi)...)
		}
	}
	return all
}

func (a Pool) Count(s, t float64) Count {
	n, size := a.Draws()
	p := a.Due(s, t)
	if a.Held && a.Start > s && a.Start <= t {
		p += a.Delay.Between(0, a.Start)
	}
	return Count{Binomials: []Binomial{{n, p, size}}}
}

func (a Pool) Begins() float64  { return a.Start }
func (a Pool) LongRun() float64 { return 0 }

// Split deals the instances, or with delays of their own the requests, as
// equally as possible.
func (a Pool) Split(n, k int) Source {
	if a.Together {
		a.Instances = dealt(a.Instances, n, k)
		return a
	}
	a.Instances, a.Requests = dealt(a.Total(), n, k), 1
	return a
}

func (a Pool) Validate() error {
	if a.Delay == nil {
		return &FieldError{"Pool.Delay", nil, "a delay law"}
	}
	err := errors.Join(
		countBetween("Pool.Instances", a.Instances, 0, MaxCount),
		countBetween("Pool.Requests", a.Requests, 1, MaxCount),
		nonNegative("Pool.Start", a.Start), a.Delay.Validate())
	if err == nil && float64(a.Instances)*float64(a.Requests) > MaxCount {
		err = &FieldError{"Pool.Instances*Requests", float64(a.Instances) * float64(a.Requests), "at most 1e12"}
	}
	return err
}
