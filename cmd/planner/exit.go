package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/shard"
	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
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
// code. It is the only place that does either. The command is what shows a
// fault of the program itself again.
func conclude(ctx context.Context, err error, stderr io.Writer, command string) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errQuietUsage):
		return exitUsage
	case errors.Is(err, errMissed):
		return exitMissed
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		text, known := "interrupted", (*study.StoppedError)(nil)
		if errors.As(err, &known) {
			text = known.Error()
		}
		complain(stderr, text, "")
		return exitInterrupted
	}
	code := exitUsage
	for _, e := range each(err) {
		if internal(e) {
			complain(stderr, e.Error(), "this is a fault of planner "+version+", not of what was asked, and no number is shown; report it with: "+command)
			code = min(code, exitFailed)
			continue
		}
		code = min(code, explain(e, stderr))
	}
	return code
}

// internal tells whether the error is a fault of this program.
func internal(err error) bool {
	var broken *study.InternalError
	var lost *montecarlo.ConservationError
	return errors.As(err, &broken) || errors.As(err, &lost)
}

// reproduction is the command line, with the seed in it even if it is the
// usual one, as a shell reads it.
func reproduction(app *cli.App, args []string) string {
	args = slices.Clone(args)
	if len(args) > 0 {
		args[0] = app.Name
	}
	if len(args) > 1 {
		c := commandNamed(app.Commands, args[1])
		seeded := slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(strings.TrimLeft(a, "-"), "seed") })
		if c != nil && !seeded {
			if f, ok := flagNamed(c.Flags, "seed").(*cli.Uint64Flag); ok {
				args = append(args, "--seed", strconv.FormatUint(f.Value, 10))
			}
		}
	}
	return report.Shell(args)
}

// each is the errors that were joined.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, each(e)...)
	}
	return all
}

// explain prints one error and tells whether the user's input is to blame.
func explain(err error, stderr io.Writer) int {
	var usage *usageError
	var faults scenario.Faults
	var unsupported *study.UnsupportedError
	var method *study.MethodError
	var missing *study.MissingError
	var size *study.SizeError
	var refusal *shard.Refusal
	var block *study.KeptError
	var span *montecarlo.KeptError
	switch {
	case traceFaults(err, stderr), prometheusFault(err, stderr):
	case errors.As(err, &usage):
		complain(stderr, usage.text, usage.hint)
	case errors.As(err, &faults):
		for _, f := range faults {
			complain(stderr, f.Error(), f.Hint)
		}
	case errors.As(err, &unsupported):
		complain(stderr, unsupported.Error(), "leave the key out, or --design another")
	case errors.As(err, &missing):
		complain(stderr, missing.Error(), missingHints[missing.Section])
	case errors.As(err, &method):
		hint := "--method auto takes what covers each design"
		if method.Method == study.Auto { // which has tried all
			hint = "take fewer requests"
		}
		complain(stderr, method.Error(), hint)
	case errors.As(err, &refusal):
		complain(stderr, refusal.Error(), refusal.Hint)
	case errors.As(err, &block), errors.As(err, &span):
		complain(stderr, err.Error(), "the part or the checkpoint is not as planner wrote it: make it again")
	case errors.As(err, &size):
		complain(stderr, size.Error(), "vary fewer points, or one --design")
	default:
		complain(stderr, err.Error(), "")
		return exitFailed
	}
	return exitUsage
}

// missingHints say what to write for a section that a metric needs.
var missingHints = map[string]string{
	"year": "as in year: {zone_failures: 0.1/yr, common_cause: 5%, region_events: 0.2/yr}",
	"cost": "as in cost: {server_hour: 0.5, instance_hour: 0.2, breach_minute: 1000}",
}

// complain writes one message in the house form. Nothing can be done about a
// stderr that cannot be written to.
func complain(stderr io.Writer, text, hint string) {
	_, _ = fmt.Fprintf(stderr, "planner: error: %s\n", report.Printable(text))
	if hint != "" {
		_, _ = fmt.Fprintf(stderr, "planner: hint: %s\n", report.Printable(hint))
	}
}
