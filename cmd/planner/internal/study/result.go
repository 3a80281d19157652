package study

import (
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Status is whether a design drains at all.
type Status string

const (
	Drains     Status = "drains"
	Never      Status = "never"      // long-run arrivals reach the capacity of a lane
	Metastable Status = "metastable" // it may stay overloaded by its own retries
)

// Result is the answer to a [Case].
type Result struct {
	Name         string
	Objective    Objective
	Seed         uint64
	Designs      []Answer
	Warnings     []string
	Replications int  // drain times simulated for each design
	Paths        int  // storms followed event by event for each design
	Interrupted  bool // it was broken off, and tells what was finished by then
}

// Answer is what is known of one design. Law and figures are nil where the
// design never drains.
type Answer struct {
	Name         string
	Status       Status
	StatusReason string
	Lanes        int
	LaneKind     string
	Lost         int
	PoolRequests int
	Stability    *Stability
	Ignorance    *Ignorance // what not knowing the inputs means; nil: not asked, or all is known

	// BindingLane is the lane that decides: the one whose drain time is the
	// latest (its P99), or the one furthest over its capacity.
	BindingLane string
	// LargestSustainable is the long-run rate in requests per second, over
	// the region and divided as now, that the lanes can just not sustain.
	LargestSustainable float64
	LongRun            float64 // requests per second that arrive in the long run

	OverloadEnds   float64             // s, t*; NaN where there is none
	AtOverloadEnd  float64             // P(T = t*); NaN where unknown
	FirstClear     *Figure             // s, the first time at the level, even before t*
	Drain          *Law                // by theory where it covers the lanes, else Simulated
	Simulated      *Law                // nil if not asked for
	Completed      *Figure             // s, when the last incident request began service
	Peak           *Figure             // requests in a lane
	LongestWait    *Figure             // s
	Waited         *Figure             // request-seconds
	Urgent         *Figure             // s, the longest wait of an urgent request; nil without any
	Stuck          montecarlo.Estimate // P(it never drains), of the drain times simulated
	NotDrained     montecarlo.Estimate // P(T > horizon), of the drain times simulated
	Verdicts       montecarlo.Verdicts // of the drain times simulated
	Tipping        *Tipping            // nil without retries or slow-down
	Useful         *Figure             // share of the service time that went to answers in time; nil without retries
	Streams        []Stream            // from the paths
	LanePaths      []LaneFigures       // from the paths; nil for a region of many lanes
	Curves         *Curves             // the paths that charts show; nil if not asked for
	Curve          []Point             // the distribution function by theory; nil if not asked for
	Steps          []Step              // the same from the simulation
	Year           *Year               // nil where the case does not say how often anything happens
	Cost           *Cost               // nil where the case has no prices
	Tail           []Point             // P(T > X) = Y by theory, far out; nil if not asked for
	TailSteps      []Step              // the same from the simulation
	Pairs          []Pair              // quantiles by theory and simulation; nil without both
	Agreement      *Agreement
	MeetsObjective bool
	Decided        bool
	Warnings       []string
}

// Law is the law of a time in seconds by one method. Each estimate of a law by
// theory has N = 0 and no interval.
type Law struct {
	Method  queueing.Method
	Quality queueing.Quality
	Reason  string
	N       int // replications; 0 for theory

	Mean, SD, P5, P50, P90, P99, P999 montecarlo.Estimate

	Late   montecarlo.Estimate // the time by which Objective.Confidence has drained
	Breach montecarlo.Estimate // P(T > D)
	AtMost float64             // a bound on P(T > D) where theory leaves it no digits; else 0
	CVaR99 montecarlo.Estimate // mean of the worst 1 %

	AbsError float64 // of the probabilities of a law by theory; 0 when simulated

	Rare      []Rare             // by a method for rare events, the chance of a breach first; nil otherwise
	Precision montecarlo.Reached // of what was asked to be known precisely

	Control *montecarlo.Controlled // the mean by a control variate; nil where there is none or it does not pay

	Theory *queueing.Drain    // nil when simulated
	Sample *montecarlo.Sample // nil when by theory
}

// Exact tells whether the law is known and not estimated or approximated.
func (l *Law) Exact() bool { return l != nil && l.Quality == queueing.Exact }

// sharpError is the largest error of a sharp law's probabilities: a tenth of
// what 2,000 storms leave open about P(T > D) = 1 %.
const sharpError = 4e-4

// sharp tells whether the law is by theory and known to sharpError.
func (l *Law) sharp() bool { return l != nil && l.Theory != nil && l.AbsError <= sharpError }

// Figure describes a quantity that the simulated storms took.
type Figure struct {
	Mean, P50, P99 montecarlo.Estimate
	Max            float64
	N              int
}

// Stream is what happened to the requests of one stream.
type Stream struct {
	Name     string
	Wait     Figure  // s, of those served; P50, P99 and Max are of single requests; N is 0 if none is
	Sojourn  Figure  // s, until the answer; likewise
	Longest  *Figure // s, the longest wait of any request, served or not
	LastDone *Figure // s; nil for a stream without end
	Nearly   *Figure // s, when 99 in 100 were done; nil likewise

	// Shares of the requests, and attempts a request, means over the storms.
	InTime, Refused, AgedOut, GivenUp, Attempts montecarlo.Estimate
	Left                                        float64 // share that had no answer when the storms ended

	Fates montecarlo.Fates // of all requests in all storms that were followed
}

// LaneFigures is what one lane of the region showed.
type LaneFigures struct {
	Name   string
	Peak   *Figure // requests in it
	Waited *Figure // request-seconds
	Over   *Figure // s with more waiting than when it has drained
}

func figure(o montecarlo.Outcomes) *Figure {
	if o.N() == 0 {
		return nil
	}
	return &Figure{o.Mean(), o.Quantile(0.5), o.Quantile(0.99), o.Max(), o.N()}
}

// plain is an estimate without an interval, a number known by theory.
func plain(x float64) montecarlo.Estimate {
	return montecarlo.Estimate{Value: x, Lo: math.NaN(), Hi: math.NaN()}
}
