package study

import (
	"context"
	"errors"
	"fmt"
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// SecondsPerYear is a year of 365.25 days.
const SecondsPerYear = 365.25 * 86400

// Event is one kind of failure in a design's year.
type Event struct {
	Name    string
	PerYear float64          // positive
	Own     bool             // it is what the design itself describes
	Lanes   []*queueing.Lane // what then has to drain; nil: nothing survives
	Next    float64          // failures a second that may come before it has drained
}

// Year is what a year of failures brings a design: each kind of event is a
// Poisson process, and the recoveries are added up as if they never
// overlapped.
//
// A recovery lasts from the failure until the lanes have drained, T seconds;
// one that never ends counts as a breach, and leaves the yearly times without
// a mean. Each estimate has an interval where a kind of event is simulated.
// Sums over kinds add the ends of their intervals: the storms of the kinds
// share random numbers, and the deviation of a sum is at most the sum of the
// deviations however they depend.
type Year struct {
	Kinds    []YearKind
	Events   float64             // a year
	Breaches montecarlo.Estimate // a year
	Any      montecarlo.Estimate // P(at least one breach in a year)
	Over     montecarlo.Estimate // s a year beyond the objective, expected
	Recovery montecarlo.Estimate // s a year in recovery, expected

	P50, P95, P99 montecarlo.Estimate // s a year in recovery

	// Second is the chance that a failure is followed by another before it has
	// drained, over all failures.
	Second montecarlo.Estimate
	// Available is the share of the year that is not spent in recovery beyond
	// the objective: 1 - Over / a year; NaN where a recovery may never end.
	Available montecarlo.Estimate
	Exceed    []Point // X s a year in recovery, Y = P(more)
	Reason    string  // why the yearly times are not known; empty if they are
}

// YearKind is what one kind of event does.
type YearKind struct {
	Name         string
	PerYear      float64
	Status       Status
	StatusReason string
	Law          *Law                // nil where it never drains
	Breach       montecarlo.Estimate // P(T > D)
	Over         montecarlo.Estimate // s, E max(0, T - D)
	Second       montecarlo.Estimate // P(another failure before it has drained)

	paired []float64 // T by replication, of a simulated law; nil unless designs are compared
}

// Nines is the availability as a number of nines, 3 for 99.9 %; +Inf for 1.
func (y *Year) Nines() float64 { return -math.Log10(1-y.Available.Value) + 0 }

// nothingSurvives is the status of an event that takes every zone.
const nothingSurvives = "no zone survives"

// yearly answers the design's year and what it costs, where the case says
// enough for them. Its own law must still hold its theory or sample.
func (a *Answer) yearly(ctx context.Context, d Design, c Case, o Options) error {
	var all []recovery
	if d.Events != nil {
		y := &Year{}
		for _, e := range d.Events {
			k, law, err := a.kind(ctx, e, d, c, o)
			if err != nil {
				return err
			}
			y.Kinds, all = append(y.Kinds, k), append(all, law)
		}
		if err := y.addUp(all, c.Objective.Within); err != nil {
			return err
		}
		a.Year = y
		if y.Second.Value > overlapping && !math.IsInf(y.Over.Value, 1) {
			a.Warnings = append(a.Warnings, fmt.Sprintf("%.2g %% of the failures of a year come before an earlier one has drained: the year adds recoveries up as if they never overlapped", 100*y.Second.Value))
		}
	}
	return a.price(d, all, c.Objective.Within)
}

// overlapping is the share of failures before an earlier one has drained from
// which on it is said that the year leaves overlaps out.
const overlapping = 0.05

// kind answers one kind of event.
func (a *Answer) kind(ctx context.Context, e Event, d Design, c Case, o Options) (YearKind, recovery, error) {
	k := YearKind{Name: e.Name, PerYear: e.PerYear, Status: Never, StatusReason: nothingSurvives}
	one := *a
	switch {
	case e.Own:
	case e.Lanes == nil:
		one = Answer{Status: Never, StatusReason: nothingSurvives}
	default:
		event := Design{Name: fmt.Sprintf("%s, %s", d.Name, e.Name), Lanes: e.Lanes, LaneKind: d.LaneKind}
		var err error
		if one, err = quick(ctx, event, c, o); err != nil {
			return k, recovery{}, err
		}
	}
	k.Status, k.StatusReason, k.Law = one.Status, one.StatusReason, one.Judged()
	r := recoveryOf(&one, e.PerYear, c.Horizon)
	k.Breach, k.Over, k.Second = r.breach(c.Objective.Within), r.over(c.Objective.Within), r.second(e.Next)
	k.paired = draws(&one)
	return k, r, nil
}

// addUp makes the year out of its kinds of events.
func (y *Year) addUp(all []recovery, within float64) error {
	for _, r := range all {
		y.Events += r.perYear
	}
	sum := func(of func(recovery) montecarlo.Estimate) montecarlo.Estimate {
		total := plain(0)
		for _, r := range all {
			total = plus(total, scaled(r.perYear, of(r)))
		}
		return total
	}
	y.Breaches = sum(func(r recovery) montecarlo.Estimate { return r.breach(within) })
	y.Any = through(y.Breaches, func(x float64) float64 { return -math.Expm1(-x) })
	y.Over = sum(func(r recovery) montecarlo.Estimate { return r.over(within) })
	y.Recovery = sum(func(r recovery) montecarlo.Estimate { return r.over(0) })
	y.Available = backwards(y.Over, func(x float64) float64 { return 1 - x/SecondsPerYear })
	if math.IsInf(y.Over.Value, 1) {
		y.Available = plain(math.NaN())
	}
	y.Second = plain(0)
	for i, k := range y.Kinds {
		y.Second = plus(y.Second, scaled(all[i].perYear/y.Events, k.Second))
	}
	return y.times(all)
}

// times finds the law of the year's recovery time.
func (y *Year) times(all []recovery) error {
	y.P50, y.P95, y.P99 = plain(0), plain(0), plain(0)
	if y.Events == 0 {
		y.Second = plain(0)
		return nil
	}
	law, err := yearOf(all)
	if errors.Is(err, queueing.ErrDefective) {
		y.Reason = "the drain time of an event may be infinite"
		y.P50, y.P95, y.P99 = plain(math.NaN()), plain(math.NaN()), plain(math.NaN())
		return nil
	}
	if err != nil {
		return err
	}
	y.P50, y.P95, y.P99 = quantileOf(law, all, 0.5), quantileOf(law, all, 0.95), quantileOf(law, all, 0.99)
	for k := range curvePoints {
		t := law.Quantile((float64(k) + 0.5) / curvePoints)
		if n := len(y.Exceed); !math.IsInf(t, 1) && (n == 0 || t > y.Exceed[n-1].X) {
			y.Exceed = append(y.Exceed, Point{t, 1 - law.CDF(t)})
		}
	}
	return nil
}

// yearOf is the law of the year's total.
func yearOf(all []recovery) (*queueing.Year, error) {
	kinds := make([]queueing.EventKind, len(all))
	for i, r := range all {
		kinds[i] = queueing.EventKind{PerYear: r.perYear, Drain: r.law, Never: r.never}
	}
	return queueing.NewYear(kinds...)
}

// quantileOf the year's total, with the interval that simulated kinds leave
// open: the level is moved by what they leave open of the distribution
// function there.
func quantileOf(law *queueing.Year, all []recovery, p float64) montecarlo.Estimate {
	e := plain(law.Quantile(p))
	wide := 0.0
	for i, r := range all {
		if r.sample == nil {
			continue
		}
		if e.N == 0 || r.sample.N() < e.N {
			e.N = r.sample.N()
		}
		if !math.IsInf(e.Value, 1) {
			wide += normal95 * law.Spread(i, e.Value) / math.Sqrt(float64(r.sample.N()))
		}
	}
	if e.N == 0 {
		return e
	}
	e.Confidence, e.Lo, e.Hi = montecarlo.Confidence, 0, math.Inf(1)
	if p-wide > 0 {
		e.Lo = law.Quantile(p - wide)
	}
	if p+wide < 1 {
		e.Hi = law.Quantile(p + wide)
	}
	return e
}

// normal95 is the 97.5 % point of the standard normal law.
const normal95 = 1.959963984540054
