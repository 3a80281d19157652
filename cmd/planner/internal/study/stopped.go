package study

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// StoppedError says what was finished of a study when its context ended.
type StoppedError struct {
	Finished string // in words
	Err      error  // wraps that of the context
}

func (e *StoppedError) Error() string { return "interrupted: " + e.Finished }
func (e *StoppedError) Unwrap() error { return e.Err }

// stopped is err, with what was finished by then where the context ended.
func stopped(err error, finished string) error {
	if !errors.Is(err, context.Canceled) {
		return err
	}
	return &StoppedError{finished, err}
}

// finishedOf says which of the designs were finished.
func finishedOf(designs []string, done []bool) string {
	var left []string
	for i, name := range designs {
		if !done[i] {
			left = append(left, name)
		}
	}
	switch len(left) {
	case 0:
		return fmt.Sprintf("all %d designs were finished", len(designs))
	case len(designs):
		return fmt.Sprintf("none of %d designs was finished", len(designs))
	}
	return fmt.Sprintf("%d of %d designs were finished, and not %s", len(designs)-len(left), len(designs), strings.Join(left, ", "))
}

func (c Case) names() []string {
	all := make([]string, len(c.Designs))
	for i, d := range c.Designs {
		all[i] = d.Name
	}
	return all
}
