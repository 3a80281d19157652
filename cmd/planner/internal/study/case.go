package study

import (
	"singlelane/queueing"
)

// Objective is what recovery is held to: drained within Within with
// probability Confidence.
type Objective struct {
	Within     float64 // s, positive
	Confidence float64 // between 0 and 1
}

// Case is what a study is asked about: designs under one storm.
type Case struct {
	Name      string
	Objective Objective
	Horizon   float64 // s, after which a simulated storm counts as not drained
	Designs   []Design
	Warnings  []string // of reading the case
}

// Design is one variant of the region.
type Design struct {
	Name         string
	Lanes        []*queueing.Lane // at least one
	LaneKind     string           // "shared", "per-zone" or "hashed"
	Lost         int              // instances
	PoolRequests int              // requests that replacing them takes
	Stability    *Stability       // nil without a region
	Events       []Event          // of a year; nil where the case does not say
	Prices       *Prices          // nil where the case does not say
	Servers      float64          // of the control plane, while all zones are up
	Instances    float64          // that stand ready as headroom, while all zones are up
	Warnings     []string
}

// Stability says how far the surviving zones can take over what the failed
// ones carried without launching anything.
type Stability struct {
	Headroom float64 // spare capacity in the surviving zones, share of their normal load
	Needed   float64 // headroom with which nothing need be relaunched, F/(Z-F)
	Cover    float64 // share of what was lost that the headroom takes, 0 to 1
	Stable   bool    // nothing need be relaunched
	PerPoint float64 // requests spared by a further per cent of headroom, 0 if stable
}

// Risk is the probability of missing the objective that is allowed.
func (o Objective) Risk() float64 { return 1 - o.Confidence }
