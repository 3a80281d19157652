package montecarlo

import (
	"math"

	"singlelane/queueing"
)

const maxFinite = math.MaxFloat64

// PathOptions are what Paths is asked for beside the drain times.
type PathOptions struct {
	Options
	Grid []float64 // s, increasing: when the backlog and the wait are recorded
}

// Paths is what a simulation request by request saw, one value a replication.
// With several lanes a time is the latest lane's and a size the largest
// lane's, unless it says otherwise. Peaks and waits are those of the requests
// that arrive until the lane has drained and the incident's last request is
// done, or until the horizon.
type Paths struct {
	Method queueing.Method // queueing.Recursion or Events
	Reason string

	Drain       Outcomes // s, the drain time T
	FirstClear  Outcomes // s, the first time at the level, even before t*
	Completed   Outcomes // s, when the last incident request began service
	LastDone    Outcomes // s, when the last incident request was done
	Peak        Outcomes // requests in the lane, the most at any time
	LongestWait Outcomes // s, of any request, served or not; see the package's Waits
	UrgentWait  Outcomes // s, the longest of the requests of priority 0; nil without any
	Waited      Outcomes // request-seconds spent waiting, summed over the lanes

	Backlog *Bands // requests in all lanes at each time of the grid
	Wait    *Bands // s, what a request that arrives at a time of the grid waits in a lane chosen by its share of the traffic

	Useful   Outcomes // share of the service time that went to answers in time for their clients
	Verdicts Verdicts
	Events   int64 // arrivals, service ends, timeouts and the like that the event engine handled

	Streams []StreamPaths // in the order of the first lane that has them
	Lanes   []LanePaths   // nil for regions of more than 64
}

// Verdicts counts the replications by what became of them. A region is as bad
// as its worst lane.
type Verdicts struct{ Drained, Draining, Undecided, Stuck int }

// N is the number of replications.
func (v Verdicts) N() int { return v.Drained + v.Draining + v.Undecided + v.Stuck }

// NotDrained is P(T > horizon).
func (v Verdicts) NotDrained() Estimate { return Proportion(v.N()-v.Drained, v.N()) }

// StuckShare is P(stuck). Its lower limit is for the replications that were
// seen to be stuck, its upper limit counts the undecided ones too.
func (v Verdicts) StuckShare() Estimate {
	e := Proportion(v.Stuck, v.N())
	e.Hi = Proportion(v.Stuck+v.Undecided, v.N()).Hi
	return e
}

// Metastable tells whether the lower limit of P(stuck) is above 0.
func (v Verdicts) Metastable() bool { return v.StuckShare().Lo > 0 }

// N is the number of replications.
func (p *Paths) N() int { return p.Drain.N() }

// StreamPaths is what happened to the requests of one stream, those of every
// lane together. Waits and sojourns are those of the requests that were
// served, from their first attempt on.
type StreamPaths struct {
	Name        string
	Requests    int64    // served in all replications, those behind Wait
	MeanWait    Outcomes // s, the mean of a replication's requests; a replication without any is left out
	MeanSojourn Outcomes // s, until the end of service; likewise
	MaxWait     Outcomes // s, the longest of those served in a replication
	LongestWait Outcomes // s, the longest of all, served or not
	Wait        *Waits   // s, of single requests, those of all replications together
	Sojourn     *Waits   // s, until the end of service; likewise
	LastDone    Outcomes // s, when the last request was done, +Inf if one never was settled; nil for a stream without end
	NearlyDone  Outcomes // s, when 99 in 100 of each lane's were done, +Inf if never; nil likewise

	Fates Fates // of all requests in all replications

	// Shares of a replication's requests, and attempts a request.
	InTime, Refused, AgedOut, GivenUp, Attempts Outcomes
}

// Fates counts requests by how they ended. Arrived is the sum of Served,
// Refused, AgedOut, GivenUp and Left.
type Fates struct {
	Arrived, Attempts                               int64
	Served, InTime, Refused, AgedOut, GivenUp, Left int64
}

// Bands are the values that a path took at each time of a grid, over the
// replications.
type Bands struct {
	Grid   []float64 // s
	values []Outcomes
}

// At is the law of the path at Grid[i].
func (b *Bands) At(i int) Outcomes { return b.values[i] }

// Quantile is the p-quantile of the path at Grid[i].
func (b *Bands) Quantile(i int, p float64) Estimate { return b.values[i].Quantile(p) }

// Mean is the mean of the path at Grid[i].
func (b *Bands) Mean(i int) Estimate { return b.values[i].Mean() }
