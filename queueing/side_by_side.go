package queueing

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// sideBySide calls work for 0 to n-1, as many at a time as there are processors,
// and returns the error of the lowest number that failed: those that follow one
// that has failed are not begun. What work finds must not depend on the order.
func sideBySide(n int, work func(i int) error) error {
	if n == 1 {
		return work(0)
	}
	errs := make([]error, n)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var failed atomic.Bool
	var group sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		if failed.Load() {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			defer func() { failed.CompareAndSwap(false, errs[i] != nil) }()
			defer catch(&errs[i])
			errs[i] = work(i)
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
