package montecarlo

// arrive takes in a new request of stream k.
func (e *events) arrive(k int, st *stream, t float64) {
	i := e.slots.take()
	a := &e.slots.all[i]
	*a = attempt{first: t, sent: t, next: none, tag: none, strm: int16(k), try: 1}
	if e.tags.lo < e.gridDone && st.priority > 0 {
		a.tag = e.tags.give(e.gridDone, e.rec.wait)
	}
	e.tally.fresh++
	if !e.settled {
		e.rec.streams[k].arrived++
	}
	if st.retries {
		e.clients.budget.first++
	}
	e.send(i, t)
}

// send lets the attempt set out for the lane.
func (e *events) send(i int32, t float64) {
	a := &e.slots.all[i]
	a.flags = inLane | awaited
	e.tally.attempts++
	if !e.settled {
		e.rec.streams[a.strm].attempts++
	}
	if e.clients.on && e.lp.streams[a.strm].retries {
		a.flags |= inRing
		e.clients.due.push(timer{at: t + e.clients.timeout, slot: i})
	}
	if e.gate.on && e.gate.streams[a.strm] && (e.gate.n > 0 || !e.gate.passes(t, e.line.n)) {
		e.gate.held.pushBack(&e.slots, i)
		e.gate.n++
		return
	}
	e.enter(i, t)
}

// enter brings the attempt into the lane. While a server is free nobody
// waits.
func (e *events) enter(i int32, t float64) {
	switch {
	case e.busy < e.present:
		e.offer(i, t)
	case e.limit >= 0 && e.line.n >= e.limit:
		a := e.slots.all[i]
		e.slots.all[i].flags &^= awaited
		e.slots.leave(i, inLane)
		if a.flags&awaited != 0 {
			e.fail(a, t, refused)
		}
	default:
		e.line.push(&e.slots, i, e.lp.streams[e.slots.all[i].strm].priority)
	}
}

// offer begins the service of an attempt whose turn has come, unless it is
// dropped as stale or too old.
func (e *events) offer(i int32, t float64) {
	a := &e.slots.all[i]
	switch {
	case e.clients.dropped && a.flags&awaited == 0:
		e.slots.leave(i, inLane)
	case t-a.sent > e.maxAge:
		e.dropAged(i, t)
	default:
		a.begun = t
		a.took = e.lp.service.draw(&e.svc)
		if e.slowMore > 0 {
			a.took *= 1 + e.slowMore*min(1, float64(e.line.n)/e.slowAt)
		}
		e.busy++
		e.inService.push(t+a.took, i)
	}
}

// dropAged drops the attempt. A client that will time out does not know yet.
func (e *events) dropAged(i int32, t float64) {
	a := &e.slots.all[i]
	switch {
	case a.flags&awaited == 0:
	case a.flags&inRing != 0:
		a.flags |= aged
		e.limbo++
	default:
		e.resolve(a, t, agedOut)
	}
	e.slots.leave(i, inLane)
}

// serve gives free servers work, and lets through what the throttle may now.
func (e *events) serve(t float64) {
	for {
		for e.busy < e.present && e.line.n > 0 {
			e.offer(e.line.pop(&e.slots), t)
		}
		if e.gate.n == 0 || !e.gate.passes(t, e.line.n) {
			return
		}
		e.gate.n--
		e.enter(e.gate.held.pop(&e.slots), t)
	}
}

// depart ends a service.
func (e *events) depart(i int32, t float64) {
	e.busy--
	a := &e.slots.all[i]
	e.tally.work += a.took
	if a.flags&awaited != 0 {
		a.flags &^= awaited
		e.answer(a, t)
	} else {
		e.tally.wasted += a.took
	}
	e.slots.leave(i, inLane)
	e.serve(t)
}

// answer records a request that is served.
func (e *events) answer(a *attempt, t float64) {
	e.tally.useful++
	wait := a.begun - a.first
	if a.tag != none {
		e.tags.show(a.tag, wait, e.rec.wait)
	}
	st := &e.lp.streams[a.strm]
	if !e.settled {
		r := &e.rec.streams[a.strm]
		r.n++
		r.sum += wait
		r.max = max(r.max, wait)
		r.longest = max(r.longest, wait)
		r.last = t
		r.sojourn += t - a.first
		if !e.clients.on || !st.retries || t-a.first <= e.clients.timeout {
			r.inTime++
		}
		if st.finite && r.n == nearlyAll(r.most) {
			r.nearly = t
		}
		if !e.brief {
			e.waits[a.strm].add(wait)
			e.waits[int(a.strm)+len(e.lp.streams)].add(t - a.first)
		}
	}
	if st.finite {
		e.open--
		e.rec.completed = max(e.rec.completed, a.begun)
		e.rec.lastDone = t
	}
}

// timeOut lets the client of the oldest awaited attempt give it up.
func (e *events) timeOut(t float64) {
	i := e.clients.due.first().slot
	e.clients.due.drop()
	a := e.slots.all[i]
	e.slots.all[i].flags &^= awaited
	e.slots.leave(i, inRing)
	if a.flags&aged != 0 {
		e.limbo--
		e.fail(a, t, agedOut)
		return
	}
	e.fail(a, t, givenUp)
}

// forget takes timeouts off the ring that concern nobody any more.
func (e *events) forget() {
	for !e.clients.due.empty() {
		i := e.clients.due.first().slot
		if e.slots.all[i].flags&awaited != 0 {
			return
		}
		e.clients.due.drop()
		e.slots.leave(i, inRing)
	}
}

// fail lets the client of a failed attempt try again, or not.
func (e *events) fail(a attempt, t float64, f fate) {
	c := &e.clients
	if c.on && e.lp.streams[a.strm].retries && int(a.try) < c.attempts && c.budget.allows(t) {
		pause := c.sleep(int(a.try))
		i := e.slots.take()
		e.slots.all[i] = attempt{first: a.first, next: none, tag: a.tag, strm: a.strm, try: a.try + 1}
		c.asleep.push(t+pause, i)
		return
	}
	e.resolve(&a, t, f)
}

// fate is how a request ends that is not served.
type fate uint8

const (
	refused fate = iota
	agedOut
	givenUp
	fates
)

func (e *events) resolve(a *attempt, t float64, f fate) {
	if a.tag != none {
		e.tags.open--
	}
	if !e.settled {
		r := &e.rec.streams[a.strm]
		r.lost[f]++
		r.longest = max(r.longest, t-a.first)
	}
	if e.lp.streams[a.strm].finite {
		e.open--
		e.rec.completed = max(e.rec.completed, t)
	}
}

// remaining visits an attempt of each request that is not settled: in the
// lane, held back, in service, in backoff, or dropped without its client's
// knowing.
func (e *events) remaining(see func(*attempt)) {
	all := e.slots.all
	open := func(i int32) {
		if all[i].flags&awaited != 0 {
			see(&all[i])
		}
	}
	for p := range e.line.lists {
		e.line.lists[p].each(all, open)
	}
	e.gate.held.each(all, open)
	for _, x := range e.inService.heap {
		open(x.slot)
	}
	for _, x := range e.clients.asleep.heap {
		see(&all[x.slot])
	}
	e.clients.due.each(func(x timer) {
		if all[x.slot].flags&(aged|awaited) == aged|awaited {
			see(&all[x.slot])
		}
	})
}
