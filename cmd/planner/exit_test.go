package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// A fault of the program ends with 1, shows no number, and tells how to see it
// again, whatever the names in the command do to a terminal.
func TestInternalErrorsAreReproducible(t *testing.T) {
	broken := &study.InternalError{Design: "base", Broken: "P(T > objective) is 2, no probability"}
	lost := &montecarlo.ConservationError{Lane: "a", Replication: 3, Arrived: 7, Settled: 5, Left: 1}
	for args, c := range map[string]struct {
		err  error
		want string
	}{
		"planner run storm.yaml --replications 50":       {broken, "planner run storm.yaml --replications 50 --seed 1"},
		"planner run storm.yaml --seed=7":                {fmt.Errorf("design: %w", broken), "planner run storm.yaml --seed=7"},
		"/usr/bin/planner check my-storm;.yaml":          {lost, "planner check 'my-storm;.yaml' --seed 1"},
		"planner merge part-1 part-2":                    {errors.Join(errors.New("gone"), broken), "planner merge part-1 part-2"},
		"planner drain --backlog 10 --service-rate \x1b": {broken, `planner drain --backlog 10 --service-rate '\x1b' --seed 1`},
	} {
		var stderr bytes.Buffer
		words := strings.Fields(args)
		code := conclude(context.Background(), c.err, &stderr, reproduction(newApp(&stderr, &stderr), words))
		if code != exitFailed {
			t.Errorf("%s: exit code %d, want %d", args, code, exitFailed)
		}
		for _, want := range []string{"planner: error: ", "internal error", "a fault of planner " + version, "report it with: " + c.want + "\n"} {
			if !strings.Contains(stderr.String(), want) {
				t.Errorf("%s: %q does not say %q", args, stderr.String(), want)
			}
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// What was asked for and could not be written is an error, help too.
func TestFullStdoutIsAnError(t *testing.T) {
	for _, args := range []string{"planner --help", "planner --version", "planner run --help", "planner queue --help", "planner schema", "planner man", "planner completion bash"} {
		var stderr bytes.Buffer
		code := run(context.Background(), strings.Fields(args), full{}, &stderr)
		if want := "no space left on device"; code != exitFailed || !strings.Contains(stderr.String(), "planner: error: ") || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit code %d, %q; want %d and %q", args, code, stderr.String(), exitFailed, want)
		}
	}
}
