package montecarlo

import (
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Memory keeps spans of replications beyond one call, so that a simulation
// can be interrupted and taken up again, or divided among processes. Spans
// are asked for in order, one at a time. What a simulation returns is the same
// whether its spans were simulated now or recalled.
type Memory interface {
	// Recall is what was kept of the span, if it was.
	Recall(s Span) (data []byte, ok bool)
	// Keep is handed each span that was simulated.
	Keep(s Span, data []byte) error
	// Mine tells whether this process simulates the span. One that is
	// neither recalled nor mine is left out, and the simulation ends with
	// ErrElsewhere once it has been through all spans.
	Mine(s Span) bool
}

// Span is the replications from First to Last-1 of one kind of simulation,
// "drains" or "paths".
type Span struct {
	Kind        string
	First, Last int
}

// ErrElsewhere says that some spans are left to other processes.
var ErrElsewhere = errors.New("montecarlo: some replications are left to other processes")

// KeptError says that what a memory holds of a span is not what was kept of it.
type KeptError struct {
	Span Span
	Err  error
}

func (e *KeptError) Error() string {
	return fmt.Sprintf("montecarlo: replications %d to %d as kept: %s", e.Span.First, e.Span.Last-1, e.Err)
}

func (e *KeptError) Unwrap() error { return e.Err }

const (
	drainSpan = 250 // replications
	pathSpan  = 10
	spanGrow  = 128 // spans after which they are twice as long, and so on
)

// spans cuts the replications from first to last-1. Where one span ends
// depends on its first replication alone, and on last; every 1000, 2000, 4000
// and so on drain times end a span, so that a simulation of as many shares
// its spans with one that goes on.
func spans(kind string, first, last int) []Span {
	least := drainSpan
	if kind == pathsKind {
		least = pathSpan
	}
	var all []Span
	for first < last {
		size := least
		for long := spanGrow * least; first >= long; long *= 2 {
			size *= 2
		}
		end := min(last, first+size)
		all = append(all, Span{kind, first, end})
		first = end
	}
	return all
}

const (
	drainsKind = "drains"
	pathsKind  = "paths"
)

// inSpans has simulate do the replications from first to last-1 and returns
// how many were done without a gap. With a memory they are done span by span:
// recalled by read, or simulated and then written by write.
func inSpans(m Memory, kind string, first, last int, simulate func(first, last int) int,
	write func(Span, *spanWriter), read func(Span, *spanReader) error) (int, error) {
	if m == nil {
		return simulate(first, last), nil
	}
	elsewhere := false
	length := 0 // of what was kept of the span before
	for _, s := range spans(kind, first, last) {
		if data, ok := m.Recall(s); ok {
			if err := read(s, &spanReader{b: data}); err != nil {
				return s.First - first, &KeptError{s, err}
			}
			continue
		}
		if !m.Mine(s) {
			elsewhere = true
			continue
		}
		if n := simulate(s.First, s.Last); n < s.Last-s.First {
			if elsewhere {
				return 0, ErrElsewhere
			}
			return s.First - first + n, nil
		}
		kept := spanWriter{make([]byte, 0, length+length/4)}
		write(s, &kept)
		length = len(kept.b)
		if err := m.Keep(s, kept.b); err != nil {
			return s.First - first, fmt.Errorf("montecarlo: keeping replications %d to %d: %w", s.First, s.Last-1, err)
		}
	}
	if elsewhere {
		return 0, ErrElsewhere
	}
	return last - first, nil
}

// staff keeps the workers of a simulation from span to span, since each takes
// a while to compile the lanes.
type staff struct {
	make func() worker
	mu   sync.Mutex
	all  []worker
	busy int
}

// hire is a worker that is free, or a new one. New ones are made side by side.
func (s *staff) hire() worker {
	if w := s.free(); w != nil {
		return w
	}
	w := s.make()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, w)
	s.busy++
	return w
}

// free is a worker that has nothing to do, or nil.
func (s *staff) free() worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == len(s.all) {
		return nil
	}
	s.busy++
	return s.all[s.busy-1]
}

// rest has all workers free again.
func (s *staff) rest() { s.busy = 0 }

// errSpanShape says that what was kept is not of the simulation at hand.
var errSpanShape = errors.New("not of this simulation")

// errSpanValues says that what was kept holds what no simulation makes.
var errSpanValues = errors.New("values that no storm has")

// writeSpan keeps the drain times, the peaks where there are any, and the
// verdicts.
func (r *runner) writeSpan(s Span, w *spanWriter) {
	w.column(r.times[s.First:s.Last])
	if r.peaked {
		w.column(r.peaks[s.First:s.Last])
	}
	w.verdicts(r.verdicts.slice(s.First, s.Last))
}

func (r *runner) readSpan(s Span, in *spanReader) error {
	times := r.times[s.First:s.Last]
	in.column(times)
	if r.peaked {
		in.column(r.peaks[s.First:s.Last])
	}
	in.verdicts(len(times), func(i int, v Verdict) { r.verdicts.set(s.First+i, v) })
	if err := in.end(); err != nil {
		return err
	}
	if slices.ContainsFunc(times, func(t float64) bool { return !(t >= 0) }) {
		return errSpanValues
	}
	return nil
}
