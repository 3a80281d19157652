package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// joiningStorm draws T of servers some of which join later and that drop who has waited too
// long, one server at a time: each takes who is at the head as it is free.
func joiningStorm(r *rand.Rand, l *Lane, begin float64, came []float64) float64 {
	type change struct {
		at float64
		by int // servers that are free, or requests that come
	}
	c := l.cfg
	var joins []change
	for i, s := range l.steps {
		before := 0
		if i > 0 {
			before = l.steps[i-1].servers
		}
		joins = append(joins, change{s.from, s.servers - before})
	}
	waits := c.Target.Waiting
	var ends []float64
	free, there, taken, now := 0, 0, 0, 0.0
	for {
		for len(joins) > 0 && joins[0].at <= now {
			free += joins[0].by
			joins = joins[1:]
		}
		for there < len(came) && came[there] <= now {
			there++
		}
		for free > 0 && taken < there {
			if now-came[taken] <= c.Mechanisms.MaxAge {
				ends = append(ends, now+drawnService(r, c.Service))
				free--
			}
			taken++
		}
		if now >= begin && (c.Target.Idle && len(ends)+there-taken == 0 || !c.Target.Idle && there-taken <= waits) {
			return now
		}
		next := math.Inf(1)
		if now < begin {
			next = begin
		}
		if there < len(came) {
			next = math.Min(next, came[there])
		}
		if len(joins) > 0 {
			next = math.Min(next, joins[0].at)
		}
		if len(ends) > 0 {
			next = math.Min(next, slices.Min(ends))
		}
		now = next
		for i := 0; i < len(ends); {
			if ends[i] <= now {
				ends = slices.Delete(ends, i, i+1)
				free++
			} else {
				i++
			}
		}
	}
}

// agedCase is a lane with max_age, and the largest error that may be stated.
type agedCase struct {
	servers, backlog, members, size int
	service                         Service
	age, surge, down                float64
	joins                           []Join
	target                          Target
	most                            float64
}

// againstAgedStorms holds laws against storms, at a false-alarm rate of 1e-7 each.
func againstAgedStorms(t *testing.T, cases map[string]agedCase) {
	const rate, decay, delay = .4, 12., 20.
	for name, c := range cases {
		sources := []Source{Steady{rate}}
		if c.surge > 0 {
			sources = append(sources, Surge{c.surge, decay})
		}
		if c.members > 0 {
			sources = append(sources, Pool{Instances: c.members, Requests: c.size, Together: c.size > 1, Delay: ExponentialDelay{delay}})
		}
		l := laneOf(t, Config{Servers: c.servers, Service: c.service, Backlog: c.backlog, Target: c.target, DownFor: c.down, ScaleOut: c.joins,
			Arrivals: arrivalsOf(t, sources...), Mechanisms: Mechanisms{MaxAge: c.age}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || !(d.AbsError <= c.most) {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		if c.target.FirstPassage {
			begin = 0
		}
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			came := stormComers(r, rate, c.surge, decay, 0, 0)
			for range c.members {
				due := delay * r.ExpFloat64()
				came = append(came, slices.Repeat([]float64{due}, c.size)...)
			}
			came = append(came, make([]float64, c.backlog)...)
			slices.Sort(came)
			return joiningStorm(r, l, begin, came)
		})
	}
}

// Exponential servers that join later and drop who is too old have an exact law.
func TestServersThatJoinAndDropTheOld(t *testing.T) {
	againstAgedStorms(t, map[string]agedCase{
		"one joins":             {servers: 1, backlog: 20, service: Exponential{1}, age: 6, surge: 3, joins: []Join{{9, 1}}, most: 2e-3},
		"after it was down":     {servers: 1, backlog: 9, service: Exponential{2}, age: 5, surge: 2, down: 4, joins: []Join{{6.3, 2}, {17.7, 1}}, most: 5e-3},
		"until idle":            {servers: 2, backlog: 15, service: Exponential{2}, age: 7, surge: 1, joins: []Join{{11, 3}}, target: Target{Idle: true}, most: 2e-3},
		"empty at first, down":  {servers: 2, service: Exponential{2}, age: 5, surge: .5, down: 3, target: Target{FirstPassage: true}, most: 2e-3},
		"groups before several": {servers: 3, backlog: 5, members: 30, size: 3, service: Exponential{2}, age: 6, most: 3e-2},
	})
}

// Where not all is followed what is stated holds the truth.
func TestServersThatDropTheOldRoughly(t *testing.T) {
	againstAgedStorms(t, map[string]agedCase{
		"several, erlang":      {servers: 3, backlog: 20, service: Gamma{3, .4}, age: 6, surge: 3, most: .5},
		"several, two kinds":   {servers: 3, backlog: 20, service: BalancedHyperexponential(3, 4), age: 9, surge: 3, most: 1},
		"equal, in step":       {servers: 4, backlog: 20, service: Deterministic{4}, age: 8, surge: 3, most: 1},
		"few may wait":         {servers: 2, backlog: 20, service: Exponential{2}, age: 8, surge: 3, target: Target{Waiting: 2}, most: .3},
		"any service, idle":    {servers: 2, backlog: 20, service: Lognormal{2, 1.5}, age: 8, surge: 2, target: Target{Idle: true}, most: .6},
		"one of any, few wait": {servers: 1, backlog: 20, service: Gamma{1, .5}, age: 8, surge: 3, target: Target{Waiting: 2}, most: .4},
		"groups that are few":  {servers: 2, backlog: 5, members: 8, size: 6, service: Exponential{2}, age: 8, most: .6},
	})
}
