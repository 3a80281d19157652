package montecarlo

import (
	"fmt"
	"math"

	"singlelane/queueing"
)

// plan is what one worker needs to simulate a region over and over: the lanes
// compiled, and how the streams that several lanes share are dealt.
type plan struct {
	lanes []*lanePlan
	deals []deal
	dealt generator
}

// lanePlan is one lane, compiled. Feeds have state, so each worker compiles
// its own.
type lanePlan struct {
	lane    *queueing.Lane
	index   int
	streams []stream // the backlog of t = 0 first, without a name
	service sampler
	svcKey  streamKey
	arrKey  streamKey // of the counts that leaps draw

	jitterKey streamKey
	tstar     float64 // s; 0 for a first passage, +Inf if overload never ends
	waiting   int     // so many may wait when drained
	idle      bool
	steps     []capacityStep
	totals    []int // draws of each stream in this replication
}

// capacityStep is the number of servers from an instant on.
type capacityStep struct {
	from    float64
	servers int
}

// noPriority marks the backlog, about whose urgency nothing is known.
const noPriority = 5

// deal is a finite stream whose draws are dealt at random among the lanes of
// the region that have it.
type deal struct {
	key    streamKey
	total  int
	lanes  int
	shares []share
}

type share struct{ lane, stream int }

// Supports tells whether the lane can be simulated, and if not, why in words.
func Supports(l *queueing.Lane) (ok bool, reason string) {
	if _, known := newSampler(l.Service()); !known {
		return false, fmt.Sprintf("service law %T is not simulated", l.Service())
	}
	for _, s := range l.Arrivals().Streams() {
		if _, reason := newStream(s); reason != "" {
			return false, reason
		}
	}
	return true, ""
}

func newPlan(lanes []*queueing.Lane, seed uint64) (*plan, error) {
	p := &plan{}
	for i, l := range lanes {
		lp, err := newLanePlan(l, i, seed)
		if err != nil {
			return nil, err
		}
		p.lanes = append(p.lanes, lp)
	}
	p.findDeals(seed)
	return p, nil
}

func newLanePlan(l *queueing.Lane, index int, seed uint64) (*lanePlan, error) {
	if ok, reason := Supports(l); !ok {
		return nil, &UnsupportedError{l.Name(), reason}
	}
	target := l.Config().Target
	lp := &lanePlan{lane: l, index: index, waiting: target.Waiting, idle: target.Idle,
		svcKey: keyOf(seed, "\x00service", index), arrKey: keyOf(seed, "\x00arrivals", index),
		jitterKey: keyOf(seed, "\x00jitter", index)}
	lp.service, _ = newSampler(l.Service())
	lp.streams = append(lp.streams, stream{feed: &batchFeed{}, total: l.Config().Backlog, size: 1, finite: true, priority: noPriority})
	for _, s := range l.Arrivals().Streams() {
		st, _ := newStream(s)
		st.key = keyOf(seed, s.Name, index)
		lp.streams = append(lp.streams, st)
	}
	lp.totals = make([]int, len(lp.streams))
	for i, st := range lp.streams {
		lp.totals[i] = st.total
	}
	lp.steps = []capacityStep{{0, l.ServersAt(0)}}
	for _, t := range l.CapacityBreaks(0, math.Inf(1)) {
		lp.steps = append(lp.steps, capacityStep{t, l.ServersAt(t)})
	}
	if !target.FirstPassage {
		lp.tstar = overloadEnd(l)
	}
	return lp, nil
}

// findDeals groups the hashed streams of equal name.
func (p *plan) findDeals(seed uint64) {
	at := map[string]int{}
	for i, lp := range p.lanes {
		for k, st := range lp.streams {
			if !st.hashed {
				continue
			}
			d, seen := at[st.name]
			if !seen {
				d = len(p.deals)
				at[st.name] = d
				p.deals = append(p.deals, deal{key: keyOf(seed, "\x00deal "+st.name, 0), total: st.total, lanes: st.lanes})
			}
			p.deals[d].shares = append(p.deals[d].shares, share{i, k})
		}
	}
}

// start begins a replication: it deals the hashed streams, lane after lane,
// each taking a binomial part of what the lanes before it left.
func (p *plan) start(replication int) {
	for i := range p.deals {
		d := &p.deals[i]
		p.dealt.start(d.key, replication)
		rest := d.total
		for j, s := range d.shares {
			n := p.dealt.binomial(rest, 1/float64(max(1, d.lanes-j)))
			p.lanes[s.lane].totals[s.stream] = n
			rest -= n
		}
	}
}
