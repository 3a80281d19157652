package montecarlo

// become takes the whole state of another simulation of the same lane, in
// memory of its own.
func (e *events) become(o *events) {
	e.inbox.become(&o.inbox)
	e.svc = o.svc
	e.slots.become(&o.slots)
	e.line = o.line
	e.gate.tokens, e.gate.held, e.gate.n = o.gate.tokens, o.gate.held, o.gate.n
	e.clients.become(&o.clients)
	e.inService.become(&o.inService)
	e.t, e.stage, e.present, e.busy, e.limbo, e.wait = o.t, o.stage, o.present, o.busy, o.limbo, o.wait
	e.clearSince, e.open, e.settled, e.late = o.clearSince, o.open, o.settled, o.late
	e.tally = o.tally
	e.rec.drain, e.rec.firstClear, e.rec.most = o.rec.drain, o.rec.firstClear, o.rec.most
	copy(e.rec.streams, o.rec.streams)
}

func (s *slots) become(o *slots) {
	s.all = append(s.all[:0], o.all...)
	s.free, s.used = o.free, o.used
}

func (c *clients) become(o *clients) {
	c.budget, c.random = o.budget, o.random
	c.asleep.become(&o.asleep)
	c.due.items = append(c.due.items[:0], o.due.items...)
	c.due.head, c.due.tail = o.due.head, o.due.tail
}

func (q *timers) become(o *timers) {
	q.heap = append(q.heap[:0], o.heap...)
	q.seq = o.seq
}
