package queueing

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Join is servers that are added to a lane.
type Join struct {
	After   float64 // s, at least 0
	Servers int     // added to those there, at least 1
}

// Target is when a lane counts as drained.
type Target struct {
	Waiting      int  // so many may wait; ignored with Idle
	Idle         bool // nobody waits or is in service
	FirstPassage bool // the first time at the level, even before overload ends
}

// Config describes a [Lane]. The zero value of each field but Service and
// Servers is what its comment says.
type Config struct {
	Name       string
	Backlog    int // requests in the lane at t = 0, beside batches that arrive at 0
	Arrivals   Arrivals
	Service    Service
	Servers    int     // at least 1
	DownFor    float64 // s at first without any service; 0: none
	ScaleOut   []Join  // servers that join later; nil: none
	Target     Target  // zero: no request waits, not before overload ends
	Mechanisms Mechanisms
}

// Lane is one queue with parallel servers: the problem that every method here
// and in the simulator answers. It is immutable; build it with [NewLane].
type Lane struct {
	cfg   Config
	steps []step // capacity, in order of time, the first at 0

	overload *float64 // end of overload if it is that of another lane, nil: this one's
}

type step struct {
	from    float64
	servers int     // working from then on
	worked  float64 // server-seconds up to from
}

// leastServiceTime in s keeps what is served in any time a number.
const leastServiceTime = 1e-12

// NewLane validates the description and returns every fault in it.
func NewLane(c Config) (*Lane, error) {
	errs := []error{
		countBetween("Config.Backlog", c.Backlog, 0, MaxCount),
		countBetween("Config.Servers", c.Servers, 1, MaxServers),
		countBetween("Target.Waiting", c.Target.Waiting, 0, MaxCount),
		nonNegative("Config.DownFor", c.DownFor), c.Mechanisms.validate(),
	}
	if c.Service == nil {
		errs = append(errs, errNoService)
	} else {
		errs = append(errs, c.Service.Validate())
		if m := c.Service.Mean(); m > 0 && m < leastServiceTime {
			errs = append(errs, &FieldError{"Config.Service.Mean", m, "at least 1e-12"})
		}
	}
	total := c.Servers
	for _, j := range c.ScaleOut {
		errs = append(errs, nonNegative("Join.After", j.After), countBetween("Join.Servers", j.Servers, 1, MaxServers))
		total += j.Servers
	}
	errs = append(errs, countBetween("Config.Servers+Join.Servers", total, 1, MaxServers))
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("lane %q: %w", c.Name, err)
	}
	c.ScaleOut = slices.Clone(c.ScaleOut)
	sort.SliceStable(c.ScaleOut, func(i, j int) bool { return c.ScaleOut[i].After < c.ScaleOut[j].After })
	l := &Lane{cfg: c}
	l.steps = capacitySteps(c)
	return l, nil
}

func capacitySteps(c Config) []step {
	steps := []step{{0, c.Servers, 0}}
	if c.DownFor > 0 {
		steps = []step{{0, 0, 0}, {c.DownFor, c.Servers, 0}}
	}
	there := c.Servers
	for _, j := range c.ScaleOut {
		there += j.Servers
		last := &steps[len(steps)-1]
		if j.After <= last.from {
			last.servers = there
			continue
		}
		worked := last.worked + float64(last.servers)*(j.After-last.from)
		steps = append(steps, step{j.After, there, worked})
	}
	return steps
}

// Config returns the description, with ScaleOut in order of time.
func (l *Lane) Config() Config { return l.cfg }

// Name of the lane, for messages.
func (l *Lane) Name() string { return l.cfg.Name }

// Arrivals of the lane, those at 0 included among the jumps.
func (l *Lane) Arrivals() Arrivals { return l.cfg.Arrivals }

// Service is the law of one request's service time.
func (l *Lane) Service() Service { return l.cfg.Service }

// Initial is the law of the number in the lane just after t = 0: the backlog
// and the batches that arrive at 0.
func (l *Lane) Initial() Count {
	c := Count{Fixed: l.cfg.Backlog}
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At == 0 {
			c = c.Plus(j.Size)
		}
	}
	return c
}

func (l *Lane) step(t float64) step {
	i := sort.Search(len(l.steps), func(i int) bool { return l.steps[i].from > t }) - 1
	return l.steps[max(i, 0)]
}

// ServersAt is the number of servers that work at t, 0 while the lane is down.
func (l *Lane) ServersAt(t float64) int { return l.step(t).servers }

// Capacity is the rate mu(t) at which a lane that is busy throughout serves,
// in requests per second.
func (l *Lane) Capacity(t float64) float64 {
	return float64(l.step(t).servers) / l.cfg.Service.Mean()
}

// Work is the integral of Capacity over (s,t], in requests.
func (l *Lane) Work(s, t float64) float64 {
	a, b := l.step(s), l.step(t)
	if a.from == b.from {
		return float64(a.servers) * (t - s) / l.cfg.Service.Mean()
	}
	upto := func(p step, x float64) float64 { return p.worked + float64(p.servers)*(x-p.from) }
	return (upto(b, t) - upto(a, s)) / l.cfg.Service.Mean()
}

// FinalServers is the number of servers once all have joined, FinalCapacity
// the rate at which they serve: the lane sustains any long-run arrival rate
// below it.
func (l *Lane) FinalServers() int { return l.steps[len(l.steps)-1].servers }

// FinalCapacity in requests per second.
func (l *Lane) FinalCapacity() float64 {
	return float64(l.FinalServers()) / l.cfg.Service.Mean()
}

// CapacityBreaks lists the instants in (lo,hi) at which Capacity jumps.
func (l *Lane) CapacityBreaks(lo, hi float64) []float64 {
	var all []float64
	for _, s := range l.steps {
		all = append(all, inside(s.from, lo, hi)...)
	}
	return all
}

// Level is the number in the lane at or below which it counts as drained at
// t. It moves where servers join and nobody may wait.
func (l *Lane) Level(t float64) int {
	if l.cfg.Target.Idle {
		return 0
	}
	return l.ServersAt(t) + l.cfg.Target.Waiting
}

// Plain tells whether the lane serves in order of arrival and nothing else.
func (l *Lane) Plain() bool { return len(l.cfg.Mechanisms.Names()) == 0 }

// Decimals is the relative error that rates which were written as decimals may
// have together: a lane for which they add up to its capacity is saturated.
const Decimals = 8 * 0x1p-53

// Sustains tells whether the long-run arrivals stay below the final capacity,
// by more than rounding. If not, the lane never drains for good: that is its
// answer.
func (l *Lane) Sustains() bool {
	return l.cfg.Arrivals.LongRun() < l.FinalCapacity()*(1-Decimals)
}

// theta is the excess of arrivals that the end of overload disregards: the
// waiting that is allowed, the servers, or one second of capacity.
func (l *Lane) theta() float64 {
	return math.Max(float64(max(l.cfg.Target.Waiting, l.FinalServers())), l.FinalCapacity())
}
