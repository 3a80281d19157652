package montecarlo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"singlelane/queueing"
)

// Precision asks for as many replications as one number needs. The zero value
// asks for nothing.
type Precision struct {
	Relative float64 // half the interval over the value, between 0 and 1; 0: not asked
	Quantile float64 // the p of the quantile meant, between 0 and 1; 0: 0.99, unless Beyond is set
	Beyond   float64 // s: P(T > Beyond) is meant instead
	Most     int     // replications at the most; 0: ten million
	OneByOne int     // those at the most that are drawn request by request; 0: Most
}

const (
	precisionFirst = 1000
	precisionMost  = 10_000_000
	// precisionTried replications are made before it is said that no number
	// allowed is enough.
	precisionTried = 10_000
	// roughWidth is how many times too many replications the width of a
	// quantile's interval may seem to ask for.
	roughWidth = 4
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
	case p.OneByOne != 0 && (p.OneByOne < precisionFirst || p.OneByOne > p.Most):
		return p, &OptionError{"Precision.OneByOne", p.OneByOne, "0 or a whole number from 1000 to Most"}
	}
	return p, nil
}

// By is the precision with the most replications that are allowed of a method.
func (p Precision) By(m queueing.Method) Precision {
	p.Most = cmp.Or(p.Most, precisionMost)
	if m != queueing.Leaps {
		p.Most = cmp.Or(p.OneByOne, p.Most)
	}
	return p
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
	if half == 0 { // of a law that has all but one value
		return 0
	}
	if !(e.Value > 0) || math.IsInf(e.Value, 1) || math.IsInf(half, 0) {
		return math.Inf(1)
	}
	return half / e.Value
}

// More is the number of replications to have done next, given what e says of the
// number meant after e.N of them: e.N itself where that is as precise as asked, or
// never will be.
func (p Precision) More(e Estimate) int {
	n, now := e.N, p.reached(e)
	if now <= p.Relative || n >= p.Most || n >= precisionTried && p.hopeless(e, now) {
		return n
	}
	return min(p.Most, max(n+precisionFirst, p.wanted(n, now)))
}

// hopeless tells whether Most replications are too few even by what the estimate
// leaves open in their favour. A probability q takes (z/r)^2 (1-q)/q of them for
// the relative half width r, where z is the normal quantile; q is at most the upper
// end of its interval. The width for a quantile falls with the square root of their
// number, and is itself known only roughly.
func (p Precision) hopeless(e Estimate, now float64) bool {
	least := float64(e.N) * (now / p.Relative) * (now / p.Relative) / roughWidth
	switch {
	case p.Beyond > 0:
		least = (normal95 / p.Relative) * (normal95 / p.Relative) * (1 - e.Hi) / e.Hi
	case math.IsInf(now, 1):
		return math.IsInf(e.Lo, 1)
	}
	return least > float64(p.Most)
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
	Endless  bool    // the quantile meant is infinite
	Of       string  // in words
	Most     int     // replications that it might take; it takes more where not Met
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
	return Reached{Asked: true, Met: now <= p.Relative, Relative: now, Endless: math.IsInf(e.Lo, 1), Of: of, Most: p.Most}
}
