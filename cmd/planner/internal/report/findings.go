package report

import (
	"fmt"
	"math"
	"slices"

	"singlelane/cmd/planner/internal/study"
)

// The titles of charts: each says what its chart shows, in numbers.

// ends are the answers with the largest and the smallest of a measure, nil
// where no design has it.
func ends(r *study.Result, measure func(*study.Answer) float64) (largest, smallest *study.Answer) {
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Status == study.Never || math.IsNaN(measure(a)) {
			continue
		}
		if largest == nil || measure(a) > measure(largest) {
			largest = a
		}
		if smallest == nil || measure(a) < measure(smallest) {
			smallest = a
		}
	}
	return largest, smallest
}

// contrast says "of" and the two ends of a measure, or "none" without any.
func contrast(r *study.Result, of, none string, measure func(*study.Answer) float64, show func(float64) string) string {
	most, least := ends(r, measure)
	switch {
	case most == nil:
		return none
	case show(measure(most)) == show(measure(least)):
		return fmt.Sprintf("%s %s", of, show(measure(most)))
	}
	return fmt.Sprintf("%s %s in %s, %s in %s", of, show(measure(most)), quoted(most.Name), show(measure(least)), quoted(least.Name))
}

// quoted is a design's name within a sentence, so that one such as "as it was"
// is not read as a part of it.
func quoted(name string) string { return "“" + name + "”" }

func backlogFinding(r *study.Result) string {
	return contrast(r, "The backlog grows to", "The backlog grows without end", func(a *study.Answer) float64 {
		if a.Curves == nil {
			return math.NaN()
		}
		return slices.Max(a.Curves.Backlog.P99)
	}, func(x float64) string { return countedAs(thousands(x), "request") }) + " (P99)"
}

// drainFinding is when the designs have drained; those that have not by the end
// of the simulation come before the slowest.
func drainFinding(r *study.Result) string {
	drained := percent(r.Objective.Confidence) + " of storms have drained by"
	late := func(a *study.Answer) float64 {
		if x := a.Judged().Late.Value; !math.IsInf(x, 1) {
			return x
		}
		return math.NaN()
	}
	var endless []string
	for i := range r.Designs {
		if a := &r.Designs[i]; a.Status == study.Never || math.IsNaN(late(a)) {
			endless = append(endless, a.Name)
		}
	}
	_, least := ends(r, late)
	switch {
	case least == nil || len(endless) == 0:
		return contrast(r, drained, "No design drains", late, Duration)
	case len(endless) == 1:
		return fmt.Sprintf("%s %s in %s, and not at all in %s", drained, Duration(late(least)), quoted(least.Name), quoted(endless[0]))
	}
	return fmt.Sprintf("%s %s in %s, and not at all in %d designs", drained, Duration(late(least)), quoted(least.Name), len(endless))
}

func waitsFinding(r *study.Result) string {
	return contrast(r, "The longest wait is", "Waits grow without end", func(a *study.Answer) float64 {
		if a.LongestWait == nil {
			return math.NaN()
		}
		return a.LongestWait.P99.Value
	}, Duration) + " (P99)"
}

// riskFinding counts the designs whose risk is more than what is allowed.
func riskFinding(r *study.Result) string {
	over := 0
	for i := range r.Designs {
		if !r.Designs[i].MeetsObjective {
			over++
		}
	}
	allowed := fmt.Sprintf("than the %s allowed", percent(r.Objective.Risk()))
	switch {
	case len(r.Designs) == 1 && over == 0:
		return "The design carries no more risk " + allowed
	case len(r.Designs) == 1:
		return "The design carries more risk " + allowed
	case over == 0:
		return "No design carries more risk " + allowed
	case over == len(r.Designs):
		return "Every design carries more risk " + allowed
	}
	carry := map[bool]string{true: "carries", false: "carry"}[over == 1]
	return fmt.Sprintf("%d of %d designs %s more risk %s", over, len(r.Designs), carry, allowed)
}

// validityFinding is the largest difference of theory from simulation.
func validityFinding(r *study.Result) string {
	worst := 0.0
	for i := range r.Designs {
		if g := r.Designs[i].Agreement; g != nil {
			worst = math.Max(worst, math.Abs(g.P99))
		}
	}
	return fmt.Sprintf("Theory and simulation differ by at most %s in the P99 of any design", roughly(worst))
}
