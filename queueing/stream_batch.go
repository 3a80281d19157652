package queueing

import "errors"

// Batch is Size requests that arrive together at At.
type Batch struct {
	Size int
	At   float64 // s, at least 0
}

func (a Batch) Rate(float64) float64          { return 0 }
func (a Batch) Flow(_, _ float64) float64     { return 0 }
func (a Batch) Excess(_, _ float64) float64   { return 0 }
func (a Batch) Breaks(_, _ float64) []float64 { return nil }
func (a Batch) Begins() float64               { return a.At }
func (a Batch) LongRun() float64              { return 0 }

func (a Batch) Jumps() []Jump {
	return []Jump{{At: a.At, Size: Count{Fixed: a.Size}}}
}

func (a Batch) Count(s, t float64) Count {
	if a.At > s && a.At <= t {
		return Count{Fixed: a.Size}
	}
	return Count{}
}

func (a Batch) Split(n, k int) Source { return Batch{dealt(a.Size, n, k), a.At} }

func (a Batch) Validate() error {
	return errors.Join(countBetween("Batch.Size", a.Size, 0, MaxCount), nonNegative("Batch.At", a.At))
}
