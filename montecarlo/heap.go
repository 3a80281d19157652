package montecarlo

// timer is something that happens to a slot at an instant. Timers of the same
// instant go in the order in which they were set.
type timer struct {
	at   float64
	seq  uint32
	slot int32
}

func (a timer) before(b timer) bool {
	return a.at < b.at || a.at == b.at && int32(a.seq-b.seq) < 0
}

// timers is a binary heap of timers, the first at its root.
type timers struct {
	heap []timer
	seq  uint32
}

func (q *timers) reset()       { q.heap, q.seq = q.heap[:0], 0 }
func (q *timers) empty() bool  { return len(q.heap) == 0 }
func (q *timers) first() timer { return q.heap[0] }

func (q *timers) push(at float64, slot int32) {
	x := timer{at, q.seq, slot}
	q.seq++
	q.heap = append(q.heap, x)
	h := q.heap
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = x
}

func (q *timers) pop() timer {
	h := q.heap
	top, x := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	q.heap = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(x) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = x
	return top
}

// ring is a first-in first-out list of timers whose instants never decrease.
type ring struct {
	items      []timer // length a power of two
	head, tail int
}

func (r *ring) reset()       { r.head, r.tail = 0, 0 }
func (r *ring) empty() bool  { return r.head == r.tail }
func (r *ring) first() timer { return r.items[r.head&(len(r.items)-1)] }
func (r *ring) drop()        { r.head++ }
func (r *ring) push(x timer) {
	if r.tail-r.head == len(r.items) {
		r.grow()
	}
	r.items[r.tail&(len(r.items)-1)] = x
	r.tail++
}

func (r *ring) grow() {
	more := make([]timer, max(64, 2*len(r.items)))
	for i := r.head; i < r.tail; i++ {
		more[i&(len(more)-1)] = r.items[i&(len(r.items)-1)]
	}
	r.items = more
}

// each visits the timers in order.
func (r *ring) each(see func(timer)) {
	for i := r.head; i < r.tail; i++ {
		see(r.items[i&(len(r.items)-1)])
	}
}
