package montecarlo

import (
	"context"
	"math"
)

// events simulates one lane with any of the mechanisms, event by event. There
// is no event list as such: arrivals are pending one a stream, timeouts come
// in the order in which attempts were sent, and only services and backoffs
// need a heap.
type events struct {
	ctx     context.Context
	lp      *lanePlan
	horizon float64
	beyond  float64 // the least time after the horizon
	grid    []float64
	rec     *record
	waits   []*Waits // of each stream's requests, then their sojourns

	inbox inbox
	svc   generator

	slots     slots
	line      waitingLine
	gate      gate
	clients   clients
	inService timers
	limit     int     // most that may wait; < 0: no limit
	maxAge    float64 // s; +Inf: none
	slowAt    float64
	slowMore  float64 // Factor - 1

	t       float64 // s, now
	stage   int     // of the capacity
	present int     // servers
	busy    int
	limbo   int // requests whose dropped copy their client still awaits
	wait    int // requests that wait since the last event, see waiting

	clearSince float64 // the instant since which the lane is at its target, +Inf: it is not
	open       int     // incident requests that are not resolved, or still to come
	brief      bool    // only the drain time is wanted
	plain      bool    // the lane has no mechanisms
	settled    bool    // nothing more is recorded
	late       bool    // drained after the horizon
	tooMany    error   // more in the lane than can be simulated
	number     int     // of the replication
	gridDone   int
	tags       tags
	verdict    *verdict
	tally      tally
}

// tally counts what the verdict needs, recorded or not.
type tally struct {
	fresh, attempts, useful int
	work, wasted            float64 // s of service, all and for stale copies
	events                  int
}

// maxInLane bounds the attempts in memory. A lane that is sure to hold more is
// refused; one that comes to it ends the simulation.
const maxInLane = 10_000_000

func newEvents(ctx context.Context, lp *lanePlan, horizon float64, grid []float64) *events {
	m := lp.lane.Config().Mechanisms
	e := &events{ctx: ctx, lp: lp, horizon: horizon, beyond: math.Nextafter(horizon, math.Inf(1)), grid: grid, limit: -1, maxAge: math.Inf(1)}
	e.rec = newRecord(len(lp.streams), len(grid))
	e.inbox = newInbox(lp.streams)
	for range 2 * len(lp.streams) {
		e.waits = append(e.waits, newWaits())
	}
	e.line.order = m.Discipline
	if m.Limited {
		e.limit = m.QueueLimit
	}
	if m.MaxAge > 0 {
		e.maxAge = m.MaxAge
	}
	if s := m.SlowDown; s != nil {
		e.slowAt, e.slowMore = float64(s.At), s.Factor-1
	}
	e.gate = newGate(m.Throttle, lp.streams)
	e.clients = newClients(m.Retries, lp.jitterKey)
	e.tags.end = make([]int, len(grid))
	e.verdict = newVerdict(lp, horizon)
	e.plain = lp.lane.Plain()
	return e
}

func (e *events) replicate(replication int) *record {
	e.run(replication)
	return e.rec
}

func (e *events) shown() *record        { return e.rec }
func (e *events) singleWaits() []*Waits { return e.waits }

func (e *events) start(replication int) {
	e.rec.clear()
	e.slots.reset()
	e.line.reset()
	e.gate.reset()
	e.clients.reset(replication)
	e.inService.reset()
	e.tags.reset()
	e.verdict.reset()
	e.svc.start(e.lp.svcKey, replication)
	e.t, e.stage, e.busy, e.limbo, e.wait, e.gridDone, e.open = 0, 0, 0, 0, 0, 0, 0
	e.number = replication
	e.present = e.lp.steps[0].servers
	e.settled, e.late, e.tally, e.tooMany = false, false, tally{}, nil
	e.clearSince = 0
	e.inbox.start(replication, e.lp.totals)
	for k := range e.lp.streams {
		if st := &e.lp.streams[k]; st.finite {
			e.open += e.lp.totals[k] * st.size
			e.rec.streams[k].most = e.lp.totals[k] * st.size
		}
	}
}

// kind is what happens next.
type kind uint8

const (
	arriving kind = iota
	joining
	departing
	releasing
	timingOut
	waking
)

// upcoming is the next event, and the place of an arrival: of several at one
// instant, arrivals come first and answers before timeouts.
func (e *events) upcoming() (what kind, place int, at float64) {
	place, at = e.inbox.earliest()
	if e.stage+1 < len(e.lp.steps) && e.lp.steps[e.stage+1].from < at {
		what, at = joining, e.lp.steps[e.stage+1].from
	}
	if len(e.inService.heap) > 0 && e.inService.heap[0].at < at {
		what, at = departing, e.inService.heap[0].at
	}
	if e.gate.n > 0 {
		if t := e.gate.opens(e.line.n); t < at {
			what, at = releasing, max(t, e.t)
		}
	}
	if e.clients.on {
		e.forget()
		if !e.clients.due.empty() && e.clients.due.first().at < at {
			what, at = timingOut, e.clients.due.first().at
		}
		if !e.clients.asleep.empty() && e.clients.asleep.first().at < at {
			what, at = waking, e.clients.asleep.first().at
		}
	}
	return what, place, at
}

// run simulates one replication; what it showed is in rec.
func (e *events) run(replication int) {
	e.start(replication)
	if e.brief && e.plain {
		e.count()
		return
	}
	for {
		what, place, at := e.upcoming()
		if e.gridDone < len(e.grid) && e.grid[e.gridDone] < at {
			e.snapshots(min(at, e.beyond))
		}
		for at > e.verdict.until {
			if !e.pause() {
				e.finish()
				return
			}
		}
		e.check(at)
		if e.settled && !e.verdict.on && e.gridDone == len(e.grid) && e.tags.open == 0 {
			break
		}
		if e.tally.events&stopMask == 0 {
			if e.ctx.Err() != nil {
				return
			}
			if e.hopeless() {
				break
			}
		}
		e.happen(what, place, at)
	}
	e.finish()
}

// happen lets one event take place.
func (e *events) happen(what kind, place int, at float64) {
	e.tally.events++
	if !e.settled {
		e.pass(at)
	}
	e.t = at
	switch what {
	case arriving:
		k := int(e.inbox.who[place])
		st := &e.lp.streams[k]
		for range st.size {
			e.arrive(k, st, at)
		}
		e.inbox.draw(place)
	case joining:
		e.stage++
		e.present = e.lp.steps[e.stage].servers
		e.serve(at)
	case departing:
		e.depart(e.inService.pop().slot, at)
	case releasing:
		e.serve(at)
	case timingOut:
		e.timeOut(at)
	case waking:
		i := e.clients.asleep.pop().slot
		e.slots.all[i].sent = at
		e.send(i, at)
	}
	e.observe(at)
}

// pass adds up what is waited until an instant, given that nothing happens
// before.
func (e *events) pass(at float64) {
	e.rec.waited += float64(e.wait) * (at - e.t)
	if e.wait > e.lp.waiting {
		e.rec.over += at - e.t
	}
}

// waiting is the number of requests that wait in the lane, are held back, are
// in backoff, or await an answer that will not come.
func (e *events) waiting() int {
	return e.line.n + e.gate.n + len(e.clients.asleep.heap) + e.limbo
}

// observe keeps the peak and whether the lane is at its target.
func (e *events) observe(at float64) {
	w := e.waiting()
	e.wait = w
	if n := w + e.busy; !e.settled && n > e.rec.most {
		e.rec.most = n
	}
	clear := w <= e.lp.waiting
	if e.lp.idle {
		clear = w+e.busy == 0
	}
	if !clear {
		e.clearSince = math.Inf(1)
	} else if math.IsInf(e.clearSince, 1) {
		e.clearSince = at
	}
}

// check looks whether the lane has been at its target before now.
func (e *events) check(now float64) {
	if e.settled {
		e.late = e.late || e.verdict.on && max(e.clearSince, e.lp.tstar) < now
		return
	}
	if e.clearSince < now {
		e.rec.firstClear = min(e.rec.firstClear, e.clearSince)
		if t := max(e.clearSince, e.lp.tstar); t < now {
			e.rec.drain = min(e.rec.drain, t)
		}
	}
	if (e.brief || e.open == 0) && !math.IsInf(e.rec.drain, 1) {
		e.settle(max(e.t, e.rec.drain))
	}
}

// settle ends the record at an instant at or after the last event. What is
// left then has waited until then, at least.
func (e *events) settle(end float64) {
	if e.settled {
		return
	}
	e.pass(end)
	e.settled = true
	if e.open > 0 {
		e.rec.completed, e.rec.lastDone = math.Inf(1), math.Inf(1)
	}
	left := 0
	e.remaining(func(a *attempt) {
		left++
		r := &e.rec.streams[a.strm]
		r.longest = max(r.longest, end-a.first)
	})
	for i := range e.rec.streams {
		e.rec.streams[i].ended()
	}
	e.rec.fault = e.rec.conserved(e.lp.lane.Name(), e.number, left)
}

// finish puts the record together.
func (e *events) finish() {
	e.settle(e.t)
	e.rec.peak = float64(e.rec.most)
	e.rec.work, e.rec.wasted, e.rec.events = e.tally.work, e.tally.wasted, e.tally.events
	e.rec.verdict = e.verdict.says
	if e.tooMany != nil {
		e.rec.fault = e.tooMany
	}
	e.rec.sum(e.lp.streams)
}
