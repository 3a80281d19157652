package markov

import "slices"

// Mark remembers the present; calling back returns to it.
func (r *Run) Mark() (back func()) {
	kept := *r
	kept.law = r.Law()
	return func() {
		spare := r.spare // working space, of no meaning between steps
		*r = kept
		r.spare = spare
		r.law = Law{kept.law.First, slices.Clone(kept.law.P)}
	}
}

// Mark remembers the present; calling back returns to it. Which states are
// absorbing is not part of it.
func (w *Walk) Mark() (back func()) {
	time, lo, hi, absorbed, lost, stepErr := w.time, w.lo, w.hi, w.absorbed, w.lost, w.stepErr
	p := slices.Clone(w.p[lo:hi])
	return func() {
		clear(w.p)
		copy(w.p[lo:hi], p)
		w.time, w.lo, w.hi, w.absorbed, w.lost, w.stepErr = time, lo, hi, absorbed, lost, stepErr
	}
}
