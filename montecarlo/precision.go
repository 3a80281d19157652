package montecarlo

import (
	"fmt"
	"math"
	"slices"
)

// Precision asks for as many replications as one number needs. The zero value
// asks for nothing.
type Precision struct {
	Relative float64 // half the interval over the value, between 0 and 1; 0: not asked
	Quantile float64 // the p of the quantile meant, between 0 and 1; 0: 0.99, unless Beyond is set
	Beyond   float64 // s: P(T > Beyond) is meant instead
	Most     int     // replications at the most; 0: ten million
}

const (
	precisionFirst = 1000
	precisionMost  = 10_000_000
)

func (p Precision) withDefaults() (Precision, error) {
	if p.Relative == 0 {
		return p, nil
	}
	if p.Quantile == 0 {
		p.Quantile = 0.99
	}
	if p.Most == 0 {
		p.Most = precisionMost
	}
	switch {
	case !(p.Relative > 0 && p.Relative < 1):
		return p, &OptionError{"Precision.Relative", p.Relative, "a number between 0 and 1"}
	case !(p.Quantile > 0 && p.Quantile < 1):
		return p, &OptionError{"Precision.Quantile", p.Quantile, "a number between 0 and 1"}
	case !(p.Beyond >= 0):
		return p, &OptionError{"Precision.Beyond", p.Beyond, "seconds of at least 0"}
	case p.Most < precisionFirst || p.Most > maxReplications:
		return p, &OptionError{"Precision.Most", p.Most, "a whole number from 1000 to 1e8"}
	}
	return p, nil
}

// of is the number meant, in a sample that need not be sorted.
func (p Precision) of(times Outcomes) Estimate {
	sorted := slices.Clone(times)
	ascend(sorted, 1)
	if p.Beyond > 0 {
		return sorted.Exceed(p.Beyond)
	}
	return sorted.Quantile(p.Quantile)
}

// reached is half the interval over the value, +Inf where that says nothing.
func (p Precision) reached(e Estimate) float64 {
	half := (e.Hi - e.Lo) / 2
	if !(e.Value > 0) || math.IsInf(e.Value, 1) || math.IsInf(half, 0) {
		return math.Inf(1)
	}
	return half / e.Value
}

// more is the number of replications to have done next, given that n give the
// relative half width now.
func (p Precision) more(n int, now float64) int {
	return min(p.Most, max(n+precisionFirst, p.wanted(n, now)))
}

// wanted is what the square root law asks for and a tenth on top, but at most
// eight times n, since the first estimates are rough.
func (p Precision) wanted(n int, now float64) int {
	want := 8 * float64(n)
	if !math.IsInf(now, 1) {
		want = min(want, 1.1*float64(n)*(now/p.Relative)*(now/p.Relative))
	}
	return int(want)
}

// Reached says how far the precision asked for was met.
type Reached struct {
	Asked    bool
	Met      bool
	Relative float64 // half the interval over the value, +Inf where too few cases were seen
	Of       string  // in words
}

func (p Precision) verdict(times Outcomes) Reached {
	if p.Relative == 0 {
		return Reached{}
	}
	return p.Judge(p.of(times))
}

// Judge says how far an estimate of the number meant is as precise as asked.
func (p Precision) Judge(e Estimate) Reached {
	of := fmt.Sprintf("quantile %g", p.Quantile)
	if p.Beyond > 0 {
		of = fmt.Sprintf("P(T > %g s)", p.Beyond)
	}
	now := p.reached(e)
	return Reached{Asked: true, Met: now <= p.Relative, Relative: now, Of: of}
}
