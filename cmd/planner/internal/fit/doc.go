// Package fit turns measured data into the numbers of a scenario, each with
// its 90 % range: arrival rate and surge, service law, servers and backlog.
//
//	symbol   name              unit
//	lambda   Arrivals.Rate     requests per second
//	A, tau   Surge             the surge after an incident, see surge.go
//	S        Service           s, the law of one service, see service.go
//	c        Servers.Count
//	n(t)     requests in the lane, waiting or in service
//
// Everything is maximum likelihood; models compete by Akaike's information
// criterion, 2 k - 2 ln L for k fitted numbers, the smaller the better
// (H. Akaike, "A new look at the statistical model identification", IEEE
// Trans. Automatic Control 19, 1974). Ranges come from exact laws where there
// are any (a Poisson count, an exponential sample), else from the observed
// information (B. Efron, D. V. Hinkley, Biometrika 65, 1978) on the logarithm
// of a positive number, or from a parametric bootstrap where the likelihood
// has no second derivative (the end of a uniform window).
//
// What the data contradict is a warning, never a silent choice. The package
// computes and never prints.
package fit

import (
	"math"

	"singlelane/cmd/planner/internal/fit/trace"
)

// Confidence of every range.
const Confidence = 0.90

// z is the normal quantile of a two-sided 90 % range.
const z = 1.6448536269514722

// Range is an estimate with its 90 % interval. Lo and Hi are NaN where the
// data give none.
type Range struct{ Value, Lo, Hi float64 }

// Known tells whether the range has bounds that differ.
func (r Range) Known() bool { return r.Lo < r.Hi }

var unknownRange = Range{math.NaN(), math.NaN(), math.NaN()}

// wider stretches the range about its value, on a logarithmic scale.
func (r Range) wider(factor float64) Range {
	if !r.Known() || !(r.Lo > 0) {
		return r
	}
	return Range{r.Value, r.Value * math.Pow(r.Lo/r.Value, factor), r.Value * math.Pow(r.Hi/r.Value, factor)}
}

// logRange is x with a standard error on the logarithmic scale.
func logRange(x, se float64) Range {
	if math.IsNaN(se) || math.IsInf(se, 0) {
		return Range{x, math.NaN(), math.NaN()}
	}
	return Range{x, x * math.Exp(-z*se), x * math.Exp(z*se)}
}

// Fit is what was found. Parts that the data do not tell are nil.
type Fit struct {
	Trace    *trace.Trace
	Span     float64 // s, that the trace covers
	Incident float64 // s from the trace's first instant: t = 0 of the scenario
	Arrivals *Arrivals
	Service  *Service
	Servers  *Servers
	Lane     *Lane // requests in the lane over time; nil without
	Order    *Order
	Usage    float64 // utilisation: busy server-seconds over all; NaN unknown
	Balance  Range   // arrivals less completions per second, of a series with depths; NaN unknown
	Warnings []string
}

// Options of [Requests] and [Series]. The zero value works.
type Options struct {
	Incident float64 // s from the first instant, at which the surge begins; NaN: found
	Servers  int     // known servers; 0: found
	Seed     uint64  // of the bootstrap
}
