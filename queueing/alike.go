package queueing

import (
	"reflect"
	"sync"
)

// alike is what lanes have in common that differ by a few members of their pools, where
// they are solved one after the other to a coarse tolerance: what is found for the first
// serves the rest.
type alike struct {
	first *Lane
	// numbers are laws of the number in the lane for Poisson numbers of members, about those
	// of the first lane: numbers of the others' members are fixed from the same.
	numbers Shared

	// What the first lane was when later streams began, the number in it, and its law from
	// there on; no number if that was not asked for.
	question followedLane
	number   law
	after    Drain

	mu      sync.Mutex // nodes are solved side by side
	marches []*keptMarch
	solved  bool // the first lane has been: no more marches are kept
}

// source is the first lane's in the same stream, or a stream's own where there is none.
func (k *alike) source(of Stream) Source {
	for _, st := range k.first.cfg.Arrivals.streams {
		if _, is := st.Source.(Pool); is && nearlySame(st, of) {
			return st.Source
		}
	}
	return of.Source
}

// numberAlike is [problem.numberAfter], once for lanes that are alike where nodes are.
func (p problem) numberAlike(at float64, spent []int) (Drain, error) {
	if p.nearly == nil {
		return p.numberAfter(at, spent)
	}
	q, err := p.before(p.begin)
	if err != nil {
		return Drain{}, err
	}
	n, off, err := p.nearly.numbers.of(q.cfg, p.begin, p.tolerance()).law(func() (law, float64, error) {
		d, err := p.numberAfter(at, spent)
		if err != nil {
			return law{}, 0, err
		}
		grid := d.Distribution.(*lattice)
		return law{grid.first, grid.q}, d.AbsError, nil
	})
	if err != nil {
		return Drain{}, err
	}
	return numberLaw(n, off), nil
}

// numberLaw is the law of a number as that of a time.
func numberLaw(n law, off float64) Drain {
	return Drain{Distribution: newLattice(0, 1, n.lo, n.p), Method: DrainDensity, Quality: Exact, AbsError: off}
}

// afterSpent is what find finds for a lane from where its number is known, or the first
// lane's law if that number hardly differs. T rises with the number, whatever comes later: the
// laws of T differ by no more than those of the number do.
func (k *alike) afterSpent(p problem, find func() (Drain, error)) (Drain, error) {
	if k == nil {
		return find()
	}
	question := followedLane{lane: p.cfg, start: start{from: p.known.from, at: p.known.at}, begin: p.begin, tolerance: p.tolerance(), deep: p.deep}
	question.lane.Name = ""
	question.lane.Arrivals = Arrivals{streams: p.cfg.Arrivals.goingOn(p.known.at)}
	if k.solved && k.number.p != nil && reflect.DeepEqual(k.question, question) {
		if apart := lawsApart(k.number, p.known.n); apart < alikeApart*p.tolerance() {
			return k.after.plus(apart), nil
		}
	}
	d, err := find()
	if !k.solved && err == nil {
		k.question, k.number, k.after = question, p.known.n, d
	}
	return d, err
}

// alikeApart of the tolerance is what laws of the number may differ by that are taken for one.
const alikeApart = 0.01
