package main

import (
	"context"
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/study"
)

func runCommand() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "every design's drain time, backlog, waits and risk, by theory and by simulation",
		ArgsUsage: "FILE",
		Description: "Prints the verdict of each design first, then the table behind it.\n\n" +
			"Examples:\n" +
			"  planner run testdata/scenarios/us-east-1-2012.yaml\n" +
			"  planner run scenario.yaml --set region.zones=6 --charts charts --theme dark --size slide\n" +
			"  planner run testdata/scenarios/us-east-1-2012.yaml --design 'lane per zone' --json",
		Flags: flagGroups(answerFlags(), whatIfFlags(), chanceFlags(), precisionFlags(), []cli.Flag{methodFlag(), allowOutsideFlag()}, chartFlags(),
			[]cli.Flag{checkpointFlag(), shardFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newRunConfig) },
	}
}

// runConfig is what planner run was asked for.
type runConfig struct {
	question
	output
	charting
}

func newRunConfig(c *cli.Context) (*runConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	r := &runConfig{question: q, output: newOutput(c), charting: newCharting(c)}
	return r, firstError(r.output.check(), r.charting.check(c))
}

// Run answers the question and writes the charts, in this order: a fault
// anywhere leaves nothing written.
func (r *runConfig) Run(ctx context.Context) error {
	if err := r.refuseExisting(report.ChartNames(r.format)); err != nil {
		return err
	}
	asked, err := r.load(ctx, r.output)
	if err != nil {
		return err
	}
	options, done := r.options(r.output)
	options.Curves = r.charts != "" || !r.json && !r.csv
	result, err := study.Evaluate(ctx, asked, options)
	done()
	if result != nil && result.Interrupted {
		_, err = r.kept.end(r.output, err)
		r.warn(result)
		return errors.Join(err, answer(r.stdout, func(w io.Writer) error { return r.print(w, result) }))
	}
	if more, err := r.kept.end(r.output, err); !more {
		return err
	}
	if err := r.draw(r.output, func(look report.Look) ([]report.Chart, error) { return report.Charts(result, version, look) }); err != nil {
		return err
	}
	r.warn(result)
	return answer(r.stdout, func(w io.Writer) error { return r.print(w, result) })
}

func (r *runConfig) print(w io.Writer, result *study.Result) error {
	switch {
	case r.json:
		return report.JSON(w, result, version)
	case r.csv:
		return report.CSV(w, result)
	}
	return report.Text(w, result, report.Style{Colour: wantsColour(r.stdout), Wide: r.wide, Version: version})
}

// warn tells what the user should know about the numbers.
func (r *runConfig) warn(result *study.Result) {
	for _, text := range result.Warnings {
		r.note("warning: " + text)
	}
	for _, text := range report.SharedWarnings(result) {
		r.note("warning: " + text)
	}
}
