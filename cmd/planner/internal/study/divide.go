package study

import (
	"errors"
	"slices"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// How designs that are asked quickly, for a comparison or the cells of a small
// sweep, are divided among processes. Theory is for whoever puts the parts
// together, once, whatever their number; it is asked again nowhere. Of a
// design whose law theory very likely knows a part does nothing; of any other
// it draws its share of the storms, which are dealt span by span. Where theory
// then knows more than was thought the storms are left over, where it knows
// less whoever puts the parts together draws them.

// leftToTheory tells, from the kind of the lanes alone, whether theory very
// likely knows the design's law exactly.
func (o Options) leftToTheory(d Design) bool {
	if _, ask := o.Method.theory(); !ask || o.Method.mustCover() {
		return ask
	}
	return o.covered(d) && !slices.ContainsFunc(d.Lanes, func(l *queueing.Lane) bool { return pools(l) > 1 })
}

// covered is leftToTheory where a law that is sharp will do.
func (o Options) covered(d Design) bool {
	if _, ask := o.Method.theory(); !ask {
		return false
	}
	return o.Method.mustCover() || !slices.ContainsFunc(d.Lanes, func(l *queueing.Lane) bool {
		_, exponential := l.Service().(queueing.Exponential)
		return !l.Plain() || !exponential && l.FinalServers() > 1
	})
}

// pools is the number of finite streams of a lane.
func pools(l *queueing.Lane) int {
	n := 0
	for _, s := range l.Arrivals().Streams() {
		switch s.Source.(type) {
		case queueing.Pool, queueing.Hashed:
			n++
		}
	}
	return n
}

// spans says where a design that is asked quickly keeps the spans of its
// storms. The zero value keeps none.
type spans struct {
	prefix string // of their names
	first  int    // position at which the first is dealt
}

// dividing tells whether this process draws its share of the storms of designs
// that are asked quickly, and leaves theory to whoever puts the parts together.
func (o Options) dividing() bool { return o.spans.prefix != "" && o.sharing() }

// leftToOthers tells whether there is nothing to do for the design here.
func (o Options) leftToOthers(d Design) bool { return o.dividing() && o.leftToTheory(d) }

// isElsewhere tells whether all that is wrong is that other processes do a
// part of the work.
func isElsewhere(err error) bool {
	return errors.Is(err, ErrElsewhere) || errors.Is(err, montecarlo.ErrElsewhere)
}
