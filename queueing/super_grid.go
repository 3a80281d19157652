package queueing

import (
	"math"
	"sync"
)

// superGrid is the cells of a superposition and the departures at their ends and
// lags, which no arrivals touch: lanes that differ by the means of their streams
// alone share one that holds all their spans.
type superGrid struct {
	lo, hi      float64 // s
	once        sync.Once
	left, after []countTail
	err         error
}

func (g *superGrid) cell() float64 { return (g.hi - g.lo) / superCells }

// grid is that of one lane.
func (q *superposition) grid() (*superGrid, error) {
	lo, hi, err := q.span()
	if err != nil {
		return nil, err
	}
	if !(hi > lo) {
		return nil, &UnsupportedError{DrainIdentity, "its drain time is left to chance too little for a density"}
	}
	return &superGrid{lo: lo, hi: hi}, nil
}

// departures are found once.
func (g *superGrid) departures(q *superposition) (left, after []countTail, err error) {
	g.once.Do(func() {
		worked, lags := make([]float64, superCells), make([]float64, superCells)
		for i := range superCells {
			worked[i], lags[i] = g.lo+float64(i+1)*g.cell()-q.lane.cfg.DownFor, (float64(i)+0.5)*g.cell()
		}
		g.left, g.after, g.err = q.bothDepartures(worked, lags)
	})
	return g.left, g.after, g.err
}

// superGrid is one for all the means that the numbers in finite streams are fixed
// by, or the refusal of the problem.
func (p problem) superGrid() (*superGrid, error) {
	var all *superGrid
	for _, side := range []float64{-1, 1} {
		q, err := p.atReach(side)
		if err != nil {
			return nil, err
		}
		s, end, err := newSuperposition(q.Lane)
		if err != nil {
			return nil, err
		}
		if s.k0 <= 0 {
			return &superGrid{}, nil // it is at its target, or refused
		}
		if end > 0 && s.early(end) {
			return nil, &UnsupportedError{DrainIdentity, "it is drained before overload ends too often"}
		}
		g, err := s.grid()
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = g
		}
		all.lo, all.hi = math.Min(all.lo, g.lo), math.Max(all.hi, g.hi)
	}
	return all, nil
}

// atReach is the problem with the finite streams Poisson, with means as far from
// their numbers as they get.
func (p problem) atReach(side float64) (problem, error) {
	for i, st := range p.cfg.Arrivals.streams {
		n, _ := members(st.Source)
		if n == 0 {
			continue
		}
		var err error
		if p, err = p.withMean(i, 1+side*reachOf(float64(n))/float64(n)); err != nil {
			return p, err
		}
	}
	return p, nil
}

// earlyDeviations are standard deviations by which the mean path is above the
// target when overload ends, where one of fifteen is not: the law would be refused.
const earlyDeviations = 1.5

// early tells whether servers that never stop would often have come to the target by
// the end of overload.
func (q *superposition) early(end float64) bool {
	arrived := q.lane.cfg.Arrivals.Count(0, end)
	served := q.lane.Work(0, end)
	above := float64(q.k0) + arrived.Mean() - served
	return above < earlyDeviations*math.Sqrt(arrived.Variance()+q.lane.cfg.Service.SCV()*served)
}

// superMost bounds the points of transforms, some three seconds, that are spent
// on a superposition where no method was named.
const superMost = 2.5e8

// work is about how many points of transforms the problem takes: for each number of
// services of one server, for the sums of all servers at each cell, and, in each
// solve that it takes to fix numbers, for the arrivals between cells.
func (g *superGrid) work(p problem) float64 {
	if !(g.hi > g.lo) {
		return 0
	}
	services := g.hi / p.cfg.Service.Mean()
	width := 16*math.Sqrt(p.cfg.Service.SCV()*services) + 4
	counts := 3*countGrid*(services+width) + 2*superCells*3*float64(p.FinalServers())*width
	arrived := p.cfg.Arrivals.Flow(g.lo, g.hi) / 3 // between two cells, in the mean
	each := superCells * superCells / 2 * (4 + 4*math.Sqrt(arrived))
	return counts + each*p.solves()
}

// solves is about how many it takes to fix the numbers in finite streams.
func (p problem) solves() float64 {
	pools := 0.0
	for _, st := range p.cfg.Arrivals.streams {
		if n, _ := members(st.Source); n > 0 {
			pools++
		}
	}
	if pools == 1 {
		return finiteMost + 1
	}
	return 1 + pools*(pools+3)/2
}
