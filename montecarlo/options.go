package montecarlo

import (
	"fmt"
	"math"
	"runtime"

	"singlelane/queueing"
)

// Options say how much to simulate. The zero value works: seed 0, 10,000
// replications, one worker a processor, a horizon of 24 hours.
type Options struct {
	Seed         uint64
	Replications int     // 0: 10,000
	Workers      int     // 0: one a processor; the results do not depend on it
	Horizon      float64 // s, after which a replication counts as not drained; 0: 24 h

	// Method insists on queueing.Leaps, Recursion or Events; "": the fastest
	// that is exact for each lane.
	Method queueing.Method

	// Peaks asks Drains for the exact peak backlog too, where it can be had
	// without events.
	Peaks bool

	// Paired asks Drains for the drain times in the order of the replications
	// too, to compare designs with.
	Paired bool

	// Precision, if asked for, lets Drains and RareEvent go on until it is
	// reached. The replications are then the least number.
	Precision Precision

	// Memory, if set, keeps what was simulated, and recalls it.
	Memory Memory

	// Progress, if set, hears how many replications of how many are done. It
	// is called from one goroutine at a time, some tens of times in all.
	Progress func(done, total int)

	filled func(from, to int) // hears of replications that are done, from any goroutine
}

const (
	defaultReplications = 10_000
	defaultHorizon      = 24 * 3600.0
	maxReplications     = 100_000_000
)

// OptionError says which option is out of its range.
type OptionError struct {
	Option string
	Got    any
	Want   string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("montecarlo: %s is %v, want %s", e.Option, e.Got, e.Want)
}

func (o Options) withDefaults() (Options, error) {
	var err error
	if o.Precision, err = o.Precision.withDefaults(); err != nil {
		return o, err
	}
	if o.Replications == 0 {
		o.Replications = defaultReplications
		if o.Precision.Relative > 0 {
			o.Replications = precisionFirst
		}
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Horizon == 0 {
		o.Horizon = defaultHorizon
	}
	switch o.Method {
	case "", queueing.Leaps, queueing.Recursion, queueing.Events:
	default:
		return o, &OptionError{"Method", o.Method, "leaps, recursion or events"}
	}
	switch {
	case o.Replications < 1 || o.Replications > maxReplications:
		return o, &OptionError{"Replications", o.Replications, "a whole number from 1 to 1e8"}
	case o.Workers < 1:
		return o, &OptionError{"Workers", o.Workers, "a whole number of at least 1"}
	case !(o.Horizon > 0) || math.IsInf(o.Horizon, 1):
		return o, &OptionError{"Horizon", o.Horizon, "a positive finite number of seconds"}
	}
	return o, nil
}
