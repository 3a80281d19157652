package queueing

import (
	"fmt"
	"math"
	"slices"
)

// agedEvent is an instant within a step at which something happens.
type agedEvent struct {
	step  int
	phase float64
	do    func()
}

const (
	agedServerCell  = 1. / 8 // of a service in a cell, at least
	agedServerWork  = 2.5e9  // ns
	agedServerSoon  = 10     // times less for finer cells
	agedServerSteps = 5e5
	agedServerLong  = 3 // times as long as expected is followed
	agedRests       = 8
	agedServerLeft  = 1e-4  // mass that may be left then
	agedServerRest  = 1e-15 // below what continuations look at
	agedUnlikely    = 1e-3  // number of those who come in any step
	agedUnlikeliest = 1e-10 // in one step between points
	agedServerCut   = 3e-5  // chance of any service longer than those that are followed
)

// followServer solves for two widths, and extrapolates.
func (p problem) followServer() (Drain, error) {
	solve, err := p.serverFollower(1)
	if err != nil {
		return Drain{}, err
	}
	return solve(p)
}

// serverFollower solves lanes that are like this one but for the numbers in their finite
// streams, so many of them, all with the same widths.
func (p problem) serverFollower(solves float64) (func(problem) (Drain, error), error) {
	p, err := p.onceUp()
	if err != nil {
		return nil, err
	}
	begin := p.begin
	end, longest := p.agedEnd()
	v, err := p.agedWidths(end, longest, agedServerWork/solves)
	return func(q problem) (Drain, error) {
		q.begin = begin
		return q.betweenWidths(v, end)
	}, err
}

// betweenWidths follows all in cells of a width and of half of it.
func (p problem) betweenWidths(v agedWidths, end float64) (Drain, error) {
	coarse := p.newAgedServer(v)
	v.h /= 2
	fine := p.newAgedServer(v)
	if coarse.run(end); coarse.now.mass() > agedServerLeft {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("%.3g of the mass had not drained after %d steps", coarse.now.mass(), len(coarse.gone))}
	}
	fine.run(coarse.time(coarse.at))
	d := extrapolatedServer(coarse, fine)
	if !hasLongest(p.cfg.Service) {
		d.AbsError = math.Min(1, d.AbsError+agedServerCut)
	}
	if v.lattice > 0 {
		d.AbsError = math.Min(1, d.AbsError+agedUnlikeliest*end/v.h)
	}
	d.rough = d.AbsError
	return d.owningUp("the law is found"), nil
}

// agedEnd is about when all should have drained, and the longest service that is likely
// until then.
func (p problem) agedEnd() (end, longest float64) {
	s, tau := p.cfg.Service, p.cfg.Mechanisms.MaxAge
	_, end = p.fluidEnd()
	far := longestService(s, 1e-6)
	end = math.Min(end, p.begin+10*(tau+far)) + 20*s.Mean()*(1+s.SCV()) + 2*tau + agedRests*p.agedRest()
	return end, longestService(s, math.Max(1e-12, agedServerCut*math.Min(1e-2, s.Mean()/end)))
}

// agedRest is the time in which what has not drained shrinks by e in the end: that of a
// diffusion between 0, which absorbs, and tau, at least.
func (p problem) agedRest() float64 {
	s, tau, lam := p.cfg.Service, p.cfg.Mechanisms.MaxAge, p.cfg.Arrivals.LongRun()
	drift, spread := 1-lam*s.Mean(), lam*s.Mean()*s.Mean()*(1+s.SCV())
	if spread == 0 {
		return 0
	}
	return 1 / (drift*drift/(2*spread) + math.Pi*math.Pi/8*spread/(tau*tau))
}

// agedWidths are the widths of cells, in s.
type agedWidths struct {
	h       float64
	lattice float64 // of whole cells, of which all services are multiples; 0: none
	longest float64 // service
}

// agedWidths are the least that do not take too long.
func (p problem) agedWidths(end, longest, most float64) (agedWidths, error) {
	s, tau := p.cfg.Service, p.cfg.Mechanisms.MaxAge
	if p.coarse() {
		most /= 20
	}
	comes := p.cfg.Arrivals.Flow(0, end) + 2*tau/s.Mean()*float64(1+len(p.cfg.Arrivals.jumps))
	steps := 1.0
	for _, g := range p.groupSources() {
		steps += 2 * float64(g.size)
	}
	work := func(h float64) (sum float64) { // of both
		for _, h := range [...]float64{h, h / 2} {
			times, lengths := int(tau/h)+3, int(longest/h)+3
			each := math.Min(agedOneByOne(lengths, times), agedTransform(times+lengths))
			if measured, is := s.(Empirical); is {
				each = math.Min(each, agedOneByOne(2*len(measured.times), times))
			}
			sum += (each + 5*float64(times+lengths)) * (steps*end/h + 1.5*comes)
		}
		return sum
	}
	fits := func(h float64) bool { return (tau+longest)/h < agedMost && end/h <= agedServerSteps && work(h) <= most }
	lattice := latticeOf(s)
	for _, step := range p.agedSteps(lattice) {
		for parts := math.Ceil(step / s.Mean() / agedServerCell); parts >= 1; parts-- {
			if h := step / parts; h < lattice*0.75 && fits(h) {
				return agedWidths{h, lattice, longest}, nil
			}
		}
	}
	_, equal := s.(Deterministic)
	for i, parts := range [...]float64{64, 32, 16, 8, 7, 6, 5, 4, 3, 2, 1} {
		if equal {
			break
		}
		h := s.Mean() / parts
		if i == 0 { // finer ones if they take little
			most /= agedServerSoon
		} else if parts == 1/agedServerCell {
			most *= agedServerSoon
		}
		if whole := tau / math.Ceil(tau/h); fits(whole) { // errors go with the square at once
			h = whole
		}
		if fits(h) {
			return agedWidths{h, 0, longest}, nil
		}
	}
	return agedWidths{}, &UnsupportedError{Chain, fmt.Sprintf("following one server for %.2g s in cells of %.2g s takes too long", end, s.Mean())}
}

// agedSteps are times of which whole numbers lead from when the lane comes up to batches
// and to ends of services, or to those alone.
func (p problem) agedSteps(lattice float64) (steps []float64) {
	if lattice == 0 {
		return nil
	}
	times := []float64{lattice}
	for _, j := range p.cfg.Arrivals.jumps {
		if after := math.Abs(j.At - p.cfg.DownFor); after > 0 {
			times = append(times, after)
		}
	}
	if all := divisorOf(times); all > 0 {
		steps = append(steps, all)
	}
	return append(steps, lattice)
}

// events in order of time: the lane comes up, those who come from then on are not too old,
// batches, and from when on what has drained is absorbing.
func (w *agedServer) events() []agedEvent {
	var all []agedEvent
	add := func(t float64, do func()) {
		if t >= 0 {
			step, phase := w.place(t)
			all = append(all, agedEvent{step, phase, do})
		}
	}
	up := w.cfg.DownFor
	add(up-w.cfg.Mechanisms.MaxAge, func() {})
	add(up, w.rise)
	batch := func(t float64, n law) {
		_, phase := w.place(t)
		add(t, func() { w.batch(n, phase, phase) })
	}
	batch(0, w.Initial().law())
	for _, j := range w.cfg.Arrivals.jumps {
		if j.At > 0 {
			batch(j.At, j.Size.law())
		}
	}
	add(w.begin, w.open)
	slices.SortStableFunc(all, func(a, b agedEvent) int {
		switch x, y := float64(a.step)+a.phase, float64(b.step)+b.phase; {
		case x < y-1e-7:
			return -1
		case x > y+1e-7:
			return 1
		}
		return 0
	})
	return all
}

// run follows all until it has drained, or so long.
func (w *agedServer) run(end float64) {
	w.now.none, w.unlikely = 1, math.Min(1e-5, agedUnlikely*w.h/end)
	if w.whole > 0 {
		w.unlikely = agedUnlikeliest
	}
	events := w.events()
	for w.now.mass() > agedServerRest || !w.absorbing {
		w.check()
		if w.time(w.at) > w.begin+agedServerLong*(end-w.begin) {
			return
		}
		done := 0.0
		if w.time(w.at) < 0 {
			_, done = w.place(0)
		}
		for len(events) > 0 && events[0].step <= w.at {
			w.react(done, events[0].phase)
			done = math.Max(done, events[0].phase)
			events[0].do()
			events = events[1:]
		}
		w.react(done, 1)
		if gone := w.fall(); w.absorbing {
			w.gone = append(w.gone, gone)
		}
	}
}

// time of a step.
func (w *agedServer) time(step int) float64 { return w.origin + float64(step)*w.h }

// react lets requests come between two parts of the step.
func (w *agedServer) react(from, to float64) {
	if to-from < 1e-9 {
		return
	}
	at, n := w.time(w.at), point(0)
	for _, g := range w.groups {
		mean := 0.0
		for _, source := range g.of {
			mean += source.Flow(math.Max(0, at+from*w.h), at+to*w.h)
		}
		if mean > 0 {
			n = n.plus(fewPoisson(mean/float64(g.size), w.unlikely).times(g.size))
		}
	}
	if n.hi() > 0 {
		w.batch(n, from, to)
	}
}

// open makes what has drained absorbing.
func (w *agedServer) open() {
	w.absorbing, w.from = true, w.at
	w.atom = w.takeOut()
}

// fewPoisson is a Poisson law of a mean without what is unlikely.
func fewPoisson(mean, unlikely float64) law {
	n := poissonLaw(mean).without(unlikely)
	n.p = append(slices.Clone(n.p), 0, 0)[:max(2, len(n.p))]
	last := len(n.p) - 1
	n.p[last] += 1 - n.mass()
	for i, p := range n.p {
		mean -= float64(n.lo+i) * p
	}
	if less := n.p[last-1] - mean; less >= 0 && n.p[last]+mean >= 0 {
		n.p[last-1], n.p[last] = less, n.p[last]+mean
	}
	return n
}
