package markov

import "math"

// recent is the last step, in s, over which rates were polynomials, from which
// the next one is looked for: where steps are far shorter than the time to go
// most tries would fail else, and each takes many values of the rates. 0: none.
type recent float64

// grows is by how much a step may exceed the last one.
const grows = 4

// search looks for the longest step up to most over which rates are polynomials.
type search struct {
	recent *recent
	most   float64
	least  float64 // what is shorter is taken as it is
	before float64 // deviation per second of the last one tried
}

func (r *recent) search(most, least float64) search {
	return search{r, most, least, math.Inf(1)}
}

// first is most, or halves of it down to a few times the last step.
func (s search) first() float64 {
	h := s.most
	for r := float64(*s.recent); r > 0 && h > grows*r; h /= 2 {
	}
	return h
}

// noisy is how much above the rounding of rates and polynomials a deviation may
// be that is rounding nonetheless: that of exponentials of large numbers, say.
const noisy = 16

// takes tells whether a step of h will do, by the deviation that it has, and that
// which is allowed by the tolerance and by rounding. Interpolation of a smooth
// rate improves by far more than twice when the step is halved: what does not is
// rounding, of which shorter steps have no less.
func (s *search) takes(h, deviation, allowed, rounding float64, varies bool) bool {
	rounded := deviation/h > s.before/2 && deviation <= noisy*rounding
	s.before = deviation / h
	switch {
	case !varies && (deviation <= math.Max(allowed, rounding) || rounded):
		if h < s.most || h > float64(*s.recent) { // or the time to go has cut it short
			*s.recent = recent(h)
		}
		return true
	case h < s.least:
		*s.recent = 0
		return true
	}
	return false
}
