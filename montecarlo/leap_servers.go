package montecarlo

import "math"

// leastLeap is the number of services from which a leap beats single steps.
const leastLeap = 6

// manyServers drains a lane with exponential services and any number of
// servers, some of which may join later. While all c of them are busy the
// departures are Poisson of rate c mu, so the lane leaps down to its level or
// to c - 1; with fewer it is a birth and death process and goes step by step.
// A leap stops where servers join, and at t*: of the k - 1 departures before
// the last one of a leap of length G, each lies before the stop with
// probability (stop - t)/G.
func (e *leaper) manyServers() float64 {
	lp, i := e.lp, 0
	for i+1 < len(lp.steps) && lp.steps[i+1].from <= e.t {
		i++
	}
	for e.t <= e.horizon {
		c := lp.steps[i].servers
		level := c + lp.waiting
		if lp.idle {
			level = 0
		}
		if e.t >= lp.tstar && e.n <= level {
			return e.t
		}
		stop := math.Inf(1)
		if i+1 < len(lp.steps) {
			stop = lp.steps[i+1].from
		}
		join := stop
		floor, least := level, 1
		if e.t < lp.tstar {
			stop = min(stop, lp.tstar)
		}
		if e.peaks != nil {
			e.peaks.most = max(e.peaks.most, e.n)
			stop = min(stop, e.nextBatch())
		}
		if e.t < lp.tstar || lp.idle {
			floor, least = max(0, c-1), leastLeap
		}
		if e.tilt != nil { // single steps would end it
			least = 1
		}
		switch {
		case c == 0:
			e.n += e.arrivals(e.t, stop)
			e.t = stop
		case e.n-floor >= least:
			e.leap(e.n-floor, float64(c)/e.service.a, stop)
		default:
			e.tiltOff()
			e.steps(c, level, floor+leastLeap, stop)
		}
		if e.t == join {
			i++
		}
	}
	return math.Inf(1)
}

// leap passes over k departures at the given rate, or stops at stop.
func (e *leaper) leap(k int, rate, stop float64) {
	k = e.look(k, rate)
	g := e.svc.gamma(float64(k)) / rate
	end, last := e.t+g, 1 // departures at the end itself
	if end > stop {
		k, last = e.svc.binomial(k-1, (stop-e.t)/g), 0
		end = stop
	}
	if e.peaks != nil {
		e.n += e.pass(e.t, end, k-last) - k
	} else {
		e.n += e.arrivals(e.t, end) - k
	}
	e.t = end
}

// nextBatch is the instant of the next batch after now.
func (e *leaper) nextBatch() float64 {
	at := math.Inf(1)
	for _, i := range e.peaks.batches {
		if f := e.lp.streams[i].feed.(*batchFeed); f.rest > 0 && f.at > e.t {
			at = min(at, f.at)
		}
	}
	return at
}

// steps goes from event to event until the lane holds many, or has come to
// its level after t*, or stop is reached.
func (e *leaper) steps(c, level, many int, stop float64) {
	e.listen()
	k, at := e.earliest()
	after := e.t >= e.lp.tstar
	for e.n < many && (!after || e.n > level) {
		done := math.Inf(1)
		if e.n > 0 {
			done = e.t + e.service.a*e.svc.exponential()/float64(min(e.n, c))
		}
		switch {
		case at <= done && at <= stop:
			e.t = at
			for ; at == e.t; k, at = e.earliest() { // batches may come at one instant
				e.accept(k)
			}
			if e.peaks != nil {
				e.peaks.most = max(e.peaks.most, e.n)
			}
		case done <= stop:
			e.t = done
			e.n--
		default:
			e.t = stop
			return
		}
		if e.t > e.horizon {
			return
		}
	}
}
