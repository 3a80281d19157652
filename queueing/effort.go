package queueing

import (
	"fmt"
	"sync"
)

// The states times jumps that all chains of one way of solving may take
// together, some eight seconds and some two: finite streams take as many
// chains as their numbers take to be fixed.
const (
	chainEffort = 1e9
	roughEffort = 2e8
)

// effort bounds the work of several chains, which may go on side by side. It
// is exceeded or not whatever the order in which they spend it.
type effort struct {
	mu    sync.Mutex
	most  float64
	spent float64
}

func newEffort(most float64) *effort { return &effort{most: most} }

// spend takes some more, and refuses once all is taken. A nil effort is
// without end.
func (e *effort) spend(work float64) error {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.spent += work; e.spent > e.most {
		return &UnsupportedError{Chain, fmt.Sprintf("following chains takes more than %.0e states times jumps", e.most)}
	}
	return nil
}
