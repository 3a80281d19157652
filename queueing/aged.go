package queueing

import "math"

// aged follows a lane of c exponential servers that drops at its head whoever is older than
// tau ([Mechanisms].MaxAge). With U the time until nobody of those who are there waits, as
// services will end, and V that until one who came now would begin, V = U + E, E
// exponential at rate sigma = c mu, if the last who came will be served, and V = U if that
// one will be dropped, as a server is free then. One who comes is served if V <= tau, and U
// becomes V either way. So (U, whether the last is served), or the number k of busy servers
// where nobody waits, is a Markov process: U falls at rate 1, from 0 to k = c, or to c-1 if
// the last was dropped. (The virtual waiting time of L. Takacs, Acta Math. Acad. Sci.
// Hungar. 6 (1955) 101, with the impatience of F. Baccelli, P. Boyer, G. Hebuterne, Adv.
// Appl. Probab. 16 (1984) 887.) What is above tau has been dropped and lies exponentially
// above it, so that a mass is all there is to it.
//
// While the lane is down k are to begin as it comes up, and U is the time until then; from
// k = c on it is longer.
//
// U is kept in cells of a width h that divides tau. In a time h all cells move by one, and
// those who come move a cell by whole cells with the probabilities that are exact where it is
// filled evenly. Both alternate symmetrically; two widths, h and h/2, are extrapolated.
type aged struct {
	problem
	mu, h     float64
	passes    float64 // exp(-sigma h), the probability that E passes a cell
	leaves    float64 // (1-exp(-sigma h))/(sigma h), that it leaves the one where it begins
	now       agedLaw
	spare     [2]agedLaw
	total     agedLaw
	time      float64
	left      float64 // s until the lane is up
	down      bool
	young     bool // whether one who comes now will not be too old then
	absorbing bool
	atom      float64   // at begin
	gone      []float64 // in each step
}

// agedLaw is a law, or what it changes by.
type agedLaw struct {
	busy            []float64 // by k, where nobody waits
	served, dropped []float64 // by cells of U, and by what becomes of the last who came
	above           float64   // tau, dropped
}

const (
	agedCell   = 0.1 // services of all servers in a cell, at least
	agedLeft   = 1e-10
	agedWork   = 4e9 // multiplications
	agedEach   = 60  // of them for each cell and step, of both widths
	agedMost   = 2e5 // cells; steps
	agedFewest = 24  // cells, where that takes few steps
	agedSoon   = 2e4
	agedGroups = 2  // times as much is stated where the number of groups is fixed
	agedFew    = 20 // groups, whose number is not fixed well
	agedLate   = 1e-4
)

func newAgedLaw(servers, cells int) agedLaw {
	return agedLaw{busy: make([]float64, servers+1), served: make([]float64, cells), dropped: make([]float64, cells)}
}

func (p problem) newAged(cells int) *aged {
	c := p.FinalServers()
	w := &aged{problem: p, mu: 1 / p.cfg.Service.Mean(), h: p.cfg.Mechanisms.MaxAge / float64(cells), now: newAgedLaw(c, cells)}
	x := w.mu * float64(c) * w.h
	w.passes, w.leaves = math.Exp(-x), -math.Expm1(-x)/x
	w.spare, w.total = [2]agedLaw{newAgedLaw(c, cells), newAgedLaw(c, cells)}, newAgedLaw(c, cells)
	return w
}

func (a *agedLaw) clear() {
	clear(a.busy)
	clear(a.served)
	clear(a.dropped)
	a.above = 0
}

// add adds another law times a factor.
func (a *agedLaw) add(b *agedLaw, times float64) {
	for _, x := range [...][2][]float64{{a.busy, b.busy}, {a.served, b.served}, {a.dropped, b.dropped}} {
		for i, y := range x[1] {
			x[0][i] += times * y
		}
	}
	a.above += times * b.above
}

func (a *agedLaw) mass() float64 {
	sum := a.above
	for _, x := range [...][]float64{a.busy, a.served, a.dropped} {
		for _, y := range x {
			sum += y
		}
	}
	return sum
}

// drained tells whether k busy servers, and nobody who waits, are absorbing.
func (w *aged) drained(k int) bool { return w.absorbing && (k == 0 || !w.cfg.Target.Idle) }

// come adds to the change what a law changes by as so many requests come on the mean.
func (w *aged) come(of, change *agedLaw, many float64) {
	c := len(of.busy) - 1
	for k, p := range of.busy[:c] {
		if !w.drained(k) && w.young {
			change.busy[k] -= many * p
			change.busy[k+1] += many * p
		}
	}
	lands := 0.0 // in the present cell, of what was below it
	first, share, later := -1, 0.0, 0.0
	if !w.drained(c) {
		change.busy[c] -= many * of.busy[c]
		if lands = of.busy[c] * (1 - w.passes); w.left > 0 {
			lands = 0
			first, share = w.first()
			share, later = of.busy[c]*share, of.busy[c]*(1-share)
		}
	}
	for i, p := range of.served {
		here := lands - p*w.leaves + of.dropped[i]
		lands = lands*w.passes + p*w.leaves*(1-w.passes)
		if i == first {
			here, lands = here+share, lands+later*(1-w.passes)
		}
		change.served[i] += many * here
		change.dropped[i] -= many * of.dropped[i]
	}
	if change.above += many * lands / (1 - w.passes); first >= len(of.served) {
		change.above += many * (share + later)
	}
}

// first is the cell of the instant at which the lane comes up, and the chance that a
// service of those that begin then ends in it.
func (w *aged) first() (cell int, share float64) {
	at := math.Floor(w.left/w.h + 1e-9)
	rest := math.Max(0, (at+1)*w.h-w.left)
	return int(at), -math.Expm1(-w.mu * float64(len(w.now.busy)-1) * rest)
}

// await sets how long the lane is still down at a time, and whether, at another around
// which requests come, those will be served who find a server then.
func (w *aged) await(t, around float64) {
	up := w.cfg.DownFor
	w.left, w.down = math.Max(0, up-t), around < up
	w.young = up-around <= w.cfg.Mechanisms.MaxAge*(1+1e-9)
}

// end adds what ends of services change, where nobody waits, in so many services of a server.
func (w *aged) end(of, change *agedLaw, many float64) {
	for k := 1; k < len(of.busy) && !w.down; k++ {
		if !w.drained(k) {
			change.busy[k] -= many * float64(k) * of.busy[k]
			change.busy[k-1] += many * float64(k) * of.busy[k]
		}
	}
}

// react lets requests come and services end, to the second order.
func (w *aged) react(come, end float64) {
	of, times := &w.now, 1.0
	w.total.clear()
	for i := range w.spare {
		change := &w.spare[i]
		change.clear()
		w.come(of, change, come)
		w.end(of, change, end)
		times /= float64(i + 1)
		w.total.add(change, times)
		of = change
	}
	w.now.add(&w.total, 1)
}

// fall lets a time go by, at most that of a cell, and returns what is absorbed.
func (w *aged) fall(dt float64) float64 {
	share, c, last := dt/w.h, len(w.now.busy)-1, len(w.now.served)-1
	for i, x := range [...][]float64{w.now.served, w.now.dropped} {
		w.now.busy[c-i] += share * x[0]
		for j := range last {
			x[j] += share * (x[j+1] - x[j])
		}
		x[last] -= share * x[last]
	}
	below := -math.Expm1(-w.mu * float64(c) * dt)
	w.now.dropped[last] += w.now.above * below
	w.now.above -= w.now.above * below
	return w.takeOut()
}

// takeOut takes out what is absorbed.
func (w *aged) takeOut() (sum float64) {
	for k := range w.now.busy {
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
	w.await(w.time, half)
	w.react(w.cfg.Arrivals.Flow(w.time, half), w.mu*dt/2)
	gone := w.takeOut() + w.fall(dt)
	w.await(w.time+dt, half)
	w.react(w.cfg.Arrivals.Flow(half, w.time+dt), w.mu*dt/2)
	w.time += dt
	return gone + w.takeOut()
}

// batch lets a number of requests come one after the other.
func (w *aged) batch(n law) {
	c, cells := len(w.now.busy)-1, len(w.now.served)
	sum := newAgedLaw(c, cells)
	for k := 0; k <= n.hi(); k++ {
		if k > 0 {
			w.spare[0].clear()
			w.come(&w.now, &w.spare[0], 1)
			w.now.add(&w.spare[0], 1)
		}
		if k >= n.lo {
			sum.add(&w.now, n.p[k-n.lo])
		}
	}
	w.now = sum
}
