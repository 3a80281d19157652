package queueing

import "math"

// bandPart is requests that came at one time.
type bandPart struct{ came, many float64 }

// bandParts is a line of them.
type bandParts struct {
	all  []bandPart
	head int
	sum  float64 // requests
}

func (q *bandParts) push(p bandPart) {
	if p.many > 0 {
		q.all = append(q.all, p)
		q.sum += p.many
	}
}

// take takes so many from the head, of which each sees.
func (q *bandParts) take(many float64, see func(bandPart)) {
	for many > 0 && q.head < len(q.all) {
		p := &q.all[q.head]
		n := math.Min(many, p.many)
		see(bandPart{p.came, n})
		many -= n
		q.lose(p, n)
	}
	q.shorten()
}

// serve takes so many from the head who are not older than a largest age, and drops those who
// are, as their turn comes; it returns how many it took.
func (q *bandParts) serve(many, t, age float64) (taken float64) {
	for many > taken && q.head < len(q.all) {
		p := &q.all[q.head]
		if t-p.came > age {
			q.lose(p, p.many)
			continue
		}
		n := math.Min(many-taken, p.many)
		taken += n
		q.lose(p, n)
	}
	q.shorten()
	return taken
}

// lose takes so many off the part at the head.
func (q *bandParts) lose(p *bandPart, many float64) {
	q.sum -= many
	if p.many -= many; p.many <= 0 {
		q.head++
	}
}

// shorten forgets the parts that are gone.
func (q *bandParts) shorten() {
	if q.head == len(q.all) {
		q.sum = 0
	}
	if q.head > len(q.all)/2 {
		q.all = append(q.all[:0], q.all[q.head:]...)
		q.head = 0
	}
}

// age is what a step makes of the line where requests may be too old: of those who came the
// last are turned away, and gone have been served.
func (w *bandPath) age(t float64, came bandComers, refused, gone, servers, kept float64) {
	w.outside.push(bandPart{t, came.held})
	in := 1.0
	if all := came.free + came.pass; all > 0 {
		in = math.Max(0, 1-refused/all)
	}
	young := 0.0
	w.outside.take(came.pass, func(p bandPart) {
		w.queue.push(bandPart{p.came, in * p.many})
		if t-p.came <= w.cfg.Mechanisms.MaxAge {
			young += p.many
		}
	})
	if w.lets != nil {
		w.lets(t, young)
	}
	w.queue.push(bandPart{t, in * came.free})
	busy := math.Min(kept, servers)
	taken := w.queue.serve(math.Max(0, busy-w.busy+gone), t, w.cfg.Mechanisms.MaxAge)
	w.busy = math.Max(0, math.Min(w.busy+taken-gone, servers))
	w.line = w.queue.sum
}

// passStale lets through those held who are too old, as they are dropped in the lane, where they
// take up no room once a server is free: with the tokens there are, of whose new ones it returns
// the share that is left.
func (w *bandPath) passStale(t, span float64) (share float64) {
	stale := 0.0
	for _, p := range w.outside.all[w.outside.head:] {
		if t-p.came <= w.cfg.Mechanisms.MaxAge {
			break
		}
		stale += p.many
	}
	stale = math.Min(stale, w.held)
	if stale <= 0 {
		return 1
	}
	share = 1
	if g := w.cfg.Mechanisms.Throttle; g.PerSecond > 0 {
		fresh := g.PerSecond * span
		stale = math.Min(stale, w.tokens+fresh)
		if used := stale - w.tokens; used > 0 {
			share = math.Max(0, 1-used/fresh)
		}
		w.tokens = math.Max(0, w.tokens-stale)
	}
	w.outside.take(stale, func(bandPart) {})
	w.held -= stale
	return share
}

// bandComers are those who come in a step: free of the throttle, held by it, and let through.
type bandComers struct{ free, held, pass float64 }
