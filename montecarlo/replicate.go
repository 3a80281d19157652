package montecarlo

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A goroutine takes so many replications at a time, up to mostAtATime, as take
// about this long: single short ones would have the cores write to the same
// lines of memory in turns, and many long ones would be lost on cancellation.
// Near the end it takes no more than its share of a quarter of what is left,
// so that all goroutines end at about the same time.
const (
	atATime     = 200 * time.Microsecond
	mostAtATime = 1024
)

// worker simulates one replication; each goroutine has its own.
type worker func(replication int)

// replicate has workers simulate replications from first to last, each once,
// and returns how many were done without a gap from first on: all of them, or
// fewer once ctx is cancelled. What lies beyond that gap is left out, since
// it would favour replications that are quickly done.
//
// make is called once for each goroutine. The order in which replications
// are done is left to chance, so a worker must write to places of its own
// replication or add whole numbers.
func replicate(ctx context.Context, o Options, first, last int, make func() worker) int {
	var (
		taken    atomic.Int64
		group    sync.WaitGroup
		progress = newProgress(o.Progress, max(last, o.Replications))
		finished = newFinished(first)
	)
	taken.Store(int64(first))
	for range min(o.Workers, last-first) {
		group.Add(1)
		go func() {
			defer group.Done()
			work := make()
			for some := 1; ctx.Err() == nil; {
				begun := time.Now()
				end := int(taken.Add(int64(some)))
				from, end := end-some, min(end, last)
				if from >= last {
					return
				}
				for r := from; r < end; r++ {
					work(r)
				}
				if ctx.Err() != nil { // one may have stopped half way
					return
				}
				finished.mark(from, end)
				if o.filled != nil {
					o.filled(from, end)
				}
				progress.step(end)
				if time.Since(begun) < atATime {
					some = min(2*some, mostAtATime)
				}
				some = max(1, min(some, (last-int(taken.Load()))/(4*o.Workers)))
			}
		}()
	}
	group.Wait()
	return finished.upTo - first
}

// finished remembers up to where all replications are done, and what is done
// beyond: as many ranges as there are goroutines.
type finished struct {
	mu    sync.Mutex
	upTo  int
	later map[int]int // ends by beginnings
}

func newFinished(first int) *finished { return &finished{upTo: first, later: map[int]int{}} }

// mark says that those from `from` to `to` are done.
func (f *finished) mark(from, to int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.later[from] = to
	for next, ok := f.later[f.upTo]; ok; next, ok = f.later[f.upTo] {
		delete(f.later, f.upTo)
		f.upTo = next
	}
}

// progress tells the caller now and then how far the work is.
type progress struct {
	mu    sync.Mutex
	tell  func(done, total int)
	total int
	every int
	done  int
}

const progressSteps = 50

func newProgress(tell func(done, total int), total int) *progress {
	return &progress{tell: tell, total: total, every: max(1, total/progressSteps)}
}

func (p *progress) step(done int) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if done > p.done && (done-p.done >= p.every || done == p.total) {
		p.done = done
		p.tell(done, p.total)
	}
}
