package study

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
