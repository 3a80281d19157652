package montecarlo

import "math"

// inbox is what is to arrive: the pending arrival of each stream that still
// has one, in the order of the streams. Of several at one instant the first
// stream's comes first.
type inbox struct {
	streams []stream
	gens    []generator // of each stream
	next    []float64   // s
	who     []int32     // the stream of each
}

func newInbox(streams []stream) inbox {
	n := len(streams)
	return inbox{streams, make([]generator, n), make([]float64, 0, n), make([]int32, 0, n)}
}

// start begins a replication with so many draws of each stream.
func (b *inbox) start(replication int, totals []int) {
	for k := range b.streams {
		st := &b.streams[k]
		b.gens[k].start(st.key, replication)
		st.feed.reset(totals[k])
	}
	b.first()
}

// first draws the first arrival of every stream.
func (b *inbox) first() {
	b.next, b.who = b.next[:0], b.who[:0]
	for k := range b.streams {
		if t := b.streams[k].feed.next(&b.gens[k]); !math.IsInf(t, 1) {
			b.next, b.who = append(b.next, t), append(b.who, int32(k))
		}
	}
}

// earliest is the place of the arrival that comes first, and its instant, +Inf
// if nothing will arrive.
func (b *inbox) earliest() (i int, at float64) {
	if len(b.next) == 0 {
		return 0, math.Inf(1)
	}
	at = b.next[0]
	for j, t := range b.next[1:] {
		if t < at {
			i, at = j+1, t
		}
	}
	return i, at
}

// draw replaces the arrival at a place by the next one of its stream. The
// commonest feed is spared the call through the interface.
func (b *inbox) draw(i int) {
	k := b.who[i]
	st := &b.streams[k]
	t := 0.0
	if st.steady != nil {
		t = st.steady.next(&b.gens[k])
	} else {
		t = st.feed.next(&b.gens[k])
	}
	b.next[i] = t
	if t > math.MaxFloat64 { // no more
		copy(b.next[i:], b.next[i+1:])
		copy(b.who[i:], b.who[i+1:])
		b.next, b.who = b.next[:len(b.next)-1], b.who[:len(b.who)-1]
	}
}

// size is the number of requests that come with the arrival at a place.
func (b *inbox) size(i int) int { return b.streams[b.who[i]].size }

// become takes the state of another inbox of the same streams.
func (b *inbox) become(o *inbox) {
	for k := range b.streams {
		b.streams[k].feed.become(o.streams[k].feed)
	}
	copy(b.gens, o.gens)
	b.next, b.who = append(b.next[:0], o.next...), append(b.who[:0], o.who...)
}
