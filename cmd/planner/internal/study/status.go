package study

import (
	"fmt"
	"math"
	"strings"

	"singlelane/queueing"
)

// binding is the lane with the highest long-run load, LongRun/FinalCapacity,
// the first of several. It also returns the load of that lane.
func binding(lanes []*queueing.Lane) (*queueing.Lane, float64) {
	worst, load := lanes[0], math.Inf(-1)
	for _, l := range lanes {
		if rho := l.Arrivals().LongRun() / l.FinalCapacity(); rho > load {
			worst, load = l, rho
		}
	}
	return worst, load
}

// sustainable is the long-run rate over the region, in requests per second,
// at which the first lane reaches its capacity if all rates grow alike. Without
// long-run arrivals it is the capacity of all lanes together.
func sustainable(lanes []*queueing.Lane) (limit, now float64) {
	capacity := 0.0
	for _, l := range lanes {
		now += l.Arrivals().LongRun()
		capacity += l.FinalCapacity()
	}
	if _, load := binding(lanes); load > 0 {
		return now / load, now
	}
	return capacity, now
}

// overloadEnd is t* of the region: the latest lane's, NaN if one has none.
func overloadEnd(lanes []*queueing.Lane) float64 {
	last := 0.0
	for _, l := range lanes {
		t, ok := queueing.OverloadEnd(l)
		if !ok {
			return math.NaN()
		}
		last = math.Max(last, t)
	}
	return last
}

// setStatus decides whether the design drains and says what binds.
func (a *Answer) setStatus(d Design) {
	a.LargestSustainable, a.LongRun = sustainable(d.Lanes)
	lane, load := binding(d.Lanes)
	a.BindingLane = lane.Name()
	a.OverloadEnds = overloadEnd(d.Lanes)
	a.Tipping = tippingOf(d.Lanes)
	a.Status = Drains
	switch {
	case load >= 1:
		a.Status = Never
		a.StatusReason = fmt.Sprintf("in the long run %.4g requests/s arrive at %s, which can serve %.4g/s",
			lane.Arrivals().LongRun(), lane.Name(), lane.FinalCapacity())
	case a.throttledFor(d.Lanes):
		a.Status = Never
	case math.IsNaN(a.OverloadEnds):
		a.Status = Never
		a.StatusReason = "the arrivals overload a lane again and again"
	case a.endlessFor(d.Lanes):
		a.Status = Never
	}
}

// throttledFor tells whether a throttle holds back more in the long run than it
// lets through, and says so.
func (a *Answer) throttledFor(lanes []*queueing.Lane) bool {
	for _, l := range lanes {
		if rate, limit := queueing.Throttled(l); rate >= limit {
			a.BindingLane = l.Name()
			a.StatusReason = fmt.Sprintf("in the long run %.4g requests/s come to the throttle of %s, which lets %.4g/s through", rate, l.Name(), limit)
			return true
		}
	}
	return false
}

// endlessFor tells whether a lane's servers all but never idle at once, as they
// must for it to have drained, and says so.
func (a *Answer) endlessFor(lanes []*queueing.Lane) bool {
	for _, l := range lanes {
		if err := l.Endures(); err != nil && l.Plain() {
			a.BindingLane = l.Name()
			a.StatusReason = strings.TrimPrefix(err.Error(), "queueing: ") + "; with drained: {until: no-wait} no request waits instead"
			return true
		}
	}
	return false
}
