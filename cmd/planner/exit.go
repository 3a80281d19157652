package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// The exit codes of the program.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // bad usage or bad input; nothing was written
	exitMissed      = 3 // check found a design that misses its objective
	exitInterrupted = 130
)

// usageError is a fault of what the user typed.
type usageError struct {
	text, hint string
}

func (e *usageError) Error() string { return e.text }

// usageErrorf makes an error that ends the program with exitUsage. The hint,
// when not empty, says what to type instead.
func usageErrorf(hint, format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...), hint}
}

// errMissed ends a command whose answer, already printed, is that an
// objective is missed.
var errMissed = errors.New("a design misses its objective")

// conclude prints the error that ended a command and maps it to the exit
// code. It is the only place that does either.
func conclude(ctx context.Context, err error, stderr io.Writer) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errQuietUsage):
		return exitUsage
	case errors.Is(err, errMissed):
		return exitMissed
	case errors.As(err, &usage):
		complain(stderr, usage.text, usage.hint)
		return exitUsage
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		complain(stderr, "interrupted", "")
		return exitInterrupted
	}
	complain(stderr, err.Error(), "")
	return exitFailed
}

// complain writes one message in the house form. Nothing can be done about a
// stderr that cannot be written to.
func complain(stderr io.Writer, text, hint string) {
	_, _ = fmt.Fprintf(stderr, "planner: error: %s\n", text)
	if hint != "" {
		_, _ = fmt.Fprintf(stderr, "planner: hint: %s\n", hint)
	}
}
