package queueing

import "math"

// aged follows a lane that drops at its head whoever is older than tau
// ([Mechanisms].MaxAge). With U the time until nobody of those who are there waits, as
// services will end, and V that until one who came now would begin, V = U + E, E the time
// until the next of the busy servers is free, if the last who came will be served, and V = U
// if that one will be dropped, as a server is free then. One who comes is served if V <= tau,
// and U becomes V either way. (The virtual waiting time of L. Takacs, Acta Math. Acad. Sci.
// Hungar. 6 (1955) 101, with the impatience of F. Baccelli, P. Boyer, G. Hebuterne, Adv.
// Appl. Probab. 16 (1984) 887.)
//
// Of c exponential servers E is exponential at rate sigma = c mu, and (U, whether the last is
// served), or the number k of busy servers where nobody waits, is a Markov process: U falls
// at rate 1, from 0 to k = c, or to c-1 if the last was dropped. What is above tau has been
// dropped and lies exponentially above it, so that a mass is all there is to it. Of other
// servers E is taken for a service of one server that is c times as fast: the begins of what
// waits are a renewal process of the same rate and, over long times, the same variance as the
// superposition of c that they are. Where nobody waits the services' rests are taken for
// exponential.
//
// Servers that join at an instant J, as all do when a lane comes up, take at once as many as
// they are. What would pass J gets the first of those slots, U = J with m of them taken, and
// from the last one goes on past J, where E is that of more servers.
//
// Where N may wait U is that until nobody waits of those who are there but for the last N: the
// one to come in next came N ago, and V is its time to wait but for the time since then. It is
// served with the probability that so many have come since V-tau; that is independent of U
// only of those who are far apart. k is the number in the lane, up to c+N.
//
// U is kept in cells of a width h that divides tau and the times between joins. In a time h
// all cells move by one, and those who come move a cell by whole cells with the probabilities
// that are exact where it is filled evenly. Both alternate symmetrically; two widths, h and
// h/2, are extrapolated.
type aged struct {
	problem
	agedGrid
	ages      *agedCounts // nil: nobody may wait
	mu        float64
	groups    []groupSource
	now       agedLaw
	spare     [2]agedLaw
	total     agedLaw
	member    agedLaw // of a group
	step1     agedLaw // that one member makes
	landed    []float64
	room      []float64 // the chance to be served, by cells of V
	time      float64
	part      int // of the servers that work now
	near      int // the last that is among the cells
	absorbing bool
	atoms     []Atom
	gone      []float64 // in each step
}

// agedLaw is a law, or what it changes by.
type agedLaw struct {
	busy  []float64 // by k, where nobody waits but for N
	parts []agedPart
	above float64 // all cells, dropped
}

// agedPart is where U is, from when servers join to when the next do.
type agedPart struct {
	slots           []float64 // by m, at the instant they join
	served, dropped []float64 // by cells of U, and by what becomes of the last who came
}

func (w *aged) newLaw() agedLaw {
	a := agedLaw{busy: make([]float64, w.servers()+w.waits+1)}
	for _, j := range w.joins {
		a.parts = append(a.parts, agedPart{make([]float64, j.more+1), make([]float64, w.cells), make([]float64, w.cells)})
	}
	return a
}

// newAged has the joins where they are in a grid, in cells of this width.
func (p problem) newAged(g agedGrid, ages *agedCounts) *aged {
	w := &aged{problem: p, agedGrid: g, ages: ages, mu: 1 / p.cfg.Service.Mean(), groups: p.groupSources()}
	for _, a := range []*agedLaw{&w.now, &w.spare[0], &w.spare[1], &w.total, &w.member, &w.step1} {
		*a = w.newLaw()
	}
	w.landed, w.room = make([]float64, w.cells+w.longest()), make([]float64, w.cells)
	return w
}

// all are the parts of a law with any room.
func (a *agedLaw) all() [][]float64 {
	all := [][]float64{a.busy}
	for _, p := range a.parts {
		all = append(all, p.slots, p.served, p.dropped)
	}
	return all
}

func (a *agedLaw) clear() {
	for _, x := range a.all() {
		clear(x)
	}
	a.above = 0
}

// add adds another law times a factor.
func (a *agedLaw) add(b *agedLaw, times float64) {
	from := b.all()
	for i, x := range a.all() {
		for j, y := range from[i] {
			x[j] += times * y
		}
	}
	a.above += times * b.above
}

func (a *agedLaw) mass() float64 {
	sum := a.above
	for _, x := range a.all() {
		for _, y := range x {
			sum += y
		}
	}
	return sum
}

// full is the number in the lane as no more may wait.
func (w *aged) full() int { return w.joins[w.part].servers + w.waits }

// drained tells whether k in the lane are absorbing.
func (w *aged) drained(k int) bool { return w.absorbing && (k == 0 || !w.cfg.Target.Idle) }

// come adds to the change what a law changes by as so many requests come on the mean.
func (w *aged) come(of, change *agedLaw, many float64) {
	full := w.full()
	for k, p := range of.busy[:full] {
		if !w.drained(k) {
			change.busy[k] -= many * p
			change.busy[k+1] += many * p
		}
	}
	over := 0.0 // all cells
	for s := w.part; s < len(w.joins) && w.reached(s); s++ {
		from, to := &of.parts[s], &change.parts[s]
		over = w.add(s, from.served)
		if s == w.part {
			if p := of.busy[full]; p != 0 && !w.drained(full) {
				over += w.begin0(s, 0, p)
				change.busy[full] -= many * p
			}
		} else {
			last := len(from.slots) - 1
			young := w.young(w.left(s))
			for m, p := range from.slots[:last] {
				to.slots[m] -= many * young * p
				to.slots[m+1] += many * young * p
			}
			if p := from.slots[last]; p != 0 {
				over += w.begin0(s, w.left(s), p)
				to.slots[last] -= many * p
			}
		}
		if s+1 < len(w.joins) {
			if passed := w.pass(s+1, over); w.reached(s + 1) {
				next := &change.parts[s+1]
				young := w.young(w.left(s + 1))
				next.slots[1] += many * passed * young
				next.slots[0] += many * passed * (1 - young)
				over = 0
			}
		}
		change.above += many * over
		for i, p := range w.landed[:w.cells] {
			d := from.dropped[i]
			p += d
			to.served[i] += many * (w.room[i]*p - from.served[i])
			to.dropped[i] += many * ((1-w.room[i])*p - d)
		}
	}
}

// pass takes out what has landed past the instant at which more join, and all that is over.
func (w *aged) pass(s int, over float64) float64 {
	at := w.left(s) / w.h
	if at >= float64(w.cells) {
		return over
	}
	i := max(0, int(at+1e-9))
	part := w.landed[i] * math.Min(1, math.Max(0, float64(i+1)-at))
	w.landed[i] -= part
	over += part
	for j := i + 1; j < w.cells; j++ {
		over += w.landed[j]
		w.landed[j] = 0
	}
	return over
}

// end adds what ends of services change, where no more wait than may, in so many services of
// a server. Those at the head who are too old are dropped.
func (w *aged) end(of, change *agedLaw, many float64) {
	c := w.joins[w.part].servers
	for k := 1; k <= min(c, w.full()); k++ {
		if !w.drained(k) {
			change.busy[k] -= many * float64(k) * of.busy[k]
			change.busy[k-1] += many * float64(k) * of.busy[k]
		}
	}
	if w.waits == 0 || c == 0 || w.drained(c) {
		return
	}
	more := 0.0 // those with more that wait
	rate := many * float64(c)
	for q := w.waits; q >= 0; q-- {
		p := rate * of.busy[c+q]
		if q > 0 {
			change.busy[c+q] -= p
			change.busy[c-1+q] += p * w.ages.atLeast(q)
		}
		change.busy[c-1+q] += more * w.ages.exactly(q)
		if q > 0 {
			more += p
		}
	}
}

// react lets requests come and services end, to the second order.
func (w *aged) react(from, to float64) {
	of, times := &w.now, 1.0
	w.total.clear()
	for i := range w.spare {
		change := &w.spare[i]
		change.clear()
		for _, g := range w.groups {
			mean := 0.0
			for _, source := range g.of {
				mean += source.Flow(from, to)
			}
			if mean > 0 {
				w.comeTogether(of, change, g.size, mean/float64(g.size))
			}
		}
		w.end(of, change, w.mu*(to-from))
		times /= float64(i + 1)
		w.total.add(change, times)
		of = change
	}
	w.now.add(&w.total, 1)
}

// comeTogether is come for groups of a size.
func (w *aged) comeTogether(of, change *agedLaw, size int, many float64) {
	if size == 1 {
		w.come(of, change, many)
		return
	}
	w.member.clear()
	w.member.add(of, 1)
	for range size {
		w.step1.clear()
		w.come(&w.member, &w.step1, 1)
		w.member.add(&w.step1, 1)
	}
	change.add(&w.member, many)
	change.add(of, -many)
}

// fall lets a time go by, at most that of a cell, and returns what is absorbed.
func (w *aged) fall(dt float64) float64 {
	share, last := dt/w.h, w.cells-1
	for s := w.part; s < len(w.joins) && w.reached(s); s++ {
		p := &w.now.parts[s]
		for i, x := range [...][]float64{p.served, p.dropped} {
			first := share * x[0]
			if k := w.full() - i; s > w.part || k < 0 {
				first = 0
			} else {
				w.now.busy[k] += first
			}
			x[0] -= first
			for j := range last {
				part := share * x[j+1]
				x[j] += part
				x[j+1] -= part
			}
		}
	}
	below := -math.Expm1(-w.mu * float64(w.joins[w.near].servers) * dt)
	w.now.parts[w.near].dropped[last] += w.now.above * below
	w.now.above -= w.now.above * below
	return w.takeOut()
}

// takeOut takes out what is absorbed.
func (w *aged) takeOut() (sum float64) {
	for k := range w.full() + 1 {
		if w.drained(k) {
			sum += w.now.busy[k]
			w.now.busy[k] = 0
		}
	}
	return sum
}

// step goes on by dt and returns what is absorbed.
func (w *aged) step(dt float64) float64 {
	half := w.time + dt/2
	w.await(w.time + dt/4)
	w.react(w.time, half)
	gone := w.takeOut() + w.fall(dt)
	w.time += dt
	w.await(half + dt/4)
	w.react(half, w.time)
	return gone + w.takeOut()
}

// await sets who is too old around a time.
func (w *aged) await(t float64) {
	if w.ages != nil {
		w.ages.at(t, w.absorbing && !w.cfg.Target.Idle)
	}
	for i := range w.room {
		w.room[i] = w.young((float64(i) + 0.5) * w.h)
	}
}

// young is the chance that one is not too old with so long to go.
func (w *aged) young(left float64) float64 {
	if w.ages != nil {
		return w.ages.young(left)
	}
	return indicator(left <= w.cfg.Mechanisms.MaxAge*(1+1e-9))
}

// join lets the servers of a part begin.
func (w *aged) join(s int) {
	before, gone := w.joins[s-1].servers+w.waits, w.now.parts[s-1]
	for i, x := range [...][]float64{gone.served, gone.dropped} {
		for j, p := range x {
			w.now.busy[max(0, before-i)] += p
			x[j] = 0
		}
	}
	slots := w.now.parts[s].slots
	for m, p := range slots {
		w.now.busy[before+m] += p
		slots[m] = 0
	}
	w.part = s
}

// batch lets a number of requests come one after the other.
func (w *aged) batch(n law) {
	sum := w.newLaw()
	w.await(w.time)
	for k := 0; k <= n.hi(); k++ {
		if k > 0 {
			if w.ages != nil && k <= w.waits+1 {
				w.ages.came = k - 1
				w.await(w.time)
			}
			w.spare[0].clear()
			w.come(&w.now, &w.spare[0], 1)
			w.now.add(&w.spare[0], 1)
		}
		if k >= n.lo {
			sum.add(&w.now, n.p[k-n.lo])
		}
	}
	w.now = sum
	if w.ages != nil {
		w.ages.came = 0
	}
}
