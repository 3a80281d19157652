package queueing

import (
	"math"
	"reflect"
	"slices"
)

// Lanes that differ only in what has come before an instant have the same kernels from
// there on: of the equation
//
//	f(t) = source(t) - integral over s in (start,t) of kernel(s,t) f(s) ds
//
// only the source is each lane's own. What the march of one lane has asked of its kernel,
// panel by panel, serves the marches of the others, as long as their panels, which are the
// same, carry them too.

// keptMarch is one march, or a place for it.
type keptMarch struct {
	question marchQuestion
	several  bool // the lane itself has asked more than once: which came first is chance
	marchRecord
}

// marchQuestion is what a kernel depends on, and the panels almost.
type marchQuestion struct {
	lane      Config // without a name, and without streams that have sent everything
	start     float64
	level     int
	tolerance float64
}

// marchRecord is what a march was cut into, and what its kernel was in the order in which it
// was asked for.
type marchRecord struct {
	lo, hi  float64
	cuts    []marchCut
	kernels []float64   // outside the panel that t is in
	own     [][]float64 // the weights inside, of each panel whose kernel counts
	sure    int         // of these, up to the last panel that was not cut
	failed  bool        // it cannot be marched by, or is too long to keep
}

const (
	recordMost   = 1 << 18 // values of a kernel
	alikeWindows = 0.02    // of a window's width, by which those of lanes that share a march differ at most
)

// alikeMarch has the march of a lane before, or a place to keep this one's; neither if all
// march by themselves.
func (o SolveOptions) alikeMarch(p passage) (before, place *keptMarch) {
	q, is := p.(*skellamPassage)
	if !is || o.nearly == nil || len(q.jumps) > 0 {
		return nil, nil
	}
	question := marchQuestion{lane: q.lane.cfg, start: q.start, level: q.level, tolerance: o.tolerance()}
	question.lane.Name = ""
	question.lane.Arrivals = Arrivals{streams: q.lane.cfg.Arrivals.goingOn(q.start)}
	return o.nearly.march(question)
}

func (k *alike) march(q marchQuestion) (before, place *keptMarch) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range k.marches {
		if m.question.start == q.start && reflect.DeepEqual(m.question, q) {
			if !k.solved {
				m.several = true
				return nil, nil
			}
			if m.several || m.failed || len(m.cuts) == 0 {
				return nil, nil
			}
			return m, nil
		}
	}
	if k.solved {
		return nil, nil
	}
	place = &keptMarch{question: q}
	k.marches = append(k.marches, place)
	return nil, place
}

// again marches over the panels of another lane's march; false where they do not carry f.
func (m *march) again(r *keptMarch, lo, hi float64) bool {
	most := alikeWindows * (r.hi - r.lo)
	if math.Abs(lo-r.lo) > most || math.Abs(hi-r.hi) > most || len(m.breaks(math.Min(lo, r.lo), math.Max(hi, r.hi))) > 0 {
		return false
	}
	rest, own, short := r.kernels, r.own, false
	m.recalled = func() (v float64) {
		if short = short || len(rest) == 0; short {
			return 0
		}
		v, rest = rest[0], rest[1:]
		return v
	}
	for _, cut := range r.cuts {
		m.gauss, m.small, m.counts = cut.gauss, cut.small, cut.counts
		if cut.counts {
			m.weights, own = own[0], own[1:]
		}
		q, _, ok := m.panel(cut.lo, cut.hi)
		if !ok || short {
			m.panels, m.recalled = nil, nil
			return false
		}
		m.panels = append(m.panels, q)
	}
	return true
}

// matrix has the weights of a panel's own values.
func (m *march) matrix(a []float64) {
	if m.recalled != nil {
		copy(a, m.weights)
	} else if m.record != nil {
		m.weights = slices.Clone(a)
	}
}

// noted is a kernel as another march has had it, or that others may have again.
func (m *march) noted(kernel func(s float64) float64) func(s float64) float64 {
	switch r := m.record; {
	case m.recalled != nil:
		return func(float64) float64 { return m.recalled() }
	case r == nil || r.failed:
		return kernel
	default:
		return func(s float64) float64 {
			v := kernel(s)
			r.kernels = append(r.kernels, v)
			return v
		}
	}
}

// again forgets what a panel has asked that was cut.
func (r *marchRecord) again() {
	if r != nil {
		r.kernels = r.kernels[:r.sure]
	}
}

// keep notes a panel. Where rates have jumped kernels are not asked for point by point.
func (m *march) keep(lo, hi float64) {
	r := m.record
	if r == nil {
		return
	}
	if r.failed = r.failed || m.jumpy || len(r.kernels) > recordMost; r.failed {
		r.cuts, r.kernels, r.own = nil, nil, nil
		return
	}
	if m.counts {
		r.own = append(r.own, m.weights)
	}
	r.sure = len(r.kernels)
	r.cuts = append(r.cuts, marchCut{lo, hi, m.gauss, m.small, m.counts})
}
