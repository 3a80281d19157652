package study

import (
	"fmt"
	"math"

	"singlelane/montecarlo"
)

// Every answer obeys laws that hold whatever was asked: a probability lies in
// [0, 1], a distribution function never falls, quantiles come in order, an
// interval holds its estimate, and a time T >= 0 with quantile q(p) has by
// Markov's inequality a mean of at least (1-p) q(p). Each study holds its
// answer against them before it returns it. That costs some comparisons an
// answer, and two values of each distribution function known by theory.

// InternalError says that an answer breaks one of these laws. It is a fault of
// this program and not of what was asked; the answer is not to be shown.
type InternalError struct {
	Design string // empty where it is of no one design
	Broken string // what holds of every answer, and the numbers that break it
}

func (e *InternalError) Error() string {
	if e.Design == "" {
		return "internal error: " + e.Broken
	}
	return fmt.Sprintf("internal error: design %q: %s", e.Design, e.Broken)
}

// guard keeps the first law that is found broken.
type guard struct {
	design string
	broken error
}

func (g *guard) holds(ok bool, format string, args ...any) {
	if !ok && g.broken == nil {
		g.broken = &InternalError{g.design, fmt.Sprintf(format, args...)}
	}
}

// rounding is what sums of numbers may be off, relatively.
const rounding = 1e-9

// known refuses a value that is not a number, and an interval that does not
// hold its value. An estimate without an interval has N = 0.
func (g *guard) known(what string, e montecarlo.Estimate) {
	g.holds(!math.IsNaN(e.Value), "%s is not a number", what)
	g.interval(what, e)
}

func (g *guard) interval(what string, e montecarlo.Estimate) {
	if e.N == 0 || math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
		return
	}
	slack := rounding * math.Abs(e.Value)
	g.holds(e.Lo <= e.Value+slack && e.Value <= e.Hi+slack, "%s, %v, lies outside its interval from %v to %v", what, e.Value, e.Lo, e.Hi)
}

// probability of [0, 1]. A mean of shares may have an interval that reaches
// beyond.
func (g *guard) probability(what string, e montecarlo.Estimate) {
	g.holds(e.Value >= 0 && e.Value <= 1, "%s is %v, no probability", what, e.Value)
	g.interval(what, e)
}

// ordered refuses values that fall.
func (g *guard) ordered(what string, slack float64, values ...float64) {
	for i := 1; i < len(values); i++ {
		a, b := values[i-1], values[i]
		g.holds(a <= b || a <= b+slack*math.Abs(b), "%s fall from %v to %v", what, a, b)
	}
}

// points of a distribution function, which rises, or of a tail, which falls.
func (g *guard) points(what string, rises bool, slack float64, points []Point) {
	for i, p := range points {
		g.holds(p.Y >= 0 && p.Y <= 1, "%s at %v s is %v, no probability", what, p.X, p.Y)
		if i == 0 {
			continue
		}
		before := points[i-1]
		g.holds(before.X <= p.X, "%s is listed at %v s after %v s", what, p.X, before.X)
		change := p.Y - before.Y
		if !rises {
			change = -change
		}
		g.holds(change >= -slack, "%s goes from %v at %v s to %v at %v s", what, before.Y, before.X, p.Y, p.X)
	}
}

// law of a drain time.
func (g *guard) law(what string, l *Law) {
	if l == nil {
		return
	}
	quantiles := []struct {
		p float64
		e montecarlo.Estimate
	}{{0.05, l.P5}, {0.5, l.P50}, {0.9, l.P90}, {0.99, l.P99}, {0.999, l.P999}}
	g.known(what+": the mean", l.Mean)
	g.known(what+": the mean of the worst 1 %", l.CVaR99)
	g.known(what+": the time of the objective's confidence", l.Late)
	g.ordered(what+": quantiles", 0, l.P5.Value, l.P50.Value, l.P90.Value, l.P99.Value, l.P999.Value)
	g.ordered(what+": P99 and the mean beyond it", rounding, l.P99.Value, l.CVaR99.Value)
	g.holds(l.P5.Value >= 0, "%s: P5 is %v s, before the storm", what, l.P5.Value)
	slack := l.slack()
	for _, q := range quantiles {
		g.known(fmt.Sprintf("%s: P%g", what, 100*q.p), q.e)
		if least := (1 - q.p - slack) * q.e.Value * (1 - 1e-6); !math.IsInf(q.e.Value, 1) {
			g.holds(l.Mean.Value >= least, "%s: the mean, %v s, is less than P%g, %v s, allows", what, l.Mean.Value, 100*q.p, q.e.Value)
		}
	}
	if !math.IsNaN(l.Breach.Value) { // no objective
		g.probability(what+": P(T > objective)", l.Breach)
	}
	g.deviation(what, l)
	if l.Theory == nil {
		return
	}
	for _, q := range []montecarlo.Estimate{l.P50, l.P99} {
		if t := q.Value; !math.IsInf(t, 1) {
			below, above := l.Theory.CDF(t), l.Theory.Exceed(t)
			g.holds(below >= -rounding && above >= -rounding && math.Abs(below+above-1) <= rounding+slack,
				"%s: P(T <= %v s) = %v and P(T > %v s) = %v do not make 1", what, t, below, t, above)
		}
	}
}

// deviation may be unknown where the mean is infinite, or of one storm.
func (g *guard) deviation(what string, l *Law) {
	if math.IsInf(l.Mean.Value, 1) || l.N == 1 {
		return
	}
	g.known(what+": the standard deviation", l.SD)
	g.holds(l.SD.Value >= 0, "%s: the standard deviation is %v", what, l.SD.Value)
}

// slack is what a distribution function by theory may be off.
func (l *Law) slack() float64 {
	if l == nil || l.Theory == nil {
		return 0
	}
	return 2 * l.Theory.AbsError
}
