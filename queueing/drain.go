package queueing

import "math"

// Distribution is the law of a non-negative time in seconds. It may have
// atoms and may be defective: a mass that never drains sits at +Inf.
type Distribution interface {
	// Mean in seconds, +Inf where mass is missing.
	Mean() float64
	// StdDev in seconds.
	StdDev() float64
	// CDF is P(T <= t).
	CDF(t float64) float64
	// Exceed is P(T > t), not by subtraction where it is small.
	Exceed(t float64) float64
	// Quantile is the least t with P(T <= t) >= p, for 0 < p < 1, +Inf where
	// there is none.
	Quantile(p float64) float64
	// MeanOver is E max(0, T - t) in seconds.
	MeanOver(t float64) float64
}

// Quality says how far a result can be trusted.
type Quality string

const (
	Exact       Quality = "exact"
	Approximate Quality = "approximate" // Reason says why
	Simulated   Quality = "simulated"
)

// Method names how a result was found.
type Method string

const (
	DrainDensity  Method = "drain-density"
	DrainIdentity Method = "drain-identity"
	FourierSeries Method = "fourier"
	Chain         Method = "chain"
	ClosedForm    Method = "closed-form"
	Fluid         Method = "fluid"
	Diffusion     Method = "diffusion"
	Leaps         Method = "leaps"
	Recursion     Method = "recursion"
	Events        Method = "events"
	Tilting       Method = "tilting"
	Splitting     Method = "splitting"
)

// Atom is an instant at which T has positive probability.
type Atom struct {
	At   float64 // s
	Mass float64
}

// rounded is what sums of services may be off by, of themselves.
const rounded = 1e-11

// Until is the last instant, in s, that rounding may make of t: a sum of service
// times that is t on paper is no later.
func Until(t float64) float64 {
	if at := t + rounded*math.Abs(t); !math.IsInf(at, 0) {
		return at
	}
	return t
}

// Before is the first instant, in s, that rounding does not make of t.
func Before(t float64) float64 { return t - 2*rounded*math.Abs(t) }

// Drain is the law of a drain time and how it was found.
type Drain struct {
	Distribution
	Method   Method
	Quality  Quality
	Reason   string   // why Approximate, or why this method
	AbsError float64  // estimated largest error of the CDF
	Tail     float64  // s: up to there P(T > t) has digits of its own, however small; 0: the digits that AbsError leaves
	Atoms    []Atom   // in order of time; those below AbsError left out
	Warnings []string // in words, for the user

	rough  float64 // the part of AbsError that is no rounding but a method's
	floor  float64 // what far tails may be off by, 0: AbsError, or what Tail says
	groups bool    // whether what comes in groups was taken to
}

// leastToldOver is the least chance of a late drain that is told, over what it may be off
// by.
const leastToldOver = 100

// downTo is a law whose far tail is off by no more than a floor.
func (d Drain) downTo(floor float64) Drain {
	if c, is := d.Distribution.(*curve); is {
		lo, hi := c.span()
		d.floor = floor
		d.Tail = math.Max(d.Tail, bisect(lo, hi, func(t float64) bool { return c.above(t) > leastToldOver*floor }))
	}
	return d
}

// CVaR is the mean of the worst 1-p of the outcomes, E[T | T in the upper
// 1-p], with 0 < p < 1: quantile + E(T - quantile)^+ / (1-p)
// (R. T. Rockafellar, S. Uryasev, J. Risk 2 (2000), eq. 4).
func CVaR(d Distribution, p float64) float64 {
	q := d.Quantile(p)
	if math.IsInf(q, 1) {
		return q
	}
	return q + d.MeanOver(q)/(1-p)
}
