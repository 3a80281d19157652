package study

import (
	"math"

	"singlelane/montecarlo"
)

func (r *Result) guarded() error {
	if r == nil {
		return nil // interrupted before anything was known
	}
	for i := range r.Designs {
		if err := r.Designs[i].guarded(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Law) guarded() error {
	g := &guard{}
	g.law("the drain time", l)
	return g.broken
}

// guarded holds the differences of a comparison against the laws of answers
// too.
func (k *Comparison) guarded() error {
	if err := k.Result.guarded(); err != nil {
		return err
	}
	g := &guard{}
	for _, p := range k.Pairs {
		for i, d := range p.Differences {
			what := string(k.Metrics[i]) + " of " + k.Designs[p.B].Name + " less " + k.Designs[p.A].Name
			g.holds(d.Lo <= d.Hi || math.IsNaN(d.Value), "%s: the interval goes from %v to %v", what, d.Lo, d.Hi)
			g.probability(what+": the chance of being less", plain(d.Less))
			g.probability(what+": the chance of being more", plain(d.More))
		}
	}
	g.probability("the confidence in the best", plain(k.Best.Confidence))
	return g.broken
}

func (s *Sized) guarded() error {
	for _, t := range append([]Trial{s.Best}, s.Trials...) {
		g := &guard{design: t.Answer.Name}
		g.answer(&t.Answer)
		g.probability("P(T > objective)", t.Breach)
		g.figure("the last request's start", t.Completed)
		g.probability("P(the last request begins too late)", t.TooLate)
		if g.broken != nil {
			return g.broken
		}
	}
	return nil
}

func (d *DesignSensitivity) guarded() error {
	g := &guard{design: d.Design}
	g.answer(&d.Middle)
	for i, b := range d.Bars {
		for side := range 2 {
			g.known(d.Inputs[i].Key+": P99", b.P99[side])
			g.probability(d.Inputs[i].Key+": P(T > objective)", b.Breach[side])
		}
	}
	g.ignorance(&d.Ignorance)
	for _, m := range []Metric{P99, Breach} {
		for i, x := range d.Of(m) {
			for _, e := range []montecarlo.Estimate{x.First, x.Total} {
				g.holds(!math.IsNaN(e.Value) && !math.IsInf(e.Value, 0), "%s: the share of the variance of %s is %v", d.Inputs[i].Key, m, e.Value)
			}
		}
	}
	return g.broken
}

func (g *guard) ignorance(d *Ignorance) {
	g.ordered("quantiles of P99 over the draws", 0, d.P5.Value, d.P50.Value, d.P95.Value)
	g.probability("the mean P(T > objective)", d.MeanBreach)
	g.probability("the share of draws that meet the objective", d.Meets)
	g.probability("the share of draws that never drain", d.Never)
}

func (r *Replayed) guarded() error {
	g := &guard{design: r.Design}
	g.figure("the peak", r.Peak)
	g.figure("the longest wait", r.LongestWait)
	g.figure("the drain time", r.Drain)
	for i := range r.Times {
		g.ordered("quantiles of the backlog", 0, 0, r.P5[i], r.P50[i], r.P95[i])
		g.holds(r.Mean[i] >= 0, "the mean backlog is %v", r.Mean[i])
	}
	if e := r.Error; e != nil {
		g.probability("the share of instants within P5 to P95", plain(e.Inside))
		g.holds(e.RMS >= math.Abs(e.Mean)*(1-rounding), "the mean error, %v, is more than the root of the mean square, %v", e.Mean, e.RMS)
	}
	return g.broken
}
