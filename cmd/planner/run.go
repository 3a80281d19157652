package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"

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
			"  planner run testdata/scenarios/us-east-1-2012.yaml --set region.zones=6 --charts charts\n" +
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
	charts string // directory, empty for none
	format string
	force  bool
}

func newRunConfig(c *cli.Context) (*runConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	r := &runConfig{question: q, output: newOutput(c), charts: c.Path("charts"), format: c.String("format"), force: c.Bool("force")}
	return r, firstError(r.output.check(), oneOf("format", r.format, "png", "svg", "pdf"),
		needs(c, "format", "charts"), needs(c, "force", "charts"))
}

// Run answers the question and writes the charts, in this order: a fault
// anywhere leaves nothing written.
func (r *runConfig) Run(ctx context.Context) error {
	if r.charts != "" {
		if err := refuseExisting(r.force, r.chartPaths()...); err != nil {
			return err
		}
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
	if err := r.draw(result); err != nil {
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

func (r *runConfig) chartPaths() []string {
	names := report.ChartNames(r.format)
	for i := range names {
		names[i] = filepath.Join(r.charts, names[i])
	}
	return names
}

func (r *runConfig) draw(result *study.Result) error {
	if r.charts == "" {
		return nil
	}
	charts, err := report.Charts(result, version, r.format)
	if err != nil {
		return err
	}
	var files []outputFile
	for _, c := range charts {
		files = append(files, outputFile{filepath.Join(r.charts, c.Name), c.Data})
	}
	if err := writeFiles(r.force, files...); err != nil {
		return err
	}
	for _, f := range files {
		r.note("wrote " + f.path)
	}
	return nil
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
