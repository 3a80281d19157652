package fit

import (
	"fmt"
	"slices"
)

// Order is a hint at the discipline: among starts at which several requests
// waited, how often the one served was the oldest or the newest of them.
type Order struct {
	Choices        int // starts with a choice
	Oldest, Newest float64
	Discipline     string // fifo, lifo, or empty
	Words          string
}

const leastChoices = 20

// findOrder replays the log: requests wait from arrival to start. Instants
// closer than slack are not told apart. arrivals are in order, starts belong
// to them; both in ns, no Missing.
func findOrder(arrivals, starts []int64, slack int64) *Order {
	place := make([]int32, len(starts))
	for i := range place {
		place[i] = int32(i)
	}
	inOrder := slices.IsSorted(starts)
	if !inOrder {
		slices.SortStableFunc(place, func(a, b int32) int { return compareInt(starts[a], starts[b]) })
	}
	o := &Order{}
	started := make([]bool, len(starts))
	stack := []int32{}
	front, k, waiting := 0, 0, 0
	oldest, newest := 0, 0
	for _, at := range place {
		for k < len(arrivals) && arrivals[k] <= starts[at] {
			stack = append(stack, int32(k))
			k++
			waiting++
		}
		for front < len(started) && started[front] {
			front++
		}
		for len(stack) > 0 && started[stack[len(stack)-1]] {
			stack = stack[:len(stack)-1]
		}
		if waiting > 1 && len(stack) > 0 {
			o.Choices++
			if arrivals[at] <= arrivals[front]+slack {
				oldest++
			}
			if arrivals[at] >= arrivals[stack[len(stack)-1]]-slack {
				newest++
			}
		}
		started[at] = true
		waiting--
	}
	o.judge(oldest, newest)
	return o
}

func compareInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (o *Order) judge(oldest, newest int) {
	if o.Choices < leastChoices {
		o.Words = fmt.Sprintf("unknown: only %d starts had a choice of requests, %d are needed", o.Choices, leastChoices)
		return
	}
	o.Oldest, o.Newest = float64(oldest)/float64(o.Choices), float64(newest)/float64(o.Choices)
	switch {
	case o.Oldest > 0.98:
		o.Discipline = "fifo"
		o.Words = fmt.Sprintf("the oldest request was taken at %.4g %% of %d starts with a choice", 100*o.Oldest, o.Choices)
	case o.Newest > 0.9:
		o.Discipline = "lifo"
		o.Words = fmt.Sprintf("the newest request was taken at %.4g %% of %d starts with a choice", 100*o.Newest, o.Choices)
	default:
		o.Words = fmt.Sprintf("neither fifo nor lifo: the oldest was taken at %.3g %%, the newest at %.3g %% of %d starts with a choice; priorities perhaps", 100*o.Oldest, 100*o.Newest, o.Choices)
	}
}
