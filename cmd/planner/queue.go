package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"singlelane/cmd/planner/internal/scenario"

	"github.com/urfave/cli/v2"
)

// queueConfig is what the flags of planner queue say.
type queueConfig struct {
	input     *queueInput
	vary      []string
	json, csv bool
	charting
	stdout, stderr io.Writer
}

func queueCommand() *cli.Command {
	return &cli.Command{
		Name:      "queue",
		Usage:     "the lane before the storm and after it: steady-state calculators",
		UsageText: "planner queue MODEL [FLAGS]\nplanner queue [MODEL] FILE.yaml [FLAGS]\nplanner queue",
		Description: "Without a model it lists them. A file holds the same inputs as keys (service_rate: 10/s,\n" +
			"model: mmc, classes and stations as lists); flags win over it.\n\n" +
			"Examples:\n  planner queue mmc --arrivals 9/s --service-rate 4/s --servers 3 --wait 1s\n" +
			"  planner queue erlang-c --arrivals 9/s --service-mean 2s --target-wait 20s --target-level 80%\n" +
			"  planner queue mm1 --service-rate 10/s --vary arrivals=1/s..9.9/s:12\n" +
			"  planner queue retrial --arrivals 9.5/s --service-rate 10/s --limit 200 --orbit-limit 20 --timeout 3s --retries 4",
		ArgsUsage: "MODEL|FILE",
		Flags:     flagGroups(queueFlags(), []cli.Flag{jsonFlag(), csvFlag(), quietFlag()}, chartFlags()),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 && c.NumFlags() == 0 {
				return answer(c.App.Writer, listQueueModels)
			}
			config, err := newQueueConfig(c)
			if err != nil {
				return tellFaults(c.App.ErrWriter, err)
			}
			return tellFaults(c.App.ErrWriter, config.run(c.Context))
		},
	}
}

// listQueueModels prints a line for each model.
func listQueueModels(w io.Writer) error {
	var b strings.Builder
	var cells [][]string
	for _, m := range queueModels {
		cells = append(cells, []string{m.name, m.line})
	}
	layOut(&b, cells, false)
	b.WriteString("\nplanner queue MODEL answers one; for example:\n\n")
	for _, m := range queueModels {
		b.WriteString(wrapCommand("planner queue " + m.name + " " + m.example))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrapCommand breaks a command at its flags to keep within 100 columns.
func wrapCommand(line string) string {
	const most = 96
	var b strings.Builder
	width := 0
	for i, part := range strings.Split(line, " --") {
		if i > 0 {
			part = "--" + part
		}
		if width > 0 && width+1+len(part) > most {
			b.WriteString(" \\\n    ")
			width = 4
		} else if width > 0 {
			b.WriteByte(' ')
			width++
		} else {
			b.WriteString("  ")
			width = 2
		}
		b.WriteString(part)
		width += len(part)
	}
	return b.String() + "\n"
}

// newQueueConfig reads the arguments: a model, a file, or both.
func newQueueConfig(c *cli.Context) (*queueConfig, error) {
	q := &queueConfig{
		input: newQueueInput(), vary: c.StringSlice("vary"), json: c.Bool("json"), csv: c.Bool("csv"),
		charting: newCharting(c),
		stdout:   c.App.Writer, stderr: c.App.ErrWriter,
	}
	model, file, err := queueArguments(c.Args().Slice())
	if err != nil {
		return nil, err
	}
	if q.json && q.csv {
		return nil, usageErrorf("give one of them", "--json and --csv exclude each other")
	}
	if err := q.look.check(); err != nil {
		return nil, err
	}
	if q.charts != "" && len(q.vary) != 1 {
		return nil, usageErrorf("add --vary arrivals=1/s..9/s:40, say", "--charts draws one --vary, and there are %d", len(q.vary))
	}
	if file != "" {
		if err := q.input.readFile(file); err != nil {
			return nil, err
		}
	}
	if model != "" {
		q.input.model = model
	}
	q.input.readFlags(c)
	return q, q.input.knowsModel()
}

// queueArguments tells models from files.
func queueArguments(args []string) (model, file string, err error) {
	for _, arg := range args {
		isFile := strings.ContainsAny(arg, "./\\")
		switch {
		case isFile && file == "":
			file = arg
		case !isFile && model == "":
			model = arg
		default:
			return "", "", usageErrorf("planner queue --help shows examples", "planner queue takes a model, a file or both, and got %s", strings.Join(args, " "))
		}
	}
	return model, file, nil
}

// knowsModel faults a missing or unknown model. The other faults found so far
// are told with it, since without a model none can be added.
func (in *queueInput) knowsModel() error {
	if queueModelNamed(in.model) != nil {
		return nil
	}
	problem, hint := fmt.Sprintf("there is no model %q", in.model), scenario.DidYouMean(in.model, queueModelNames())
	if in.model == "" {
		problem, hint = "no model is given", "planner queue lists them with a line each"
	}
	if in.model != "" || len(in.faults) == 0 {
		in.fault(scenario.Place{File: "planner queue"}, "", problem, "allowed are "+strings.Join(queueModelNames(), ", "), hint)
	}
	return in.faults
}

func (q *queueConfig) run(ctx context.Context) error {
	if len(q.vary) > 0 {
		return q.runVaried(ctx)
	}
	a, err := askQueue(ctx, q.input)
	if err != nil {
		return q.worded(err)
	}
	return answer(q.stdout, func(w io.Writer) error {
		switch {
		case q.json:
			return writeQueueJSON(w, a.object())
		case q.csv:
			return a.csv(w)
		}
		return a.text(w)
	})
}

// worded makes what a library found too large or too small an input fault of
// the model's.
func (q *queueConfig) worded(err error) error {
	var faults scenario.Faults
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &faults):
		return faults
	}
	return scenario.Faults{{Place: scenario.Place{File: q.input.model}, Problem: plainSteady(err)}}
}
