package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// Sample is what Drains saw: the drain times and how they were drawn.
type Sample struct {
	Horizon float64         // s
	Method  queueing.Method // queueing.Leaps, Recursion or Events
	Reason  string          // why this method
	Paired  []float64       // s, by replication; nil unless asked for

	Verdicts  Verdicts // what became of the replications
	Precision Reached

	Peaks      Outcomes // requests in the largest lane, the most at any time; nil unless asked for and to be had
	PeakReason string   // why it could not be had

	times   *pile
	workers int
}

// Times are all drain times in s, sorted; +Inf: not drained by the horizon.
// The first call sorts millions of them, which the estimates do without.
func (s *Sample) Times() Outcomes { return s.times.sorted(s.workers) }

// few tells whether all times are in one block, which is sorted.
func (s *Sample) few() bool { return len(s.times.ready) < 2 }

// At is the drain time in s of a rank, 0 <= rank < N, as Times has it, without
// sorting millions for it.
func (s *Sample) At(rank int) float64 { return s.times.at(rank) }

// Later is how many storms drained later than t.
func (s *Sample) Later(t float64) int { return s.times.above(t) }

// Spread is at most n of the drain times in s, sorted and spread over the law: of
// millions, over those of the first replications.
func (s *Sample) Spread(n int) Outcomes {
	from := s.times.some()
	n = min(n, len(from))
	spread := make(Outcomes, n)
	for k := range spread {
		spread[k] = from[(k+1)*len(from)/n-1]
	}
	return spread
}

// N is the number of replications.
func (s *Sample) N() int { return len(s.times.all) }

// Mean drain time in seconds, +Inf if a replication did not drain.
func (s *Sample) Mean() Estimate {
	if s.few() {
		return s.times.all.Mean()
	}
	mean, sd, _ := s.times.moments().central()
	return meanEstimate(mean, sd, s.N())
}

// StdDev of the drain time in seconds.
func (s *Sample) StdDev() Estimate {
	if s.few() {
		return s.times.all.StdDev()
	}
	return spreadEstimate(s.N(), s.times.moments().central)
}

// Quantile of the drain time in seconds, 0 < p < 1.
func (s *Sample) Quantile(p float64) Estimate {
	if s.few() {
		return s.times.all.Quantile(p)
	}
	return byRanks(s.N(), p, s.times.at)
}

// Exceed is P(T > t).
func (s *Sample) Exceed(t float64) Estimate { return Proportion(s.times.above(t), s.N()) }

// CVaR is the mean of the worst 1-p of the drain times in seconds.
func (s *Sample) CVaR(p float64) Estimate {
	if s.few() {
		return s.times.all.CVaR(p)
	}
	q := s.Quantile(p)
	if most := s.times.at(s.N() - 1); math.IsInf(most, 1) {
		return cvarOf(p, q, math.Inf(1), math.NaN())
	}
	mean, sd := s.times.over(q.Value)
	return cvarOf(p, q, mean, sd)
}

// NotDrained is P(T > horizon).
func (s *Sample) NotDrained() Estimate { return s.Exceed(maxFinite) }
