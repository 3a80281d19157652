package queueing

import (
	"fmt"
	"math"
	"sync"
)

// The states times jumps that all chains of one way of solving may take
// together, some four seconds each: finite streams take as many chains as their
// numbers take to be fixed. At complex means they take longer.
const (
	chainEffort  = 5e8
	roughEffort  = 6e8
	circleEffort = 1.2e9
)

// effort bounds the work of several chains, which may go on side by side. It
// is exceeded or not whatever the order in which they spend it.
type effort struct {
	mu    sync.Mutex
	most  float64
	spent float64
	whole float64 // that this is a share of
}

func newEffort(most float64) *effort { return &effort{most: most, whole: most} }

// unevenShares is how many times its even share one of several like chains may
// take: if it needs more, all of them will hardly do with what there is.
const unevenShares = 1.5

// share is for one of n chains that take about as much as each other. The first that
// needs too much shows that all of them would, before the others have spent it.
func (e *effort) share(n int) *effort {
	if e == nil {
		return nil
	}
	return &effort{most: e.most * math.Min(1, unevenShares/float64(n)), whole: e.whole}
}

// spend takes some more, and refuses once all is taken. A nil effort is
// without end.
func (e *effort) spend(work float64) error {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.spent += work; e.spent > e.most {
		return &UnsupportedError{Chain, fmt.Sprintf("following chains takes more than %.0e states times jumps", e.whole)}
	}
	return nil
}

// left is what may still be spent.
func (e *effort) left() float64 {
	if e == nil {
		return math.Inf(1)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.most - e.spent
}
