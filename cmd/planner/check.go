package main

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "a gate for CI: exit code 3 unless every design meets its objective",
		ArgsUsage: "FILE",
		Description: "Prints one line a design. What the storms asked for cannot decide is not met.\n\n" +
			"Examples:\n" +
			"  planner check scenario.yaml\n" +
			"  planner check scenario.yaml --require 'p99 < 2h' --require 'breach <= 0.5%'\n" +
			"  planner check scenario.yaml --require 'breaches_per_year < 0.1' --set 'year={zone_failures: 0.1/yr}'",
		Flags: flagGroups([]cli.Flag{
			&cli.StringSliceFlag{Name: "require", Usage: "a bound beside the file's objective, `'METRIC < VALUE'` (or <=), of " + strings.Join(sweepMetrics, ", ")},
			jsonFlag(), csvFlag(), quietFlag(),
		}, whatIfFlags(), chanceFlags(), precisionFlags(), []cli.Flag{methodFlag(), allowOutsideFlag(), checkpointFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newCheckConfig) },
	}
}

type checkConfig struct {
	question
	output
	require []study.Requirement
}

func newCheckConfig(c *cli.Context) (*checkConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	k := &checkConfig{question: q, output: newOutput(c)}
	errs := []error{k.check(), checkPrecision(k.precision, k.method)}
	for _, text := range c.StringSlice("require") {
		r, err := parseRequirement(text)
		k.require, errs = append(k.require, r), append(errs, err)
	}
	return k, errors.Join(errs...)
}

var requirementForm = regexp.MustCompile(`^\s*(\S+?)\s*(<=|<)\s*(.+?)\s*$`)

// parseRequirement reads 'p99 < 2h' and the like, each metric in its unit.
func parseRequirement(text string) (study.Requirement, error) {
	m := requirementForm.FindStringSubmatch(text)
	if m == nil {
		return study.Requirement{}, usageErrorf("as in --require 'p99 < 2h'", "--require %q is not METRIC < VALUE", text)
	}
	metric := study.Metric(m[1])
	if !slices.Contains(sweepMetrics, m[1]) {
		return study.Requirement{}, usageErrorf(scenario.DidYouMean(m[1], sweepMetrics), "--require %q: there is no metric %s, allowed are %s",
			text, m[1], strings.Join(sweepMetrics, ", "))
	}
	quantity := scenario.Number(0, 1e15)
	switch {
	case metric.Seconds():
		quantity = scenario.Duration(0, 1e10)
	case metric.Share():
		quantity = scenario.Share(0, 1)
	}
	limit, fault := quantity.Read(m[3], scenario.Place{File: "--require " + text}, m[1])
	if fault != nil {
		return study.Requirement{}, scenario.Faults{*fault}
	}
	return study.Requirement{Metric: metric, Limit: limit, OrEqual: m[2] == "<=", Text: strings.TrimSpace(text)}, nil
}

// Run prints a line a design and fails with exitMissed if one misses.
func (k *checkConfig) Run(ctx context.Context) error {
	asked, err := k.load(ctx, k.output)
	if err != nil {
		return err
	}
	options, done := k.options(k.output)
	designs, err := study.Check(ctx, asked, k.require, options)
	done()
	more, err := k.kept.end(k.output, err)
	broken := k.partial(len(designs) > 0, err)
	if !more && !broken {
		return err
	}
	for _, text := range asked.Warnings {
		k.note("warning: " + text)
	}
	err = errors.Join(err, answer(k.stdout, func(w io.Writer) error {
		switch {
		case k.json:
			return report.CheckJSON(w, asked.Name, k.seed, designs, broken, version)
		case k.csv:
			return report.CheckCSV(w, designs)
		}
		return report.CheckText(w, designs, asked.Objective, broken, report.Style{Colour: wantsColour(k.stdout), Version: version})
	}))
	if err != nil {
		return err
	}
	for _, d := range designs {
		if len(d.Failures) > 0 {
			return errMissed
		}
	}
	return nil
}
