package montecarlo

import (
	"fmt"
	"sync"
)

// ConservationError says that a replication lost or made up requests: those
// that arrived are not those that were served, refused, aged out, given up or
// left. It is a fault of the simulation itself, not of what was asked.
type ConservationError struct {
	Lane        string
	Replication int
	Arrived     int
	Settled     int // served, refused, aged out or given up
	Left        int // found in the lane or with their clients
}

func (e *ConservationError) Error() string {
	return fmt.Sprintf("montecarlo: internal error: lane %q, replication %d: %d requests arrived, but %d were settled and %d are left",
		e.Lane, e.Replication, e.Arrived, e.Settled, e.Left)
}

// conserved compares what the streams counted with the requests found to be
// left.
func (r *record) conserved(lane string, replication, left int) error {
	arrived, open := 0, 0
	for i := range r.streams {
		arrived += r.streams[i].arrived
		open += r.streams[i].left()
	}
	if open == left {
		return nil
	}
	return &ConservationError{lane, replication, arrived, arrived - open, left}
}

// faults keeps the fault of the earliest replication that has one, so that the
// same one is told for any number of workers.
type faults struct {
	mu  sync.Mutex
	at  int
	err error
}

func (f *faults) note(replication int, err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || replication < f.at {
		f.at, f.err = replication, err
	}
}
