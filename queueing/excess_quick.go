package queueing

import "math"

// A coarse march takes Excess(s,t) for many s and one t. What depends on t alone is found
// once: which streams send anything after start, and how fast those decay.

// excessAt is implemented by sources whose Excess to one t is found sooner than each by
// itself, for s from start on, to 1e-12 of it; nil where that is not so.
type excessAt interface {
	excessAt(start, t float64) func(s float64) float64
}

// excessTo is [Arrivals.Excess] to t, for s from start on.
func (a Arrivals) excessTo(start, t float64) func(s float64) float64 {
	var parts []func(s float64) float64
	for _, st := range a.streams {
		src := st.Source
		if _, is := src.(Steady); is || src.Rate(t) == 0 && src.Flow(start, t) == 0 {
			continue
		}
		if q, is := src.(excessAt); is {
			if f := q.excessAt(start, t); f != nil {
				parts = append(parts, f)
				continue
			}
		}
		parts = append(parts, func(s float64) float64 { return src.Excess(s, t) })
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return func(s float64) float64 {
		sum := 0.0
		for _, f := range parts {
			sum += f(s)
		}
		return sum
	}
}

func (a poissonPool) excessAt(start, t float64) func(s float64) float64 {
	p, is := a.Source.(Pool)
	if !is {
		return nil
	}
	return p.decaying(a.mean, start, t)
}

func (a Pool) excessAt(start, t float64) func(s float64) float64 { return a.decaying(1, start, t) }

func (a Surge) excessAt(start, t float64) func(s float64) float64 {
	return decayingExcess(a.Rate(t)*a.Decay, a.Decay, start, t)
}

// decaying is the excess where delays are exponential and count from before start on.
func (a Pool) decaying(mean, start, t float64) func(s float64) float64 {
	d, is := a.Delay.(ExponentialDelay)
	if !is || start < a.Start {
		return nil
	}
	return decayingExcess(mean*float64(a.Total())*d.Beyond(t-a.origin()), d.MeanDelay, start, t)
}

// decayingExcess is left (e^u - 1 - u) with u = (t-s)/decay, as in [Surge.Excess], of a
// rate that decays, left being what is still to come after t.
func decayingExcess(left, decay, start, t float64) func(s float64) float64 {
	if !(left > 0) || t-start > excessMost*decay {
		return nil
	}
	pace := 1 / decay
	return func(s float64) float64 {
		u := (t - s) * pace
		if u > excessFew {
			return left * (math.Exp(u) - 1 - u)
		}
		return left * u * u * (1./2 + u*(1./6+u*(1./24+u*(1./120+u*(1./720+u*(1./5040))))))
	}
}

// excessFew is up to where the powers of u up to the seventh leave 1e-13: from there on
// the difference loses four digits.
const excessFew = 0.02

// excessMost is the largest u whose exponential is sure to be a number.
const excessMost = 600
