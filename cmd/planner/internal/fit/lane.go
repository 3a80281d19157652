package fit

import (
	"math"
	"sort"

	"singlelane/cmd/planner/internal/fit/trace"
)

// Lane is the requests in the lane over time, waiting or in service, as
// measured.
type Lane struct {
	Times  []float64 // s from the trace's first instant
	In     []float64 // requests at Times
	Peak   float64
	PeakAt float64 // s
	End    float64 // requests at the trace's end
}

// gridPoints of a backlog that is drawn.
const gridPoints = 480

// laneOf counts arrivals less ends, both sorted, in ns.
func laneOf(arrivals, ends []int64, last int64) *Lane {
	l := &Lane{}
	step := max(last/gridPoints, 1)
	next := int64(0)
	n, i, j := 0, 0, 0
	for i < len(arrivals) || j < len(ends) {
		at := int64(math.MaxInt64)
		if i < len(arrivals) {
			at = arrivals[i]
		}
		arrival := true
		if j < len(ends) && ends[j] <= at {
			at, arrival = ends[j], false
		}
		for ; next < at && next <= last; next += step {
			l.Times, l.In = append(l.Times, float64(next)/1e9), append(l.In, float64(n))
		}
		if arrival {
			n++
			i++
		} else {
			n--
			j++
		}
		if float64(n) > l.Peak {
			l.Peak, l.PeakAt = float64(n), float64(at)/1e9
		}
	}
	for ; next <= last; next += step {
		l.Times, l.In = append(l.Times, float64(next)/1e9), append(l.In, float64(n))
	}
	l.End = float64(n)
	return l
}

// At is the number in the lane at t, that of the last instant measured.
func (l *Lane) At(t float64) float64 {
	i := sort.SearchFloat64s(l.Times, t)
	if i < len(l.Times) && l.Times[i] == t {
		return l.In[i]
	}
	return l.In[max(i-1, 0)]
}

// Last is the last arrival, or instant of a series, in s from the first.
func Last(t *trace.Trace) float64 {
	if s := t.Series; s != nil {
		return trace.Seconds(s.Times[len(s.Times)-1])
	}
	return trace.Seconds(t.Requests.Arrival[t.Requests.N()-1])
}

// LaneOf is the requests in the lane as the trace shows them, nil where it
// does not.
func LaneOf(t *trace.Trace) *Lane {
	f := &Fit{}
	switch s, r := t.Series, t.Requests; {
	case s != nil && s.Depth != nil:
		times := make([]float64, len(s.Times))
		for i, at := range s.Times {
			times[i] = trace.Seconds(at)
		}
		f.depthLane(times, s.Depth)
	case r != nil && r.End != nil && !r.NoWaits:
		last := r.Arrival[r.N()-1]
		for _, e := range r.End {
			last = max(last, e)
		}
		f.lane(r.Arrival, r.End, last)
	}
	return f.Lane
}

// Thinned keeps at most n instants, evenly spread, the first among them.
func (l *Lane) Thinned(n int) (times, in []float64) {
	step := max(1, (len(l.Times)+n-1)/n)
	for i := 0; i < len(l.Times); i += step {
		times, in = append(times, l.Times[i]), append(in, l.In[i])
	}
	return times, in
}
