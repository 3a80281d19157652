// Package study asks the questions of a recovery storm: it takes designs, each
// a set of lanes, picks the methods that cover them, and says how long each
// takes to drain, how sure that is, and whether it meets its objective.
//
// Every design is answered twice where it can be: by theory (package queueing)
// and by simulation (package montecarlo), and [Agreement] says whether the two
// tell the same story. A design whose long-run arrivals reach its capacity has
// a status, [Never], and no numbers.
//
//	symbol  name             unit
//	T       drain time       s, the latest lane's
//	D       Objective.Within s
//	p       Objective.Confidence
//	t*      OverloadEnds     s
//
// A design meets its objective if P(T <= D) >= p. That is decided by theory
// where it is exact, else by simulation; a simulated answer whose interval
// straddles the objective is reported as not decided.
//
// A design may also be asked what a year of such failures brings ([Year]) and
// costs ([Cost]), and designs are held against each other ([Compare]) under
// the same random numbers.
//
// The package computes and never prints: words and units are for package
// report.
package study
