package montecarlo

import (
	"fmt"
	"math"

	"singlelane/queueing"
)

// Verdict is what became of a replication.
type Verdict uint8

const (
	Drained   Verdict = iota // by the horizon
	Draining                 // not yet, but the queue shrinks, or it drained later
	Undecided                // neither could be shown
	Stuck                    // the lane keeps itself overloaded
)

func (v Verdict) String() string {
	return [...]string{"drained", "draining", "undecided", "stuck"}[v]
}

// verdict tells draining from stuck in a replication that has not drained by
// the horizon. From the horizon on, or from ten rounds of retries after t* if
// that is later, the queue is watched over a window of
//
//	w = max(4 m (timeout + backoff), 9 (a + C)/(C - a)^2)
//
// a being the rate of attempts and C the capacity: a shorter window takes
// chance for drift. The replication is draining if the mean increment of the
// queue over a twentieth of the window lies below 0 by three standard errors;
// stuck if it does not lie below 0 by three (nor, where nothing bounds the
// queue, above) and the requests answered are fewer than the fresh ones by
// three standard deviations. Else the window is doubled, three times at most.
// The watch begins at twice the horizon at the latest, with a window no longer
// than what came before it, and is given up, undecided, at twice the
// events that there were until the horizon and some more: backoffs that double
// fifty times would have it last for ever.
type verdict struct {
	asked   bool    // whether the lane has a feedback that can keep it stuck
	healthy bool    // the long-run arrivals stay below the capacity
	bounded bool    // something bounds the queue
	rounds  float64 // s: timeout + backoff of all attempts
	rate    float64 // C under load, requests per second
	tstar   float64
	horizon float64
	trap    trap

	on    bool
	until float64 // the next instant to look
	says  Verdict

	most   int     // events, after which it remains undecided
	length float64 // of the window
	tries  int
	batch  int
	last   float64 // queue at the end of the last batch
	steps  [verdictBatches]float64
	since  tally
}

const (
	verdictBatches = 20
	verdictTries   = 4
	verdictEvents  = 200_000
)

func newVerdict(lp *lanePlan, horizon float64) *verdict {
	m := lp.lane.Config().Mechanisms
	v := &verdict{asked: m.Retries != nil || m.SlowDown != nil, healthy: sustains(lp.lane),
		bounded: m.Limited || m.MaxAge > 0, rate: lp.lane.FinalCapacity(), tstar: lp.tstar, horizon: horizon}
	if r := m.Retries; r != nil {
		v.rounds = roundsOf(r)
		v.bounded = v.bounded || r.DropStale
	}
	if m.SlowDown != nil {
		v.rate /= m.SlowDown.Factor
	}
	v.trap = newTrap(lp)
	return v
}

// sustains tells whether the lane and its throttle keep up with the long-run
// arrivals.
func sustains(l *queueing.Lane) bool {
	rate, limit := queueing.Throttled(l)
	return l.Sustains() && rate < limit
}

func (v *verdict) reset() {
	v.on, v.until, v.says, v.tries, v.batch = false, v.horizon, Drained, 0, 0
}

// pause is called when time passes v.until, and tells whether to go on.
func (e *events) pause() bool {
	v := e.verdict
	switch {
	case !v.on:
		e.check(e.beyond)
		e.settle(e.horizon)
		if !math.IsInf(e.rec.drain, 1) {
			return false
		}
		if !v.asked {
			v.says = v.unasked()
			return false
		}
		v.on = true
		v.most = 2*e.tally.events + verdictEvents
		if later := min(v.tstar+10*v.rounds, 2*e.horizon); later > e.horizon {
			v.until = later
			return true
		}
		e.watch(v.until)
	case e.late:
		v.says = Draining
		return false
	case v.tries == 0:
		e.watch(v.until)
	default:
		return e.look()
	}
	return true
}

// watch begins a window at t.
func (e *events) watch(t float64) {
	v := e.verdict
	if v.tries == 0 {
		a := float64(e.tally.attempts) / t
		v.length = min(max(4*v.rounds, min(t, 9*(a+v.rate)/((v.rate-a)*(v.rate-a))), 100/v.rate), t)
	} else {
		v.length *= 2
	}
	v.tries++
	v.batch = 0
	v.last = float64(e.waiting() + e.busy)
	v.since = e.tally
	v.until = t + v.length/verdictBatches
}

// look ends a twentieth of the window, and at its end decides.
func (e *events) look() bool {
	v := e.verdict
	q := float64(e.waiting() + e.busy)
	v.steps[v.batch], v.last = q-v.last, q
	if v.batch++; v.batch < verdictBatches {
		v.until += v.length / verdictBatches
		return true
	}
	mean, sd := Outcomes(v.steps[:]).moments()
	half := 3 * sd / math.Sqrt(verdictBatches)
	useful, fresh := float64(e.tally.useful-v.since.useful), float64(e.tally.fresh-v.since.fresh)
	failing := useful < fresh-3*math.Sqrt(useful+fresh)
	switch {
	case mean+half < 0:
		v.says = Draining
		return false
	case failing && (mean-half >= 0 || v.bounded):
		v.says = Stuck
		return false
	case v.tries == verdictTries:
		v.says = Undecided
		return false
	}
	e.watch(v.until)
	return true
}

// trap is the state of a lane from which there is no way back. In order of
// arrival with retries: every attempt waits longer than its client, all are
// made, and their rate m lambda is above the capacity. With slow-down and no
// retries, in any order: so many wait that services take Factor times as long,
// and the arrivals are above what is left of the capacity. A replication whose
// queue is so long that a random walk of that drift returns with a chance of
// less than trapRisk need not be followed to the horizon.
type trap struct {
	set   bool
	above float64 // requests in the queue
	after float64 // s: no server joins from then on
}

const trapRisk = 1e-12

func newTrap(lp *lanePlan) trap {
	l := lp.lane
	m := l.Config().Mechanisms
	if r := m.Retries; m.Limited || m.MaxAge > 0 || m.Throttle != nil || r == nil && m.SlowDown == nil ||
		r != nil && (r.DropStale || r.Budget.Bounded() || m.SlowDown != nil || m.Discipline != queueing.FIFO) {
		return trap{}
	}
	p, stuck := queueing.Tipping(l)
	if !stuck {
		return trap{}
	}
	for _, s := range l.Arrivals().Streams() {
		if _, varies := s.Source.(queueing.Trace); varies {
			return trap{} // its rate may fall for a while
		}
	}
	// A walk of drift d and variance v a second returns from x with a chance
	// of about exp(-2 d x/v); services may vary more than Poisson arrivals.
	spread := p.Offered + p.Capacity*max(1, l.Service().SCV())
	walk := -math.Log(trapRisk) * spread / (2 * (p.Offered - p.Capacity))
	above := 2 * walk
	if m.SlowDown != nil {
		above += float64(m.SlowDown.At)
	} else {
		rounds := roundsOf(m.Retries)
		above += p.Capacity*rounds + 8*math.Sqrt(p.Capacity*rounds)
	}
	return trap{set: true, above: above, after: lp.steps[len(lp.steps)-1].from}
}

// roundsOf is the time in s that the attempts of a request take that all fail.
func roundsOf(r *queueing.Retries) float64 {
	sum := 0.0
	for k := range r.MaxAttempts {
		sum += r.Timeout + r.Backoff*math.Pow(2, float64(min(k, maxDoublings)))
	}
	return sum
}

// hopeless ends a replication that cannot go on: one in the trap is stuck, one
// that has been watched for long is undecided, and one whose lane holds more
// than can be simulated is an error.
func (e *events) hopeless() bool {
	v := e.verdict
	switch {
	case e.trapped():
		v.says = Stuck
	case e.slots.used > maxInLane:
		e.tooMany = &UnsupportedError{e.lp.lane.Name(), fmt.Sprintf("more than %d attempts were in it at %.6g s, too many to simulate event by event; a shorter horizon may do", maxInLane, e.t)}
	case v.on && e.tally.events > v.most:
		v.says = Undecided
	default:
		return false
	}
	return true
}

// unasked is the verdict on a lane without feedback that has not drained.
func (v *verdict) unasked() Verdict {
	if v.healthy {
		return Draining
	}
	return Stuck
}

// trappedFrom is the number of events up to which a storm is followed for its
// own sake though it is in the trap.
const trappedFrom = 2_000_000

// trapped tells whether the replication is in the trap and need not be
// followed further. Arrivals still to come only make it deeper.
func (e *events) trapped() bool {
	w := &e.verdict.trap
	return w.set && (e.brief || e.settled || e.tally.events >= trappedFrom) && e.t > w.after && float64(e.line.n) > w.above
}
