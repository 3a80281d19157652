package queueing

import (
	"errors"
	"fmt"
	"math"
)

// FieldError says which field of a description is out of its range.
type FieldError struct {
	Field string // dotted Go path, such as "Steady.PerSecond"
	Got   any
	Want  string // the range in words, such as "a positive finite number"
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("queueing: %s is %v, want %s", e.Field, e.Got, e.Want)
}

const (
	wantPositive    = "a positive finite number"
	wantNonNegative = "a finite number of at least 0"
)

func positive(field string, x float64) error {
	if x > 0 && !math.IsInf(x, 1) {
		return nil
	}
	return &FieldError{field, x, wantPositive}
}

func nonNegative(field string, x float64) error {
	if x >= 0 && !math.IsInf(x, 1) {
		return nil
	}
	return &FieldError{field, x, wantNonNegative}
}

func countBetween(field string, n, lo, hi int) error {
	if n >= lo && n <= hi {
		return nil
	}
	return &FieldError{field, n, fmt.Sprintf("a whole number from %d to %d", lo, hi)}
}

// The largest sizes that a description may have. Beyond them differences of
// neighbouring counts are lost in a float64.
const (
	MaxCount   = 1_000_000_000_000
	MaxServers = 10_000_000
)

var errNoService = errors.New("queueing: lane has no service law")
