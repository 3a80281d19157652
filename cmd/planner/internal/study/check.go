package study

import (
	"context"
	"errors"

	"singlelane/montecarlo"
)

// Requirement is a bound on a metric beside the objective.
type Requirement struct {
	Metric  Metric
	Limit   float64 // SI units
	OrEqual bool    // whether the limit itself is allowed
	Text    string  // as the user wrote it
}

// Failure is a requirement that a design was not shown to hold.
type Failure struct {
	Requirement string // empty for the objective
	Got         montecarlo.Estimate
	Seconds     bool // Got is a time
	Share       bool // Got is a probability
	Decided     bool // false: the interval holds the limit
}

// Checked is a design and what it fails.
type Checked struct {
	Answer   Answer
	Failures []Failure
}

// Check holds every design against the objective and the requirements. What
// cannot be decided with the storms asked for is a failure too: a gate passes
// what is shown to hold. When ctx ends, the designs finished by then are returned
// with a *StoppedError.
func Check(ctx context.Context, c Case, require []Requirement, o Options) ([]Checked, error) {
	o.Method = o.Method.orAuto()
	metrics := make([]Metric, len(require))
	for i, r := range require {
		metrics[i] = r.Metric
	}
	if err := errors.Join(supported(c.Designs), given(c.Designs, metrics...)); err != nil {
		return nil, err
	}
	all, done := make([]Checked, len(c.Designs)), make([]bool, len(c.Designs))
	err := inParallel(ctx, len(c.Designs), o.Workers, func(i int) error {
		one := o
		one.Workers, one.Progress = 1, nil
		one.Ledger = nil // what is kept is the whole answer
		a, err := keptAnswer(o.Ledger, "design/"+c.Designs[i].Name, i, c.Designs[i].Name, func() (Answer, error) {
			return ask(ctx, c.Designs[i], c, one, metrics...)
		})
		if err != nil {
			return err
		}
		all[i], done[i] = Checked{a, failures(&a, c.Objective, require)}, true
		return nil
	})
	if errors.Is(err, context.Canceled) {
		var finished []Checked
		for i, one := range all {
			if done[i] {
				finished = append(finished, one)
			}
		}
		return finished, stopped(err, finishedOf(c.names(), done))
	}
	return all, err
}

func failures(a *Answer, o Objective, require []Requirement) []Failure {
	var all []Failure
	if !a.MeetsObjective || !a.Decided {
		all = append(all, Failure{Got: Breach.Of(a), Decided: a.Decided})
	}
	for _, r := range require {
		e := r.Metric.Of(a)
		if shown, decided := r.holds(e); !shown {
			all = append(all, Failure{r.Text, e, r.Metric.Seconds(), r.Metric.Share(), decided})
		}
	}
	return all
}

// holds tells whether the estimate is within the limit, by its interval if it
// has one.
func (r Requirement) holds(e montecarlo.Estimate) (shown, decided bool) {
	within := func(x float64) bool { return x < r.Limit || r.OrEqual && x == r.Limit }
	if e.N == 0 {
		return within(e.Value), true
	}
	return within(e.Hi), within(e.Hi) || !within(e.Lo)
}
