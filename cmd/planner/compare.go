package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

// compareMetrics are those by which a best design can be chosen.
var compareMetrics = []string{"p50", "p90", "p99", "breach", "breaches_per_year", "cost"}

func compareCommand() *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "designs against each other on the same storms: which is best, how sure, and what it costs",
		ArgsUsage: "FILE",
		Description: "Prints the differences of every two designs with their intervals. Storms are added until the best\n" +
			"design is decided, up to --replications; with --precision until --of is known so well of every\n" +
			"design, whether the best is decided sooner, then, or not.\n\n" +
			"Examples:\n" +
			"  planner compare testdata/scenarios/us-east-1-2012.yaml\n" +
			"  planner compare scenario.yaml --metric breach --design 'as it is' --design 'lane per zone'\n" +
			"  planner compare scenario.yaml --charts charts --csv\n" +
			"  planner compare scenario.yaml --method simulate --precision 2% --of p99",
		Flags: flagGroups([]cli.Flag{
			&cli.StringFlag{Name: "metric", Value: "p99", Usage: "the best design has the least of `" + strings.Join(compareMetrics, "|") + "`"},
			&cli.StringSliceFlag{Name: "design", Usage: "only the designs of these `NAME`s; repeat it"},
			&cli.StringSliceFlag{Name: "set", Usage: "a what-if, `KEY=VALUE`: any key of the file by its dotted path; may be repeated"},
			jsonFlag(), csvFlag(), quietFlag(),
		}, chanceFlags(), precisionFlagsOf("a million at most, or 10^9 requests one by one"),
			[]cli.Flag{methodFlag(), allowOutsideFlag()}, chartFlags(), []cli.Flag{checkpointFlag(), shardFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newCompareConfig) },
	}
}

type compareConfig struct {
	question
	output
	charting
	metric study.Metric
}

func newCompareConfig(c *cli.Context) (*compareConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	q.design, q.only = "", c.StringSlice("design")
	k := &compareConfig{question: q, output: newOutput(c), charting: newCharting(c), metric: study.Metric(c.String("metric"))}
	if err := firstError(k.output.check(), k.charting.check(c), checkPrecision(k.precision, k.method), oneOf("metric", string(k.metric), compareMetrics...)); err != nil {
		return nil, err
	}
	if len(k.only) == 1 {
		return nil, usageErrorf("name another, or none for all", "planner compare takes at least two designs and --design names one")
	}
	return k, nil
}

// Run compares the designs and writes the charts, in this order: a fault
// anywhere leaves nothing written.
func (k *compareConfig) Run(ctx context.Context) error {
	if err := k.refuseExisting(report.CompareChartNames(k.format)); err != nil {
		return err
	}
	asked, err := k.load(ctx, k.output)
	if err != nil {
		return err
	}
	options, done := k.options(k.output)
	result, err := study.Compare(ctx, asked, k.metric, options)
	done()
	if errors.Is(err, study.ErrOneDesign) {
		return usageErrorf("add designs: as in designs: {as it is: {}, more servers: {control_plane.servers: 16}}", "planner compare takes at least two designs and %s has one", k.file)
	}
	more, err := k.kept.end(k.output, err)
	if !more && !k.partial(result != nil, err) {
		return err
	}
	if more {
		if err := k.draw(k.output, func(look report.Look) ([]report.Chart, error) { return report.CompareCharts(result, version, look) }); err != nil {
			return err
		}
		if k.charts != "" && result.FrontierBy != "cost" {
			k.note("no chart of cost against risk: the file has no cost:")
		}
	}
	for _, text := range slices.Concat(result.Warnings, report.SharedWarnings(&result.Result)) {
		k.note("warning: " + text)
	}
	return errors.Join(err, answer(k.stdout, func(w io.Writer) error { return k.print(w, result) }))
}

func (k *compareConfig) print(w io.Writer, result *study.Comparison) error {
	switch {
	case k.json:
		return report.CompareJSON(w, result, version)
	case k.csv:
		return report.CompareCSV(w, result)
	}
	return report.CompareText(w, result, report.Style{Colour: wantsColour(k.stdout), Version: version})
}

// chosen are the designs of these names, in the order of the file; all of
// them without names.
func chosen(designs []study.Design, names []string) ([]study.Design, error) {
	if len(names) == 0 {
		return designs, nil
	}
	var all []string
	for _, d := range designs {
		all = append(all, d.Name)
	}
	var faults scenario.Faults
	for i, name := range names {
		fault := scenario.Fault{Place: scenario.Place{File: "--design"}}
		switch {
		case !slices.Contains(all, name):
			fault.Problem, fault.Allowed, fault.Hint = "there is no design "+name, "allowed is "+strings.Join(all, ", "), scenario.DidYouMean(name, all)
		case slices.Contains(names[:i], name):
			fault.Problem, fault.Allowed = name+" is given twice", "allowed is each design once"
		default:
			continue
		}
		faults = append(faults, fault)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return slices.DeleteFunc(slices.Clone(designs), func(d study.Design) bool { return !slices.Contains(names, d.Name) }), nil
}
