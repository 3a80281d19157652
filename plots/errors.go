package plots

import (
	"errors"
	"fmt"
)

// ErrEmpty is returned for a chart that has nothing at all to draw: no panel,
// no series, no row. One empty design among several is drawn as such.
var ErrEmpty = errors.New("plots: nothing to draw")

// ValueError reports a value that no chart can show.
type ValueError struct {
	Field string  // path of the value, as Panels[2].Median[17]
	Value float64 // what was given
	Want  string  // what is allowed
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("plots: %s is %g, want %s", e.Field, e.Value, e.Want)
}

// LengthError reports series that should be as long as one another and are not.
type LengthError struct {
	Field     string
	Got, Want int
}

func (e *LengthError) Error() string {
	return fmt.Sprintf("plots: %s has %d values, want %d", e.Field, e.Got, e.Want)
}

// FormatError reports a format that Save does not write.
type FormatError struct{ Format Format }

func (e *FormatError) Error() string {
	return fmt.Sprintf("plots: format %q, want png, svg or pdf", string(e.Format))
}
