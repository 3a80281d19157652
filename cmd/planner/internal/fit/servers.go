package fit

import (
	"fmt"
	"math"
	"slices"
)

// Servers is how many work in parallel. While requests wait every server is
// busy, so the number in service then is the number of servers: a plateau. A
// log that knows no waits shows a plateau only if the largest number is held
// for long; else it is a lower bound.
type Servers struct {
	Count   int
	Given   bool    // by the user
	Plateau bool    // the largest number is held, and not just touched
	Share   float64 // of the time in which requests wait (or of all), at Count
	Largest int     // in service at once
	Reason  string
}

// occupancy is the time spent at each number in service, in s, over all and
// while requests wait.
type occupancy struct {
	all, waiting []float64
	visits       []int
}

const mostServers = 1_000_000

// occupied sweeps the starts and ends, and the arrivals where waits are known,
// all sorted and in ns. At one instant arrivals come first, then ends, then
// starts; an end counts slack earlier, since the log rounds.
func occupied(arrivals, starts, ends []int64, slack int64, waits bool) occupancy {
	if !waits {
		arrivals = nil
	}
	var o occupancy
	i, j, k := 0, 0, 0 // starts, ends and arrivals that have been
	last := starts[0]
	for i < len(starts) || j < len(ends) {
		at, kind := int64(math.MaxInt64), 0
		if i < len(starts) {
			at, kind = starts[i], 1
		}
		if j < i && ends[j]-slack <= at {
			at, kind = ends[j]-slack, 2
		}
		if k < len(arrivals) && arrivals[k] <= at {
			at, kind = arrivals[k], 3
		}
		o.spend(i-j, k-i, float64(max(at-last, 0))/1e9)
		last = max(last, at)
		switch kind {
		case 1:
			i++
			o.visit(i - j)
		case 2:
			j++
		case 3:
			k++
		}
	}
	return o
}

func (o *occupancy) visit(busy int) {
	for len(o.visits) <= min(busy, mostServers) {
		o.visits = append(o.visits, 0)
	}
	o.visits[min(busy, mostServers)]++
}

func (o *occupancy) spend(busy, waiting int, time float64) {
	busy = min(busy, mostServers)
	for len(o.all) <= busy {
		o.all, o.waiting = append(o.all, 0), append(o.waiting, 0)
	}
	o.all[busy] += time
	if waiting > 0 {
		o.waiting[busy] += time
	}
}

const (
	plateauShare  = 0.05 // of all time at the largest number, where waits are unknown
	plateauVisits = 10
)

// findServers reads the number of servers off the occupancy.
func findServers(o occupancy, given int, waits bool) (*Servers, []string) {
	s := &Servers{Largest: len(o.visits) - 1}
	s.Count = max(1, s.Largest)
	var warnings []string
	waited, atMost := 0.0, 0.0
	if len(o.waiting) > 1 {
		waited = sum(o.waiting[1:]) // with none in service the lane is down
	}
	if waits && waited > 0 {
		if o.waiting[0] > plateauShare*(waited+o.waiting[0]) {
			warnings = append(warnings, fmt.Sprintf("for %.4g s requests waited and none was in service: was the lane down? down_for says so", o.waiting[0]))
		}
		s.Count = 1 + argMax(o.waiting[1:])
		s.Share = o.waiting[s.Count] / waited
		s.Plateau = s.Share > 0.8 && o.visits[s.Count] >= plateauVisits
		s.Reason = fmt.Sprintf("%d were in service for %.3g %% of the %.4g s in which requests waited", s.Count, 100*s.Share, waited)
	} else if s.Count < len(o.all) {
		atMost = o.all[s.Count] / sum(o.all)
		s.Share = atMost
		s.Plateau = !waits && atMost > plateauShare && o.visits[s.Count] >= plateauVisits
		s.Reason = fmt.Sprintf("%d were in service at once, for %.3g %% of the time", s.Count, 100*atMost)
	} else {
		s.Reason = fmt.Sprintf("%d were in service at once", s.Count)
	}
	switch {
	case given > 0:
		s.Given, s.Count, s.Plateau = true, given, true
		if s.Largest > given {
			warnings = append(warnings, fmt.Sprintf("%d servers were given, the log shows %d requests in service at once", given, s.Largest))
		}
		s.Reason = "given; the log: " + s.Reason
	case !s.Plateau && waits && waited == 0:
		warnings = append(warnings, fmt.Sprintf("nothing ever waited: %d in service at once is only the least number of servers that there are", s.Largest))
	case !s.Plateau:
		warnings = append(warnings, fmt.Sprintf("no plateau of requests in service: %d is the most seen (%s), the number of servers is uncertain; --servers N sets it", s.Largest, s.Reason))
	}
	return s, warnings
}

func sum(xs []float64) (s float64) {
	for _, x := range xs {
		s += x
	}
	return s
}

func argMax(xs []float64) int {
	if len(xs) == 0 {
		return 0
	}
	return slices.Index(xs, slices.Max(xs))
}
