package queueing

import (
	"fmt"
	"math"
)

// byAge is the law of T for exponential servers, or one of any service, that drop who is too
// old, or for any where hardly anybody can be.
func (p problem) byAge() (Drain, error) {
	if d, err := p.beforeTooOld(); !unsupported(err) {
		return d, err
	}
	m := p.cfg.Mechanisms
	if m.MaxAge = 0; len(m.Names()) > 0 {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it has %v", p.cfg.Mechanisms.Names())}
	}
	q, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	solve, err := q.ageSolver(open)
	if err != nil {
		return Drain{}, err
	}
	d, err := q.opened(open, solve)
	if d.groups = true; err == nil && q.largestGroup() > 1 {
		d.AbsError = math.Min(1, agedGroups*d.AbsError)
	}
	d.Reason = "when who is there will begin is followed, and whether the last will be too old" + reasonOf(open)
	return d, err
}

// ageSolver follows exponential servers, or one of whatever service.
func (p problem) ageSolver(open []int) (func(problem) (Drain, error), error) {
	_, exponential := p.cfg.Service.(Exponential)
	grouped := p.largestGroup() > 1
	switch {
	case grouped && p.fewest(open) < agedFew && !p.PoissonPools:
		return nil, &UnsupportedError{Chain, "groups that are few before a lane with max_age are not followed"}
	case p.cfg.Target.Waiting > 0 && !p.cfg.Target.Idle:
		return nil, &UnsupportedError{Chain, "with max_age it is not followed how many wait"}
	case len(p.cfg.ScaleOut) > 0:
		return nil, &UnsupportedError{Chain, "servers that join are not followed with max_age"}
	case p.FinalServers() == 1 && (!exponential || p.cfg.DownFor > 0 || grouped):
		solves := 1.0
		if len(open) > 0 && !p.PoissonPools {
			solves = math.Pow(finiteMost, float64(len(open)))
		}
		return p.serverFollower(solves)
	case grouped:
		return nil, &UnsupportedError{Chain, "groups before several servers with max_age are not followed"}
	case exponential && p.FinalServers() <= agedMost:
		return problem.followAge, nil
	}
	return nil, &UnsupportedError{Chain, "max_age is followed for one server, and for exponential ones"}
}

// onceUp is a lane that cannot be drained before it is up, as nothing leaves it.
func (p problem) onceUp() (problem, error) {
	if p.begin < p.cfg.DownFor {
		if p.Initial().law().lo == 0 {
			return p, &UnsupportedError{Chain, "the lane may be empty at first while it is down"}
		}
		p.begin = p.cfg.DownFor
	}
	return p, nil
}

// beforeTooOld is the law without an age, if T is hardly ever as late as that: until then
// nobody has waited longer than T.
func (p problem) beforeTooOld() (Drain, error) {
	tau := p.cfg.Mechanisms.MaxAge
	if _, end := p.fluidEnd(); end > tau {
		return Drain{}, &UnsupportedError{Chain, "requests may be too old"}
	}
	cfg := p.cfg
	cfg.Mechanisms.MaxAge = 0
	l, err := NewLane(cfg)
	if err != nil {
		return Drain{}, err
	}
	o := p.SolveOptions
	o.effort, o.Method = nil, Auto
	d, err := SolveDrain(l, o)
	if err != nil {
		return d, err
	}
	late := d.Exceed(tau)
	if late > agedLate {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("requests may be too old with probability %.1g", late)}
	}
	d.AbsError, d.rough = d.AbsError+late, d.rough+late
	d.Reason += fmt.Sprintf("; somebody is too old with a probability of %.1g at most", late)
	d.Tail, d.floor = 0, 0
	return d.owningUp(d.Reason + ","), nil
}

func reasonOf(open []int) string {
	if len(open) == 0 {
		return ""
	}
	return "; " + fixedWhat
}

// followAge solves for two widths, and extrapolates.
func (p problem) followAge() (Drain, error) {
	p, err := p.onceUp()
	if err != nil {
		return Drain{}, err
	}
	_, end := p.fluidEnd()
	tau, sigma := p.cfg.Mechanisms.MaxAge, p.FinalCapacity()
	end += 2*tau + 20/sigma
	h := math.Max(agedCell/sigma, math.Sqrt(agedEach*end*tau/agedWork))
	if p.coarse() {
		h = math.Max(2*h, math.Sqrt(agedEach*end*tau/agedWork*20))
	}
	cells := int(math.Ceil(tau / h))
	if few := agedFewest / tau * end; few < agedSoon {
		cells = max(cells, agedFewest)
		h = tau / float64(cells)
	}
	most := float64(p.Initial().law().hi())
	for _, j := range p.cfg.Arrivals.jumps {
		most += float64(j.Size.law().hi())
	}
	if h > 1/sigma || cells < 4 || end/h > agedMost || agedEach*most*float64(cells) > agedWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("following %.2g s in cells of %.2g s takes too much, or is too coarse", end, h)}
	}
	coarse, fine := p.newAged(cells), p.newAged(2*cells)
	var ends []float64
	if ends = coarse.run(1, nil); ends == nil {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("%.3g of the mass had not drained after %d steps", coarse.now.mass(), len(coarse.gone))}
	}
	fine.run(2, ends)
	return extrapolated(coarse, fine, ends), nil
}

// run follows in steps that end at `ends`, or where they do: whole cells from stop to stop,
// each in so many parts. It returns nil where too many are needed.
func (w *aged) run(parts int, ends []float64) []float64 {
	w.now.busy[0] = 1
	w.await(0, 0)
	w.batch(w.Initial().law())
	if w.begin == 0 {
		w.open()
	}
	stops := append(w.stops(0, math.Inf(1)), w.begin, w.cfg.DownFor-w.cfg.Mechanisms.MaxAge)
	next := func() float64 { // the next stop
		at := math.Inf(1)
		for _, t := range stops {
			if t > w.time {
				at = math.Min(at, t)
			}
		}
		return at
	}
	given := ends != nil
	for i := 0; ; i++ {
		w.check()
		var t float64
		switch {
		case given && i == len(ends), !given && w.absorbing && w.now.mass() < agedLeft:
			return ends
		case given:
			t = ends[i]
		case i > 3*agedMost:
			return nil
		default:
			t = w.time + w.h
			if left := w.cfg.DownFor - w.time; left > 0 { // whole cells are left then
				t = w.cfg.DownFor - w.h*(math.Ceil(left/w.h-1e-9)-1)
			}
			if at := next(); t > at-1e-9*w.h {
				t = at
			}
			ends = append(ends, t)
		}
		from, gone := w.time, 0.0
		for k := range parts {
			w.time = from + (t-from)*float64(k)/float64(parts)
			gone += w.step((t - from) / float64(parts))
		}
		w.time = t
		w.gone = append(w.gone, gone)
		w.await(t, t)
		for _, j := range w.cfg.Arrivals.jumps {
			if j.At == t {
				w.batch(j.Size.law())
			}
		}
		if t == w.begin {
			w.open()
		}
	}
}

// open makes what has drained absorbing.
func (w *aged) open() {
	w.absorbing = true
	w.atom = w.takeOut()
}

// extrapolated is the law of two widths, whose errors go with the square; what is stated
// allows for some that go with the width itself.
func extrapolated(coarse, fine *aged, ends []float64) Drain {
	both := func(f, c float64) float64 { return math.Max(0, (4*f-c)/3) }
	var panels []panel
	var atoms []Atom
	if mass := both(fine.atom, coarse.atom); mass > agedLeft {
		atoms = []Atom{{coarse.begin, mass}}
	}
	off, apart, lo := math.Abs(fine.atom-coarse.atom), fine.atom-coarse.atom, 0.0
	for i, hi := range ends {
		apart += fine.gone[i] - coarse.gone[i]
		off = math.Max(off, math.Abs(apart))
		if mass := both(fine.gone[i], coarse.gone[i]); mass > 0 && lo >= coarse.begin {
			panels = append(panels, newPanel(lo, hi, []float64{mass / (hi - lo)}))
		}
		lo = hi
	}
	law := newCurve(panels, atoms, 0)
	d := Drain{Distribution: law, Method: Chain, Quality: Exact, Atoms: atoms}
	d.AbsError = math.Min(1, 2*off/3+math.Abs(1-law.total()))
	return d.owningUp("the law is found")
}
