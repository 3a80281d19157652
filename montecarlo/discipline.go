package montecarlo

import (
	"math/bits"

	"singlelane/queueing"
)

// waitingLine holds the attempts that wait in the lane, in the order in which
// they will be taken into service.
type waitingLine struct {
	order    queueing.Discipline
	lists    [10]list // by priority; only the first unless urgent go first
	occupied uint16   // the lists that are not empty, as bits
	n        int
}

func (w *waitingLine) reset() {
	for i := range w.lists {
		w.lists[i].reset()
	}
	w.occupied, w.n = 0, 0
}

func (w *waitingLine) push(s *slots, i int32, priority int) {
	w.n++
	switch w.order {
	case queueing.LIFO:
		w.lists[0].pushFront(s, i)
		w.occupied = 1
	case queueing.UrgentFirst:
		w.lists[priority].pushBack(s, i)
		w.occupied |= 1 << priority
	default:
		w.lists[0].pushBack(s, i)
		w.occupied = 1
	}
}

// pop takes out the next one; there must be one.
func (w *waitingLine) pop(s *slots) int32 {
	p := bits.TrailingZeros16(w.occupied)
	l := &w.lists[p]
	i := l.pop(s)
	if l.empty() {
		w.occupied &^= 1 << p
	}
	w.n--
	return i
}
