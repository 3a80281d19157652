package queueing

import (
	"fmt"
	"math"
	"slices"
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
	d, err := q.byAgeOf(open)
	if unsupported(err) {
		return q.roughlyByAge(open)
	}
	return d, err
}

// byAgeOf follows what is followed exactly: exponential servers, or one of whatever service.
func (p problem) byAgeOf(open []int) (Drain, error) {
	solve, err := p.ageSolver(open)
	if err != nil {
		return Drain{}, err
	}
	d, err := p.opened(open, solve)
	if d.groups = true; err == nil && p.largestGroup() > 1 {
		d.AbsError = math.Min(1, agedGroups*d.AbsError)
	}
	d.Reason = "when who is there will begin is followed, and whether the last will be too old" + reasonOf(open)
	return d, err
}

// ageSolver follows exponential servers, or one of whatever service.
func (p problem) ageSolver(open []int) (func(problem) (Drain, error), error) {
	_, exponential := p.cfg.Service.(Exponential)
	grouped := p.largestGroup() > 1
	one := p.FinalServers() == 1 && (p.begin >= p.cfg.DownFor || p.Initial().law().lo > 0)
	switch {
	case grouped && p.fewest(open) < agedFew && !p.PoissonPools:
		return nil, &UnsupportedError{Chain, "the number of groups is too small to be fixed well"}
	case p.cfg.Target.Waiting > 0 && !p.cfg.Target.Idle:
		return nil, &UnsupportedError{Chain, "how many wait is not followed exactly"}
	case one && (!exponential || p.cfg.DownFor > 0 || grouped):
		return p.serverFollower(p.agedSolves(open))
	case exponential && p.FinalServers() <= agedMost:
		return p.ageFollower(agedShape{}, p.agedSolves(open))
	}
	return nil, &UnsupportedError{Chain, "max_age is followed exactly for one server, and for exponential ones"}
}

// agedSolves is the number of laws from which those with the numbers in the open streams fixed
// are found.
func (p problem) agedSolves(open []int) float64 {
	if len(open) == 0 || p.PoissonPools {
		return 1
	}
	return math.Pow(finiteMost, float64(len(open)))
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
	if tau == 0 {
		return Drain{}, &UnsupportedError{Chain, "nobody is too old"}
	}
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
	solve, err := p.ageFollower(agedShape{}, 1)
	if err != nil {
		return Drain{}, err
	}
	return solve(p)
}

// ageFollower solves lanes that are like this one but for the numbers in their finite streams,
// so many of them, all in the same cells.
func (p problem) ageFollower(shape agedShape, solves float64) (func(problem) (Drain, error), error) {
	grid, err := p.agedGrid(shape, solves)
	return func(q problem) (Drain, error) {
		coarse := q.newAged(grid, q.newAgedCounts(shape))
		fine := q.newAged(grid.halved(coarse.mu), q.newAgedCounts(shape))
		ends, ok := coarse.run(1, nil)
		if !ok {
			return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("%.3g of the mass had not drained after %d steps", coarse.now.mass(), len(coarse.gone))}
		}
		fine.run(2, ends)
		d := extrapolated(coarse, fine, ends)
		for _, j := range grid.joins {
			late := math.Abs(j.at-j.from) * float64(j.more) / float64(grid.servers()) // half a cell at the most
			d.AbsError = math.Min(1, d.AbsError+late*d.Distribution.(*curve).peak())
		}
		return d.owningUp("the law is found"), nil
	}, err
}

// agedStops are the instants at which steps end: those of the lane, in the grid, and those
// from which on joins are reached.
func (w *aged) agedStops() []float64 {
	all := append(w.cfg.Arrivals.Breaks(0, math.Inf(1)), w.begin)
	for _, j := range w.cfg.Arrivals.jumps {
		all = append(all, j.At)
	}
	for _, j := range w.joins[1:] {
		all = append(all, j.at, j.at-w.cfg.Mechanisms.MaxAge, j.at-float64(w.cells)*w.h)
	}
	slices.Sort(all)
	return all
}

// run follows in steps that end at `ends`, or where they do: after whole cells
// and at stops, each in so many parts. It tells whether all has drained in as many as may be.
func (w *aged) run(parts int, ends []float64) (at []float64, drained bool) {
	w.now.busy[0] = 1
	w.letJoin()
	w.batch(w.Initial().law())
	if w.begin == 0 {
		w.open()
	}
	stops, given, origin := w.agedStops(), ends != nil, w.joins[min(1, len(w.joins)-1)].at
	for i := 0; ; i++ {
		w.check()
		var t float64
		switch {
		case given && i == len(ends), !given && w.absorbing && w.now.mass() < w.least:
			return ends, true
		case given:
			t = ends[i]
		case i > 3*agedMost || w.tooLate() && w.now.mass() > agedServerLeft:
			return nil, false
		case w.tooLate():
			return ends, true
		default:
			t = w.time + w.h
			if w.part+1 < len(w.joins) { // whole cells are left then
				t = origin + w.h*(math.Floor((w.time-origin)/w.h+1e-6)+1)
			}
			for len(stops) > 0 && stops[0] <= w.time {
				stops = stops[1:]
			}
			if len(stops) > 0 && t > stops[0]-1e-9*w.h {
				t = stops[0]
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
		w.stop()
	}
}

// tooLate tells whether it has been followed for several times as long as expected.
func (w *aged) tooLate() bool { return w.time > w.begin+agedLong*(w.agedGrid.end-w.begin) }

// stop lets in who comes at this instant, and servers; what has drained then is an atom.
func (w *aged) stop() {
	for _, j := range w.cfg.Arrivals.jumps {
		if j.At == w.time {
			w.batch(j.Size.law())
		}
	}
	at := w.letJoin()
	switch {
	case w.time == w.begin:
		w.open()
	case at > 0 && w.absorbing:
		w.atoms = append(w.atoms, Atom{at, w.takeOut()})
	}
}

// letJoin lets servers begin that join now, or are reached by those who are too old, and
// returns when those who begin do, 0 for none.
func (w *aged) letJoin() (at float64) {
	for w.near+1 < len(w.joins) && w.left(w.near+1) <= float64(w.cells)*w.h*(1+1e-9) {
		w.near++
		w.now.parts[w.near].slots[0] += w.now.above
		w.now.above = 0
	}
	for w.part < w.near && w.joins[w.part+1].at <= w.time+1e-9*w.h {
		w.join(w.part + 1)
		at = w.joins[w.part].from
	}
	return at
}

// open makes what has drained absorbing.
func (w *aged) open() {
	w.absorbing = true
	w.atoms = append(w.atoms, Atom{w.begin, w.takeOut()})
}

// extrapolated is the law of two widths, whose errors go with the square; what is stated
// allows for some that go with the width itself.
func extrapolated(coarse, fine *aged, ends []float64) Drain {
	both := func(f, c float64) float64 { return math.Max(0, (4*f-c)/3) }
	var panels []panel
	var atoms []Atom
	off, apart, lo, k := 0.0, 0.0, 0.0, 0
	atom := func(upTo float64) {
		for ; k < len(fine.atoms) && fine.atoms[k].At <= upTo; k++ {
			f, c := fine.atoms[k], coarse.atoms[k]
			if mass := both(f.Mass, c.Mass); mass > agedLeft {
				atoms = append(atoms, Atom{f.At, mass})
			}
			apart += f.Mass - c.Mass
			off = math.Max(off, math.Abs(apart))
		}
	}
	atom(coarse.begin)
	for i, hi := range ends {
		apart += fine.gone[i] - coarse.gone[i]
		off = math.Max(off, math.Abs(apart))
		if mass := both(fine.gone[i], coarse.gone[i]); mass > 0 && lo >= coarse.begin {
			panels = append(panels, newPanel(lo, hi, []float64{mass / (hi - lo)}))
		}
		atom(hi)
		lo = hi
	}
	atom(math.Inf(1))
	law := newCurve(panels, atoms, 0)
	missing := math.Abs(1 - law.total())
	d := Drain{Distribution: law.over(law.total()), Method: Chain, Quality: Exact, Atoms: atoms}
	d.AbsError = math.Min(1, 2*off/3+missing)
	return d.owningUp("the law is found")
}
