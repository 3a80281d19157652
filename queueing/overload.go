package queueing

import (
	"math"
	"slices"
)

// negligible is the share of theta that arrivals still to come may make up
// when the search for the end of overload stops looking ahead.
const negligible = 1e-9

// OverloadEnd is t*, in seconds: the first t such that over every interval
// (u,v] with t <= u <= v the mean arrivals, batches included, exceed the
// capacity by at most theta = max(requests that may wait, servers, one second
// of capacity), and that is not before the last incident stream has begun nor
// before the lane serves at all. Overload below theta is noise in the input:
// one measured interval at 100.1 % of capacity does not move t*. A throttle's
// tokens are a capacity too, of the streams that need them, with the burst for
// theta where it is more: what a throttle holds back waits.
//
// ok is false, and t +Inf, when there is no such t: the long-run arrivals
// reach the capacity, or a repeating trace overloads the lane in every pass.
func OverloadEnd(l *Lane) (t float64, ok bool) {
	if l.overload != nil {
		return *l.overload, true
	}
	if !l.Sustains() {
		return math.Inf(1), false
	}
	settled, period := l.settles()
	last := l.lastExcess(settled + 2*period)
	if period > 0 && last > settled {
		return math.Inf(1), false
	}
	held, ok := l.throttled()
	return max(last, held, l.cfg.Arrivals.Begins(), l.cfg.DownFor), ok
}

// throttled is the end of the overload of the throttle, 0 without one: that of
// a lane which serves its streams at the rate of the tokens.
func (l *Lane) throttled() (t float64, ok bool) {
	gate := l.cfg.Mechanisms.Throttle
	if gate == nil || gate.PerSecond == 0 {
		return 0, true
	}
	var held []Stream
	for _, st := range l.cfg.Arrivals.streams {
		if slices.Contains(gate.Streams, st.Name) {
			held = append(held, st)
		}
	}
	arrivals, err := NewArrivals(held...)
	if err != nil {
		return math.Inf(1), false
	}
	tokens, err := NewLane(Config{Arrivals: arrivals, Servers: 1, Service: Exponential{MeanTime: 1 / gate.PerSecond},
		Target: Target{Waiting: int(math.Min(gate.Burst, MaxCount))}})
	if err != nil {
		return math.Inf(1), false
	}
	return OverloadEnd(tokens)
}

// settles is an instant after which only the steady and the repeating streams
// matter, and the length of the pattern that repeats, 0 for none. Traces of
// different periods are given the sum of the periods.
func (l *Lane) settles() (at, period float64) {
	at = l.steps[len(l.steps)-1].from
	for _, j := range l.cfg.Arrivals.jumps {
		at = math.Max(at, j.At)
	}
	for _, st := range l.cfg.Arrivals.streams {
		if tr, is := st.Source.(Trace); is && tr.repeat && !tr.even() {
			period += tr.Ends()
			continue
		}
		at = math.Max(at, st.Source.Begins())
		if b := st.Source.Breaks(0, math.Inf(1)); len(b) > 0 {
			at = math.Max(at, b[len(b)-1])
		}
	}
	at = math.Max(at, 1)
	for l.cfg.Arrivals.toCome(at) > negligible*l.theta() && at < 1e200 {
		at *= 1.5
	}
	return at, period
}

// toCome is the mean number of requests after t from the streams that end.
func (a Arrivals) toCome(t float64) float64 {
	sum := 0.0
	for _, st := range a.streams {
		if st.Source.LongRun() == 0 {
			sum += st.Source.Flow(t, 1e300)
		}
	}
	return sum
}

// A knot is an instant between two of which the mean backlog of a busy lane
// only rises or only falls.
type knot struct {
	at     float64
	before float64 // mean arrivals less capacity since the first knot, just before at
	after  float64 // and just after, the jumps at it included
}

// knots lists the instants in [lo,hi] at which rates break, batches arrive or
// the arrival rate crosses the capacity, the ends included.
func (l *Lane) knots(lo, hi float64) []knot {
	at := append(l.cfg.Arrivals.Breaks(lo, hi), l.CapacityBreaks(lo, hi)...)
	for _, j := range l.cfg.Arrivals.jumps {
		at = append(at, inside(j.At, lo, hi)...)
	}
	at = append(at, lo, hi)
	slices.Sort(at)
	at = slices.Compact(at)
	at = l.withCrossings(at)
	ks := make([]knot, len(at))
	ks[0].at = at[0]
	for i := 1; i < len(at); i++ {
		rise := l.cfg.Arrivals.Flow(at[i-1], at[i]) - l.Work(at[i-1], at[i])
		ks[i] = knot{at[i], ks[i-1].after + rise, ks[i-1].after + rise}
		ks[i].after += l.jumpAt(at[i])
	}
	return ks
}

// jumpAt is the mean size of the batches at exactly t.
func (l *Lane) jumpAt(t float64) float64 {
	sum := 0.0
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At == t {
			sum += j.Size.Mean()
		}
	}
	return sum
}

// withCrossings adds to the sorted instants those at which the arrival rate
// crosses the capacity. Two crossings closer than the sampling are missed;
// what happens between them is far below theta.
func (l *Lane) withCrossings(at []float64) []float64 {
	samples := 4
	if len(at) < 200 {
		samples = 24
	}
	out := at[:1:1]
	for i := 1; i < len(at); i++ {
		a, b := at[i-1], at[i]
		if l.cfg.Arrivals.Excess(a, math.Nextafter(b, a)) != 0 {
			out = l.crossings(out, a, b, samples)
		}
		out = append(out, b)
	}
	return out
}

// crossings looks at evenly spaced instants and at ones that come
// geometrically closer to a, where decaying rates change fastest.
func (l *Lane) crossings(out []float64, a, b float64, samples int) []float64 {
	grid := make([]float64, 0, 2*samples)
	for i := 1; i < samples; i++ {
		grid = append(grid, a+(b-a)*float64(i)/float64(samples), a+math.Ldexp(b-a, -i-4))
	}
	grid = append(grid, math.Nextafter(b, a))
	slices.Sort(grid)
	mu := l.Capacity(a)
	over := func(t float64) bool { return l.cfg.Arrivals.Rate(t) > mu }
	left, was := a, over(a)
	for _, x := range grid {
		if now := over(x); now != was {
			out = append(out, bisect(left, x, func(t float64) bool { return over(t) == was }))
			was = now
		}
		left = x
	}
	return out
}

// bisect returns, to rounding, where holds turns from true at lo to false at
// hi.
func bisect(lo, hi float64, holds func(float64) bool) float64 {
	for range 200 {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// lastExcess is the last u in [0,hi] from which the mean arrivals exceed the
// capacity by more than theta over some interval (u,v], 0 if there is none.
// It goes backwards and carries the highest point still to come.
func (l *Lane) lastExcess(hi float64) float64 {
	theta := l.theta()
	ks := l.knots(0, hi)
	peak := math.Inf(-1)
	for i := len(ks) - 1; i > 0; i-- {
		peak = math.Max(peak, ks[i].after)
		if peak-ks[i].before > theta {
			return ks[i].at
		}
		peak = math.Max(peak, ks[i].before)
		if peak-ks[i-1].after > theta { // within a piece on which the backlog rises
			a, from := ks[i-1].at, ks[i-1].after
			return bisect(a, ks[i].at, func(u float64) bool {
				return peak-(from+l.cfg.Arrivals.Flow(a, u)-l.Work(a, u)) > theta
			})
		}
	}
	return 0
}
