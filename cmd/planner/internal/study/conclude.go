package study

import (
	"fmt"
	"math"

	"singlelane/queueing"
)

// conclude settles, once both answers are there, which law counts, whether
// the objective is met, and whether theory and simulation agree. tests is the
// number of comparisons made over all designs.
func (a *Answer) conclude(objective Objective, tests int) {
	if a.Status == Never {
		a.Decided, a.AtOverloadEnd = true, math.NaN()
		return
	}
	if a.Drain == nil || a.Drain.Theory == nil {
		a.standIn()
	}
	a.feedback()
	if a.Drain.Theory != nil && a.Simulated != nil {
		a.Agreement = agreement(a.Drain, a.Simulated.Sample, objective.Within, tests)
	}
	a.judge(objective)
	a.warn()
}

// standIn puts the simulated law where there is none by theory.
func (a *Answer) standIn() {
	why := a.Simulated.Reason
	if a.Drain != nil {
		why = a.Drain.Reason
	}
	law := *a.Simulated
	law.Reason = why
	a.Drain = &law
	at := func(t float64) float64 { return a.Simulated.Sample.Exceed(t).Value }
	a.AtOverloadEnd = at(queueing.Before(a.OverloadEnds)) - at(a.OverloadEnds)
}

// judge holds P(T > D) against 1-p: by an exact law with its numerical error,
// else by the simulated interval. A theory that the simulation contradicts
// decides only what the simulation decides too.
func (a *Answer) judge(objective Objective) {
	risk := 1 - objective.Confidence
	var simulated, decided bool
	if a.Simulated != nil {
		breach := a.Simulated.Breach
		simulated, decided = breach.Value <= risk, breach.Hi <= risk || breach.Lo > risk
	}
	breach := a.Drain.Breach.Value
	switch {
	case a.Drain.Exact():
	case a.Simulated != nil:
		a.MeetsObjective, a.Decided = simulated, decided
		return
	default: // approximate theory alone decides nothing beyond its error
		a.MeetsObjective = breach <= risk
		a.Decided = a.Drain.sharp() && math.Abs(breach-risk) > a.Drain.Theory.AbsError
		return
	}
	a.MeetsObjective = breach <= risk
	a.Decided = math.Abs(breach-risk) > a.Drain.Theory.AbsError
	if a.Agreement != nil && !a.Agreement.Agrees {
		a.Decided = a.Decided && decided && simulated == a.MeetsObjective
	}
}

func (a *Answer) warn() {
	if g := a.Agreement; g != nil && g.Exact && !g.Agrees {
		a.Warnings = append(a.Warnings, fmt.Sprintf("theory (%s) and simulation disagree in %s: trust neither", a.Drain.Method, g.Failed))
	}
	if s := a.Simulated; s != nil && s.Sample != nil {
		if late := s.Sample.NotDrained(); late.Value > 0 {
			warning := fmt.Sprintf("%.4g %% of the simulated storms had not drained by the horizon", 100*late.Value)
			if s.Sample.Horizon <= a.OverloadEnds {
				warning += fmt.Sprintf(", and none can: at %.6g s it is not after overload ends, at %.6g s; set simulation.horizon later", s.Sample.Horizon, a.OverloadEnds)
			}
			a.Warnings = append(a.Warnings, warning)
		}
	}
	if a.Drain.Quality == queueing.Approximate {
		a.Warnings = append(a.Warnings, "theory is approximate: "+a.Drain.Reason)
	}
}

// Judged is the law that the objective was held against: theory if it is
// exact, else the simulation; nil where the design never drains.
func (a *Answer) Judged() *Law {
	if a.Drain.Exact() || a.Simulated == nil {
		return a.Drain
	}
	return a.Simulated
}
