package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// overloadEnd is t* of the lane in seconds, +Inf if overload never ends.
func overloadEnd(l *queueing.Lane) float64 {
	t, ok := queueing.OverloadEnd(l)
	if !ok {
		return math.Inf(1)
	}
	return t
}
