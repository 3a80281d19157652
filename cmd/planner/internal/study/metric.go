package study

import (
	"math"

	"singlelane/montecarlo"
)

// Metric is one number that a study varies keys for.
type Metric string

const (
	P50             Metric = "p50"          // s
	P90             Metric = "p90"          // s
	P99             Metric = "p99"          // s
	Breach          Metric = "breach"       // P(T > D)
	Peak            Metric = "peak"         // requests, P99
	LongestWait     Metric = "longest_wait" // s, P99
	PStuck          Metric = "stuck"        // P(it stays overloaded by itself)
	TippingBacklog  Metric = "tipping"      // requests, of the fluid rule
	BreachesPerYear Metric = "breaches_per_year"
	YearlyCost      Metric = "cost" // expected, in the file's currency
)

// follows tells whether the metric needs storms followed request by request.
func (m Metric) follows() bool { return m == Peak || m == LongestWait }

// yearly tells whether the metric needs the law of a year.
func (m Metric) yearly() bool { return m == BreachesPerYear || m == YearlyCost }

// Seconds tells whether the metric is a time.
func (m Metric) Seconds() bool { return m == P50 || m == P90 || m == P99 || m == LongestWait }

// Share tells whether the metric is a probability.
func (m Metric) Share() bool { return m == Breach || m == PStuck }

// Of reads the metric off an answer: +Inf where the design never drains, NaN
// where it is not known.
func (m Metric) Of(a *Answer) montecarlo.Estimate {
	switch {
	case m == BreachesPerYear && a.Year != nil:
		return a.Year.Breaches
	case m == YearlyCost && a.Cost != nil:
		return a.Cost.Total
	case m.yearly():
		return plain(math.NaN())
	}
	if m == TippingBacklog {
		return plain(a.tippingBacklog())
	}
	if a.Status == Never {
		if m.Share() {
			return plain(1)
		}
		return plain(math.Inf(1))
	}
	switch m {
	case P50:
		return a.Drain.P50
	case P90:
		return a.Drain.P90
	case P99:
		return a.Drain.P99
	case Breach:
		return a.Drain.Breach
	case PStuck:
		if a.Tipping == nil {
			return plain(0)
		}
		return a.Stuck
	case Peak:
		return p99Of(a.Peak)
	case LongestWait:
		return p99Of(a.LongestWait)
	}
	return plain(math.NaN())
}

func p99Of(f *Figure) montecarlo.Estimate {
	if f == nil {
		return plain(math.NaN())
	}
	return f.P99
}
