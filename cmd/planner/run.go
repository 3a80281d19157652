package main

import (
	"context"
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
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
			"  planner run testdata/scenarios/us-east-1-2012.yaml --design 'lane per zone' --json\n" +
			"  planner run testdata/scenarios/us-east-1-2012.yaml --design 'lane per zone' --replications 1000 --csv --wide\n" +
			"  planner run testdata/scenarios/us-east-1-2012.yaml --design 'static stability' --uncertainty",
		Flags: flagGroups(answerFlags(), whatIfFlags(), chanceFlags(), precisionFlags(), []cli.Flag{methodFlag(), allowOutsideFlag()}, chartFlags(),
			[]cli.Flag{checkpointFlag(), shardFlag(), uncertaintyFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newRunConfig) },
	}
}

// runConfig is what planner run was asked for.
type runConfig struct {
	question
	output
	charting
	unsure bool // tell chance from ignorance
}

func newRunConfig(c *cli.Context) (*runConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	r := &runConfig{question: q, output: newOutput(c), charting: newCharting(c), unsure: c.Bool("uncertainty")}
	if r.unsure && c.IsSet("shard") {
		return nil, usageErrorf("leave out one of them", "--uncertainty and --shard exclude each other")
	}
	return r, firstError(r.output.checkWide(), r.charting.check(c))
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
	if err == nil && r.unsure {
		err = r.ignorance(ctx, result)
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

func uncertaintyFlag() cli.Flag {
	return &cli.BoolFlag{Name: "uncertainty", DisableDefaultText: true,
		Usage: "draw the file's uncertain numbers too, and tell chance from ignorance; else they are at their middle"}
}

// ignorance adds what not knowing a design's inputs means for it.
func (r *runConfig) ignorance(ctx context.Context, result *study.Result) error {
	f, err := r.open()
	if err != nil {
		return err
	}
	designs := make([]*study.Answer, len(result.Designs))
	for i := range designs {
		designs[i] = &result.Designs[i]
	}
	some, err := r.overRanges(ctx, r.output, f, designs)
	if err == nil && !some {
		r.note("warning: --uncertainty has nothing to draw: no number that drain times depend on is a range")
	}
	return err
}

// overRanges draws the inputs of designs and adds what not knowing them means,
// and tells whether there is anything to draw.
func (q *question) overRanges(ctx context.Context, o output, f *scenario.File, designs []*study.Answer) (some bool, err error) {
	unknowns := make([]study.Unknown, len(designs))
	for i, a := range designs {
		one := *q
		one.design = a.Name
		if unknowns[i], _, err = one.known(f); err != nil {
			return false, err
		}
		some = some || len(unknowns[i].Inputs) > 0
	}
	if !some {
		return false, nil
	}
	options, done := q.options(o)
	all, err := study.DrawInputs(ctx, unknowns, options)
	done()
	for i := range all {
		designs[i].Ignorance = all[i]
	}
	return true, err
}

func (r *runConfig) print(w io.Writer, result *study.Result) error {
	switch {
	case r.json:
		return report.JSON(w, result, version)
	case r.csv && r.wide:
		return report.StreamsCSV(w, result)
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
