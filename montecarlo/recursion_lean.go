package montecarlo

// lean is the recursion for the drain time alone: no waits, no sizes, no
// single requests.
func (e *fcfs) lean() {
	for len(e.starts) < e.lp.waiting+2 {
		e.grow()
	}
	for {
		place, at := e.inbox.earliest()
		now := min(at, e.beyond)
		if now > e.checkFrom {
			if e.check(now); e.settled {
				return
			}
		}
		if at > e.horizon || e.came&stopMask == 0 && e.ctx.Err() != nil {
			return
		}
		for range e.inbox.size(place) {
			e.admitLean(at)
		}
		e.inbox.draw(place)
	}
}

// admitLean takes one request in at t.
func (e *fcfs) admitLean(t float64) {
	begin := e.servers.first()
	if begin < t {
		begin = t
	}
	done := begin + e.lp.service.draw(&e.svc)
	if len(e.servers.free) == 1 {
		e.servers.only(done)
	} else {
		e.servers.take(done)
	}
	e.starts[e.came&(len(e.starts)-1)] = begin
	e.came++
	if done > e.latest {
		e.latest = done
	}
}
