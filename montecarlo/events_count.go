package montecarlo

import "math"

// count simulates a lane without mechanisms, event by event, for the drain
// time alone. Then nothing matters of the requests but their number.
func (e *events) count() {
	n, clear := 0, true // in the lane, and whether it is at its target
	for {
		what, place, at := e.upcomingPlain()
		if clear && e.clearSince < at {
			e.rec.firstClear = min(e.rec.firstClear, e.clearSince)
			if t := max(e.clearSince, e.lp.tstar); t < at && t <= e.horizon {
				e.rec.drain = t
				return
			}
		}
		if at > e.horizon {
			e.undrained()
			return
		}
		if e.tally.events++; e.tally.events&stopMask == 0 && e.ctx.Err() != nil {
			return
		}
		e.t = at
		switch what {
		case arriving:
			n += e.inbox.size(place)
			e.inbox.draw(place)
		case departing:
			e.inService.pop()
			e.busy--
			n--
		case joining:
			e.stage++
			e.present = e.lp.steps[e.stage].servers
		}
		for e.busy < e.present && e.busy < n {
			e.busy++
			e.inService.push(at+e.lp.service.draw(&e.svc), none)
		}
		was := clear
		if clear = n <= e.busy+e.lp.waiting; e.lp.idle {
			clear = n == 0
		}
		if clear && !was {
			e.clearSince = at
		}
	}
}

// upcomingPlain is the next event of a lane without mechanisms.
func (e *events) upcomingPlain() (what kind, place int, at float64) {
	place, at = e.inbox.earliest()
	if e.stage+1 < len(e.lp.steps) && e.lp.steps[e.stage+1].from < at {
		what, at = joining, e.lp.steps[e.stage+1].from
	}
	if len(e.inService.heap) > 0 && e.inService.heap[0].at < at {
		what, at = departing, e.inService.heap[0].at
	}
	return what, place, at
}

// undrained is the verdict on a lane without feedback: it drains later, unless
// it cannot.
func (e *events) undrained() {
	if math.IsInf(e.rec.drain, 1) {
		e.rec.verdict = e.verdict.unasked()
	}
}
