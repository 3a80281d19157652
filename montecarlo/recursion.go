package montecarlo

import (
	"context"
	"math"
)

// fcfs simulates one lane that serves in order of arrival, request by
// request: the one that arrives at a begins service at max(a, first free
// server) (Lindley for one server, Kiefer and Wolfowitz for several). As
// services begin in order of arrival, the number waiting at any instant is
// known from a ring of the begins, without an event list.
type fcfs struct {
	ctx     context.Context
	lp      *lanePlan
	inbox   inbox
	svc     generator
	servers servers

	starts []float64 // ring: when request i begins service, at i mod len
	came   int       // requests so far
	begun  int       // of them, that have begun service by now

	horizon float64
	beyond  float64     // the least time after the horizon
	full    bool        // whether waits and sizes are wanted beside the drain time
	grid    []float64   // s
	waits   []*Waits    // by stream, then the sojourns; none unless full
	done    [][]float64 // service ends, by finite stream
	rec     *record

	open      int     // incident requests still to come
	latest    float64 // last service end so far
	peakAt    int     // requests seen when the backlog was last counted
	countAt   int     // what it was then
	peak      int
	late      int     // requests that are not done by the horizon
	overUntil float64 // s: more wait than the target allows, until then at least
	number    int     // of the replication
	checkFrom float64 // s: the lane cannot have drained before
	settled   bool    // drained and the incident over: nothing more is recorded
	gridDone  int

	log func(arrival, start, end float64) // hears of each request; nil: nobody does
}

func newFCFS(ctx context.Context, lp *lanePlan, horizon float64, full bool, grid []float64) *fcfs {
	e := &fcfs{ctx: ctx, lp: lp, horizon: horizon, beyond: math.Nextafter(horizon, math.Inf(1)), full: full, grid: grid, servers: newServers(lp.steps)}
	e.inbox = newInbox(lp.streams)
	e.starts = make([]float64, 1024)
	e.rec = newRecord(len(lp.streams), len(grid))
	e.done = make([][]float64, len(lp.streams))
	if full {
		e.waits = make([]*Waits, 2*len(lp.streams))
		for i := range e.waits {
			e.waits[i] = newWaits()
		}
	}
	return e
}

// stopMask says how often, in requests, cancellation is looked for.
const stopMask = 1<<14 - 1

// run simulates one replication; what it showed is in rec.
func (e *fcfs) run(replication int) {
	e.start(replication)
	if e.full {
		e.all()
	} else {
		e.lean()
	}
	e.finish()
	if math.IsInf(e.rec.drain, 1) {
		e.rec.verdict = Draining
		if !e.lp.lane.Sustains() {
			e.rec.verdict = Stuck
		}
	}
}

// all goes through the requests and records what they wait.
func (e *fcfs) all() {
	for {
		place, at := e.inbox.earliest()
		now := min(at, e.beyond)
		if e.gridDone < len(e.grid) && e.grid[e.gridDone] < now {
			e.snapshots(now)
		}
		if now > e.checkFrom && !e.settled {
			e.check(now)
		}
		if at > e.horizon || e.settled && e.gridDone == len(e.grid) {
			break
		}
		if e.came&stopMask == 0 && e.ctx.Err() != nil {
			return
		}
		k := int(e.inbox.who[place])
		st := &e.lp.streams[k]
		for range st.size {
			e.admit(k, st, at)
		}
		e.inbox.draw(place)
	}
}

func (e *fcfs) start(replication int) {
	e.rec.clear()
	e.servers.reset()
	e.svc.start(e.lp.svcKey, replication)
	e.came, e.begun, e.open, e.gridDone = 0, 0, 0, 0
	e.latest, e.peak, e.peakAt, e.countAt, e.settled, e.checkFrom = 0, 0, 0, 0, false, math.Inf(-1)
	e.late, e.overUntil, e.number = 0, 0, replication
	e.inbox.start(replication, e.lp.totals)
	for k := range e.lp.streams {
		if st := &e.lp.streams[k]; st.finite {
			e.rec.streams[k].most = e.lp.totals[k] * st.size
			e.open += e.rec.streams[k].most
			e.done[k] = e.done[k][:0]
		}
	}
}

// admit takes one request of stream k in at t.
func (e *fcfs) admit(k int, st *stream, t float64) {
	begin := max(t, e.servers.first())
	done := begin + e.lp.service.draw(&e.svc)
	e.servers.take(done)
	if e.came-max(0, min(e.begun, e.came-1-e.lp.waiting)) >= len(e.starts) {
		e.grow()
	}
	e.starts[e.came&(len(e.starts)-1)] = begin
	e.came++
	e.latest = max(e.latest, done)
	if e.log != nil {
		e.log(t, begin, done)
	}
	if st.finite {
		e.open--
		e.rec.completed = max(e.rec.completed, begin)
		e.rec.lastDone = max(e.rec.lastDone, done)
	}
	if !e.settled {
		e.note(k, t, begin, done)
		e.rec.over += e.overlap(t)
		e.count(t)
	}
}

// note records the wait of a request of stream k that arrives at t. What is
// not done by the horizon is left.
func (e *fcfs) note(k int, t, begin, done float64) {
	r := &e.rec.streams[k]
	r.arrived++
	wait := min(begin, e.horizon) - t
	e.rec.waited += wait
	r.longest = max(r.longest, wait)
	if done > e.horizon {
		e.late++
		return
	}
	r.n++
	r.sum += wait
	r.sojourn += done - t
	r.max = max(r.max, wait)
	r.last = max(r.last, done)
	if e.lp.streams[k].finite {
		e.done[k] = append(e.done[k], done)
	}
	e.waits[k].add(wait)
	e.waits[k+len(e.lp.streams)].add(done - t)
}

// overlap is the time for which the request that has just arrived at t keeps
// more waiting than the target allows, beyond the time for which others do.
// From its arrival until the N-th before it begins service more than N wait.
func (e *fcfs) overlap(t float64) float64 {
	i, mask := e.came-1-e.lp.waiting, len(e.starts)-1
	if i < 0 {
		return 0
	}
	until := min(e.starts[i&mask], e.horizon)
	from := max(t, e.overUntil)
	if until <= from {
		return 0
	}
	e.overUntil = until
	return until - from
}

// finish puts the record together.
func (e *fcfs) finish() {
	e.rec.peak = float64(e.peak)
	if !e.full {
		return
	}
	if e.open > 0 || e.rec.completed > e.horizon {
		e.rec.completed = math.Inf(1)
	}
	if e.open > 0 || e.rec.lastDone > e.horizon {
		e.rec.lastDone = math.Inf(1)
	}
	for i := range e.rec.streams {
		r := &e.rec.streams[i]
		r.attempts, r.inTime = r.arrived, r.n
		if r.most > 0 && r.n >= nearlyAll(r.most) {
			r.nearly = smallest(e.done[i], nearlyAll(r.most))
		}
		r.ended()
	}
	e.rec.sum(e.lp.streams)
	e.rec.fault = e.rec.conserved(e.lp.lane.Name(), e.number, e.late)
}

// count keeps the peak of the backlog, which grows only when a request
// arrives. While nobody waits the busy servers are counted only where the
// peak could have been passed.
func (e *fcfs) count(t float64) {
	e.advance(t)
	if w := e.came - e.begun; w > 0 {
		e.peak = max(e.peak, w+e.servers.present(t))
		return
	}
	if e.countAt+e.came-e.peakAt > e.peak {
		e.countAt, e.peakAt = e.servers.busy(t), e.came
		e.peak = max(e.peak, e.countAt)
	}
}

// advance counts the requests that have begun service by t.
func (e *fcfs) advance(t float64) {
	mask := len(e.starts) - 1
	for e.begun < e.came && e.starts[e.begun&mask] <= t {
		e.begun++
	}
}

// grow doubles the ring of begins.
func (e *fcfs) grow() {
	old, mask := e.starts, len(e.starts)-1
	e.starts = make([]float64, 2*len(old))
	for i := max(0, e.came-len(old)); i < e.came; i++ {
		e.starts[i&(len(e.starts)-1)] = old[i&mask]
	}
}

// check looks whether the lane has come to its target, given that nothing
// arrives before now. No more than N wait from the instant at which the
// (N+1)-th last request so far begins service; the lane is idle from the last
// service end on.
func (e *fcfs) check(now float64) {
	if e.rec.drain > e.horizon { // not found yet
		e.find(now)
		if e.rec.drain > e.horizon {
			return
		}
	}
	e.settled = !e.full || e.open == 0 && e.rec.lastDone < now
	if e.settled && e.full {
		e.cut(max(e.rec.drain, e.rec.lastDone))
	}
}

// cut takes off what is waited after the end of the record.
func (e *fcfs) cut(end float64) {
	for i, mask := e.came-1, len(e.starts)-1; i >= 0; i-- {
		begin := min(e.starts[i&mask], e.horizon)
		if begin <= end {
			break
		}
		e.rec.waited -= begin - end
	}
	e.rec.over -= max(0, e.overUntil-end)
}

func (e *fcfs) find(now float64) {
	clear := 0.0
	if e.lp.idle {
		clear = e.latest
	} else if i := e.came - 1 - e.lp.waiting; i >= 0 {
		clear = e.starts[i&(len(e.starts)-1)]
	}
	if clear >= now {
		return
	}
	if e.rec.firstClear > clear {
		e.rec.firstClear = clear
		e.checkFrom = e.lp.tstar
	}
	if t := max(clear, e.lp.tstar); t < now {
		e.rec.drain = t
	}
}

// snapshots records the backlog and the wait at the times of the grid before
// now.
func (e *fcfs) snapshots(now float64) {
	for ; e.gridDone < len(e.grid) && e.grid[e.gridDone] < now; e.gridDone++ {
		t := e.grid[e.gridDone]
		e.advance(t)
		n := e.came - e.begun
		if n > 0 {
			n += e.servers.present(t)
		} else {
			n = e.servers.busy(t)
		}
		e.rec.backlog[e.gridDone] = float64(n)
		e.rec.wait[e.gridDone] = max(0, e.servers.first()-t)
	}
}

func (e *fcfs) replicate(replication int) *record {
	e.run(replication)
	return e.rec
}

func (e *fcfs) shown() *record        { return e.rec }
func (e *fcfs) singleWaits() []*Waits { return e.waits }
