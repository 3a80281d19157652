package study

import "sync/atomic"

// counted counts answers of a study whose number is found on the way. A nil one
// counts nothing.
type counted struct {
	done, total atomic.Int64
	report      func(done, total int)
}

// expect says that n more answers are to come.
func (t *counted) expect(n int) {
	if t != nil {
		t.total.Add(int64(n))
	}
}

// one answer more is done.
func (t *counted) one() {
	if t == nil {
		return
	}
	if done := t.done.Add(1); t.report != nil {
		t.report(int(done), int(t.total.Load()))
	}
}
