package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// leaper draws the drain time of one lane without events. While requests
// wait, the n that stand above the target take a time G whose law is known;
// those that arrive during G are Poisson, or binomial out of what is left of
// a pool, and are the next n. It is exact where the order of service and the
// fates of single requests do not matter.
type leaper struct {
	lp      *lanePlan
	horizon float64
	lull    *lull  // nil: none
	peaks   *peaks // nil: not wanted

	gens   []generator // of each stream
	counts generator   // of the Poisson streams together
	svc    generator
	next   []float64

	steady  float64 // requests per second of the constant streams
	flows   []endless
	finites []int // streams that are finite

	t float64 // s, now
	n int     // requests in the lane

	service sampler // the lane's, or a tilted one
	boost   float64 // of the Poisson streams, 1 without tilt
	tilt    *tilt   // in force, nil: none
	wanted  *tilt   // with which replications begin
	began   int     // requests at 0
	ratio   float64 // logarithm of the likelihood ratio, 0 without tilt
}

// leapable tells whether leaps are exact for the lane, and why not.
func leapable(l *queueing.Lane) (ok bool, reason string) {
	if !l.Plain() {
		return false, "the order of service or the fate of single requests matters"
	}
	if _, exponential := l.Service().(queueing.Exponential); !exponential && l.FinalServers() > 1 {
		return false, "several servers whose service is not exponential"
	}
	return true, ""
}

func newLeaper(lp *lanePlan, horizon float64, quiet *lull) *leaper {
	e := &leaper{lp: lp, horizon: horizon, lull: quiet, service: lp.service, boost: 1}
	e.gens = make([]generator, len(lp.streams))
	e.next = make([]float64, len(lp.streams))
	for i := range lp.streams {
		switch f := lp.streams[i].feed.(type) {
		case *steadyFeed:
			e.steady += f.rate
		case endless:
			e.flows = append(e.flows, f)
		case finite:
			e.finites = append(e.finites, i)
		}
	}
	return e
}

// run draws one replication's drain time, +Inf beyond the horizon.
func (e *leaper) run(replication int) float64 {
	e.counts.start(e.lp.arrKey, replication)
	e.svc.start(e.lp.svcKey, replication)
	for i := range e.lp.streams {
		st := &e.lp.streams[i]
		st.feed.reset(e.lp.totals[i])
		e.gens[i].start(st.key, replication)
	}
	if math.IsInf(e.lp.tstar, 1) {
		return math.Inf(1)
	}
	e.enter()
	if e.peaks != nil {
		e.peaks.most = e.n
	}
	if e.wanted != nil {
		e.tiltOn(e.wanted)
	}
	t := 0.0
	if e.lp.service.law == exponentialLaw {
		t = e.manyServers()
	} else {
		t = e.oneServer()
	}
	e.tiltOff()
	if t > e.horizon {
		return math.Inf(1)
	}
	return t
}

// enter puts the lane at 0, or where there is a lull at t*, with what arrives
// at that instant.
func (e *leaper) enter() {
	if e.lull == nil {
		e.t, e.n = 0, e.arrivals(0, 0)
		return
	}
	e.t, e.n = e.lp.tstar, e.lull.draw(&e.svc)
	for _, i := range e.finites {
		st := &e.lp.streams[i]
		f := st.feed.(finite)
		f.count(&e.gens[i], 0, e.lull.from) // long served
		e.n += st.size * f.count(&e.gens[i], e.lull.from, e.t)
	}
}

// arrivals draws the number of requests in (s,t], or those at 0.
func (e *leaper) arrivals(s, t float64) int {
	mean := e.steady * (t - s)
	for _, f := range e.flows {
		mean += f.flow(s, t)
	}
	n := e.counts.poisson(mean * e.boost)
	for _, i := range e.finites {
		st := &e.lp.streams[i]
		n += st.size * st.feed.(finite).count(&e.gens[i], s, t)
	}
	return n
}

// listen draws the first arrival of every stream after now.
func (e *leaper) listen() {
	for i := range e.lp.streams {
		f := e.lp.streams[i].feed
		f.begin(e.t)
		e.next[i] = f.next(&e.gens[i])
	}
}

// earliest is the stream whose pending arrival comes first.
func (e *leaper) earliest() (k int, at float64) {
	at = e.next[0]
	for i, t := range e.next {
		if t < at {
			k, at = i, t
		}
	}
	return k, at
}

// accept takes stream k's pending arrival in and draws its next one.
func (e *leaper) accept(k int) {
	st := &e.lp.streams[k]
	e.n += st.size * st.feed.took(&e.gens[k])
	e.next[k] = st.feed.next(&e.gens[k])
}

// oneServer drains a lane with one server and any service law, down at first
// or not. Above the level L the lane leaps over n - L services; at or below
// it, before t*, it goes service by service, and from arrival to arrival when
// it is idle.
func (e *leaper) oneServer() float64 {
	lp := e.lp
	level := lp.waiting + 1
	if lp.idle {
		level = 0
	}
	if up := lp.steps[len(lp.steps)-1].from; up > 0 { // down until then
		if lp.tstar == 0 && e.n <= max(0, level-1) {
			return 0
		}
		e.n += e.arrivals(0, up)
		e.t = up
	}
	for e.t <= e.horizon {
		switch {
		case e.n > level:
			end := e.t + e.service.sum(&e.svc, e.n-level)
			e.n = level + e.arrivals(e.t, end)
			e.t = end
		case e.t >= lp.tstar:
			return e.t
		default:
			e.tiltOff()
			if drained := e.rest(level); drained {
				return lp.tstar
			}
		}
	}
	return math.Inf(1)
}

// rest goes one step on at or below the level, and tells whether t* passed
// meanwhile with no more than level in the lane.
func (e *leaper) rest(level int) (drained bool) {
	if e.n == 0 {
		return !e.awaitArrival()
	}
	return e.serveOne(level)
}

// awaitArrival moves an idle lane on to its next arrival, unless that comes
// after t*.
func (e *leaper) awaitArrival() bool {
	e.listen()
	_, at := e.earliest()
	if at > e.lp.tstar {
		return false
	}
	for k, t := range e.next {
		if t == at {
			st := &e.lp.streams[k]
			e.n += st.size * st.feed.took(&e.gens[k])
		}
	}
	e.t = at
	return true
}

// serveOne serves one request, and tells whether t* passed meanwhile with no
// more than level in the lane.
func (e *leaper) serveOne(level int) (drained bool) {
	end := e.t + e.service.draw(&e.svc)
	from := e.t
	if star := e.lp.tstar; end > star {
		e.n += e.arrivals(from, star)
		if e.n <= level {
			return true
		}
		from = star
	}
	e.n += e.arrivals(from, end) - 1
	e.t = end
	return false
}
