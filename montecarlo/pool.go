package montecarlo

import (
	"slices"
	"sync"
)

// pool holds what is counted over all replications together, so that what was
// counted in the first n of them can be told from the rest once the work is
// cancelled. It keeps a run for each stretch of replications without a gap;
// runs that meet are added up, so there are hardly more of them than workers.
type pool struct {
	width int // number of counts of waits
	mu    sync.Mutex
	runs  []*run // in order, with gaps between them
	spare []*run
}

// run is what was counted in the replications from first to last-1.
type run struct {
	first, last int
	waits       []*Waits
	events      int64
}

func newPool(width int) *pool { return &pool{width: width} }

// add counts a replication, and forgets its waits in the engine. Whole numbers
// add up to the same sum in any order.
func (p *pool) add(replication int, engines []engine, place func(lane, i int) int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := p.runFor(replication)
	r := p.runs[i]
	for lane, e := range engines {
		r.events += int64(e.shown().events)
		for k, w := range e.singleWaits() {
			r.waits[place(lane, k)].merge(w)
			w.reset()
		}
	}
	if i+1 < len(p.runs) && p.runs[i+1].first == r.last {
		next := p.runs[i+1]
		r.take(next)
		p.runs, p.spare = slices.Delete(p.runs, i+1, i+2), append(p.spare, next)
	}
}

// runFor is the place of the run that ends before the replication, lengthened
// by it, or of a new one.
func (p *pool) runFor(replication int) int {
	i := len(p.runs)
	for i > 0 && p.runs[i-1].last > replication {
		i--
	}
	if i > 0 && p.runs[i-1].last == replication {
		p.runs[i-1].last++
		return i - 1
	}
	r := p.blank()
	r.first, r.last = replication, replication+1
	p.runs = slices.Insert(p.runs, i, r)
	return i
}

func (p *pool) blank() *run {
	if n := len(p.spare); n > 0 {
		r := p.spare[n-1]
		p.spare = p.spare[:n-1]
		return r
	}
	r := &run{}
	for range p.width {
		r.waits = append(r.waits, newWaits())
	}
	return r
}

// take adds the run that follows, and leaves that one blank.
func (r *run) take(next *run) {
	r.last = next.last
	r.events += next.events
	for i, w := range next.waits {
		r.waits[i].merge(w)
		w.reset()
	}
	next.events = 0
}

// prefix hands over what was counted without a gap from first on, nil for
// nothing, and forgets the rest.
func (p *pool) prefix(first int) *run {
	var found *run
	for _, r := range p.runs {
		if r.first == first {
			found = r
		}
	}
	p.runs, p.spare = nil, nil
	return found
}
