package queueing

import (
	"math"
	"slices"
)

// numberInParts is the law of the number at begin where servers may idle again before
// the last streams have sent everything: the numbers of those that have by an earlier
// instant are fixed by their transform then, and the others by the quantiles of the
// number at begin ([finite]), for each mean of which the lane is followed on from there.
func (p problem) numberInParts(open []int) (law, float64, error) {
	refused := &UnsupportedError{DrainDensity, "its finite streams send everything at one time"}
	ends := func(i int) float64 { return p.ends(p.cfg.Arrivals.streams[i].Source) }
	at := math.Inf(1)
	for _, i := range open {
		at = math.Min(at, ends(i))
	}
	spent := slices.DeleteFunc(slices.Clone(open), func(i int) bool { return ends(i) > at })
	rest := slices.DeleteFunc(slices.Clone(open), func(i int) bool { return ends(i) <= at })
	if len(rest) == 0 || !(at < p.begin) || p.ServersAt(at) == 0 {
		return law{}, 0, refused
	}
	inner := p.tolerance()
	p.Tolerance, p.ofNumber = inner/2, true // the transform of those that are spent comes on top of it
	d, err := p.fixing(func(q problem) (Drain, error) {
		q.Tolerance, q.ofNumber = inner, false
		return q.numberAlike(at, spent)
	}, rest)
	if err != nil {
		return law{}, 0, err
	}
	grid, is := d.Distribution.(*lattice)
	if !is || !(d.AbsError <= spentMost) {
		return law{}, 0, refused
	}
	return law{grid.first, slices.Clone(grid.q)}, d.AbsError, nil
}

// numberAfter is the law of the number at begin, as that of a time, with the numbers of
// streams fixed that are spent at an instant.
func (p problem) numberAfter(at float64, spent []int) (Drain, error) {
	q, err := p.before(at)
	if err != nil {
		return Drain{}, err
	}
	n, off, err := q.numberByTransform(q.sameStreams(p, spent))
	if err != nil {
		return Drain{}, err
	}
	for _, i := range spent {
		if p, err = p.withMean(i, 1); err != nil {
			return Drain{}, err
		}
	}
	n, err = p.follow(&birthDeath{t: at, now: n})
	return numberLaw(n, off+risks*p.risk()), err
}

// sameStreams are the positions of another problem's streams.
func (p problem) sameStreams(other problem, at []int) (here []int) {
	for _, i := range at {
		name := other.cfg.Arrivals.streams[i].Name
		here = append(here, slices.IndexFunc(p.cfg.Arrivals.streams, func(s Stream) bool { return s.Name == name }))
	}
	return here
}
