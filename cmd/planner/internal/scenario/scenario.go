package scenario

import "singlelane/queueing"

// Scenario is a file, with what-ifs applied, as lanes. Times are in seconds
// and rates per second. It shares nothing that can be changed with others.
type Scenario struct {
	Name      string
	Path      string // of the file
	Objective Objective
	Horizon   float64 // s; a replication that has not drained by then has not drained
	Designs   []Design
	Uncertain []Uncertain // numbers given as ranges, taken at their middle
	Warnings  []string    // in words, for the user
}

// Objective is to have drained within a time with a probability.
type Objective struct {
	Within     float64 // s
	Confidence float64 // between 0 and 1
}

// Uncertain is a number that the file gives as a range. Setting Key to
// another number compiles the scenario at that draw.
type Uncertain struct {
	Key    string // dotted path
	Design string // the design that says so; empty: the file itself or a what-if
	Spread        // SI units
	Value  float64
	Text   string // the value as it would be written in the file
}

// LaneKind is how the control plane is cut into lanes.
type LaneKind string

const (
	Shared  LaneKind = "shared"   // one lane for the region
	PerZone LaneKind = "per-zone" // one for each surviving zone
	Hashed  LaneKind = "hashed"   // each request goes to one at random
)

// Design is one variant, compiled.
type Design struct {
	Name      string
	Lanes     []*queueing.Lane
	LaneKind  LaneKind
	Overrides []Setting // as the file states them

	Region       Region
	Lost         int      // instances lost
	PoolRequests int      // requests that the finite pools send in all
	Servers      int      // in the lanes that there are after the failure, at t = 0
	Standing     int      // servers in the lanes that there are while all zones are up
	Streams      []Stream // in the order of the file
	Year         Year
	Cost         Cost
	YearGiven    bool // the file has a year, if only of zeros
	CostGiven    bool
	Warnings     []string
}

// Region is the arithmetic of zones. It is zero in a scenario without one.
type Region struct {
	Zones, Failed, Surviving int
	Fleet                    int
	Headroom                 float64 // share of the surviving zones' normal load
	Spare                    float64 // instances standing ready in the surviving zones
	Standing                 float64 // instances standing ready while all zones are up
	LostShare                float64 // share of the fleet that is lost
	LostGiven                bool    // the file says so itself, instead of F/Z
	Cover                    float64 // share of the loss that the spare takes over
	HeadroomNeeded           float64 // the headroom at which nothing need be relaunched
	StaticallyStable         bool    // Headroom reaches it
}

// Stream is what there is to say of a source beside its arrivals.
type Stream struct {
	Name     string
	Form     Form
	Urgent   bool
	Priority int
	Requests int // that it sends in all, of the finite forms
}

// Form is which of the forms of a stream it is.
type Form string

const (
	Steady Form = "steady"
	Surge  Form = "surge"
	Batch  Form = "batch"
	Spaced Form = "spread" // {count, at, over}
	Pool   Form = "pool"
	Trace  Form = "trace"
)

// Year is how often such incidents happen, per second, and what they do: see
// [Design.Failing].
type Year struct {
	ZoneFailures float64 // of one zone
	CommonCause  float64 // share of them that take one further zone
	RegionEvents float64
}

// Cost is prices in one currency.
type Cost struct{ ServerHour, InstanceHour, BreachMinute float64 }
