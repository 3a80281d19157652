package study

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	return a, err
}

// MissingError says that the case does not hold what a metric needs.
type MissingError struct {
	Design  string
	Metric  Metric
	Section string // of the scenario file
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("design %q: %s needs %s:, which the file does not have", e.Design, e.Metric, e.Section)
}

// given refuses, all at once, metrics for which the case does not hold what
// they need.
func given(designs []Design, metrics ...Metric) error {
	var errs []error
	for _, d := range designs {
		for _, m := range metrics {
			switch {
			case m == BreachesPerYear && d.Events == nil:
				errs = append(errs, &MissingError{d.Name, m, "year"})
			case m == YearlyCost && d.Prices == nil:
				errs = append(errs, &MissingError{d.Name, m, "cost"})
			}
		}
	}
	return errors.Join(errs...)
}

// quick answers one design for studies that ask many: the status and one law
// of the drain time, exact theory if there is any and else drawn with the
// given number of storms. Storms use the same random numbers whatever the
// design, so that differences are sharp.
func quick(ctx context.Context, d Design, c Case, o Options) (Answer, error) {
	a := Answer{Name: d.Name, Lanes: len(d.Lanes), LaneKind: d.LaneKind, Lost: d.Lost, PoolRequests: d.PoolRequests, Stability: d.Stability}
	a.setStatus(d)
	if a.Status != Drains {
		a.conclude(c.Objective, 0)
		return a, nil
	}
	if err := a.solve(d, c.Objective, o.Method); err != nil {
		return a, err
	}
	if !a.Drain.Exact() && !o.Method.theoryAlone() {
		if a.Drain != nil { // approximate theory: the drawn law stands for it
			a.Drain = &Law{Quality: queueing.Simulated, Reason: a.Drain.Reason}
		}
		if err := a.draw(ctx, d, c, o.options(o.Replications, c.Horizon, &meter{})); err != nil {
			return a, err
		}
		if err := o.Method.insisted(d, a.Simulated); err != nil {
			return a, err
		}
	}
	a.conclude(c.Objective, 0)
	return a, nil
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
	a.Peak, a.LongestWait, a.Completed = figure(p.Peak), figure(p.LongestWait), figure(p.Completed)
	return nil
}
