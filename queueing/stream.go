package queueing

import "math"

// A Source is the law of one stream's arrival instants. Its smooth part has
// an intensity; its jumps are batches at fixed instants. Sources are
// immutable values.
//
// Intervals are open on the left and closed on the right. A jump at 0 is in
// none of them: it belongs to the state in which the lane starts.
type Source interface {
	// Rate is the intensity at t >= 0 in requests per second, continuous
	// from the right, jumps excluded.
	Rate(t float64) float64
	// Flow is the mean number of requests in (s,t], jumps excluded, computed
	// without cancellation for t close to s.
	Flow(s, t float64) float64
	// Excess is Flow(s,t) - Rate(t)*(t-s), computed without cancellation. The
	// drain density needs it: it is 0 for a constant rate.
	Excess(s, t float64) float64
	// Jumps lists the batches in order of time.
	Jumps() []Jump
	// Breaks lists, in order, the instants in (lo,hi) at which Rate or one of
	// its derivatives is not continuous.
	Breaks(lo, hi float64) []float64
	// Count is the law of the number of requests in (s,t], jumps included.
	Count(s, t float64) Count
	// Begins is the instant at which an incident source starts (a batch, a
	// spread, a pool), 0 for the background ones.
	Begins() float64
	// LongRun is the limit of the mean rate for t to infinity.
	LongRun() float64
	// Split is the law of one of n equal parts of the source, part k from 0:
	// rates are divided, counts dealt as equally as possible.
	Split(n, k int) Source
	// Validate reports the first field out of range as a *FieldError.
	Validate() error
}

// A Jump is a batch at a fixed instant.
type Jump struct {
	At   float64 // s
	Size Count   // law of the number that arrives; Size.Fixed for a plain batch
}

// Stream is a named source of requests with what its clients ask for.
type Stream struct {
	Name     string
	Source   Source
	Priority int  // 0 is served first under [UrgentFirst], 9 last
	Retries  bool // whether its clients retry, see [Retries]
}

// dealt is the size of part k of n when total is dealt one by one.
func dealt(total, n, k int) int {
	size := total / n
	if k < total%n {
		size++
	}
	return size
}

func inside(x, lo, hi float64) []float64 {
	if x > lo && x < hi {
		return []float64{x}
	}
	return nil
}

// expExcess is exp(x) - 1 - x, by its series where the difference cancels.
func expExcess(x float64) float64 {
	if math.Abs(x) > 0.5 {
		return math.Expm1(x) - x
	}
	term, sum := x*x/2, 0.0
	for k := 3; math.Abs(term) > 1e-19*math.Abs(sum); k++ {
		sum += term
		term *= x / float64(k)
	}
	return sum
}
