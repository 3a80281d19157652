package montecarlo

import "singlelane/queueing"

// Sample is what Drains saw: the drain times, sorted, and how they were
// drawn.
type Sample struct {
	Times   Outcomes        // s; +Inf: not drained by the horizon
	Horizon float64         // s
	Method  queueing.Method // queueing.Leaps, Recursion or Events
	Reason  string          // why this method
	Paired  []float64       // Times by replication; nil unless asked for

	Verdicts  Verdicts // what became of the replications
	Precision Reached

	Peaks      Outcomes // requests in the largest lane, the most at any time; nil unless asked for and to be had
	PeakReason string   // why it could not be had
}

// N is the number of replications.
func (s *Sample) N() int { return s.Times.N() }

// Mean drain time in seconds, +Inf if a replication did not drain.
func (s *Sample) Mean() Estimate { return s.Times.Mean() }

// StdDev of the drain time in seconds.
func (s *Sample) StdDev() Estimate { return s.Times.StdDev() }

// Quantile of the drain time in seconds, 0 < p < 1.
func (s *Sample) Quantile(p float64) Estimate { return s.Times.Quantile(p) }

// Exceed is P(T > t).
func (s *Sample) Exceed(t float64) Estimate { return s.Times.Exceed(t) }

// CVaR is the mean of the worst 1-p of the drain times in seconds.
func (s *Sample) CVaR(p float64) Estimate { return s.Times.CVaR(p) }

// NotDrained is P(T > horizon).
func (s *Sample) NotDrained() Estimate { return s.Times.Exceed(maxFinite) }
