package queueing

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// A few large groups decide by the instants at which they come what becomes of a lane, which
// their mean rate does not tell. Given those the groups are batches at fixed times, and the law of
// T is the mean of those laws over the instants of all members: an integral over the unit cube,
// whose dimensions are the quantiles of their delays. It is taken at the points of a Latin
// hypercube, which has each member once in each of as many equal parts of its delay's law as there
// are points (M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239): always the
// same points.
const (
	instantPoints = 48 // of the hypercube
	instantSeed   = 1
)

// fewLarge lists the streams of a few large groups.
func (p problem) fewLarge() (few []int) {
	for i, st := range p.cfg.Arrivals.streams {
		if _, is := st.Source.(Pool); !is {
			continue
		}
		if n, size := members(st.Source); n > 0 && n < agedFew && size > agedCrowd {
			few = append(few, i)
		}
	}
	return few
}

// byInstants is the law that a way finds, over the instants of few large groups if there are any.
func (p problem) byInstants(way func(problem) (Drain, error)) (Drain, error) {
	few := p.fewLarge()
	dimensions := 0
	for _, i := range few {
		n, _ := members(p.cfg.Arrivals.streams[i].Source)
		dimensions += n
	}
	if dimensions == 0 {
		return way(p)
	}
	points := mat.NewDense(instantPoints, dimensions, nil)
	source := rand.NewPCG(instantSeed, instantSeed)
	samplemv.LatinHypercube{Q: distmv.NewUnitUniform(dimensions, source), Src: source}.Sample(points)
	var all []Drain
	weights := make([]float64, instantPoints)
	for k := range instantPoints {
		q, err := p.atInstants(few, points.RawRowView(k))
		if err != nil {
			return Drain{}, err
		}
		d, err := way(q)
		if err != nil {
			return Drain{}, err
		}
		if _, is := d.Distribution.(*curve); !is {
			return Drain{}, &UnsupportedError{d.Method, "its law has no density that is known"}
		}
		all, weights[k] = append(all, d), 1./instantPoints
	}
	d := all[0]
	c := mixed(all, weights)
	d.Distribution, d.Atoms = c, nil
	d.AbsError, d.rough, d.groups = 1, 1, true
	for _, a := range c.atoms {
		if a.Mass > 1./instantPoints {
			d.Atoms = append(d.Atoms, a)
		}
	}
	d.Reason += fmt.Sprintf("; the instants of %d groups, which are few, are taken at %d points", dimensions, instantPoints)
	return d, nil
}

// atInstants is the problem with batches in place of the groups of some streams.
func (p problem) atInstants(few []int, quantiles []float64) (problem, error) {
	cfg := p.cfg
	var streams []Stream
	var held []string
	if t := cfg.Mechanisms.Throttle; t != nil {
		if held = t.Streams; len(held) == 0 {
			held = p.finiteNames()
		}
	}
	for i, st := range p.cfg.Arrivals.streams {
		if len(few) == 0 || few[0] != i {
			streams = append(streams, st)
			continue
		}
		few = few[1:]
		pool := st.Source.(Pool)
		n, size := members(pool)
		for k, q := range quantiles[:n] {
			at := pool.origin() + pool.Delay.Quantile(q)
			if pool.Held {
				at = math.Max(at, pool.Start)
			}
			name := fmt.Sprintf("%s, group %d", st.Name, k+1)
			streams = append(streams, Stream{name, Batch{size, at}, st.Priority, st.Retries})
			if slices.Contains(held, st.Name) {
				held = append(slices.Clone(held), name)
			}
		}
		quantiles = quantiles[n:]
	}
	if t := cfg.Mechanisms.Throttle; t != nil {
		t := *t
		t.Streams, cfg.Mechanisms.Throttle = held, &t
	}
	var err error
	if cfg.Arrivals, err = NewArrivals(streams...); err != nil {
		return p, err
	}
	l, err := NewLane(cfg)
	if err != nil {
		return p, err
	}
	end := p.end
	l.overload = &end
	p.Lane, p.known, p.tried, p.soon = l, nil, &tried{kept: map[question]answer{}}, true
	return p, nil
}
