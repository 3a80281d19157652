package study

import "math"

// Ground is what a recommendation rests on.
type Ground string

const (
	OnlyOne  Ground = "only"     // no other design meets the objective
	Earliest Ground = "earliest" // of those that do, it drains the earliest
	Nearest  Ground = "nearest"  // none does, and this comes nearest
)

// Recommendation is which design to build, by the answers alone.
type Recommendation struct {
	Design   *Answer // nil where no design drains
	Ground   Ground
	RunnerUp *Answer // the next best by the same measure; nil if there is none
	Baseline *Answer // the first design, where another is recommended
}

// Recommend picks the design to build: of those shown to meet the objective
// the one with the earliest Late, the time by which the confidence asked for
// has drained. Where none is shown to meet it the same measure tells which
// comes nearest.
func Recommend(r *Result) Recommendation {
	var meeting, rest []*Answer
	for i := range r.Designs {
		a := &r.Designs[i]
		switch {
		case a.Status == Never || math.IsInf(a.Judged().Late.Value, 1):
		case a.MeetsObjective && a.Decided:
			meeting = append(meeting, a)
		default:
			rest = append(rest, a)
		}
	}
	c := Recommendation{Ground: Nearest}
	switch {
	case len(meeting) == 1:
		c.Design, c.Ground = meeting[0], OnlyOne
		c.RunnerUp, _ = earliest(rest)
	case len(meeting) > 1:
		c.Ground = Earliest
		c.Design, c.RunnerUp = earliest(meeting)
	default:
		c.Design, c.RunnerUp = earliest(rest)
	}
	if c.Design != nil && c.Design != &r.Designs[0] {
		c.Baseline = &r.Designs[0]
	}
	return c
}

// earliest two of the answers, the first of equal ones first.
func earliest(all []*Answer) (first, second *Answer) {
	for _, a := range all {
		switch {
		case first == nil || a.Judged().Late.Value < first.Judged().Late.Value:
			first, second = a, first
		case second == nil || a.Judged().Late.Value < second.Judged().Late.Value:
			second = a
		}
	}
	return first, second
}
