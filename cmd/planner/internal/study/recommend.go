package study

import (
	"math"
	"slices"
)

// Ground is what a recommendation rests on.
type Ground string

const (
	OnlyOne   Ground = "only"     // no other design meets the objective
	OnlySafe  Ground = "safest"   // of those that do, no other stands as well over the ranges of the file
	LeastCost Ground = "cheapest" // of those that do, it costs the least a year; of those alike it drains the earliest
	Earliest  Ground = "earliest" // of those that do, it drains the earliest
	Nearest   Ground = "nearest"  // none does, and this comes nearest
)

// Recommendation is which design to build, by the answers alone.
type Recommendation struct {
	Design   *Answer // nil where no design drains
	Ground   Ground
	RunnerUp *Answer // the next best by the same measure; nil if there is none
	Baseline *Answer // the first design, where another is recommended
	AsCheap  int     // how many designs cost as little as it, itself among them, where it is the cheapest
	// PassedOver would be recommended by the middle of every range, but over the
	// ranges it does not stand as well; nil if there is none.
	PassedOver *Answer
}

// Recommend picks the design to build: of those shown to meet the objective
// the one with the least expected cost a year, where all of them have one, and of
// those that cost the same to one part in a thousand the earliest;
// else the one with the earliest Late, the time by which the confidence asked
// for has drained. Where some of them are robust over what is not known (their
// Ignorance, where that was drawn) the choice is between those, else between those
// that are not shown to be fragile. Where none is shown to meet the objective the
// earliest comes nearest.
func Recommend(r *Result) Recommendation {
	meeting, rest := r.candidates()
	c := pick(meeting, rest)
	if safe := r.safest(meeting); len(safe) < len(meeting) {
		middle := c.Design
		if c = pick(safe, nil); c.Ground == OnlyOne {
			c.Ground = OnlySafe
		}
		if c.Design != middle {
			c.PassedOver = middle
		}
	}
	if c.Design != nil && c.Design != &r.Designs[0] {
		c.Baseline = &r.Designs[0]
	}
	return c
}

// safest are the designs that are robust over the ranges; where none is, those not
// shown to be fragile, and where all are, all.
func (r *Result) safest(all []*Answer) []*Answer {
	in := func(wanted ...Standing) []*Answer {
		return slices.DeleteFunc(slices.Clone(all), func(a *Answer) bool {
			return a.Ignorance != nil && !slices.Contains(wanted, a.Ignorance.Stands(r.Objective))
		})
	}
	if robust := in(Robust); len(robust) > 0 {
		return robust
	}
	if open := in(Robust, Unsure); len(open) > 0 {
		return open
	}
	return all
}

// candidates are the designs that are shown to meet the objective, and the others
// that drain.
func (r *Result) candidates() (meeting, rest []*Answer) {
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
	return meeting, rest
}

// Meeting are the designs that are shown to meet the objective.
func (r *Result) Meeting() []*Answer {
	meeting, _ := r.candidates()
	return meeting
}

// pick chooses between designs that meet the objective, or else those that do not.
func pick(meeting, rest []*Answer) Recommendation {
	c := Recommendation{Ground: Nearest}
	switch {
	case len(meeting) == 1:
		c.Design, c.Ground = meeting[0], OnlyOne
		c.RunnerUp, _ = least(rest, late)
	case len(meeting) > 1 && !slices.ContainsFunc(meeting, func(a *Answer) bool { return math.IsInf(total(a), 0) }):
		c.Ground = LeastCost
		c.Design, c.RunnerUp = least(meeting, total)
		alike := slices.DeleteFunc(slices.Clone(meeting), func(a *Answer) bool { return total(a) > total(c.Design)+sameCost*math.Abs(total(c.Design)) })
		if c.AsCheap = len(alike); len(alike) > 1 {
			c.Design, c.RunnerUp = least(alike, late)
		}
	case len(meeting) > 1:
		c.Ground = Earliest
		c.Design, c.RunnerUp = least(meeting, late)
	default:
		c.Design, c.RunnerUp = least(rest, late)
	}
	return c
}

// sameCost is the share by which two costs may differ and decide nothing: prices
// and the incidents of a year are not known as well as that.
const sameCost = 1e-3

func late(a *Answer) float64 { return a.Judged().Late.Value }

// total is the expected cost of a year, +Inf where it is not known.
func total(a *Answer) float64 {
	if a.Cost == nil || math.IsNaN(a.Cost.Total.Value) {
		return math.Inf(1)
	}
	return a.Cost.Total.Value
}

// least are the two answers with the least of a measure; of equal ones the
// first counts as less.
func least(all []*Answer, measure func(*Answer) float64) (first, second *Answer) {
	for _, a := range all {
		switch {
		case first == nil || measure(a) < measure(first):
			first, second = a, first
		case second == nil || measure(a) < measure(second):
			second = a
		}
	}
	return first, second
}

// Standing is whether an objective that is met with every input at its middle
// is also met by someone who does not know the inputs.
type Standing string

const (
	Robust  Standing = "robust"  // P(T > D) over chance and ignorance is within the risk allowed
	Fragile Standing = "fragile" // it is above
	Unsure  Standing = "unsure"  // its interval holds the risk allowed
)

// Stands holds the mean over the draws of P(T > D), which is the probability of
// missing the objective for someone who knows the inputs only by their laws,
// against the risk that the objective allows. Where draws were taken until it
// could be told, the interval is that of one of the looks at them, wider than
// that of MeanBreach: over all of them the answer is wrong with at most 5 %.
func (g *Ignorance) Stands(o Objective) Standing {
	m := g.MeanBreach
	if g.looked != nil {
		m = *g.looked
	}
	switch {
	case m.Hi <= o.Risk():
		return Robust
	case m.Lo > o.Risk():
		return Fragile
	}
	return Unsure
}
