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
	text := Numbered(len(designs)-len(left), len(designs), "design", "finished")
	if len(left) == 0 || len(left) == len(designs) {
		return text
	}
	return text + ", and not " + strings.Join(left, ", ")
}

// Numbered says of how many things of several something was done.
func Numbered(n, of int, thing, done string) string {
	switch {
	case of == 1 && n == 1:
		return fmt.Sprintf("the only %s was %s", thing, done)
	case of == 1:
		return fmt.Sprintf("the only %s was not %s", thing, done)
	case n == 0:
		return fmt.Sprintf("none of %d %ss was %s", of, thing, done)
	case n == of:
		return fmt.Sprintf("all %d %ss were %s", of, thing, done)
	case n == 1:
		return fmt.Sprintf("1 of %d %ss was %s", of, thing, done)
	}
	return fmt.Sprintf("%d of %d %ss were %s", n, of, thing, done)
}

func (c Case) names() []string {
	all := make([]string, len(c.Designs))
	for i, d := range c.Designs {
		all[i] = d.Name
	}
	return all
}
