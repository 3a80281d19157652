package study

import (
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// difference of a metric between two answers, b less a.
func difference(a, b *Answer, m Metric, o Objective, confidence float64) Difference {
	x, y := m.Of(a).Value, m.Of(b).Value
	if math.IsInf(x, 0) || math.IsInf(y, 0) || math.IsNaN(x) || math.IsNaN(y) {
		return endless(a, b, m, x, y)
	}
	d := Difference{Quality: queueing.Simulated}
	switch {
	case m.yearly():
		d.Difference = yearlyDifference(a, b, m, o, confidence)
	case m == Breach:
		d.Difference = breachDifference(a, b, o, confidence)
	default:
		d.Difference = quantileDifference(a, b, m.level(), x, y, confidence)
	}
	if d.N == 0 {
		d.Quality = worse(a.qualityOf(m), b.qualityOf(m))
	}
	return d
}

// qualityOf is how far the metric can be trusted: as far as all laws behind it.
func (a *Answer) qualityOf(m Metric) queueing.Quality {
	q := quality(a)
	if !m.yearly() || a.Year == nil {
		return q
	}
	for i := range a.Year.Kinds {
		if l := a.Year.Kinds[i].Law; l != nil {
			q = worse(q, l.Quality)
		}
	}
	return q
}

// endless is the difference where a value is infinite or unknown.
func endless(a, b *Answer, m Metric, x, y float64) Difference {
	d := Difference{Difference: montecarlo.Known(y - x), Quality: worse(a.qualityOf(m), b.qualityOf(m))}
	if math.IsNaN(d.Value) { // neither ever ends
		d.Lo, d.Hi = math.NaN(), math.NaN()
	}
	return d
}

// quality of the law that an answer is judged by. That a design never drains
// is known.
func quality(a *Answer) queueing.Quality {
	if a.Status == Never {
		return queueing.Exact
	}
	return a.Judged().Quality
}

func worse(a, b queueing.Quality) queueing.Quality {
	for _, q := range []queueing.Quality{queueing.Simulated, queueing.Approximate} {
		if a == q || b == q {
			return q
		}
	}
	return queueing.Exact
}

// level of a metric that is a quantile of the drain time.
func (m Metric) level() float64 {
	switch m {
	case P50:
		return 0.5
	case P90:
		return 0.9
	}
	return 0.99
}

// draws are the drain times by replication, nil where theory knows the law or
// the design never drains.
func draws(a *Answer) []float64 {
	if a.Status == Never || a.Judged().Theory != nil {
		return nil
	}
	return a.Judged().Sample.Paired
}

// same is what rounding in two laws by theory leaves open.
const same = 1e-9

func knownDifference(x, y, scale float64) montecarlo.Difference {
	if math.Abs(y-x) <= same*scale {
		return montecarlo.Known(0)
	}
	return montecarlo.Known(y - x)
}

func quantileDifference(a, b *Answer, p, x, y, confidence float64) montecarlo.Difference {
	xs, ys := draws(a), draws(b)
	switch {
	case xs == nil && ys == nil:
		return knownDifference(x, y, math.Max(x, y))
	case xs == nil:
		return montecarlo.QuantileAgainst(ys, x, p, confidence)
	case ys == nil:
		return reversed(montecarlo.QuantileAgainst(xs, y, p, confidence))
	}
	return montecarlo.QuantileDifference(xs, ys, p, confidence)
}

func reversed(d montecarlo.Difference) montecarlo.Difference {
	d.Value, d.Lo, d.Hi = -d.Value, -d.Hi, -d.Lo
	d.Less, d.More = d.More, d.Less
	return d
}

func breachDifference(a, b *Answer, o Objective, confidence float64) montecarlo.Difference {
	xs, ys := draws(a), draws(b)
	x, y := Breach.Of(a).Value, Breach.Of(b).Value
	switch {
	case xs == nil && ys == nil:
		return knownDifference(x, y, 1)
	case xs == nil:
		return montecarlo.ProportionAgainst(o.later(ys), len(ys), x, confidence)
	case ys == nil:
		return reversed(montecarlo.ProportionAgainst(o.later(xs), len(xs), y, confidence))
	}
	onlyX, onlyY := 0, 0
	for i := range xs {
		switch lateX, lateY := o.missed(xs[i]), o.missed(ys[i]); {
		case lateX && !lateY:
			onlyX++
		case lateY && !lateX:
			onlyY++
		}
	}
	return montecarlo.ProportionDifference(onlyX, onlyY, len(xs), confidence)
}

// missed tells whether a drain time is too late.
func (o Objective) missed(t float64) bool { return t > queueing.Until(o.Within) }

func (o Objective) later(times []float64) int {
	n := 0
	for _, t := range times {
		if o.missed(t) {
			n++
		}
	}
	return n
}

// yearlyDifference is one of sums over the kinds of events of what a storm of
// that kind brings. Of simulated kinds the sum is taken replication by
// replication, and the mean of its differences is estimated; where too few
// storms say anything of it, the difference lies between the ends of the two
// intervals.
func yearlyDifference(a, b *Answer, m Metric, o Objective, confidence float64) montecarlo.Difference {
	x, y := m.Of(a), m.Of(b)
	if x.N == 0 && y.N == 0 {
		return knownDifference(x.Value, y.Value, math.Max(math.Abs(x.Value), math.Abs(y.Value)))
	}
	n := max(x.N, y.N)
	if d, ok := montecarlo.MeanDifference(eachStorm(a, m, o, n), eachStorm(b, m, o, n), confidence); ok {
		return d
	}
	x, y = ends(x), ends(y)
	return montecarlo.Bounded(montecarlo.Estimate{Value: y.Value - x.Value, Lo: y.Lo - x.Hi, Hi: y.Hi - x.Lo, Confidence: montecarlo.Confidence, N: n})
}

// ends gives what is known an interval of no width.
func ends(e montecarlo.Estimate) montecarlo.Estimate {
	if e.N == 0 {
		e.Lo, e.Hi = e.Value, e.Value
	}
	return e
}

// eachStorm is the metric as the mean of these, one a replication.
func eachStorm(a *Answer, m Metric, o Objective, n int) []float64 {
	all := make([]float64, n)
	fixed, weight := 0.0, 1.0
	if m == YearlyCost {
		fixed = a.Cost.Servers + a.Cost.Instances
		weight = a.Cost.perSecond
	}
	brings := func(t float64) float64 {
		switch {
		case m == YearlyCost:
			return math.Max(0, t-o.Within)
		case o.missed(t):
			return 1
		}
		return 0
	}
	for i := range all {
		all[i] = fixed
	}
	if a.Year == nil {
		return all
	}
	for i := range a.Year.Kinds {
		k := &a.Year.Kinds[i]
		known := k.Breach.Value
		if m == YearlyCost {
			known = k.Over.Value
		}
		for r := range all {
			if k.paired == nil {
				all[r] += weight * k.PerYear * known
				continue
			}
			all[r] += weight * k.PerYear * brings(k.paired[r])
		}
	}
	return all
}
