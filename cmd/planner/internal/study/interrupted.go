package study

import (
	"fmt"
	"strings"
)

// interrupted keeps of an evaluation that was broken off what was finished:
// the designs of which a law is known, each with the storms that were
// simulated by then. It is nil where there are none.
func (r *Result) interrupted(c Case) *Result {
	kept := *r
	kept.Designs, kept.Interrupted = nil, true
	tests := 0
	for _, a := range r.Designs {
		known := a.Drain != nil && a.Drain.Theory != nil || a.Simulated != nil
		if a.Status == Never || known {
			kept.Designs = append(kept.Designs, a)
			tests += a.comparisons()
		} else {
			kept.Warnings = append(kept.Warnings, "interrupted before anything was known of "+a.Name)
		}
	}
	if len(kept.Designs) == 0 {
		return nil
	}
	for i := range kept.Designs {
		kept.Designs[i].conclude(c.Objective, tests)
	}
	return &kept
}

// finished says of how many designs something is known, and how much was
// simulated of them.
func (r *Result) finished(known *Result) string {
	var drawn, followed []string
	if known == nil {
		return "no design was answered yet"
	}
	for i := range known.Designs {
		a := &known.Designs[i]
		if a.Simulated != nil {
			drawn = append(drawn, fmt.Sprintf("%d of %s", a.Simulated.N, a.Name))
		}
		if a.Peak != nil {
			followed = append(followed, fmt.Sprintf("%d of %s", a.Peak.N, a.Name))
		}
	}
	text := Numbered(len(known.Designs), len(r.Designs), "design", "answered")
	if len(drawn) > 0 {
		text += "; drain times: " + strings.Join(drawn, ", ")
	}
	if len(followed) > 0 {
		text += "; storms followed: " + strings.Join(followed, ", ")
	}
	return text
}
