package queueing

import (
	"runtime"
	"sync"
)

// sideBySide calls work for 0 to n-1, as many at a time as there are processors,
// and returns the error of the lowest number that failed. What work finds must
// not depend on the order.
func sideBySide(n int, work func(i int) error) error {
	if n == 1 {
		return work(0)
	}
	errs := make([]error, n)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
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
