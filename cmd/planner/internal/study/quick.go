package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// ask is quick with all that the metrics need.
func ask(ctx context.Context, d Design, c Case, o Options, metrics ...Metric) (Answer, error) {
	a, err := quick(ctx, d, c, o)
	if err == nil && slices.ContainsFunc(metrics, Metric.follows) {
		err = a.followQuick(ctx, d, c, o)
	}
	if err == nil && slices.ContainsFunc(metrics, Metric.yearly) {
		err = a.yearly(ctx, d, c, o)
	}
	if err == nil {
		err = a.guarded()
	}
	return a, err
}

// MissingError says that the case does not hold what a metric needs.
type MissingError struct {
	Metric  Metric
	Section string   // of the scenario file
	Designs []string // that lack it; nil if all do
}

func (e *MissingError) Error() string {
	who := "the file has none"
	if len(e.Designs) > 0 {
		who = "the design " + strings.Join(e.Designs, ", ") + " has none"
	}
	return fmt.Sprintf("%s needs %s:, and %s", e.Metric, e.Section, who)
}

// given refuses, all at once, metrics for which the case does not hold what
// they need.
func given(designs []Design, metrics ...Metric) error {
	var errs []error
	for i, m := range metrics {
		if slices.Contains(metrics[:i], m) {
			continue
		}
		e := &MissingError{Metric: m}
		for _, d := range designs {
			switch {
			case m == BreachesPerYear && d.Events == nil:
				e.Section, e.Designs = "year", append(e.Designs, d.Name)
			case m == YearlyCost && d.Prices == nil:
				e.Section, e.Designs = "cost", append(e.Designs, d.Name)
			}
		}
		if len(e.Designs) == len(designs) {
			e.Designs = nil
		}
		if e.Section != "" {
			errs = append(errs, e)
		}
	}
	return errors.Join(errs...)
}

// quick answers one design for studies that ask many: the status and one law
// of the drain time, theory if it is exact (or, where o is coarse, sharp) and
// else drawn with the given number of storms. Storms use the same random numbers whatever the
// design, so that differences are sharp.
func quick(ctx context.Context, d Design, c Case, o Options) (Answer, error) {
	a := Answer{Name: d.Name, Lanes: len(d.Lanes), LaneKind: d.LaneKind, Lost: d.Lost, PoolRequests: d.PoolRequests, Stability: d.Stability}
	a.setStatus(d)
	if a.Status != Drains {
		a.conclude(c.Objective, 0)
		return a, nil
	}
	if o.leftToOthers(d) {
		return a, ErrElsewhere
	}
	if !o.dividing() {
		if err := a.solve(ctx, d, c.Objective, o); err != nil {
			return a, err
		}
	}
	known := a.Drain.Exact() || o.coarse && a.Drain.sharp() || o.rough && a.Drain != nil && a.Drain.Theory != nil
	if !known && !o.Method.theoryAlone() {
		if a.Drain != nil { // approximate theory: the drawn law stands for it
			a.Drain = &Law{Quality: queueing.Simulated, Reason: a.Drain.Reason}
		}
		draws := o.options(o.Replications, c.Horizon, &meter{})
		if position := o.spans.first; o.spans.prefix != "" {
			draws.Memory = o.memory(&position, o.spans.prefix+"design/"+d.Name, o.leftToTheory(d))
		}
		if err := a.draw(ctx, d, c, draws, o); err != nil {
			return a, err
		}
	}
	a.conclude(c.Objective, 0)
	return a, a.guarded()
}

// forget drops what only charts and checks need, to hold many answers.
func (a *Answer) forget() {
	laws := []*Law{a.Drain, a.Simulated}
	if a.Year != nil {
		for i := range a.Year.Kinds {
			laws = append(laws, a.Year.Kinds[i].Law)
		}
	}
	for _, l := range laws {
		if l != nil {
			l.Theory, l.Sample = nil, nil
		}
	}
}

// followQuick answers what only storms followed request by request know: the
// peak of the backlog and the longest wait.
func (a *Answer) followQuick(ctx context.Context, d Design, c Case, o Options) error {
	if a.Status != Drains {
		return nil
	}
	p, err := montecarlo.FollowPaths(ctx, d.Lanes, montecarlo.PathOptions{
		Options: o.options(min(followed, o.Replications), c.Horizon, &meter{}), Grid: []float64{0}})
	if err != nil {
		return err
	}
	if err := conserved(a.Name, p); err != nil {
		return err
	}
	a.Peak, a.LongestWait, a.Completed = figure(p.Peak), figure(p.LongestWait), figure(p.Completed)
	return nil
}
