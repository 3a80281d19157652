package study

import "math"

// Domination says which design beats another in expense and risk.
type Domination struct {
	By      int  // a design that costs and risks no more, and less of one; -1 if there is none
	Decided bool // chance does not speak against it
}

// frontier finds which designs others beat, and the cheapest that meets the
// objective. Expense is what stands ready all year: priced, or else servers
// and headroom, each no more. Risk is breaches a year, or P(breach) where the
// case does not say how often storms come.
func (k *Comparison) frontier(designs []Design) {
	k.FrontierBy, k.Cheapest = "hardware", -1
	if designs[0].Prices != nil {
		k.FrontierBy = "cost"
		k.Cheapest = Cheapest(k.Designs)
	}
	k.Dominated = make([]Domination, len(designs))
	for i := range designs {
		k.Dominated[i].By = -1
		for j := range designs {
			if j != i && k.Dominated[i].By < 0 {
				k.Dominated[i] = k.beats(designs, j, i)
			}
		}
	}
}

// beats tells whether design j dominates design i.
func (k *Comparison) beats(designs []Design, j, i int) Domination {
	cheaper, noDearer := standing(&k.Designs[j], designs[j], &k.Designs[i], designs[i])
	d := difference(&k.Designs[i], &k.Designs[j], k.Risk(), k.Objective, 0.95)
	safer := d.Value < 0
	if !noDearer || !(d.Value <= 0 || math.IsNaN(d.Value)) || !cheaper && !safer {
		return Domination{By: -1}
	}
	return Domination{j, d.N == 0 || d.Hi <= 0}
}

// Risk is the metric that the frontier sets against expense.
func (k *Comparison) Risk() Metric {
	for _, m := range k.Metrics {
		if m == BreachesPerYear {
			return m
		}
	}
	return Breach
}

// standing compares what stands ready all year in x and in y.
func standing(x *Answer, dx Design, y *Answer, dy Design) (cheaper, noDearer bool) {
	if x.Cost != nil && y.Cost != nil {
		a, b := x.Cost.Standing(), y.Cost.Standing()
		return a < b, a <= b
	}
	noDearer = dx.Servers <= dy.Servers && dx.Instances <= dy.Instances
	return noDearer && (dx.Servers < dy.Servers || dx.Instances < dy.Instances), noDearer
}

// Cheapest is the design with the least expected cost of those that are shown
// to meet the objective, the first of several; -1 if there is none.
func Cheapest(designs []Answer) int {
	best := -1
	for i := range designs {
		a := &designs[i]
		if a.Cost == nil || !a.MeetsObjective || !a.Decided {
			continue
		}
		if best < 0 || a.Cost.Total.Value < designs[best].Cost.Total.Value {
			best = i
		}
	}
	return best
}
