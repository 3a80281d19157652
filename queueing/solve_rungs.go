package queueing

import (
	"fmt"
	"math"
	"slices"
)

// rungLane follows a lane's law over rungs: the diffusion with the mean path
// and the variance of the lane, servers that idle included. It covers every
// lane that serves in order of arrival, at a cost that hardly depends on its
// size or load.
//
// Below c busy servers each ends its service at rate 1/E S, whatever its law:
// the stationary law of an infinite server system knows no more of it
// (B. A. Sevastyanov, Theory Probab. Appl. 2 (1957)). From c on the mean and the
// variance are those of c renewal processes, c/E S and SCV c/E S per second in
// equilibrium, and of those that have begun together what [renewalFunction] says
// since then.
//
// A bound on the queue is the highest rung, and servers that slow down do so by who waits
// now. Where there is either every step is a small one.
//
// While the law is far from where servers idle or the lane is drained it is the
// sum of where it was and a normal number, in one step.
type rungLane struct {
	problem
	rungWalk
	began      beginnings // of the servers
	full       float64    // s, since when the room has not been full; -Inf: it never was
	t          float64
	servers    int
	slowest    problem   // with services as long as they may be
	ages       *rungAges // nil: nobody is too old
	level      float64   // -1: nothing is absorbed
	dispersion float64   // variance of the arrivals over their mean
	until      float64   // s, the end of the present rungs' use
	length     float64   // s, of the next step
	panels     []panel
	atoms      []Atom
	edge       float64 // most that was at the highest rung
	steps      int
}

const (
	rungStep  = 1e-5 // error of a step, of the mass that is left
	rungRest  = 1e-9 // mass that is followed no further
	rungEdge  = 1e-9 // mass that may be beyond the rungs
	rungSteps = 20_000
	rungLook  = 20  // steps after which a leap is tried
	rungSides = 6.0 // standard deviations that count as far
)

// The largest errors of the CDF that simulation showed, for one server, for some
// and for more than rungCrowd; and for several that idle, whose last services
// end the sooner the less they vary.
const (
	rungOne      = 0.08
	rungFew      = 0.2
	rungMany     = 0.1
	rungIdle     = 0.35
	rungBound    = 0.05
	rungShort    = 0.1  // times servers over the bound
	rungEven     = 0.2  // SCV of services that end together, with a bound or slow-down
	rungWildest  = 5.0  // SCV beyond which the longest make the law
	rungShortest = 4    // bound on a queue
	rungWild     = 0.05 // times the SCV beyond 2
	rungLag      = 0.3  // times the change of the pace within a service
	rungCrowd    = 4

	// Times the services by which servers that begin are ahead, over the most that the mean path
	// has in the lane; and services of each server over which that is forgotten, and the last ones.
	rungAhead, rungForgets, rungOutlasts = 0.6, 22.0, 200.0
)

// rungLast is the number of requests for each server, as overload ends, up to
// which the last services are all that is left: nothing bounds their law.
const rungLast = 2

// rungError is what the law may be off by, with a bound on the queue or servers that
// slow down, who do so by those who waited as they began.
func (p problem) rungError() float64 {
	off := p.plainRungError()
	if m := p.cfg.Mechanisms; m.Limited {
		off += rungBound
		if c := float64(p.FinalServers()); c > 1 { // the more of those who are there are in service
			off += rungShort * math.Min(1, c/float64(m.QueueLimit))
		}
	}
	if p.cfg.Mechanisms.SlowDown != nil {
		c := p.FinalServers()
		off += rungLag * math.Min(1, p.lagged().share(c+1, c))
		if c > 1 { // long services go on at the pace of others
			off += rungWild * math.Max(0, p.cfg.Service.SCV()-2)
		}
	}
	return math.Min(1, off)
}

func (p problem) plainRungError() float64 {
	return math.Min(1, p.tameRungError()+p.wildRungError())
}

// wildRungError is what services that vary wildly add for several servers: of the (SCV-1)/2
// services of each by which they are ahead as they begin, and of the last of them until idle.
func (p problem) wildRungError() float64 {
	c, scv := float64(p.FinalServers()), p.cfg.Service.SCV()
	if c < 2 || scv <= 1 {
		return 0
	}
	peak, end := p.fluidEnd()
	wild := rungWild * math.Max(0, scv-2)
	each := math.Max(1, p.Work(0, end)) / c
	off := math.Min(rungAhead*math.Min(1, c*(scv-1)/2/math.Max(1, peak)), wild*rungForgets/each)
	if p.cfg.Target.Idle {
		off += wild * math.Min(1, rungOutlasts/each)
	}
	return off
}

// tameRungError is what the law may be off by, but for that.
func (p problem) tameRungError() float64 {
	switch c := p.FinalServers(); {
	case c > 1 && p.cfg.Target.Idle && FluidPath(p.Lane, []float64{p.begin})[0] <= float64(rungLast*c):
		return 1
	case c == 1:
		return rungOne
	case p.cfg.Target.Idle && p.cfg.Service.SCV() < 0.5:
		return rungIdle
	case c <= rungCrowd || p.cfg.Target.Idle:
		return rungFew
	}
	return rungMany
}

// byRungs is approximate for whatever lane serves in order of arrival.
func (p problem) byRungs() (d Drain, err error) {
	defer catch(&err)
	if !p.onRungs() {
		return Drain{}, &UnsupportedError{Diffusion, fmt.Sprintf("it has %v", p.cfg.Mechanisms.Names())}
	}
	return p.alongRungs(nil)
}

// alongRungs may drop who is too old.
func (p problem) alongRungs(ages *rungAges) (Drain, error) {
	w, err := &rungLane{problem: p, level: -1, full: math.Inf(-1), slowest: p, ages: ages}, error(nil)
	if p.FinalServers() > 1 {
		w.began.law = newRenewalFunction(p.cfg.Service)
	}
	if p.cfg.Mechanisms.SlowDown != nil {
		w.pace = p.lagged().paceAt
		if w.slowest, err = p.slowestDrains(); err != nil && ages != nil { // no more wait than come in the largest age
			w.slowest, err = p.withMechanisms(Mechanisms{})
		}
		if err != nil {
			return Drain{}, err
		}
	}
	w.cloud = countCloud(p.Initial())
	w.join(0)
	w.bound()
	if p.begin == 0 {
		w.absorb(0)
	}
	stops := append(p.stops(0, math.Inf(1)), p.begin)
	slices.Sort(stops)
	for _, t := range slices.Compact(stops) {
		if t == 0 {
			continue
		}
		if err := w.follow(t); err != nil {
			return Drain{}, err
		}
		if t >= p.begin && w.left() <= w.rest() {
			break
		}
		w.stop(t)
	}
	return w.drain(), nil
}

// slowestDrains is the problem with services as long as they may be, if it drains.
func (p problem) slowestDrains() (problem, error) {
	q, err := p.slowest(p.cfg.Mechanisms.slowestFactor())
	if err != nil {
		return p, err
	}
	if _, ok := OverloadEnd(q.Lane); !ok {
		return p, &UnsupportedError{Diffusion, "its servers may slow down for ever"}
	}
	return q, nil
}

// onRungs tells whether the lane serves in order of arrival, with a bound on its queue or
// servers that slow down at most.
func (p problem) onRungs() bool {
	m := p.cfg.Mechanisms
	m.SlowDown = nil
	return !m.beyondLimit()
}

// room is the most that may be in the lane.
func (w *rungLane) room() float64 {
	if m := w.cfg.Mechanisms; m.Limited {
		return float64(w.servers + m.QueueLimit)
	}
	return math.Inf(1)
}

// bound turns away what is beyond the room.
func (w *rungLane) bound() {
	room := w.room()
	if n := len(w.at); w.at[n-1] <= room {
		return
	}
	c := cloud{}
	beyond := 0.0
	for i, x := range w.at {
		if x < room {
			c.at, c.p = append(c.at, x), append(c.p, w.p[i])
		} else {
			beyond += w.p[i]
		}
	}
	w.cloud = cloud{append(c.at, room), append(c.p, beyond)}
}

// left is the mass that is not absorbed.
func (w *rungLane) left() float64 {
	if w.level >= 0 {
		return law{0, w.p[1:]}.mass()
	}
	return w.mass()
}

// rest is the mass that is followed no further.
func (w *rungLane) rest() float64 {
	switch {
	case w.ages == nil:
		return rungRest
	case w.steps > rungSteps:
		return rungAgeTail
	}
	return rungAgeRest
}

// stop takes in what changes at t: servers that join, batches, the level.
func (w *rungLane) stop(t float64) {
	if !w.cfg.Mechanisms.Limited { // else batches find the room there was
		w.join(t)
	}
	for _, j := range w.cfg.Arrivals.jumps {
		if j.At == t {
			idle := w.idle()
			w.cloud = w.cloud.plus(countCloud(j.Size))
			w.bound()
			w.begun(idle - w.idle())
		}
	}
	w.join(t)
	w.t = t
	w.tooOld()
	if t >= w.begin {
		w.absorb(t)
	}
	w.until = t
}

// idle is the mean number of servers that idle.
func (w *rungLane) idle() float64 {
	sum := 0.0
	for i, x := range w.at {
		sum += w.p[i] * math.Max(float64(w.servers)-x, 0)
	}
	return sum
}

// begun notes that so many servers begin services at once.
func (w *rungLane) begun(n float64) {
	if w.servers > 0 {
		w.began.begin(w.t, n/float64(w.servers))
	}
}

// join takes the servers that are there at t.
func (w *rungLane) join(t float64) {
	if c := w.ServersAt(t); c != w.servers {
		before := w.idle()
		w.began.shrink(float64(w.servers) / float64(c))
		before += float64(c - w.servers)
		w.servers = c
		w.begun(before - w.idle())
	}
}

// absorb makes the level at t absorbing. What is below is an atom.
func (w *rungLane) absorb(t float64) {
	w.t = t
	w.level = float64(w.Level(t))
	c := cloud{append(rungs{w.level}, w.at...), append([]float64{0}, w.p...)}
	at := cloud{at: rungs{w.level}, p: []float64{0}}
	mass := 0.0
	for i, x := range c.at {
		if x <= w.level {
			mass += c.p[i]
		} else {
			at.at, at.p = append(at.at, x), append(at.p, c.p[i])
		}
	}
	w.cloud = at
	w.lost(mass)
}

// lost notes a mass that is absorbed now.
func (w *rungLane) lost(mass float64) {
	if n := len(w.atoms); n > 0 && w.atoms[n-1].At == w.t {
		w.atoms[n-1].Mass += mass
	} else if mass > 0 {
		w.atoms = append(w.atoms, Atom{w.t, mass})
	}
}

// ends are the mean number of services that a busy server ends over (s,t), over that in
// equilibrium, and by how much their variance is beyond SCV times as many, over the same. Of c
// servers the one whose end is the drain is in no equilibrium.
func (w *rungLane) ends(s, t float64) (speed, spread float64) {
	if len(w.began.from) == 0 || w.servers < 2 {
		return 1, 0
	}
	ahead, more := w.began.moves(s, t)
	rest := (1 - 1/float64(w.servers)) * w.cfg.Service.Mean() / (t - s)
	speed, spread = 1+rest*ahead, rest*(more-w.cfg.Service.SCV()*ahead)
	if !math.IsInf(w.full, -1) {
		spread = w.sinceFull((s + t) / 2)
	}
	return speed, spread
}

// sinceFull is the further variance of a service at t where the room was full. What the servers
// did before that no longer tells.
func (w *rungLane) sinceFull(t float64) float64 {
	return w.began.law.settling(t-w.full) - w.cfg.Service.SCV()
}

// filled notes whether the room is full. A number that drifts into it with some variance was at
// it a time variance / 2 drift^2 ago: from its mean distance, variance / 2 drift, at that drift.
func (w *rungLane) filled() {
	n := len(w.p) - 1
	if w.began.law == nil || w.servers == 0 || w.at[n] < w.room() {
		return
	}
	lam, ends := w.cfg.Arrivals.Rate(w.t), float64(w.servers)/w.cfg.Service.Mean()
	drift := lam - ends*w.paceOf(w.at[n]-float64(w.servers))
	if drift > 0 && lam*w.p[n] > drift/2*w.left() {
		spread := w.dispersion*lam + ends
		if !math.IsInf(w.full, -1) {
			spread += ends * (w.sinceFull(w.t) + w.cfg.Service.SCV() - 1)
		}
		w.full = math.Max(w.full, w.t-spread/(2*drift*drift))
	}
}

// moves are the mean and the variance of what is added over (s,t) while all
// servers are busy.
func (w *rungLane) moves(s, t float64) (mean, variance float64) {
	if t <= s {
		return 0, 0
	}
	speed, spread := w.ends(s, t)
	could := float64(w.servers) * (t - s) / w.cfg.Service.Mean()
	served := speed * could
	arrived := w.cfg.Arrivals.Flow(s, t)
	return arrived - served, w.dispersion*arrived + w.cfg.Service.SCV()*served + spread*could
}

// disperse finds the variance of arrivals over their mean up to t.
func (w *rungLane) disperse(t float64) {
	w.dispersion = 1
	if flow := w.cfg.Arrivals.Flow(w.t, t); flow > 0 {
		w.dispersion = w.cfg.Arrivals.Count(w.t, math.Nextafter(t, 0)).Variance() / flow
	}
}
