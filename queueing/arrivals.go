package queueing

import (
	"errors"
	"fmt"
	"slices"
	"sort"
)

// Arrivals is the superposition of independent streams. The zero value is no
// arrivals at all.
type Arrivals struct {
	streams []Stream
	jumps   []Jump
}

// NewArrivals validates the streams, whose names must differ, and adds them
// up.
func NewArrivals(streams ...Stream) (Arrivals, error) {
	var errs []error
	seen := map[string]bool{}
	a := Arrivals{streams: slices.Clone(streams)}
	for _, s := range streams {
		if seen[s.Name] {
			errs = append(errs, fmt.Errorf("queueing: two streams are named %q", s.Name))
		}
		seen[s.Name] = true
		if err := s.validate(); err != nil {
			errs = append(errs, fmt.Errorf("stream %q: %w", s.Name, err))
			continue
		}
		a.jumps = append(a.jumps, s.Source.Jumps()...)
	}
	sort.SliceStable(a.jumps, func(i, j int) bool { return a.jumps[i].At < a.jumps[j].At })
	return a, errors.Join(errs...)
}

func (s Stream) validate() error {
	if s.Source == nil {
		return &FieldError{"Stream.Source", nil, "a source"}
	}
	return errors.Join(countBetween("Stream.Priority", s.Priority, 0, 9), s.Source.Validate())
}

// Streams lists the streams in the order given.
func (a Arrivals) Streams() []Stream { return slices.Clone(a.streams) }

// Rate is the intensity at t in requests per second, jumps excluded.
func (a Arrivals) Rate(t float64) float64 {
	sum := 0.0
	for _, s := range a.streams {
		sum += s.Source.Rate(t)
	}
	return sum
}

// Flow is the mean number of requests in (s,t], jumps excluded.
func (a Arrivals) Flow(s, t float64) float64 {
	sum := 0.0
	for _, st := range a.streams {
		sum += st.Source.Flow(s, t)
	}
	return sum
}

// Excess is Flow(s,t) - Rate(t)*(t-s), without cancellation.
func (a Arrivals) Excess(s, t float64) float64 {
	sum := 0.0
	for _, st := range a.streams {
		sum += st.Source.Excess(s, t)
	}
	return sum
}

// Mean is the expected number of requests in (s,t], jumps included.
func (a Arrivals) Mean(s, t float64) float64 {
	sum := a.Flow(s, t)
	for _, j := range a.jumps {
		if j.At > s && j.At <= t {
			sum += j.Size.Mean()
		}
	}
	return sum
}

// Count is the law of the number of requests in (s,t], jumps included.
func (a Arrivals) Count(s, t float64) Count {
	var c Count
	for _, st := range a.streams {
		c = c.Plus(st.Source.Count(s, t))
	}
	return c
}

// Jumps lists the batches at fixed instants in order of time, those at 0
// included.
func (a Arrivals) Jumps() []Jump { return slices.Clone(a.jumps) }

// batches is the law of the number that the batches in (s,t] bring.
func (a Arrivals) batches(s, t float64) (c Count) {
	for _, j := range a.jumps {
		if j.At > s && j.At <= t {
			c = c.Plus(j.Size)
		}
	}
	return c
}

// Breaks lists the instants in (lo,hi) at which the intensity is not smooth,
// in order and each once. Jumps are not among them unless the intensity
// breaks there too.
func (a Arrivals) Breaks(lo, hi float64) []float64 {
	var all []float64
	for _, st := range a.streams {
		all = append(all, st.Source.Breaks(lo, hi)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Begins is the instant at which the last incident stream starts.
func (a Arrivals) Begins() float64 {
	last := 0.0
	for _, st := range a.streams {
		last = max(last, st.Source.Begins())
	}
	return last
}

// LongRun is the mean rate in the long run, in requests per second.
func (a Arrivals) LongRun() float64 {
	sum := 0.0
	for _, st := range a.streams {
		sum += st.Source.LongRun()
	}
	return sum
}
