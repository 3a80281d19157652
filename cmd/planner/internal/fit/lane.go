package fit

import (
	"math"
	"sort"
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
