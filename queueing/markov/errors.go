package markov

import (
	"errors"
	"fmt"
	"math"
)

// ErrReducible is the answer where a state cannot be left towards the states
// that the question asks for, so that there is no unique stationary law or no
// sure absorption.
var ErrReducible = errors.New("markov: the chain is reducible")

// FieldError says which number of a description is out of its range.
type FieldError struct {
	Field string
	Got   any
	Want  string
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("markov: %s is %v, want %s", e.Field, e.Got, e.Want)
}

// ToleranceError says that the error asked for was not reached.
type ToleranceError struct {
	Asked, Reached float64
	Reason         string
}

func (e *ToleranceError) Error() string {
	return fmt.Sprintf("markov: error %.3g instead of %.3g: %s", e.Reached, e.Asked, e.Reason)
}

func positive(field string, x float64) error {
	if x > 0 && !math.IsInf(x, 1) {
		return nil
	}
	return &FieldError{field, x, "a positive finite number"}
}

func nonNegative(field string, x float64) error {
	if x >= 0 && !math.IsInf(x, 1) {
		return nil
	}
	return &FieldError{field, x, "a finite number of at least 0"}
}

func between(field string, n, lo, hi int) error {
	if n >= lo && n <= hi {
		return nil
	}
	return &FieldError{field, n, fmt.Sprintf("a whole number from %d to %d", lo, hi)}
}
