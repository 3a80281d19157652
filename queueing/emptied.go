package queueing

import (
	"math"
	"slices"
)

// One server whose services are not exponential forgets whenever it is idle. It is at
// some instant of (from,begin) unless a busy period that began at an s up to from, with
// n requests, goes on until begin, whose chance is at most
//
//	P(n + A(s,begin) requests take begin - s at least),
//
// A the arrivals. Where that is negligible for all such s, and for the start, the law
// of what is there at begin is that of a server idle at from: with the same arrivals
// and services two servers that differ at from are alike from the first instant on at
// which the one with more work is idle (R. M. Loynes, Proc. Camb. Phil. Soc. 58, 1962).
// Pools that have sent everything by from may have had any numbers.
const (
	emptiedExponent = 30.0 // -ln of the chance at every s: a grid sees less between
	// emptiedHeavy is the same for services without exponential moments, of which one may
	// go on for very long: their laws are off by more ([mixtureError]).
	emptiedHeavy  = 27.0
	emptiedGrowth = 1.15 // of begin - s from one s to the next
	emptiedBreaks = 2000 // rates that change more often are not looked into
	// spentRest is what pools may have left to send, on average.
	spentRest = 1e-13
)

// busyFor tells -ln of the bound on the chance that batches of k, beside all other
// arrivals of (s,t], take t - s.
type busyFor func(k, s, t float64) float64

// emptied is the latest such from, as a start with nothing in the lane; nil if there is
// none.
func (p problem) emptied() *start {
	up := p.cfg.DownFor
	if len(p.cfg.ScaleOut) > 0 || p.FinalServers() > 1 || p.begin <= up || len(p.cfg.Arrivals.Breaks(up, p.begin)) > emptiedBreaks {
		return nil
	}
	waiting := &birthDeath{lane: p.Lane, now: p.Initial().law(), absorb: -1}
	waiting.leap(up)
	q, exponent := p.busyPeriods(up)
	if q == nil {
		return nil
	}
	least := emptiedExponent * float64(p.largestGroup())
	if _, heavy := p.cfg.Service.(Lognormal); heavy {
		least = emptiedHeavy * float64(p.largestGroup())
	}
	over := func(s float64) bool {
		k := q.batches(s, p.begin).hi()
		if s == up {
			k += waiting.now.hi()
		}
		fall := (p.begin-s)/p.cfg.Service.Mean() - p.cfg.Arrivals.Flow(s, p.begin)
		return fall > float64(k) && exponent(float64(k), s, p.begin) >= least
	}
	from := math.Inf(1)
	for _, s := range q.mayHaveBegun(up, p.begin) {
		if !over(s) {
			break
		}
		from = s
	}
	if math.IsInf(from, 1) || from <= up {
		return nil
	}
	return &start{from: from, at: from, n: point(0), empty: true}
}

// mayHaveBegun are instants from up on at which a busy period that counts at begin may
// have begun, in order: they close in on begin, and arrivals are largest after some.
func (p *busyPassage) mayHaveBegun(up, begin float64) []float64 {
	at := []float64{up}
	for u := p.lane.cfg.Service.Mean(); u < begin-up; u *= emptiedGrowth {
		at = append(at, begin-u)
	}
	for _, turn := range p.turnsUpTo(begin) {
		if turn.at > up && turn.at < begin {
			at = append(at, math.Nextafter(turn.at, 0), turn.at)
		}
	}
	slices.Sort(at)
	return at
}

// busyPeriods is the passage of busy periods, and Chernoff's exponents of long ones.
func (p problem) busyPeriods(up float64) (*busyPassage, busyFor) {
	flow := p.cfg.Arrivals.Flow
	switch s := p.cfg.Service.(type) {
	case Exponential:
		return nil, nil
	case Gamma:
		q := newGammaPassage(p.Lane, up, point(1), 0)
		return &q.busyPassage, func(k, s, t float64) float64 { return q.exponent(k, t-s, flow(s, t)) }
	case Deterministic:
		q := newLatticePassage(p.Lane, up, point(1), 0)
		return &q.busyPassage, func(k, from, t float64) float64 {
			return q.exponent(math.Floor((t-from)/s.Time), k, flow(from, t))
		}
	}
	sums := sumsOf(p.cfg.Service)
	if sums == nil {
		return nil, nil
	}
	q := newTransformPassage(p.Lane, up, point(1), 0, sums)
	return &q.busyPassage, func(k, s, t float64) float64 { return sums.exponent(k, t-s, flow(s, t)) }
}

// largestGroup of requests that come at once, beside batches.
func (p problem) largestGroup() int {
	most := 1
	for _, st := range p.cfg.Arrivals.streams {
		_, size := members(st.Source)
		most = max(most, size)
	}
	return most
}

// starting is the lane where it is no longer down, or where it has been emptied.
func (p problem) starting() *birthDeath {
	b := &birthDeath{lane: p.Lane, now: p.Initial().law(), absorb: -1}
	switch {
	case p.known != nil && p.known.empty:
		b.t, b.now = p.known.at, p.known.n
	case p.cfg.DownFor > 0:
		b.leap(p.cfg.DownFor)
	}
	return b
}
