package queueing

import "math"

// agedServer follows one server, of whatever service, that drops at its head whoever is
// older than tau. With V the time until one who came now would begin, it is served if
// V <= tau, and V becomes V + S then; V falls at rate 1 and is a Markov process, whatever
// the law of S (L. Takacs, Acta Math. Acad. Sci. Hungar. 6 (1955) 101; with impatience F.
// Baccelli, P. Boyer, G. Hebuterne, Adv. Appl. Probab. 16 (1984) 887). Whether somebody
// waits is more: with U the time until nobody of those who are there waits,
//
//	nobody waits                 V = the rest of the service
//	the last will be served      V = U + S, with S that one's service, not known yet
//	the last will be dropped     V = U: the server is free then, and drops it
//
// One who comes turns U into V, and is served if V <= tau. Where U is 0 the one who is to be
// served begins, or all are gone. While the lane is down V is the time until it is up as
// long as nobody will be served, and from then on that and a service.
//
// The instant U ahead is on a grid of instants h apart, which U's fall does not move: the
// cell of j steps ahead, half before and half after, is evenly filled. One step lets as many
// come as do in h, with the cells where they are in its middle, and goes on by one cell.
// Services of equal length are whole numbers of cells long, and lead from point to point,
// which the time that passes in a step does not blur: one who comes as U falls from jh to
// (j-1)h is served if j <= tau/h. The error is of the order h^2, and two widths are
// extrapolated.
type agedServer struct {
	problem
	*agedKernel
	limit     float64 // tau, in cells
	origin    float64 // s, the instant of step 0
	at        int     // step
	upStep    int     // in which the lane comes up
	upPhase   float64
	fresh     []float64 // where a service ends of one who comes to an idle server in a step
	first     []float64 // that begins as the lane comes up
	now, next serverLaw
	sum       serverLaw
	added     []float64
	groups    []groupSource
	anchors   []int // steps that begin as the lane comes up or a batch does
	absorbing bool
	unlikely  float64   // number of those who come in a step that is left out
	unsure    float64   // mass that may be on the other side of tau
	atom      float64   // at begin
	gone      []float64 // in each step from begin on
	from      int       // the step of begin
}

// serverLaw is a law of where the server and the last who came are.
type serverLaw struct {
	none, one             float64 // are to be served as the lane comes up
	idle                  float64
	busy, served, dropped []float64 // by cells: nobody waits, or what becomes of the last
}

func newServerLaw(cells int) serverLaw {
	return serverLaw{busy: make([]float64, cells), served: make([]float64, cells), dropped: make([]float64, cells)}
}

func (a *serverLaw) cells() [3][]float64 { return [...][]float64{a.busy, a.served, a.dropped} }

func (a *serverLaw) clear() {
	a.none, a.one, a.idle = 0, 0, 0
	for _, x := range a.cells() {
		clear(x)
	}
}

func (a *serverLaw) add(b *serverLaw, times float64) {
	a.none += times * b.none
	a.one += times * b.one
	a.idle += times * b.idle
	from := b.cells()
	for i, x := range a.cells() {
		for j, y := range from[i] {
			x[j] += times * y
		}
	}
}

func (a *serverLaw) mass() float64 {
	sum := a.none + a.one + a.idle
	for _, x := range a.cells() {
		for _, y := range x {
			sum += y
		}
	}
	return sum
}

// newAgedServer has cells that are halfway at begin, or points one of which is the instant
// at which the lane comes up.
func (p problem) newAgedServer(v agedWidths) *agedServer {
	w := &agedServer{problem: p, agedKernel: newAgedKernel(p.cfg.Service, v), limit: p.cfg.Mechanisms.MaxAge / v.h}
	w.origin = p.begin - w.h/2
	if w.whole > 0 {
		w.origin = p.cfg.DownFor
	}
	cells := int(w.limit) + len(w.more) + 6
	w.now, w.next, w.sum, w.added = newServerLaw(cells), newServerLaw(cells), newServerLaw(cells), make([]float64, cells)
	w.fresh = w.begun(0, 1)
	w.upStep, w.upPhase = w.place(p.cfg.DownFor)
	w.first = w.begun(w.upPhase, w.upPhase)
	w.groups, w.anchors = p.groupSources(), []int{w.upStep}
	for _, j := range p.cfg.Arrivals.jumps {
		if step, phase := w.place(j.At); phase < 1e-6 {
			w.anchors = append(w.anchors, step)
		}
	}
	w.at, _ = w.place(0)
	return w
}

// place is the step of an instant, and the part of it that is gone.
func (w *agedServer) place(t float64) (step int, phase float64) {
	x := (t - w.origin) / w.h
	i := math.Floor(x + 1e-7)
	return int(i), math.Max(0, x-i)
}

// room is the chance that one who comes between two parts of a step is served, with the
// time until that would begin in cell j.
func (w *agedServer) room(j int, from, to float64) float64 {
	switch {
	case w.whole == 0:
		return math.Min(1, math.Max(0, w.limit+(from+to)/2+0.5-float64(j)))
	case to-from < 1e-6:
		return indicator(float64(j) <= w.limit+to+1e-7)
	}
	return math.Min(1, math.Max(0, (w.limit+to-float64(j))/(to-from)))
}

// rooms are the last cell with room for sure, and the first with none.
func (w *agedServer) rooms(from, to float64) (least, most int) {
	least = max(-1, int(w.limit)-2)
	for w.room(least+1, from, to) == 1 {
		least++
	}
	for most = least + 1; w.room(most, from, to) > 0; {
		most++
	}
	return least, most
}

// come makes of a law the next, as one request comes between two parts of a step, and
// returns what that changes. A service that one begins with an idle server ends where
// fresh says.
func (w *agedServer) come(from, to float64, fresh []float64) (moved float64) {
	a, b := &w.now, &w.next
	w.agedKernel.add(w.added, a.served) // V of those
	if a.one > 0 {
		for j, p := range w.first {
			w.added[max(1, j+w.upStep-w.at)] += a.one * p
		}
	}
	b.none, b.one, b.idle = a.none, 0, a.idle*fresh[0]
	if float64(w.upStep-w.at)+w.upPhase-(from+to)/2 <= w.limit+1e-7 {
		b.none, b.one = 0, a.none
	}
	moved = b.one + a.idle
	least, most := w.rooms(from, to)
	for j, p := range w.added {
		var r float64
		switch {
		case j <= least:
			r = 1
		case j < most:
			r = w.room(j, from, to)
		}
		p += a.busy[j]
		moved += p + r*a.dropped[j]
		b.busy[j], b.served[j], b.dropped[j] = 0, r*(p+a.dropped[j]), (1-r)*(p+a.dropped[j])
	}
	if a.idle > 0 {
		for j := 1; j < len(fresh); j++ {
			b.busy[j] = a.idle * fresh[j]
		}
	}
	w.now, w.next = w.next, w.now
	return moved
}

// batch lets a number of requests come, as long as that makes a difference.
func (w *agedServer) batch(n law, from, to float64) {
	fresh := w.fresh
	if from > 0 || to < 1 {
		fresh = w.begun(from, to)
	}
	w.sum.clear()
	left, idle := n.mass(), w.now.idle
	unsure := 0.0
	for k := 0; k <= n.hi(); k++ {
		if k > 0 {
			if w.come(from, to, fresh) < agedLeft*1e-4 {
				break
			}
			if w.whole > 0 && from == to && from > 1e-6 {
				unsure += w.nearEdge(to)
			}
		}
		if k >= n.lo {
			w.sum.add(&w.now, n.p[k-n.lo])
			left -= n.p[k-n.lo]
		}
	}
	w.sum.add(&w.now, math.Max(0, left))
	w.now, w.sum = w.sum, w.now
	w.unsure += math.Min(idle, unsure)
}

// nearEdge is the mass of V that is tau but for a cell, which it is shared with.
func (w *agedServer) nearEdge(phase float64) (sum float64) {
	for j := max(0, int(w.limit+phase-1)); j < len(w.added) && float64(j) <= w.limit+phase+1; j++ {
		sum += w.added[j] + w.next.busy[j] + w.next.dropped[j]
	}
	return sum
}

// rise lets the lane come up.
func (w *agedServer) rise() {
	w.now.idle += w.now.none
	for j, p := range w.first {
		if j == 0 {
			w.now.idle += w.now.one * p
		} else {
			w.now.busy[j] += w.now.one * p
		}
	}
	w.now.none, w.now.one = 0, 0
}

// fall goes on to the next step.
func (w *agedServer) fall() (gone float64) {
	for _, x := range w.now.cells() {
		copy(x, x[1:])
		x[len(x)-1] = 0
	}
	w.now.idle += w.now.busy[0] + w.now.dropped[0]
	begin := w.now.served[0]
	w.now.busy[0], w.now.served[0], w.now.dropped[0] = 0, 0, 0
	w.at++
	if begin > 0 {
		w.now.idle += begin * w.more[0]
		for j, p := range w.more[1:] {
			w.now.busy[j+1] += begin * p
		}
	}
	return w.takeOut()
}

// takeOut takes out what is absorbed.
func (w *agedServer) takeOut() (sum float64) {
	if !w.absorbing {
		return 0
	}
	sum, w.now.idle = w.now.idle, 0
	if !w.cfg.Target.Idle {
		for j, p := range w.now.busy {
			sum += p
			w.now.busy[j] = 0
		}
	}
	return sum
}
