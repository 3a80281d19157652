package study

import (
	"math"
	"slices"
	"sort"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// recovery is the law of how long one kind of event takes to drain.
type recovery struct {
	perYear float64
	law     queueing.Distribution // of the recoveries that end; nil where none does
	never   float64               // share of them that do not
	sample  montecarlo.Outcomes   // the draws behind it, the endless ones too; nil by theory
	horizon float64               // s, beyond which draws are endless
}

func recoveryOf(a *Answer, perYear, horizon float64) recovery {
	if a.Status == Never {
		return recovery{perYear: perYear, never: 1}
	}
	l := a.Judged()
	if l.Theory != nil {
		return recovery{perYear: perYear, law: *l.Theory}
	}
	times := l.Sample.Times()
	ends := sort.Search(len(times), func(i int) bool { return math.IsInf(times[i], 1) })
	r := recovery{perYear: perYear, sample: times, horizon: horizon, never: 1 - float64(ends)/float64(len(times))}
	if ends > 0 {
		r.law = newEmpirical(times[:ends])
	}
	return r
}

// breach is P(T > D).
func (r recovery) breach(within float64) montecarlo.Estimate {
	switch {
	case r.sample != nil:
		return r.sample.Exceed(within)
	case r.law == nil:
		return plain(1)
	}
	return plain(r.law.Exceed(within))
}

// fewestLate is the least number of late storms from which the interval of
// their mean lateness is taken.
const fewestLate = 8

// over is E max(0, T - D), +Inf where a recovery may never end. With fewer
// late storms the interval reaches up to the most that they can be on
// average: P(T > D) at its upper end, all of them until the horizon.
func (r recovery) over(within float64) montecarlo.Estimate {
	switch {
	case r.sample != nil:
		e := transformed(r.sample, func(t float64) float64 { return math.Max(0, t-within) }).Mean()
		e.Lo = math.Max(0, e.Lo)
		if late := r.sample.Exceed(within); late.Value*float64(late.N) < fewestLate {
			e.Lo, e.Hi = 0, math.Max(e.Hi, late.Hi*math.Max(0, r.horizon-within))
		}
		return e
	case r.law == nil:
		return plain(math.Inf(1))
	}
	return plain(r.law.MeanOver(within))
}

// second is the chance that one of the failures which come at the given rate
// comes before the recovery has ended.
func (r recovery) second(perSecond float64) montecarlo.Estimate {
	switch {
	case perSecond == 0:
		return plain(0)
	case r.sample != nil:
		e := transformed(r.sample, func(t float64) float64 { return -math.Expm1(-perSecond * t) }).Mean()
		e.Lo, e.Hi = math.Max(0, e.Lo), math.Min(1, e.Hi)
		return e
	case r.law == nil:
		return plain(1)
	}
	return plain(queueing.SecondFailure(r.law, perSecond))
}

// transformed is a sample of an increasing function of the outcomes.
func transformed(v montecarlo.Outcomes, f func(float64) float64) montecarlo.Outcomes {
	out := make(montecarlo.Outcomes, len(v))
	for i, t := range v {
		out[i] = f(t)
	}
	return out
}

// empirical is the law that puts equal mass on each of a sample's values,
// which are finite and sorted.
type empirical struct {
	times montecarlo.Outcomes
	above []float64 // above[i]: the sum of times[i:]
}

func newEmpirical(times montecarlo.Outcomes) *empirical {
	e := &empirical{times, make([]float64, len(times)+1)}
	for i, t := range slices.Backward(times) {
		e.above[i] = e.above[i+1] + t
	}
	return e
}

// rank is how many values are at most t.
func (e *empirical) rank(t float64) int {
	return sort.Search(len(e.times), func(i int) bool { return e.times[i] > t })
}

func (e *empirical) n() float64 { return float64(len(e.times)) }

func (e *empirical) Mean() float64 { return e.above[0] / e.n() }

func (e *empirical) StdDev() float64 {
	mean, sum := e.Mean(), 0.0
	for _, t := range e.times {
		sum += (t - mean) * (t - mean)
	}
	return math.Sqrt(sum / e.n())
}

func (e *empirical) CDF(t float64) float64    { return float64(e.rank(t)) / e.n() }
func (e *empirical) Exceed(t float64) float64 { return float64(len(e.times)-e.rank(t)) / e.n() }

func (e *empirical) Quantile(p float64) float64 {
	i := int(math.Ceil(p*e.n()-1e-9)) - 1
	return e.times[min(max(i, 0), len(e.times)-1)]
}

func (e *empirical) MeanOver(t float64) float64 {
	i := e.rank(t)
	return math.Max(0, e.above[i]-t*float64(len(e.times)-i)) / e.n()
}

// plus adds estimates and the ends of their intervals; a part without an
// interval is known.
func plus(a, b montecarlo.Estimate) montecarlo.Estimate {
	switch {
	case a.N == 0 && b.N == 0:
		return plain(a.Value + b.Value)
	case a.N == 0:
		a.Lo, a.Hi = a.Value, a.Value
	case b.N == 0:
		b.Lo, b.Hi = b.Value, b.Value
	}
	n := max(a.N, b.N)
	if a.N > 0 && b.N > 0 {
		n = min(a.N, b.N)
	}
	return montecarlo.Estimate{Value: a.Value + b.Value, Lo: a.Lo + b.Lo, Hi: a.Hi + b.Hi, Confidence: montecarlo.Confidence, N: n}
}

// scaled multiplies an estimate by a positive number.
func scaled(factor float64, e montecarlo.Estimate) montecarlo.Estimate {
	return through(e, func(x float64) float64 { return factor * x })
}

// through is an increasing function of an estimate.
func through(e montecarlo.Estimate, f func(float64) float64) montecarlo.Estimate {
	e.Value, e.Lo, e.Hi = f(e.Value), f(e.Lo), f(e.Hi)
	return e
}

// backwards is a decreasing function of an estimate.
func backwards(e montecarlo.Estimate, f func(float64) float64) montecarlo.Estimate {
	e.Value, e.Lo, e.Hi = f(e.Value), f(e.Hi), f(e.Lo)
	return e
}
