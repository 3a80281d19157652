// Package trace reads measured data: request logs and queue-depth series as
// CSV or TSV, job logs in the Standard Workload Format, and the answers of
// Prometheus, each plain or gzipped, row by row.
//
// A [Trace] is either [Requests], one row a request, or a [Series], one row an
// instant. Times are whole nanoseconds from the trace's origin, so that sums
// and differences of what was measured are exact.
//
// The columns of a table are found by their names, see [Columns], and the
// reader says which it took for what. A file that cannot be read right is
// refused with [Faults], which names rows by their line; nothing is guessed
// about a row.
package trace

import "time"

// Missing stands for an instant that a row does not have: a request without
// an end was still in service when the log was cut.
const Missing = int64(-1 << 63)

// Trace is what was measured.
type Trace struct {
	Name     string    // of the file, for messages
	Format   Format    // how it was written
	Origin   time.Time // the instant that times count from
	Relative bool      // times are not dates: they count from the log's own zero
	Rows     int       // of data
	Requests *Requests // nil for a series
	Series   *Series   // nil for requests
	Notes    []string  // what was taken for what
	Warnings []string  // what is doubtful about the data
}

// Format is how a trace was written.
type Format string

const (
	Table      Format = "table"      // CSV or TSV
	SWF        Format = "swf"        // Standard Workload Format
	Prometheus Format = "prometheus" // JSON of query_range
)

// Requests is one row a request, in order of arrival. A slice is nil when the
// trace has no such column; all others are equally long, in ns from the
// origin.
type Requests struct {
	Arrival, Start, End []int64
	Servers             []int32 // that each request occupied, nil: one each
	NoWaits             bool    // arrivals are starts: the trace knows no waits
	Resolution          int64   // ns: of durations that were added up, 1 or more
}

// N is the number of requests.
func (r *Requests) N() int { return len(r.Arrival) }

// Series is one row an instant. Counts belong to the interval between two
// rows; a slice is nil when it was not measured.
type Series struct {
	Times     []int64   // ns, increasing
	Depth     []float64 // requests in the lane at Times
	Arrived   []float64 // in (Times[i], Times[i+1]], one fewer than Times
	Completed []float64 // in (Times[i], Times[i+1]]
	Gaps      int       // intervals more than half as long again as usual
	Resets    int       // of counters
}

// Seconds converts from nanoseconds.
func Seconds(ns int64) float64 { return float64(ns) / 1e9 }
